import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

export const leavesStream: Rule = {
  id: "L/leaves-stream",
  level: "MUST",
  needs: ["reads"],
  promise: "whoever leaves a reading after its first page has ended it: nothing more is asked of the vendor",
  hazards: [
    Hazard.calls(
      "a reading was left with records unread",
      ({ delivered, method }, { stage }) =>
        method === "changes" && delivered.length > 0 && delivered.length < stage.party.records().length,
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        party.enter(1, port.features.pageSize * 4)
        yield* bench.catchUp
        const taken = yield* Stream.runCollect(Stream.take(port.changes({ fields: ["name"] as never }), 1))
        witness.equal(taken.length, 1, "pages taken")
        witness.holds((taken[0]?.changes.length ?? 0) > 0, "the page is empty")
        const asked = twin.journal.count()
        yield* Effect.sleep("1 hour")
        witness.equal(twin.journal.count(), asked, "requests after it was left")
      }),
    ),
}
