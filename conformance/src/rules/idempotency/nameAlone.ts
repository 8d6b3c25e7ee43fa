import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

export const nameAlone: Rule = {
  id: "I/name-alone",
  level: "MUST",
  needs: ["adoption"],
  promise: "a name alone decides nothing: a record of the same name and another natural key is left alone",
  hazards: [
    Hazard.calls(
      "a record without a key of ours had the name, and another natural key",
      ({ records: [one], standing: [there, ...more] }, { stage: { party } }) => {
        const fields = one?.fields as { readonly [field: string]: unknown } | undefined
        if (one?.adoptBy === undefined || there === undefined || more.length > 0) return false
        return there.key === undefined && there.name === fields?.["name"] && there.natural !== fields?.[party.natural]
      },
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const [there] = party.enter(1, 1)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const before = party.records()
        const fields = { name: before[0]?.name, [party.natural]: party.naturalOf(2) }
        const write = { ...party.write(2, fields), adoptBy: [party.natural as never] }
        const [outcome] = yield* port.upsert([write])
        witness.equal(outcome?._tag === "Created" || outcome?._tag === "Written", true, "one was made")
        const after = party.records()
        witness.equal(
          after.filter(({ id }) => id === there),
          before,
          "the one that was there",
        )
        witness.equal(
          after.filter(({ id }) => id !== there).map(({ key, natural }) => [key, natural]),
          [[write.key, party.naturalOf(2)]],
          "the one that was made",
        )
      }),
    ),
}
