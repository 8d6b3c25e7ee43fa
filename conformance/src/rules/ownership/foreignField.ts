import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const foreignField: Rule = {
  id: "O/foreign-field",
  level: "MUST",
  needs: ["writes"],
  promise: "a write of a field that the writer does not own is refused by name, and no request is sent",
  hazards: [
    Hazard.make(
      "the record that was not to be touched stood in the world",
      ({ stage }) => stage.party.records().length,
    ),
  ],
  assertions: 5,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, subject, twin } = bench
        const port = party.port(yield* bench.connect())
        yield* port.upsert([party.write(1)])
        yield* bench.catchUp
        const before = party.records()
        const asked = twin.journal.count()
        const writer = subject.side === "crm" ? "erp" : "crm"
        const outcomes = yield* bench.guarded(port, writer).upsert([party.write(1, { name: "Not yours" })])
        witness.equal(Outcomes.reasons(outcomes), ["OwnershipViolation"], "reason")
        const [outcome] = outcomes
        const reason = outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined
        const violation = reason?._tag === "OwnershipViolation" ? reason : undefined
        witness.equal(violation?.field, "name", "the field that is named")
        witness.equal(violation?.owner, subject.side, "the owner that is named")
        witness.equal(twin.journal.count(), asked, "requests")
        witness.equal(party.records(), before, "the world")
      }),
    ),
}
