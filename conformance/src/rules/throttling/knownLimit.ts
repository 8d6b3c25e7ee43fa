import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"

const WINDOWS = 3

export const knownLimit: Rule = {
  id: "T/known-limit",
  level: "MUST",
  needs: ["limits"],
  promise: "a limit that is known ahead is kept without the vendor having to refuse anything, and is used",
  hazards: [
    Hazard.make("more requests were made than one window allows", ({ lines, stage }) =>
      lines.length > (stage.limit?.requests ?? Number.POSITIVE_INFINITY) ? 1 : 0,
    ),
  ],
  assertions: 2,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { clock, party, twin } = bench
        const limit = need(bench.limit, "limits")
        limit.impose?.()
        const port = party.port(yield* bench.connect(limit.how))
        const began = clock.now()
        const calls = Array.from({ length: limit.requests * WINDOWS }, (_, n) => look(port, party.write(n), n))
        yield* Effect.all(calls, { concurrency: "unbounded" })
        witness.equal(twin.journal.where(({ status }) => status === 429).length, 0, "requests that were refused")
        const least = limit.windowMillis * (WINDOWS - 1)
        const took = clock.now() - began
        witness.holds(took <= least * 1.5 + limit.windowMillis, `it took ${took} ms, where the limit asks for ${least}`)
      }),
    ),
}
