import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const adoptTaken: Rule = {
  id: "I/adopt-taken",
  level: "MUST",
  needs: ["adoption"],
  promise:
    "a record that carries another key of ours is not adopted by a natural key: nothing is written, and it is named",
  hazards: [
    Hazard.calls(
      "the one match carried another key of ours",
      ({ keys, records, standing }) =>
        records.some(({ adoptBy }) => adoptBy !== undefined) &&
        standing.some(({ key }) => key !== undefined && !keys.includes(key)),
    ),
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        const natural = { [party.natural]: party.naturalOf(1) }
        const [first] = yield* port.upsert([party.write(1, { name: "Party 1", ...natural })])
        yield* bench.catchUp
        const before = party.records()
        const changed = twin.journal.writes().length
        const other = party.write(2, { name: "Party 2", ...natural })
        const [outcome] = yield* port.upsert([{ ...other, adoptBy: [party.natural as never] }])
        witness.equal(Outcomes.reasons(outcome === undefined ? [] : [outcome]), ["Ambiguous"], "reason")
        const reason = outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined
        const named = reason?._tag === "Ambiguous" ? reason.candidates.map(({ id }) => id) : []
        witness.equal(named, Outcomes.ids(first === undefined ? [] : [first]), "candidates")
        witness.equal(party.records(), before, "the world")
        witness.equal(twin.journal.writes().length, changed, "requests that changed something")
      }),
    ),
}
