import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"

export const pageBoundary: Rule = {
  id: "R/page-boundary",
  level: "MUST",
  needs: ["reads"],
  promise: "each record is delivered once, with one record less than a page, with a page full, and with one more",
  hazards: [
    Hazard.make("a page of the vendor's was full", ({ calls, lines, stage }) => {
      const most = Math.max(0, ...lines.map((line) => stage.party.page(line)?.length ?? 0))
      return calls.length > 0 ? lines.filter((line) => most > 1 && stage.party.page(line)?.length === most).length : 0
    }),
  ],
  assertions: 6,
  check: async (bench, witness) => {
    const { party } = bench
    let there = 0
    let reader = 0
    const upTo = (count: (pageSize: number) => number) =>
      Effect.gen(function* () {
        const port = party.port(yield* bench.connect())
        const wanted = count(port.features.pageSize)
        party.enter(there + 1, wanted - there)
        there = wanted
        yield* bench.catchUp
        const ledger = new Ledger()
        yield* readOn(port, ledger, { reader: `reader ${++reader}`, fields: ["name"] as never })
        return ledger
      })
    for (const more of [-1, 0, 1]) {
      const ledger = await bench.run(upTo((pageSize) => pageSize + more))
      witness.equal(ledger.ids.length, there, `records delivered of ${there}`)
      witness.sameMultiset(
        ledger.ids,
        party.records().map(({ id }) => id),
        `ids delivered of ${there}`,
      )
    }
  },
}
