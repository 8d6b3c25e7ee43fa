import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as Effect from "effect/Effect"
import * as Outcomes from "../Outcomes.ts"
import type { Rule } from "../Rule.ts"

export const storeLost: Rule = {
  id: "I/store-lost",
  level: "MUST",
  promise: "with the store deleted, everything run again finds the same records and makes none",
  hazard: "a fresh process with an empty store wrote records that were there, and had to ask for them",
  check: async (bench, witness) => {
    const { party, twin } = bench
    const records = [1, 2, 3].map((n) => party.write(n))
    const write = Effect.flatMap(bench.connect(), (connected) => party.port(connected).upsert(records))
    const first = await bench.run(write)
    await bench.run(bench.catchUp)
    const [before, asked] = [party.records(), twin.journal.count()]
    const second = await bench.run(write, MemoryBackend.make())
    witness.saw("asked by the fresh process", twin.journal.count() - asked)
    witness.equal(Outcomes.ids(second), Outcomes.ids(first), "ids of the second process")
    witness.equal(Outcomes.tags(second), ["Unchanged", "Unchanged", "Unchanged"], "outcomes of the second process")
    witness.equal(party.records(), before, "the world after the second process")
  },
}
