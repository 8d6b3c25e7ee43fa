/** Instants as nanoseconds, so that bounds can be computed for sources that stamp finer than a millisecond. */

const MILLI = 1_000_000n
const PARTS = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z$/

/** The first day that an instant can name; below it there is nothing. */
export const FLOOR = BigInt(Date.parse("0001-01-01T00:00:00Z")) * MILLI

export const ofMillis = (millis: number): bigint => BigInt(Math.floor(millis)) * MILLI

export const toMillis = (stamp: bigint): number => Number(stamp / MILLI)

/** A step of the stamp's grid. */
export const grain = (granularityMillis: number): bigint => BigInt(Math.max(1, Math.round(granularityMillis * 1e6)))

export const floorTo = (stamp: bigint, step: bigint): bigint => stamp - (((stamp % step) + step) % step)

/** Undefined for what is no instant. */
export const parse = (text: string): bigint | undefined => {
  const parts = PARTS.exec(text)
  const seconds = parts === null ? Number.NaN : Date.parse(`${parts[1]}Z`)
  if (Number.isNaN(seconds)) return undefined
  return BigInt(seconds) * MILLI + BigInt((parts?.[2] ?? "").padEnd(9, "0"))
}

/** Always of one precision for one grid, so that the texts compare: milliseconds, or finer where the grid is finer. */
export const format = (stamp: bigint, step: bigint): string => {
  const millis = floorTo(stamp, MILLI)
  const text = new Date(Number(millis / MILLI)).toISOString()
  if (step % MILLI === 0n) return text
  const digits = step % 1000n === 0n ? 6 : 9
  const fraction = (stamp - millis)
    .toString()
    .padStart(6, "0")
    .slice(0, digits - 3)
  return `${text.slice(0, -1)}${fraction}Z`
}

export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
export const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
