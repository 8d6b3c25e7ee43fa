/**
 * One run of a reading, from its cursor until it has caught up: the sweeps, then the crawl, question by question, each
 * answer a page. A reading from the beginning sweeps nothing, since it reads everything as it is now.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type * as Change from "../Change.ts"
import type { ConnectorError } from "../ConnectorError.ts"
import * as Reading from "../Reading.ts"
import { Instant } from "../Values.ts"
import {
  type Place,
  placeOf,
  recalled,
  State,
  type Step,
  type Strategy,
  settled,
  stampOf,
  stateOf,
  toolsOf,
} from "./Crawl.ts"
import { normalRows } from "./Normal.ts"
import type { Options, Sweep } from "./Options.ts"
import * as Page from "./Page.ts"
import type { From, Reader, Row } from "./Row.ts"
import * as ServerTime from "./ServerTime.ts"
import * as Stamp from "./Stamp.ts"
import * as Sweeps from "./Sweeps.ts"

/** Where the run stands. */
interface Whole<Memo> {
  readonly place: Place
  readonly memo: Memo
  readonly sweeps: Sweeps.States
  /** The sweep that is at work; when all are done, the crawl. */
  readonly sweep: number
}

/** The pages of one question, and how the run goes on. */
type Turn<A, Memo> = readonly [ReadonlyArray<Change.Page<A>>, Option.Option<Whole<Memo>>]

const initial = <A>(options: Options<A>, name: string, from: From): Effect.Effect<State, ConnectorError> => {
  if (from.cursor !== undefined) return Reading.resume(options.reading, name, State, from.cursor)
  if (from.since === undefined) return Effect.succeed({})
  return Schema.is(Instant)(from.since)
    ? Effect.succeed({ from: from.since, floor: from.since })
    : Effect.fail(Reading.invalid(options.reading, [{ path: ["since"], message: "is no instant in UTC" }]))
}

/** The `changes` that a strategy makes. */
export const reader =
  <A, Memo>(options: Options<A>, strategy: Strategy<A, Memo>): Reader<A> =>
  (from = {}) =>
    Stream.unwrap(Effect.map(initial(options, strategy.name, from), (state) => run(options, strategy, state)))

/** True for a sweep that has something to ask at some times only. */
const waits = <A>(sweep: Sweep<A>): boolean => sweep._tag === "Calendar" || sweep.every !== undefined

/** Those that always ask first: their answers tell the time, by which it is known whether the others are due. */
const inTurn = <A>(sweeps: ReadonlyArray<Sweep<A>>): ReadonlyArray<Sweep<A>> => [
  ...sweeps.filter((sweep) => !waits(sweep)),
  ...sweeps.filter(waits),
]

const run = <A, Memo>(
  options: Options<A>,
  strategy: Strategy<A, Memo>,
  written: State,
): Stream.Stream<Change.Page<A>, ConnectorError> => {
  const time = ServerTime.make(options)
  const tools = toolsOf(options, time)
  const state = recalled(tools, written)
  const sweeps = inTurn(options.sweeps ?? [])
  const floor = stampOf(state.floor)
  const start: Whole<Memo> = { place: placeOf(state), memo: strategy.start, sweeps: state.sweeps ?? {}, sweep: 0 }
  // Versions that a sweep delivered, perhaps not committed yet, and that this run may meet again.
  const seen = new Map<string, string>()

  const runsBack = Stamp.ofMillis(Duration.toMillis(Duration.fromInputUnsafe(options.runsBack ?? 0)))

  const draftOf = (rows: ReadonlyArray<Row<A>>) =>
    Page.draft(options.store, options.reading.stream, rows, { seen, runsBack })

  const page = (draft: Page.Draft<A>, place: Place, states: Sweeps.States, caughtUp: boolean): Change.Page<A> => ({
    stream: options.reading.stream,
    changes: draft.changes,
    cursor: Reading.cursor(options.reading, strategy.name, stateOf(tools, place, floor, states)),
    delta: { marks: draft.marks },
    caughtUp,
  })

  const sweepOnce = (whole: Whole<Memo>, sweep: Sweep<A>, from: bigint): Effect.Effect<Turn<A, Memo>, ConnectorError> =>
    Effect.gen(function* () {
      const probe = strategy.probe(tools, whole.place)
      const answer = yield* Sweeps.next(options, sweep, whole.sweeps[sweep.name], time, probe, from)
      const rows = yield* normalRows(options, tools.step, answer.rows)
      const draft = yield* draftOf(rows)
      for (const mark of draft.marks) seen.set(mark.id, mark.version)
      const states = { ...whole.sweeps, [sweep.name]: answer.progress }
      const after = { ...whole, sweeps: states, sweep: whole.sweep + (answer.finished ? 1 : 0) }
      if (after.sweep === sweeps.length) forget(seen, tools.text(from - runsBack))
      const bounds = yield* time.fix(probe)
      return [rows.length === 0 ? [] : [page(draft, settled(whole.place, bounds), states, false)], Option.some(after)]
    })

  const crawlOnce = (whole: Whole<Memo>, step: Step<A, Memo>, bounds: ServerTime.Bounds) =>
    Effect.gen(function* (): Effect.fn.Return<Turn<A, Memo>, ConnectorError> {
      const lowest = Stamp.max(bounds.next, floor ?? bounds.next)
      // The source's clock went back since the cursor was written: what it stamps now may lie below the cursor.
      if (whole.place === start.place && whole.place.from !== undefined && whole.place.from > lowest)
        return [[], Option.some({ ...whole, place: { from: lowest }, memo: strategy.start })]
      const draft = yield* draftOf(step.rows)
      for (const { id, version } of draft.marks) if (seen.has(id)) seen.set(id, version)
      const states = yield* Sweeps.complete(options, whole.sweeps, bounds)
      const place = step.done ? { from: bounds.next } : settled(step.place, bounds)
      const pages = step.done || step.rows.length > 0 ? [page(draft, place, states, step.done)] : []
      const after = { ...whole, sweeps: states, place: step.place, memo: step.memo }
      return [pages, step.done ? Option.none() : Option.some(after)]
    })

  /** Whether a sweep is due of those that are to come, from the one at work on. */
  const isAnyDue = (whole: Whole<Memo>, bounds: ServerTime.Bounds) =>
    Effect.forEach(sweeps.slice(whole.sweep), (sweep) =>
      Sweeps.isDue(options, sweep, whole.sweeps[sweep.name], bounds),
    ).pipe(Effect.map((due) => due.includes(true)))

  /** The first answer of the crawl tells the time. It is thrown away only when a sweep is due, once a day or interval. */
  const peek = (whole: Whole<Memo>): Effect.Effect<Turn<A, Memo>, ConnectorError> =>
    Effect.gen(function* () {
      const step = yield* strategy.next(tools, whole.place, whole.memo)
      const bounds = yield* time.fix(strategy.probe(tools, whole.place))
      if (yield* isAnyDue(whole, bounds)) return [[], Option.some(whole)]
      return yield* crawlOnce({ ...whole, sweep: sweeps.length }, step, bounds)
    })

  const isPeek = (sweep: Sweep<A>): boolean =>
    waits(sweep) && time.known() === undefined && options.serverTime === undefined

  return Stream.paginate(start, (whole) => {
    const sweep = sweeps[whole.sweep]
    const from = whole.place.from
    if (sweep !== undefined && from !== undefined) return isPeek(sweep) ? peek(whole) : sweepOnce(whole, sweep, from)
    return Effect.gen(function* () {
      const step = yield* strategy.next(tools, whole.place, whole.memo)
      const bounds = yield* time.fix(strategy.probe(tools, whole.place))
      return yield* crawlOnce({ ...whole, sweep: sweeps.length }, step, bounds)
    })
  })
}

/** After the sweeps, the crawl can only meet again what is stamped at or above its start. */
const forget = (seen: Map<string, string>, from: string): void => {
  for (const [id, version] of seen) {
    const stamp = version.slice(0, version.indexOf("#"))
    if (stamp !== "" && stamp < from) seen.delete(id)
  }
}
