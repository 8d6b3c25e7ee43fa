import * as Effect from "effect/Effect"
import * as Outcomes from "../Outcomes.ts"
import type { Rule } from "../Rule.ts"

export const adoptAmbiguous: Rule = {
  id: "I/adopt-ambiguous",
  level: "MUST",
  promise: "where several records have the natural key, none is touched, none is made, and all are named",
  hazard: "two records without a key of ours had the same natural key",
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const there = party.enter(1, 2, party.naturalOf(1))
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const before = party.records()
        witness.saw("matches", before.filter(({ natural }) => natural === party.naturalOf(1)).length >= 2 ? 2 : 0)
        const changed = twin.journal.writes().length
        const [outcome] = yield* port.upsert([{ ...party.write(1), adoptBy: [party.natural as never] }])
        witness.equal(outcome === undefined ? [] : Outcomes.reasons([outcome]), ["Ambiguous"], "reason")
        const reason = outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined
        const named = reason?._tag === "Ambiguous" ? reason.candidates.map(({ id }) => id).sort() : []
        witness.equal(named, [...there].sort(), "candidates")
        witness.equal(party.records(), before, "the world")
        witness.equal(twin.journal.writes().length, changed, "requests that changed something")
      }),
    ),
}
