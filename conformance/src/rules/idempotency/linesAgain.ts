import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"
import { portOf } from "../../kit/Subject.ts"

const LINES = [
  { key: "a", product: "BOLT", quantity: "3" },
  { key: "b", product: "NUT", quantity: "4" },
]

export const linesAgain: Rule = {
  id: "I/lines-again",
  level: "MUST",
  needs: ["writes", "lines"],
  promise: "a document that is written again has the lines that it had: none doubled, none merged",
  hazards: [
    Hazard.calls(
      "a document with lines was written that was there",
      (call, evidence) =>
        call.entity === evidence.stage.lined?.entity &&
        call.outcomes?.some(({ _tag }) => _tag === "Unchanged") === true,
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const lined = need(bench.lined, "lines")
        yield* lined.enter
        const port = portOf(yield* bench.connect(), lined.entity)
        const first = yield* port.upsert([lined.write(1, LINES)])
        yield* bench.catchUp
        const again = yield* port.upsert([lined.write(1, LINES)])
        witness.equal(Outcomes.tags(again), ["Unchanged"], "outcome of the repetition")
        witness.equal(Outcomes.ids(again), Outcomes.ids(first), "id of the repetition")
        witness.sameMultiset(
          lined.records().flatMap(({ lines }) => lines),
          LINES.map(({ product, quantity }) => ({ product, quantity })),
          "lines in the world",
        )
      }),
    ),
}
