/**
 * What became of a write: which fields a record does not hold as they were to be written, when a request whose answer was
 * lost can be said to have made nothing, and how long a success may take to be seen.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Comparison } from "./Covers.ts"

type Members = { readonly [field: string]: unknown }

/** The fields that a record does not hold as they are wanted; all that are supplied when there is no record. */
export const differing = (
  wanted: Members,
  held: Members | undefined,
  comparison: (field: string) => Comparison,
): ReadonlyArray<string> =>
  Object.keys(wanted).filter(
    (field) => wanted[field] !== undefined && (held === undefined || !comparison(field)(wanted[field], held[field])),
  )

const FIRST_PAUSE = Duration.seconds(2)
const LONGEST_PAUSE = Duration.minutes(1)

/**
 * Looks for what an unanswered request may have made, until the server cannot be at work on it any more: none only when a
 * look that began at or after `until` (milliseconds since 1970) found nothing. A look before it proves nothing, however
 * late it was answered, since the record may have come about behind it.
 */
export const lookUntil = <A, E, R>(
  look: Effect.Effect<Option.Option<A>, E, R>,
  until: number,
): Effect.Effect<Option.Option<A>, E, R> =>
  Effect.gen(function* () {
    let pause = FIRST_PAUSE
    for (;;) {
      const left = until - (yield* Clock.currentTimeMillis)
      const found = yield* look
      if (Option.isSome(found) || left <= 0) return found
      yield* Effect.sleep(Duration.min(pause, Duration.millis(left)))
      pause = Duration.min(Duration.times(pause, 2), LONGEST_PAUSE)
    }
  })

const READ_BACK = [Duration.zero, Duration.seconds(2), Duration.seconds(8)]

/** Reads what was answered as saved, at once and after 2 and 8 seconds more: none when it never showed. */
export const readBack = <A, E, R>(look: Effect.Effect<Option.Option<A>, E, R>): Effect.Effect<Option.Option<A>, E, R> =>
  Effect.gen(function* () {
    for (const pause of READ_BACK) {
      yield* Effect.sleep(pause)
      const found = yield* look
      if (Option.isSome(found)) return found
    }
    return Option.none()
  })
