import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const adoptOnce: Rule = {
  id: "I/adopt-once",
  level: "MUST",
  needs: ["adoption"],
  promise:
    "of two keys that one record matches, in one call or in two at once, one adopts it and the other one is told",
  hazards: [
    Hazard.calls(
      "two records of one call had the natural key of a record that was free",
      ({ records, standing }, { stage: { party } }) => {
        const free = new Set(standing.flatMap(({ key, natural }) => (key === undefined ? (natural ?? []) : [])))
        const adopting = records.filter(({ adoptBy, fields }) => {
          const natural = (fields as { readonly [field: string]: unknown } | undefined)?.[party.natural]
          return adoptBy !== undefined && typeof natural === "string" && free.has(natural)
        })
        return adopting.length > 1
      },
    ),
    Hazard.overlapping,
  ],
  assertions: 10,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const [first, second] = [party.enter(1, 1), party.enter(2, 1)].flat()
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const write = (n: number, natural: string) => ({
          ...party.write(n, { name: `Party ${n}`, [party.natural]: natural }),
          adoptBy: [party.natural as never],
        })
        const named = (id: string | undefined) => party.records().find((one) => one.id === id)
        const call = [write(11, party.naturalOf(1)), write(12, party.naturalOf(1))]
        /** Until a write of the call that is under way was applied: by then it has looked for its records. */
        const begun = Effect.suspend(() => {
          const before = twin.journal.writes().length
          const wait = Effect.gen(function* () {
            for (let turn = 0; turn < 10_000 && twin.journal.writes().length === before; turn++) yield* Effect.yieldNow
          })
          return wait
        })
        const race = (from: number, count: number, start: Effect.Effect<void>) =>
          Effect.gen(function* () {
            const [free] = party.enter(from, 1)
            yield* bench.catchUp
            const [one, last] = [write(from + 1, party.naturalOf(from)), write(from + 2, party.naturalOf(from))]
            const others = Array.from({ length: count }, (_, index) => party.write(from + 3 + index))
            const calls = [port.upsert([...others, last]), Effect.andThen(start, port.upsert([one]))]
            const told = (yield* Effect.all(calls, { concurrency: "unbounded" })).flat()
            const isOne = told.at(-1)?._tag === "Updated" || told.at(-1)?._tag === "Written"
            const wanted = [isOne ? one.key : last.key, `Party ${from + (isOne ? 1 : 2)}`]
            witness.equal([named(free)?.key, named(free)?.name], wanted, "what one of two calls adopted, behind others")
            witness.equal(Outcomes.reasons(told).filter(Boolean), ["Ambiguous"], "what was told of the rest")
          })
        const outcomes = yield* port.upsert(call)
        witness.equal(Outcomes.reasons(outcomes), [undefined, "Ambiguous"], "what was told of the two in one call")
        witness.equal([named(first)?.key, named(first)?.name], [call[0]?.key, "Party 11"], "what the first one adopted")
        yield* bench.catchUp
        const both = [write(21, party.naturalOf(2)), write(22, party.naturalOf(2))]
        const calls = both.map((one) => port.upsert([one]))
        const told = (yield* Effect.all(calls, { concurrency: "unbounded" })).flat()
        const adopted = told.findIndex(({ _tag }) => _tag === "Updated" || _tag === "Written")
        witness.holds(adopted >= 0, "neither of two calls adopted the record")
        witness.equal([...Outcomes.reasons(told)].sort(), ["Ambiguous", undefined], "what was told of two calls")
        witness.equal(
          [named(second)?.key, named(second)?.name],
          [both[adopted]?.key, `Party ${21 + adopted}`],
          "what one of two calls adopted",
        )
        witness.equal(party.records().length, 2, "records in the world")
        // Whoever writes many looks for all of them first: meanwhile another key adopts the last of them.
        yield* race(40, 20, Effect.void)
        yield* race(70, 14, begun)
      }),
    ),
}
