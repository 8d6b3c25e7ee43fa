import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import type { Rule } from "../../kit/Rule.ts"

/** To put away what is open, and not to wait for an answer. */
const MOST_MILLIS = 5_000

export const interruption: Rule = {
  id: "L/interruption",
  level: "MUST",
  needs: ["writes"],
  promise: "a call that is interrupted ends at once, and leaves no request, no timer and no fiber behind",
  hazards: [Hazard.fault("slow", "a request was under way when the call was interrupted")],
  assertions: 3,
  check: async (bench, witness) => {
    const { clock, party, twin } = bench
    const took = await bench.run(
      Effect.gen(function* () {
        const port = party.port(yield* bench.connect())
        yield* look(port, party.write(1))
        const before = twin.journal.count()
        const at = (request: { readonly index: number }) => request.index > before
        twin.faults.deal({ at, fault: { kind: "slow", millis: 600_000, commit: "early" } })
        const fiber = yield* Effect.forkChild(port.upsert([party.write(1)]))
        yield* Effect.sleep("5 seconds")
        const began = clock.now()
        yield* Fiber.interrupt(fiber)
        return clock.now() - began
      }),
    )
    witness.holds(took < MOST_MILLIS, `it went on for ${took} ms`)
    await clock.settle()
    const asked = twin.journal.count()
    await clock.advance("1 hour")
    witness.equal(twin.journal.count(), asked, "requests after it had ended")
    witness.equal(clock.sleepers().length, 0, "timers that are left")
  },
}
