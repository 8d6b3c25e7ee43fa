import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const refusedForGood: Rule = {
  id: "A/refused-for-good",
  level: "MUST",
  needs: ["writes", "oauth"],
  promise: "a vendor that refuses every token is asked once more after one refresh, and then it is Unauthorized",
  hazards: [Hazard.served(401)],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect({ oauth: true }))
        yield* look(port, party.write(1))
        const before = twin.journal.count()
        twin.faults.deal({
          at: (request) => !bench.isToken(request),
          fault: { kind: "unauthorized" },
          times: Number.POSITIVE_INFINITY,
        })
        const outcomes = yield* port.upsert([party.write(1)])
        const mine = twin.journal.where(({ index }) => index > before)
        witness.equal(Outcomes.reasons(outcomes), ["Unauthorized"], "reason")
        witness.holds(mine.filter(({ status }) => status === 401).length <= 2, "it was asked more than twice")
        witness.holds(mine.filter(bench.isToken).length <= 1, "more than one refresh was made")
        witness.equal(party.records(), [], "the world")
      }),
    ),
}
