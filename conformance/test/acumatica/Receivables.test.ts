import { describe, expect, it } from "vitest"
import { amount, filter, open, values } from "./Client.ts"

const books = async (knobs = {}) => {
  const made = await open({ knobs })
  const { world } = made
  world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
  world.seed("StockItem", [{ InventoryID: "I1", DefaultPrice: "100" }])
  world.seed("SalesInvoice", [
    { ReferenceNbr: "INV1", CustomerID: "C1", $released: true, Details: [{ InventoryID: "I1", Qty: "1" }] },
  ])
  world.seed("Invoice", [
    { ReferenceNbr: "AR1", Customer: "C1", $released: true, Details: [{ InventoryID: "I1", Qty: "2" }] },
  ])
  return made
}

const pay = (text: string, number: string) => ({
  ...values({ CustomerID: "C1", PaymentAmount: amount(text), Hold: false }),
  DocumentsToApply: [values({ DocType: "INV", ReferenceNbr: number, AmountPaid: amount(text) })],
})

describe("receivables", () => {
  it("show a sales invoice among the AR invoices too, always, once released, or never", async () => {
    const { get, world } = await books()
    world.seed("SalesInvoice", [{ ReferenceNbr: "INV2", CustomerID: "C1" }])
    const numbers = async (entity: string) =>
      [...(await get(`${entity}?$select=ReferenceNbr`)).each("ReferenceNbr.value")].sort()
    expect(await numbers("SalesInvoice")).toEqual(["INV1", "INV2"])
    expect(await numbers("Invoice")).toEqual(["AR1", "INV1", "INV2"])
    world.knobs.salesInvoicesShowAsInvoices = "released"
    expect(await numbers("Invoice")).toEqual(["AR1", "INV1"])
    world.knobs.salesInvoicesShowAsInvoices = "never"
    expect(await numbers("Invoice")).toEqual(["AR1"])
    expect((await get("Invoice/Invoice/INV1")).status).toBe(404)
  })

  it("name the same column by the entity's own word", async () => {
    const { get } = await books()
    const sales = await get("SalesInvoice/Invoice/INV1?$expand=Details")
    const ar = await get("Invoice/Invoice/INV1?$expand=Details")
    expect([sales.at("CustomerID.value"), ar.at("Customer.value")]).toEqual(["C1", "C1"])
    expect([sales.at("Details.0.BranchID.value"), ar.at("Details.0.Branch.value")]).toEqual(["MAIN", "MAIN"])
    expect([sales.at("Currency.value"), ar.at("Currency")]).toEqual(["USD", undefined])
  })

  it("show the currency of an AR invoice only as a column beside the contract", async () => {
    const { get } = await books()
    const ar = await get("Invoice/Invoice/AR1?$custom=Document.CuryID")
    expect(ar.at("custom.Document.CuryID.value")).toBe("USD")
    expect((await get("Invoice/Invoice/AR1")).at("custom")).toEqual({})
  })

  it("change an invoice's balance by a released payment without moving its stamp, unless the build moves it", async () => {
    for (const moves of [false, true]) {
      const { clock, get, put, world } = await books({ paymentMovesInvoiceStamp: moves })
      const before = world.invoice("AR1")?.modified
      expect((await put("Payment", pay("50", "AR1"))).status).toBe(200)
      expect(world.invoice("AR1")?.fields["Balance"]).toBe("200")
      await clock.advance("1 second")
      expect(world.release("Payment", "Payment", "000001")).toBeUndefined()
      expect(world.invoice("AR1")?.fields["Balance"]).toBe("150")
      expect(world.invoice("AR1")?.modified !== before).toBe(moves)
      const read = await get("Payment/Payment/000001?$expand=ApplicationHistory,DocumentsToApply")
      expect(read.at("ApplicationHistory.0.AdjustedRefNbr.value")).toBe("AR1")
      expect(read.at("ApplicationHistory.0.AdjustedDocType.value")).toBe("INV")
      expect(read.at("DocumentsToApply")).toEqual([])
      expect([read.at("Status.value"), read.at("AvailableBalance.value")]).toEqual(["Closed", "0"])
    }
  })

  it("close an invoice that is paid, and open it again when the payment is voided", async () => {
    const { post, put, send, world } = await books({ operation: { polls: 0, millis: 1000 } })
    await put("Payment", pay("100", "INV1"))
    world.release("Payment", "Payment", "000001")
    expect(world.invoice("INV1")?.fields["Status"]).toBe("Closed")
    const entity = values({ Type: "Payment", ReferenceNbr: "000001" })
    const started = await post("Payment/VoidPayment", { entity })
    await send(new URL(started.headers.get("location") ?? "").pathname.slice("/AcmeERP".length))
    expect(world.invoice("INV1")?.fields).toMatchObject({ Status: "Open", Balance: "100" })
    expect(world.payment("000001")?.fields["Status"]).toBe("Voided")
  })

  it("refuse an application to what is not there, not released, or smaller", async () => {
    const { put, world } = await books()
    world.seed("Invoice", [{ ReferenceNbr: "DRAFT", Customer: "C1" }])
    for (const [number, member] of [
      ["NONE", "ReferenceNbr"],
      ["DRAFT", "ReferenceNbr"],
      ["INV1", "AmountPaid"],
    ]) {
      const answer = await put("Payment", pay("150", number as string))
      expect([answer.status, typeof answer.at(`DocumentsToApply.0.${member}.error`)]).toEqual([422, "string"])
    }
    expect(world.all("Payment")).toHaveLength(0)
  })

  it("keep the money of a released invoice, whatever is sent", async () => {
    const { put, world } = await books()
    const key = values({ Type: "Invoice", ReferenceNbr: "INV1", Description: "noted", CustomerID: "C9" })
    const answer = await put("SalesInvoice", { ...key, Details: [values({ Qty: amount("9"), InventoryID: "I1" })] })
    expect(answer.status).toBe(200)
    expect(world.invoice("INV1")?.fields).toMatchObject({ Description: "noted", CustomerID: "C1", Amount: "100" })
    expect(world.invoice("INV1")?.rows["Details"]).toHaveLength(1)
  })

  it("take due date and period from date and terms", async () => {
    const { get, put } = await books()
    await put("Invoice", values({ Customer: "C1", Date: "2026-01-15", Terms: "7D" }))
    const read = await get("Invoice/Invoice/AR000001")
    expect([read.at("DueDate.value"), read.at("PostPeriod.value")]).toEqual(["2026-01-22T00:00:00+00:00", "012026"])
  })
})

describe("customers and the tables beside them", () => {
  it("keep the customer's stamp when only an address is edited; the business account's moves", async () => {
    const { clock, get, put, world } = await books()
    const before = world.customer("C1")?.modified
    await clock.advance("1 second")
    const body = { ...values({ CustomerID: "C1" }), MainContact: { Address: values({ City: "Bonn" }) } }
    await put("Customer", body)
    expect(world.customer("C1")?.links["MainContact"]?.links["Address"]?.fields["City"]).toBe("Bonn")
    expect(world.customer("C1")?.modified).toBe(before)
    const found = async (entity: string) =>
      (await get(`${entity}?${filter("LastModifiedDateTime gt datetimeoffset'2026-01-15T12:00:00Z'")}`)).length
    expect([await found("Customer"), await found("BusinessAccount")]).toEqual([0, 1])
  })

  it("move it, or neither, on other builds", async () => {
    for (const [rule, customers, accounts] of [
      ["customer", 1, 1],
      ["nothing", 0, 0],
    ] as const) {
      const { clock, get, put } = await books({ addressEditMoves: rule })
      await clock.advance("1 second")
      await put("Customer", { ...values({ CustomerID: "C1" }), MainContact: values({ Phone1: "1" }) })
      const found = async (entity: string) =>
        (await get(`${entity}?${filter("LastModifiedDateTime gt datetimeoffset'2026-01-15T12:00:00Z'")}`)).length
      expect([await found("Customer"), await found("BusinessAccount")]).toEqual([customers, accounts])
    }
  })

  it("bill to the main contact until it is overridden", async () => {
    const { put, world } = await books()
    const billing = { BillingContact: values({ Email: "bill@b.example" }) }
    await put("Customer", { ...values({ CustomerID: "C1" }), ...billing })
    expect(world.customer("C1")?.links["BillingContact"]?.fields["Email"]).toBeUndefined()
    await put("Customer", { ...values({ CustomerID: "C1", BillingContactOverride: true }), ...billing })
    expect(world.customer("C1")?.links["BillingContact"]?.fields["Email"]).toBe("bill@b.example")
  })

  it("take another currency with a new class's terms only as the form allows", async () => {
    const { put, world } = await books()
    await put("Customer", values({ CustomerID: "C1", CustomerClass: "WHOLESALE" }))
    expect(world.customer("C1")?.fields["Terms"]).toBe("60D")
    const answer = await put("Customer", values({ CustomerID: "C1", EnableCurrencyOverride: true, CurrencyID: "XXX" }))
    expect([answer.status, typeof answer.at("CurrencyID.error")]).toEqual([422, "string"])
  })
})
