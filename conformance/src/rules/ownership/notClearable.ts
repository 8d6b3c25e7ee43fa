import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const notClearable: Rule = {
  id: "O/not-clearable",
  level: "MUST",
  needs: ["writes"],
  promise: "null for a field that this vendor cannot clear is refused, and writes neither 0 nor an empty text",
  hazards: [
    Hazard.calls("a write asked to clear a field that cannot be cleared", ({ records }) =>
      records.some(({ fields }) => Object.values((fields ?? {}) as object).includes(null)),
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { twin } = bench
        const connected = yield* bench.connect()
        const before = bench.census()
        const changed = twin.journal.writes().length
        const ports = Object.values(connected.ports).filter(({ features }) => features.creates)
        const all = ports.flatMap((port) => port.features.notClearable.map((field: string) => ({ port, field })))
        witness.holds(all.length > 0, "no port declares a field that cannot be cleared")
        for (const { field, port } of all) {
          const key = `conformance/x/y|${port.entity.name}|${field}`
          const outcomes = yield* port.upsert([{ key, fields: { [field]: null } }])
          witness.equal(Outcomes.reasons(outcomes), ["Unsupported"], `reason of ${port.entity.name}.${field}`)
        }
        witness.sameMultiset(bench.census(), before, "the world")
        witness.equal(twin.journal.writes().length, changed, "requests that changed something")
      }),
    ),
}
