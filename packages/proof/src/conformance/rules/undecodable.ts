import type * as Change from "@mortise/core/Change"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Rule } from "../Rule.ts"

export const undecodable: Rule = {
  id: "R/undecodable",
  level: "MUST",
  promise: "a record that cannot be read is set apart with the field at fault, and the stream goes on",
  hazard: "an unreadable record was served on one page with others",
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        const ids = party.enter(1, 9)
        const bad = ids[4] ?? ""
        const field = party.spoil(bad)
        yield* bench.catchUp
        const changes: Array<Change.Change<unknown>> = []
        yield* Stream.runForEach(port.changes(), (page) => Effect.sync(() => void changes.push(...page.changes)))
        const together = twin.journal.where((line) => {
          const rows = party.page(line) ?? []
          return rows.length > 1 && rows.some(({ id }) => id === bad)
        })
        witness.saw("served among others", together.length)
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
