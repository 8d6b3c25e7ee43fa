import * as VirtualClock from "@mortise/conformance/VirtualClock"
import { ConnectorError } from "@mortise/core/ConnectorError"
import * as RateLimit from "@mortise/core/RateLimit"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import { assert, describe, it } from "vitest"
import { busiest, inVirtualTime, request, START } from "./support/limited.ts"

const burst = { name: "burst", requests: 100, window: Duration.seconds(10), source: "test" }
const search = { name: "search", traffic: ["search"], requests: 5, window: Duration.seconds(1), source: "test" }

const limiter = (limits: ReadonlyArray<RateLimit.Limit>, options: Partial<RateLimit.Options> = {}) =>
  RateLimit.make({ system: "acme", limits, patience: Duration.hours(10), ...options })

const many = <A, E>(count: number, effect: (index: number) => Effect.Effect<A, E>, concurrency: number | "unbounded") =>
  Effect.forEach(
    Array.from({ length: count }, (_, index) => index),
    effect,
    { concurrency },
  )

describe("a limit that can be known ahead", () => {
  for (const fibers of [1, 16, 2000] as const) {
    it(`never answers 429 and keeps 95 % of the rate, with ${fibers} fibers`, async () => {
      const arrivals: Array<number> = []
      const { millis } = await inVirtualTime(
        Effect.gen(function* () {
          const limits = yield* limiter([burst])
          yield* many(2000, () => request(limits, "any", (at) => arrivals.push(at)), fibers)
        }),
      )
      assert.strictEqual(arrivals.length, 2000)
      assert.isAtMost(busiest(arrivals, 10_000), 100)
      const least = RateLimit.minimumMillis([burst], { any: 2000 })
      assert.strictEqual(least, 190_000)
      assert.isAtLeast(least / millis, 0.95)
    })
  }

  it("holds though journeys take between 5 and 200 ms, over 40 seeds", async () => {
    let slowest = 1
    for (let seed = 1; seed <= 40; seed++) {
      const arrivals: Array<number> = []
      const { millis } = await inVirtualTime(
        Effect.gen(function* () {
          const limits = yield* limiter([burst])
          const journey = (index: number) =>
            Effect.flatMap(Random.nextIntBetween(5, 200), (way) =>
              request(limits, `class${index % 3}`, (at) => arrivals.push(at), way),
            )
          yield* many(1000, journey, 200)
        }).pipe(Random.withSeed(seed)),
      )
      assert.isAtMost(busiest(arrivals, 10_000), 100, `seed ${seed}`)
      slowest = Math.min(slowest, RateLimit.minimumMillis([burst], { any: 1000 }) / millis)
    }
    assert.isAtLeast(slowest, 0.95)
  })

  it("spends two limits at once, and the narrow one holds nobody back who does not need it", async () => {
    const arrivals = { search: [] as Array<number>, object: [] as Array<number> }
    await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([burst, search])
        const send = (traffic: "search" | "object") => request(limits, traffic, (at) => arrivals[traffic].push(at))
        yield* many(120, (index) => send(index < 60 ? "search" : "object"), "unbounded")
      }),
    )
    assert.isAtMost(busiest(arrivals.search, 1000), 5)
    assert.isAtMost(busiest([...arrivals.search, ...arrivals.object], 10_000), 100)
    assert.isAtMost(Math.max(...arrivals.object), START, "objects waited for the searches in front of them")
    assert.isAtLeast(Math.max(...arrivals.search), START + 11_000)
  })

  it("does not starve the class with the narrow limit when the others keep the wide one full", async () => {
    const wide = { name: "wide", requests: 10, window: Duration.seconds(1), source: "test" }
    const searches: Array<number> = []
    await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([wide, { ...search, requests: 2 }])
        const objects = many(600, () => request(limits, "object", () => {}), "unbounded")
        const asked = many(40, () => request(limits, "search", (at) => searches.push(at)), "unbounded")
        yield* Effect.all([objects, asked], { concurrency: 2 })
      }),
    )
    assert.isAtMost(busiest(searches, 1000), 2)
    assert.isAtMost(Math.max(...searches) - START, 90_000)
  })

  it("lets requests of a class go in the order in which they came", async () => {
    const order: Array<number> = []
    await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([{ ...burst, requests: 3, concurrency: 2 }])
        yield* many(30, (index) => request(limits, "any", () => order.push(index), 5), "unbounded")
      }),
    )
    assert.deepStrictEqual(
      order,
      [...order].sort((a, b) => a - b),
    )
  })

  it("keeps a place until the answer has come, where the slack is the whole window", async () => {
    const arrivals: Array<number> = []
    await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([{ ...burst, requests: 2 }], { slack: 1 })
        yield* request(limits, "any", (at) => arrivals.push(at))
        // The second one is on its way for 9 s; without the slack its place would be free while the server counts it.
        yield* Effect.forkChild(request(limits, "any", (at) => arrivals.push(at), 9000))
        yield* Effect.sleep("1 second")
        yield* many(3, () => request(limits, "any", (at) => arrivals.push(at)), "unbounded")
      }),
    )
    assert.isAtMost(busiest(arrivals, 10_000), 2)
  })
})

describe("a wait that is too long", () => {
  it("is Throttled at once, with the time to wait", async () => {
    const { value, millis } = await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([burst], { patience: Duration.seconds(15) })
        yield* many(300, () => Effect.exit(request(limits, "any", () => {})), "unbounded")
        return yield* Effect.flip(Effect.scoped(limits.take("any", { patience: Duration.seconds(1) })))
      }),
    )
    assert.instanceOf(value, ConnectorError)
    assert.strictEqual(value.reason._tag, "Throttled")
    const wait = Duration.toMillis(value.retryAfter ?? Duration.zero)
    assert.isAbove(wait, 1000)
    assert.isAtMost(wait, 11_000)
    assert.isBelow(millis, 15_000)
  })

  it("ends for everybody in the queue when the vendor closes the door for an hour", async () => {
    const { value, millis } = await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([{ ...burst, requests: 1 }], { patience: Duration.minutes(5) })
        yield* request(limits, "any", () => {})
        const queue = yield* Effect.forkChild(
          many(20, () => Effect.exit(request(limits, "any", () => {})), "unbounded"),
        )
        yield* Effect.sleep("1 second")
        yield* limits.feedback("any", { throttled: true, retryAfter: Duration.hours(1) })
        return yield* Fiber.join(queue)
      }),
    )
    assert.strictEqual(value.length, 20)
    assert.isTrue(value.every(Exit.isFailure))
    assert.isBelow(millis, 2000)
  })
})

describe("a 429", () => {
  it("closes its class until the time that the vendor named, and no other class", async () => {
    const at = { search: [] as Array<number>, object: [] as Array<number> }
    await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([burst, search])
        yield* limits.feedback("search", { throttled: true, retryAfter: Duration.seconds(7) })
        yield* Effect.all(
          [
            request(limits, "search", (now) => at.search.push(now)),
            request(limits, "object", (now) => at.object.push(now)),
          ],
          { concurrency: 2 },
        )
      }),
    )
    assert.deepStrictEqual(at.search, [START + 7000])
    assert.deepStrictEqual(at.object, [START])
  })

  it("closes every class of the limit that it names", async () => {
    const arrivals: Array<number> = []
    await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([burst, search])
        yield* limits.feedback("search", { limit: "burst", throttled: true, retryAfter: Duration.seconds(7) })
        yield* request(limits, "object", (at) => arrivals.push(at))
      }),
    )
    assert.deepStrictEqual(arrivals, [START + 7000])
  })

  it("without a time to wait is answered by waits that are drawn by chance and grow", async () => {
    const waits = async (seed: number): Promise<ReadonlyArray<number>> => {
      const { value } = await inVirtualTime(
        Effect.gen(function* () {
          const limits = yield* limiter([burst])
          const refused: Array<number> = []
          const refuse = Effect.scoped(
            Effect.gen(function* () {
              yield* limits.take("any")
              refused.push(yield* Clock.currentTimeMillis)
              yield* limits.feedback("any", { throttled: true })
            }),
          )
          yield* many(8, () => refuse, 1)
          return refused.slice(1).map((at, index) => at - (refused[index] ?? 0))
        }).pipe(Random.withSeed(seed)),
      )
      return value
    }
    const seeds = Array.from({ length: 30 }, (_, index) => index + 1)
    const drawn = await Promise.all(seeds.map(waits))
    const mean = (round: number) => drawn.reduce((sum, each) => sum + (each[round] ?? 0), 0) / drawn.length
    assert.isAbove(new Set(drawn.map(([first]) => first)).size, 20, "the waits are not drawn by chance")
    assert.isTrue(drawn.every((each) => each.every((wait, round) => wait <= Math.min(60_000, 1000 * 2 ** round))))
    assert.isAbove(mean(3), 4 * mean(0))
    assert.isAbove(mean(6), 3 * mean(3))
    assert.deepStrictEqual(await waits(7), drawn[6])
  })

  it("lowers how many are open at once, a volley counting once; success raises it again", async () => {
    const openAtOnce = (limits: RateLimit.Limiter) =>
      Effect.gen(function* () {
        let open = 0
        let most = 0
        const one = Effect.scoped(
          Effect.gen(function* () {
            yield* limits.take("any")
            open += 1
            most = Math.max(most, open)
            yield* Effect.sleep("1 second")
            open -= 1
          }),
        )
        yield* many(40, () => one, "unbounded")
        return most
      })
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([{ name: "seats", concurrency: 16, source: "test" }])
        const before = yield* openAtOnce(limits)
        const refused = Effect.scoped(
          Effect.gen(function* () {
            yield* limits.take("any")
            yield* Effect.sleep("1 second")
            yield* limits.feedback("any", { throttled: true, retryAfter: Duration.seconds(1) })
          }),
        )
        yield* many(16, () => refused, "unbounded")
        yield* Effect.sleep("2 seconds")
        const after = yield* openAtOnce(limits)
        for (let round = 0; round < 10; round++) yield* openAtOnce(limits)
        return { before, after, recovered: yield* openAtOnce(limits) }
      }),
    )
    assert.strictEqual(value.before, 16)
    assert.isAtLeast(value.after, 8, "one volley was counted more than once")
    assert.isBelow(value.after, 14)
    assert.strictEqual(value.recovered, 16)
  })

  it("and nothing but a 429 lowers it", async () => {
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([{ name: "seats", concurrency: 4, source: "test" }])
        const failing = Effect.scoped(Effect.andThen(limits.take("any"), Effect.fail("broken")))
        yield* many(50, () => Effect.exit(failing), "unbounded")
        let open = 0
        let most = 0
        const one = Effect.scoped(
          Effect.gen(function* () {
            yield* limits.take("any")
            open += 1
            most = Math.max(most, open)
            yield* Effect.sleep("1 second")
            open -= 1
          }),
        )
        yield* many(20, () => one, "unbounded")
        return most
      }),
    )
    assert.strictEqual(value, 4)
  })
})

describe("what the vendor tells of its count", () => {
  it("makes room for the requests of others on the account, and takes it back when they are gone", async () => {
    const arrivals: Array<number> = []
    await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([burst])
        yield* Effect.scoped(
          Effect.andThen(limits.take("any"), limits.feedback("any", { remaining: 9, resetMillis: 4000 })),
        )
        yield* many(50, () => request(limits, "any", (at) => arrivals.push(at)), "unbounded")
      }),
    )
    assert.strictEqual(arrivals.filter((at) => at === START).length, 9)
    assert.strictEqual(arrivals.filter((at) => at === START + 4000).length, 41)
  })

  it("is believed when it gets better: the newest count stands", async () => {
    const arrivals: Array<number> = []
    await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([burst])
        yield* limits.feedback("any", { remaining: 0 })
        yield* limits.feedback("any", { remaining: 60 })
        yield* many(60, () => request(limits, "any", (at) => arrivals.push(at)), "unbounded")
      }),
    )
    assert.isTrue(arrivals.every((at) => at === START))
  })

  it("raises the limit where the tariff is larger than ours says", async () => {
    const arrivals: Array<number> = []
    await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([burst])
        yield* limits.feedback("any", { limit: "burst", requests: 190 })
        yield* many(190, () => request(limits, "any", (at) => arrivals.push(at)), "unbounded")
      }),
    )
    assert.isTrue(arrivals.every((at) => at === START))
  })
})

describe("an allowance of the day", () => {
  const daily = { name: "daily", requests: 10, window: Duration.days(1), quota: true, source: "test" }

  it("ends in QuotaExhausted and not in a wait, and is there again after its reset", async () => {
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([daily])
        const exits = yield* many(12, () => Effect.exit(request(limits, "any", () => {})), "unbounded")
        const spent = yield* Effect.flip(request(limits, "any", () => {}))
        yield* Effect.sleep("24 hours")
        yield* request(limits, "any", () => {})
        return { failed: exits.filter(Exit.isFailure).length, spent }
      }),
    )
    assert.strictEqual(value.failed, 2)
    assert.strictEqual(value.spent.reason._tag, "QuotaExhausted")
    assert.include(value.spent.message, "2026-01-02T00:00:00.000Z")
  })

  it("is spent when the vendor says so, until the instant that it names", async () => {
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([burst])
        yield* limits.feedback("any", { throttled: true, quota: true, quotaResetsAt: "2026-01-01T05:00:00Z" })
        const spent = yield* Effect.flip(request(limits, "other", () => {}))
        yield* Effect.sleep("5 hours")
        yield* request(limits, "other", () => {})
        return spent
      }),
    )
    assert.strictEqual(value.reason._tag, "QuotaExhausted")
  })
})

describe("interruption", () => {
  it("leaves no place taken and no timer behind", async () => {
    const clock = VirtualClock.make({ start: START })
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([{ name: "one", requests: 1, window: Duration.hours(1), source: "t" }])
        yield* request(limits, "any", () => {})
        const waiting = yield* Effect.forkChild(many(5, () => request(limits, "any", () => {}), "unbounded"))
        yield* Effect.sleep("1 second")
        const armed = clock.sleepers().length
        yield* Fiber.interrupt(waiting)
        const left = clock.sleepers().length
        yield* Effect.sleep("1 hour")
        yield* request(limits, "any", () => {})
        return { armed, left }
      }),
      clock,
    )
    assert.isAbove(value.armed, 0)
    assert.strictEqual(value.left, 0)
  })

  it("of one who was let go in the same moment gives the place to the next", async () => {
    const { millis } = await inVirtualTime(
      Effect.gen(function* () {
        const limits = yield* limiter([{ name: "one", concurrency: 1, source: "t" }])
        const holder = yield* Scope.make()
        yield* Scope.provide(limits.take("any"), holder)
        const waiting = yield* Effect.forkChild(Effect.scoped(Effect.andThen(limits.take("any"), Effect.never)))
        yield* Effect.sleep("1 second")
        yield* Scope.close(holder, Exit.void)
        yield* Fiber.interrupt(waiting)
        yield* request(limits, "any", () => {})
      }),
    )
    assert.strictEqual(millis, 1000)
  })
})

describe("limits that make no sense", () => {
  it("are Invalid, each named with its mend", async () => {
    const { value } = await inVirtualTime(
      Effect.flip(
        limiter([
          { name: "zero", requests: 0, window: Duration.seconds(1), source: "t" },
          { name: "half", requests: 5, source: "t" },
          { name: "empty", source: "t" },
        ]),
      ),
    )
    assert.strictEqual(value.reason._tag, "Invalid")
    assert.match(value.message, /zero.*whole number.*half.*belong together.*empty.*limits nothing/)
  })
})

describe("the least time", () => {
  it("is that of the narrowest limit, quotas and other classes left out", () => {
    const limits = [burst, search, { name: "day", requests: 10, window: Duration.days(1), quota: true, source: "t" }]
    assert.strictEqual(RateLimit.minimumMillis(limits, { search: 26, object: 75 }), 10_000)
    assert.strictEqual(RateLimit.minimumMillis(limits, { search: 100 }), 19_000)
    assert.strictEqual(RateLimit.minimumMillis(limits, { object: 100 }), 0)
    assert.strictEqual(RateLimit.minimumMillis(limits, {}), 0)
  })
})
