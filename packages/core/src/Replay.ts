/**
 * What may be sent again is declared on the operation, not decided by a retry loop.
 *
 * - `safe`: a read, or a write that is idempotent by nature. Sent again after any failure that may pass.
 * - `keyed`: a write that can be looked up by its key. After an ambiguous failure it is looked up before it is sent
 *   again.
 * - `never`: a write that cannot be looked up. After an ambiguous failure it is `UnknownOutcome`.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Backoff from "./Backoff.ts"
import type { ConnectorError, Reason } from "./ConnectorError.ts"

export type Class = "safe" | "keyed" | "never"

/** A call to a vendor's API, named, with what its retry may do. */
export interface Operation<out R extends Class = Class> {
  /** `hubspot.companies.batchUpsert`: stable, used in spans, metrics and errors. */
  readonly name: string
  readonly replay: R
  /** The class of traffic that its rate limit counts, `search`, `burst`, `token`. */
  readonly traffic: string
  /** True when it changes nothing: a connector opened read-only sends no other. */
  readonly readOnly: boolean
}

/** A read. */
export const read = (name: string, traffic: string): Operation<"safe"> => ({
  name,
  replay: "safe",
  traffic,
  readOnly: true,
})

/** A write, with its replay class. */
export const write = <const R extends Class>(name: string, traffic: string, replay: R): Operation<R> => ({
  name,
  replay,
  traffic,
  readOnly: false,
})

/**
 * True when a request that ended so may have been applied: it was sent and no answer came, the vendor broke while it
 * worked, or the answer cannot be read. A refusal (429, 401, a lock, bad input) surely changed nothing.
 */
export const isAmbiguous = (reason: Reason): boolean => {
  switch (reason._tag) {
    case "Transport":
      return reason.sent
    case "Unavailable":
      return reason.applied !== false
    case "Decode":
    case "UnknownOutcome":
      return true
    default:
      return false
  }
}

/**
 * Repeats a `safe` operation while its failure may pass, for those who do not send through a `Pipeline`. `Retry-After`
 * is obeyed, else backoff with full jitter. It is blind: it asks nobody whether the call before was applied, and so a
 * `keyed` or `never` operation does not compile here.
 */
export const retry =
  (
    _operation: Operation<"safe">,
    options: { readonly retries: number; readonly backoff?: Backoff.Backoff } = { retries: 4 },
  ) =>
  <A, R>(effect: Effect.Effect<A, ConnectorError, R>): Effect.Effect<A, ConnectorError, R> => {
    const attempt = (failures: number): Effect.Effect<A, ConnectorError, R> =>
      Effect.catch(effect, (error) => {
        if (!error.isRetryable || failures > options.retries) return Effect.fail(error)
        const wait =
          error.retryAfter === undefined
            ? Backoff.millis(options.backoff ?? Backoff.standard, failures)
            : Effect.succeed(Duration.toMillis(error.retryAfter))
        return Effect.flatMap(wait, (millis) => Effect.delay(attempt(failures + 1), Duration.millis(millis)))
      })
    return attempt(1)
  }
