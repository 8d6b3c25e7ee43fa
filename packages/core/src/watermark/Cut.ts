/** Where to cut a range that holds more rows than a page: pure arithmetic on the stamps' grid. */
import * as Stamp from "./Stamp.ts"

export interface Overfull {
  readonly from?: bigint
  readonly before?: bigint
  /** The stamps of the rows that did come. */
  readonly stamps: ReadonlyArray<bigint>
  /** A moment after which little is to be expected. */
  readonly upper: bigint
  readonly step: bigint
  /** How often this range was cut already. */
  readonly times: number
}

const median = (stamps: ReadonlyArray<bigint>): bigint | undefined =>
  [...stamps].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[Math.floor(stamps.length / 2)]

/**
 * Where a bisection starts from below. An open range has no lower end, and half of the way to the year 1 is a waste of
 * questions: it goes back from the earliest row that came, each time twice as far.
 */
const bottom = (range: Overfull, high: bigint): bigint => {
  if (range.from !== undefined || range.stamps.length === 0) return range.from ?? Stamp.FLOOR
  const earliest = range.stamps.reduce(Stamp.min, high)
  const back = (high - earliest + range.step) * 2n ** BigInt(Math.min(range.times, 64))
  return Stamp.max(Stamp.FLOOR, earliest - back)
}

/**
 * A new upper end between `from` and `before`. First at the median of the rows that came, which fits any distribution
 * when they are a fair sample; every second time in the middle, so that an unfair sample costs at most twice the steps
 * of bisection. Undefined when the range is one step of the grid.
 */
export const cut = (range: Overfull): bigint | undefined => {
  const greatest = range.stamps.reduce(Stamp.max, Stamp.FLOOR)
  const low = (range.from ?? Stamp.FLOOR) + range.step
  const high = (range.before ?? Stamp.max(range.upper, greatest + range.step) + range.step) - range.step
  if (low > high) return undefined
  const sample = range.times % 2 === 0 ? median(range.stamps) : undefined
  const wanted = sample ?? (Stamp.max(low, bottom(range, high)) + high) / 2n
  return Stamp.max(low, Stamp.min(high, Stamp.floorTo(wanted, range.step)))
}

/** The width that would have held three quarters of a page, as the last range with rows lets expect. */
export const widthFor = (width: bigint, rows: number, pageSize: number): bigint => {
  const fitting = (width * BigInt(pageSize) * 3n) / (BigInt(rows) * 4n)
  return Stamp.min(fitting, width * 16n)
}
