import * as Effect from "effect/Effect"
import type { Scenario } from "../kit/Scenario.ts"
import { settled } from "../kit/Settling.ts"

export const create: Scenario = {
  id: "create",
  says: "two records are created, one of them adopts what was there",
  needs: ["writes", "adoption"],
  prepare: ({ party }) => void party.enter(2, 1),
  play: (bench) => ({
    program: Effect.gen(function* () {
      const { party } = bench
      const port = party.port(yield* bench.connect())
      const records = [party.write(1), { ...party.write(2), adoptBy: [party.natural as never] }]
      return settled(yield* port.upsert(records))
    }),
    problems: () => [],
  }),
}
