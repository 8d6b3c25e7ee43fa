/**
 * Limits are data: how many requests in which window, how many at once, for which class of traffic, and where the
 * number comes from. They are spent ahead of time, so that a limit that can be known never answers 429.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ConnectorError } from "./ConnectorError.ts"

export interface Limit {
  /** Names the limit in errors and metrics. */
  readonly name: string
  /** The classes of traffic that count; absent: all. */
  readonly traffic?: ReadonlyArray<string>
  /** At most so many requests in any window of this length. */
  readonly requests?: number
  readonly window?: Duration.Duration
  /** At most so many requests at once. */
  readonly concurrency?: number
  /** True for an allowance whose exhaustion is `QuotaExhausted`, not a wait. */
  readonly quota?: boolean
  /** Where the number stands written. */
  readonly source: string
}

/** What an answer told about the limits. */
export interface Feedback {
  readonly limit?: string
  /** Requests left in the current window, as the vendor counts. */
  readonly remaining?: number
  /** Until the window is over, in milliseconds. */
  readonly resetMillis?: number
  /** The answer was a 429 (or the like) of this limit. */
  readonly throttled?: boolean
  readonly retryAfter?: Duration.Duration
  /** It was the allowance that ended, and not only the rate. */
  readonly quota?: boolean
  /** ISO instant in UTC. */
  readonly quotaResetsAt?: string
  /** The vendor's own figure for `requests` of this limit, where it tells: larger licences, tariffs, add-ons. */
  readonly requests?: number
}

export interface Limiter {
  /**
   * Waits until a request of this class may be sent and holds its place until the scope closes. A wait longer than the
   * limiter's patience (or the caller's, where that is shorter) fails with `Throttled` and its `retryAfter`; a spent
   * quota with `QuotaExhausted`.
   */
  readonly take: (
    traffic: string,
    options?: { readonly patience?: Duration.Duration },
  ) => Effect.Effect<void, ConnectorError, Scope.Scope>
  readonly feedback: (traffic: string, feedback: Feedback) => Effect.Effect<void>
}
