/**
 * Stamps of a site: wall clock of its zone, to the microsecond, without offset. An hour of autumn comes twice, and a
 * change of the zone rewrites nothing.
 */

const parts = (timeZone: string, millis: number): Readonly<Record<string, string>> => {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  })
  return Object.fromEntries(format.formatToParts(millis).map(({ type, value }) => [type, value]))
}

/** Clocks are put on and back on quarters of an hour only. */
const QUARTER = 900

/** Rendering a date in a zone is slow, and stamps come in crowds: the offset is looked up once for a quarter of an hour. */
export class WallClock {
  readonly zone: string
  private quarter = Number.NaN
  private ahead = 0

  constructor(zone: string) {
    this.zone = zone
  }

  /** `2026-11-20 04:54:09.850993` of microseconds since the epoch. */
  at(micros: number): string {
    const second = Math.floor(micros / 1e6)
    const quarter = Math.floor(second / QUARTER)
    if (quarter !== this.quarter) {
      this.ahead = this.offset(quarter * QUARTER * 1000)
      this.quarter = quarter
    }
    const text = new Date(second * 1000 + this.ahead).toISOString().slice(0, 19).replace("T", " ")
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
    const { day, hour, minute, month, second, year } = parts(this.zone, millis)
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(millis / 1000) * 1000
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
