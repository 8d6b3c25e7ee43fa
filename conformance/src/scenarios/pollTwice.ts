import * as Effect from "effect/Effect"
import type { Scenario } from "../kit/Scenario.ts"
import { Ledger, readOn } from "../kit/Settling.ts"

export const pollTwice: Scenario = {
  id: "poll-twice",
  says: "records are read, one of them is edited by hand, and the next poll brings it",
  needs: ["reads"],
  prepare: ({ party }) => void party.enter(1, 3),
  play: (bench) => {
    const ledger = new Ledger()
    let edited: string | undefined
    return {
      program: Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        if (edited === undefined) {
          yield* readOn(port, ledger)
          yield* bench.catchUp
          edited = [...party.records()].sort((a, b) => (a.id < b.id ? -1 : 1))[0]?.id ?? ""
          party.edit(edited, { name: "Edited by hand" })
          yield* bench.catchUp
        }
        yield* readOn(port, ledger)
        return true
      }),
      problems: () => {
        const names = new Map(
          ledger.changes.flatMap((change) =>
            change._tag === "Upserted" ? [[change.id, (change.record as { name?: string }).name] as const] : [],
          ),
        )
        return [
          ...bench.party
            .records()
            .flatMap(({ id, name }) =>
              names.get(id) === name ? [] : [`${id} was last delivered as ${names.get(id)}`],
            ),
          ...ledger.twice.map((version) => `a version came twice: ${version}`),
        ]
      },
    }
  },
}
