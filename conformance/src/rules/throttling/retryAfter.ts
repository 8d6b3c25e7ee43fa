import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

const WAIT = 17

export const retryAfter: Rule = {
  id: "T/retry-after",
  level: "MUST",
  needs: ["writes"],
  promise: "after a 429 nothing is sent before the time that the vendor named, and the call then succeeds",
  hazards: [Hazard.served(429)],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        twin.faults.deal({ at: bench.isWrite, fault: { kind: "throttle", retryAfter: String(WAIT) } })
        const outcomes = yield* port.upsert([party.write(1)])
        const throttled = twin.journal.where(({ status }) => status === 429)
        const at = throttled[0]?.at ?? 0
        const next = twin.journal.where(({ index }) => index > (throttled[0]?.index ?? 0))
        witness.holds(next.length > 0, "nothing was sent again")
        for (const line of next) {
          witness.holds(line.at >= at + WAIT * 1000, `sent ${line.at - at} ms after the 429, asked for ${WAIT} s`)
        }
        witness.equal(Outcomes.reasons(outcomes), [undefined], "reason of the outcome")
        witness.equal(party.records().length, 1, "records in the world")
      }),
    ),
}
