import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"

const POLLS = 5

export const nothingTwice: Rule = {
  id: "R/nothing-twice",
  level: "MUST",
  needs: ["reads"],
  promise: "polls between which nothing changes bring nothing, and one edit is brought once, as the record then is",
  hazards: [
    Hazard.make("polls were made after the reading had caught up", ({ calls }) =>
      Math.max(0, calls.filter(({ method }) => method === "changes").length - 2),
    ),
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const [, edited = ""] = party.enter(1, 4)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const ledger = new Ledger()
        yield* readOn(port, ledger)
        witness.equal(ledger.ids.length, 4, "records of the first reading")
        const poll = Effect.andThen(Effect.sleep("1 minute"), readOn(port, ledger))
        for (let n = 0; n < POLLS; n++) yield* poll
        witness.equal(ledger.ids.length, 4, "records after polls without a change")
        party.edit(edited, { name: "Edited by hand" })
        // So soon after one another that each reads again what the one before has read.
        for (let n = 0; n < 2 * POLLS; n++) yield* Effect.andThen(Effect.sleep("2 seconds"), readOn(port, ledger))
        yield* bench.catchUp
        for (let n = 0; n < POLLS; n++) yield* poll
        const after = ledger.changes.slice(4)
        witness.equal(
          after.map((change) => ("id" in change ? change.id : change._tag)),
          [edited],
          "records after the edit",
        )
        const [change] = after
        const name = change?._tag === "Upserted" ? (change.record as { readonly name?: unknown }).name : undefined
        witness.equal(name, "Edited by hand", "its name")
      }),
    ),
}
