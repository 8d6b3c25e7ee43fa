import { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import type { Changes } from "../../kit/Probe.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"

const FIELDS = { fields: ["name"] as never }

const nameIn = (record: unknown): unknown => (record as { readonly name?: unknown }).name

export const changeDuringCrawl: Rule = {
  id: "R/change-during-crawl",
  level: "MUST",
  needs: ["reads"],
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
        const store = yield* StateStore
        const last = new Map<string, unknown>()
        const note = (changes: Changes) => {
          for (const change of changes) if (change._tag === "Upserted") last.set(change.id, nameIn(change.record))
        }
        let page = 0
        yield* Stream.runForEach(port.changes(FIELDS), (read) =>
          Effect.gen(function* () {
            page += 1
            note(read.changes)
            yield* store.commit({ page: read })
            if (page > 1) return
            // One that was delivered already, and later one that most likely was not: its stamp is the greater one.
            const [mine] = read.changes
            for (const id of [mine !== undefined && "id" in mine ? mine.id : "", ids.at(-1) ?? ""]) {
              if (id !== "") party.edit(id, { name: `Edited ${id}` })
              yield* Effect.sleep("5 seconds")
            }
          }),
        )
        yield* bench.catchUp
        // The same reader goes on where it stands, and gets what the first reading could not see.
        const ledger = new Ledger()
        yield* readOn(port, ledger, FIELDS)
        note(ledger.changes)
        witness.equal([...last.keys()].length, ids.length, "records delivered")
        witness.sameMultiset(
          [...last].map(([id, name]) => `${id} ${name}`),
          party.records().map(({ id, name }) => `${id} ${name}`),
          "names as they were last delivered",
        )
      }),
    ),
}
