import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

/** More than a connector sends at once, so that the last of them is sent long after it was looked for. */
const MANY = Array.from({ length: 20 }, (_, index) => index + 2)

export const twoCallers: Rule = {
  id: "I/two-callers",
  level: "MUST",
  needs: ["writes"],
  promise: "two programs on one store that write one key at the same moment make one record",
  hazards: [Hazard.overlapping],
  assertions: 5,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const [one, other] = [party.port(yield* bench.connect()), party.port(yield* bench.connect())]
        const both = [one.upsert([party.write(1)]), other.upsert([party.write(1)])]
        const outcomes = yield* Effect.all(both, { concurrency: "unbounded" })
        witness.equal(
          party.records().map(({ key }) => key),
          [party.write(1).key],
          "keys in the world",
        )
        for (const { _tag } of outcomes.flat()) witness.holds(_tag !== "Rejected", "one of them was rejected")
        // Whoever writes many looks for all of them first: meanwhile the other one makes the last of them.
        const many = MANY.map((n) => party.write(n))
        const late = [one.upsert(many), other.upsert(many.slice(-1))]
        const more = yield* Effect.all(late, { concurrency: "unbounded" })
        witness.sameMultiset(
          party.records().flatMap(({ key }) => key ?? []),
          [1, ...MANY].map((n) => party.write(n).key),
          "keys in the world, once one of many was another's too",
        )
        witness.equal(
          more.flat().filter(({ _tag }) => _tag === "Rejected"),
          [],
          "what was rejected of them",
        )
      }),
    ),
}
