import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const noRevisions: Rule = {
  id: "O/no-revisions",
  level: "MUST",
  needs: ["writes"],
  promise: "a port without revisions does not take a write that asks for one as if it had asked for nothing",
  hazards: [
    Hazard.calls("a write asked for a revision that no record ever had", ({ records }) =>
      records.some(({ ifRevision }) => ifRevision !== undefined),
    ),
  ],
  assertions: 2,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const [id = ""] = Outcomes.ids(yield* port.upsert([party.write(1)]))
        yield* bench.catchUp
        const before = party.records()
        const asked = { ...party.write(1, { name: "Changed" }), id, ifRevision: "no-such-revision" }
        const [outcome] = yield* port.upsert([asked])
        const expected = port.features.revisions ? ["Conflict", "Invalid"] : ["Unsupported"]
        const [reason] = Outcomes.reasons(outcome === undefined ? [] : [outcome])
        witness.holds(expected.includes(reason ?? "none"), `reason ${reason}, expected ${expected.join(" or ")}`)
        witness.equal(party.records(), before, "the world")
      }),
    ),
}
