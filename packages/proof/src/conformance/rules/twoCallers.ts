import * as Effect from "effect/Effect"
import type { Rule } from "../Rule.ts"

export const twoCallers: Rule = {
  id: "I/two-callers",
  level: "MUST",
  promise: "two programs on one store that write one key at the same moment make one record",
  hazard: "both asked the vendor before either had written",
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const [one, other] = [party.port(yield* bench.connect()), party.port(yield* bench.connect())]
        const before = twin.journal.count()
        const both = [one.upsert([party.write(1)]), other.upsert([party.write(1)])]
        const outcomes = yield* Effect.all(both, { concurrency: "unbounded" })
        const lines = twin.journal.where(({ index }) => index > before)
        const firstWrite = lines.findIndex((line) => line.changed)
        witness.saw("looked before the first write", Math.max(0, firstWrite))
        witness.saw("calls that ended", outcomes.flat().length)
        witness.equal(
          party.records().map(({ key }) => key),
          [party.write(1).key],
          "keys in the world",
        )
        for (const { _tag } of outcomes.flat()) witness.holds(_tag !== "Rejected", "one of them was rejected")
      }),
    ),
}
