import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import * as Reasons from "../../kit/Reasons.ts"
import type { Rule } from "../../kit/Rule.ts"

export const foreignCursor: Rule = {
  id: "R/foreign-cursor",
  level: "MUST",
  needs: ["reads"],
  promise: "a cursor of another tenant, entity or selection is refused, instead of passing records over in silence",
  hazards: [
    Hazard.calls("a reading gave a cursor", ({ delivered, method }) => method === "changes" && delivered.length > 0),
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        party.enter(1, 3)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const [page] = yield* Stream.runCollect(port.changes({ fields: ["name"] as never }))
        const cursor = page?.cursor
        if (cursor === undefined) return witness.holds(false, "the reading gave no page")
        const others = [
          { cursor: { ...cursor, scope: "another/tenant/" }, fields: ["name"] },
          { cursor: { ...cursor, entity: "Nothing" }, fields: ["name"] },
          { cursor, fields: ["name", "phone"] },
          { cursor: { ...cursor, state: "torn" }, fields: ["name"] },
        ]
        for (const other of others) {
          const exit = yield* Effect.exit(Stream.runDrain(port.changes(other as never)))
          const tag = Exit.isFailure(exit) ? Reasons.tagOf(Cause.squash(exit.cause)) : "none"
          witness.equal(tag, "Invalid", `reason, for ${JSON.stringify(other).slice(0, 80)}`)
        }
      }),
    ),
}
