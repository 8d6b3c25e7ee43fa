import { describe, expect, it } from "vitest"
import { open } from "./bench.ts"

const shop = () => {
  const bench = open()
  bench.world.seed("Customer", [{ customer_name: "Acme" }, { customer_name: "Beta" }])
  bench.world.seed("Item", [{ item_code: "SVC-1", item_group: "Services", is_stock_item: 0, standard_rate: "100" }])
  return bench
}

const items = [{ item_code: "SVC-1", qty: 2, rate: 90 }]
const order = { customer: "Acme", delivery_date: "2026-12-01", items }
const invoice = { customer: "Acme", due_date: "2026-12-20", items }
const ORDER = "SAL-ORD-2026-00001"
const INVOICE = "ACC-SINV-2026-00001"

describe("a document", () => {
  it.each([
    ["a change of docstatus", (b: ReturnType<typeof shop>) => b.put("Sales Invoice", INVOICE, { docstatus: 1 })],
    [
      "run_method",
      (b: ReturnType<typeof shop>) => b.send("POST", `/api/resource/Sales%20Invoice/${INVOICE}?run_method=submit`),
    ],
    [
      "the method of v2",
      (b: ReturnType<typeof shop>) => b.send("POST", `/api/v2/document/Sales%20Invoice/${INVOICE}/method/submit`),
    ],
    [
      "frappe.client.submit",
      (b: ReturnType<typeof shop>) =>
        b.call("frappe.client.submit", { doc: { doctype: "Sales Invoice", name: INVOICE } }),
    ],
  ])("is submitted by %s, and again, which moves its stamp", async (_, submit) => {
    const bench = shop()
    await bench.post("Sales Invoice", invoice)
    expect((await submit(bench)).status).toBe(200)
    const first = bench.world.get("Sales Invoice", INVOICE)?.columns
    expect([first?.["docstatus"], first?.["status"]]).toEqual([1, "Unpaid"])
    expect((await submit(bench)).status).toBe(200)
    const again = bench.world.get("Sales Invoice", INVOICE)?.columns
    expect([again?.["docstatus"], again?.["modified"] !== first?.["modified"]]).toEqual([1, true])
  })

  it("that is an order is delivered on the latest day of its rows, whatever is sent, and not before its own date", async () => {
    const { post, put, world } = shop()
    const row = { item_code: "SVC-1", qty: 1, rate: 5 }
    const days = () => {
      const made = world.get("Sales Order", ORDER)
      return [made?.columns, ...(made?.tables["items"] ?? [])].map((each) => each?.["delivery_date"])
    }
    await post("Sales Order", { ...order, items: [row, { ...row, delivery_date: "2026-12-24" }] })
    expect(days()).toEqual(["2026-12-24", "2026-12-24", "2026-12-24"])
    await put("Sales Order", ORDER, { delivery_date: "2026-12-31" })
    expect(days()).toEqual(["2026-12-24", "2026-12-24", "2026-12-24"])
    await put("Sales Order", ORDER, { items: [{ ...row, delivery_date: "2026-12-03" }, row] })
    expect(days()).toEqual(["2026-12-03", "2026-12-03", "2026-12-03"])
    const early = await put("Sales Order", ORDER, { items: [{ ...row, delivery_date: "2026-01-01" }] })
    expect(early.type).toBe("ValidationError")
  })

  it("goes from draft to submitted to cancelled, and no other way", async () => {
    const { call, get, post, put, remove, send } = shop()
    await post("Sales Order", order)
    const at = async (body: unknown) => (await put("Sales Order", ORDER, body)).type
    expect(await at({ docstatus: 2 })).toBe("DocstatusTransitionError")
    expect(await at({ docstatus: 1 })).toBeUndefined()
    expect(await at({ docstatus: 0 })).toBe("DocstatusTransitionError")
    expect(await at({ customer: "Beta" })).toBe("UpdateAfterSubmitError")
    expect(await at({ po_no: "P" })).toBeUndefined()
    expect((await remove("Sales Order", ORDER)).type).toBe("ValidationError")
    expect((await call("frappe.client.cancel", { doctype: "Sales Order", name: ORDER })).at("message.status")).toBe(
      "Cancelled",
    )
    expect(await at({ po_no: "Q" })).toBe("ValidationError")
    expect((await send("POST", `/api/v2/document/Sales%20Order/${ORDER}/method/submit`)).status).toBe(417)
    expect((await get("Sales Order", ORDER)).at("data.docstatus")).toBe("2")
  })

  it("that is inserted submitted is told as a draft: an invoice is ahead of the answer, an order stays behind for good", async () => {
    const { get, post } = shop()
    const made = await post("Sales Invoice", { ...invoice, docstatus: 1 })
    const read = await get("Sales Invoice", INVOICE)
    expect([made.at("data.docstatus"), made.at("data.status"), read.at("data.status")]).toEqual([
      "1",
      "Draft",
      "Unpaid",
    ])
    expect(String(read.at("data.modified")) > String(made.at("data.modified"))).toBe(true)
    await post("Sales Order", { ...order, docstatus: 1 })
    const kept = await get("Sales Order", ORDER)
    expect([kept.at("data.docstatus"), kept.at("data.status")]).toEqual(["1", "Draft"])
  })

  it("is amended under a name with a tail, and the original can no longer be deleted", async () => {
    const { post, remove, world } = shop()
    await post("Sales Invoice", invoice)
    world.submit("Sales Invoice", INVOICE)
    world.cancel("Sales Invoice", INVOICE)
    const amended = await post("Sales Invoice", { ...invoice, amended_from: INVOICE })
    expect([amended.at("data.name"), amended.at("data.status")]).toEqual([`${INVOICE}-1`, "Draft"])
    expect((await remove("Sales Invoice", INVOICE)).type).toBe("LinkExistsError")
  })

  it("has its date stamped anew at submission, unless it keeps its own", async () => {
    const { clock, get, post, put } = shop()
    await post("Sales Invoice", invoice)
    await post("Sales Invoice", { ...invoice, set_posting_time: 1, posting_date: "2026-11-03" })
    await clock.advance("2 days")
    for (const name of [INVOICE, "ACC-SINV-2026-00002"]) await put("Sales Invoice", name, { docstatus: 1 })
    const dates = [await get("Sales Invoice", INVOICE), await get("Sales Invoice", "ACC-SINV-2026-00002")]
    expect(dates.map((one) => one.at("data.posting_date"))).toEqual(["2026-11-22", "2026-11-03"])
  })
})

describe("an order", () => {
  it("learns what was billed of it, and is not cancelled under its invoice", async () => {
    const { call, get, post, world } = shop()
    await post("Custom Field", {
      dt: "Sales Order",
      fieldname: "deal",
      fieldtype: "Data",
      label: "Deal",
      unique: 1,
      no_copy: 1,
    })
    await post("Sales Order", { ...order, po_no: "P9", deal: "D9" })
    world.submit("Sales Order", ORDER)
    const unsaved = await call("erpnext.selling.doctype.sales_order.sales_order.make_sales_invoice", {
      source_name: ORDER,
    })
    expect([unsaved.at("message.po_no"), unsaved.at("message.deal"), unsaved.at("message.name")]).toEqual([
      "P9",
      undefined,
      undefined,
    ])
    await call("frappe.client.insert", { doc: unsaved.at("message") })
    expect((await get("Sales Order", ORDER)).at("data.per_billed")).toBe("0.0")
    world.submit("Sales Invoice", INVOICE)
    const billed = await get("Sales Order", ORDER)
    expect([billed.at("data.per_billed"), billed.at("data.billing_status"), billed.at("data.status")]).toEqual([
      "100.0",
      "Fully Billed",
      "To Deliver",
    ])
    expect((await call("frappe.client.cancel", { doctype: "Sales Order", name: ORDER })).type).toBe("LinkExistsError")
    world.cancel("Sales Invoice", INVOICE)
    expect((await get("Sales Order", ORDER)).at("data.status")).toBe("To Deliver and Bill")
  })

  it("is closed, opened again, and cancelled only when open", async () => {
    const { call, post, world } = shop()
    await post("Sales Order", order)
    world.submit("Sales Order", ORDER)
    const status = (to: string) =>
      call("erpnext.selling.doctype.sales_order.sales_order.update_status", { status: to, name: ORDER })
    expect((await status("Closed")).body).toEqual({})
    const cancel = () => call("frappe.client.cancel", { doctype: "Sales Order", name: ORDER })
    expect((await cancel()).type).toBe("ValidationError")
    await status("Draft")
    expect(world.get("Sales Order", ORDER)?.columns["status"]).toBe("To Deliver and Bill")
    expect((await cancel()).status).toBe(200)
  })

  it("needs a delivery date, and a customer who is not disabled", async () => {
    const { post, put } = shop()
    expect((await post("Sales Order", { customer: "Acme", items })).status).toBe(417)
    expect((await post("Sales Order", { customer: "Acme", items, skip_delivery_note: 1 })).status).toBe(200)
    await put("Customer", "Beta", { disabled: 1 })
    expect((await post("Sales Order", { ...order, customer: "Beta" })).type).toBe("PartyDisabled")
  })
})

describe("an invoice", () => {
  it("that is cancelled keeps what it owed", async () => {
    const { get, post, world } = shop()
    await post("Sales Invoice", invoice)
    world.submit("Sales Invoice", INVOICE)
    world.cancel("Sales Invoice", INVOICE)
    const read = await get("Sales Invoice", INVOICE)
    expect([read.at("data.status"), read.at("data.outstanding_amount")]).toEqual(["Cancelled", "180.0"])
  })

  it("that is returned owes less, or leaves the credit on the note", async () => {
    const { call, get, post, world } = shop()
    for (const _ of [1, 2]) await post("Sales Invoice", { ...invoice, docstatus: 1 })
    const note = async (against: string, update_outstanding_for_self: number) => {
      const made = await call("erpnext.accounts.doctype.sales_invoice.sales_invoice.make_sales_return", {
        source_name: against,
      })
      const doc = { ...(made.at("message") as object), update_outstanding_for_self }
      return String((await call("frappe.client.insert", { doc })).at("message.name"))
    }
    const lowers = await note(INVOICE, 0)
    world.submit("Sales Invoice", lowers)
    const original = await get("Sales Invoice", INVOICE)
    expect([original.at("data.status"), original.at("data.outstanding_amount")]).toEqual(["Credit Note Issued", "0.0"])
    const keeps = await note("ACC-SINV-2026-00002", 1)
    world.submit("Sales Invoice", keeps)
    const kept = await get("Sales Invoice", keeps)
    expect([kept.at("data.status"), kept.at("data.grand_total"), kept.at("data.outstanding_amount")]).toEqual([
      "Return",
      "-180.0",
      "-180.0",
    ])
    expect((await get("Sales Invoice", "ACC-SINV-2026-00002")).at("data.outstanding_amount")).toBe("180.0")
  })

  it("takes the address of the customer, and the price of the list on its day", async () => {
    const { post, world } = shop()
    world.seed("Address", [
      {
        address_title: "Acme",
        address_type: "Billing",
        address_line1: "1 Main St",
        city: "Boston",
        country: "United States",
        pincode: "02110",
        links: [{ link_doctype: "Customer", link_name: "Acme" }],
      },
    ])
    const made = await post("Sales Invoice", { customer: "Acme", items: [{ item_code: "SVC-1", qty: 1 }] })
    expect([made.at("data.customer_address"), made.at("data.grand_total")]).toEqual(["Acme-Billing", "100.0"])
    const back = {
      customer: "Acme",
      set_posting_time: 1,
      posting_date: "2026-11-01",
      items: [{ item_code: "SVC-1", qty: 1, rate: 70 }],
    }
    expect((await post("Sales Invoice", back)).at("data.items.0.price_list_rate")).toBe("0.0")
  })

  it("is copied by v2 without what is not to be copied", async () => {
    const { post, send } = shop()
    await post("Sales Invoice", { ...invoice, po_no: "P" })
    const copy = await send("GET", `/api/v2/document/Sales%20Invoice/${INVOICE}/copy`)
    expect([copy.at("data.customer"), copy.at("data.po_no"), copy.at("data.name")]).toEqual([
      "Acme",
      undefined,
      undefined,
    ])
  })
})
