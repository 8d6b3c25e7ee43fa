import { describe, expect, it } from "vitest"
import { open, V3, V2026 } from "./portal.ts"

const SEARCH = `${V2026}/companies/search`

const filter = (propertyName: string, operator: string, more: object = {}) => ({
  filterGroups: [{ filters: [{ propertyName, operator, ...more }] }],
})

const immediate = () => {
  const portal = open({ knobs: { indexLag: { min: 0, max: 0 } } })
  let searches = 0
  const search = async (body: unknown, path = SEARCH) => {
    // Five a second are allowed.
    searches += 1
    if (searches % 5 === 0) portal.clock.advance(1_001)
    return portal.ask("POST", path, body)
  }
  return { ...portal, search }
}

describe("search of a HubSpot portal", () => {
  it("sees a write two to five seconds later, while reading by id sees it at once", async () => {
    const { ask, clock } = open()
    const made = await ask("POST", `${V2026}/companies`, { properties: { name: "Late" } })
    expect((await ask("GET", `${V2026}/companies/${made.body.id}`)).status).toBe(200)
    expect((await ask("POST", SEARCH, {})).body.total).toBe(0)
    clock.advance(1_999)
    expect((await ask("POST", SEARCH, {})).body.total).toBe(0)
    clock.advance(3_001)
    expect((await ask("POST", SEARCH, {})).body.total).toBe(1)
  })

  it("sees a write at once where the lag is nought, and when the index is pushed", async () => {
    const { ask, search, world } = immediate()
    await ask("POST", `${V2026}/companies`, { properties: { name: "Now" } })
    expect((await search({})).body.total).toBe(1)
    world.knobs.indexLag = { min: 60_000, max: 60_000 }
    await ask("POST", `${V2026}/companies`, { properties: { name: "Later" } })
    expect((await search({})).body.total).toBe(1)
    world.indexNow()
    expect((await search({})).body.total).toBe(2)
  })

  it("never shows an older state after a newer one, whichever arrives first", async () => {
    const { ask, clock, world } = open()
    const [id] = world.seed([{ type: "companies", properties: { name: "v0" } }])
    for (let version = 1; version <= 20; version += 1) {
      await ask("PATCH", `${V2026}/companies/${id}`, { properties: { name: `v${version}` } })
      clock.advance(100)
    }
    const shown: Array<number> = []
    for (let step = 0; step < 40; step += 1) {
      clock.advance(201)
      const { body } = await ask("POST", SEARCH, { properties: ["name"] })
      shown.push(Number(body.results[0]?.properties["name"]?.slice(1)))
    }
    expect(shown).toEqual([...shown].sort((a, b) => a - b))
    expect(new Set(shown).size).toBeGreaterThan(2)
    expect(shown.at(-1)).toBe(20)
  })

  it("never shows archived and merged-away records", async () => {
    const { search, world } = immediate()
    const [a = "", b = "", c = ""] = world.seed(
      ["A", "B", "C"].map((name) => ({ type: "companies" as const, properties: { name } })),
    )
    world.archive("companies", a)
    const survivor = world.mergeRecords("companies", b, c)
    expect((await search({})).body.results.map((one) => one.id)).toEqual([survivor])
  })

  it("pages by offset, 200 at most, and stops at 10,000 results", async () => {
    const { search, world } = immediate()
    world.seed(
      Array.from({ length: 10_050 }, (_, at) => ({ type: "companies" as const, properties: { name: `C${at}` } })),
    )
    expect((await search({ limit: 201 })).status).toBe(400)
    const first = await search({ limit: 200 })
    expect([first.body.total, first.body.results.length, first.body.paging?.next.after]).toEqual([10_050, 200, "200"])
    const last = await search({ limit: 200, after: "9800" })
    expect([last.status, last.body.results.length, last.body.paging?.next.after]).toEqual([200, 200, "10000"])
    const beyond = await search({ limit: 200, after: "10000" })
    expect([beyond.status, beyond.body.category]).toEqual([400, "VALIDATION_ERROR"])
    expect((await search({})).body.results).toHaveLength(10)
  })

  it("takes at most 5 groups, 6 filters in each and 18 in all, and 3,000 characters", async () => {
    const { search } = immediate()
    const group = (filters: number) => ({
      filters: Array.from({ length: filters }, () => ({ propertyName: "name", operator: "HAS_PROPERTY" })),
    })
    const groups = (...sizes: ReadonlyArray<number>) => search({ filterGroups: sizes.map(group) })
    expect((await groups(6, 6, 6)).status).toBe(200)
    expect((await groups(6, 6, 6, 1)).status).toBe(400)
    expect((await groups(7)).status).toBe(400)
    expect((await groups(1, 1, 1, 1, 1, 1)).status).toBe(400)
    const long = await search(filter("name", "IN", { values: Array.from({ length: 400 }, (_, at) => `name${at}`) }))
    expect([long.status, long.body.category]).toEqual([400, "VALIDATION_ERROR"])
  })

  it("joins groups by or and filters by and", async () => {
    const { search, world } = immediate()
    world.seed([
      { type: "companies", properties: { name: "A", city: "Oslo", phone: "1" } },
      { type: "companies", properties: { name: "B", city: "Oslo" } },
      { type: "companies", properties: { name: "C", city: "Rome" } },
    ])
    const eq = (propertyName: string, value: string) => ({ propertyName, operator: "EQ", value })
    const { body } = await search({
      filterGroups: [{ filters: [eq("city", "oslo"), eq("phone", "1")] }, { filters: [eq("name", "c")] }],
      properties: ["name"],
    })
    expect(body.results.map((one) => one.properties["name"])).toEqual(["A", "C"])
  })

  it("compares text without case, options with it, and IN by lower-case values alone", async () => {
    const { search, world } = immediate()
    world.seed([{ type: "companies", properties: { name: "Åkerlund", lifecyclestage: "lead" } }])
    const total = async (propertyName: string, operator: string, more: object) =>
      (await search(filter(propertyName, operator, more))).body.total
    expect(await total("name", "EQ", { value: "ÅKERLUND" })).toBe(1)
    expect(await total("name", "IN", { values: ["Åkerlund"] })).toBe(0)
    expect(await total("name", "IN", { values: ["åkerlund"] })).toBe(1)
    expect(await total("lifecyclestage", "EQ", { value: "Lead" })).toBe(0)
    expect(await total("lifecyclestage", "EQ", { value: "lead" })).toBe(1)
    expect(await total("name", "NOT_IN", { values: ["åkerlund"] })).toBe(0)
    expect(await total("phone", "NOT_HAS_PROPERTY", {})).toBe(1)
    expect(await total("name", "CONTAINS_TOKEN", { value: "åker*" })).toBe(1)
    expect(await total("name", "CONTAINS_TOKEN", { value: "åker" })).toBe(0)
  })

  it("filters numbers and stamps by size", async () => {
    const { clock, search, world } = immediate()
    const start = clock.now()
    world.seed(
      [900, 1_000, 1_100].map((annualrevenue, at) => ({
        type: "companies" as const,
        properties: { name: "N", annualrevenue: String(annualrevenue) },
        createdAt: start - 1_000 + at,
      })),
    )
    const total = async (name: string, operator: string, more: object) =>
      (await search(filter(name, operator, more))).body.total
    expect(await total("annualrevenue", "GTE", { value: "1000" })).toBe(2)
    expect(await total("annualrevenue", "BETWEEN", { value: "950", highValue: "1050" })).toBe(1)
    expect(await total("hs_lastmodifieddate", "GT", { value: String(start - 1_000) })).toBe(2)
    expect(await total("hs_lastmodifieddate", "GTE", { value: new Date(start - 1_000).toISOString() })).toBe(3)
    expect(await total("createdate", "LT", { value: String(start - 998) })).toBe(2)
    expect((await search(filter("annualrevenue", "GT", { value: "much" }))).status).toBe(400)
    expect((await search(filter("nonsense", "GT", { value: "1" }))).status).toBe(400)
  })

  it("sorts by the stamp of each type, oldest or newest first, and by one rule only", async () => {
    const { ask, clock, search, world } = immediate()
    const ids = world.seed(
      ["B", "A", "C"].map((name) => ({ type: "contacts" as const, properties: { firstname: name } })),
    )
    clock.advance(1_000)
    await ask("PATCH", `${V3}/contacts/${ids[0]}`, { properties: { phone: "1" } })
    const order = async (sort: unknown) =>
      (await search({ sorts: [sort], properties: ["firstname"] }, `${V3}/contacts/search`)).body.results.map(
        (one) => one.properties["firstname"],
      )
    expect(await order({ propertyName: "lastmodifieddate", direction: "ASCENDING" })).toEqual(["A", "C", "B"])
    expect(await order({ propertyName: "lastmodifieddate", direction: "DESCENDING" })).toEqual(["B", "C", "A"])
    expect(await order("-firstname")).toEqual(["C", "B", "A"])
    expect(await order("createdate")).toEqual(["B", "A", "C"])
    const two = await search({ sorts: ["createdate", "firstname"] }, `${V3}/contacts/search`)
    expect(two.status).toBe(400)
  })

  it("filters by association", async () => {
    const { search, world } = immediate()
    const [company] = world.seed([
      { type: "companies", ref: "c", properties: { name: "A" } },
      { type: "contacts", properties: { email: "a@example.com" }, associations: [{ type: "companies", ref: "c" }] },
      { type: "contacts", properties: { email: "b@example.com" } },
    ])
    const { body } = await search(filter("associations.company", "EQ", { value: company }), `${V2026}/contacts/search`)
    expect(body.results.map((one) => one.properties["email"])).toEqual(["a@example.com"])
  })

  it("finds words by query", async () => {
    const { search, world } = immediate()
    world.seed([
      { type: "companies", properties: { name: "Northern Pumps", domain: "pumps.example" } },
      { type: "companies", properties: { name: "Southern Valves" } },
    ])
    expect((await search({ query: "north pump" })).body.total).toBe(1)
  })
})
