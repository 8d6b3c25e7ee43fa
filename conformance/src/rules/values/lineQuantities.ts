import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { settled } from "../../kit/Settling.ts"
import { portOf } from "../../kit/Subject.ts"

const QUANTITIES = ["0.5", "12.25", "1000", "3"]

export const lineQuantities: Rule = {
  id: "V/line-quantities",
  level: "MUST",
  needs: ["writes", "lines"],
  promise: "quantities of lines are exact decimals, and a document with parts of a piece is not rounded",
  hazards: [
    Hazard.lines("a line with a part of a piece went over the wire", ({ requestBody }) =>
      /\b(0\.5|12\.25)/.test(requestBody),
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const lined = need(bench.lined, "lines")
        yield* lined.enter
        const port = portOf(yield* bench.connect(), lined.entity)
        const lines = QUANTITIES.map((quantity, n) => ({ key: `l${n}`, product: "BOLT", quantity }))
        witness.holds(settled(yield* port.upsert([lined.write(1, lines)])), "it was refused")
        witness.sameMultiset(
          lined.records().flatMap((record) => record.lines.map(({ quantity }) => quantity)),
          QUANTITIES,
          "quantities in the world",
        )
        yield* bench.catchUp
        witness.equal(
          (yield* port.upsert([lined.write(1, lines)])).map(({ _tag }) => _tag),
          ["Unchanged"],
          "outcome of the repetition",
        )
      }),
    ),
}
