/**
 * The loop around a reading: one run after the other, never two at once, by interval or calendar, sooner when a hint
 * comes, later when the vendor asks for it. A run that failed is run again and goes on from what it committed.
 *
 * ```ts
 * const poller = yield* Poller.make({ name: "customers", every: "1 minute", run: relayCustomers })
 * yield* Effect.forkScoped(poller.loop)
 * yield* poller.hint   // a webhook came
 * ```
 */
import * as Clock from "effect/Clock"
import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import * as Backoff from "./Backoff.ts"
import type { ConnectorError } from "./ConnectorError.ts"
import * as Telemetry from "./Telemetry.ts"

/** `hint`: it was woken. `retry`: the run before failed. `late`: at least one time of the schedule had passed. */
export type Trigger = "start" | "schedule" | "late" | "hint" | "retry"

/** What became of one run. Times are milliseconds by our clock. */
export interface Report {
  readonly name: string
  readonly trigger: Trigger
  readonly startedAt: number
  readonly tookMillis: number
  readonly error?: ConnectorError
  /** Since when everything is known to be read: the start of the last run that succeeded. Absent before the first. */
  readonly readUntil?: number
  /** How old that is now. */
  readonly lagMillis?: number
  /** Until the next run, unless a hint comes; after a failure hints wait too. */
  readonly waitMillis: number
}

export interface Options<R> {
  readonly name: string
  /** Reads from the committed cursor until it has caught up. */
  readonly run: Effect.Effect<unknown, ConnectorError, R>
  /** Between the starts of two runs, or a calendar. A run that takes longer is followed by one run, not by many. */
  readonly every: Duration.Input | Cron.Cron
  /** Up to so much is added to each wait, evenly drawn, so that many pollers do not call at once. Defaults to none. */
  readonly jitter?: Duration.Input
  /** After failures that name no time. Defaults to one second, doubling up to five minutes. */
  readonly backoff?: Backoff.Backoff
  /** How long to wait after a hint, for a source that shows a change later than it tells of it. Defaults to none. */
  readonly settle?: Duration.Input
  /** For a spent allowance of which nobody knows when it is renewed. Defaults to an hour. */
  readonly parked?: Duration.Input
  /** When the last run started that succeeded, for a process that was away. Then the first run waits for its time. */
  readonly lastStart?: number
  readonly onReport?: (report: Report) => Effect.Effect<void>
}

export interface Poller<R> {
  /** Never ends by itself. Interrupting it ends the run under way and starts no other. */
  readonly loop: Effect.Effect<never, never, R>
  /** Asks for a run soon. Any number of hints before it starts are one; one during a run is one more run. */
  readonly hint: Effect.Effect<void>
}

interface Standing {
  readonly trigger: Trigger
  readonly failures: number
  readonly readUntil?: number
}

const BACKOFF: Backoff.Backoff = { base: Duration.seconds(1), cap: Duration.minutes(5) }

/** No park is shorter: a renewal that is past by our clock may not be by theirs. */
const SHORTEST_PARK = 60_000

const millis = (input: Duration.Input | undefined, otherwise: Duration.Input): number =>
  Duration.toMillis(Duration.fromInputUnsafe(input ?? otherwise))

/** When the run after one that started at `start` is due. */
const dueAfter = (every: Duration.Input | Cron.Cron, start: number): number =>
  Cron.isCron(every) ? Cron.next(every, new Date(start)).getTime() : start + millis(every, 0)

/** How long a failed run waits, at least. */
const afterFailure = <R>(
  options: Options<R>,
  error: ConnectorError,
  failures: number,
  now: number,
): Effect.Effect<number> => {
  if (error.reason._tag === "QuotaExhausted") {
    const renewed = error.reason.resetsAt === undefined ? Number.NaN : Date.parse(error.reason.resetsAt)
    const park = Number.isNaN(renewed) ? millis(options.parked, "1 hour") : renewed - now
    return Effect.succeed(Math.max(SHORTEST_PARK, park))
  }
  if (error.retryAfter !== undefined) return Effect.succeed(Duration.toMillis(error.retryAfter))
  return Effect.map(Backoff.millis(options.backoff ?? BACKOFF, failures), (wait) => Math.max(wait, 1))
}

const jitter = <R>(options: Options<R>): Effect.Effect<number> =>
  Effect.map(Random.next, (draw) => Math.floor(draw * millis(options.jitter, 0)))

/** Waits for the time or, if it comes first, for a hint and then until the source shows what it told of. */
const wait = <R>(options: Options<R>, hints: Queue.Queue<true>, forMillis: number): Effect.Effect<Trigger> =>
  Effect.raceFirst(
    Effect.as(Effect.sleep(Duration.millis(forMillis)), "schedule" as const),
    Effect.as(Queue.take(hints), "hint" as const),
  ).pipe(Effect.tap((woken) => (woken === "hint" ? Effect.sleep(millis(options.settle, 0)) : Effect.void)))

export const make = <R = never>(options: Options<R>): Effect.Effect<Poller<R>> =>
  Effect.gen(function* () {
    const hints = yield* Queue.sliding<true>(1)

    const tell = (report: Report): Effect.Effect<void> =>
      Effect.gen(function* () {
        const attributes = { poller: options.name }
        const outcome = report.error?.reason._tag ?? "ok"
        yield* Metric.update(Metric.withAttributes(Telemetry.pollRuns, { ...attributes, outcome }), 1)
        if (report.lagMillis !== undefined)
          yield* Metric.update(Metric.withAttributes(Telemetry.pollLag, attributes), report.lagMillis)
        if (options.onReport !== undefined) yield* options.onReport(report)
      })

    const once = (standing: Standing): Effect.Effect<Standing, never, R> =>
      Effect.gen(function* () {
        // What came before the start is answered by this run.
        yield* Queue.clear(hints)
        const startedAt = yield* Clock.currentTimeMillis
        const result = yield* Effect.result(options.run)
        const now = yield* Clock.currentTimeMillis
        const error = result._tag === "Failure" ? result.failure : undefined
        const readUntil = error === undefined ? startedAt : standing.readUntil
        const failures = error === undefined ? 0 : standing.failures + 1
        const due = dueAfter(options.every, startedAt)
        const late = due <= now
        const waitMillis =
          error === undefined
            ? Math.max(0, due - now) + (yield* jitter(options))
            : yield* afterFailure(options, error, failures, now)
        const known = readUntil === undefined ? {} : { readUntil, lagMillis: now - readUntil }
        const report = {
          name: options.name,
          trigger: standing.trigger,
          startedAt,
          tookMillis: now - startedAt,
          waitMillis,
          ...known,
        }
        yield* tell(error === undefined ? report : { ...report, error })
        const next = { failures, ...(readUntil === undefined ? {} : { readUntil }) }
        if (error !== undefined) {
          yield* Effect.sleep(Duration.millis(waitMillis))
          return { ...next, trigger: "retry" }
        }
        const woken = yield* wait(options, hints, waitMillis)
        return { ...next, trigger: woken === "schedule" && late ? "late" : woken }
      })

    const begin: Effect.Effect<Standing> = Effect.gen(function* () {
      if (options.lastStart === undefined) return { trigger: "start", failures: 0 }
      const left = dueAfter(options.every, options.lastStart) - (yield* Clock.currentTimeMillis)
      const trigger = left > 0 ? yield* wait(options, hints, left) : "late"
      return { trigger, failures: 0, readUntil: options.lastStart }
    })

    const forever = (standing: Standing): Effect.Effect<never, never, R> => Effect.flatMap(once(standing), forever)

    return {
      loop: Effect.flatMap(begin, forever),
      hint: Effect.asVoid(Queue.offer(hints, true)),
    }
  })
