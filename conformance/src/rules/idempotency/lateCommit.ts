import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

export const lateCommit: Rule = {
  id: "I/late-commit",
  level: "MUST",
  needs: ["writes"],
  promise: "a write that is applied long after the caller gave it up is not done a second time",
  hazards: [
    Hazard.lines("applied after the caller had given it up", (line) => line.faults.includes("slow") && line.changed),
  ],
  assertions: 1,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        twin.faults.deal({ at: bench.isWrite, fault: { kind: "slow", millis: 180_000, commit: "late" } })
        yield* port.upsert([party.write(1)])
        yield* Effect.sleep("15 minutes")
        yield* port.upsert([party.write(1)])
        witness.equal(
          party.records().map(({ key }) => key),
          [party.write(1).key],
          "keys in the world",
        )
      }),
    ),
}
