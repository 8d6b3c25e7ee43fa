import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

export const refusalNamesField: Rule = {
  id: "E/refusal-explained",
  level: "MUST",
  needs: ["writes"],
  promise: "a record that the vendor refuses is told as Invalid or as what it misses, in words that say what is wrong",
  hazards: [
    Hazard.calls("the vendor refused a record", ({ outcomes = [] }) =>
      outcomes.some(({ _tag }) => _tag === "Rejected"),
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const [outcome] = yield* port.upsert([party.unwelcome(1)])
        const error = outcome !== undefined && "error" in outcome ? outcome.error : undefined
        const tag = error?.reason._tag
        witness.holds(tag === "Invalid" || tag === "MissingReference", `reason ${tag}`)
        witness.holds((error?.reason.message ?? "").length > 10, "the message says nothing")
        witness.holds((error?.operation ?? "") !== "", "the operation is not named")
      }),
    ),
}
