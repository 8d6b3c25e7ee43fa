import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const adoptAmbiguous: Rule = {
  id: "I/adopt-ambiguous",
  level: "MUST",
  needs: ["adoption"],
  promise: "where several records have the natural key, none is touched, none is made, and all are named",
  hazards: [
    Hazard.calls("several records without a key of ours had one natural key", ({ standing }) => {
      const free = standing.filter(({ key }) => key === undefined).map(({ natural }) => natural)
      return new Set(free).size < free.length
    }),
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const there = party.enter(1, 2, party.naturalOf(1))
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const before = party.records()
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
