import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { settled } from "../../kit/Settling.ts"
import { portOf } from "../../kit/Subject.ts"

const line = (key: string, quantity: string) => ({ key, product: "BOLT", quantity })

export const equalLines: Rule = {
  id: "I/equal-lines",
  level: "MUST",
  needs: ["writes", "lines"],
  promise: "two lines that are alike but for their keys stay two, and a change of one leaves the other alone",
  hazards: [
    Hazard.lines("a write of the document took effect", (line) => line.changed),
    Hazard.make(
      "the document held lines of one product",
      ({ stage }) =>
        (stage.lined?.records() ?? []).filter(
          ({ lines }) => lines.length > new Set(lines.map(({ product }) => product)).size,
        ).length,
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const lined = need(bench.lined, "lines")
        yield* lined.enter
        const port = portOf(yield* bench.connect(), lined.entity)
        const quantities = () => lined.records().flatMap(({ lines }) => lines.map(({ quantity }) => quantity))
        yield* port.upsert([lined.write(1, [line("a", "3"), line("b", "3")])])
        yield* bench.catchUp
        witness.sameMultiset(quantities(), ["3", "3"], "quantities")
        const outcomes = yield* port.upsert([lined.write(1, [line("a", "3"), line("b", "5")])])
        witness.holds(settled(outcomes), "the change was not settled")
        witness.sameMultiset(quantities(), ["3", "5"], "quantities after the change")
      }),
    ),
}
