import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const inputOrder: Rule = {
  id: "I/input-order",
  level: "MUST",
  needs: ["writes"],
  promise: "there is one outcome for each input, in the order of the inputs, and it tells the right record",
  hazards: [
    Hazard.severalWrites,
    Hazard.calls("one in the middle was refused", ({ outcomes = [] }) =>
      outcomes.slice(1, -1).some(({ _tag }) => _tag === "Rejected"),
    ),
  ],
  assertions: 14,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const count = port.features.batchSize > 1 ? port.features.batchSize + 20 : 12
        const bad = Math.floor(count / 2)
        const records = Array.from({ length: count }, (_, n) => (n === bad ? party.unwelcome(n) : party.write(n)))
        const outcomes = yield* port.upsert(records)
        const told = Outcomes.reasons(outcomes)
        witness.equal(outcomes.length, count, "outcomes")
        witness.equal(
          told.flatMap((reason, n) => (reason === undefined ? [] : [n])),
          [bad],
          "inputs that were refused",
        )
        const names = new Map(party.records().map(({ id, name }) => [id, name]))
        Outcomes.ids(outcomes).forEach((id, n) => {
          if (n !== bad) witness.equal(names.get(id ?? ""), `Party ${n}`, `the record of outcome ${n}`)
        })
        witness.equal(party.records().length, count - 1, "records in the world")
      }),
    ),
}
