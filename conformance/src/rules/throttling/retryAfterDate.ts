import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

const WAIT_MILLIS = 23_000

export const retryAfterDate: Rule = {
  id: "T/retry-after-date",
  level: "MUST",
  needs: ["writes"],
  promise: "a 429 whose Retry-After is a date is obeyed like one in seconds",
  hazards: [Hazard.served(429)],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { clock, party, twin } = bench
        const port = party.port(yield* bench.connect())
        const until = Math.ceil((clock.now() + WAIT_MILLIS) / 1000) * 1000
        const retryAfter = new Date(until).toUTCString()
        twin.faults.deal({ at: bench.isWrite, fault: { kind: "throttle", retryAfter } })
        const outcomes = yield* port.upsert([party.write(1)])
        const throttled = twin.journal.where(({ status }) => status === 429)[0]
        const next = twin.journal.where(({ index }) => index > (throttled?.index ?? 0))
        witness.holds(next.length > 0, "nothing was sent again")
        for (const line of next) witness.holds(line.at >= until, `sent ${until - line.at} ms before the date`)
        witness.equal(Outcomes.reasons(outcomes), [undefined], "reason of the outcome")
        witness.equal(party.records().length, 1, "records in the world")
      }),
    ),
}
