import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"
import { settled } from "../../kit/Settling.ts"

export const diesAfterWrite: Rule = {
  id: "I/dies-after-write",
  level: "MUST",
  needs: ["writes"],
  promise:
    "a process that dies after the vendor took its write, and before it heard of it, is followed by one that makes no second record",
  hazards: [Hazard.cut, Hazard.restarts, Hazard.rewritten],
  assertions: 4,
  check: async (bench, witness) => {
    const { party } = bench
    const records = [1, 2].map((n) => party.write(n))
    const write = Effect.flatMap(bench.connect(), (connected) => party.port(connected).upsert(records))
    await bench.begin(bench.backend, { cutWhen: (line) => line.changed && bench.isWrite(line) }).run(write)
    await bench.renew()
    await bench.run(bench.catchUp)
    const outcomes = await bench.run(write)
    witness.holds(settled(outcomes), `left undone by the second process: ${Outcomes.tags(outcomes).join()}`)
    witness.sameMultiset(
      party.records().map(({ key }) => key),
      records.map(({ key }) => key),
      "keys in the world",
    )
    await bench.run(bench.catchUp)
    const again = await bench.run(write)
    witness.equal(Outcomes.tags(again), ["Unchanged", "Unchanged"], "outcomes of a third process")
    witness.equal(Outcomes.ids(again), Outcomes.ids(outcomes), "ids of the third process")
  },
}
