import { describe, expect, it } from "vitest"
import { open, V2026 } from "./portal.ts"

const PROPERTIES = "/crm/properties/2026-09"

const text = (name: string, more: object = {}) => ({
  name,
  label: name,
  type: "string",
  fieldType: "text",
  groupName: "companyinformation",
  ...more,
})

describe("properties, pipelines, owners and the account", () => {
  it("creates a property once: active names are a conflict, archived ones come back, unknown ones are 404", async () => {
    const { ask } = open()
    const path = `${PROPERTIES}/companies`
    const made = await ask("POST", path, text("erp_key", { hasUniqueValue: true }))
    expect([made.status, made.body.hasUniqueValue]).toEqual([201, true])
    const again = await ask("POST", path, text("erp_key"))
    expect([again.status, again.body.category, again.body.subCategory]).toEqual([
      409,
      "OBJECT_ALREADY_EXISTS",
      "Properties.PROPERTY_WITH_NAME_EXISTS",
    ])
    expect((await ask("DELETE", `${path}/erp_key`)).status).toBe(204)
    expect((await ask("GET", `${path}/erp_key`)).status).toBe(404)
    expect((await ask("GET", `${path}/erp_key?archived=true`)).status).toBe(200)
    const restored = await ask("POST", path, text("erp_key", { label: "ERP key" }))
    expect([restored.status, restored.body.label, restored.body.hasUniqueValue]).toEqual([201, "ERP key", true])
    expect((await ask("GET", `${path}/never_made`)).status).toBe(404)
  })

  it("refuses values of an archived property, and has them back with it", async () => {
    const { ask, world } = open()
    await ask("POST", `${PROPERTIES}/companies`, text("colour"))
    const [id] = world.seed([{ type: "companies", properties: { name: "A", colour: "red" } }])
    await ask("DELETE", `${PROPERTIES}/companies/colour`)
    expect((await ask("GET", `${V2026}/companies/${id}?properties=colour,name`)).body.properties).toEqual({ name: "A" })
    expect((await ask("PATCH", `${V2026}/companies/${id}`, { properties: { colour: "blue" } })).status).toBe(400)
    await ask("POST", `${PROPERTIES}/companies`, text("colour"))
    expect((await ask("GET", `${V2026}/companies/${id}?properties=colour`)).body.properties).toEqual({ colour: "red" })
  })

  it("checks names, groups, options and which controls fit which types", async () => {
    const { ask } = open()
    const path = `${PROPERTIES}/companies`
    const status = async (body: object) => (await ask("POST", path, body)).status
    expect(await status(text("Erp Key"))).toBe(400)
    expect(await status(text("a", { groupName: "nowhere" }))).toBe(400)
    expect(await status(text("a", { fieldType: "number" }))).toBe(400)
    expect(await status(text("a", { type: "enumeration", fieldType: "select" }))).toBe(400)
    expect(
      await status(
        text("a", { type: "enumeration", fieldType: "select", options: [{ label: "X", value: "x", hidden: false }] }),
      ),
    ).toBe(400)
    const options = [{ label: "X", value: "x", hidden: false, displayOrder: 0 }]
    expect(await status(text("a", { type: "enumeration", fieldType: "select", options }))).toBe(201)
    const replaced = await ask("PATCH", `${path}/a`, {
      options: [{ label: "Y", value: "y", hidden: false, displayOrder: 0 }],
    })
    expect(replaced.body.options.map((one) => one.value)).toEqual(["y"])
    expect((await ask("PATCH", `${path}/a`, { hasUniqueValue: true })).status).toBe(400)
    expect((await ask("PATCH", `${path}/domain`, { label: "D" })).status).toBe(400)
  })

  it("allows ten unique properties of a type, and none of products where the portal refuses them", async () => {
    const { ask, world } = open()
    for (let at = 0; at < 10; at += 1) {
      expect((await ask("POST", `${PROPERTIES}/companies`, text(`key${at}`, { hasUniqueValue: true }))).status).toBe(
        201,
      )
    }
    expect((await ask("POST", `${PROPERTIES}/companies`, text("key10", { hasUniqueValue: true }))).status).toBe(400)
    const product = text("erp_key", { groupName: "productinformation", hasUniqueValue: true })
    world.knobs.uniquePropertiesOnProducts = false
    expect((await ask("POST", `${PROPERTIES}/products`, product)).status).toBe(400)
    world.knobs.uniquePropertiesOnProducts = true
    expect((await ask("POST", `${PROPERTIES}/products`, product)).status).toBe(201)
  })

  it("keeps a property that a formula uses", async () => {
    const { ask } = open()
    const path = `${PROPERTIES}/companies`
    await ask("POST", path, text("base"))
    await ask("POST", path, text("twice", { fieldType: "calculation_equation", calculationFormula: "base + base" }))
    const { body, status } = await ask("DELETE", `${path}/base`)
    expect([status, body.subCategory]).toEqual([400, "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE"])
  })

  it("creates, reads and archives in batches", async () => {
    const { ask } = open()
    const path = `${PROPERTIES}/companies/batch`
    const made = await ask("POST", `${path}/create`, { inputs: [text("a"), text("b"), text("domain")] })
    expect([made.status, made.body.results.map((one) => one.name), made.body.numErrors]).toEqual([207, ["a", "b"], 1])
    const names = { inputs: ["a", "b", "zz"].map((name) => ({ name })) }
    const read = await ask("POST", `${path}/read`, { ...names, archived: false, dataSensitivity: "non_sensitive" })
    expect([read.status, read.body.results.length, read.body.errors?.[0]?.context["name"]]).toEqual([207, 2, ["zz"]])
    expect((await ask("POST", `${path}/archive`, names)).status).toBe(204)
    const list = await ask("GET", `${PROPERTIES}/companies?archived=true`)
    expect(list.body.results.map((one) => one.name)).toEqual(["a", "b"])
  })

  it("lists and makes groups", async () => {
    const { ask } = open()
    const path = `${PROPERTIES}/companies/groups`
    expect((await ask("POST", path, { name: "erp", label: "ERP" })).status).toBe(201)
    expect((await ask("POST", path, { name: "erp", label: "ERP" })).status).toBe(409)
    expect((await ask("GET", path)).body.results.map((one) => one.name)).toEqual(["companyinformation", "erp"])
    expect((await ask("POST", `${PROPERTIES}/companies`, text("x", { groupName: "erp" }))).status).toBe(201)
  })

  it("tells its pipelines and stages with their metadata", async () => {
    const { ask } = open()
    const { body } = await ask("GET", "/crm/pipelines/2026-09/deals")
    expect(body.results.map((one) => one.id)).toEqual(["default"])
    const won = await ask("GET", "/crm/v3/pipelines/0-3/default/stages/closedwon")
    expect(won.body.metadata).toEqual({ probability: "1.0", isClosed: "true" })
    expect((await ask("GET", "/crm/v3/pipelines/deals/default/stages")).body.results).toHaveLength(7)
    expect((await ask("GET", "/crm/v3/pipelines/deals/default")).body.stages).toHaveLength(7)
    expect((await ask("GET", "/crm/v3/pipelines/deals/none")).status).toBe(404)
  })

  it("tells its owners, its account and what was spent of the day", async () => {
    const { ask, world } = open()
    for (let at = 1; at <= 3; at += 1) {
      world.addOwner({
        id: `${at}`,
        email: `o${at}@example.com`,
        firstName: "O",
        lastName: `${at}`,
        userId: 70 + at,
        archived: false,
      })
    }
    const first = await ask("GET", "/crm/owners/2026-09?limit=2")
    expect([first.body.results.length, first.body.paging?.next.after]).toEqual([2, "3"])
    expect((await ask("GET", "/crm/owners/2026-09?email=O2@example.com")).body.results.map((one) => one.id)).toEqual([
      "2",
    ])
    expect((await ask("GET", "/crm/v3/owners/72?idProperty=userId")).body.email).toBe("o2@example.com")
    const account = await ask("GET", "/account-info/2026-09/details")
    expect([account.body.portalId, account.body.timeZone, account.body.utcOffset]).toEqual([
      world.portal.portalId,
      "Europe/Berlin",
      "+01:00",
    ])
    const usage = await ask("GET", "/account-info/2026-09/api-usage/daily/private-apps")
    expect([usage.body.results[0]?.currentUsage, usage.body.results[0]?.usageLimit]).toEqual([5, 625_000])
  })
})
