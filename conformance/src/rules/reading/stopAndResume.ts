import * as Reading from "@mortise/core/Reading"
import { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"

const FIELDS = { fields: ["name"] as never }

export const stopAndResume: Rule = {
  id: "R/stop-and-resume",
  level: "MUST",
  needs: ["reads"],
  promise:
    "a reading that stops after any page goes on there: a committed page does not come again, an uncommitted one does",
  hazards: [Hazard.pages, Hazard.restarts],
  assertions: 4,
  check: async (bench, witness) => {
    const { party } = bench
    const ledger = new Ledger()
    const onePage = Effect.gen(function* () {
      const port = party.port(yield* bench.connect())
      const store = yield* StateStore
      const { stream } = Reading.of(port.scope, port.entity.name, FIELDS)
      const cursor = Option.getOrUndefined(yield* store.cursor(stream))
      const asked = { ...FIELDS, ...(cursor === undefined ? {} : { cursor }) }
      return yield* Stream.runCollect(Stream.take(port.changes(asked as never), 1))
    })
    await bench.run(
      Effect.gen(function* () {
        const port = party.port(yield* bench.connect())
        const [first = ""] = party.enter(1, port.features.pageSize * 2 + 5)
        // Stamped after all others, and in the order of ids before them.
        party.edit(first, { name: "Edited by hand" })
        yield* bench.catchUp
      }),
    )
    const idsOf = (pages: Awaited<ReturnType<typeof bench.run<ReadonlyArray<{ changes: ReadonlyArray<unknown> }>>>>) =>
      pages.flatMap(({ changes }) => changes.map((change) => (change as { id?: string }).id))
    const first = await bench.run(onePage)
    const again = await bench.run(onePage)
    witness.sameMultiset(idsOf(again), idsOf(first), "the uncommitted page when it came again")
    await bench.run(
      Effect.gen(function* () {
        const [page] = yield* onePage
        const store = yield* StateStore
        if (page !== undefined) {
          ledger.offered(page as never)
          yield* store.commit({ page })
          ledger.confirmed()
        }
      }),
    )
    witness.holds(ledger.ids.length > 0, "the first page held nothing")
    await bench.run(Effect.flatMap(bench.connect(), (connected) => readOn(party.port(connected), ledger, FIELDS)))
    witness.sameMultiset(
      ledger.ids,
      party.records().map(({ id }) => id),
      "ids of committed pages",
    )
    witness.equal(ledger.twice, [], "versions that came twice")
  },
}
