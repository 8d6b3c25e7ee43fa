/**
 * The zone of the stamps that SuiteQL shows. NetSuite does not say which it is: the account's, the user's, UTC. It is
 * configured, or found by comparing one record, whose stamp the record API tells in UTC; where neither is possible, stamps
 * are taken for UTC and what may have been missed is read again for a whole day.
 */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Instant } from "@mortise/core/Values"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Query from "../Query.ts"
import type { Settings } from "../Settings.ts"
import * as Tables from "../Tables.ts"
import type { Records } from "./Records.ts"

export interface Zone {
  readonly source: "configured" | "measured" | "unknown"
  /** An instant of a stamp as it is shown; undefined for text that is none. */
  readonly toInstant: (local: string) => Instant | undefined
  /** How an instant is shown, and has to be asked for. */
  readonly toLocal: (instant: Instant) => string
  /** What is read again, so that no change is lost though the zone be wrong by an hour, or unknown. */
  readonly overlap: Duration.Duration
  /** How far stamps may run back while the account goes on: an hour comes twice, or the zone is found to be another. */
  readonly runsBack: Duration.Duration
}

const PLAIN = Duration.minutes(2)
const SUMMER_TIME = Duration.minutes(62)
const ANY_ZONE = Duration.days(1)
const DAY = Duration.toMillis(ANY_ZONE)

const LOCAL = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/

const asUtc = (local: string): number => {
  const match = LOCAL.exec(local)
  return match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`)
}

const instantOf = (millis: number): Instant => new Date(millis).toISOString().replace(".000Z", "Z") as Instant

const localOf = (millis: number): string => new Date(millis).toISOString().slice(0, 19).replace("T", " ")

/** A zone that is always so far ahead of UTC. */
const fixed = (source: Zone["source"], ahead: number, overlap: Duration.Duration): Zone => ({
  source,
  toInstant: (local) => {
    const millis = asUtc(local)
    return Number.isNaN(millis) ? undefined : instantOf(millis - ahead)
  },
  toLocal: (instant) => localOf(Date.parse(instant) + ahead),
  overlap,
  runsBack: ANY_ZONE,
})

/** A zone by its name. An hour that comes twice is taken for its first time; the overlap covers the second. */
const named = (zone: string): Zone => {
  const aheadAt = (millis: number): number => DateTime.zonedOffset(DateTime.makeZonedUnsafe(millis, { timeZone: zone }))
  let last = { hour: "", ahead: 0 }
  const aheadOf = (local: string, millis: number): number => {
    const hour = local.slice(0, 15)
    if (last.hour === hour) return last.ahead
    const before = aheadAt(millis - DAY)
    const ahead = aheadAt(millis - before) === before ? before : aheadAt(millis + DAY)
    last = { hour, ahead }
    return ahead
  }
  return {
    source: "configured",
    toInstant: (local) => {
      const millis = asUtc(local)
      return Number.isNaN(millis) ? undefined : instantOf(millis - aheadOf(local, millis))
    },
    toLocal: (instant) => localOf(Date.parse(instant) + aheadAt(Date.parse(instant))),
    overlap: zone === "UTC" ? PLAIN : SUMMER_TIME,
    runsBack: SUMMER_TIME,
  }
}

/** The stamps of one record, by both ways of reading; the newest, so that summer time is what it is now. */
const compared = (records: Records, table: "customer" | "contact") =>
  Effect.gen(function* () {
    const columns = [Query.plain("id"), Query.stamp(Tables.MODIFIED, "modified")]
    const orderBy = [Query.descending(Tables.MODIFIED), "id"]
    const { rows } = yield* records.query(Query.select({ columns, from: table, orderBy }), { limit: 1 })
    const [row] = rows
    const shown = asUtc(row?.["modified"] ?? "")
    if (typeof row?.["id"] !== "string" || Number.isNaN(shown)) return Option.none<number>()
    const record = yield* records.get(table, row["id"], { fields: ["lastModifiedDate"] })
    if (Option.isNone(record)) return Option.none<number>()
    const told = Date.parse(String(record.value["lastModifiedDate"]))
    return Number.isNaN(told) ? Option.none<number>() : Option.some(shown - told)
  })

const QUARTER = 15 * 60_000
const FURTHEST = 14 * 60 * 60_000

/** Zones lie a number of quarters of an hour apart; what does not fit was edited in between, or is no zone. */
const isZone = (ahead: number): boolean => ahead % QUARTER === 0 && Math.abs(ahead) <= FURTHEST

/** What says nothing of the record: no answer, no room, no sign-in. */
const OUTAGES: ReadonlySet<string> = new Set([
  "Throttled",
  "Unavailable",
  "Transport",
  "QuotaExhausted",
  "Unauthorized",
])

const measured = (records: Records): Effect.Effect<Zone, ConnectorError> =>
  Effect.gen(function* () {
    for (const table of ["customer", "contact"] as const) {
      const found = yield* compared(records, table).pipe(
        // A record that a workflow locks cannot be read, a role may not see contacts: then the zone stays unknown.
        Effect.catch((error) =>
          OUTAGES.has(error.reason._tag) ? Effect.fail(error) : Effect.succeed(Option.none<number>()),
        ),
      )
      if (Option.isSome(found) && isZone(found.value)) return fixed("measured", found.value, SUMMER_TIME)
    }
    return fixed("unknown", 0, ANY_ZONE)
  })

/** The zone of the run at work. Its stamps and positions are of one clock, whatever another run finds meanwhile. */
const OfRun = Context.Reference<Zone | undefined>("@mortise/netsuite/Zone", { defaultValue: () => undefined })

/** Reads by this zone from the first page to the last. */
export const throughout =
  (zone: Zone) =>
  <A, E>(pages: Stream.Stream<A, E>): Stream.Stream<A, E> =>
    Stream.provideService(pages, OfRun, zone)

export interface Zones {
  /** That of the run; outside of one, as it was last found, or found now when it never was. */
  readonly current: Effect.Effect<Zone, ConnectorError>
  /** Found again: summer time begins and ends. */
  readonly renewed: Effect.Effect<Zone, ConnectorError>
}

export const make = (settings: Settings, records: Records): Zones => {
  const { overlap, timeZone } = settings
  const wide = (zone: Zone): Zone => (overlap === undefined ? zone : { ...zone, overlap })
  if (timeZone !== undefined) {
    const zone = Effect.succeed(wide(named(timeZone)))
    return { current: zone, renewed: zone }
  }
  let held: Zone | undefined
  // A zone that was measured is at most an hour wrong; one that could not be is no reason to forget it.
  const renewed = Effect.map(measured(records), (zone) => {
    held = zone.source === "unknown" && held !== undefined ? held : wide(zone)
    return held
  })
  const current = Effect.flatMap(OfRun, (zone = held) => (zone === undefined ? renewed : Effect.succeed(zone)))
  return { renewed, current }
}
