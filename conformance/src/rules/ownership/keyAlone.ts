import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const keyAlone: Rule = {
  id: "O/key-alone",
  level: "MUST",
  needs: ["adoption", "carrier"],
  promise: "our key is written into an adopted record, and the owner's fields beside it are left as they are",
  hazards: [
    Hazard.calls(
      "a record without a key of ours was adopted",
      ({ outcomes = [], records, standing }) =>
        records.some(({ adoptBy }) => adoptBy !== undefined) &&
        outcomes.some(
          (outcome) => "id" in outcome && standing.some(({ id, key }) => id === outcome.id && key === undefined),
        ),
    ),
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const [there] = party.enter(1, 1)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const [before] = party.records()
        const asked = twin.journal.count()
        const key = party.write(1).key
        const natural = { [party.natural]: party.naturalOf(1) }
        const outcomes = yield* port.upsert([{ key, fields: natural, adoptBy: [party.natural as never] }])
        witness.equal(Outcomes.ids(outcomes), [there], "id of the outcome")
        witness.equal(party.records(), [{ ...before, key }], "the world")
        const sent = twin.journal.where(({ index }) => index > asked).flatMap((line) => party.sent(line) ?? [])
        witness.holds(sent.length === 1, `${sent.length} records were sent`)
        witness.holds(!sent.flat().includes(party.wire.name), "the owner's name was sent")
      }),
    ),
}
