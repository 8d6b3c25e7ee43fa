import * as Effect from "effect/Effect"
import type { Scenario } from "../kit/Scenario.ts"
import { settled } from "../kit/Settling.ts"

/** Where a request carries one record, so many show what happens between them. */
const SINGLES = 5

export const batch: Scenario = {
  id: "batch",
  says: "more records than one request carries are written",
  needs: ["writes"],
  play: (bench) => ({
    program: Effect.gen(function* () {
      const { party } = bench
      const port = party.port(yield* bench.connect())
      const count = port.features.batchSize > 1 ? port.features.batchSize + 3 : SINGLES
      return settled(yield* port.upsert(Array.from({ length: count }, (_, n) => party.write(n))))
    }),
    problems: () => [],
  }),
}
