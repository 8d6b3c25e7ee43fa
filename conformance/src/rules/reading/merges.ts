import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"

export const merges: Rule = {
  id: "R/merges",
  level: "MUST",
  needs: ["reads", "merges"],
  promise: "a record that people merged into another one is told as merged, with the one that it went into",
  hazards: [
    Hazard.make("records that were read became one", ({ calls, stage }) => {
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
        const [kept = "", gone = ""] = party.enter(1, 3)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const ledger = new Ledger()
        yield* readOn(port, ledger)
        const survivor = need(party.merge, "merges")(kept, gone)
        yield* bench.catchUp
        yield* readOn(port, ledger)
        const told = ledger.changes.flatMap((change) => (change._tag === "Merged" ? [change] : []))
        witness.equal(
          told.map(({ into }) => into),
          [survivor],
          "what was merged into",
        )
        const from = told.flatMap((merged) => merged.from)
        witness.holds(from.includes(gone), `what was merged away is not named: ${from.join()}`)
      }),
    ),
}
