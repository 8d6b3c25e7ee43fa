import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

const PATIENCE_MILLIS = 30 * 60_000

export const noAnswer: Rule = {
  id: "E/no-answer",
  level: "MUST",
  needs: ["writes"],
  promise: "a vendor that never answers is given up after a while, and a write to it is told as unknown, not as failed",
  hazards: [Hazard.fault("hang", "a write was never answered")],
  assertions: 3,
  intercepted: true,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { clock, party, twin } = bench
        const port = party.port(yield* bench.connect())
        yield* look(port, party.write(1))
        const before = twin.journal.count()
        const at = (request: { readonly index: number }) => request.index > before
        twin.faults.deal({ at: bench.isWrite, fault: { kind: "hang", applied: false } })
        // Nor does it answer when it is looked for.
        twin.faults.deal({
          at: (request) => at(request) && twin.journal.lines.some(({ faults }) => faults.includes("hang")),
          fault: { kind: "hang", applied: false },
          times: Number.POSITIVE_INFINITY,
        })
        const began = clock.now()
        const outcomes = yield* port.upsert([party.write(1)])
        const took = clock.now() - began
        witness.holds(took < PATIENCE_MILLIS, `it came back after ${took} ms`)
        witness.equal(Outcomes.tags(outcomes), ["Unknown"], "outcome")
        witness.equal(Outcomes.reasons(outcomes), ["UnknownOutcome"], "reason")
      }),
    ),
}
