import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

const PASSING = [
  { kind: "errorBefore", status: 503 },
  { kind: "resetBefore" },
  { kind: "refused" },
  { kind: "errorBefore", status: 502 },
] as const

export const readRetried: Rule = {
  id: "E/read-retried",
  level: "MUST",
  needs: [],
  promise: "a read that fails in passing is sent again, and nobody hears of it",
  hazards: [Hazard.lines("a read failed in passing", ({ faults }) => faults.length > 0)],
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
        for (const fault of PASSING) {
          const before = twin.journal.count()
          twin.faults.deal({ at: before + 1, fault })
          const found = yield* Effect.orElseSucceed(port.get([id]), () => new Map())
          witness.equal([...found.keys()], [id], `what was read after ${fault.kind}`)
          yield* Effect.sleep("1 minute")
        }
      }),
    ),
}
