/**
 * One attempt of a call: rate limit, auth, send, classify. It knows nothing of repeating; it only tells, beside the
 * error, whether the request may have been applied and which credentials were refused.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { ConnectorError, Decode, Invalid, type Reason, Throttled, Transport, Unavailable } from "../ConnectorError.ts"
import type { Exchange, Options, Reply, Send } from "../Pipeline.ts"
import type * as RateLimit from "../RateLimit.ts"
import * as Replay from "../Replay.ts"
import * as exchanges from "./exchange.ts"
import * as Meters from "./meters.ts"
import { failureOf } from "./transport.ts"
import { settled, within } from "./within.ts"

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
const doorFetch = (options: Options, credentials: Credentials, seen: Seen, signal: AbortSignal, now: () => number) => {
  const home = `${options.baseUrl.origin}/`
  return async (request: Request): Promise<Response> => {
    // A request's url is normal: the origin is followed by a slash, whatever was written.
    if (!request.url.startsWith(home)) {
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
}

const invalid = (message: string): Invalid => new Invalid({ message, issues: [] })

/** Why no exchange came about. */
const withoutExchange = (seen: Seen, cause: unknown): Reason => {
  if (seen.foreignOrigin) {
    return invalid("the request leads to another origin than the base url; nothing was sent there")
  }
  if (seen.sent) return failureOf(cause)
  if (cause === undefined) return invalid("the call sent no request")
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

/** What was a read, or was not sent, is told from a write that the vendor may have applied before it gave up. */
const unapplied = (reason: Reason): Reason =>
  reason._tag === "Unavailable" ? new Unavailable({ ...reason, message: reason.message, applied: false }) : reason

/** What an answer says of the limits, as the limiter is told it. */
const feedbackOf = (
  options: Options,
  exchange: Exchange,
  reason: Reason | undefined,
): RateLimit.Feedback | undefined => {
  const told = options.feedback?.(exchange)
  if (reason?._tag === "Throttled") {
    const { retryAfter } = reason
    return { ...told, throttled: true, ...(retryAfter === undefined ? {} : { retryAfter }) }
  }
  if (reason?._tag === "QuotaExhausted") {
    const resets = reason.resetsAt === undefined ? {} : { quotaResetsAt: reason.resetsAt }
    return { ...told, throttled: true, quota: true, ...resets }
  }
  return told
}

/** Builds attempts of one pipeline. `remaining` is the time until the call's deadline, in milliseconds. */
export const make = (options: Options) => {
  const timeout = Duration.toMillis(options.timeout ?? DEFAULT_TIMEOUT)
  const meters = Meters.make(options.system)

  const errorOf = (operation: Replay.Operation, reason: Reason, exchange?: Exchange): ConnectorError => {
    const correlationId = exchange === undefined ? undefined : options.correlationId?.(exchange)
    return new ConnectorError({
      system: options.system,
      operation: operation.name,
      ...(correlationId === undefined ? {} : { correlationId }),
      reason,
    })
  }

  const tellLimiter = (operation: Replay.Operation, exchange: Exchange, reason: Reason | undefined) => {
    const feedback = feedbackOf(options, exchange, reason)
    if (feedback === undefined) return Effect.void
    const tell = options.limiter.feedback(operation.traffic, feedback)
    return reason?._tag === "Throttled"
      ? Effect.andThen(meters.throttled(operation.traffic, reason.policy ?? "unknown"), tell)
      : tell
  }

  /** Waits for credentials and for the rate limit; gives the credentials and how long it took. */
  const admitted = Effect.fnUntraced(function* (operation: Replay.Operation, remaining: number, clock: Clock.Clock) {
    // A refresh is waited for in front of the limit: nobody holds a place meanwhile, and the requests that it delayed
    // do not leave in one bunch later than the limit counted them.
    const ready = yield* options.auth.headers
    const from = clock.currentTimeMillisUnsafe()
    yield* options.limiter.take(operation.traffic, { patience: Duration.millis(remaining) })
    const waited = clock.currentTimeMillisUnsafe() - from
    if (waited === 0) return ready
    yield* meters.waited(operation.traffic, waited)
    return yield* options.auth.headers
  })

  const admittedInTime = (operation: Replay.Operation, remaining: number, clock: Clock.Clock) =>
    within(admitted(operation, remaining, clock), remaining, () => {
      const message = "the deadline passed while the request waited for its rate limit or its credentials"
      return Effect.fail(errorOf(operation, new Throttled({ message, policy: "deadline" })))
    }).pipe(
      Effect.mapError((error): Failure => {
        return { error: new ConnectorError({ ...error, reason: unapplied(error.reason) }), ambiguous: false }
      }),
    )

  /** Sends once, and gives what was seen whatever the client made of it. Fails only when time was over. */
  const sendOnce = <A>(
    operation: Replay.Operation,
    send: Send<A>,
    credentials: Credentials,
    millis: number,
    clock: Clock.Clock,
  ) => {
    const seen: Seen = { sent: false, wasText: () => false, foreignOrigin: false }
    const now = () => clock.currentTimeMillisUnsafe()
    const begin = async (signal: AbortSignal) => {
      try {
        const { data } = await send({ fetch: doorFetch(options, credentials, seen, signal, now), signal })
        return { seen, data, broke: undefined }
      } catch (cause) {
        return { seen, data: undefined, broke: cause ?? new Error("nothing was thrown") }
      }
    }
    return settled(begin, millis, () => {
      const message = `no answer within ${Duration.format(Duration.millis(millis))}`
      return errorOf(operation, new Transport({ message, sent: seen.sent }))
    })
  }

  const reasonOfSent = (
    operation: Replay.Operation,
    { seen, broke }: { readonly seen: Seen; readonly broke: unknown },
  ): Reason | undefined =>
    seen.exchange === undefined
      ? withoutExchange(seen, broke)
      : reasonOf(options, operation, seen.exchange, { wasText: seen.wasText(), broke })

  const attempt = <A>(
    operation: Replay.Operation,
    send: Send<A>,
    remaining: number,
    clock: Clock.Clock,
  ): Effect.Effect<Reply<A>, Failure> =>
    Effect.gen(function* () {
      const start = clock.currentTimeMillisUnsafe()
      const credentials = yield* admittedInTime(operation, remaining, clock)
      const from = clock.currentTimeMillisUnsafe()
      const millis = Math.max(1, Math.min(timeout, remaining - (from - start)))
      const sent = yield* Effect.result(sendOnce(operation, send, credentials, millis, clock))
      const took = clock.currentTimeMillisUnsafe() - from
      if (sent._tag === "Failure") {
        yield* meters.ended(operation, sent.failure.reason._tag, took)
        return yield* Effect.fail({ error: sent.failure, ambiguous: Replay.isAmbiguous(sent.failure.reason) })
      }
      const { exchange } = sent.success.seen
      const reason = reasonOfSent(operation, sent.success)
      yield* meters.ended(operation, reason?._tag ?? "ok", took)
      if (exchange !== undefined) yield* tellLimiter(operation, exchange, reason)
      if (reason === undefined && exchange !== undefined) return { data: sent.success.data as A, exchange }
      const why = reason ?? invalid("the call sent no request")
      return yield* Effect.fail({
        error: errorOf(operation, operation.readOnly ? unapplied(why) : why, exchange),
        ambiguous: isAmbiguous(why, exchange),
        ...(why._tag === "Unauthorized" ? { refused: credentials } : {}),
      })
    }).pipe(Effect.scoped)

  return { attempt, errorOf, meters }
}
