import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"

const nameOf = (ledger: Ledger, id: string): unknown =>
  ledger.changes
    .flatMap((change) =>
      change._tag === "Upserted" && change.id === id ? [(change.record as { readonly name?: unknown }).name] : [],
    )
    .at(-1)

export const lateCommit: Rule = {
  id: "R/late-commit",
  level: "MUST",
  needs: ["reads", "lag"],
  promise:
    "an edit that readers see only later than its stamp is not passed over, though younger ones were read before it",
  hazards: [
    Hazard.make("a younger edit was read before the late one was to be seen", ({ calls }) =>
      calls.filter(({ delivered, method }) => method === "changes" && delivered.length > 0).length > 2 ? 1 : 0,
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const editLate = need(party.editLate, "lag")
        const [late = "", young = ""] = party.enter(1, 2)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const ledger = new Ledger()
        yield* readOn(port, ledger)
        editLate(late, { name: "Late" })
        yield* Effect.sleep("1 millis")
        party.edit(young, { name: "Young" })
        // Often enough to read the younger one while the late one is still out of sight.
        for (let poll = 0; poll < 8; poll++) {
          yield* Effect.sleep("2 seconds")
          yield* readOn(port, ledger)
        }
        yield* bench.catchUp
        yield* readOn(port, ledger)
        witness.equal(nameOf(ledger, young), "Young", "the younger edit")
        witness.equal(nameOf(ledger, late), "Late", "the late edit")
        witness.equal(ledger.twice, [], "versions that came twice")
      }),
    ),
}
