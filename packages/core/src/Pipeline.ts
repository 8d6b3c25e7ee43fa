/**
 * How a call is built, written once. From the outside in: deadline, replay-aware retry, rate limit, auth, send and
 * classify; every attempt passes limit and auth again. The typed `openapi-fetch` call is the innermost step; the fetch
 * that it is handed only sends, with `redirect: "manual"`.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Auth from "./Auth.ts"
import type { ConnectorError, Reason } from "./ConnectorError.ts"
import type * as RateLimit from "./RateLimit.ts"
import type * as Replay from "./Replay.ts"

/** One request and its whole answer. */
export interface Exchange {
  readonly method: string
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; absent when it is empty or does not parse. */
  readonly body?: unknown
  /** True when there is a body and it is not JSON. */
  readonly unparsable: boolean
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
  /** No operation that changes anything is sent. */
  readonly readOnly?: boolean
}

export interface Pipeline {
  /** A `safe` operation: sent again after a failure that may pass. */
  readonly call: <A>(operation: Replay.Operation<"safe">, send: Send<A>) => Effect.Effect<Reply<A>, ConnectorError>
  /** A `keyed` write: after an ambiguous failure `lookup` decides; found ends the call, none sends again. */
  readonly keyed: <A, B>(
    operation: Replay.Operation<"keyed">,
    send: Send<A>,
    lookup: Effect.Effect<Option.Option<B>, ConnectorError>,
  ) => Effect.Effect<Reply<A> | { readonly found: B }, ConnectorError>
  /** Any operation, sent until it surely reached the server, and then not again: ambiguous is `UnknownOutcome`. */
  readonly once: <A>(operation: Replay.Operation, send: Send<A>) => Effect.Effect<Reply<A>, ConnectorError>
}
