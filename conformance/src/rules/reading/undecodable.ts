import type * as Change from "@mortise/core/Change"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"

export const undecodable: Rule = {
  id: "R/undecodable",
  level: "MUST",
  needs: ["reads", "unreadable"],
  promise: "a record that cannot be read is set apart with the field at fault, and the stream goes on",
  hazards: [
    Hazard.calls(
      "delivered beside others",
      ({ delivered }) => delivered.some(({ _tag }) => _tag === "Undecodable") && delivered.length > 1,
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const ids = party.enter(1, 9)
        const bad = ids[4] ?? ""
        const field = need(party.spoil, "unreadable")(bad)
        yield* bench.catchUp
        const changes: Array<Change.Change<unknown>> = []
        yield* Stream.runForEach(port.changes(), (page) => Effect.sync(() => void changes.push(...page.changes)))
        const apart = changes.flatMap((change) => (change._tag === "Undecodable" ? [change] : []))
        witness.equal(
          apart.map(({ id }) => id),
          [bad],
          "records set apart",
        )
        const reason = apart[0]?.reason
        const paths = reason?._tag === "Decode" ? reason.issues.map(({ path }) => path.join(".")) : []
        witness.holds(
          paths.some((path) => path.includes(field)),
          `the field at fault is not named: ${paths.join()}`,
        )
        const whole = changes.flatMap((change) => (change._tag === "Upserted" ? [change.id] : []))
        witness.equal(whole.sort(), ids.filter((id) => id !== bad).sort(), "records delivered")
      }),
    ),
}
