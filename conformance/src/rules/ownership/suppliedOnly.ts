import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

export const suppliedOnly: Rule = {
  id: "O/supplied-only",
  level: "MUST",
  needs: ["writes"],
  promise: "of the fields on the wire there are only those supplied, and what says which record is meant",
  hazards: [Hazard.rewritten],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        yield* port.upsert([party.write(1, { name: "Before", phone: "+49 30 1", [party.natural]: party.naturalOf(1) })])
        yield* bench.catchUp
        const before = twin.journal.count()
        yield* port.upsert([party.write(1, { name: "After" })])
        const sent = twin.journal
          .where(({ index }) => index > before)
          .flatMap((line) => {
            const allowed = new Set([party.wire.name, ...party.wire.identity, ...(party.identifies?.(line) ?? [])])
            return (party.sent(line) ?? []).map((fields) => ({ allowed, fields }))
          })
        for (const { allowed, fields } of sent) {
          witness.holds(fields.includes(party.wire.name), "the supplied field was not sent")
          witness.equal(
            fields.filter((field) => !allowed.has(field)),
            [],
            "fields beside those supplied",
          )
        }
        const [standing] = party.records()
        witness.equal(
          [standing?.name, standing?.phone, standing?.natural],
          ["After", "+49 30 1", party.naturalOf(1)],
          "the record",
        )
      }),
    ),
}
