import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"

const nameIn = (record: unknown): unknown => (record as { readonly name?: unknown }).name

export const changeDuringCrawl: Rule = {
  id: "R/change-during-crawl",
  level: "MUST",
  needs: [],
  promise: "records that change while the rest is read are delivered as they are in the end, and nobody is passed over",
  hazards: [
    Hazard.pages,
    Hazard.make(
      "records were edited while the reading was under way",
      ({ stage }) => stage.party.records().filter(({ name }) => name?.startsWith("Edited") === true).length,
    ),
  ],
  assertions: 2,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const ids = party.enter(1, port.features.pageSize * 2 + 5)
        yield* bench.catchUp
        const last = new Map<string, unknown>()
        let page = 0
        yield* Stream.runForEach(port.changes({ fields: ["name"] as never }), ({ changes }) =>
          Effect.sync(() => {
            page += 1
            for (const change of changes) if (change._tag === "Upserted") last.set(change.id, nameIn(change.record))
            // One that was delivered already, and one that most likely was not.
            const mine = changes[0] !== undefined && "id" in changes[0] ? changes[0].id : undefined
            for (const id of page === 1 ? [mine ?? "", ids.at(-1) ?? ""] : []) {
              if (id !== "") party.edit(id, { name: `Edited ${id}` })
            }
          }),
        )
        yield* bench.catchUp
        // The next readings of the same reader bring what the first could not see.
        const ledger = new Ledger()
        yield* readOn(port, ledger, { fields: ["name"] as never, reader: "later" })
        for (const change of ledger.changes) if (change._tag === "Upserted") last.set(change.id, nameIn(change.record))
        witness.equal([...last.keys()].length, ids.length, "records delivered")
        witness.sameMultiset(
          [...last].map(([id, name]) => `${id} ${name}`),
          party.records().map(({ id, name }) => `${id} ${name}`),
          "names as they were last delivered",
        )
      }),
    ),
}
