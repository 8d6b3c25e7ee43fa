/**
 * Before a crawl, the records that changed without moving their stamp: by the calendar, or in another table. Where each
 * sweep stands is part of the cursor, and by it also when it is due. What a sweep re-reads and finds unchanged is taken
 * out like any other double. A day counts as begun when it has begun by every clock of the source: asked too early, it
 * would answer with the old day.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { ConnectorError } from "../ConnectorError.ts"
import type { Instant, LocalDate } from "../Values.ts"
import { broken } from "./Failure.ts"
import type { Options, Sweep, Swept } from "./Options.ts"
import type { Row } from "./Row.ts"
import type { Bounds, ServerTime, Told } from "./ServerTime.ts"
import * as Stamp from "./Stamp.ts"

/** `done` is the day or bound up to which a sweep is finished; `through` and `next` tell of one under way. */
const Progress = Schema.Struct({
  done: Schema.String,
  through: Schema.optionalKey(Schema.String),
  next: Schema.optionalKey(Schema.String),
})
type Progress = typeof Progress.Type

export const States = Schema.Record(Schema.String, Progress)
export type States = typeof States.Type

/** Those that stand at a moment, so much earlier. The days of a calendar are told by another clock and stay. */
export const back = (states: States, by: bigint, text: (stamp: bigint) => string): States =>
  Object.fromEntries(
    Object.entries(states).map(([name, progress]) => {
      const done = Stamp.parse(progress.done)
      return [name, done === undefined ? progress : { ...progress, done: text(done - by) }]
    }),
  )

/** One question of a sweep, answered; `finished` when this sweep has nothing more to ask in this run. */
export interface Answer<A> {
  readonly rows: ReadonlyArray<Row<A>>
  readonly progress: Progress
  readonly finished: boolean
}

const dayOf = <A>(options: Options<A>, zone: string, stamp: bigint): Effect.Effect<string, ConnectorError> =>
  Option.match(DateTime.zoneMakeNamed(zone), {
    onNone: () => Effect.fail(broken(options.reading, "zone", "is no IANA time zone; give one such as Europe/Berlin")),
    onSome: (named) =>
      Effect.succeed(DateTime.formatIsoDate(DateTime.makeZonedUnsafe(Stamp.toMillis(stamp), { timeZone: named }))),
  })

/** The mark up to which a sweep can go, for a moment of the source's clock or for a position of the crawl. */
const markOf = <A>(options: Options<A>, sweep: Sweep<A>, stamp: bigint): Effect.Effect<string, ConnectorError> =>
  sweep._tag === "Calendar"
    ? dayOf(options, sweep.zone, stamp)
    : Effect.succeed(Stamp.format(stamp, Stamp.grain(options.granularityMillis)))

const ask = <A>(
  options: Options<A>,
  sweep: Sweep<A>,
  progress: Progress,
  through: string,
): Effect.Effect<Swept<A>, ConnectorError> => {
  const page = { limit: options.pageSize, ...(progress.next === undefined ? {} : { next: progress.next }) }
  return sweep._tag === "Calendar"
    ? sweep.due({ after: progress.done as LocalDate, through: through as LocalDate, ...page })
    : sweep.changed({ from: progress.done as Instant, ...page })
}

/** Where a sweep begins: where it stood, or, if this reading has not met it, at the crawl's own position. */
const begun = <A>(
  options: Options<A>,
  sweep: Sweep<A>,
  known: Progress | undefined,
  position: bigint,
): Effect.Effect<Progress, ConnectorError> =>
  known === undefined ? Effect.map(markOf(options, sweep, position), (done) => ({ done })) : Effect.succeed(known)

const now = <A>(options: Options<A>, sweep: Sweep<A>, bounds: Bounds): Effect.Effect<string, ConnectorError> =>
  markOf(options, sweep, sweep._tag === "Calendar" ? bounds.passed : bounds.next)

const every = <A>(sweep: Sweep<A>): bigint =>
  Stamp.ofMillis(Duration.toMillis(Duration.fromInputUnsafe(sweep._tag === "Calendar" ? 0 : (sweep.every ?? 0))))

/**
 * True when days have begun for which a calendar sweep has not asked, or the interval of another has passed. One that
 * this reading has not met is due, so that what lies behind it is not taken for asked.
 */
export const isDue = <A>(
  options: Options<A>,
  sweep: Sweep<A>,
  known: Progress | undefined,
  bounds: Bounds,
): Effect.Effect<boolean, ConnectorError> =>
  known === undefined || known.through !== undefined
    ? Effect.succeed(true)
    : Effect.map(now(options, sweep, { ...bounds, next: bounds.next - every(sweep) }), (mark) => mark > known.done)

/** The states with those of the sweeps that have nothing behind them: from here on they have. */
export const complete = <A>(
  options: Options<A>,
  states: States,
  bounds: Bounds,
): Effect.Effect<States, ConnectorError> =>
  Effect.gen(function* () {
    const missing = (options.sweeps ?? []).filter(({ name }) => states[name] === undefined)
    const added = yield* Effect.forEach(missing, (sweep) =>
      Effect.map(now(options, sweep, bounds), (done) => [sweep.name, { done }] as const),
    )
    return added.length === 0 ? states : { ...states, ...Object.fromEntries(added) }
  })

/** The next question of one sweep. */
export const next = <A>(
  options: Options<A>,
  sweep: Sweep<A>,
  known: Progress | undefined,
  time: ServerTime,
  probe: Effect.Effect<Told, ConnectorError>,
  position: bigint,
): Effect.Effect<Answer<A>, ConnectorError> =>
  Effect.gen(function* () {
    const progress = yield* begun(options, sweep, known, position)
    if (sweep._tag === "Calendar") {
      const today = yield* now(options, sweep, yield* time.fix(probe))
      const through = progress.through ?? today
      if (through <= progress.done) return { rows: [], progress, finished: true }
      const swept = yield* ask(options, sweep, progress, through)
      return yield* answered(options, sweep, progress, swept, through, through >= today)
    }
    if (sweep.every !== undefined && !(yield* isDue(options, sweep, known, yield* time.fix(probe))))
      return { rows: [], progress, finished: true }
    // The time has to be that before the question; an answer that does not tell it is asked again after a probe.
    const question = ask(options, sweep, progress, "")
    const first =
      time.known() === undefined && options.serverTime === undefined ? yield* timed(time, question) : undefined
    const bounds = yield* time.fix(probe)
    const swept = first ?? (yield* question)
    const settled = yield* now(options, sweep, bounds)
    const through = progress.through ?? settled
    // One that was begun in an earlier run ends where that run stood, and a second one follows it.
    return yield* answered(options, sweep, progress, swept, through, through >= settled)
  })

/** The answer, if it told the time by which the bounds were fixed. */
const timed = <A>(time: ServerTime, question: Effect.Effect<Swept<A>, ConnectorError>) =>
  Effect.gen(function* () {
    const before = yield* Clock.monotonicTimeNanos
    const swept = yield* question
    const took = (yield* Clock.monotonicTimeNanos) - before
    if (swept.serverTime === undefined) return undefined
    yield* time.fix(Effect.succeed({ serverTime: swept.serverTime - Number(took) / 1e6 }))
    return swept
  })

const answered = <A>(
  options: Options<A>,
  sweep: Sweep<A>,
  progress: Progress,
  swept: Swept<A>,
  through: string,
  last: boolean,
): Effect.Effect<Answer<A>, ConnectorError> => {
  if (swept.next === undefined) return Effect.succeed({ rows: swept.rows, progress: { done: through }, finished: last })
  if (swept.next === progress.next)
    return Effect.fail(broken(options.reading, `sweep ${sweep.name}`, "the source gives the same place again"))
  const under = { done: progress.done, through, next: swept.next }
  return Effect.succeed({ rows: swept.rows, progress: under, finished: false })
}
