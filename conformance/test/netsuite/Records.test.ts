import { describe, expect, it } from "vitest"
import { furnish, open } from "./Client.ts"

const ONE = { companyName: "One", subsidiary: { id: "1" } }

describe("writes", () => {
  it("answer without a body, with the id in Location, and an upsert does not tell which it was", async () => {
    const { get, put, world } = open()
    const first = await put("customer/eid:hs-company-1", ONE)
    const second = await put("customer/eid:hs-company-1", { email: "a@one.example" })
    expect([first.status, first.text, second.status, second.text]).toEqual([204, "", 204, ""])
    expect(second.id).toBe(first.id)
    expect(world.all("customer")).toHaveLength(1)
    expect((await get(`customer/${first.id}`)).at("companyName")).toBe("One")
  })

  it("name the external id in Location where the account does", async () => {
    const { put } = open({ knobs: { location: "eid" } })
    expect((await put("customer/eid:hs-company-1", ONE)).id).toBe("eid:hs-company-1")
  })

  it("leave what is not sent, and clear what is null", async () => {
    const { get, patch, put } = open()
    const { id } = await put("customer/eid:a", { ...ONE, email: "a@one.example", phone: "1", terms: { id: "2" } })
    expect((await patch(`customer/${id}`, { phone: null, terms: null })).status).toBe(204)
    const found = await get(`customer/${id}`)
    expect([found.at("email"), found.at("phone"), found.at("terms")]).toEqual(["a@one.example", undefined, undefined])
  })

  it("drop unknown names with a warning, and refuse them where names are validated", async () => {
    const { post, world } = open()
    const warned = await post("customer", { ...ONE, wings: 2 })
    expect([warned.status, warned.headers.get("x-netsuite-warning")]).toEqual([204, expect.stringContaining("'wings'")])
    const error = { "x-netsuite-propertynamevalidation": "Error" }
    const refused = await post("customer", { ...ONE, wings: 2 }, error)
    expect(refused.refusal).toBe("400 INVALID_CONTENT: Unknown property name: wings.")
    const ignored = await post("customer", { ...ONE, wings: 2 }, { "x-netsuite-propertynamevalidation": "Ignore" })
    expect([ignored.status, ignored.headers.has("x-netsuite-warning")]).toEqual([204, false])
    expect(world.all("customer")).toHaveLength(2)
  })

  it("refuse values by one code, with the place in the body", async () => {
    const t = open()
    const { customer } = furnish(t)
    const body = { entity: { id: customer }, item: { items: [{ item: { id: "9999" }, quantity: 1 }] } }
    const refused = await t.post("salesOrder", body)
    expect(refused.refusal).toContain("400 USER_ERROR: Error while accessing a resource. Invalid Field Value 9999")
    expect(refused.at("o:errorDetails.0.o:errorPath")).toBe("item.items[0].item")
    expect((await t.post("customer", { subsidiary: { id: "1" } })).refusal).toContain(
      "Please enter value(s) for: Company Name",
    )
    expect((await t.post("customer", { ...ONE, isInactive: "yes" })).status).toBe(400)
    expect(t.world.all("salesOrder")).toHaveLength(0)
  })

  it("need a subsidiary in a OneWorld account, and know none in another", async () => {
    const one = open()
    expect((await one.post("customer", { companyName: "One" })).refusal).toContain("Primary Subsidiary")
    const plain = open({ knobs: { oneWorld: false } })
    expect((await plain.post("customer", { companyName: "One" })).status).toBe(204)
    const warned = await plain.post("customer", { ...ONE, companyName: "Two" })
    expect(warned.headers.get("x-netsuite-warning")).toContain("'subsidiary'")
    expect((await plain.query("SELECT id FROM customer WHERE subsidiary = 1 ORDER BY id")).refusal).toContain(
      "Field 'subsidiary' was not found",
    )
    expect((await plain.query("SELECT id FROM subsidiary")).refusal).toContain("Record 'subsidiary' was not found")
  })

  it("take a person by two names and a company by one", async () => {
    const { get, post } = open()
    const person = { isPerson: true, firstName: "Ada", lastName: "Klein", subsidiary: { id: "2" } }
    expect((await post("customer", { ...person, lastName: null })).refusal).toContain("Last Name")
    const { id } = await post("customer", person)
    expect((await get(`customer/${id}`)).at("currency.refName")).toBe("Euro")
  })
})

describe("external ids", () => {
  it("belong to one record of a group, whatever the type and the case", async () => {
    const { post, put, world } = open()
    await put("customer/eid:Key-1", ONE)
    const other = await put("contact/eid:key-1", { firstName: "Ada", subsidiary: { id: "1" } })
    expect(other.refusal).toBe("400 USER_ERROR: Error while accessing a resource. This entity already exists.")
    expect((await post("customer", { ...ONE, externalId: "KEY-1" })).refusal).toContain("This entity already exists.")
    await put("customer/eid:KEY-1", { email: "x@one.example" })
    expect(world.all("customer").map((one) => one.fields["externalId"])).toEqual(["Key-1"])
  })

  it("may be the same in another group", async () => {
    const { put } = open()
    expect((await put("customer/eid:key-1", ONE)).status).toBe(204)
    expect((await put("serviceSaleItem/eid:key-1", { itemId: "A" })).status).toBe(204)
  })

  it("are what an upsert takes; an internal id is refused", async () => {
    const { put } = open()
    expect((await put("customer/101", ONE)).status).toBe(400)
    expect((await put("customer/eid:a|b", ONE)).status).toBe(400)
  })
})

describe("reading", () => {
  it("shows sublists as links until they are asked for, and bare enums where that is asked for", async () => {
    const t = open()
    const { customer } = furnish(t)
    const address = {
      defaultBilling: true,
      addressBookAddress: { addr1: "Kai 1", city: "Hamburg", country: { id: "DE" } },
    }
    await t.patch(`customer/${customer}`, { addressBook: { items: [address] } })
    const bare = await t.get(`customer/${customer}`)
    expect(bare.at("addressBook.items")).toBeUndefined()
    expect(bare.at("creditHoldOverride")).toEqual({ id: "AUTO", refName: "Auto" })
    const full = await t.get(`customer/${customer}?expandSubResources=true&simpleEnumFormat=true`)
    expect(full.at("addressBook.items.0.addressBookAddress.city")).toBe("Hamburg")
    expect(full.at("creditHoldOverride")).toBe("AUTO")
  })

  it("shows the fields that are asked for, and refuses part of a sublist", async () => {
    const t = open()
    const { customer } = furnish(t)
    const some = await t.get(`customer/${customer}?fields=email,companyName`)
    expect([some.at("email"), some.at("entityId")]).toEqual(["post@blauwal.example", undefined])
    expect((await t.get(`customer/${customer}?fields=addressBook`)).refusal).toContain("400 INVALID_PARAMETER")
  })

  it("loads as for editing: a locked record is listed and cannot be read", async () => {
    const t = open()
    const { customer } = furnish(t)
    t.world.lock("customer", customer)
    const refused = await t.get(`customer/${customer}`)
    expect(refused.refusal).toContain("400 USER_ERROR")
    expect(refused.refusal).toContain("locked by a user defined workflow")
    expect((await t.get("customer")).each("id")).toEqual([customer])
    expect((await t.query("SELECT id FROM customer ORDER BY id")).each("id")).toEqual([customer])
    t.world.lock("customer", customer, false)
    expect((await t.get(`customer/${customer}`)).status).toBe(200)
  })

  it("does not find what is not there", async () => {
    const { get } = open()
    expect((await get("customer/77")).refusal).toContain("404 NONEXISTENT_ID")
    expect((await get("customer/eid:nobody")).status).toBe(404)
    expect((await get("dragon/1")).status).toBe(404)
    expect((await get("Customer/1")).status).toBe(404)
  })

  it("refuses what the role may not do, in the words of the account", async () => {
    const t = open({ role: { levels: { customer: "view", contact: "none" } } })
    const { customer } = furnish(t)
    expect((await t.get(`customer/${customer}`)).status).toBe(200)
    expect((await t.patch(`customer/${customer}`, { phone: "1" })).refusal).toContain(
      "400 USER_ERROR: Your current role",
    )
    expect((await t.get("contact")).refusal).toContain("does not have permission")
    t.world.knobs.forbidden = 403
    expect((await t.get("contact")).refusal).toContain("403 INSUFFICIENT_PERMISSION")
  })
})

describe("deleting", () => {
  it("fills the table of deletions for the types that it covers", async () => {
    const t = open({ knobs: { deletionsOf: ["contact"] } })
    const { id } = await t.post("contact", { firstName: "Ada", lastName: "Klein", subsidiary: { id: "1" } })
    const item = await t.post("serviceSaleItem", { itemId: "A" })
    expect((await t.remove(`contact/${id}`)).status).toBe(204)
    expect((await t.remove(`serviceSaleItem/${item.id}`)).status).toBe(204)
    expect((await t.get(`contact/${id}`)).refusal).toContain("404 NONEXISTENT_ID")
    const gone = await t.query("SELECT recordid, type FROM deletedrecord ORDER BY recordid")
    expect(gone.each("recordid")).toEqual([id])
    t.world.state.role = { ...t.world.state.role, deletedRecords: false }
    expect((await t.query("SELECT recordid FROM deletedrecord")).refusal).toContain(
      "Record 'deletedrecord' was not found",
    )
  })

  it("refuses a record that others need", async () => {
    const t = open()
    const { customer, item } = furnish(t)
    t.world.seed("invoice", [{ entity: customer, item: [{ item, quantity: "1" }] }])
    expect((await t.remove(`customer/${customer}`)).refusal).toContain("dependent records")
    expect((await t.remove(`serviceSaleItem/${item}`)).refusal).toContain("dependent records")
  })
})
