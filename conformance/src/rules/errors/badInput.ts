import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

const LONG = "x".repeat(10_000)

export const badInput: Rule = {
  id: "E/bad-input",
  level: "MUST",
  needs: ["writes"],
  promise:
    "input that no vendor could take is refused by name before any request, and what stands beside it is written",
  hazards: [
    Hazard.calls(
      "an empty and an endless key were written",
      ({ keys, method }) => method === "upsert" && keys.includes("") && keys.some((key) => key.length === LONG.length),
    ),
  ],
  assertions: 6,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const records = [
          { ...party.write(1), key: "" },
          { ...party.write(2), key: LONG },
          party.write(3, { name: 42 }),
          party.write(4, { name: "Party 4", noSuchField: "x" }),
          party.write(5),
        ]
        const outcomes = yield* port.upsert(records)
        witness.equal(Outcomes.reasons(outcomes), ["Invalid", "Invalid", "Invalid", "Invalid", undefined], "reasons")
        for (const outcome of outcomes.slice(0, 4)) {
          const message = "error" in outcome ? outcome.error.message : ""
          witness.holds(message.length > 0 && message.length < 2_000, `a message of ${message.length} characters`)
        }
        witness.equal(
          party.records().map(({ key }) => key),
          [party.write(5).key],
          "keys in the world",
        )
      }),
    ),
}
