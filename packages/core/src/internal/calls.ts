/**
 * The three ways to call. Each is a loop of attempts that knows what may be sent again: how long to wait, when to stop,
 * and what to say when a write may have been applied and nobody can tell.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Backoff from "../Backoff.ts"
import { ConnectorError, UnknownOutcome, Unsupported } from "../ConnectorError.ts"
import type { Options, Pipeline, Reply, Send } from "../Pipeline.ts"
import type * as Replay from "../Replay.ts"
import * as Telemetry from "../Telemetry.ts"
import * as attempts from "./attempt.ts"

const DEFAULT_DEADLINE = Duration.minutes(5)
const DEFAULT_RETRIES = 4

/** What a way to call makes of an ambiguous failure: send again, end with a value, or end with an error. */
type Verdict<B> = { readonly _tag: "Again" } | { readonly _tag: "Found"; readonly found: B }

/** Where a call stands. One object a call, alive as long as the call is. */
interface Course {
  readonly until: number
  /** Failures that cost a retry. */
  failures: number
  /** The credentials were replaced once; a second refusal is final. */
  renewed: boolean
  /** An attempt may have been applied. */
  doubtful: boolean
}

interface Policy<B> {
  readonly onAmbiguous: (failure: attempts.Failure, course: Course) => Effect.Effect<Verdict<B>, ConnectorError>
}

export const calls = (options: Options): Pipeline => {
  const { attempt, errorOf, meters } = attempts.make(options)
  const retries = options.retries ?? DEFAULT_RETRIES
  const deadline = Duration.toMillis(options.deadline ?? DEFAULT_DEADLINE)
  const backoff = options.backoff ?? Backoff.standard

  const refuseWrite = (operation: Replay.Operation): ConnectorError =>
    errorOf(
      operation,
      new Unsupported({
        message: "this connector was opened read-only; nothing was sent",
        feature: "write",
        mend: "open the connector without `readOnly` to let it write",
      }),
    )

  const unknown = (operation: Replay.Operation, error: ConnectorError): ConnectorError =>
    error.reason._tag === "UnknownOutcome"
      ? error
      : new ConnectorError({
          system: error.system,
          operation: operation.name,
          ...(error.correlationId === undefined ? {} : { correlationId: error.correlationId }),
          reason: new UnknownOutcome({
            message: `the write may have been applied (${error.reason._tag}: ${error.reason.message})`,
          }),
        })

  /** The error that ends a call: what may have been applied is never told as a plain failure that may pass. */
  const final = (operation: Replay.Operation, error: ConnectorError, course: Course): ConnectorError => {
    const mayPass = error.isRetryable || ["Unauthorized", "QuotaExhausted", "Decode"].includes(error.reason._tag)
    return course.doubtful && !operation.readOnly && mayPass ? unknown(operation, error) : error
  }

  const noteRetry = (operation: Replay.Operation, error: ConnectorError, waitMillis: number) => {
    const attributes = { system: options.system, operation: operation.name, reason: error.reason._tag }
    return Effect.andThen(
      meters.retried(operation, error.reason._tag),
      Effect.annotateLogs(Effect.logDebug("the request is repeated"), { ...attributes, waitMillis }),
    )
  }

  /** Waits before the next attempt, or fails at once with the error when retries or time would be passed. */
  const pause = Effect.fnUntraced(function* (
    operation: Replay.Operation,
    error: ConnectorError,
    course: Course,
    atLeast: Duration.Duration = Duration.zero,
  ) {
    course.failures += 1
    const asked = error.retryAfter
    const wait = asked === undefined ? yield* Backoff.millis(backoff, course.failures) : Duration.toMillis(asked)
    const millis = Math.max(wait, Duration.toMillis(atLeast))
    const now = yield* Clock.currentTimeMillis
    if (now + millis >= course.until) return yield* Effect.fail(final(operation, error, course))
    yield* noteRetry(operation, error, millis)
    yield* Effect.sleep(Duration.millis(millis))
  })

  /** After a failure that surely changed nothing: any class may be sent again. */
  const afterRefusal = Effect.fnUntraced(function* (
    operation: Replay.Operation,
    failure: attempts.Failure,
    course: Course,
  ) {
    if (failure.refused !== undefined && !course.renewed) {
      course.renewed = true
      const replaced = yield* Effect.mapError(options.auth.refused(failure.refused), (error) =>
        final(operation, error, course),
      )
      if (replaced) return
    }
    if (!failure.error.isRetryable || course.failures >= retries) {
      return yield* Effect.fail(final(operation, failure.error, course))
    }
    yield* pause(operation, failure.error, course)
  })

  const run = <A, B>(operation: Replay.Operation, send: Send<A>, policy: Policy<B>) =>
    Effect.gen(function* () {
      if (options.readOnly === true && !operation.readOnly) return yield* Effect.fail(refuseWrite(operation))
      const clock = yield* Clock.Clock
      const until = clock.currentTimeMillisUnsafe() + deadline
      const course: Course = { until, failures: 0, renewed: false, doubtful: false }
      for (;;) {
        const remaining = course.until - clock.currentTimeMillisUnsafe()
        const result = yield* Effect.result(attempt(operation, send, remaining, clock))
        if (result._tag === "Success") return result.success
        if (!result.failure.ambiguous) {
          yield* afterRefusal(operation, result.failure, course)
          continue
        }
        course.doubtful = true
        const verdict = yield* policy.onAmbiguous(result.failure, course)
        if (verdict._tag === "Found") return { found: verdict.found }
      }
    }).pipe(
      Effect.withSpan(
        Telemetry.spanName(options.system, operation.name),
        { kind: "client" },
        { captureStackTrace: false },
      ),
    )

  const again = { _tag: "Again" } as const

  const call = <A>(operation: Replay.Operation<"safe">, send: Send<A>) =>
    run<A, never>(operation, send, {
      onAmbiguous: ({ error }, course) =>
        error.isRetryable && course.failures < retries
          ? Effect.as(pause(operation, error, course), again)
          : Effect.fail(final(operation, error, course)),
    }) as Effect.Effect<Reply<A>, ConnectorError>

  const keyed = <A, B>(
    operation: Replay.Operation<"keyed">,
    send: Send<A>,
    lookup: Effect.Effect<Option.Option<B>, ConnectorError>,
    { settle = Duration.zero }: { readonly settle?: Duration.Duration } = {},
  ) =>
    run<A, B>(operation, send, {
      onAmbiguous: Effect.fnUntraced(function* ({ error }, course) {
        yield* pause(operation, error, course, settle)
        const now = yield* Clock.currentTimeMillis
        const found = yield* lookup.pipe(
          Effect.timeoutOrElse({ duration: Duration.millis(course.until - now), orElse: () => Effect.fail(error) }),
          Effect.mapError((cause) => unknown(operation, cause)),
        )
        if (Option.isSome(found)) return { _tag: "Found", found: found.value }
        if (course.failures > retries) return yield* Effect.fail(unknown(operation, error))
        return again
      }),
    })

  const once = <A>(operation: Replay.Operation, send: Send<A>) =>
    run<A, never>(operation, send, {
      onAmbiguous: ({ error }) => Effect.fail(operation.readOnly ? error : unknown(operation, error)),
    }) as Effect.Effect<Reply<A>, ConnectorError>

  return { call, keyed, once }
}
