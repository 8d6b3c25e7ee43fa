/**
 * Reads a source without a stamp: the list of all its records, in the order of their ids, is laid beside the rows of the
 * last crawl in the store. Both sides come in pages and are forgotten page by page, so a million records need no more
 * memory than a hundred. What vanished from the list is asked for once more by id before it is reported as deleted.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type * as Change from "../Change.ts"
import { ConnectorError, Unsupported } from "../ConnectorError.ts"
import * as Reading from "../Reading.ts"
import * as Compare from "./Compare.ts"
import { broken } from "./Failure.ts"
import { byCodeUnit, outOfOrder } from "./Ids.ts"
import type { ScanRow, SnapshotOptions } from "./Options.ts"
import type { From, Reader, Row } from "./Row.ts"

const STRATEGY = "snapshot"

/** `after` is the sort key up to which the crawl has come; absent: at the beginning. */
const State = Schema.Struct({ after: Schema.optionalKey(Schema.String) })
type State = typeof State.Type

/** One side of the comparison: what is read and not yet dealt with, by sort key. */
interface Side<T> {
  readonly rows: ReadonlyArray<readonly [key: string, row: T]>
  /** The last key read; further ones follow after it. */
  readonly last?: string
  readonly more: boolean
}

interface Whole<A> {
  readonly source: Side<ScanRow<A>>
  readonly stored: Side<Change.SnapshotRow>
  /** Pages in a row that held nothing and were not delivered. */
  readonly quiet: number
}

/** A crawl in which nothing changes still moves its cursor, every so many pages. */
const QUIET_PAGES = 16

const last = <T>(rows: ReadonlyArray<readonly [string, T]>): string | undefined => rows.at(-1)?.[0]

/** The keys up to which a side is known: all of them when it has ended. */
const horizon = <T>(side: Side<T>): string | undefined => (side.more ? last(side.rows) : undefined)

const lower = (a: string | undefined, b: string | undefined): string | undefined => {
  if (a === undefined) return b
  if (b === undefined) return a
  return a < b ? a : b
}

const upTo = <T>(side: Side<T>, key: string | undefined): readonly [ReadonlyArray<readonly [string, T]>, Side<T>] => {
  if (key === undefined) return [side.rows, { ...side, rows: [] }]
  const cut = side.rows.findIndex(([own]) => own > key)
  const at = cut === -1 ? side.rows.length : cut
  return [side.rows.slice(0, at), { ...side, rows: side.rows.slice(at) }]
}

const keysOf = <A>(options: SnapshotOptions<A>) => ({
  keyOf: options.sort?.key ?? ((id: string) => id),
  idOf: options.sort?.id ?? ((key: string) => key),
})

const refillSource = <A>(
  options: SnapshotOptions<A>,
  side: Side<ScanRow<A>>,
): Effect.Effect<Side<ScanRow<A>>, ConnectorError> =>
  Effect.gen(function* () {
    if (side.rows.length > 0 || !side.more) return side
    const { keyOf, idOf } = keysOf(options)
    const page = yield* options.scan({
      limit: options.pageSize,
      ...(side.last === undefined ? {} : { after: idOf(side.last) }),
    })
    const rows = page.rows.map((row) => [keyOf(row.id), row] as const)
    const wrong = outOfOrder(
      rows.map(([own]) => own),
      side.last,
      byCodeUnit,
    )
    if (wrong !== undefined)
      return yield* Effect.fail(
        broken(
          options.reading,
          "id",
          `record ${wrong} does not come after the one ahead of it; give the source's order as sort`,
        ),
      )
    const end = last(rows)
    if (page.more && end === undefined)
      return yield* Effect.fail(broken(options.reading, "more", "the source says that there is more and gives no row"))
    return { rows, more: page.more, ...(end === undefined ? {} : { last: end }) }
  })

const refillStored = <A>(
  options: SnapshotOptions<A>,
  side: Side<Change.SnapshotRow>,
): Effect.Effect<Side<Change.SnapshotRow>, ConnectorError> =>
  Effect.gen(function* () {
    if (side.rows.length > 0 || !side.more) return side
    const page = yield* options.store.snapshotScan(options.reading.stream, {
      limit: options.pageSize,
      ...(side.last === undefined ? {} : { after: side.last }),
    })
    const rows = page.map((row) => [row.id, row] as const)
    const end = last(rows)
    return { rows, more: page.length >= options.pageSize, ...(end === undefined ? {} : { last: end }) }
  })

const fetchAll = <A>(
  options: SnapshotOptions<A>,
  ids: ReadonlyArray<string>,
): Effect.Effect<ReadonlyArray<Row<A>>, ConnectorError> => {
  const chunks: Array<ReadonlyArray<string>> = []
  for (let at = 0; at < ids.length; at += options.pageSize) chunks.push(ids.slice(at, at + options.pageSize))
  return Effect.map(
    Effect.forEach(chunks, (chunk) => options.fetch(chunk)),
    (rows) => rows.flat(),
  )
}

/** Compares as far as both sides are known. */
const step = <A>(
  options: SnapshotOptions<A>,
  whole: Whole<A>,
): Effect.Effect<readonly [ReadonlyArray<Change.Page<A>>, Option.Option<Whole<A>>], ConnectorError> =>
  Effect.gen(function* () {
    const source = yield* refillSource(options, whole.source)
    const stored = yield* refillStored(options, whole.stored)
    const end = lower(horizon(source), horizon(stored))
    const [listed, sourceLeft] = upTo(source, end)
    const [before, storedLeft] = upTo(stored, end)
    const stretch: Compare.Stretch<A> = { source: listed, stored: new Map(before), ...keysOf(options) }
    const outcome = Compare.settle(stretch, yield* fetchAll(options, Compare.toFetch(stretch)))
    const done = end === undefined
    const silent = outcome.changes.length + outcome.put.length + outcome.remove.length === 0
    const skip = silent && !done && whole.quiet < QUIET_PAGES
    const page = pageOf(options, end, outcome)
    const after = { source: sourceLeft, stored: storedLeft, quiet: skip ? whole.quiet + 1 : 0 }
    return [skip ? [] : [page], done ? Option.none() : Option.some(after)]
  })

const pageOf = <A>(
  options: SnapshotOptions<A>,
  after: string | undefined,
  outcome: Compare.Outcome<A>,
): Change.Page<A> => ({
  stream: options.reading.stream,
  changes: outcome.changes,
  cursor: Reading.cursor(options.reading, STRATEGY, after === undefined ? {} : { after }),
  delta: { marks: [], snapshotPut: outcome.put, snapshotRemove: outcome.remove },
  caughtUp: after === undefined,
})

const initial = <A>(options: SnapshotOptions<A>, from: From): Effect.Effect<State, ConnectorError> => {
  if (from.cursor !== undefined) return Reading.resume(options.reading, STRATEGY, State, from.cursor)
  if (from.since === undefined) return Effect.succeed({})
  return Effect.fail(
    new ConnectorError({
      system: options.reading.scope.system,
      operation: `${options.reading.entity}.changes`,
      reason: new Unsupported({
        message: "the source has no modified stamp, so a reading cannot begin at an instant",
        feature: "since",
        mend: "read from the beginning",
      }),
    }),
  )
}

/** The `changes` of a source without a stamp. */
export const snapshot =
  <A>(options: SnapshotOptions<A>): Reader<A> =>
  (from = {}) =>
    Stream.unwrap(
      Effect.map(initial(options, from), ({ after }) => {
        const side = { rows: [], more: true, ...(after === undefined ? {} : { last: after }) }
        return Stream.paginate<Whole<A>, Change.Page<A>, ConnectorError>(
          { source: side, stored: side, quiet: 0 },
          (whole) => step(options, whole),
        )
      }),
    )
