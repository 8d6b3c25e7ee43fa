import * as Hazard from "../../kit/Hazard.ts"
import * as Relaying from "../../kit/Relaying.ts"
import type { Rule } from "../../kit/Rule.ts"

export const relayAgain: Rule = {
  id: "I/relay-again",
  level: "MUST",
  needs: ["writes", "carrier"],
  promise:
    "a flow that is run again from a lost store writes nothing that is there, and a changed record alone is written",
  hazards: [Hazard.restarts, Hazard.rewritten],
  assertions: 4,
  check: async (bench, witness) => {
    const { party } = bench
    const rows = [1, 2, 3].map((n) => ({ id: `R${n}`, fields: { name: `Relayed ${n}` } }))
    const first = await bench.run(Relaying.intoParty(bench, rows))
    witness.equal(first.created + first.written, rows.length, "records made by the first run")
    await bench.run(bench.catchUp)
    const before = party.records()
    const changed = { id: "R2", fields: { name: "Relayed anew" } }
    await bench.renew()
    const second = await bench.run(Relaying.intoParty(bench, [...rows, changed]), Relaying.emptyStore())
    witness.equal(second.created, 0, "records made by the second run")
    witness.sameMultiset(
      party.records().map(({ id }) => id),
      before.map(({ id }) => id),
      "records in the world",
    )
    witness.sameMultiset(
      party.records().map(({ name }) => name),
      ["Relayed 1", "Relayed anew", "Relayed 3"],
      "names in the world",
    )
  },
}
