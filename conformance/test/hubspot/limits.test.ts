import { describe, expect, it } from "vitest"
import * as Zone from "../../src/hubspot/Zone.ts"
import { open, upserts, V2026, withKey } from "./portal.ts"

const GET = `${V2026}/companies`
const rateHeaders = (headers: Headers) => [...headers.keys()].filter((name) => name.includes("ratelimit"))

describe("the limits of a HubSpot portal", () => {
  it("tells the allowance in the headers of ordinary answers and not in those of searches", async () => {
    const { ask } = open()
    await ask("GET", GET)
    const { headers } = await ask("GET", GET)
    const of = (name: string) => headers.get(`x-hubspot-ratelimit-${name}`)
    expect([of("max"), of("remaining"), of("interval-milliseconds")]).toEqual(["190", "188", "10000"])
    expect([of("daily"), of("daily-remaining"), of("secondly")]).toEqual(["625000", "624998", "19"])
    const search = await ask("POST", `${GET}/search`, {})
    expect([search.status, rateHeaders(search.headers)]).toEqual([200, []])
    const refused = await ask("GET", `${GET}/404`)
    expect([refused.status, refused.headers.get("x-hubspot-ratelimit-remaining")]).toEqual([404, "187"])
  })

  it("grants 190 requests in any ten seconds, counted by the portal's clock", async () => {
    const { ask, clock } = open()
    for (let at = 0; at < 190; at += 1) {
      if (at === 100) clock.advance(5_000)
      expect((await ask("GET", GET)).status).toBe(200)
    }
    const refused = await ask("GET", GET)
    expect([refused.status, refused.body.policyName, refused.body.errorType]).toEqual([
      429,
      "TEN_SECONDLY_ROLLING",
      "RATE_LIMIT",
    ])
    expect(refused.body.message).toBe("You have reached your ten_secondly_rolling limit.")
    expect(refused.headers.get("retry-after")).toBe(null)
    clock.advance(5_000)
    for (let at = 0; at < 100; at += 1) expect((await ask("GET", GET)).status).toBe(200)
    expect((await ask("GET", GET)).status).toBe(429)
    clock.advance(5_000)
    expect((await ask("GET", GET)).status).toBe(200)
  })

  it("grants five searches a second to the portal, whatever the app", async () => {
    const { ask, clock, world } = open()
    const other = world.issueToken({ appId: 42 })
    for (let at = 0; at < 5; at += 1) {
      const options = at % 2 === 0 ? {} : { token: other }
      expect((await ask("POST", `${V2026}/${at < 3 ? "deals" : "contacts"}/search`, {}, options)).status).toBe(200)
    }
    const { body, headers, status } = await ask("POST", `${GET}/search`, {})
    expect([status, body.category, body.policyName, body.errorType]).toEqual([429, "RATE_LIMITS", undefined, undefined])
    expect([body.message, headers.get("retry-after")]).toEqual(["You have reached your secondly limit.", null])
    expect(rateHeaders(headers)).toEqual([])
    clock.advance(1_000)
    expect((await ask("POST", `${GET}/search`, {})).status).toBe(200)
  })

  it("counts apps apart, and association batches outside the burst", async () => {
    const { ask, world } = open({ portal: { tier: "free" } })
    for (let at = 0; at < 100; at += 1) expect((await ask("GET", GET)).status).toBe(200)
    expect((await ask("GET", GET)).status).toBe(429)
    expect((await ask("GET", GET, undefined, { token: world.issueToken({ appId: 42 }) })).status).toBe(200)
    expect((await ask("GET", "/crm/associations/2026-03/contacts/companies/labels")).status).toBe(200)
    expect((await ask("POST", `${GET}/search`, {})).status).toBe(200)
  })

  it("grants OAuth apps 110, and no daily pair of headers", async () => {
    const { ask, world } = open()
    world.oauth.register({ appId: 9, clientId: "c", clientSecret: "s" })
    const token = world.oauth.access({ clientId: "c" })
    for (let at = 0; at < 110; at += 1) {
      const { headers, status } = await ask("GET", GET, undefined, { token })
      expect([status, headers.get("x-hubspot-ratelimit-daily")]).toEqual([200, null])
    }
    expect((await ask("GET", GET, undefined, { token })).status).toBe(429)
  })

  it("ends the day at midnight of the portal's zone", async () => {
    const start = Date.UTC(2026, 10, 2, 22, 59)
    const { ask, clock, world } = open({ portal: { timeZone: "Europe/Berlin" } })
    clock.advance(start - clock.now())
    await ask("GET", GET)
    const usage = async () => (await ask("GET", "/account-info/2026-09/api-usage/daily/private-apps")).body.results[0]
    expect((await usage())?.currentUsage).toBe(2)
    clock.advance(60_000)
    expect((await usage())?.currentUsage).toBe(1)
    world.knobs.daily429 = true
    const { body, status } = await ask("GET", GET)
    expect([status, body.policyName, body.message]).toEqual([429, "DAILY", "You have reached your daily limit."])
    expect((await ask("POST", `${GET}/search`, {})).body.policyName).toBe("DAILY")
  })

  it("finds midnight where the clocks change", () => {
    const midnight = Date.UTC(2026, 9, 24, 22)
    expect(Zone.nextMidnight("Europe/Berlin", midnight)).toBe(midnight + 25 * 3_600_000)
    expect(Zone.nextMidnight("Asia/Kolkata", Date.UTC(2026, 5, 1))).toBe(Date.UTC(2026, 5, 1, 18, 30))
    expect(Zone.offsetText(Zone.offsetMillis("America/St_Johns", Date.UTC(2026, 0, 1)))).toBe("-03:30")
  })

  it("locks companies for two seconds when thousands are upserted at once", async () => {
    const { ask, clock, world } = open()
    withKey(world, "companies")
    const batch = (at: number) =>
      ask(
        "POST",
        `${GET}/batch/upsert`,
        upserts(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`K${at}-${n}`, { name: "N" }]))),
      )
    for (let at = 0; at < 30; at += 1) expect((await batch(at)).status).toBe(200)
    expect((await batch(30)).status).toBe(423)
    clock.advance(1_999)
    expect((await batch(30)).status).toBe(423)
    clock.advance(1)
    expect((await batch(30)).status).toBe(200)
    expect(world.records("companies")).toHaveLength(3_100)
  })

  it("refuses on demand: burst, search, lock, migration, gateway", async () => {
    const { ask, world } = open()
    world.knobs.burst429 = 2
    world.knobs.search429 = 1
    for (let at = 0; at < 2; at += 1) expect((await ask("GET", GET)).body.policyName).toBe("TEN_SECONDLY_ROLLING")
    expect((await ask("GET", GET)).status).toBe(200)
    expect((await ask("POST", `${GET}/search`, {})).body.category).toBe("RATE_LIMITS")
    expect((await ask("POST", `${GET}/search`, {})).status).toBe(200)
    world.knobs.locked423 = 1
    const company = { properties: { name: "A" } }
    expect((await ask("POST", GET, company)).status).toBe(423)
    world.knobs.migrating477 = { times: 1, retryAfter: 90 }
    const moving = await ask("GET", GET)
    expect([moving.status, moving.headers.get("retry-after")]).toEqual([477, "90"])
    world.knobs.upstream502 = 1
    const gateway = await ask("POST", GET, company)
    expect([gateway.status, gateway.headers.get("content-type")]).toEqual([502, "text/html; charset=utf-8"])
    expect(world.records("companies")).toEqual([])
  })

  it("applies a write, holds it back and answers 504", async () => {
    const { ask, clock, twin, world } = open()
    world.knobs.commitThenTimeout = { times: 1, millis: 30_000 }
    const pending = ask("POST", GET, { properties: { name: "A" } })
    await expect.poll(() => world.records("companies").length).toBe(1)
    clock.advance(30_000)
    expect((await pending).status).toBe(504)
    expect(twin.journal.writes()).toHaveLength(1)
    expect((await ask("POST", GET, { properties: { name: "B" } })).status).toBe(201)
  })

  it("goes by its own clock, which may be ahead", async () => {
    const { ask, clock, world } = open({ knobs: { clockSkew: 90_000 } })
    const { body, headers } = await ask("POST", GET, { properties: { name: "A" } })
    expect(Date.parse(body.updatedAt)).toBe(clock.now() + 90_000)
    expect(Date.parse(headers.get("date") ?? "")).toBe(clock.now() + 90_000)
    expect(world.now()).toBe(clock.now() + 90_000)
  })
})
