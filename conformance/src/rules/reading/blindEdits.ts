import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"
import { portOf } from "../../kit/Subject.ts"

export const blindEdits: Rule = {
  id: "R/blind-edits",
  level: "MUST",
  needs: ["reads", "blindEdits"],
  promise: "an edit that does not move the modified stamp of its record is found by the sweep that is declared for it",
  hazards: [
    Hazard.make("edits were made after everything had been read", ({ calls, stage }) =>
      calls.some(({ delivered }) => delivered.length > 0) ? (stage.blindEdits ?? []).length : 0,
    ),
  ],
  assertions: 2,
  check: async (bench, witness) => {
    for (const blind of need(bench.blindEdits, "blindEdits")) {
      await bench.run(
        Effect.gen(function* () {
          const id = blind.enter()
          const port = portOf(yield* bench.connect(blind.how), blind.entity)
          yield* bench.catchUp
          const ledger = new Ledger()
          const reader = { reader: blind.says.slice(0, 20) }
          yield* readOn(port, ledger, reader)
          const before = ledger.ids.length
          witness.holds(ledger.ids.includes(id), `${blind.says}: the record was not read before`)
          blind.edit(id)
          yield* bench.catchUp
          yield* readOn(port, ledger, reader)
          witness.sameMultiset(
            [...new Set(ledger.ids.slice(before))],
            [id],
            `${blind.says}: records delivered after it`,
          )
        }),
      )
    }
  },
}
