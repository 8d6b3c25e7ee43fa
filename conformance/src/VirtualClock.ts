/**
 * Time for tests: one clock that the program, its store and the twins share, and that moves only when all of them wait.
 * It wakes only the earliest sleeper, and only when two turns of the event loop have passed without activity and no
 * counted real work is open. A request whose twin waits on this clock, or never answers, is no activity. No sleeper and
 * no work is the verdict {@link Stuck}.
 *
 * ```ts
 * const clock = VirtualClock.make({ start: Date.UTC(2026, 0, 1) })
 * const exit = await clock.run(Effect.sleep("30 days"))   // returns at once
 * clock.now()                                             // thirty days later
 * ```
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scheduler from "effect/Scheduler"
import { Activity } from "./internal/Activity.ts"
import { type Sleeper, Sleepers } from "./internal/Sleepers.ts"
import { trackCrypto, trackFetch } from "./internal/Tracked.ts"
import type { TwinClock } from "./twin/Twin.ts"

export type { Sleeper }

/** Nothing will ever happen again, and the program has not ended; or it ran past its limit of virtual time. */
export class Stuck extends Data.TaggedError("Stuck")<{
  readonly why: "nothingLeft" | "limit"
  readonly at: number
  /** Tracked requests that were never answered. */
  readonly openRequests: number
}> {
  override get message(): string {
    const when = new Date(this.at).toISOString()
    return this.why === "limit"
      ? `still running at ${when}, the limit of virtual time`
      : `no sleeper and no work at ${when}, with ${this.openRequests} tracked requests unanswered`
  }
}

export interface RunOptions {
  /** The verdict is {@link Stuck} when so much virtual time has passed; for loops that never end by themselves. */
  readonly limit?: Duration.Input
}

export interface VirtualClock extends TwinClock {
  /** For twins. `sleep(Infinity)` is a twin that never answers. */
  readonly sleep: (millis: number) => Promise<void>
  readonly now: () => number
  readonly clock: Clock.Clock
  /** Clock, scheduler and counted WebCrypto. Time moves by itself only inside `run`, `provide` and `layer`. */
  readonly context: Context.Context<never>
  /** Time moves while the layer is open. Nobody is told when the program is stuck: prefer `run`. */
  readonly layer: Layer.Layer<never>
  /** Time moves while the effect runs; a stuck one dies with {@link Stuck}. */
  readonly provide: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** A stuck program is left as it stands: nothing is interrupted. */
  readonly run: <A, E>(effect: Effect.Effect<A, E>, options?: RunOptions) => Promise<Exit.Exit<A, E> | Stuck>
  /** Time moves by itself until the drive is let go, or found stuck. What `run` is made of. */
  readonly drive: (options?: RunOptions) => Drive
  readonly view: () => View
  /** Lets so much time pass, waking whoever is due on the way, each only after the one before has come to rest. */
  readonly advance: (duration: Duration.Input) => Promise<void>
  /** Returns when everything has come to rest, without moving time. */
  readonly settle: () => Promise<void>
  /** Time stands still until the promise settles. For databases, child processes, files. */
  readonly work: <A>(promise: PromiseLike<A>) => Promise<A>
  /** Time stands still while the effect runs, though it waits for something that the clock cannot see. */
  readonly working: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** For a `fetch` that leaves the process or is intercepted. */
  readonly trackFetch: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch
  readonly trackCrypto: (crypto: Crypto) => Crypto
  readonly sleepers: () => ReadonlyArray<Sleeper>
}

/** A sight of the clock whose timers and scheduled tasks vanish together; nobody is told, and nothing is interrupted. */
export interface View {
  readonly clock: Clock.Clock
  readonly context: Context.Context<never>
  readonly vanish: () => void
}

export interface Drive {
  readonly stuck: Promise<Stuck>
  readonly letGo: () => void
}

interface Holder {
  readonly deadline: number
  readonly stuck: (verdict: Stuck) => void
}

const MILLI = 1_000_000n

export const make = (options: { readonly start: number }): VirtualClock => {
  const sleepers = new Sleepers()
  const activity = new Activity()
  const holders = new Set<Holder>()
  let time = options.start
  let driving = false

  const sleepUntil = (at: number, who: Sleeper["who"], wake: () => void): (() => void) => {
    activity.touch()
    const remove = sleepers.add({
      at,
      who,
      wake: () => {
        time = Math.max(time, at)
        activity.touch()
        wake()
      },
    })
    return () => {
      activity.touch()
      remove()
    }
  }

  const twinSleep = (millis: number): Promise<void> => {
    if (millis <= 0) return Promise.resolve()
    const done = activity.twinWaits()
    if (!Number.isFinite(millis)) return new Promise(() => {})
    return new Promise((resolve) => {
      sleepUntil(time + Math.ceil(millis), "twin", () => {
        done()
        resolve()
      })
    })
  }

  const nanos = () => BigInt(Math.trunc(time)) * MILLI
  const view = (): View => {
    const timers = new Set<() => void>()
    let alive = true
    const nap = (millis: number) =>
      Effect.callback<void>((resume) => {
        if (!alive) return
        const remove = sleepUntil(time + Math.ceil(millis), "fiber", () => {
          timers.delete(remove)
          resume(Effect.void)
        })
        timers.add(remove)
        return Effect.sync(() => {
          timers.delete(remove)
          remove()
        })
      })
    const clock: Clock.Clock = {
      currentTimeMillisUnsafe: () => time,
      currentTimeMillis: Effect.sync(() => time),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) => {
        const millis = Duration.toMillis(duration)
        if (millis <= 0) return Effect.yieldNow
        return Number.isFinite(millis) ? nap(millis) : Effect.never
      },
    }
    const context = Context.make(Clock.Clock, clock).pipe(
      Context.add(
        Scheduler.Scheduler,
        activity.scheduler(() => alive),
      ),
      Context.add(WebCrypto.WebCrypto, trackCrypto(activity, globalThis.crypto)),
    ) as Context.Context<never>
    const vanish = () => {
      alive = false
      for (const remove of timers) remove()
      timers.clear()
    }
    return { clock, context, vanish }
  }
  const { clock, context } = view()

  const verdict = (why: Stuck["why"]) => new Stuck({ why, at: time, openRequests: activity.flights })
  const judge = (why: Stuck["why"], concerns: (holder: Holder) => boolean) => {
    for (const holder of [...holders]) if (concerns(holder)) holder.stuck(verdict(why))
  }

  const step = async (): Promise<void> => {
    await activity.calm()
    const next = sleepers.earliest()
    if (next === undefined) {
      judge("nothingLeft", () => true)
      if (holders.size > 0) await activity.next()
      return
    }
    const late = [...holders].some((holder) => next > holder.deadline)
    if (late) judge("limit", (holder) => next > holder.deadline)
    else if (holders.size > 0) sleepers.wakeEarliest()
  }
  const drive = async (): Promise<void> => {
    driving = true
    while (holders.size > 0) await step()
    driving = false
  }
  const hold = (holder: Holder): (() => void) => {
    holders.add(holder)
    activity.touch()
    if (!driving) void drive()
    return () => {
      holders.delete(holder)
      activity.touch()
    }
  }

  const startDrive = (runOptions?: RunOptions): Drive => {
    const limit = runOptions?.limit === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(runOptions.limit)
    const { promise, resolve } = Promise.withResolvers<Stuck>()
    const letGo = hold({
      deadline: time + limit,
      stuck: (stuck) => {
        letGo()
        resolve(stuck)
      },
    })
    return { stuck: promise, letGo }
  }

  const driven = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.acquireUseRelease(
      Effect.sync(() => startDrive()),
      (each) =>
        Effect.raceFirst(
          effect,
          Effect.flatMap(
            Effect.promise(() => each.stuck),
            Effect.die,
          ),
        ),
      (each) => Effect.sync(each.letGo),
    )

  const run = <A, E>(effect: Effect.Effect<A, E>, runOptions?: RunOptions): Promise<Exit.Exit<A, E> | Stuck> => {
    const { stuck, letGo } = startDrive(runOptions)
    const ended = Effect.runPromiseExitWith(context)(effect)
    return Promise.race([ended, stuck]).finally(letGo)
  }

  const advance = async (duration: Duration.Input): Promise<void> => {
    const until = time + Duration.toMillis(duration)
    if (holders.size > 0) return twinSleep(until - time)
    await activity.calm()
    while ((sleepers.earliest() ?? Number.POSITIVE_INFINITY) <= until) {
      sleepers.wakeEarliest()
      await activity.calm()
    }
    time = Math.max(time, until)
  }

  return {
    now: () => time,
    sleep: twinSleep,
    clock,
    context,
    layer: Layer.effectContext(
      Effect.acquireRelease(
        Effect.sync(() => hold({ deadline: Number.POSITIVE_INFINITY, stuck: () => {} })),
        (letGo) => Effect.sync(letGo),
      ).pipe(Effect.as(context)),
    ),
    provide: (effect) => Effect.provideContext(driven(effect), context),
    run,
    drive: startDrive,
    view,
    advance,
    settle: () => activity.calm(),
    work: (promise) => activity.work(() => promise),
    working: (effect) =>
      Effect.acquireUseRelease(
        Effect.sync(() => activity.begin()),
        () => effect,
        (end) => Effect.sync(end),
      ),
    trackFetch: (fetch) => trackFetch(activity, fetch),
    trackCrypto: (crypto) => trackCrypto(activity, crypto),
    sleepers: () => sleepers.list(),
  }
}
