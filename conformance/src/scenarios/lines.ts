import * as Effect from "effect/Effect"
import { need } from "../kit/Need.ts"
import type { Scenario } from "../kit/Scenario.ts"
import { settled } from "../kit/Settling.ts"
import { portOf } from "../kit/Subject.ts"

export const lines: Scenario = {
  id: "lines",
  says: "an order with two lines is written, and then one of its quantities",
  needs: ["writes", "lines"],
  before: (bench) => Effect.andThen(need(bench.lined, "lines").enter, Effect.asVoid(bench.connect())),
  play: (bench) => ({
    program: Effect.gen(function* () {
      const lined = need(bench.lined, "lines")
      const port = portOf(yield* bench.connect(), lined.entity)
      const write = (quantity: string) =>
        lined.write(1, [
          { key: "a", product: "BOLT", quantity },
          { key: "b", product: "NUT", quantity: "2" },
        ])
      const first = yield* port.upsert([write("1")])
      yield* bench.catchUp
      return settled(first) && settled(yield* port.upsert([write("7")]))
    }),
    problems: () => [],
  }),
}
