import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"
import { portOf } from "../../kit/Subject.ts"

export const unknownItem: Rule = {
  id: "I/unknown-item",
  level: "MUST",
  needs: ["writes", "lines"],
  promise: "a document with one unknown item writes nothing, and the refusal names the line and the item",
  hazards: [
    Hazard.calls("a document was refused for an item that is not there", ({ outcomes = [] }) =>
      outcomes.some((outcome) => outcome._tag === "Rejected" && outcome.error.reason._tag === "MissingReference"),
    ),
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const lined = need(bench.lined, "lines")
        yield* lined.enter
        const port = portOf(yield* bench.connect(), lined.entity)
        const before = bench.census()
        const outcomes = yield* port.upsert([
          lined.write(1, [
            { key: "a", product: "BOLT", quantity: "3" },
            { key: "b", product: "NO-SUCH-ITEM", quantity: "4" },
          ]),
        ])
        witness.equal(Outcomes.reasons(outcomes), ["MissingReference"], "reason")
        const [outcome] = outcomes
        const reason = outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined
        const { field, reference } = reason?._tag === "MissingReference" ? reason : { field: "", reference: "" }
        witness.holds(/lines.*(1|b)/.test(field), `the line is not named: "${field}"`)
        witness.holds(reference.includes("NO-SUCH-ITEM"), `the item is not named: "${reference}"`)
        witness.sameMultiset(bench.census(), before, "the world")
      }),
    ),
}
