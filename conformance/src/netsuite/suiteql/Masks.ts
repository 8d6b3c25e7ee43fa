/** Masks of TO_CHAR, TO_DATE and TO_TIMESTAMP, as far as integrations use them. */
import { Moment, Unfit } from "./Values.ts"

const PART = /YYYY|YY|MONTH|MON|MM|DD|HH24|HH12|HH|MI|SS|FF\d?|AM|PM|"[^"]*"/gi

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]

const two = (value: number): string => String(value).padStart(2, "0")

const partOf = (date: Date, part: string): string => {
  switch (part.toUpperCase()) {
    case "YYYY":
      return String(date.getUTCFullYear()).padStart(4, "0")
    case "YY":
      return two(date.getUTCFullYear() % 100)
    case "MON":
    case "MONTH":
      return MONTHS[date.getUTCMonth()] ?? ""
    case "MM":
      return two(date.getUTCMonth() + 1)
    case "DD":
      return two(date.getUTCDate())
    case "HH24":
      return two(date.getUTCHours())
    case "HH":
    case "HH12":
      return two(date.getUTCHours() % 12 || 12)
    case "MI":
      return two(date.getUTCMinutes())
    case "SS":
      return two(date.getUTCSeconds())
    case "AM":
    case "PM":
      return date.getUTCHours() < 12 ? "AM" : "PM"
    default:
      return part.startsWith('"') ? part.slice(1, -1) : "000"
  }
}

export const format = (moment: Moment, mask: string): string => {
  const date = new Date(moment.wall)
  return mask.replace(PART, (part) => partOf(date, part))
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")

const PATTERNS: Readonly<Record<string, string>> = {
  YYYY: "(\\d{4})",
  MON: "([A-Za-z]{3})",
  AM: "([AaPp][Mm])",
  PM: "([AaPp][Mm])",
}

interface Reader {
  readonly pattern: RegExp
  readonly parts: ReadonlyArray<string>
}

const readers = (mask: string): Reader => {
  const parts: Array<string> = []
  let source = ""
  let at = 0
  for (const match of mask.matchAll(PART)) {
    const part = match[0].toUpperCase()
    source += literal(mask.slice(at, match.index))
    at = match.index + match[0].length
    if (part.startsWith('"')) {
      source += literal(match[0].slice(1, -1))
      continue
    }
    parts.push(part)
    source += PATTERNS[part] ?? (part.startsWith("FF") ? "(\\d{1,9})" : "(\\d{1,2})")
  }
  return { pattern: new RegExp(`^${source}${literal(mask.slice(at))}$`), parts }
}

/** Throws for a text that does not read so; months, days and clocks have to exist. */
export const parse = (text: string, mask: string, timed: boolean): Moment => {
  const { parts, pattern } = readers(mask)
  const match = pattern.exec(text)
  if (match === null) throw new Unfit("date format picture does not match the text")
  const found = new Map(parts.map((part, index) => [part, match[index + 1] ?? ""]))
  const number = (...names: ReadonlyArray<string>): number | undefined => {
    const name = names.find((one) => found.has(one))
    return name === undefined ? undefined : Number(found.get(name))
  }
  const year = number("YYYY") ?? 2000 + (number("YY") ?? 0)
  const month = number("MM") ?? MONTHS.indexOf((found.get("MON") ?? "").toUpperCase()) + 1
  const half = (found.get("AM") ?? found.get("PM"))?.toUpperCase()
  const hour = number("HH24", "HH", "HH12") ?? 0
  const hours = half === undefined ? hour : (hour % 12) + (half === "PM" ? 12 : 0)
  const clock = [hours, number("MI") ?? 0, number("SS") ?? 0] as const
  const wall = Date.UTC(year, month - 1, number("DD") ?? 1, ...clock)
  const shown = new Date(wall)
  if (shown.getUTCMonth() !== month - 1 || clock[1] > 59 || clock[2] > 59 || hours > 23)
    throw new Unfit("not a valid month or day")
  return new Moment(wall, timed)
}
