/** Days and stamps: UTC on the record API, the account's own way in `q` and in queries. */
import * as DateTime from "effect/DateTime"
import type { Knobs } from "./Knobs.ts"

type Zoned = Pick<Knobs, "zoneMinutes" | "zoneName">

/** What the wall clock of the account shows at a moment. It is put back in autumn, and stamps go by it. */
export const wall = (millis: number, { zoneMinutes, zoneName }: Zoned): number =>
  millis +
  (zoneName === null
    ? zoneMinutes * 60_000
    : DateTime.zonedOffset(DateTime.makeZonedUnsafe(millis, { timeZone: zoneName })))

export const floor = (millis: number, granularity: number): number => Math.floor(millis / granularity) * granularity

/** `2026-01-15T12:00:00Z`: seconds, and those always zero while stamps are kept to the minute. */
export const utc = (millis: number, granularity: number): string =>
  new Date(floor(millis, granularity)).toISOString().replace(/\.\d+Z$/, "Z")

/** The day on the account's calendar. */
export const today = (millis: number, zoned: Zoned): string => new Date(wall(millis, zoned)).toISOString().slice(0, 10)

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

/** A calendar day that exists. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
  new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)

/** Milliseconds of an ISO stamp with `Z` or an offset; undefined for anything else. */
export const parseStamp = (text: string): number | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text)) return undefined
  const millis = Date.parse(text)
  return Number.isNaN(millis) ? undefined : millis
}

/** A day as the account's people write it. */
export const show = (day: string, format: Knobs["dateFormat"]): string => {
  const [year = "", month = "", date = ""] = day.split("-")
  switch (format) {
    case "M/D/YYYY":
      return `${Number(month)}/${Number(date)}/${year}`
    case "D/M/YYYY":
      return `${Number(date)}/${Number(month)}/${year}`
    case "DD.MM.YYYY":
      return `${date}.${month}.${year}`
    case "YYYY-MM-DD":
      return day
  }
}

const PATTERNS: Readonly<Record<Knobs["dateFormat"], RegExp>> = {
  "M/D/YYYY": /^(?<month>\d{1,2})\/(?<date>\d{1,2})\/(?<year>\d{4})$/,
  "D/M/YYYY": /^(?<date>\d{1,2})\/(?<month>\d{1,2})\/(?<year>\d{4})$/,
  "DD.MM.YYYY": /^(?<date>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})$/,
  "YYYY-MM-DD": /^(?<year>\d{4})-(?<month>\d{1,2})-(?<date>\d{1,2})$/,
}

const minutesOf = (clock: string | undefined): number | undefined => {
  if (clock === undefined) return 0
  const match = /^(\d{1,2}):(\d{2})(?:\s?([ap]m))?$/i.exec(clock)
  if (match === null) return undefined
  const [, hour = "", minute = "", half] = match
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === "pm" ? 12 : 0)
  return hours > 23 || Number(minute) > 59 ? undefined : hours * 60 + Number(minute)
}

/** The wall clock of a date, with or without a time, in the account's own format; undefined when it cannot be read. */
export const parseLocal = (text: string, format: Knobs["dateFormat"]): number | undefined => {
  const [, date = "", clock] = /^(\S+)(?:\s+(.+))?$/.exec(text.trim()) ?? []
  const groups = PATTERNS[format].exec(date)?.groups
  const minutes = minutesOf(clock)
  if (groups === undefined || minutes === undefined) return undefined
  const pad = (part: string | undefined) => (part ?? "").padStart(2, "0")
  const day = `${groups["year"]}-${pad(groups["month"])}-${pad(groups["date"])}`
  return isDay(day) ? Date.parse(`${day}T00:00:00Z`) + minutes * 60_000 : undefined
}
