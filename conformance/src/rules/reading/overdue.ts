import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"
import { portOf } from "../../kit/Subject.ts"

const DAY_MILLIS = 86_400_000

export const overdue: Rule = {
  id: "R/overdue",
  level: "MUST",
  needs: ["reads", "overdue"],
  promise: "an invoice that becomes overdue at midnight is delivered as overdue, once, though nobody touched it",
  hazards: [
    Hazard.calls(
      "an invoice was delivered before it fell due",
      ({ delivered, entity }, { stage }) =>
        entity === stage.overdue?.entity &&
        delivered.some((change) => change._tag === "Upserted" && stage.overdue?.state(change.record) !== "overdue"),
    ),
    Hazard.make("midnight passed", ({ lines }) => {
      const days = lines.map(({ at }) => Math.floor(at / DAY_MILLIS))
      return Math.max(...days) - Math.min(...days)
    }),
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { clock } = bench
        const probe = need(bench.overdue, "overdue")
        const today = new Date(clock.now()).toISOString().slice(0, 10)
        const id = probe.enter(today)
        const port = portOf(yield* bench.connect(), probe.entity)
        yield* bench.catchUp
        const ledger = new Ledger()
        yield* readOn(port, ledger)
        const states = () =>
          ledger.changes.flatMap((change) =>
            change._tag === "Upserted" && change.id === id ? [probe.state(change.record)] : [],
          )
        witness.equal(states().length, 1, "times it was delivered before midnight")
        witness.holds(states()[0] !== "overdue", "it was overdue before midnight")
        yield* Effect.sleep("2 days")
        yield* readOn(port, ledger)
        witness.equal(states().slice(1), ["overdue"], "states delivered after midnight")
        yield* Effect.sleep("1 hour")
        yield* readOn(port, ledger)
        witness.equal(states().length, 2, "times it was delivered in all")
      }),
    ),
}
