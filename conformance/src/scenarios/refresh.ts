import * as Effect from "effect/Effect"
import { need } from "../kit/Need.ts"
import type { Scenario } from "../kit/Scenario.ts"
import { settled } from "../kit/Settling.ts"

export const refresh: Scenario = {
  id: "refresh",
  says: "a token expires between two writes",
  needs: ["writes", "oauth"],
  play: (bench) => ({
    program: Effect.gen(function* () {
      const { party } = bench
      const port = party.port(yield* bench.connect({ oauth: true }))
      const first = yield* port.upsert([party.write(1)])
      yield* Effect.sleep(need(bench.tokens, "oauth").lifetimeMillis + 1_000)
      return settled(first) && settled(yield* port.upsert([party.write(2)]))
    }),
    problems: () => [],
  }),
}
