import { describe, expect, it } from "vitest"
import * as Keys from "../src/Keys.ts"

const CUSTOMER = "/CustomersV3(dataAreaId='{dataAreaId}',CustomerAccount='{CustomerAccount}')"
const INVOICE =
  "/SalesInvoiceHeadersV2(dataAreaId='{dataAreaId}',InvoiceNumber='{InvoiceNumber}',InvoiceDate={InvoiceDate},LedgerVoucher='{LedgerVoucher}')"
const FORMAT =
  "/DimensionIntegrationFormats(DimensionFormatName='{DimensionFormatName}',DimensionFormatType=Microsoft.Dynamics.DataEntities.DimensionHierarchyType'{DimensionFormatType}')"

/** The key as the server reads it: decoded, then quotes undone. */
const customer = (CustomerAccount: string): string => {
  const path = decodeURIComponent(
    new URL(Keys.serialize(CUSTOMER, { dataAreaId: "usmf", CustomerAccount }), "https://x").pathname,
  )
  const [, inside] = /^\/CustomersV3\(dataAreaId='usmf',CustomerAccount='(.*)'\)$/s.exec(path) ?? []
  if (inside === undefined || inside.replaceAll("''", "").includes("'")) throw new Error(`the key broke out: ${path}`)
  return inside.replaceAll("''", "'")
}

describe("a key in an address", () => {
  it.each([
    "C1",
    "O'Brien/1",
    "''",
    "' or '1'='1",
    " RFI-TEST-001",
    "a?b#c&d=e%2F",
    "..",
    "Ünï 顧客",
    "*",
    "a,b)",
    "😀",
  ])("comes back as it was: %j", (account) => {
    expect(customer(account)).toBe(account)
  })

  it("is written by its kind: texts in quotes, dates and numbers bare, members behind their enumeration", () => {
    expect(Keys.serialize(CUSTOMER, { dataAreaId: "usmf", CustomerAccount: "US-001" })).toBe(
      "/CustomersV3(dataAreaId='usmf',CustomerAccount='US-001')",
    )
    const invoice = { dataAreaId: "usmf", InvoiceNumber: "1", InvoiceDate: "2026-07-01T12:00:00Z", LedgerVoucher: "V" }
    expect(Keys.serialize(INVOICE, invoice)).toContain(",InvoiceDate=2026-07-01T12%3A00%3A00Z,")
    expect(
      Keys.serialize("/CustTransactions(dataAreaId='{dataAreaId}',SysRecId={SysRecId})", {
        dataAreaId: "2",
        SysRecId: "5637144576",
      }),
    ).toBe("/CustTransactions(dataAreaId='2',SysRecId=5637144576)")
    expect(Keys.serialize(FORMAT, { DimensionFormatName: "F", DimensionFormatType: "DefaultDimension" })).toContain(
      "DimensionHierarchyType'DefaultDimension'",
    )
    expect(Keys.serialize("/Currencies('{CurrencyCode}')", { CurrencyCode: "EUR" })).toBe("/Currencies('EUR')")
  })

  it("is refused where a part is missing, and none is guessed", () => {
    expect(() => Keys.serialize(CUSTOMER, { CustomerAccount: "C1" })).toThrow("dataAreaId is missing")
  })

  it("is refused with control characters, and bare parts and members that are none; the value is not repeated", () => {
    expect(() => customer("a\u0000b")).toThrow("control character")
    expect(() => customer("a\nsecret")).toThrow(/^a key holds a control character: a string of 8 characters$/)
    const bare = { dataAreaId: "usmf", SysRecId: "1) or (1 eq 1" }
    expect(() => Keys.serialize("/CustTransOpens(dataAreaId='{dataAreaId}',SysRecId={SysRecId})", bare)).toThrow(
      "SysRecId is no number, date or GUID: a string of 13 characters",
    )
    expect(() => Keys.serialize(FORMAT, { DimensionFormatName: "F", DimensionFormatType: "A' or 'B" })).toThrow(
      "DimensionFormatType is no member",
    )
  })
})
