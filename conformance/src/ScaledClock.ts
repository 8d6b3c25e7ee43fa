/**
 * Real time, running faster: for programs of several processes that shall share one hastened time, such as a demo in
 * which a rate limit of minutes must bite within seconds. Every process that makes its clock from the same
 * {@link Scale} reads the same time, to within the processes' agreement on real time (about a millisecond, times the
 * factor).
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { TwinClock } from "./twin/Twin.ts"

/** Plain JSON, to be handed to other processes. */
export const Scale = Schema.Struct({
  /** An instant of real time, in milliseconds since the epoch, */
  originReal: Schema.Finite,
  /** what the clock shows at that instant, */
  originVirtual: Schema.Finite,
  /** and how many of its milliseconds pass in a real one. */
  factor: Schema.Finite.check(Schema.isGreaterThan(0)),
})
export type Scale = typeof Scale.Type

export interface ScaledClock extends TwinClock {
  readonly scale: Scale
  readonly clock: Clock.Clock
  readonly layer: Layer.Layer<never>
  readonly provide: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** Timers of the platform count whole milliseconds; below this the clock looks at the time on every turn instead. */
const TIMER_GRAIN = 1.5

export const make = (scale: Scale): ScaledClock => {
  const real = Clock.Clock.defaultValue()
  const realMillis = () => Number(real.currentTimeNanosUnsafe()) / 1e6
  const now = () => scale.originVirtual + (realMillis() - scale.originReal) * scale.factor
  const nanos = () => BigInt(Math.trunc(now() * 1e6))
  const monotonic = () => BigInt(Math.trunc(Number(real.monotonicTimeNanosUnsafe()) * scale.factor))

  const until = (due: number): Effect.Effect<void> =>
    Effect.suspend(() => {
      const left = (due - now()) / scale.factor
      if (left <= 0) return Effect.void
      const nap = left > TIMER_GRAIN ? real.sleep(Duration.millis(Math.floor(left - 1))) : Effect.yieldNow
      return Effect.andThen(nap, until(due))
    })
  const sleep = (millis: number): Effect.Effect<void> => {
    if (millis <= 0) return Effect.yieldNow
    return Number.isFinite(millis) ? Effect.suspend(() => until(now() + millis)) : Effect.never
  }

  const millis = () => Math.floor(now())
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: monotonic,
    monotonicTimeNanos: Effect.sync(monotonic),
    sleep: (duration) => sleep(Duration.toMillis(duration)),
  }
  return {
    scale,
    clock,
    now: millis,
    // A promise without a fiber for a twin that never answers: it must not keep its process alive.
    sleep: (wait) => (Number.isFinite(wait) ? Effect.runPromise(sleep(wait)) : new Promise(() => {})),
    layer: Layer.succeedContext(Context.make(Clock.Clock, clock) as Context.Context<never>),
    provide: Effect.provideService(Clock.Clock, clock),
  }
}

/** A scale that begins now, at `start` of its own time; without `start` at the real time. */
export const begin = (options: { readonly factor: number; readonly start?: number }): Scale => {
  const originReal = Clock.Clock.defaultValue().currentTimeMillisUnsafe()
  return { originReal, originVirtual: options.start ?? originReal, factor: options.factor }
}

/** Real time, as a clock that twins can share. */
export const system = (): ScaledClock => make({ originReal: 0, originVirtual: 0, factor: 1 })
