import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const adoptOne: Rule = {
  id: "I/adopt",
  level: "MUST",
  needs: ["adoption"],
  promise: "a record that was there before is adopted by its natural key: it gets our key, and no other is made",
  hazards: [
    Hazard.calls(
      "one record without a key of ours had the natural key",
      ({ records, standing }) =>
        records.some(({ adoptBy }) => adoptBy !== undefined) &&
        standing.filter(({ key }) => key === undefined).length === 1,
    ),
  ],
  assertions: 2,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const [there] = party.enter(1, 1)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const write = { ...party.write(1), adoptBy: [party.natural as never] }
        const outcomes = yield* port.upsert([write])
        witness.equal(Outcomes.ids(outcomes), [there], "id of the outcome")
        witness.equal(
          party.records().map(({ id, key, name }) => [id, key, name]),
          [[there, write.key, "Party 1"]],
          "the world",
        )
      }),
    ),
}
