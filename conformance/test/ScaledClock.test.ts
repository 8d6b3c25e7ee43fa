import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as ScaledClock from "../src/ScaledClock.ts"

const START = Date.UTC(2026, 5, 1)

describe("the scaled clock", () => {
  it("passes ten minutes in a sixth of a second, and never wakes anybody early", async () => {
    const clock = ScaledClock.make(ScaledClock.begin({ factor: 6000, start: START }))
    const began = process.hrtime.bigint()
    const nap = Effect.gen(function* () {
      const before = yield* Clock.currentTimeMillis
      yield* Effect.sleep("10 seconds")
      return (yield* Clock.currentTimeMillis) - before
    })
    const naps = await Effect.runPromise(clock.provide(Effect.all(Array.from({ length: 60 }, () => nap))))
    const real = Number(process.hrtime.bigint() - began) / 1e6
    for (const slept of naps) expect(slept).toBeGreaterThanOrEqual(9_999)
    expect(real).toBeGreaterThan(95)
    expect(real).toBeLessThan(2_000)
  })

  it("shows two processes the same time, program and twin alike", async () => {
    const scale = ScaledClock.begin({ factor: 100, start: START })
    const one = ScaledClock.make(scale)
    const other = ScaledClock.make(JSON.parse(JSON.stringify(scale)))
    expect(Math.abs(one.now() - other.now())).toBeLessThan(200)
    const before = one.now()
    await other.sleep(1_000)
    expect(one.now() - before).toBeGreaterThanOrEqual(999)
    expect(await Effect.runPromise(one.provide(Clock.currentTimeMillis))).toBeGreaterThanOrEqual(before + 999)
  })

  it("is the real time when it is not hastened", () => {
    expect(Math.abs(ScaledClock.system().now() - Date.now())).toBeLessThan(50)
  })
})
