import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const forbidden: Rule = {
  id: "A/forbidden",
  level: "MUST",
  needs: ["writes"],
  promise: "a right that is missing is Forbidden: no token is fetched for it, and the write is not sent again",
  hazards: [Hazard.served(403)],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        yield* look(port, party.write(1))
        const before = twin.journal.count()
        twin.faults.deal({
          at: bench.isWrite,
          fault: { kind: "errorBefore", status: 403 },
          times: Number.POSITIVE_INFINITY,
        })
        const outcomes = yield* port.upsert([party.write(1)])
        const mine = twin.journal.where(({ index }) => index > before)
        witness.equal(Outcomes.reasons(outcomes), ["Forbidden"], "reason")
        witness.equal(mine.filter(bench.isToken).length, 0, "questions for a token")
        witness.equal(mine.filter(({ status }) => status === 403).length, 1, "times it was sent")
        witness.equal(party.records(), [], "the world")
      }),
    ),
}
