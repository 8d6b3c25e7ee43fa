import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { settled } from "../../kit/Settling.ts"
import { portOf } from "../../kit/Subject.ts"
import type { TwinRequest } from "../../twin/Twin.ts"

const lines = (second: string) => [
  { key: "a", product: "BOLT", quantity: "3" },
  { key: "b", product: "NUT", quantity: second },
]

export const linesAfterLostReply: Rule = {
  id: "I/lines-after-lost-reply",
  level: "MUST",
  needs: ["writes", "lines"],
  promise: "when the replies to the writes of a document are lost, writing it again doubles neither it nor its lines",
  hazards: [Hazard.appliedUnanswered],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const lined = need(bench.lined, "lines")
        yield* lined.enter
        const port = portOf(yield* bench.connect(), lined.entity)
        const before = bench.twin.journal.count()
        // Whatever the vendor needs for a document: every request of it that changes something loses its reply once.
        const at = (request: TwinRequest) => request.index > before && !bench.isSafe(request)
        bench.twin.faults.deal({ at, fault: { kind: "lostReply" }, times: 2 })
        yield* port.upsert([lined.write(1, lines("4"))])
        yield* bench.catchUp
        bench.twin.faults.clear()
        for (let again = 0; again < 2; again++) {
          yield* port.upsert([lined.write(1, lines("4"))])
          yield* bench.catchUp
        }
        const outcomes = yield* port.upsert([lined.write(1, lines("4"))])
        witness.holds(settled(outcomes), "the repetition was not settled")
        witness.equal(lined.records().length, 1, "documents")
        witness.sameMultiset(
          lined.records().flatMap((record) => record.lines.map(({ product, quantity }) => `${product} ${quantity}`)),
          ["BOLT 3", "NUT 4"],
          "lines",
        )
      }),
    ),
}
