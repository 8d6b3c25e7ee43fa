/**
 * How a call is built, written once. From the outside in: deadline, replay-aware retry, rate limit, auth, send and
 * classify; every attempt passes limit and auth again. The typed `openapi-fetch` call is the innermost step; the fetch
 * that it is handed only sends, with `redirect: "manual"`.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import type * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Auth from "./Auth.ts"
import type * as Backoff from "./Backoff.ts"
import type { ConnectorError, Reason } from "./ConnectorError.ts"
import { calls } from "./internal/calls.ts"
import { secure } from "./internal/origin.ts"
import type * as RateLimit from "./RateLimit.ts"
import type * as Replay from "./Replay.ts"

/** One request and its whole answer. */
export interface Exchange {
  readonly method: string
  readonly url: URL
  readonly status: number
  readonly headers: globalThis.Headers
  readonly text: string
  /** The parsed body; absent when it is empty or does not parse. */
  readonly body?: unknown
  /** True when there is a body and it is not JSON. */
  readonly unparsable: boolean
  /** When the answer had come, in milliseconds since the epoch, by our clock. */
  readonly receivedAt: number
  /** The `Date` header in milliseconds since the epoch: the server's clock. */
  readonly serverTime?: number
}

export interface Reply<A> {
  readonly data: A
  readonly exchange: Exchange
}

/** The call itself: `({ fetch, signal }) => client.GET("/things", { fetch, signal })`. */
export type Send<A> = (door: {
  readonly fetch: (request: Request) => Promise<Response>
  readonly signal: AbortSignal
}) => Promise<{ readonly data?: A; readonly error?: unknown; readonly response: Response }>

export interface Options {
  readonly system: string
  /** Where requests go; https, or http on loopback. A request or redirect to another origin is refused. */
  readonly baseUrl: URL
  readonly auth: Auth.Auth
  readonly limiter: RateLimit.Limiter
  /** The reason for which an answer is a failure, whatever its status; undefined when it is a success. */
  readonly classify: (exchange: Exchange, operation: Replay.Operation) => Reason | undefined
  /** What an answer tells of the limits. A `Throttled` or `QuotaExhausted` reason is passed on by itself. */
  readonly feedback?: (exchange: Exchange) => RateLimit.Feedback | undefined
  /** The vendor's id of an exchange, for errors. */
  readonly correlationId?: (exchange: Exchange) => string | undefined
  /** `exact` keeps the digits of numbers, see `Json`. Defaults to `native`. */
  readonly json?: "native" | "exact"
  readonly fetch?: typeof globalThis.fetch
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** For one attempt. Defaults to 60 s. */
  readonly timeout?: Duration.Duration
  /** For the call with all its attempts. Defaults to 5 min. */
  readonly deadline?: Duration.Duration
  /** Attempts after the first. Defaults to 4. */
  readonly retries?: number
  /** The waits between attempts, where the vendor names none. */
  readonly backoff?: Backoff.Backoff
  /** No operation that changes anything is sent. */
  readonly readOnly?: boolean
}

export interface Pipeline {
  /**
   * A `safe` operation: sent again after a failure that may pass. A write of which one attempt may have been applied,
   * and none was answered with success, ends in `UnknownOutcome`: it is safe to send it again later.
   */
  readonly call: <A>(operation: Replay.Operation<"safe">, send: Send<A>) => Effect.Effect<Reply<A>, ConnectorError>
  /**
   * A `keyed` write: after an ambiguous failure `lookup` decides; found ends the call, none sends again. `settle` is
   * waited before the lookup, for vendors that may apply a write after they broke the connection.
   */
  readonly keyed: <A, B>(
    operation: Replay.Operation<"keyed">,
    send: Send<A>,
    lookup: Effect.Effect<Option.Option<B>, ConnectorError>,
    options?: { readonly settle?: Duration.Duration },
  ) => Effect.Effect<Reply<A> | { readonly found: B }, ConnectorError>
  /** Any operation, sent until it surely reached the server, and then not again: ambiguous is `UnknownOutcome`. */
  readonly once: <A>(operation: Replay.Operation, send: Send<A>) => Effect.Effect<Reply<A>, ConnectorError>
}

/**
 * How long an answer asks to wait, by its `Retry-After` in seconds or as a date. A date is measured by the server's own
 * clock where the answer tells it, so that a clock of ours that is wrong costs nothing.
 */
export const retryAfter = (exchange: Exchange): Duration.Duration | undefined => {
  const header = exchange.headers.get("retry-after")
  if (header === null) return undefined
  const parsed = Headers.parseRetryAfter(header)
  if (Result.isFailure(parsed)) return undefined
  return Headers.retryAfterDelay(parsed.success, exchange.serverTime ?? exchange.receivedAt)
}

/** A pipeline, or `Invalid` when the base url is neither https nor http on loopback. */
export const make = (options: Options): Effect.Effect<Pipeline, ConnectorError> =>
  Effect.as(secure(options.system, "baseUrl", options.baseUrl), calls(options))
