/**
 * Limits are data: how many requests in which window, how many at once, for which class of traffic, and where the
 * number comes from. They are spent ahead of time, so that a limit that can be known never answers 429.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Backoff from "./Backoff.ts"
import { ConnectorError, Invalid } from "./ConnectorError.ts"
import { limiter } from "./internal/limit/limiter.ts"

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

export interface Options {
  readonly system: string
  readonly limits: ReadonlyArray<Limit>
  /** The longest wait; a longer one is `Throttled` with its `retryAfter`. Defaults to 5 min. */
  readonly patience?: Duration.Duration
  /**
   * The part of a window that is kept free against journeys of unequal length: a request that was quick on its way and
   * one that was slow would otherwise meet in one window of the server's. 0.04 unless told; 1 keeps a place until its
   * answer has come and the window has passed, which is certain and slower.
   */
  readonly slack?: number
  /** The waits after a 429 that names none. */
  readonly backoff?: Backoff.Backoff
}

/** No limit at all: for a server of one's own, and for tests. */
export const unlimited: Limiter = { take: () => Effect.void, feedback: () => Effect.void }

const faultsOf = (limit: Limit): ReadonlyArray<string> => {
  const whole = (value: number | undefined): boolean => value === undefined || (Number.isInteger(value) && value >= 1)
  const faults: Array<string> = []
  if (!whole(limit.requests)) faults.push("`requests` must be a whole number of at least 1")
  if (!whole(limit.concurrency)) faults.push("`concurrency` must be a whole number of at least 1")
  if ((limit.requests === undefined) !== (limit.window === undefined)) {
    faults.push("`requests` and `window` belong together")
  }
  if (limit.window !== undefined && !(Duration.toMillis(limit.window) > 0))
    faults.push("`window` must be longer than 0")
  if (limit.requests === undefined && limit.concurrency === undefined) faults.push("it limits nothing")
  return faults
}

/** A limiter with its own counts: one for each account whose limits it keeps. `Invalid` for limits that make no sense. */
export const make = (options: Options): Effect.Effect<Limiter, ConnectorError> =>
  Effect.suspend(() => {
    const issues = options.limits.flatMap((limit) =>
      faultsOf(limit).map((message) => ({ path: ["limits", limit.name], message })),
    )
    if (issues.length === 0) return Effect.succeed(limiter(options))
    const message = issues.map((issue) => `limit ${issue.path[1]}: ${issue.message}`).join("; ")
    return Effect.fail(new ConnectorError({ system: options.system, reason: new Invalid({ message, issues }) }))
  })

/**
 * The least time, in milliseconds, in which so many requests of each class can be sent under the limits: what a run is
 * measured against. Windows count; how many may be open at once does not, since it depends on the server's speed.
 */
export const minimumMillis = (limits: ReadonlyArray<Limit>, counts: Readonly<Record<string, number>>): number => {
  const each = limits.map((limit) => {
    if (limit.requests === undefined || limit.window === undefined || limit.quota === true) return 0
    const classes = Object.entries(counts).filter(([traffic]) => limit.traffic?.includes(traffic) ?? true)
    const sum = classes.reduce((total, [, count]) => total + count, 0)
    return sum === 0 ? 0 : Math.floor((sum - 1) / limit.requests) * Duration.toMillis(limit.window)
  })
  return Math.max(0, ...each)
}
