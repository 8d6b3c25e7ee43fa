import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const again: Rule = {
  id: "I/again",
  level: "MUST",
  needs: ["writes"],
  promise: "writing the same records again reaches the same records and changes nothing",
  hazards: [Hazard.rewritten],
  assertions: 5,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const records = [1, 2, 3].map((n) => party.write(n))
        const port = party.port(yield* bench.connect())
        const first = yield* port.upsert(records)
        yield* bench.catchUp
        const before = party.records()
        const changed = twin.journal.writes().length
        const second = yield* port.upsert(records)
        witness.equal(Outcomes.tags(second), ["Unchanged", "Unchanged", "Unchanged"], "outcomes of the repetition")
        witness.equal(Outcomes.ids(second), Outcomes.ids(first), "ids of the repetition")
        witness.equal(party.records(), before, "the world after the repetition")
        witness.equal(party.records().length, 3, "records in the world")
        witness.equal(twin.journal.writes().length, changed, "requests that changed something")
      }),
    ),
}
