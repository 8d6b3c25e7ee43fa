/** What can be watched of a relay from outside: spans and logs. They hold names and numbers, nothing of any record. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ConnectorError } from "../../ConnectorError.ts"
import type * as Relay from "../../Relay.ts"
import * as Telemetry from "../../Telemetry.ts"
import * as Summary from "./Summary.ts"
import type { Wiring } from "./Wiring.ts"

type Part = Parameters<typeof Telemetry.relaySpanName>[0]
type Whole = Exclude<Part, "recover" | "page">

const attributes = ({ name, source, target }: Wiring) => ({
  relay: name,
  source: `${source.scope.system}.${source.entity.name}`,
  target: `${target.scope.system}.${target.entity.name}`,
})

/** What a summary counts, without the zeros; the dead letters in all and by reason. */
export const numbers = ({ rejected, ...counts }: Relay.Summary): Record<string, number> => {
  const reasons = Object.entries(rejected)
  const all = reasons.reduce((sum, [, count]) => sum + count, 0)
  const told = [
    ...Object.entries(counts).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
    ["rejected", all] as const,
    ...reasons.map(([reason, count]) => [`rejected.${reason}`, count] as const),
  ]
  return Object.fromEntries(told.filter(([, count]) => count > 0))
}

export const span =
  (wiring: Wiring, part: Part, more: Readonly<Record<string, unknown>> = {}) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    effect.pipe(
      Effect.withSpan(
        Telemetry.relaySpanName(part),
        { attributes: { ...attributes(wiring), ...more } },
        { captureStackTrace: false },
      ),
    )

/** The same for a stream, from its first step to its end. */
export const around =
  (wiring: Wiring, part: Part) =>
  <A, E, R>(steps: Stream.Stream<A, E, R>) =>
    Stream.withSpan(steps, Telemetry.relaySpanName(part), {
      attributes: attributes(wiring),
      captureStackTrace: false,
    })

const warn = (wiring: Wiring, message: string, told: Readonly<Record<string, unknown>>) =>
  Effect.annotateLogs(Effect.logWarning(message), { relay: wiring.name, ...told })

/** Tells of a page or a batch what it did, and warns of what a person should look at. */
export const told = Effect.fnUntraced(function* (wiring: Wiring, summary: Relay.Summary) {
  const all = numbers(summary)
  yield* Effect.annotateCurrentSpan(all)
  const rejected = Object.entries(all).filter(([name]) => name.startsWith("rejected"))
  if (rejected.length > 0) yield* warn(wiring, "records became dead letters", Object.fromEntries(rejected))
  if (summary.orphaned > 0) {
    const message = "a merge left records of the target behind; the journal says which"
    yield* warn(wiring, message, { orphaned: summary.orphaned })
  }
})

const reasonOf = (cause: Cause.Cause<ConnectorError>): string | undefined =>
  cause.reasons.flatMap((each) => (each._tag === "Fail" ? [each.error.reason._tag] : []))[0]

type Numbers = Readonly<Record<string, number>>

const finished = (wiring: Wiring, part: Whole, all: Numbers) =>
  Effect.annotateLogs(Effect.logInfo("the relay has finished"), { relay: wiring.name, part, ...all })

/** What was interrupted ended as its caller wants it, and is not told. */
const endedEarly = (wiring: Wiring, part: Whole, all: Numbers, reason: string | undefined) =>
  reason === undefined
    ? Effect.void
    : warn(wiring, "the relay ended early; run it again and it goes on", { part, reason, ...all })

/** A span for all the steps, and a line in the log when they are through or end early. */
export const whole =
  (wiring: Wiring, part: Whole) =>
  <R>(steps: Stream.Stream<Relay.Step, ConnectorError, R>): Stream.Stream<Relay.Step, ConnectorError, R> =>
    Stream.suspend(() => {
      let total = Summary.none
      const count = (step: Relay.Step) =>
        Effect.sync(() => {
          total = Summary.add(total, step)
        })
      const end = (line: (all: Numbers) => Effect.Effect<void>) =>
        Effect.suspend(() => Effect.andThen(Effect.annotateCurrentSpan(numbers(total)), line(numbers(total))))
      return steps.pipe(
        Stream.tap(count),
        Stream.onEnd(end((all) => finished(wiring, part, all))),
        Stream.onError((cause) => end((all) => endedEarly(wiring, part, all, reasonOf(cause)))),
      )
    }).pipe(around(wiring, part))
