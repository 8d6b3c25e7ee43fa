import { describe, expect, it } from "vitest"
import { open, V3, V2026 } from "./portal.ts"

describe("records of a HubSpot portal", () => {
  it("answers to the name and to the type id of a type", async () => {
    const { ask, world } = open()
    const [id] = world.seed([{ type: "deals", properties: { dealname: "Ten pumps" } }])
    for (const path of [
      `${V3}/deals/${id}`,
      `${V3}/0-3/${id}`,
      `${V2026}/deals/${id}`,
      `/crm/objects/2026-03/0-3/${id}`,
    ]) {
      const { body, status } = await ask("GET", path)
      expect([status, body.id, body.properties["dealname"]]).toEqual([200, id, "Ten pumps"])
    }
    const unknown = await ask("GET", `${V3}/widgets/${id}`)
    expect([unknown.status, unknown.body.category]).toEqual([400, "VALIDATION_ERROR"])
  })

  it("says of a missing record 404 in JSON, or in HTML when the portal is turned so", async () => {
    const { ask, world } = open()
    const missing = await ask("GET", `${V2026}/companies/12345`)
    expect([missing.status, missing.body.category]).toEqual([404, "OBJECT_NOT_FOUND"])
    expect(missing.body.correlationId).toMatch(/^[0-9a-f-]{36}$/)
    world.knobs.html404 = true
    const page = await ask("GET", `${V2026}/companies/12345`)
    expect(page.status).toBe(404)
    expect(page.headers.get("content-type")).toContain("text/html")
    expect(page.text).toContain("<html>")
  })

  it("drops undefined properties, gives null for empty ones and text for all others", async () => {
    const { ask } = open()
    const made = await ask("POST", `${V2026}/products`, { properties: { name: "Pump", price: 24.5, hs_sku: "P-1" } })
    expect(made.status).toBe(201)
    const read = await ask("GET", `${V2026}/products/${made.body.id}?properties=name,price,description,nonsense`)
    expect(read.body.properties).toEqual({ name: "Pump", price: "24.5", description: null })
  })

  it("keeps the digits of numbers that come as JSON numbers", async () => {
    const { ask } = open()
    const sent = '{"properties":{"name":"Pump","price":12345678901234567890.10}}'
    const made = await ask("POST", `${V2026}/products`, sent)
    expect(made.body.properties["price"]).toBe("12345678901234567890.10")
  })

  it("gives the defaults of a type when nothing is asked for", async () => {
    const { ask, world } = open()
    const [id] = world.seed([{ type: "contacts", properties: { email: "Ida@Example.COM", phone: "1" } }])
    const { body } = await ask("GET", `${V2026}/contacts/${id}`)
    expect(Object.keys(body.properties).sort()).toEqual(
      ["createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"].sort(),
    )
    expect(body.properties["email"]).toBe("ida@example.com")
    expect(body.properties["firstname"]).toBe(null)
  })

  it("lists in order of id, the cursor being the next id, 100 at most", async () => {
    const { ask, world } = open()
    const ids = world.seed(
      Array.from({ length: 230 }, (_, at) => ({ type: "companies" as const, properties: { name: `C${at}` } })),
    )
    const seen: Array<string> = []
    let after = ""
    let pages = 0
    do {
      const { body } = await ask("GET", `${V2026}/companies?limit=100${after === "" ? "" : `&after=${after}`}`)
      for (const record of body.results) seen.push(record.id)
      after = body.paging === undefined ? "" : body.paging.next.after
      if (after !== "") expect(ids).toContain(after)
      if (pages === 0) expect(body.paging?.next.link).toContain("https://api.hubspot.com/")
      pages += 1
    } while (after !== "")
    expect(seen).toEqual(ids)
    expect(pages).toBe(3)
    expect((await ask("GET", `${V2026}/companies?limit=101`)).status).toBe(400)
    expect((await ask("GET", `${V2026}/companies`)).body.results).toHaveLength(10)
  })

  it("hides archived records from get and list, shows them on demand, without associations", async () => {
    const { ask, world } = open()
    const [company, contact] = world.seed([
      { type: "companies", ref: "c", properties: { name: "Gone" } },
      { type: "contacts", properties: { email: "a@example.com" }, associations: [{ type: "companies", ref: "c" }] },
    ])
    expect((await ask("DELETE", `${V2026}/companies/${company}`)).status).toBe(204)
    expect((await ask("GET", `${V2026}/companies/${company}`)).status).toBe(404)
    expect((await ask("GET", `${V2026}/companies`)).body.results).toEqual([])
    const shown = await ask("GET", `${V2026}/companies/${company}?archived=true&associations=contacts`)
    expect([shown.status, shown.body.archived, shown.body.associations]).toEqual([200, true, undefined])
    expect(shown.body.archivedAt).toBeDefined()
    expect((await ask("GET", `${V2026}/companies?archived=true`)).body.results).toHaveLength(1)
    expect(world.associations("contacts", contact ?? "", "companies")).toEqual([])
  })

  it("clears a property with the empty text and refuses null", async () => {
    const { ask, world } = open()
    const [id] = world.seed([{ type: "companies", properties: { name: "A", phone: "1" } }])
    const cleared = await ask("PATCH", `${V2026}/companies/${id}`, { properties: { phone: "" } })
    expect([cleared.status, cleared.body.properties["phone"]]).toEqual([200, null])
    expect((await ask("PATCH", `${V2026}/companies/${id}`, { properties: { phone: null } })).status).toBe(400)
  })

  it("refuses unknown and read-only properties and bad values, all of them in one message", async () => {
    const { ask, world } = open()
    const { body, status } = await ask("POST", `${V2026}/deals`, {
      properties: { dealname: "D", nope: "1", hs_is_closed: "true", amount: "1,000.5", closedate: "soon" },
    })
    expect([status, body.category]).toEqual([400, "VALIDATION_ERROR"])
    const embedded = JSON.parse(body.message.slice(body.message.indexOf("["))) as ReadonlyArray<Record<string, unknown>>
    expect(embedded.map((one) => [one["name"], one["error"], one["isValid"], one["portalId"]])).toEqual([
      ["nope", "PROPERTY_DOESNT_EXIST", false, world.portal.portalId],
      ["hs_is_closed", "READ_ONLY_VALUE", false, world.portal.portalId],
      ["amount", "INVALID_INTEGER", false, world.portal.portalId],
      ["closedate", "INVALID_DATE", false, world.portal.portalId],
    ])
    expect(world.records("deals")).toEqual([])
  })

  it("takes dates as days or midnights, stamps as ISO or milliseconds, options by value", async () => {
    const { ask, world } = open()
    world.defineProperty("companies", { name: "due", type: "date" })
    world.defineProperty("companies", {
      name: "tags",
      type: "enumeration",
      fieldType: "checkbox",
      options: ["a", "b"].map((value) => ({ label: value, value, hidden: false })),
    })
    const make = (properties: Record<string, unknown>) =>
      ask("POST", `${V2026}/companies`, { properties: { name: "N", ...properties } })
    expect((await make({ due: "2026-02-28" })).body.properties["due"]).toBe("2026-02-28")
    expect((await make({ due: Date.UTC(2026, 1, 28) })).body.properties["due"]).toBe("2026-02-28")
    expect((await make({ due: Date.UTC(2026, 1, 28, 1) })).status).toBe(400)
    expect((await make({ due: "2026-02-31" })).status).toBe(400)
    const tagged = await make({ tags: "a" })
    const more = await ask("PATCH", `${V2026}/companies/${tagged.body.id}`, { properties: { tags: ";b" } })
    expect(more.body.properties["tags"]).toBe("a;b")
    expect((await make({ tags: "c" })).status).toBe(400)
    const deal = await ask("POST", `${V2026}/deals`, { properties: { closedate: Date.UTC(2026, 5, 1, 12) } })
    expect(deal.body.properties["closedate"]).toBe("2026-06-01T12:00:00.000Z")
  })

  it("refuses what the description does not know: path, method, parameter and member", async () => {
    const { ask, world } = open()
    const [id] = world.seed([{ type: "line_items", properties: { name: "L" } }])
    expect((await ask("GET", "/crm/objects/2027-03/companies")).status).toBe(404)
    expect((await ask("PUT", `${V2026}/companies/1`, {})).status).toBe(405)
    expect((await ask("GET", `${V2026}/companies?colour=red`)).status).toBe(400)
    const member = await ask("PATCH", `${V2026}/line_items/${id}`, { properties: {}, associations: [] })
    expect([member.status, member.body.category]).toEqual([400, "VALIDATION_ERROR"])
    expect((await ask("POST", `${V2026}/companies`, "{oops")).status).toBe(400)
  })

  it("refuses a uri that is too long", async () => {
    const { ask } = open()
    expect((await ask("GET", `${V2026}/companies?properties=${"name,".repeat(1_700)}`)).status).toBe(414)
  })

  it("keeps the history of values that changed", async () => {
    const { ask, clock, world } = open()
    const [id] = world.seed([{ type: "companies", properties: { name: "Old" } }])
    clock.advance(60_000)
    await ask("PATCH", `${V2026}/companies/${id}`, { properties: { name: "New" } })
    const { body } = await ask("GET", `${V2026}/companies/${id}?propertiesWithHistory=name`)
    expect(body.propertiesWithHistory["name"]?.map((row) => row.value)).toEqual(["New", "Old"])
  })
})
