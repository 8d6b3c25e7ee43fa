import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const keyOutlivesName: Rule = {
  id: "I/key-outlives-name",
  level: "MUST",
  needs: ["writes"],
  promise: "a record that people renamed is found by its key and not made again",
  hazards: [Hazard.rewritten],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const first = yield* port.upsert([party.write(1)])
        yield* bench.catchUp
        party.edit(Outcomes.ids(first)[0] ?? "", { name: "Renamed by hand" })
        yield* bench.catchUp
        const again = yield* port.upsert([party.write(1, { phone: "+49 30 1" })])
        witness.equal(Outcomes.ids(again), Outcomes.ids(first), "id")
        witness.equal(party.records().length, 1, "records in the world")
        witness.equal(
          party.records().map(({ name, phone }) => [name, phone]),
          [["Renamed by hand", "+49 30 1"]],
          "the record",
        )
      }),
    ),
}
