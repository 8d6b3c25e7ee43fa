import { describe, expect, it } from "vitest"
import * as Limits from "../src/Limits.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

describe("limits", () => {
  it("are what may run at once, and in an older environment what a user had in five minutes", () => {
    expect(Limits.of(4, false)).toMatchObject([{ concurrency: 4 }])
    expect(Limits.of(100, true)).toMatchObject([{ concurrency: 52 }, { requests: 6000 }])
    for (const { source } of Limits.of(4, true)) expect(source).not.toBe("")
  })

  it("of an older environment are waited for, and not run into", async () => {
    const bench = Bench.make({ knobs: { perUserRequests: 6000 } })
    bench.world.seed("CustomersV3", Seeds.customers(1), Bench.COMPANY)
    const read = async (userLimits: boolean) => {
      bench.twin.journal.clear()
      await Bench.use(bench, Bench.options(bench, { userLimits }), ({ ports }) => ports.Account.get(["C-00000"]))
      return bench.twin.journal.lines.map(({ status }) => status)
    }
    expect((await read(true)).every((status) => status === 200)).toBe(true)
    bench.world.knobs.perUserRequests = 1
    bench.world.knobs.retryAfter = "60"
    const before = bench.clock.now()
    const statuses = await read(false)
    expect(statuses).toContain(429)
    expect(statuses.at(-1)).toBe(200)
    expect(bench.clock.now() - before).toBeGreaterThanOrEqual(60_000)
  })
})
