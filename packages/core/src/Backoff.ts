/** Exponential backoff with full jitter: every wait is drawn evenly between nothing and a ceiling that doubles. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

export interface Backoff {
  /** The ceiling of the first wait. */
  readonly base: Duration.Duration
  /** No wait is longer. */
  readonly cap: Duration.Duration
}

export const standard: Backoff = { base: Duration.millis(250), cap: Duration.seconds(20) }

/** The longest wait after `failures` failures in a row, in milliseconds; `failures` counts from 1. */
export const ceilingMillis = (backoff: Backoff, failures: number): number => {
  const base = Duration.toMillis(backoff.base)
  return Math.min(Duration.toMillis(backoff.cap), base * 2 ** Math.min(failures - 1, 52))
}

/** A wait in milliseconds, drawn from effect's `Random`, so that a seed repeats it. */
export const millis = (backoff: Backoff, failures: number): Effect.Effect<number> =>
  Effect.map(Random.next, (draw) => Math.round(draw * ceilingMillis(backoff, failures)))
