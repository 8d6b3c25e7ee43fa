import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const sameKeyTwice: Rule = {
  id: "I/same-key-twice",
  level: "MUST",
  needs: ["writes"],
  promise: "a key that comes twice in one call is one record, with what came later over what came before",
  hazards: [
    Hazard.calls("one call held a key twice", ({ keys }) => new Set(keys).size < keys.length),
    Hazard.lines("writes that were sent", (line, { stage }) => stage.isWrite(line)),
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const records = [
          party.write(1, { name: "First", phone: "+49 30 1" }),
          party.write(2),
          party.write(1, { name: "Second" }),
        ]
        const outcomes = yield* port.upsert(records)
        witness.equal(outcomes.length, 3, "outcomes")
        const [one, , other] = Outcomes.ids(outcomes)
        witness.equal(other, one, "ids of the two")
        const standing = party.records().filter(({ key }) => key === records[0]?.key)
        witness.equal(
          standing.map(({ name, phone }) => [name, phone]),
          [["Second", "+49 30 1"]],
          "the one record",
        )
        witness.equal(party.records().length, 2, "records in the world")
      }),
    ),
}
