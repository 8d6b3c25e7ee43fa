import { describe, expect, it } from "vitest"
import * as HubSpotTwin from "../../src/hubspot/HubSpotTwin.ts"
import { handClock, open, upserts, V2026, withKey } from "./portal.ts"

const filled = async () => {
  const portal = open()
  const { ask, world } = portal
  withKey(world, "companies")
  const ids = world.seed([
    { type: "companies", ref: "a", properties: { name: "Åkerlund", erp_key: "K1" } },
    { type: "companies", ref: "b", properties: { name: "B" } },
    { type: "contacts", properties: { email: "x@example.com" }, associations: [{ type: "companies", ref: "a" }] },
  ])
  world.archive("companies", world.create("companies", { name: "Gone" }))
  world.mergeRecords("companies", ids[0] ?? "", ids[1] ?? "")
  await ask("POST", `${V2026}/companies`, { properties: { name: "Unindexed" } })
  return { ...portal, ids }
}

describe("the world of a HubSpot twin", () => {
  it("is the same again after a dump and a load, search lag and spent limits included", async () => {
    const { clock, ids, world } = await filled()
    const dump = JSON.parse(JSON.stringify(world.dump())) as unknown
    const again = open({ clock: { now: clock.now, sleep: clock.sleep } })
    again.world.load(dump)
    expect(again.world.dump()).toEqual(world.dump())
    expect(again.world.record("companies", ids[1] ?? "")?.properties["name"]).toBe("Åkerlund")
    const upserted = await again.ask("POST", `${V2026}/companies/batch/upsert`, upserts({ K1: { phone: "1" } }))
    expect(upserted.body.results[0]?.new).toBe(false)
    const total = async () => (await again.ask("POST", `${V2026}/companies/search`, {})).body.total
    expect(await total()).toBe(2)
    clock.advance(6_000)
    expect(await total()).toBe(2)
    const { headers } = await again.ask("GET", `${V2026}/companies`)
    expect(headers.get("x-hubspot-ratelimit-remaining")).toBe("187")
  })

  it("shares nothing with its dump", async () => {
    const { world } = await filled()
    const dump = world.dump()
    const before = JSON.stringify(dump)
    world.create("companies", { name: "More" })
    world.portal.timeZone = "UTC"
    expect(JSON.stringify(dump)).toBe(before)
  })

  it("answers the same to the same requests of the same seed", async () => {
    const run = async () => {
      const { ask, world } = await filled()
      await ask(
        "POST",
        `${V2026}/companies/batch/upsert`,
        upserts({ K5: { name: "5" }, K6: { name: "6" }, K7: { name: "7" } }),
      )
      return JSON.stringify(world.dump())
    }
    expect(await run()).toBe(await run())
  })

  it("marks in the journal which requests changed the world", async () => {
    const { ask, twin } = open()
    const company = { properties: { name: "A" } }
    const { body } = await ask("POST", `${V2026}/companies`, company)
    await ask("GET", `${V2026}/companies/${body.id}`)
    await ask("PATCH", `${V2026}/companies/${body.id}`, { properties: { nope: "1" } })
    await ask("PATCH", `${V2026}/companies/${body.id}`, company)
    await ask("POST", "/crm/properties/2026-09/companies/groups", { name: "erp", label: "ERP" })
    expect(twin.journal.lines.map((line) => line.changed)).toEqual([true, false, false, true, true])
  })

  it("lets nothing of a refused write remain: no record, no edge, no index, no event", async () => {
    const { ask, clock, world } = open()
    world.webhooks.subscribe({ subscriptionType: "company.creation" })
    withKey(world, "companies")
    const [contact = ""] = world.seed([{ type: "contacts", properties: { email: "x@example.com" } }])
    const good = { properties: { name: "A", erp_key: "K1" }, associations: [{ to: { id: contact }, types: type(280) }] }
    const bad = { properties: { name: "B" }, associations: [{ to: { id: "404" }, types: type(280) }] }
    const { status } = await ask("POST", `${V2026}/companies/batch/create`, { inputs: [good, bad] })
    expect(status).toBe(404)
    clock.advance(10_000)
    expect(world.records("companies")).toEqual([])
    expect(world.associations("contacts", contact, "companies")).toEqual([])
    expect(world.webhooks.pending()).toBe(0)
    expect((await ask("POST", `${V2026}/companies/search`, {})).body.total).toBe(0)
    expect((await ask("POST", `${V2026}/companies`, { properties: { name: "C", erp_key: "K1" } })).status).toBe(201)
  })

  it("words the faults of the deck as HubSpot does", async () => {
    const { ask, twin } = open()
    twin.faults.deal({ at: 1, fault: { kind: "throttle" } })
    twin.faults.deal({ at: 2, fault: { kind: "unauthorized" } })
    twin.faults.deal({ at: 3, fault: { kind: "errorBefore", status: 500 } })
    twin.faults.deal({ at: 4, fault: { kind: "throttle" } })
    expect((await ask("GET", `${V2026}/companies`)).body.policyName).toBe("TEN_SECONDLY_ROLLING")
    expect((await ask("GET", `${V2026}/companies`)).body.category).toBe("EXPIRED_AUTHENTICATION")
    expect((await ask("GET", `${V2026}/companies`)).body.category).toBe("INTERNAL_ERROR")
    expect((await ask("POST", `${V2026}/companies/search`, {})).body.category).toBe("RATE_LIMITS")
  })

  it("takes 10,000 records in, and answers batches and searches over them in milliseconds", async () => {
    const { ask, clock, world } = open({ knobs: { indexLag: { min: 0, max: 0 } } })
    withKey(world, "companies")
    const started = performance.now()
    world.seed(
      Array.from({ length: 10_000 }, (_, at) => ({
        type: "companies" as const,
        properties: { name: `Company ${at}`, erp_key: `K${at}`, city: at % 2 === 0 ? "Oslo" : "Rome" },
        createdAt: clock.now() - 10_000 + at,
      })),
    )
    const seeded = performance.now() - started
    const timed = async (times: number, run: (at: number) => Promise<{ readonly status: number }>) => {
      const before = performance.now()
      for (let at = 0; at < times; at += 1) {
        clock.advance(1_001)
        expect((await run(at)).status).toBe(200)
      }
      return (performance.now() - before) / times
    }
    await ask("POST", `${V2026}/companies/search`, {})
    const upsert = await timed(20, (at) => {
      const inputs = Array.from({ length: 100 }, (_, n) => [`K${at * 100 + n}`, { phone: String(at) }] as const)
      return ask("POST", `${V2026}/companies/batch/upsert`, upserts(Object.fromEntries(inputs)))
    })
    const search = await timed(20, (at) =>
      ask("POST", `${V2026}/companies/search`, {
        filterGroups: [
          {
            filters: [
              { propertyName: "hs_lastmodifieddate", operator: "GTE", value: String(clock.now() - 5_000 - at) },
            ],
          },
        ],
        sorts: [{ propertyName: "hs_lastmodifieddate", direction: "ASCENDING" }],
        limit: 200,
      }),
    )
    // Generous bounds: the machine may be busy. What they catch is work that grows with the square of the records.
    expect(seeded).toBeLessThan(3_000)
    expect(upsert).toBeLessThan(100)
    expect(search).toBeLessThan(100)
  })

  it("gives every quirk a grade and a source, the assumed ones first", () => {
    const { quirks } = HubSpotTwin.make({ clock: handClock() })
    const grades = quirks.map((one) => one.grade)
    expect(grades.lastIndexOf("assumed")).toBeLessThan(grades.indexOf("observed"))
    expect(new Set(quirks.map((one) => one.id)).size).toBe(quirks.length)
    expect(quirks.every((one) => one.says.length > 10 && one.source.length > 3)).toBe(true)
  })
})

const type = (associationTypeId: number) => [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId }]
