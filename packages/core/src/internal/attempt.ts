/**
 * One attempt of a call: rate limit, auth, send, classify. It knows nothing of repeating; it only tells, beside the
 * error, whether the request may have been applied and which credentials were refused.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { ConnectorError, Decode, Invalid, type Reason, Throttled, Transport } from "../ConnectorError.ts"
import type { Exchange, Options, Reply, Send } from "../Pipeline.ts"
import * as Replay from "../Replay.ts"
import * as Telemetry from "../Telemetry.ts"
import * as exchanges from "./exchange.ts"
import { failureOf } from "./transport.ts"
import { within } from "./within.ts"

type Credentials = Readonly<Record<string, string>>

/** Why an attempt failed. `refused` holds the credentials that the vendor answered `Unauthorized` to. */
export interface Failure {
  readonly error: ConnectorError
  readonly ambiguous: boolean
  readonly refused?: Credentials
}

/** What happened in the door, told by what the fetch saw and not by what the client made of it. */
interface Seen {
  sent: boolean
  exchange?: Exchange
  wasText: () => boolean
  foreignOrigin: boolean
}

const DEFAULT_TIMEOUT = Duration.seconds(60)

const addHeaders = (request: Request, options: Options, credentials: Credentials): void => {
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (!request.headers.has(name)) request.headers.set(name, value)
  }
  for (const [name, value] of Object.entries(credentials)) request.headers.set(name, value)
}

/** The fetch that a client is handed. It sends to the configured origin only, follows nothing, and reads to the end. */
const doorFetch =
  (options: Options, credentials: Credentials, seen: Seen, signal: AbortSignal, now: () => number) =>
  async (request: Request): Promise<Response> => {
    if (new URL(request.url).origin !== options.baseUrl.origin) {
      seen.foreignOrigin = true
      throw new TypeError("another origin")
    }
    addHeaders(request, options, credentials)
    const send = options.fetch ?? globalThis.fetch
    seen.sent = true
    const response = await send(request, { redirect: "manual", signal })
    seen.exchange = await exchanges.read(request, response, { mode: options.json ?? "native", now })
    const { response: whole, wasText } = exchanges.facade(seen.exchange)
    seen.wasText = wasText
    return whole
  }

const invalid = (message: string): Invalid => new Invalid({ message, issues: [] })

/** Why no exchange came about. */
const withoutExchange = (seen: Seen, cause: unknown): Reason => {
  if (seen.foreignOrigin) {
    return invalid("the request leads to another origin than the base url; nothing was sent there")
  }
  if (seen.sent) return failureOf(cause)
  const name = cause instanceof Error ? cause.name : typeof cause
  return invalid(`the request could not be built (${name})`)
}

/** The reason of an answer: the vendor's classification first, then what no vendor can call a success. */
const reasonOf = (
  options: Options,
  operation: Replay.Operation,
  exchange: Exchange,
  read: { readonly wasText: boolean; readonly broke: unknown },
): Reason | undefined => {
  const classified = options.classify(exchange, operation)
  if (classified !== undefined) return classified
  if (exchange.status >= 300 && exchange.status < 400 && exchange.status !== 304) {
    const message = `answered with a redirect (${exchange.status}), which is not followed`
    return new Decode({ message, issues: [] })
  }
  if (exchange.unparsable && !read.wasText) {
    const message = `status ${exchange.status} with ${exchanges.kindOf(exchange)} where JSON was expected`
    return new Decode({ message, issues: [] })
  }
  if (read.broke === undefined) return undefined
  const name = read.broke instanceof Error ? read.broke.name : typeof read.broke
  return new Decode({ message: `status ${exchange.status}, and the answer could not be read (${name})`, issues: [] })
}

/** An unreadable answer leaves a write in doubt, unless its status says that it was refused. */
const isAmbiguous = (reason: Reason, exchange: Exchange | undefined): boolean => {
  if (!Replay.isAmbiguous(reason)) return false
  const refused = exchange !== undefined && exchange.status >= 300 && exchange.status < 500
  return !(reason._tag === "Decode" && refused)
}

const tellLimiter = (
  options: Options,
  operation: Replay.Operation,
  exchange: Exchange,
  reason: Reason | undefined,
): Effect.Effect<void> => {
  const told = options.feedback?.(exchange)
  if (reason?._tag === "Throttled") {
    const { retryAfter, policy } = reason
    const attributes = { system: options.system, traffic: operation.traffic, policy: policy ?? "unknown" }
    return Effect.andThen(
      Metric.update(Metric.withAttributes(Telemetry.throttled, attributes), 1),
      options.limiter.feedback(operation.traffic, {
        ...told,
        throttled: true,
        ...(retryAfter === undefined ? {} : { retryAfter }),
      }),
    )
  }
  if (reason?._tag === "QuotaExhausted") {
    const resets = reason.resetsAt === undefined ? {} : { quotaResetsAt: reason.resetsAt }
    return options.limiter.feedback(operation.traffic, { ...told, throttled: true, quota: true, ...resets })
  }
  return told === undefined ? Effect.void : options.limiter.feedback(operation.traffic, told)
}

const countRequest = (
  options: Options,
  operation: Replay.Operation,
  outcome: string,
  millis: number,
): Effect.Effect<void> => {
  const attributes = { system: options.system, operation: operation.name }
  return Effect.andThen(
    Metric.update(Metric.withAttributes(Telemetry.requests, { ...attributes, traffic: operation.traffic, outcome }), 1),
    Metric.update(Metric.withAttributes(Telemetry.requestDuration, attributes), millis),
  )
}

/** Builds attempts of one pipeline. `remaining` is the time until the call's deadline, in milliseconds. */
export const make = (options: Options) => {
  const timeout = Duration.toMillis(options.timeout ?? DEFAULT_TIMEOUT)

  const errorOf = (operation: Replay.Operation, reason: Reason, exchange?: Exchange): ConnectorError => {
    const correlationId = exchange === undefined ? undefined : options.correlationId?.(exchange)
    return new ConnectorError({
      system: options.system,
      operation: operation.name,
      ...(correlationId === undefined ? {} : { correlationId }),
      reason,
    })
  }

  const before = (error: ConnectorError): Failure => ({ error, ambiguous: false })

  /** Waits for the rate limit, then for credentials. */
  const admitted = Effect.fnUntraced(function* (operation: Replay.Operation, remaining: number) {
    // A refresh is waited for in front of the limit: nobody holds a place, and the requests that it delayed do not
    // leave in one bunch later than the limit counted them.
    yield* options.auth.headers
    const from = yield* Clock.currentTimeMillis
    yield* options.limiter.take(operation.traffic, { patience: Duration.millis(remaining) })
    const waited = (yield* Clock.currentTimeMillis) - from
    const attributes = { system: options.system, traffic: operation.traffic }
    yield* Metric.update(Metric.withAttributes(Telemetry.limitWait, attributes), waited)
    return { credentials: yield* options.auth.headers, remaining: remaining - waited }
  })

  /** Sends once. Fails only for time and for what was thrown without an exchange. */
  const sendOnce = <A>(operation: Replay.Operation, send: Send<A>, credentials: Credentials, millis: number) =>
    Effect.suspend(() => {
      const seen: Seen = { sent: false, wasText: () => false, foreignOrigin: false }
      return Effect.clockWith((clock) =>
        Effect.tryPromise({
          try: (signal) => {
            const now = () => clock.currentTimeMillisUnsafe()
            return send({ fetch: doorFetch(options, credentials, seen, signal, now), signal })
          },
          catch: (cause) => ({ cause }),
        }),
      ).pipe(
        Effect.match({
          onSuccess: (result) => ({ seen, data: result.data, broke: undefined as unknown }),
          onFailure: ({ cause }) => ({ seen, data: undefined, broke: cause ?? new Error("nothing was thrown") }),
        }),
        (sending) =>
          within(sending, millis, () => {
            const message = `no answer within ${Duration.format(Duration.millis(millis))}`
            return Effect.fail(errorOf(operation, new Transport({ message, sent: seen.sent })))
          }),
      )
    })

  const attempt = <A>(
    operation: Replay.Operation,
    send: Send<A>,
    remaining: number,
  ): Effect.Effect<Reply<A>, Failure> =>
    Effect.gen(function* () {
      const admission = yield* Effect.mapError(
        within(admitted(operation, remaining), remaining, () => {
          const message = "the deadline passed while the request waited for its rate limit or its credentials"
          return Effect.fail(errorOf(operation, new Throttled({ message, policy: "deadline" })))
        }),
        before,
      )
      const from = yield* Clock.currentTimeMillis
      const millis = Math.max(1, Math.min(timeout, admission.remaining))
      const sent = yield* Effect.result(sendOnce(operation, send, admission.credentials, millis))
      const took = (yield* Clock.currentTimeMillis) - from
      if (sent._tag === "Failure") {
        yield* countRequest(options, operation, sent.failure.reason._tag, took)
        return yield* Effect.fail({ error: sent.failure, ambiguous: Replay.isAmbiguous(sent.failure.reason) })
      }
      const { seen, data, broke } = sent.success
      const { exchange } = seen
      const reason =
        exchange === undefined
          ? withoutExchange(seen, broke)
          : reasonOf(options, operation, exchange, { wasText: seen.wasText(), broke })
      yield* countRequest(options, operation, reason?._tag ?? "ok", took)
      if (exchange !== undefined) yield* tellLimiter(options, operation, exchange, reason)
      if (reason === undefined && exchange !== undefined) return { data: data as A, exchange }
      const why = reason ?? invalid("the call sent no request")
      return yield* Effect.fail({
        error: errorOf(operation, why, exchange),
        ambiguous: isAmbiguous(why, exchange),
        ...(why._tag === "Unauthorized" ? { refused: admission.credentials } : {}),
      })
    }).pipe(Effect.scoped)

  return { attempt, errorOf }
}
