import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const storeLost: Rule = {
  id: "I/store-lost",
  level: "MUST",
  needs: ["writes"],
  promise: "with the store deleted, everything run again finds the same records and makes none",
  hazards: [Hazard.restarts, Hazard.rewritten],
  assertions: 3,
  check: async (bench, witness) => {
    const { party } = bench
    const records = [1, 2, 3].map((n) => party.write(n))
    const write = Effect.flatMap(bench.connect(), (connected) => party.port(connected).upsert(records))
    const first = await bench.run(write)
    await bench.run(bench.catchUp)
    const before = party.records()
    await bench.renew()
    const second = await bench.run(write, MemoryBackend.make())
    witness.equal(Outcomes.ids(second), Outcomes.ids(first), "ids of the second process")
    witness.equal(Outcomes.tags(second), ["Unchanged", "Unchanged", "Unchanged"], "outcomes of the second process")
    witness.equal(party.records(), before, "the world after the second process")
  },
}
