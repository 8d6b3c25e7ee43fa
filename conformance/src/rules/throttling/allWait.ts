import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import type { Rule } from "../../kit/Rule.ts"

const WAIT = 19
const CALLS = 10

export const allWait: Rule = {
  id: "T/all-wait",
  level: "SHOULD",
  needs: [],
  promise: "after a 429 to one call, the calls that come later wait too",
  hazards: [Hazard.served(429)],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        yield* look(port, party.write(0))
        const before = twin.journal.count()
        twin.faults.deal({
          at: (request) => request.index > before && !bench.isToken(request),
          fault: { kind: "throttle", retryAfter: String(WAIT) },
        })
        const later = Effect.delay(
          Effect.forEach(
            Array.from({ length: CALLS }, (_, n) => n),
            (n) => look(port, party.write(n), n),
            {
              concurrency: "unbounded",
            },
          ),
          "1 second",
        )
        yield* Effect.all([look(port, party.write(1)), later], { concurrency: 2 })
        const mine = twin.journal.where(({ index }) => index > before)
        const refused = mine.filter(({ status }) => status === 429)
        witness.equal(refused.length, 1, "requests that were refused")
        const early = mine.filter(
          ({ at, index }) => index > (refused[0]?.index ?? 0) && at < (refused[0]?.at ?? 0) + WAIT * 1000,
        )
        witness.equal(early.length, 0, "requests before the time that the vendor named")
        witness.holds(mine.length > CALLS, "the calls were not made")
      }),
    ),
}
