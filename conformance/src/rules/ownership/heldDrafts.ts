import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"

export const heldDrafts: Rule = {
  id: "O/held-drafts",
  level: "MUST",
  needs: ["ledger"],
  promise: "documents in an ERP are left on hold: never released, posted or deleted",
  hazards: [Hazard.make("documents in the world", ({ stage }) => stage.documents?.states().length ?? 0)],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { twin } = bench
        const documents = need(bench.documents, "ledger")
        yield* documents.enter
        const connected = yield* bench.connect()
        const first = yield* documents.write(connected)
        yield* bench.catchUp
        const second = yield* documents.write(connected)
        witness.equal(
          first.filter((tag) => tag !== "Created"),
          [],
          "what became of them",
        )
        witness.equal(
          second.filter((tag) => tag !== "Unchanged"),
          [],
          "what became of them the second time",
        )
        for (const { document, final } of documents.states()) witness.holds(!final, `${document} is final`)
        witness.equal(
          twin.journal.where(documents.posts).map(({ method, url }) => `${method} ${url}`),
          [],
          "requests that post, release, void or delete",
        )
      }),
    ),
}
