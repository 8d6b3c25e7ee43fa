import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const notFound: Rule = {
  id: "E/not-found",
  level: "MUST",
  needs: ["writes"],
  promise: "an id that is not there is absent from what is read, and a write to it is NotFound and makes nothing",
  hazards: [
    Hazard.calls(
      "a record was asked for that is not there",
      ({ keys, method }) => method === "get" && keys.includes("987654321"),
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const [id = ""] = party.enter(1, 1)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const found = yield* port.get([id, "987654321"])
        witness.equal([...found.keys()], [id], "what was read")
        const outcomes = yield* port.upsert([{ id: "987654321", fields: { name: "Nobody" } }])
        witness.equal(Outcomes.reasons(outcomes), ["NotFound"], "reason")
        witness.equal(party.records().length, 1, "records in the world")
      }),
    ),
}
