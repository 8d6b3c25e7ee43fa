import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const idBeatsKey: Rule = {
  id: "I/id-beats-key",
  level: "MUST",
  needs: ["writes"],
  promise: "a write that names the record by its id reaches that record, though it carries no key of ours yet",
  hazards: [
    Hazard.calls("a record without a key of ours was written by its id", ({ records, standing }) =>
      records.some(({ id }) => id !== undefined && standing.some((one) => one.id === id && one.key === undefined)),
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const [there = "", other = ""] = party.enter(1, 2)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const untouched = party.records().find(({ id }) => id === other)
        const outcomes = yield* port.upsert([{ ...party.write(1, { name: "By its id" }), id: there }])
        witness.equal(Outcomes.ids(outcomes), [there], "id of the outcome")
        witness.equal(
          party.records().map(({ id, name }) => [id, id === there ? name : undefined]),
          [
            [there, "By its id"],
            [other, undefined],
          ].sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
          "records in the world",
        )
        witness.equal(
          party.records().find(({ id }) => id === other),
          untouched,
          "the other record",
        )
      }),
    ),
}
