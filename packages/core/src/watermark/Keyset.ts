/**
 * Reads a source that answers in the order of its stamp. A full page is complete up to, and without, its last stamp; the
 * reading goes on from that stamp, inclusive, so the order of equal stamps does not matter. A page of one stamp only is
 * followed by a scan of that stamp by id.
 */
import * as Effect from "effect/Effect"
import type { ConnectorError } from "../ConnectorError.ts"
import type * as Crawl from "./Crawl.ts"
import { byCodeUnit, checkAscending } from "./Ids.ts"
import type { KeysetOptions } from "./Options.ts"
import * as Page from "./Page.ts"
import type { Reader, Row } from "./Row.ts"
import { reader } from "./Run.ts"
import * as Stamp from "./Stamp.ts"

/**
 * Records without a readable stamp that this crawl has delivered. Their place in the order is not known, so the next page
 * may show them again. They are anomalies; should they be many, the oldest are forgotten, and the store takes them out.
 */
type Loose = ReadonlySet<string>

type Step<A> = Effect.Effect<Crawl.Step<A, Loose>, ConnectorError>

/** The last stamp of a page; its rows have to be in the order of their stamps. */
const lastStamp = <A>(
  tools: Crawl.Tools<A>,
  rows: ReadonlyArray<Row<A>>,
): Effect.Effect<string | undefined, ConnectorError> => {
  let last: string | undefined
  for (const { id, stamp } of rows) {
    if (stamp === undefined) continue
    if (last !== undefined && stamp < last) {
      const where = `record ${id} is stamped before the one ahead of it`
      return Effect.fail(tools.broken("stamp", `${where}; a source without order needs the window strategy`))
    }
    last = stamp
  }
  return Effect.succeed(last)
}

const LOOSE = 1000

const looseKey = <A>(row: Row<A>): string => `${row.id} ${Page.version(row)}`

const withLoose = <A>(loose: Loose, rows: ReadonlyArray<Row<A>>): Loose => {
  const found = rows.filter((row) => row.stamp === undefined).map(looseKey)
  return found.length === 0 ? loose : new Set([...loose, ...found].slice(-LOOSE))
}

/** One page in the order of the stamp. */
const readPage = <A>(options: KeysetOptions<A>, tools: Crawl.Tools<A>, place: Crawl.Place, loose: Loose): Step<A> =>
  Effect.gen(function* () {
    const from = place.from === undefined ? undefined : tools.text(place.from)
    const answer = yield* tools.ask(options.read({ limit: options.pageSize, ...(from === undefined ? {} : { from }) }))
    const last = yield* lastStamp(tools, answer.rows)
    const wanted = answer.rows.filter((row) =>
      row.stamp === undefined ? !loose.has(looseKey(row)) : from === undefined || row.stamp >= from,
    )
    const memo = withLoose(loose, answer.rows)
    if (!answer.more) return { rows: wanted, place, memo, done: true }
    const end = last === undefined ? undefined : Stamp.parse(last)
    if (end === undefined || (place.from !== undefined && end < place.from))
      return yield* Effect.fail(tools.broken("stamp", "a full page has no stamp to go on from; is the field readable?"))
    // What is stamped after the start belongs to the next crawl: a source that changes faster than we read is no trap.
    if (end > answer.bounds.upper) return { rows: wanted, place, memo, done: true }
    const complete = wanted.filter((row) => row.stamp !== last)
    const oneStamp = complete.every((row) => row.stamp === undefined)
    const scan = oneStamp ? { scan: { before: end + tools.step } } : {}
    return { rows: complete, place: { from: end, ...scan }, memo, done: false }
  })

/** One page of the rows of one stamp, in the order of the id. */
const readTies = <A>(options: KeysetOptions<A>, tools: Crawl.Tools<A>, place: Crawl.Place, loose: Loose): Step<A> =>
  Effect.gen(function* () {
    const stamp = place.from ?? Stamp.FLOOR
    const afterId = place.scan?.afterId
    const text = tools.text(stamp)
    const question = { stamp: text, limit: options.pageSize, ...(afterId === undefined ? {} : { afterId }) }
    const answer = yield* tools.ask(options.readAt(question))
    const last = yield* checkAscending(tools, answer, afterId, options.compareIds ?? byCodeUnit)
    const rows = answer.rows.filter((row) => (row.stamp === undefined ? !loose.has(looseKey(row)) : row.stamp === text))
    const after = stamp + tools.step
    const memo = withLoose(loose, answer.rows)
    if (!answer.more || last === undefined) return { rows, place: { from: after }, memo, done: false }
    return { rows, place: { from: stamp, scan: { before: after, afterId: last } }, memo, done: false }
  })

/** The `changes` of a source that is ordered by its stamp. */
export const keyset = <A>(options: KeysetOptions<A>): Reader<A> =>
  reader<A, Loose>(options, {
    name: "keyset",
    start: new Set(),
    probe: (tools, place) =>
      options.read({ limit: 1, ...(place.from === undefined ? {} : { from: tools.text(place.from) }) }),
    next: (tools, place, loose) =>
      place.from !== undefined && place.scan !== undefined
        ? readTies(options, tools, place, loose)
        : readPage(options, tools, place, loose),
  })
