/**
 * Before a crawl, the records that changed without moving their stamp: by the calendar, or in another table. Where each
 * sweep stands is part of the cursor. What a sweep re-reads and finds unchanged is taken out like any other double. A day
 * counts as begun when it has begun by every clock of the source: asked too early, it would answer with the old day.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { ConnectorError } from "../ConnectorError.ts"
import type { Instant, LocalDate } from "../Values.ts"
import { broken } from "./Failure.ts"
import type { Options, Sweep, Swept } from "./Options.ts"
import type { Row } from "./Row.ts"
import type { Bounds } from "./ServerTime.ts"
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

/**
 * The next question of one sweep. A sweep that this reading has not met starts at the crawl's own position: a reading
 * from the beginning has nothing to sweep, since it reads everything as it is now.
 */
export const next = <A>(
  options: Options<A>,
  sweep: Sweep<A>,
  known: Progress | undefined,
  bounds: Bounds,
  position: bigint | undefined,
): Effect.Effect<Answer<A>, ConnectorError> =>
  Effect.gen(function* () {
    const now = yield* markOf(options, sweep, sweep._tag === "Calendar" ? bounds.passed : bounds.next)
    if (known === undefined && position === undefined) return { rows: [], progress: { done: now }, finished: true }
    const progress = known ?? { done: yield* markOf(options, sweep, position ?? 0n) }
    const through = progress.through ?? now
    if (sweep._tag === "Calendar" && through <= progress.done) return { rows: [], progress, finished: true }
    const swept = yield* ask(options, sweep, progress, through)
    if (swept.next === undefined)
      return { rows: swept.rows, progress: { done: through }, finished: sweep._tag === "SideTable" || through >= now }
    if (swept.next === progress.next)
      return yield* Effect.fail(broken(options.reading, `sweep ${sweep.name}`, "the source gives the same place again"))
    return { rows: swept.rows, progress: { done: progress.done, through, next: swept.next }, finished: false }
  })
