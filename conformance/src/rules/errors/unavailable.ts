import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"
import { settled } from "../../kit/Settling.ts"

const MOST_ATTEMPTS = 12

export const unavailable: Rule = {
  id: "E/unavailable",
  level: "MUST",
  needs: ["writes"],
  promise: "a vendor that cannot serve is asked a few times and no more, is told as Unavailable, and nothing is lost",
  hazards: [Hazard.served(503)],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        yield* look(port, party.write(1))
        const before = twin.journal.count()
        const at = (request: { readonly index: number }) => request.index > before
        twin.faults.deal({ at, fault: { kind: "errorBefore", status: 503 }, times: Number.POSITIVE_INFINITY })
        const outcomes = yield* port.upsert([party.write(1)])
        witness.equal(Outcomes.reasons(outcomes), ["Unavailable"], "reason")
        witness.equal(Outcomes.tags(outcomes), ["NotAttempted"], "outcome")
        const asked = twin.journal.count() - before
        witness.holds(asked <= MOST_ATTEMPTS, `it was asked ${asked} times`)
        twin.faults.clear()
        witness.holds(settled(yield* port.upsert([party.write(1)])), "it is not written once it serves again")
      }),
    ),
}
