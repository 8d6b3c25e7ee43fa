import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

const FINAL = ["awaiting", "paid", "voided"] as const

export const neverPosts: Rule = {
  id: "O/never-posts",
  level: "MUST",
  needs: ["ledger"],
  promise: "whoever asks for a posted, paid or voided document is refused, and nothing is sent that would make one",
  hazards: [Hazard.make("documents stood in the world", ({ stage }) => stage.documents?.states().length ?? 0)],
  assertions: 6,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { twin } = bench
        const documents = need(bench.documents, "ledger")
        yield* documents.enter
        const connected = yield* bench.connect()
        yield* documents.write(connected)
        yield* bench.catchUp
        const asked = twin.journal.count()
        for (const entity of ["Invoice", "Payment"]) {
          const port = connected.ports[entity]
          if (port === undefined) continue
          const guarded = bench.guarded(port, "erp")
          for (const code of FINAL) {
            const [outcome] = yield* guarded.upsert([{ key: `hubspot/1234/|${entity}|9`, fields: { state: { code } } }])
            const [reason] = Outcomes.reasons(outcome === undefined ? [] : [outcome])
            witness.equal(reason, "Unsupported", `reason of ${entity} ${code}`)
          }
        }
        witness.equal(twin.journal.count(), asked, "requests")
        witness.equal(
          twin.journal.lines.filter(documents.posts).map(({ method, url }) => `${method} ${url}`),
          [],
          "requests that post, release, void or delete",
        )
        witness.equal(
          documents.states().filter(({ final }) => final),
          [],
          "documents that are final",
        )
      }),
    ),
}
