/**
 * The bounds of one crawl, from the source's clock. Our own clock serves only to measure how long an answer took: however
 * wrong it goes, it moves no bound.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ConnectorError } from "../ConnectorError.ts"
import { broken } from "./Failure.ts"
import type { Options } from "./Options.ts"
import * as Stamp from "./Stamp.ts"

export interface Bounds {
  /** A moment that has surely passed by every clock of the source: its time at the start less the lag. */
  readonly passed: bigint
  /** Below it nothing can appear any more: the next crawl's lower bound. */
  readonly next: bigint
  /** Above it a row came after the start of the crawl, and need not be waited for. */
  readonly upper: bigint
}

/** A `Date` header has whole seconds, so a stamp may be this much ahead of it. */
const SECOND = 1000

const bounds = <A>(options: Options<A>, time: number): Bounds => {
  const step = Stamp.grain(options.granularityMillis)
  const lag = Duration.toMillis(Duration.fromInputUnsafe(options.lag))
  const overlap = Duration.toMillis(Duration.fromInputUnsafe(options.overlap))
  return {
    passed: Stamp.ofMillis(time - lag),
    next: Stamp.floorTo(Stamp.ofMillis(time - lag - overlap), step),
    upper: Stamp.floorTo(Stamp.ofMillis(time + SECOND), step) + step,
  }
}

/** An answer that may tell the source's time. */
export interface Told {
  readonly serverTime?: number
}

export interface ServerTime {
  /** Undefined until the source has told its time. */
  readonly known: () => Bounds | undefined
  /** The bounds, from the source's endpoint or, where it has none, from the answer to this question. */
  readonly fix: (probe: Effect.Effect<Told, ConnectorError>) => Effect.Effect<Bounds, ConnectorError>
  /** Asks, and fixes the bounds by the first answer unless they are known. */
  readonly ask: <B extends Told>(
    question: Effect.Effect<B, ConnectorError>,
  ) => Effect.Effect<B & { readonly bounds: Bounds }, ConnectorError>
}

/** One for each run of a crawl. */
export const make = <A>(options: Options<A>): ServerTime => {
  let fixed: Bounds | undefined

  const fromAnswer = (answer: Told, tookMillis: number): Effect.Effect<Bounds, ConnectorError> =>
    answer.serverTime !== undefined && Number.isFinite(answer.serverTime)
      ? Effect.succeed(bounds(options, answer.serverTime - tookMillis))
      : Effect.fail(
          broken(
            options.reading,
            "serverTime",
            "the source told no time; give `serverTime`, or answers with their Date header",
          ),
        )

  const fromEndpoint = Effect.suspend(() =>
    fixed === undefined && options.serverTime !== undefined
      ? Effect.map(options.serverTime, (time) => {
          fixed = bounds(options, time)
        })
      : Effect.void,
  )

  const ask: ServerTime["ask"] = (question) =>
    Effect.gen(function* () {
      yield* fromEndpoint
      const before = yield* Clock.monotonicTimeNanos
      const answer = yield* question
      const took = Number((yield* Clock.monotonicTimeNanos) - before) / 1e6
      fixed ??= yield* fromAnswer(answer, Math.max(0, took))
      return { ...answer, bounds: fixed }
    })

  const fix: ServerTime["fix"] = (probe) =>
    Effect.gen(function* () {
      yield* fromEndpoint
      return fixed ?? (yield* ask(probe)).bounds
    })

  return { known: () => fixed, ask, fix }
}
