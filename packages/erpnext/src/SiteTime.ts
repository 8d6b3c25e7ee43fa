/**
 * The site's time. Stamps are the wall clock of the site without an offset, to the microsecond; the server compares and
 * orders them as they are. So reading goes by the wall clock as well: a stamp is written as an instant of a clock that
 * shows the site's time and runs in UTC, which keeps its order and leads back to the very text. What is shown to others
 * is the true instant.
 *
 * When the clock is put back an hour comes twice, and rows of the second run are stamped below those of the first. From
 * a moment of that first run on, writes may bear any stamp from the beginning of the hour: {@link SiteTime.least} tells
 * the least one, and never goes back.
 */

import { ConnectorError, Decode } from "@mortise/core/ConnectorError"
import type { Instant, LocalDate } from "@mortise/core/Values"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** Frappe: datetime(6). */
export const GRANULARITY_MILLIS = 0.001

export interface SiteTime {
  readonly zone: string
  /** The least wall clock that a write from this moment on can be stamped with, both in milliseconds. */
  readonly least: (utcMillis: number) => number
  /** The site's day at a moment. */
  readonly day: (utcMillis: number) => LocalDate
  /** The true instant of a stamp; of an hour that comes twice, the first one. */
  readonly instant: (stamp: string) => Instant
}

const RAW = /^(\d{4}-\d{2}-\d{2}) (\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/

/** The stamp of a value on the wire; undefined for what is none. A fraction of zero is left out by the server. */
export const stampOf = (raw: unknown): Instant | undefined => {
  const parts = typeof raw === "string" ? RAW.exec(raw) : null
  if (parts === null) return undefined
  const [, day, hours = "", minutes, seconds, fraction = ""] = parts
  const stamp = `${day}T${hours.padStart(2, "0")}:${minutes}:${seconds}.${fraction.padEnd(6, "0")}Z`
  return Number.isNaN(Date.parse(stamp)) ? undefined : (stamp as Instant)
}

/** The text of a stamp as the server compares it. */
export const textOf = (stamp: string): string => {
  const [day = "", time = ""] = stamp.replace(/Z$/, "").split("T")
  const [whole, fraction = ""] = time.split(".")
  return `${day} ${whole}.${fraction.padEnd(6, "0").slice(0, 6)}`
}

const HOUR = 3_600_000

/** Hours whose offset is remembered at most. */
const HOURS = 10_000

/** No zone puts its clock back by more. */
const GREATEST_STEP = 3 * HOUR

/** The moment between the two at which the offset changes. */
const changeBetween = (offsetAt: (millis: number) => number, from: number, to: number): number => {
  let [low, high] = [from, to]
  const before = offsetAt(from)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle) === before) low = middle
    else high = middle
  }
  return high
}

const unknownZone = (zone: string): ConnectorError =>
  new ConnectorError({
    system: "erpnext",
    operation: "erpnext.methods.timeZone",
    reason: new Decode({ message: `the site's time zone ${zone.slice(0, 60)} is none that is known`, issues: [] }),
  })

export const make = (zone: string): Effect.Effect<SiteTime, ConnectorError> =>
  Option.match(DateTime.zoneMakeNamed(zone), {
    onNone: () => Effect.fail(unknownZone(zone)),
    onSome: (timeZone) => Effect.succeed(inZone(zone, timeZone)),
  })

const inZone = (zone: string, timeZone: DateTime.TimeZone): SiteTime => {
  const offsetAt = (millis: number): number => DateTime.zonedOffset(DateTime.makeZonedUnsafe(millis, { timeZone }))

  // Records come by the thousand and from the same days: an offset is asked for once an hour that none changes in.
  const known = new Map<number, number>()
  const remembered = (millis: number): number => {
    const hour = Math.floor(millis / HOUR)
    const found = known.get(hour)
    if (found !== undefined) return found
    const offset = offsetAt(millis)
    if (known.size > HOURS) known.clear()
    if (offsetAt(hour * HOUR) === offsetAt((hour + 1) * HOUR)) known.set(hour, offset)
    return offset
  }

  const least: SiteTime["least"] = (millis) => {
    const offset = offsetAt(millis)
    const later = offsetAt(millis + GREATEST_STEP)
    if (later >= offset) return millis + offset
    return Math.min(millis + offset, changeBetween(offsetAt, millis, millis + GREATEST_STEP) + later)
  }

  const instant: SiteTime["instant"] = (stamp) => {
    const wall = Date.parse(stamp)
    // A guess on either side of a change: the earlier moment whose wall clock shows the stamp.
    const guesses = [remembered(wall - 24 * HOUR), remembered(wall + 24 * HOUR)].map((offset) => wall - offset)
    const fitting = guesses.filter((guess) => guess + remembered(guess) === wall)
    const millis = Math.min(...(fitting.length === 0 ? guesses : fitting))
    const fraction = /\.\d{3}(\d*)Z$/.exec(stamp)?.[1] ?? ""
    return `${new Date(millis).toISOString().slice(0, -1)}${fraction}Z` as Instant
  }

  return {
    zone,
    least,
    instant,
    day: (millis) => new Date(millis + offsetAt(millis)).toISOString().slice(0, 10) as LocalDate,
  }
}
