import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as SiteTime from "../src/SiteTime.ts"

const inZone = (zone: string) => Effect.runPromise(SiteTime.make(zone))
const at = (text: string) => Date.parse(text)
const iso = (millis: number) => new Date(millis).toISOString()

describe("the stamps of a site", () => {
  it("lead back to their very text, to the microsecond, also where a fraction of nought was left out", () => {
    for (const raw of ["2026-11-20 04:54:09.850993", "2026-11-20 04:54:10.000001"])
      expect(SiteTime.textOf(SiteTime.stampOf(raw) ?? "")).toBe(raw)
    expect(SiteTime.stampOf("2026-11-20 04:54:10")).toBe("2026-11-20T04:54:10.000000Z")
    expect(SiteTime.textOf("2026-11-20T04:54:10.000Z")).toBe("2026-11-20 04:54:10.000000")
    expect([undefined, null, "", "yesterday", "2026-13-40 99:99:99"].map(SiteTime.stampOf)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    )
  })

  it("are true instants by the site's zone, on either side of a change", async () => {
    const { instant } = await inZone("America/New_York")
    expect(instant("2026-11-20T04:54:09.850993Z")).toBe("2026-11-20T09:54:09.850993Z")
    expect(instant("2026-07-01T12:00:00.000000Z")).toBe("2026-07-01T16:00:00.000000Z")
    // The clock is put back at 2:00 on 1 November: half past one comes twice, and the first one is meant.
    expect(instant("2026-11-01T01:30:00.000000Z")).toBe("2026-11-01T05:30:00.000000Z")
    expect(instant("2026-11-01T02:00:00.000000Z")).toBe("2026-11-01T07:00:00.000000Z")
    // In spring the hour from two to three is left out; a stamp of it is one of another time all the same.
    expect(instant("2026-03-08T02:30:00.000000Z")).toMatch(/^2026-03-08T0[67]:30:00/)
  })

  it("have a least one for every moment, which never goes back, not in the hour that comes twice", async () => {
    const { least } = await inZone("America/New_York")
    expect(iso(least(at("2026-11-20T09:54:00Z")))).toBe("2026-11-20T04:54:00.000Z")
    // From one o'clock on, the first time, writes may be stamped one o'clock again.
    const moments = [
      "2026-11-01T04:59:00Z",
      "2026-11-01T05:00:00Z",
      "2026-11-01T05:59:00Z",
      "2026-11-01T06:00:00Z",
      "2026-11-01T06:30:00Z",
    ]
    expect(moments.map((moment) => iso(least(at(moment))).slice(11, 16))).toEqual([
      "00:59",
      "01:00",
      "01:00",
      "01:00",
      "01:30",
    ])
    let last = 0
    for (let minute = 0; minute < 6 * 60; minute++) {
      const now = least(at("2026-11-01T03:00:00Z") + minute * 60_000)
      expect(now).toBeGreaterThanOrEqual(last)
      last = now
    }
  })

  it("are not lost where the clock is put back by half an hour, or never", async () => {
    const half = await inZone("Australia/Lord_Howe")
    const back = at("2026-04-04T15:00:00Z")
    expect(iso(half.least(back - 10 * 60_000))).toBe("2026-04-05T01:30:00.000Z")
    const never = await inZone("Asia/Kolkata")
    expect(iso(never.least(at("2026-11-01T05:30:00Z")))).toBe("2026-11-01T11:00:00.000Z")
    expect(never.day(at("2026-11-01T20:00:00Z"))).toBe("2026-11-02")
  })

  it("of a zone that nobody knows are refused", async () => {
    const error = await Effect.runPromise(Effect.flip(SiteTime.make("Mars/Olympus")))
    expect(error.reason._tag).toBe("Decode")
  })
})
