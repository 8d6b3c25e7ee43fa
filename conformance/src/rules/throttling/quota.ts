import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const quota: Rule = {
  id: "T/quota",
  level: "MUST",
  needs: ["writes", "quota"],
  promise: "an allowance of the day that is spent is told as QuotaExhausted, and the vendor is not asked on and on",
  hazards: [Hazard.lines("the vendor refused for the day", ({ status = 0 }) => status === 429 || status === 403)],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        need(bench.quota, "quota").spend()
        const before = twin.journal.count()
        const outcomes = yield* port.upsert([party.write(1), party.write(2)])
        witness.equal(Outcomes.reasons(outcomes), ["QuotaExhausted", "QuotaExhausted"], "reasons")
        yield* port.upsert([party.write(3)])
        const asked = twin.journal.count() - before
        witness.holds(asked <= 2, `${asked} requests after the allowance was spent`)
        witness.equal(party.records(), [], "the world")
      }),
    ),
}
