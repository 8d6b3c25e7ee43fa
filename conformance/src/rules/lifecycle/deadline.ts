import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import type { Rule } from "../../kit/Rule.ts"
import { settled } from "../../kit/Settling.ts"

const DEADLINE = 5_000

export const deadline: Rule = {
  id: "L/deadline",
  level: "MUST",
  needs: ["writes"],
  promise: "a deadline ends a call in time, with an outcome for each record that says what is known of it",
  hazards: [Hazard.fault("slow", "the vendor was slower than the deadline")],
  assertions: 5,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { clock, party, twin } = bench
        const port = party.port(yield* bench.connect())
        yield* look(port, party.write(1))
        twin.faults.deal({ at: bench.isWrite, fault: { kind: "slow", millis: 120_000, commit: "early" } })
        const records = [1, 2, 3].map((n) => party.write(n))
        const began = clock.now()
        const outcomes = yield* port.upsert(records, { deadline: Duration.millis(DEADLINE) })
        const took = clock.now() - began
        witness.holds(took <= DEADLINE + 1_000, `it came back after ${took} ms`)
        witness.equal(outcomes.length, records.length, "outcomes")
        witness.holds(
          outcomes.some(({ _tag }) => _tag === "Unknown"),
          "of what was under way it is not told that it is unknown",
        )
        yield* Effect.sleep("20 minutes")
        witness.holds(settled(yield* port.upsert(records)), "the repetition was not settled")
        witness.sameMultiset(
          party.records().map(({ key }) => key),
          records.map(({ key }) => key),
          "keys in the world",
        )
      }),
    ),
}
