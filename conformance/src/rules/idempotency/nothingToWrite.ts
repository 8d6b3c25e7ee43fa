import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

export const nothingToWrite: Rule = {
  id: "I/nothing-to-write",
  level: "MUST",
  needs: ["writes"],
  promise: "a call with no records gives no outcomes and sends nothing",
  hazards: [Hazard.calls("a call had no records", ({ keys, method }) => method === "upsert" && keys.length === 0)],
  assertions: 2,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        const asked = twin.journal.count()
        witness.equal(yield* port.upsert([]), [], "outcomes")
        witness.equal(twin.journal.count(), asked, "requests")
      }),
    ),
}
