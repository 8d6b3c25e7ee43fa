import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"

export const deletions: Rule = {
  id: "R/deletions",
  level: "MUST",
  needs: ["reads", "deletions"],
  promise: "a record that people deleted is told as deleted, once, and the others are not",
  hazards: [
    Hazard.make("a record that was read is not there any more", ({ calls, stage }) => {
      const there = new Set(stage.party.records().map(({ id }) => id))
      return calls
        .flatMap(({ delivered }) => delivered)
        .filter((change) => change._tag === "Upserted" && !there.has(change.id)).length
    }),
  ],
  assertions: 2,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const remove = need(party.remove, "deletions")
        const [, gone = ""] = party.enter(1, 4)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const ledger = new Ledger()
        yield* readOn(port, ledger)
        remove(gone)
        yield* bench.catchUp
        yield* readOn(port, ledger)
        yield* Effect.sleep("1 hour")
        yield* readOn(port, ledger)
        const told = ledger.changes.flatMap((change) => (change._tag === "Deleted" ? [change.id] : []))
        witness.equal(told, [gone], "records told as deleted")
        witness.equal(ledger.ids.length, 4, "records delivered")
      }),
    ),
}
