import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"
import { portOf } from "../../kit/Subject.ts"

const BOLT = { key: "a", product: "BOLT", quantity: "3" }
const NUT = { key: "b", product: "NUT", quantity: "4" }

export const twoNames: Rule = {
  id: "I/two-names",
  level: "MUST",
  needs: ["writes", "lines"],
  promise: "a document that is written at once by its key and by its id has each line once",
  hazards: [
    Hazard.overlapping,
    Hazard.calls("a document with lines was written by its id", (call, { stage: { lined } }) => {
      const one = call.entity === lined?.entity ? call.records[0] : undefined
      return one?.id !== undefined && one.key === undefined
    }),
  ],
  assertions: 2,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const lined = need(bench.lined, "lines")
        yield* lined.enter
        const port = portOf(yield* bench.connect(), lined.entity)
        const [id = ""] = Outcomes.ids(yield* port.upsert([lined.write(1, [BOLT])]))
        yield* bench.catchUp
        const { key: _, ...unnamed } = lined.write(1, [BOLT, NUT])
        const both = [port.upsert([{ ...unnamed, id }]), port.upsert([lined.write(1, [BOLT, NUT])])]
        const outcomes = (yield* Effect.all(both, { concurrency: "unbounded" })).flat()
        witness.equal(Outcomes.reasons(outcomes), [undefined, undefined], "what went wrong")
        witness.sameMultiset(
          lined.records().flatMap(({ lines }) => lines),
          [BOLT, NUT].map(({ product, quantity }) => ({ product, quantity })),
          "lines in the world",
        )
      }),
    ),
}
