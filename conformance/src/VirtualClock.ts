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
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { Activity } from "./internal/Activity.ts"
import { type Drive, Driver, type RunOptions, Stuck } from "./internal/Driver.ts"
import type { Sleeper } from "./internal/Sleepers.ts"
import { Timeline, type View } from "./internal/Timeline.ts"
import { trackCrypto, trackFetch } from "./internal/Tracked.ts"
import type { TwinClock } from "./twin/Twin.ts"

export { type Drive, type RunOptions, type Sleeper, Stuck, type View }

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

/** Time moves while the effect runs, which dies when there is nothing left to wait for. */
const driven = <A, E, R>(driver: Driver, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => driver.drive()),
    ({ stuck }) =>
      Effect.raceFirst(
        effect,
        Effect.flatMap(
          Effect.promise(() => stuck),
          Effect.die,
        ),
      ),
    ({ letGo }) => Effect.sync(letGo),
  )

const whileOpen = (driver: Driver, context: Context.Context<never>): Layer.Layer<never> =>
  Layer.effectContext(
    Effect.acquireRelease(
      Effect.sync(() => driver.hold({ deadline: Number.POSITIVE_INFINITY, stuck: () => {} })),
      (letGo) => Effect.sync(letGo),
    ).pipe(Effect.as(context)),
  )

const passBy = async (timeline: Timeline, until: number): Promise<void> => {
  await timeline.activity.calm()
  while ((timeline.sleepers.earliest() ?? Number.POSITIVE_INFINITY) <= until) {
    timeline.sleepers.wakeEarliest()
    await timeline.activity.calm()
  }
  timeline.moveTo(until)
}

export const make = (options: { readonly start: number }): VirtualClock => {
  const activity = new Activity()
  const timeline = new Timeline(options.start, activity)
  const driver = new Driver(timeline)
  const { clock, context } = timeline.view()
  return {
    now: () => timeline.now,
    sleep: (millis) => timeline.twinSleep(millis),
    clock,
    context,
    layer: whileOpen(driver, context),
    provide: (effect) => Effect.provideContext(driven(driver, effect), context),
    run: (effect, runOptions) => {
      const { stuck, letGo } = driver.drive(runOptions)
      return Promise.race([Effect.runPromiseExitWith(context)(effect), stuck]).finally(letGo)
    },
    drive: (runOptions) => driver.drive(runOptions),
    view: () => timeline.view(),
    advance: (duration) => {
      const millis = Duration.toMillis(duration)
      // Somebody else moves the time: be one of the sleepers.
      if (driver.held) return new Promise((resolve) => timeline.sleep(millis, "fiber", resolve))
      return passBy(timeline, timeline.now + millis)
    },
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
    sleepers: () => timeline.sleepers.list(),
  }
}
