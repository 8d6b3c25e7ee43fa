import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const mergedAway: Rule = {
  id: "I/merged-away",
  level: "MUST",
  needs: ["writes", "merges"],
  promise: "a record that somebody merged into another one is not made anew when it is written again by its id",
  hazards: [Hazard.rewritten],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const [kept, gone] = Outcomes.ids(yield* port.upsert([party.write(1), party.write(2)]))
        yield* bench.catchUp
        const survivor = need(party.merge, "merges")(kept ?? "", gone ?? "")
        yield* bench.catchUp
        const outcomes = yield* port.upsert([
          party.write(1),
          { ...party.write(2, { phone: "+49 30 2" }), id: gone ?? "" },
        ])
        witness.equal(party.records().length, 1, "records in the world")
        witness.equal(Outcomes.ids(outcomes)[1], survivor, "the record of what was merged away")
        witness.equal(party.records()[0]?.phone, "+49 30 2", "what was written to the survivor")
      }),
    ),
}
