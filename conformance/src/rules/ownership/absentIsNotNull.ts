import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

export const absentIsNotNull: Rule = {
  id: "O/absent-is-not-null",
  level: "MUST",
  needs: ["writes", "clears"],
  promise: "a field that is absent is left alone, and one that is null is cleared",
  hazards: [Hazard.rewritten],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const phone = () => party.records()[0]?.phone
        yield* port.upsert([party.write(1, { name: "One", phone: "+49 30 1" })])
        yield* bench.catchUp
        yield* port.upsert([party.write(1, { name: "Two" })])
        witness.equal(phone(), "+49 30 1", "left out")
        yield* bench.catchUp
        yield* port.upsert([party.write(1, { phone: null })])
        witness.equal(phone() ?? "", "", "cleared")
        witness.equal(party.records()[0]?.name, "Two", "the other field")
      }),
    ),
}
