import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"
import { difference } from "../../kit/Witness.ts"

const BEFORE = "Zeitlose Begriffe"
const AFTER = "Andere Begriffe"

export const nothingElseMoves: Rule = {
  id: "O/nothing-else-moves",
  level: "MUST",
  needs: ["writes"],
  promise: "an update changes in the world the supplied field, and what the vendor is declared to derive from it",
  hazards: [Hazard.rewritten],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        yield* port.upsert([party.write(1, { name: BEFORE, phone: "+49 30 1" }), party.write(2)])
        yield* bench.catchUp
        const before = bench.census()
        const outcomes = yield* port.upsert([party.write(1, { name: AFTER })])
        witness.equal(Outcomes.reasons(outcomes), [undefined], "reason")
        const { missing, tooMany } = difference(before, bench.census())
        witness.equal(tooMany.length, 1, "records that changed")
        // Wherever the vendor repeats the name it derives it; everything else has to be as it was.
        witness.equal(
          tooMany.map((line) => line.replaceAll(AFTER, BEFORE)),
          missing,
          "the record but for its name",
        )
      }),
    ),
}
