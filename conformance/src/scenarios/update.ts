import * as Effect from "effect/Effect"
import type { Scenario } from "../kit/Scenario.ts"
import { settled } from "../kit/Settling.ts"

export const update: Scenario = {
  id: "update",
  says: "a record that is there gets another name and keeps the rest, and one is written as it stands",
  needs: ["writes"],
  before: (bench) =>
    Effect.gen(function* () {
      const { party } = bench
      const port = party.port(yield* bench.connect())
      yield* port.upsert([party.write(1, { name: "Before", phone: "+49 30 1" }), party.write(2)])
    }),
  play: (bench) => ({
    program: Effect.gen(function* () {
      const { party } = bench
      const port = party.port(yield* bench.connect())
      return settled(yield* port.upsert([party.write(1, { name: "After" }), party.write(2)]))
    }),
    problems: () => [],
  }),
}
