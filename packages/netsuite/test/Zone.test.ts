import type { Instant } from "@mortise/core/Values"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import type { Records } from "../src/internal/Records.ts"
import * as Zone from "../src/internal/Zone.ts"
import type { Settings } from "../src/Settings.ts"

const records = (shown: string, told: string): Records =>
  ({
    query: () => Effect.succeed({ rows: [{ id: "7", modified: shown }], more: false }),
    get: () => Effect.succeed(Option.some({ lastModifiedDate: told })),
  }) as unknown as Records

const zoneOf = (settings: Partial<Settings>, from: Records = records("", "")) =>
  Effect.runSync(Zone.make(settings as Settings, from).current)

describe("the stamps of a query", () => {
  it("are read in the zone that is configured, in summer and in winter", () => {
    const zone = zoneOf({ timeZone: "America/Los_Angeles" })
    expect(zone.toInstant("2026-01-15 04:00:00")).toBe("2026-01-15T12:00:00Z")
    expect(zone.toInstant("2026-07-15 05:00:00")).toBe("2026-07-15T12:00:00Z")
    expect(zone.toLocal("2026-07-15T12:00:00Z" as Instant)).toBe("2026-07-15 05:00:00")
    expect(zone.toInstant("7/15/2026")).toBeUndefined()
  })

  it("never run back as text runs on, and come back as they were, but for the hour that comes twice", () => {
    const changes = {
      "America/Los_Angeles": ["2026-03-07", "2026-10-31"],
      "Australia/Lord_Howe": ["2026-04-04", "2026-10-03"],
    }
    for (const [timeZone, days] of Object.entries(changes)) {
      const zone = zoneOf({ timeZone })
      let [last, seen] = ["", 0]
      for (const day of days) {
        for (let minute = 0; minute < 3 * 24 * 60; minute += 10) {
          const millis = Date.parse(`${day}T00:00:00Z`) + minute * 60_000
          const text = new Date(millis).toISOString().slice(0, 19).replace("T", " ")
          const instant = zone.toInstant(text) as Instant
          if (zone.toLocal(instant) !== text) continue
          expect(instant >= last, `${timeZone} ${text}`).toBe(true)
          ;[last, seen] = [instant, seen + 1]
        }
      }
      expect(seen).toBeGreaterThan(2 * 3 * 24 * 6 - 8)
    }
  })

  it("are measured by a record whose stamp the record API tells in UTC", () => {
    const zone = zoneOf({}, records("2026-01-15 04:00:00", "2026-01-15T12:00:00Z"))
    expect(zone.source).toBe("measured")
    expect(zone.toInstant("2026-01-15 05:30:00")).toBe("2026-01-15T13:30:00Z")
    expect(Duration.toMinutes(zone.overlap)).toBeGreaterThan(60)
  })

  it("are read again for a whole day where the zone is not known", () => {
    for (const [shown, told] of [
      ["2026-01-15 04:07:00", "2026-01-15T12:00:00Z"],
      ["15/01/2026", "2026-01-15T12:00:00Z"],
      ["2026-01-15 04:00:00", "nothing"],
      ["2026-01-17 04:00:00", "2026-01-15T12:00:00Z"],
    ] as const) {
      const zone = zoneOf({}, records(shown, told))
      expect(zone.source).toBe("unknown")
      expect(Duration.toHours(zone.overlap)).toBe(24)
    }
  })
})
