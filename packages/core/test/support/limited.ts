/** A server that counts what arrives, as a vendor would: sliding windows, by its own time of arrival. */
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as RateLimit from "@mortise/core/RateLimit"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

export const START = Date.UTC(2026, 0, 1)

/** Runs under virtual time and gives the value; anything else is the test's failure. */
export const inVirtualTime = async <A, E>(
  effect: Effect.Effect<A, E>,
  clock = VirtualClock.make({ start: START }),
): Promise<{ readonly value: A; readonly millis: number; readonly clock: VirtualClock.VirtualClock }> => {
  const exit = await clock.run(effect)
  if (exit instanceof VirtualClock.Stuck) throw exit
  if (Exit.isFailure(exit)) throw new Error(`the program failed: ${exit.cause}`)
  return { value: exit.value, millis: clock.now() - START, clock }
}

/** The most arrivals that any window of this length holds. */
export const busiest = (arrivals: ReadonlyArray<number>, window: number): number => {
  const sorted = [...arrivals].sort((a, b) => a - b)
  let most = 0
  let from = 0
  sorted.forEach((at, index) => {
    while ((sorted[from] ?? 0) <= at - window) from += 1
    most = Math.max(most, index - from + 1)
  })
  return most
}

/** Lets a request through the limiter; `way` milliseconds there, `way` back. */
export const request = (
  limiter: RateLimit.Limiter,
  traffic: string,
  arrived: (at: number) => void,
  way = 0,
): Effect.Effect<void, ConnectorError> =>
  Effect.gen(function* () {
    yield* limiter.take(traffic)
    if (way > 0) yield* Effect.sleep(Duration.millis(way))
    yield* Effect.clockWith((clock) => Effect.sync(() => arrived(clock.currentTimeMillisUnsafe())))
    if (way > 0) yield* Effect.sleep(Duration.millis(way))
  }).pipe(Effect.scoped)
