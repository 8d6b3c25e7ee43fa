/** The night in which the account's clock is put back, and an hour comes twice. */
import * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { NetSuiteConfig } from "../src/Config.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const ZONE = "America/Los_Angeles"
/** Ten minutes to two, ten minutes before the clock is put back to one. */
const BEFORE = Date.UTC(2026, 10, 1, 8, 50)

const night = (): Bench.Bench => {
  const clock = VirtualClock.make({ start: BEFORE })
  const twin = NetSuiteTwin.make({ clock, spec: NetSuiteTwin.spec(), knobs: { zoneName: ZONE } })
  return { clock, twin, world: twin.world }
}

/** What four readings tell of a customer that is saved before the clock is put back, and again after. */
const told = (bench: Bench.Bench, config: NetSuiteConfig) => {
  const [customer] = bench.world.seed("customer", [Seeds.customer(1, { $modified: BEFORE - Seeds.HOUR })])
  const save = (companyName: string) => bench.world.edit("customer", customer?.id ?? "", { companyName })
  return Bench.use(bench, config, ({ ports: { Account } }) =>
    Effect.gen(function* () {
      save("First")
      yield* Effect.sleep("3 minutes")
      const first = yield* Bench.readAll(Account)
      yield* Effect.sleep("17 minutes")
      save("Second")
      yield* Effect.sleep("3 minutes")
      const second = yield* Bench.readAll(Account, { cursor: first.cursor })
      const third = yield* Bench.readAll(Account, { cursor: second.cursor })
      yield* Effect.sleep("6 hours")
      const fourth = yield* Bench.readAll(Account, { cursor: third.cursor })
      return [first, second, third, fourth].map(({ changes }) =>
        Bench.upserted(changes).map(({ record }) => record.name),
      )
    }),
  )
}

describe("a record that is saved again in the hour that comes twice", () => {
  it("is told, once, though it is stamped earlier than what was told of it", async () => {
    const bench = night()
    expect(await told(bench, Bench.options(bench, { timeZone: ZONE }))).toEqual([["First"], ["Second"], [], []])
  })

  it("is told where the zone is measured", async () => {
    const bench = night()
    const { timeZone: _, ...config } = Bench.options(bench)
    const [first, second] = await told(bench, config)
    expect([first, second?.at(-1)]).toEqual([["First"], "Second"])
  })
})
