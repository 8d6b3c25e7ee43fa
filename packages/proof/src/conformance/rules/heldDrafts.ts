import * as Effect from "effect/Effect"
import type { Rule } from "../Rule.ts"

export const heldDrafts: Rule = {
  id: "O/held-drafts",
  level: "MUST",
  needs: ["ledger"],
  promise: "documents in an ERP are left on hold: never released, posted or deleted",
  hazard: "documents of every kind were written, and written again",
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { documents, twin } = bench
        if (documents === undefined) return
        yield* documents.enter
        const connected = yield* bench.connect()
        const first = yield* documents.write(connected)
        yield* bench.catchUp
        const second = yield* documents.write(connected)
        witness.saw("documents", documents.states().length)
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
        const acted = twin.journal.where((line) => !bench.isSafe(line) && line.method !== "PUT")
        witness.equal(
          acted.map(({ method, url }) => `${method} ${url}`),
          [],
          "requests beside PUT",
        )
      }),
    ),
}
