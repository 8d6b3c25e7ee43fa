/** The night in which the site's clock is put back, and an hour comes twice. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

/** New York: ten minutes to two, ten minutes before the clock is put back to one. */
const BEFORE = Date.UTC(2026, 10, 1, 5, 50)

describe("a record that is saved again in the hour that comes twice", () => {
  it("is told, once, though it is stamped earlier than what was told of it", async () => {
    const bench = Bench.make({ start: BEFORE })
    bench.world.seed("Customer", [Seeds.customer(1, { $modified: BEFORE })])
    const save = (website: string) => bench.world.edit("Customer", "Customer 0001", { website })
    const told = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        save("https://first.example")
        const first = yield* Bench.readAll(Account)
        yield* Effect.sleep("20 minutes")
        save("https://second.example")
        const second = yield* Bench.readAll(Account, { cursor: first.cursor })
        yield* Effect.sleep("6 hours")
        const third = yield* Bench.readAll(Account, { cursor: second.cursor })
        return [first, second, third].map(({ changes }) => Bench.upserted(changes).map(({ record }) => record.web))
      }),
    )
    expect(told).toEqual([["https://first.example"], ["https://second.example"], []])
  })
})
