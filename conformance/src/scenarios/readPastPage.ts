import * as Effect from "effect/Effect"
import type { Scenario } from "../kit/Scenario.ts"
import { Ledger, readOn } from "../kit/Settling.ts"
import { difference } from "../kit/Witness.ts"

export const readPastPage: Scenario = {
  id: "read-past-page",
  says: "more records than a page holds are read, page by page",
  needs: ["reads"],
  before: (bench) =>
    Effect.gen(function* () {
      const port = bench.party.port(yield* bench.connect())
      const [first] = bench.party.enter(1, port.features.pageSize + 3)
      yield* bench.catchUp
      // The first one by its id is the last one by its stamp.
      if (first !== undefined) bench.party.edit(first, { phone: "+1 555 0100" })
      yield* bench.catchUp
    }),
  play: (bench) => {
    const ledger = new Ledger()
    return {
      program: Effect.gen(function* () {
        yield* readOn(bench.party.port(yield* bench.connect()), ledger, { fields: ["name"] as never })
        return true
      }),
      problems: () => {
        const all = bench.party.records().map(({ id }) => id)
        const { missing, tooMany } = difference(all, ledger.ids)
        return [
          ...missing.map((id) => `${id} was not delivered`),
          ...tooMany.map((id) => `${id} was delivered again`),
          ...ledger.twice.map((version) => `a version came twice: ${version}`),
        ]
      },
    }
  },
}
