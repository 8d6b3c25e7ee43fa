import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"

export const cap: Rule = {
  id: "R/cap",
  level: "MUST",
  needs: ["reads", "cap"],
  promise: "more records than the vendor gives for one question are all delivered, each once",
  hazards: [
    Hazard.make("more records stood in the world than one question gives", ({ stage }) =>
      Math.max(0, stage.party.records().length - (stage.cap?.most ?? Number.POSITIVE_INFINITY)),
    ),
    Hazard.pages,
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const { rows } = need(bench.cap, "cap")
        const ids = party.enter(1, rows)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const ledger = new Ledger()
        yield* readOn(port, ledger, { fields: ["name"] as never })
        witness.equal(ledger.ids.length, rows, "records delivered")
        witness.equal(new Set(ledger.ids).size, rows, "different records delivered")
        witness.sameMultiset(ledger.ids, ids, "ids delivered")
      }),
    ),
}
