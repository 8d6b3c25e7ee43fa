import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"

export const firstRecord: Rule = {
  id: "R/first-record",
  level: "MUST",
  needs: ["reads"],
  promise: "a reading of nothing ends at once with where it stands, and the first record that ever comes is delivered",
  hazards: [
    Hazard.calls(
      "a reading found nothing",
      ({ delivered, method, ended }) => method === "changes" && delivered.length === 0 && ended !== undefined,
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const pages = yield* Stream.runCollect(port.changes({ reader: "other" }))
        witness.equal(pages.at(-1)?.caughtUp, true, "the last page has caught up")
        const ledger = new Ledger()
        yield* readOn(port, ledger)
        witness.equal(ledger.changes, [], "changes of the empty system")
        yield* Effect.sleep("1 hour")
        yield* port.upsert([party.write(1)])
        yield* bench.catchUp
        yield* readOn(port, ledger)
        witness.equal(
          ledger.ids,
          party.records().map(({ id }) => id),
          "records delivered",
        )
      }),
    ),
}
