import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const existingOnly: Rule = {
  id: "I/existing-only",
  level: "MUST",
  needs: ["writes"],
  promise: "a write that may not create changes what is there, and tells of what is not there without making it",
  hazards: [
    Hazard.calls("a write that may not create met a key that was not there", ({ records, standing }) =>
      records.some(({ create, key }) => create === false && !standing.some((one) => one.key === key)),
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        yield* port.upsert([party.write(1)])
        yield* bench.catchUp
        const outcomes = yield* port.upsert([
          { ...party.write(1, { name: "Changed" }), create: false },
          { ...party.write(2), create: false },
        ])
        witness.equal(
          Outcomes.tags(outcomes).map((tag) => (tag === "Written" ? "Updated" : tag)),
          ["Updated", "Rejected"],
          "outcomes",
        )
        witness.equal(Outcomes.reasons(outcomes)[1], "NotFound", "reason")
        witness.equal(
          party.records().map(({ key, name }) => [key, name]),
          [[party.write(1).key, "Changed"]],
          "the world",
        )
      }),
    ),
}
