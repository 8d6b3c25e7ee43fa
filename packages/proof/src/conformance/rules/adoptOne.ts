import * as Effect from "effect/Effect"
import * as Outcomes from "../Outcomes.ts"
import type { Rule } from "../Rule.ts"

export const adoptOne: Rule = {
  id: "I/adopt",
  level: "MUST",
  promise: "a record that was there before is adopted by its natural key: it gets our key, and no other is made",
  hazard: "exactly one record without a key of ours had the natural key",
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const [there] = party.enter(1, 1)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const same = party.records().filter(({ key, natural }) => key === undefined && natural === party.naturalOf(1))
        witness.saw("one match", same.length === 1 ? 1 : 0)
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
