import { describe, expect, it } from "vitest"
import { amount, open } from "./Client.ts"
import * as Scene from "./Scene.ts"

const stocked = () => {
  const made = open()
  Scene.stock(made.world)
  return made
}

const key = (id: unknown) => `FreeTextInvoiceHeaders(dataAreaId='usmf',InvoiceIdentifier=${id})`
const BODY = { CustomerAccount: "C1", InvoiceDate: "2026-07-10", CurrencyCode: "USD", CustomerReference: "crm|1" }

describe("a draft free text invoice", () => {
  it("is keyed by its row, due by the customer's terms, and has no number", async () => {
    const { post } = stocked()
    const made = await post("FreeTextInvoiceHeaders", BODY)
    const shown = ["FreeTextNumber", "IsPosted", "DueDate", "CustomerGroup", "PostingProfile", "CustomerReference"]
    expect(shown.map((name) => made.at(name))).toEqual([
      "Not posted",
      "No",
      "2026-07-20T12:00:00Z",
      "30",
      "GEN",
      "crm|1",
    ])
    expect(made.at("InvoiceIdentifier")).toMatch(/^\d{10}$/)
  })

  it("has lines that reckon their amount, numbered by the client or the server", async () => {
    const { get, post } = stocked()
    const id = (await post("FreeTextInvoiceHeaders", BODY)).at("InvoiceIdentifier")
    const line = {
      ParentRecId: amount(String(id)),
      Description: "x",
      Quantity: amount("3"),
      UnitPrice: amount("0.335"),
    }
    const first = await post("FreeTextInvoiceLines", { ...line, MainAccountDisplayValue: "401100---" })
    expect([
      first.at("LineNumber"),
      first.at("TransactionCurrencyAmount"),
      first.at("MainAccountDisplayValue"),
    ]).toEqual(["1", "1.01", "401100---"])
    expect((await post("FreeTextInvoiceLines", { ...line, LineNumber: amount("7") })).at("LineNumber")).toBe("7")
    const again = await post("FreeTextInvoiceLines", { ...line, LineNumber: amount("7") })
    expect(again.reason).toContain("The record already exists.")
    const refused = await post("FreeTextInvoiceLines", { ...line, MainAccountDisplayValue: "999999---" })
    expect(refused.reason).toContain("The value '999999' in field 'Main account' is not found")
    expect((await get(`${key(id)}/CustFreeTextInvoiceHeader`)).rows).toHaveLength(2)
  })

  it("is changed and deleted with its lines while it is a draft, and neither once it is posted", async () => {
    const { patch, post, remove, world } = stocked()
    const draft = async () => {
      const id = (await post("FreeTextInvoiceHeaders", BODY)).at("InvoiceIdentifier")
      const line = { ParentRecId: amount(String(id)), Quantity: amount("1"), UnitPrice: amount("5") }
      await post("FreeTextInvoiceLines", line)
      return String(id)
    }
    const first = await draft()
    expect((await patch(key(first), { CustomerReference: "x" })).status).toBe(204)
    expect((await remove(key(first))).status).toBe(204)
    expect(world.all("FreeTextInvoiceLines")).toHaveLength(0)
    const second = await draft()
    world.postFreeText("usmf", second)
    expect((await patch(key(second), { CustomerReference: "x" })).reason).toContain("is posted and cannot be changed")
    expect((await remove(key(second))).reason).toContain("is posted and cannot be deleted")
  })

  it("becomes an invoice and a transaction when a person posts it, a credit note when it is negative", async () => {
    const { get, post, world } = stocked()
    const id = (await post("FreeTextInvoiceHeaders", BODY)).at("InvoiceIdentifier")
    await post("FreeTextInvoiceLines", {
      ParentRecId: amount(String(id)),
      Quantity: amount("-2"),
      UnitPrice: amount("5"),
    })
    const number = world.postFreeText("usmf", String(id))
    const posted = await get(key(id))
    expect([posted.at("FreeTextNumber"), posted.at("IsPosted")]).toEqual([number, "Yes"])
    const [transaction] = (await get("CustTransactions")).rows
    expect(String(transaction?.["AmountCur"])).toBe("-10")
    expect([transaction?.["TransType"], transaction?.["Invoice"]]).toEqual(["Cust", number])
    expect((await get("CustInvoiceJourBiEntities")).each("RefNum")).toEqual(["Cust"])
  })

  it("shows under its carrier entity, which takes writes only where the environment says so", async () => {
    const { get, patch, world } = stocked()
    world.seed("FreeTextInvoiceHeaders", [{ CustomerAccount: "C1", ExternalInvoiceId: "E1" }])
    const carrier = "CDSFreeTextInvoiceHeaders(dataAreaId='usmf',ExternalInvoiceId='E1')"
    expect((await get(carrier)).at("CustomerAccount")).toBe("C1")
    expect((await patch(carrier, { CustomerReference: "x" })).status).toBe(405)
    world.knobs.cdsWritable = true
    expect((await patch(carrier, { CustomerReference: "x" })).status).toBe(204)
  })
})

describe("payment journals", () => {
  it("are entered, marked against an invoice, and posted by a person", async () => {
    const { get, patch, post, world } = open()
    const number = Scene.invoice(world)
    const journal = (await post("CustomerPaymentJournalHeaders", { JournalName: "ARPAY" })).at("JournalBatchNumber")
    const line = await post("CustomerPaymentJournalLines", {
      JournalBatchNumber: journal,
      AccountDisplayValue: "C1",
      CreditAmount: amount("60"),
      MarkedInvoice: number,
    })
    const shown = ["LineNumber", "Company", "MarkedInvoiceCompany", "AccountType", "CurrencyCode"]
    expect(shown.map((name) => line.at(name))).toEqual(["1", "USMF", "usmf", "Cust", "USD"])
    world.postJournal("usmf", String(journal))
    const rows = (await get("CustTransactions?$orderby=SysRecId")).rows
    expect(rows.map((row) => [row["TransType"], String(row["AmountCur"]), String(row["SettleAmountCur"])])).toEqual([
      ["Sales", "62.5", "60"],
      ["Payment", "-60", "-60"],
    ])
    const [settled] = (await get("PaymentJournalLineSettledInvoices")).rows
    expect([settled?.["JournalLineCompany"], settled?.["InvoiceNumber"], settled?.["InvoiceDueDate"]]).toEqual([
      "usmf",
      number,
      "2026-07-25T12:00:00Z",
    ])
    const header = `CustomerPaymentJournalHeaders(dataAreaId='usmf',JournalBatchNumber='${journal}')`
    expect((await patch(header, { Description: "x" })).reason).toContain("is posted")
  })
})
