import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const customSurvives: Rule = {
  id: "O/custom-survives",
  level: "MUST",
  needs: ["writes", "custom"],
  promise: "a field of the tenant's own, which the write does not name, holds its value",
  hazards: [Hazard.rewritten],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const custom = need(bench.custom, "custom")
        const port = party.port(yield* bench.connect())
        const [id = ""] = Outcomes.ids(yield* port.upsert([party.write(1)]))
        custom.enter(id, "42")
        yield* bench.catchUp
        witness.equal(custom.inWorld(id), "42", "the field before")
        yield* port.upsert([party.write(1, { name: "Changed" })])
        witness.equal(party.records()[0]?.name, "Changed", "the name after")
        witness.equal(custom.inWorld(id), "42", "the field after")
      }),
    ),
}
