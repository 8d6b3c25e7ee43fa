import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import type { Rule } from "../../kit/Rule.ts"

export const abortSignal: Rule = {
  id: "L/abort-signal",
  level: "MUST",
  needs: ["writes"],
  promise: "a signal ends a call, with an outcome for each record and nothing sent after it",
  hazards: [Hazard.fault("slow", "a write was under way when the signal came")],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { clock, party, twin } = bench
        const port = party.port(yield* bench.connect())
        yield* look(port, party.write(1))
        twin.faults.deal({ at: bench.isWrite, fault: { kind: "slow", millis: 120_000, commit: "early" } })
        const abort = new AbortController()
        const records = [1, 2, 3].map((n) => party.write(n))
        const began = clock.now()
        const [outcomes] = yield* Effect.all(
          [
            port.upsert(records, { signal: abort.signal }),
            Effect.delay(
              Effect.sync(() => abort.abort()),
              "3 seconds",
            ),
          ],
          { concurrency: 2 },
        )
        const took = clock.now() - began
        const asked = twin.journal.count()
        witness.holds(took < 60_000, `it came back after ${took} ms`)
        witness.equal(outcomes.length, records.length, "outcomes")
        witness.holds(
          outcomes.every(({ _tag }) => _tag !== "Rejected"),
          "a record was told to be refused",
        )
        yield* Effect.sleep("30 minutes")
        witness.equal(twin.journal.count(), asked, "requests after the signal")
      }),
    ),
}
