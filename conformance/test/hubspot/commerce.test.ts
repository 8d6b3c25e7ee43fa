import { describe, expect, it } from "vitest"
import { open, V3, V2026 } from "./portal.ts"

const spec = (associationTypeId: number) => [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId }]

describe("deals, line items, invoices and payments", () => {
  it("derives from the stage's metadata whether a deal is closed and won", async () => {
    const { ask, world } = open()
    world.addPipeline("deals", {
      id: "771",
      label: "Renewals",
      displayOrder: 1,
      stages: [
        { id: "9901", label: "Renewed", displayOrder: 0, metadata: { probability: "1.0", isClosed: "true" } },
        { id: "9902", label: "Talks", displayOrder: 1, metadata: { probability: "1.0", isClosed: "false" } },
      ],
    })
    const flags = "properties=pipeline,hs_is_closed,hs_is_closed_won"
    const deal = async (properties: Record<string, string>) => {
      const made = await ask("POST", `${V2026}/deals`, { properties: { dealname: "D", ...properties } })
      if (made.status !== 201) return made.status
      const { body } = await ask("GET", `${V2026}/deals/${made.body.id}?${flags}`)
      return Object.values(body.properties)
    }
    expect(await deal({ dealstage: "closedwon" })).toEqual(["default", "true", "true"])
    expect(await deal({ dealstage: "closedlost" })).toEqual(["default", "true", "false"])
    expect(await deal({ pipeline: "771", dealstage: "9901" })).toEqual(["771", "true", "true"])
    expect(await deal({ pipeline: "771", dealstage: "9902" })).toEqual(["771", "false", "false"])
    expect(await deal({ dealstage: "9901" })).toBe(400)
    expect(await deal({ deal_currency_code: "JPY" })).toBe(400)
    expect(await deal({ deal_currency_code: "USD" })).toEqual(["default", "false", "false"])
  })

  it("copies to a line item what its product has, and refuses a negative price", async () => {
    const { ask, world } = open()
    const [product] = world.seed([{ type: "products", properties: { name: "Pump", price: "24.00", hs_sku: "P-1" } }])
    const made = await ask("POST", `${V2026}/line_items`, {
      properties: { hs_product_id: product, price: "20", quantity: "2" },
    })
    expect(world.record("line_items", made.body.id)?.properties).toMatchObject({
      name: "Pump",
      price: "20",
      hs_sku: "P-1",
    })
    expect((await ask("POST", `${V2026}/line_items`, { properties: { hs_product_id: "404" } })).status).toBe(400)
    expect((await ask("POST", `${V2026}/line_items`, { properties: { name: "L", price: "-1" } })).status).toBe(400)
  })

  it("opens an invoice only with a contact and a line item", async () => {
    const { ask, clock, world } = open()
    const [contact = "", line = ""] = world.seed([
      { type: "contacts", properties: { email: "x@example.com" } },
      { type: "line_items", properties: { name: "L" } },
    ])
    expect((await ask("POST", `${V2026}/invoices`, { properties: {} })).status).toBe(400)
    const made = await ask("POST", `${V2026}/invoices`, {
      properties: { hs_currency: "EUR" },
      associations: [{ to: { id: contact }, types: spec(177) }],
    })
    const invoice = made.body.id
    const now = new Date(clock.now()).toISOString()
    expect(world.record("invoices", invoice)?.properties).toMatchObject({
      hs_invoice_status: "draft",
      hs_invoice_date: now,
      hs_due_date: now,
    })
    const set = (hs_invoice_status: string) =>
      ask("PATCH", `${V2026}/invoices/${invoice}`, { properties: { hs_invoice_status } })
    expect((await set("open")).status).toBe(400)
    expect(world.record("invoices", invoice)?.properties["hs_invoice_status"]).toBe("draft")
    world.associate("invoices", invoice, "line_items", line)
    expect((await set("open")).status).toBe(200)
    expect((await set("paid")).status).toBe(400)
    expect((await ask("DELETE", `${V2026}/invoices/${invoice}`)).status).toBe(400)
    world.portal.deleteOpenInvoices = true
    expect((await ask("DELETE", `${V2026}/invoices/${invoice}`)).status).toBe(204)
  })

  it("does not validate invoices that are not billable, and computes no balance", async () => {
    const { ask } = open()
    const made = await ask("POST", `${V2026}/invoices`, {
      properties: { hs_currency: "EUR", hs_invoice_billable: "false" },
    })
    const opened = await ask("PATCH", `${V2026}/invoices/${made.body.id}`, {
      properties: { hs_invoice_status: "open" },
    })
    expect(opened.status).toBe(200)
    const read = await ask(
      "GET",
      `${V2026}/invoices/${made.body.id}?properties=hs_balance_due,hs_amount_billed,hs_number`,
    )
    expect(Object.values(read.body.properties)).toEqual([null, null, null])
    const balance = await ask("PATCH", `${V2026}/invoices/${made.body.id}`, { properties: { hs_balance_due: "5" } })
    expect([balance.status, balance.body.errors?.[0]?.code]).toEqual([400, "READ_ONLY_VALUE"])
  })

  it("starts payments as processing, and leaves processed ones alone", async () => {
    const { ask, world } = open()
    const sent = {
      hs_initial_amount: "10.50",
      hs_initiated_date: "2026-11-01T00:00:00Z",
      hs_payment_method_type: "check",
    }
    expect((await ask("POST", `${V2026}/commerce_payments`, { properties: { hs_initial_amount: "1" } })).status).toBe(
      400,
    )
    const made = await ask("POST", `${V2026}/commerce_payments`, { properties: sent })
    expect(world.record("commerce_payments", made.body.id)?.properties["hs_latest_status"]).toBe("processing")
    const done = { properties: { hs_latest_status: "succeeded" } }
    expect((await ask("PATCH", `${V2026}/commerce_payments/${made.body.id}`, done)).status).toBe(200)
    const [platform] = world.seed([
      { type: "commerce_payments", raw: true, properties: { ...sent, hs_processor_type: "hs_payments" } },
    ])
    expect((await ask("PATCH", `${V2026}/commerce_payments/${platform}`, done)).status).toBe(400)
  })

  it("refuses invoices or payments as a whole where the portal has none", async () => {
    const { ask, world } = open({ knobs: { invoicesRefused: true, paymentsAbsent: true } })
    const invoice = await ask("POST", `${V2026}/invoices`, { properties: { hs_currency: "EUR" } })
    const payment = await ask("POST", `${V2026}/commerce_payments/batch/create`, { inputs: [{ properties: {} }] })
    expect([invoice.status, payment.status]).toEqual([403, 403])
    expect((await ask("GET", `${V2026}/invoices`)).status).toBe(200)
    world.knobs.invoicesRefused = false
    expect((await ask("POST", `${V2026}/invoices`, { properties: { hs_currency: "EUR" } })).status).toBe(201)
  })

  it("binds 2026-09 to the portal's required fields, and neither v3 nor 2026-03", async () => {
    const { ask, world } = open({
      portal: {
        writeRules: {
          companies: { onCreate: ["phone"] },
          deals: { conditional: [{ property: "dealstage", equals: "closedwon", requires: ["closedate"] }] },
        },
      },
    })
    const company = { properties: { name: "A" } }
    for (const root of [V3, "/crm/objects/2026-03"]) {
      expect((await ask("POST", `${root}/companies`, company)).status).toBe(201)
    }
    const refused = await ask("POST", `${V2026}/companies`, company)
    expect([refused.status, refused.body.errors?.[0]?.code]).toEqual([400, "MISSING_REQUIRED_PROPERTY"])
    expect(refused.body.errors?.[0]?.context["propertyName"]).toEqual(["phone"])
    const [deal = ""] = world.seed([{ type: "deals", properties: { dealname: "D" } }])
    const won = { properties: { dealstage: "closedwon" } }
    const conditional = await ask("PATCH", `${V2026}/deals/${deal}`, won)
    expect(conditional.body.errors?.[0]?.code).toBe("MISSING_CONDITIONAL_REQUIRED_PROPERTY")
    expect(conditional.body.message).toContain("[dealstage]")
    expect((await ask("PATCH", `${V3}/deals/${deal}`, won)).status).toBe(200)
    const [company2 = ""] = world.seed([{ type: "companies", properties: { name: "B" } }])
    expect((await ask("PATCH", `${V2026}/companies/${company2}`, { properties: { name: "C" } })).status).toBe(200)
  })
})
