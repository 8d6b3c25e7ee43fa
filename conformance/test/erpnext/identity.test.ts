import { describe, expect, it } from "vitest"
import { open } from "./bench.ts"

const keyed = async (bench: ReturnType<typeof open>, dt = "Customer") => {
  await bench.post("Custom Field", {
    dt,
    fieldname: "hubspot_company_id",
    label: "Key",
    fieldtype: "Data",
    unique: 1,
    no_copy: 1,
  })
  return bench
}

const item = { item_code: "SVC-1", item_group: "Services", is_stock_item: 0 }

describe("a create that is sent twice", () => {
  it("makes two customers, with a note and no error", async () => {
    const { post, world } = open()
    const first = await post("Customer", { customer_name: "Acme Corp" })
    const second = await post("Customer", { customer_name: "Acme Corp" })
    expect([first.status, first.at("data.name"), first.notes]).toEqual([200, "Acme Corp", []])
    expect([second.status, second.at("data.name")]).toEqual([200, "Acme Corp - 1"])
    expect(second.notes).toMatchObject([{ title: "Note", indicator: "yellow" }])
    expect(world.having("Customer", "customer_name", "Acme Corp")).toHaveLength(2)
  })

  it("is refused with 409 where the doctype is named by a field", async () => {
    const { post } = open()
    expect((await post("Item", item)).status).toBe(200)
    const again = await post("Item", item)
    expect([again.status, again.type]).toEqual([409, "DuplicateEntryError"])
  })

  it("is refused with 417 where a unique field holds the key, and the empty text is no key", async () => {
    const { post, world } = await keyed(open())
    const customer = (hubspot_company_id: string) => post("Customer", { customer_name: "Uniq", hubspot_company_id })
    expect((await customer("9001")).status).toBe(200)
    const again = await customer("9001")
    expect([again.status, again.type]).toEqual([417, "UniqueValidationError"])
    expect(again.notes[0]?.title).toBe("Note")
    expect([(await customer("")).status, (await customer("")).status]).toEqual([200, 200])
    expect(world.all("Customer").map((one) => one.columns["hubspot_company_id"])).toEqual([
      "9001",
      undefined,
      undefined,
    ])
  })

  it("tells in v2 of the first note, which is about something else", async () => {
    const { send } = await keyed(open())
    const body = { customer_name: "Uniq", hubspot_company_id: "9001" }
    await send("POST", "/api/v2/document/Customer", { body })
    const again = await send("POST", "/api/v2/document/Customer", { body })
    expect([again.status, again.type, again.at("errors.0.title")]).toEqual([417, "UniqueValidationError", "Note"])
    expect(again.at("messages.0.message")).toContain("Key")
  })

  it("makes the next number of a document, and one order alone for a purchase order number", async () => {
    const { call, post, put, world } = open()
    world.seed("Customer", [{ customer_name: "Acme" }])
    await post("Item", item)
    const order = (po_no: string) =>
      post("Sales Order", {
        customer: "Acme",
        delivery_date: "2026-12-01",
        po_no,
        items: [{ item_code: "SVC-1", qty: 1, rate: 9 }],
      })
    expect((await order("P1")).at("data.name")).toBe("SAL-ORD-2026-00001")
    const second = await order("P1")
    expect([second.status, second.type, second.at("_exc_source")]).toEqual([417, "ValidationError", "erpnext (app)"])
    expect(second.at("exception")).toContain("SAL-ORD-2026-00001")
    world.submit("Sales Order", "SAL-ORD-2026-00001")
    await call("frappe.client.cancel", { doctype: "Sales Order", name: "SAL-ORD-2026-00001" })
    expect((await order("P1")).status).toBe(200)
    await put("Selling Settings", "Selling Settings", { allow_against_multiple_purchase_orders: 1 })
    expect((await order("P1")).status).toBe(200)
  })

  it("makes another price tomorrow, and none today", async () => {
    const { clock, post } = open()
    await post("Item", item)
    const price = () => post("Item Price", { item_code: "SVC-1", price_list: "Standard Selling", price_list_rate: 5 })
    expect((await price()).status).toBe(200)
    expect((await price()).type).toBe("ItemPriceDuplicateItem")
    await clock.advance("1 day")
    expect((await price()).status).toBe(200)
  })
})

describe("a name in the body", () => {
  it("is ignored by a create of v1 and obeyed by one of v2, where a repeat is 409", async () => {
    const { post, send } = open()
    expect((await post("Customer", { name: "HS-1", customer_name: "One" })).at("data.name")).toBe("One")
    const named = () => send("POST", "/api/v2/document/Customer", { body: { name: "HS-2", customer_name: "Two" } })
    expect((await named()).at("data.name")).toBe("HS-2")
    const again = await named()
    expect([again.status, again.type]).toEqual([409, "DuplicateEntryError"])
  })

  it("is obeyed or not as a knob says", async () => {
    const { post, world } = open()
    world.knobs.createName = "honoured"
    expect((await post("Customer", { name: "HS-1", customer_name: "One" })).at("data.name")).toBe("HS-1")
  })

  it("sends an update to the document of that name", async () => {
    const { put, world } = open()
    world.seed("Customer", [{ customer_name: "One" }, { customer_name: "Two" }])
    expect((await put("Customer", "One", { name: "Two", tax_id: "T" })).at("data.name")).toBe("Two")
    expect(world.get("Customer", "One")?.columns["tax_id"]).toBeUndefined()
    expect((await put("Customer", "One", { name: "Nobody", tax_id: "T" })).status).toBe(404)
  })
})

describe("the number of a document", () => {
  const series = async () => {
    const bench = open()
    await bench.put("Selling Settings", "Selling Settings", { cust_master_name: "Naming Series" })
    return bench
  }

  it("goes to another customer when the newest one is deleted", async () => {
    const { post, remove } = await series()
    await post("Customer", { customer_name: "Acme" })
    expect((await post("Customer", { customer_name: "Acme" })).at("data.name")).toBe("CUST-2026-00002")
    await remove("Customer", "CUST-2026-00002")
    expect((await post("Customer", { customer_name: "Other" })).at("data.name")).toBe("CUST-2026-00002")
  })

  it("is given back by a create that fails, and by no other delete", async () => {
    const { post, remove } = await series()
    await post("Customer", { customer_name: "One" })
    expect((await post("Customer", { customer_name: "x".repeat(141) })).type).toBe("CharacterLengthExceededError")
    expect((await post("Customer", { customer_name: "Two" })).at("data.name")).toBe("CUST-2026-00002")
    await remove("Customer", "CUST-2026-00001")
    expect((await post("Customer", { customer_name: "Three" })).at("data.name")).toBe("CUST-2026-00003")
  })

  it("follows the rule of the doctype where the settings say Auto Name", async () => {
    const { post, put } = open()
    await put("Selling Settings", "Selling Settings", { cust_master_name: "Auto Name" })
    expect((await post("Customer", { customer_name: "Acme" })).at("data.name")).toBe("CUST-2026-00001")
  })
})

describe("a rename", () => {
  it("leaves the old name nowhere, moves the stamp, and takes links along without theirs", async () => {
    const { call, get, world } = open()
    world.seed("Customer", [{ customer_name: "Beta", $modified: "2026-11-01 08:00:00.000001" }])
    world.seed("Contact", [{ first_name: "Ann", links: [{ link_doctype: "Customer", link_name: "Beta" }] }])
    const before = world.all("Contact")[0]?.columns["modified"]
    const answer = await call("frappe.client.rename_doc", {
      doctype: "Customer",
      old_name: "Beta",
      new_name: "Beta Inc",
    })
    expect([answer.status, answer.at("message")]).toEqual([200, "Beta Inc"])
    expect((await get("Customer", "Beta")).status).toBe(404)
    const renamed = await get("Customer", "Beta Inc")
    expect([renamed.at("data.customer_name"), renamed.at("data.creation")]).toEqual([
      "Beta Inc",
      "2026-11-01 08:00:00.000001",
    ])
    expect(renamed.at("data.modified")).not.toBe("2026-11-01 08:00:00.000001")
    const [contact] = world.all("Contact")
    expect([contact?.tables["links"]?.[0]?.["link_name"], contact?.columns["modified"]]).toEqual(["Beta Inc", before])
  })
})

describe("a customer that is sent with mail", () => {
  it("gets a contact of its own, whose mail it shows", async () => {
    const { get, post, world } = open()
    await post("Customer", { customer_name: "Acme", email_id: "post@acme.test" })
    expect(world.all("Contact").map(({ columns }) => columns["email_id"])).toEqual(["post@acme.test"])
    const read = await get("Customer", "Acme")
    expect([read.at("data.email_id"), read.at("data.customer_primary_contact")]).toEqual([
      "post@acme.test",
      "Acme-Acme",
    ])
  })
})
