/**
 * Reads a source that filters by its stamp and answers in any order. An answer that is not whole is thrown away and asked
 * again for a smaller range, down to one step of the stamp's grid; there, or wherever the source can do it, the rows are
 * scanned by id. Ranges are read from the past to the present, so a position is all there is to remember.
 */
import * as Effect from "effect/Effect"
import type { ConnectorError } from "../ConnectorError.ts"
import type * as Crawl from "./Crawl.ts"
import { cut, widthFor } from "./Cut.ts"
import { byCodeUnit, checkAscending, outOfOrder } from "./Ids.ts"
import type { WindowOptions } from "./Options.ts"
import type { Batch, Reader, Row } from "./Row.ts"
import { reader } from "./Run.ts"
import type { Bounds } from "./ServerTime.ts"
import * as Stamp from "./Stamp.ts"

interface Memo {
  /** The end of the range to ask for; absent: open. */
  readonly before?: bigint
  /** How often the range was cut. */
  readonly cuts: number
  /** The width that lately fitted a page. */
  readonly width?: bigint
  /** The source's ids did not ascend over a range: only cutting is left. */
  readonly unordered: boolean
  /** Full answers in a row that held nothing of the range. */
  readonly strays?: number
}

/** So many full answers in a row without a row of the range show a source that does not filter: it has no end. */
const MOST_STRAYS = 8

type Step<A> = Effect.Effect<Crawl.Step<A, Memo>, ConnectorError>
type Answer<A> = Batch<A> & { readonly bounds: Bounds }

const rangeOf = <A>(tools: Crawl.Tools<A>, from: bigint | undefined, before: bigint | undefined) => ({
  limit: tools.options.pageSize,
  ...(from === undefined ? {} : { from: tools.text(from) }),
  ...(before === undefined ? {} : { before: tools.text(before) }),
})

const within = <A>(
  tools: Crawl.Tools<A>,
  rows: ReadonlyArray<Row<A>>,
  from: bigint | undefined,
  before: bigint | undefined,
): ReadonlyArray<Row<A>> => {
  const low = from === undefined ? undefined : tools.text(from)
  const high = before === undefined ? undefined : tools.text(before)
  return rows.filter(
    ({ stamp }) => stamp === undefined || ((low === undefined || stamp >= low) && (high === undefined || stamp < high)),
  )
}

const stampsOf = <A>(rows: ReadonlyArray<Row<A>>): ReadonlyArray<bigint> =>
  rows.flatMap((row) => (row.stamp === undefined ? [] : [Stamp.parse(row.stamp) ?? Stamp.FLOOR]))

/** The range that follows a whole one: as wide as lately fitted, or open when that reaches the present. */
const following = (from: bigint, width: bigint | undefined, bounds: Bounds, step: bigint, unordered: boolean): Memo => {
  if (width === undefined) return { cuts: 0, unordered }
  const before = Stamp.max(from + step, Stamp.floorTo(from + width, step))
  return { cuts: 0, width, unordered, ...(before >= bounds.upper ? {} : { before }) }
}

const whole = <A>(
  tools: Crawl.Tools<A>,
  from: bigint | undefined,
  memo: Memo,
  answer: Answer<A>,
): Crawl.Step<A, Memo> => {
  const rows = within(tools, answer.rows, from, memo.before)
  const { before } = memo
  if (before === undefined) return { rows, place: from === undefined ? {} : { from }, memo, done: true }
  const low = from ?? stampsOf(rows).reduce(Stamp.min, before - tools.step)
  // A range without a row tells nothing of how dense the rows are behind it: the rest is asked for as a whole.
  const width = rows.length === 0 ? undefined : widthFor(before - low, rows.length, tools.options.pageSize)
  return {
    rows,
    place: { from: before },
    memo: following(before, width, answer.bounds, tools.step, memo.unordered),
    done: false,
  }
}

/** The range was too full: scan it by id, or cut it. */
const overfull = <A>(
  options: WindowOptions<A>,
  tools: Crawl.Tools<A>,
  from: bigint | undefined,
  memo: Memo,
  answer: Answer<A>,
): Crawl.Step<A, Memo> => {
  const { before } = memo
  const { next, upper } = answer.bounds
  const place = from === undefined ? {} : { from }
  const scan = (end: bigint | undefined): Crawl.Step<A, Memo> => ({
    rows: [],
    place: { ...place, scan: end === undefined ? {} : { before: end } },
    memo,
    done: false,
  })
  if (options.keyed === "always" && !memo.unordered) {
    const settledPart = (from === undefined || from < next) && (before === undefined || before > next)
    return scan(settledPart ? next : before)
  }
  const end = cut({
    ...place,
    ...(before === undefined ? {} : { before }),
    stamps: stampsOf(answer.rows),
    upper,
    step: tools.step,
    times: memo.cuts,
  })
  if (end === undefined) return scan(before)
  return { rows: [], place, memo: { ...memo, before: end, cuts: memo.cuts + 1 }, done: false }
}

const readRange = <A>(options: WindowOptions<A>, tools: Crawl.Tools<A>, place: Crawl.Place, memo: Memo): Step<A> =>
  Effect.flatMap(tools.ask(options.read(rangeOf(tools, place.from, memo.before))), (answer) => {
    if (!answer.more) return Effect.succeed(whole(tools, place.from, memo, answer))
    const isStray = within(tools, answer.rows, place.from, memo.before).length === 0
    const strays = isStray ? (memo.strays ?? 0) + 1 : 0
    if (strays < MOST_STRAYS) return Effect.succeed(overfull(options, tools, place.from, { ...memo, strays }, answer))
    const message = `${strays} full answers in a row held no row of the range that was asked for; does the source filter?`
    return Effect.fail(tools.broken("range", message))
  })

/** One page of a range in the order of the id. */
const scanRange = <A>(options: WindowOptions<A>, tools: Crawl.Tools<A>, place: Crawl.Place, memo: Memo): Step<A> =>
  Effect.gen(function* () {
    const { from, scan = {} } = place
    const { before, afterId } = scan
    const start = from === undefined ? {} : { from }
    const question = { ...rangeOf(tools, from, before), ...(afterId === undefined ? {} : { afterId }) }
    const answer = yield* tools.ask(options.scan(question))
    const compare = options.compareIds ?? byCodeUnit
    const long = before === undefined || from === undefined || before - from > tools.step
    if (long && outOfOrder([...new Set(answer.rows.map((row) => row.id))], afterId, compare) !== undefined) {
      const again = { cuts: 0, unordered: true, ...(before === undefined ? {} : { before }) }
      return { rows: [], place: start, memo: again, done: false }
    }
    const last = yield* checkAscending(tools, answer, afterId, compare)
    const rows = within(tools, answer.rows, from, before)
    if (answer.more && last !== undefined)
      return { rows, place: { ...start, scan: { ...scan, afterId: last } }, memo, done: false }
    if (before === undefined) return { rows, place: start, memo, done: true }
    return {
      rows,
      place: { from: before },
      memo: following(before, memo.width, answer.bounds, tools.step, memo.unordered),
      done: false,
    }
  })

/** The `changes` of a source that can filter by its stamp and keeps no order. */
export const window = <A>(options: WindowOptions<A>): Reader<A> =>
  reader<A, Memo>(options, {
    name: "window",
    start: { cuts: 0, unordered: false },
    probe: (tools, place) => options.read({ ...rangeOf(tools, place.from, undefined), limit: 1 }),
    next: (tools, place, memo) =>
      place.scan === undefined ? readRange(options, tools, place, memo) : scanRange(options, tools, place, memo),
  })
