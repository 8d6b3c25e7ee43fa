import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import type { Rule } from "../../kit/Rule.ts"

const TIMES = 3

export const backsOff: Rule = {
  id: "T/backs-off",
  level: "MUST",
  needs: [],
  promise: "after a 429 that names no time the next request waits, and the waits together grow",
  hazards: [Hazard.served(429)],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        const before = twin.journal.count()
        twin.faults.deal({
          at: (request) => request.index > before && !bench.isToken(request),
          fault: { kind: "throttle" },
          times: TIMES,
        })
        yield* Effect.ignore(look(port, party.write(1)))
        const mine = twin.journal.where((line) => line.index > before && !bench.isToken(line))
        const waits = mine.slice(1).map((line, at) => line.at - (mine[at]?.at ?? 0))
        witness.holds(waits.length > 0, "nothing was sent again")
        for (const wait of waits.slice(0, TIMES)) witness.holds(wait > 0, "sent again without waiting")
        const whole = waits.slice(0, TIMES).reduce((sum, wait) => sum + wait, 0)
        witness.holds(whole >= 200, `${TIMES} refusals were followed by ${whole} ms of waiting together`)
      }),
    ),
}
