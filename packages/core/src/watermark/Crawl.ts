/**
 * The frame around the strategies that read by a stamp: where a crawl stands, what of it may be written to a cursor, the
 * sweeps before it, and the pages.
 *
 * Everything below the cursor's `from` was delivered and is settled. A position is settled when it lies below the bound
 * that was fixed from the source's clock; a position above it is forgotten on a stop, and what lies between is read
 * again and taken out by the store. So a resumed crawl is nothing but a crawl from its cursor.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type * as Change from "../Change.ts"
import type { ConnectorError } from "../ConnectorError.ts"
import * as Reading from "../Reading.ts"
import { Instant } from "../Values.ts"
import { broken } from "./Failure.ts"
import { normalRows } from "./Normal.ts"
import type { Options, Sweep } from "./Options.ts"
import * as Page from "./Page.ts"
import type { Batch, From, Reader, Row } from "./Row.ts"
import * as ServerTime from "./ServerTime.ts"
import * as Stamp from "./Stamp.ts"
import * as Sweeps from "./Sweeps.ts"

/** How far a crawl has come: everything below `from`, and of what lies in [from, before) the ids up to `afterId`. */
export interface Place {
  readonly from?: bigint
  readonly scan?: { readonly before?: bigint; readonly afterId?: string }
}

export interface Step<A, Memo> {
  readonly rows: ReadonlyArray<Row<A>>
  readonly place: Place
  readonly memo: Memo
  readonly done: boolean
}

/** What a strategy asks with; the answer's rows have stamps on the grid and in one precision. */
export interface Tools<A> {
  readonly options: Options<A>
  readonly step: bigint
  readonly text: (stamp: bigint) => Instant
  readonly ask: (
    question: Effect.Effect<Batch<A>, ConnectorError>,
  ) => Effect.Effect<Batch<A> & { readonly bounds: ServerTime.Bounds }, ConnectorError>
  readonly broken: (field: string, message: string) => ConnectorError
}

export interface Strategy<A, Memo> {
  readonly name: string
  readonly start: Memo
  /** One question to the source and what it means. */
  readonly next: (tools: Tools<A>, place: Place, memo: Memo) => Effect.Effect<Step<A, Memo>, ConnectorError>
  /** The smallest question that makes the source tell its time. */
  readonly probe: (tools: Tools<A>, place: Place) => Effect.Effect<Batch<A>, ConnectorError>
}

const State = Schema.Struct({
  from: Schema.optionalKey(Instant),
  /** `since`: rows below it are not wanted, however late they come. */
  floor: Schema.optionalKey(Instant),
  scan: Schema.optionalKey(Schema.Struct({ before: Instant, afterId: Schema.String })),
  sweeps: Schema.optionalKey(Sweeps.States),
})
type State = typeof State.Type

/** Where the whole run stands, sweeps and all. */
interface Whole<Memo> {
  readonly place: Place
  readonly memo: Memo
  readonly sweeps: Sweeps.States
  /** The sweep that is at work; when all are done, the crawl. */
  readonly sweep: number
}

const stampOf = (text: string | undefined): bigint | undefined => (text === undefined ? undefined : Stamp.parse(text))

const toolsOf = <A>(options: Options<A>, time: ServerTime.ServerTime<A>): Tools<A> => {
  const step = Stamp.grain(options.granularityMillis)
  return {
    options,
    step,
    text: (stamp) => Stamp.format(stamp, step) as Instant,
    broken: (field, message) => broken(options.reading, field, message),
    ask: (question) =>
      Effect.gen(function* () {
        const answer = yield* time.ask(question)
        return { ...answer, rows: yield* normalRows(options, step, answer.rows) }
      }),
  }
}

/** What of a place survives a stop. */
const settled = (place: Place, bounds: ServerTime.Bounds): Place => {
  const { from, scan } = place
  if (from !== undefined && from > bounds.next) return { from: bounds.next }
  if (scan?.before !== undefined && scan.before <= bounds.next) return place
  return from === undefined ? {} : { from }
}

const stateOf = <A>(tools: Tools<A>, place: Place, floor: bigint | undefined, sweeps: Sweeps.States): State => {
  const { scan } = place
  const from = place.from === undefined ? floor : Stamp.max(place.from, floor ?? place.from)
  return {
    ...(from === undefined ? {} : { from: tools.text(from) }),
    ...(floor === undefined ? {} : { floor: tools.text(floor) }),
    ...(scan?.before === undefined || scan.afterId === undefined
      ? {}
      : { scan: { before: tools.text(scan.before), afterId: scan.afterId } }),
    ...(Object.keys(sweeps).length === 0 ? {} : { sweeps }),
  }
}

const placeOf = (state: State): Place => {
  const from = stampOf(state.from)
  const before = stampOf(state.scan?.before)
  return {
    ...(from === undefined ? {} : { from }),
    ...(state.scan === undefined || before === undefined ? {} : { scan: { before, afterId: state.scan.afterId } }),
  }
}

const initial = <A>(options: Options<A>, name: string, from: From): Effect.Effect<State, ConnectorError> => {
  if (from.cursor !== undefined) return Reading.resume(options.reading, name, State, from.cursor)
  if (from.since === undefined) return Effect.succeed({})
  return Schema.is(Instant)(from.since)
    ? Effect.succeed({ from: from.since, floor: from.since })
    : Effect.fail(Reading.invalid(options.reading, [{ path: ["since"], message: "is no instant in UTC" }]))
}

/** The reader of a strategy: sweeps first, then question by question until the crawl has caught up. */
export const reader =
  <A, Memo>(options: Options<A>, strategy: Strategy<A, Memo>): Reader<A> =>
  (from = {}) =>
    Stream.unwrap(
      Effect.map(initial(options, strategy.name, from), (state) => {
        const time = ServerTime.make(options)
        return run(options, strategy, toolsOf(options, time), time, state)
      }),
    )

type Pages<A, Memo> = readonly [ReadonlyArray<Change.Page<A>>, Option.Option<Whole<Memo>>]

const run = <A, Memo>(
  options: Options<A>,
  strategy: Strategy<A, Memo>,
  tools: Tools<A>,
  time: ServerTime.ServerTime<A>,
  state: State,
): Stream.Stream<Change.Page<A>, ConnectorError> => {
  const sweeps = options.sweeps ?? []
  const floor = stampOf(state.floor)

  const page = (draft: Page.Draft<A>, place: Place, progress: Sweeps.States, caughtUp: boolean): Change.Page<A> => ({
    stream: options.reading.stream,
    changes: draft.changes,
    cursor: Reading.cursor(options.reading, strategy.name, stateOf(tools, place, floor, progress)),
    delta: { marks: draft.marks },
    caughtUp,
  })

  const start: Whole<Memo> = {
    place: placeOf(state),
    memo: strategy.start,
    sweeps: state.sweeps ?? {},
    sweep: 0,
  }
  // Versions that a sweep delivered, perhaps not committed yet, and that this run may meet again.
  const seen = new Map<string, string>()

  const sweepOnce = (whole: Whole<Memo>, sweep: Sweep<A>): Effect.Effect<Pages<A, Memo>, ConnectorError> =>
    Effect.gen(function* () {
      const bounds = yield* time.fix(strategy.probe(tools, whole.place))
      const { from } = whole.place
      const answer = yield* Sweeps.next(options, sweep, whole.sweeps[sweep.name], bounds, from)
      const rows = yield* normalRows(options, tools.step, answer.rows)
      const draft = yield* Page.draft(options.store, options.reading.stream, rows, seen)
      const progress = { ...whole.sweeps, [sweep.name]: answer.progress }
      const at = whole.sweep + (answer.finished ? 1 : 0)
      for (const mark of draft.marks) seen.set(mark.id, mark.version)
      if (at === sweeps.length && from !== undefined) forget(seen, tools.text(from))
      const pages = rows.length === 0 ? [] : [page(draft, settled(whole.place, bounds), progress, false)]
      return [pages, Option.some({ ...whole, sweeps: progress, sweep: at })]
    })

  const crawlOnce = (whole: Whole<Memo>): Effect.Effect<Pages<A, Memo>, ConnectorError> =>
    Effect.gen(function* () {
      const step = yield* strategy.next(tools, whole.place, whole.memo)
      const bounds = yield* time.fix(strategy.probe(tools, whole.place))
      const lowest = Stamp.max(bounds.next, floor ?? bounds.next)
      // The source's clock went back since the cursor was written: what it stamps now may lie below the cursor.
      if (whole.place === start.place && whole.place.from !== undefined && whole.place.from > lowest)
        return [[], Option.some({ ...whole, place: { from: lowest }, memo: strategy.start })]
      const draft = yield* Page.draft(options.store, options.reading.stream, step.rows, seen)
      const place = step.done ? { from: bounds.next } : settled(step.place, bounds)
      const pages = step.done || step.rows.length > 0 ? [page(draft, place, whole.sweeps, step.done)] : []
      return [pages, step.done ? Option.none() : Option.some({ ...whole, place: step.place, memo: step.memo })]
    })

  return Stream.paginate(start, (whole) => {
    const sweep = sweeps[whole.sweep]
    return sweep === undefined ? crawlOnce(whole) : sweepOnce(whole, sweep)
  })
}

/** After the sweeps, the crawl can only meet again what is stamped at or above its start. */
const forget = (seen: Map<string, string>, from: string): void => {
  for (const [id, version] of seen) {
    const stamp = version.slice(0, version.indexOf("#"))
    if (stamp !== "" && stamp < from) seen.delete(id)
  }
}
