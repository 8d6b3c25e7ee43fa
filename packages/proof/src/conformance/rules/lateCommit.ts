import * as Effect from "effect/Effect"
import type { Rule } from "../Rule.ts"

export const lateCommit: Rule = {
  id: "I/late-commit",
  level: "MUST",
  promise: "a write that is applied long after the caller gave it up is not done a second time",
  hazard: "the write was applied minutes after the request was given up",
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        twin.faults.deal({ at: bench.isWrite, fault: { kind: "slow", millis: 180_000, commit: "late" } })
        yield* port.upsert([party.write(1)])
        yield* Effect.sleep("15 minutes")
        const hit = twin.journal.where((line) => line.faults.includes("slow") && line.changed)
        witness.saw("applied late", hit.length)
        yield* port.upsert([party.write(1)])
        witness.equal(
          party.records().map(({ key }) => key),
          [party.write(1).key],
          "keys in the world",
        )
      }),
    ),
}
