import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

export const scopeEnds: Rule = {
  id: "L/scope-ends",
  level: "MUST",
  needs: ["reads"],
  promise: "when its scope ends a connector is silent: no timer, no request, no session that somebody has to pay for",
  hazards: [Hazard.lines("it was at work", ({ status }) => status === 200)],
  assertions: 2,
  check: async (bench, witness) => {
    const { clock, party, twin } = bench
    party.enter(1, 3)
    await bench.run(
      Effect.gen(function* () {
        const port = party.port(yield* bench.connect({ oauth: bench.tokens !== undefined }))
        yield* Stream.runDrain(port.changes())
      }),
    )
    await clock.settle()
    const asked = twin.journal.count()
    await clock.advance("1 day")
    witness.equal(twin.journal.count(), asked, "requests after the end")
    witness.equal(clock.sleepers().length, 0, "timers that are left")
  },
}
