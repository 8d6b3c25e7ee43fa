import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"
import { settled } from "../../kit/Settling.ts"

const COUNT = 9

export const throttledBatch: Rule = {
  id: "T/throttled-writes",
  level: "MUST",
  needs: ["writes"],
  promise: "writes that are refused for their number are written in the end, each once",
  hazards: [
    Hazard.served(429),
    Hazard.lines("a write was refused for its number", (line, { stage }) => line.status === 429 && stage.isWrite(line)),
  ],
  assertions: 2,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        twin.faults.deal({ at: bench.isWrite, fault: { kind: "throttle", retryAfter: "2" }, times: 3 })
        const records = Array.from({ length: COUNT }, (_, n) => party.write(n))
        witness.holds(settled(yield* port.upsert(records)), "some were left undone")
        witness.sameMultiset(
          party.records().map(({ key }) => key),
          records.map(({ key }) => key),
          "keys in the world",
        )
      }),
    ),
}
