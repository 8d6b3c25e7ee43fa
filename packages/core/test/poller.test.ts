import * as VirtualClock from "@mortise/conformance/VirtualClock"
import { ConnectorError, QuotaExhausted, type Reason, Throttled, Unavailable } from "@mortise/core/ConnectorError"
import * as Poller from "@mortise/core/Poller"
import * as Telemetry from "@mortise/core/Telemetry"
import * as Clock from "effect/Clock"
import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import { assert, describe, it } from "vitest"

const START = Date.UTC(2026, 0, 14, 9, 0, 0)
const error = (reason: Reason) => new ConnectorError({ system: "acme", reason })

interface Watched {
  readonly starts: Array<number>
  readonly reports: Array<Poller.Report>
}

type Run = (number: number) => Effect.Effect<unknown, ConnectorError>

/** Runs a poller for so long and tells when its runs began, in seconds since the start. */
const watch = async (
  options: Omit<Poller.Options<never>, "run" | "name"> & { readonly run?: Run },
  forLong: Duration.Input,
  meanwhile: (poller: Poller.Poller<never>) => Effect.Effect<unknown> = () => Effect.void,
): Promise<Watched> => {
  const clock = VirtualClock.make({ start: START })
  const watched: Watched = { starts: [], reports: [] }
  const run = Effect.suspend(() => {
    watched.starts.push((clock.now() - START) / 1000)
    return options.run?.(watched.starts.length) ?? Effect.void
  })
  const exit = await clock.run(
    Effect.gen(function* () {
      const poller = yield* Poller.make({
        ...options,
        name: "customers",
        run,
        onReport: (report) => Effect.sync(() => watched.reports.push(report)),
      })
      const loop = yield* Effect.forkChild(poller.loop)
      yield* Effect.forkChild(meanwhile(poller))
      yield* Effect.sleep(forLong)
      yield* Fiber.interrupt(loop)
    }).pipe(Random.withSeed("poller")),
  )
  if (exit instanceof VirtualClock.Stuck) throw exit
  if (Exit.isFailure(exit)) throw new Error(String(exit.cause))
  return watched
}

const after = (duration: Duration.Input, poller: Poller.Poller<never>) =>
  Effect.andThen(Effect.sleep(duration), poller.hint)

describe("a poller by interval", () => {
  it("runs at once and then in the interval, counted from start to start", async () => {
    const { starts, reports } = await watch({ every: "60 seconds", run: () => Effect.sleep("10 seconds") }, "3 minutes")
    assert.deepStrictEqual(starts, [0, 60, 120])
    assert.deepStrictEqual(
      reports.map(({ trigger, tookMillis }) => [trigger, tookMillis]),
      [
        ["start", 10_000],
        ["schedule", 10_000],
        ["schedule", 10_000],
      ],
    )
  })

  it("never runs twice at once: a run longer than the interval is followed by one run", async () => {
    let open = 0
    let most = 0
    const run: Run = (number) =>
      Effect.gen(function* () {
        most = Math.max(most, ++open)
        yield* Effect.sleep(number === 1 ? "10 minutes" : "1 second")
        open -= 1
      })
    const { starts, reports } = await watch({ every: "1 minute", run }, "13 minutes")
    assert.strictEqual(most, 1)
    assert.deepStrictEqual(starts, [0, 600, 660, 720])
    assert.strictEqual(reports[1]?.trigger, "late")
  })

  it("draws its jitter within the given bound and by the seed", async () => {
    const { starts } = await watch({ every: "60 seconds", jitter: "20 seconds" }, "10 minutes")
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0))
    assert.isAbove(new Set(gaps).size, 3)
    for (const gap of gaps) assert.isTrue(gap >= 60 && gap <= 80, `a gap of ${gap}`)
    assert.deepStrictEqual((await watch({ every: "60 seconds", jitter: "20 seconds" }, "10 minutes")).starts, starts)
  })
})

describe("a poller after downtime", () => {
  it("catches up with one run, whatever number of times has passed", async () => {
    const { starts, reports } = await watch({ every: "60 seconds", lastStart: START - 86_400_000 }, "90 seconds")
    assert.deepStrictEqual(starts, [0, 60])
    assert.deepStrictEqual(
      reports.map(({ trigger }) => trigger),
      ["late", "schedule"],
    )
  })

  it("waits for its time when it was away for a moment only", async () => {
    const { starts } = await watch({ every: "60 seconds", lastStart: START - 20_000 }, "2 minutes")
    assert.deepStrictEqual(starts, [40, 100])
  })

  it("knows how old its knowledge is from before", async () => {
    const { reports } = await watch(
      {
        every: "60 seconds",
        lastStart: START - 3_600_000,
        run: () => Effect.fail(error(new Unavailable({ message: "down" }))),
      },
      "1 second",
    )
    assert.strictEqual(reports[0]?.lagMillis, 3_600_000)
  })
})

describe("a poller by calendar", () => {
  it("runs at the times of the calendar in its zone", async () => {
    const every = Result.getOrThrow(Cron.parse("*/15 10-17 * * *", "Europe/Berlin"))
    const { starts } = await watch({ every, lastStart: START }, "40 minutes")
    assert.deepStrictEqual(starts, [900, 1800])
  })

  it("makes up for several missed times with one run", async () => {
    const every = Result.getOrThrow(Cron.parse("*/15 * * * *", "UTC"))
    const { starts, reports } = await watch({ every, lastStart: START - 7_200_000 }, "16 minutes")
    assert.deepStrictEqual(starts, [0, 900])
    assert.deepStrictEqual(
      reports.map(({ trigger }) => trigger),
      ["late", "schedule"],
    )
  })
})

describe("a hint", () => {
  it("wakes the poller, and any number of them is one run", async () => {
    const { starts, reports } = await watch({ every: "1 hour" }, "30 minutes", (poller) =>
      Effect.andThen(
        Effect.sleep("10 seconds"),
        Effect.forEach([1, 2, 3, 4, 5], () => poller.hint),
      ),
    )
    assert.deepStrictEqual(starts, [0, 10])
    assert.strictEqual(reports[1]?.trigger, "hint")
  })

  it("during a run brings one run more", async () => {
    const run: Run = () => Effect.sleep("30 seconds")
    const { starts } = await watch({ every: "1 hour", run }, "30 minutes", (poller) =>
      Effect.andThen(after("10 seconds", poller), after("5 seconds", poller)),
    )
    assert.deepStrictEqual(starts, [0, 30])
  })

  it("is answered only after the source shows what it told of", async () => {
    const { starts } = await watch({ every: "1 minute", settle: "15 seconds" }, "100 seconds", (poller) =>
      after("55 seconds", poller),
    )
    assert.deepStrictEqual(starts, [0, 70])
  })

  it("is not forgotten when it came before the loop began", async () => {
    const { starts } = await watch({ every: "1 hour", lastStart: START - 1000 }, "1 minute", (poller) => poller.hint)
    assert.deepStrictEqual(starts, [0])
  })
})

describe("a poller that fails", () => {
  it("parks until a spent allowance is renewed, deaf to hints, and goes on", async () => {
    const resetsAt = new Date(START + 5 * 3_600_000).toISOString()
    const run: Run = (number) =>
      number === 1 ? Effect.fail(error(new QuotaExhausted({ message: "daily limit", resetsAt }))) : Effect.void
    const { starts, reports } = await watch({ every: "1 minute", run }, "302 minutes", (poller) =>
      after("1 hour", poller),
    )
    assert.deepStrictEqual(starts, [0, 18_000, 18_060])
    assert.strictEqual(reports[0]?.waitMillis, 18_000_000)
    assert.strictEqual(reports[1]?.trigger, "retry")
  })

  it("parks for an hour when nobody knows the renewal, and never for less than a minute", async () => {
    const unknown: Run = (number) =>
      number === 1 ? Effect.fail(error(new QuotaExhausted({ message: "spent" }))) : Effect.void
    assert.deepStrictEqual((await watch({ every: "2 hours", run: unknown }, "61 minutes")).starts, [0, 3600])
    const resetsAt = new Date(START - 1000).toISOString()
    const past: Run = (number) =>
      number === 1 ? Effect.fail(error(new QuotaExhausted({ message: "spent", resetsAt }))) : Effect.void
    assert.deepStrictEqual((await watch({ every: "2 hours", run: past }, "2 minutes")).starts, [0, 60])
  })

  it("waits as long as the vendor asks", async () => {
    const run: Run = (number) =>
      number === 1
        ? Effect.fail(error(new Throttled({ message: "slow", retryAfter: Duration.seconds(17) })))
        : Effect.void
    assert.deepStrictEqual((await watch({ every: "1 hour", run }, "1 minute")).starts, [0, 17])
  })

  it("backs off further with each failure and starts afresh after a success", async () => {
    const down = Effect.fail(error(new Unavailable({ message: "503" })))
    const run: Run = (number) => (number <= 6 || number === 8 ? down : Effect.void)
    const { reports } = await watch({ every: "1 minute", run }, "20 minutes")
    const waits = reports.slice(0, 8).map(({ waitMillis }) => waitMillis)
    for (const [index, wait] of waits.slice(0, 6).entries())
      assert.isTrue(wait >= 1 && wait <= 1000 * 2 ** index, `wait ${index} of ${wait}`)
    assert.isAbove(Math.max(...waits.slice(0, 6)), 1000)
    assert.isAtMost(waits[7] ?? 0, 1000)
  })

  it("tells how old its knowledge is, while it fails and afterwards", async () => {
    const run: Run = (number) =>
      number === 2
        ? Effect.fail(error(new Throttled({ message: "slow", retryAfter: Duration.minutes(10) })))
        : Effect.sleep("5 seconds")
    const { reports } = await watch({ every: "1 minute", run }, "12 minutes")
    assert.deepStrictEqual(
      reports.map(({ lagMillis, error: failed }) => [lagMillis, failed?.reason._tag]),
      [
        [5000, undefined],
        [60_000, "Throttled"],
        [5000, undefined],
      ],
    )
  })
})

describe("stopping a poller", () => {
  it("interrupts the run under way, closes what it holds and starts no other", async () => {
    const log: Array<string> = []
    const run: Run = () =>
      Effect.acquireUseRelease(
        Effect.sync(() => log.push("opened")),
        () => Effect.sleep("1 hour"),
        () => Effect.sync(() => log.push("closed")),
      )
    const { starts } = await watch({ every: "1 minute", run }, "10 minutes", (poller) => after("1 minute", poller))
    assert.deepStrictEqual(starts, [0])
    assert.deepStrictEqual(log, ["opened", "closed"])
  })
})

describe("the metrics of a poller", () => {
  it("count runs by outcome and show the lag", async () => {
    const clock = VirtualClock.make({ start: START })
    const attributes = { poller: "metrics" }
    const exit = await clock.run(
      Effect.gen(function* () {
        let runs = 0
        const run = Effect.suspend(() =>
          ++runs === 2 ? Effect.fail(error(new Unavailable({ message: "503" }))) : Effect.sleep("3 seconds"),
        )
        const poller = yield* Poller.make({ name: "metrics", every: "1 minute", run })
        const loop = yield* Effect.forkChild(poller.loop)
        yield* Effect.sleep("61 seconds")
        const ok = yield* Metric.value(Metric.withAttributes(Telemetry.pollRuns, { ...attributes, outcome: "ok" }))
        const failed = yield* Metric.value(
          Metric.withAttributes(Telemetry.pollRuns, { ...attributes, outcome: "Unavailable" }),
        )
        const lag = yield* Metric.value(Metric.withAttributes(Telemetry.pollLag, attributes))
        yield* Fiber.interrupt(loop)
        return [ok.count, failed.count, lag.value, yield* Clock.currentTimeMillis]
      }),
    )
    assert.deepStrictEqual(exit, Exit.succeed([1, 1, 60_000, START + 61_000]))
  })
})
