import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

export const eachOnce: Rule = {
  id: "R/each-once",
  level: "MUST",
  needs: ["reads"],
  promise: "each record is delivered once, also where more records share one stamp than a page holds",
  hazards: [Hazard.tiesAcrossPages, Hazard.pages],
  assertions: 1,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const connected = yield* bench.connect()
        const port = party.port(connected)
        const ids = party.enter(1, port.features.pageSize * 2 + 7)
        yield* bench.catchUp
        const delivered: Array<string> = []
        yield* Stream.runForEach(port.changes({ fields: ["name"] as never }), (page) =>
          Effect.sync(() => {
            for (const change of page.changes) if (change._tag === "Upserted") delivered.push(change.id)
          }),
        )
        witness.sameMultiset(delivered, ids, "ids delivered")
      }),
    ),
}
