/**
 * Stamps of a site: wall clock of its zone, to the microsecond, without offset. An hour of autumn comes twice, and a
 * change of the zone rewrites nothing.
 */

const formatOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  })

/** Clocks are put on and back on quarters of an hour only. */
const QUARTER = 900_000

/** Rendering a date in a zone is slow, and stamps come in crowds: an offset is looked up once for a quarter of an hour. */
export class WallClock {
  readonly zone: string
  private readonly format: Intl.DateTimeFormat
  private readonly offsets = new Map<number, number>()

  constructor(zone: string) {
    this.zone = zone
    this.format = formatOf(zone)
  }

  /** `2026-11-20 04:54:09.850993` of microseconds since the epoch. */
  at(micros: number): string {
    const second = Math.floor(micros / 1e6)
    const text = new Date(second * 1000 + this.offset(second * 1000)).toISOString().slice(0, 19).replace("T", " ")
    return `${text}.${String(micros - second * 1e6).padStart(6, "0")}`
  }

  /** Microseconds of a wall clock; the earlier one where it comes twice. */
  micros(stamp: string): number {
    const [whole = "", fraction = ""] = stamp.split(".")
    const wall = Date.parse(`${whole.replace(" ", "T")}Z`)
    const guesses = [14, 0, -12].map((hours) => wall - hours * 3_600_000).map((from) => wall - this.offset(from))
    const exact = guesses.filter((one) => one + this.offset(one) === wall)
    return Math.min(...(exact.length === 0 ? guesses : exact)) * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6))
  }

  private offset(millis: number): number {
    const begin = Math.floor(millis / QUARTER) * QUARTER
    const known = this.offsets.get(begin)
    if (known !== undefined) return known
    const shown = this.format.formatToParts(begin).map(({ type, value }) => [type, value])
    const { day, hour, minute, month, second, year } = Object.fromEntries(shown) as Record<string, string>
    const found = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - begin
    this.offsets.set(begin, found)
    return found
  }
}

export const day = (stamp: string): string => stamp.slice(0, 10)

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** A time as it comes back from the database: no outer zeros. `04:55:39.445490` reads as `4:55:39.44549`. */
export const readTime = (time: string): string => {
  const [whole = "", fraction = ""] = time.split(".")
  const digits = fraction.replace(/0+$/, "")
  return whole.replace(/^0/, "") + (digits === "" ? "" : `.${digits}`)
}

/** A stamp as it comes back from the database: no fraction when it is nought. */
export const readStamp = (stamp: string): string => stamp.replace(/\.0+$/, "")

/** Null where the text is no date that the database takes. */
export const validDate = (text: string): string | undefined => {
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?$/.exec(text)
  if (found === null) return undefined
  const date = `${found[1]}-${found[2]?.padStart(2, "0")}-${found[3]?.padStart(2, "0")}`
  const parsed = new Date(`${date}T00:00:00Z`)
  return Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date ? undefined : date
}
