import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const staleRevision: Rule = {
  id: "O/stale-revision",
  level: "MUST",
  needs: ["writes", "revisions"],
  promise:
    "a write that asks for the revision it has read is a conflict when somebody else was quicker, and writes nothing",
  hazards: [
    Hazard.calls("a write asked for a revision", ({ records }) =>
      records.some(({ ifRevision }) => ifRevision !== undefined),
    ),
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const { key } = party.write(1)
        const [id = ""] = Outcomes.ids(yield* port.upsert([party.write(1)]))
        yield* bench.catchUp
        const read = (yield* port.find([key])).get(key)
        witness.holds(read?.revision !== undefined, "the record that was found carries no revision")
        party.edit(id, { name: "Quicker" })
        yield* bench.catchUp
        const late = { ...party.write(1, { phone: "+49 30 1" }), id, ifRevision: read?.revision ?? "" }
        witness.equal(Outcomes.reasons(yield* port.upsert([late])), ["Conflict"], "reason")
        witness.equal(party.records()[0]?.phone, undefined, "the phone")
        const fresh = (yield* port.find([key])).get(key)
        const again = yield* port.upsert([{ ...late, ifRevision: fresh?.revision ?? "" }])
        witness.equal(Outcomes.reasons(again), [undefined], "reason with the revision of now")
      }),
    ),
}
