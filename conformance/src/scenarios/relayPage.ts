import { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Relaying from "../kit/Relaying.ts"
import type { Scenario } from "../kit/Scenario.ts"

const ROWS: Relaying.Rows = [
  ...Array.from({ length: 4 }, (_, n) => ({ id: `R${n}`, fields: { name: `Relayed ${n}` } })),
  { id: "R1", fields: { name: "Relayed again" } },
]

export const relayPage: Scenario = {
  id: "relay-page",
  says: "a page of records of another system is relayed, and one of them once more",
  needs: ["writes"],
  play: (bench) => ({
    program: Effect.gen(function* () {
      const { rejected } = yield* Relaying.intoParty(bench, ROWS)
      const left = yield* (yield* StateStore).deadLetters(Relaying.NAME, { limit: 10 })
      return Object.keys(rejected).length === 0 && left.length === 0
    }),
    problems: () => [],
  }),
}
