import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

const WAIT_SECONDS = 7_200

export const longWait: Rule = {
  id: "T/long-wait",
  level: "MUST",
  needs: ["writes"],
  promise: "a wait of hours is told as Throttled with its length, and does not hang",
  hazards: [Hazard.served(429)],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { clock, party, twin } = bench
        const port = party.port(yield* bench.connect())
        const fault = { kind: "throttle", retryAfter: String(WAIT_SECONDS) } as const
        twin.faults.deal({ at: bench.isWrite, fault })
        const began = clock.now()
        const [outcome] = yield* port.upsert([party.write(1)])
        const took = clock.now() - began
        witness.holds(took < WAIT_SECONDS * 500, `it came back after ${took} ms`)
        witness.equal(outcome?._tag, "NotAttempted", "outcome")
        const error = outcome !== undefined && "error" in outcome ? outcome.error : undefined
        witness.equal(error?.reason._tag, "Throttled", "reason")
        const told = error?.retryAfter === undefined ? 0 : Duration.toSeconds(error.retryAfter)
        witness.holds(told > WAIT_SECONDS / 2 && told <= WAIT_SECONDS + 60, `told to wait ${told} s`)
      }),
    ),
}
