import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Hazard from "../../kit/Hazard.ts"
import * as Reasons from "../../kit/Reasons.ts"
import type { Rule } from "../../kit/Rule.ts"

export const brokenBody: Rule = {
  id: "E/broken-body",
  level: "MUST",
  needs: [],
  promise: "an answer that does not parse, or that breaks off, is never taken for an empty one",
  hazards: [
    Hazard.fault("malformedJson", "malformed JSON was served"),
    Hazard.fault("truncatedBody", "half of a body was served"),
  ],
  assertions: 4,
  intercepted: true,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const [id = ""] = party.enter(1, 1)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        yield* port.get([id])
        for (const kind of ["malformedJson", "truncatedBody"] as const) {
          const before = twin.journal.count()
          const at = (request: { readonly index: number }) => request.index > before
          twin.faults.deal({ at, fault: { kind }, times: Number.POSITIVE_INFINITY })
          const exit = yield* Effect.exit(port.get([id]))
          witness.holds(Exit.isFailure(exit), `${kind}: it was taken for an answer`)
          const tag = Exit.isFailure(exit) ? Reasons.tagOf(Cause.squash(exit.cause)) : undefined
          witness.holds(tag === "Decode" || tag === "Transport", `${kind}: reason ${tag}, expected Decode or Transport`)
          twin.faults.clear()
        }
      }),
    ),
}
