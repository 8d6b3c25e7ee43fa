/**
 * What the strategies that read by a stamp have in common: where a crawl stands, and what of it may be written to a
 * cursor.
 *
 * Everything below the cursor's `from` was delivered and is settled. A position is settled when it lies below the bound
 * that was fixed from the source's clock; a position above it is forgotten on a stop, and what lies between is read
 * again and taken out by the store. So a resumed crawl is nothing but a crawl from its cursor.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { ConnectorError } from "../ConnectorError.ts"
import { Instant } from "../Values.ts"
import { broken } from "./Failure.ts"
import { normalRows } from "./Normal.ts"
import type { Options } from "./Options.ts"
import type { Batch, Row } from "./Row.ts"
import type * as ServerTime from "./ServerTime.ts"
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

export const State = Schema.Struct({
  from: Schema.optionalKey(Instant),
  /** `from` as the source showed it, see `Options.shown`. */
  shown: Schema.optionalKey(Schema.String),
  /** `since`: rows below it are not wanted, however late they come. */
  floor: Schema.optionalKey(Instant),
  scan: Schema.optionalKey(Schema.Struct({ before: Instant, afterId: Schema.String })),
  sweeps: Schema.optionalKey(Sweeps.States),
})
export type State = typeof State.Type

export const stampOf = (text: string | undefined): bigint | undefined =>
  text === undefined ? undefined : Stamp.parse(text)

export const toolsOf = <A>(options: Options<A>, time: ServerTime.ServerTime): Tools<A> => {
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
export const settled = (place: Place, bounds: ServerTime.Bounds): Place => {
  const { from, scan } = place
  if (from !== undefined && from > bounds.next) return { from: bounds.next }
  if (scan?.before !== undefined && scan.before <= bounds.next) return place
  return from === undefined ? {} : { from }
}

export const stateOf = <A>(tools: Tools<A>, place: Place, floor: bigint | undefined, sweeps: Sweeps.States): State => {
  const { scan } = place
  const from = place.from === undefined ? floor : Stamp.max(place.from, floor ?? place.from)
  const { shown } = tools.options
  return {
    ...(from === undefined ? {} : { from: tools.text(from) }),
    ...(from === undefined || shown === undefined ? {} : { shown: shown.text(tools.text(from)) }),
    ...(floor === undefined ? {} : { floor: tools.text(floor) }),
    ...(scan?.before === undefined || scan.afterId === undefined
      ? {}
      : { scan: { before: tools.text(scan.before), afterId: scan.afterId } }),
    ...(Object.keys(sweeps).length === 0 ? {} : { sweeps }),
  }
}

/**
 * A state as it is to be gone on from. Where the source's clock is taken for another one than when it was written, what
 * was shown then may mean an earlier instant: the position and the sweeps step back by the difference.
 */
export const recalled = <A>(tools: Tools<A>, state: State): State => {
  const { shown } = tools.options
  const from = stampOf(state.from)
  if (shown === undefined || from === undefined || state.from === undefined || state.shown === undefined) return state
  if (shown.text(state.from) === state.shown) return state
  const { scan: _, sweeps, ...rest } = state
  const earlier = Stamp.min(from, stampOf(shown.stamp(state.shown)) ?? from)
  return {
    ...rest,
    from: tools.text(earlier),
    ...(sweeps === undefined ? {} : { sweeps: Sweeps.back(sweeps, from - earlier, tools.text) }),
  }
}

export const placeOf = (state: State): Place => {
  const from = stampOf(state.from)
  const before = stampOf(state.scan?.before)
  return {
    ...(from === undefined ? {} : { from }),
    ...(state.scan === undefined || before === undefined ? {} : { scan: { before, afterId: state.scan.afterId } }),
  }
}
