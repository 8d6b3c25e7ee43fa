import * as Ownership from "@mortise/core/Ownership"
import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

/** Knows another entity, and nothing of the party. */
const ELSEWHERE = Ownership.table({
  entities: { Nothing: { create: ["crm"], update: ["crm"], retire: [], rest: "crm", fields: {} } },
  deny: { entities: [], fields: {} },
})

export const noTable: Rule = {
  id: "O/no-table",
  level: "MUST",
  needs: ["writes"],
  promise: "a record of an entity that the table does not name is not written, and nothing is asked",
  hazards: [
    Hazard.make("ports of the entity were there to be written", ({ calls, processes }) =>
      calls.length === 0 ? processes : 0,
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        const asked = twin.journal.count()
        for (const writer of ["crm", "erp", "integration"] as const) {
          const outcomes = yield* bench.guarded(port, writer, ELSEWHERE).upsert([party.write(1)])
          witness.equal(Outcomes.reasons(outcomes), ["OwnershipViolation"], `reason, for ${writer}`)
        }
        witness.equal(twin.journal.count(), asked, "requests")
        witness.equal(party.records(), [], "the world")
      }),
    ),
}
