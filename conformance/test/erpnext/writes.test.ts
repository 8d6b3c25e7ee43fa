import { describe, expect, it } from "vitest"
import { open } from "./bench.ts"

const shop = () => {
  const bench = open()
  bench.world.seed("Customer", [{ customer_name: "Acme" }])
  bench.world.seed("Item", [{ item_code: "SVC-1", item_group: "Services", is_stock_item: 0 }])
  return bench
}

describe("a request that fails", () => {
  it("leaves nothing, not even of two hundred documents", async () => {
    const { call, twin, world } = open()
    const docs = Array.from({ length: 20 }, (_, at) => ({
      doctype: "Customer",
      customer_name: `C${at}`,
      ...(at === 19 ? { customer_group: "Nope" } : {}),
    }))
    const answer = await call("frappe.client.insert_many", { docs })
    expect([answer.status, answer.type]).toEqual([417, "LinkValidationError"])
    expect(world.all("Customer")).toEqual([])
    expect(twin.journal.writes()).toEqual([])
    expect((await call("frappe.client.insert_many", { docs: docs.slice(0, 3) })).at("message")).toEqual([
      "C0",
      "C1",
      "C2",
    ])
  })

  it("is refused above two hundred", async () => {
    const { call, world } = open()
    const docs = (count: number) => Array.from({ length: count }, (_, at) => ({ doctype: "UOM", uom_name: `U${at}` }))
    expect((await call("frappe.client.insert_many", { docs: docs(201) })).status).toBe(417)
    expect((await call("frappe.client.insert_many", { docs: docs(200) })).status).toBe(200)
    expect(world.having("UOM", "uom_name", "U199")).toHaveLength(1)
  })

  it("keeps the other documents of bulk_update, and takes text alone", async () => {
    const { call, world } = shop()
    const docs = [
      { doctype: "Customer", docname: "Acme", tax_id: "A1" },
      { doctype: "Customer", docname: "Missing", tax_id: "z" },
    ]
    const answer = await call("frappe.client.bulk_update", { docs: JSON.stringify(docs) })
    expect([answer.status, answer.at("message.failed_docs.0.doc.docname")]).toEqual([200, "Missing"])
    expect(world.get("Customer", "Acme")?.columns["tax_id"]).toBe("A1")
    expect((await call("frappe.client.bulk_update", { docs })).type).toBe("TypeError")
  })

  it("waits for a lock in vain where a knob says so, and may be sent again", async () => {
    const { put, world } = shop()
    world.knobs.deadlocks = 1
    const answer = await put("Customer", "Acme", { tax_id: "T" })
    expect([answer.status, answer.type]).toEqual([500, "QueryDeadlockError"])
    expect((await put("Customer", "Acme", { tax_id: "T" })).status).toBe(200)
  })
})

describe("what nobody caught", () => {
  it.each([
    ["a customer without a name", "Customer", { customer_type: "Company" }, "AttributeError"],
    ["an order without lines", "Sales Order", { customer: "Acme", delivery_date: "2026-12-01" }, "TypeError"],
  ])("%s is 500", async (_, doctype, body, type) => {
    const { post } = shop()
    const answer = await post(doctype, body)
    expect([answer.status, answer.type]).toEqual([500, type])
  })

  it("is a date in another notation", async () => {
    const { post } = shop()
    const items = [{ item_code: "SVC-1", qty: 1, rate: 1 }]
    const answer = await post("Sales Invoice", { customer: "Acme", due_date: "31/12/2026", items })
    expect([answer.status, answer.type]).toEqual([500, "OperationalError"])
  })

  it("is a body that is no JSON, and one that is no object", async () => {
    const { send } = open()
    expect((await send("POST", "/api/resource/Customer", { body: "{no" })).type).toBe("JSONDecodeError")
    expect((await send("POST", "/api/resource/Customer", { body: "[1]" })).status).toBe(500)
  })
})

describe("values", () => {
  it("are taken from text, dropped where unknown, and refused where they are wrong", async () => {
    const { post } = shop()
    const made = await post("Customer", {
      customer_name: "B",
      default_commission_rate: "10.50",
      is_frozen: "1",
      wings: 2,
    })
    expect([made.at("data.default_commission_rate"), made.at("data.is_frozen")]).toEqual(["10.5", "1"])
    expect(made.at("data.wings")).toBeUndefined()
    expect((await post("Customer", { customer_name: "C", customer_type: "Robot" })).type).toBe("ValidationError")
    expect((await post("Customer", { customer_name: "C", territory: "Atlantis" })).type).toBe("LinkValidationError")
    expect((await post("Item", { item_code: "X" })).type).toBe("MandatoryError")
  })

  it("keep every digit that the database keeps", async () => {
    const { get, post } = shop()
    const number = "12345678901.123456789"
    const body = `{"item_code":"BIG","item_group":"Services","is_stock_item":0,"weight_per_unit":${number}}`
    expect((await post("Item", body)).at("data.weight_per_unit")).toBe(number)
    expect((await get("Item", "BIG")).at("data.weight_per_unit")).toBe(number)
  })

  it("come back without their nulls, and with the virtual ones", async () => {
    const { get, post } = shop()
    await post("Sales Order", {
      customer: "Acme",
      delivery_date: "2026-12-01",
      items: [{ item_code: "SVC-1", qty: 1, rate: 9 }],
    })
    const order = await get("Sales Order", "SAL-ORD-2026-00001")
    expect(Object.keys(order.at("data") as object)).not.toContain("project")
    expect(order.at("data.last_scanned_warehouse")).toBeNull()
    expect((await get("Customer", "Acme")).at("data.tax_id")).toBeUndefined()
  })
})

describe("a child table", () => {
  const invoice = async () => {
    const bench = shop()
    const made = await bench.post("Sales Invoice", {
      customer: "Acme",
      items: [
        { item_code: "SVC-1", qty: 1, rate: 10 },
        { item_code: "SVC-1", qty: 2, rate: 20 },
      ],
    })
    return { ...bench, name: String(made.at("data.name")), row: made.at("data.items.0.name") }
  }

  it("is replaced by the rows that are sent", async () => {
    const { name, put } = await invoice()
    const answer = await put("Sales Invoice", name, { items: [{ item_code: "SVC-1", qty: 7, rate: 3 }] })
    expect([answer.at("data.grand_total"), answer.at("data.items.1")]).toEqual(["21.0", undefined])
  })

  it("loses the other columns of a row that is sent by its name", async () => {
    const { name, put, row } = await invoice()
    const answer = await put("Sales Invoice", name, { items: [{ name: row, qty: 5 }] })
    expect([answer.status, answer.type]).toEqual([417, "ValidationError"])
    expect(answer.at("exception")).toContain("Cost Center")
  })

  it("keeps the name of a row that is sent whole, and its place is its order", async () => {
    const { name, put, row } = await invoice()
    const items = [
      { item_code: "SVC-1", qty: 4, rate: 1 },
      { name: row, item_code: "SVC-1", qty: 1, rate: 10 },
    ]
    const answer = await put("Sales Invoice", name, { items })
    expect([answer.at("data.items.1.name"), answer.at("data.items.1.idx")]).toEqual([row, "2"])
  })

  it("stays when it is not sent", async () => {
    const { name, put } = await invoice()
    expect((await put("Sales Invoice", name, { po_no: "P" })).at("data.items.1.qty")).toBe("2.0")
  })
})

describe("the lock", () => {
  it("compares modified as text, where it is sent, and lets the last write win where it is not", async () => {
    const { get, put } = shop()
    const read = String((await get("Customer", "Acme")).at("data.modified"))
    expect((await put("Customer", "Acme", { tax_id: "1", modified: read })).status).toBe(200)
    const stale = await put("Customer", "Acme", { tax_id: "2", modified: read })
    expect([stale.status, stale.type]).toEqual([417, "TimestampMismatchError"])
    expect((await put("Customer", "Acme", { tax_id: "3" })).status).toBe(200)
  })

  it("is always asked for by frappe.client.save", async () => {
    const { call, get } = shop()
    const doc = { doctype: "Customer", name: "Acme", tax_id: "1" }
    expect((await call("frappe.client.save", { doc })).type).toBe("TimestampMismatchError")
    const modified = (await get("Customer", "Acme")).at("data.modified")
    expect((await call("frappe.client.save", { doc: { ...doc, modified } })).at("message.tax_id")).toBe("1")
  })

  it("of a job in the background is another one", async () => {
    const { put, world } = shop()
    world.knobs.lockedDocuments = ["Customer/Acme"]
    expect((await put("Customer", "Acme", { tax_id: "1" })).type).toBe("DocumentLockedError")
  })
})

describe("a delete", () => {
  it("is kept in Deleted Document, and is 404 the second time", async () => {
    const { remove, world } = shop()
    const removed = await remove("Customer", "Acme")
    expect([removed.status, removed.body]).toEqual([202, { data: "ok" }])
    expect((await remove("Customer", "Acme")).body).toEqual({ exc_type: "DoesNotExistError" })
    expect(world.all("Deleted Document").map(({ columns }) => columns["deleted_name"])).toEqual(["Acme"])
  })

  it("is refused while a document needs what is deleted, and takes an address along that nobody needs", async () => {
    const { post, remove, world } = shop()
    world.seed("Address", [
      {
        address_title: "Acme",
        address_type: "Billing",
        address_line1: "1",
        city: "B",
        country: "Germany",
        links: [{ link_doctype: "Customer", link_name: "Acme" }],
      },
    ])
    await post("Sales Invoice", { customer: "Acme", items: [{ item_code: "SVC-1", qty: 1, rate: 1 }] })
    const refused = await remove("Customer", "Acme")
    expect([refused.status, refused.type, refused.notes.length]).toEqual([417, "LinkExistsError", 2])
    await remove("Sales Invoice", "ACC-SINV-2026-00001")
    expect((await remove("Customer", "Acme")).status).toBe(202)
    expect(world.all("Address")).toEqual([])
  })
})
