import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

export const twoProcesses: Rule = {
  id: "I/two-processes",
  level: "MUST",
  needs: ["writes"],
  promise: "two processes that share a store and write one key at the same moment make one record",
  hazards: [Hazard.restarts, Hazard.overlapping],
  assertions: 3,
  check: async (bench, witness) => {
    const { party } = bench
    await bench.run(bench.connect())
    const write = Effect.flatMap(bench.connect(), (connected) => party.port(connected).upsert([party.write(1)]))
    const one = bench.begin()
    await bench.renew()
    const other = bench.begin()
    const ends = await Promise.all([one.run(write), other.run(write)])
    for (const end of ends) {
      const tags = Exit.isExit(end) && Exit.isSuccess(end) ? end.value.map(({ _tag }) => _tag) : ["none"]
      witness.holds(
        tags.every((tag) => tag !== "Rejected" && tag !== "none"),
        `a process ended with ${tags.join()}`,
      )
    }
    witness.sameMultiset(
      party.records().map(({ key }) => key),
      [party.write(1).key],
      "keys in the world",
    )
  },
}
