import * as Effect from "effect/Effect"
import type { Rule } from "../Rule.ts"

export const absentIsNotNull: Rule = {
  id: "O/absent-is-not-null",
  level: "MUST",
  promise: "a field that is absent is left alone, and one that is null is cleared",
  hazard: "the record held a value when it was written without the field, and when it was written with null",
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const phone = () => party.records()[0]?.phone
        yield* port.upsert([party.write(1, { name: "One", phone: "+49 30 1" })])
        yield* bench.catchUp
        witness.saw("held a value when it was left out", phone() === "+49 30 1" ? 1 : 0)
        yield* port.upsert([party.write(1, { name: "Two" })])
        witness.equal(phone(), "+49 30 1", "left out")
        yield* bench.catchUp
        witness.saw("held a value when it was cleared", phone() === undefined ? 0 : 1)
        yield* port.upsert([party.write(1, { phone: null })])
        witness.equal(phone() ?? "", "", "cleared")
        witness.equal(party.records()[0]?.name, "Two", "the other field")
      }),
    ),
}
