import { describe, expect, it } from "vitest"
import { CUSTOMER, open } from "./Client.ts"

const seeded = () => {
  const made = open()
  made.world.seed(
    "CustomersV3",
    ["O'Brien/1", " RFI-001", "a?b#c", "A,B)", "Ünï 顧客"].map((CustomerAccount) => ({ ...CUSTOMER, CustomerAccount })),
  )
  return made
}

const key = (account: string) => `CustomersV3(dataAreaId='usmf',CustomerAccount='${account}')`
const encoded = (account: string) => key(encodeURIComponent(account.replaceAll("'", "''")))

describe("a key in an address", () => {
  it.each(["O'Brien/1", " RFI-001", "a?b#c", "A,B)", "Ünï 顧客"])("finds its record: %j", async (account) => {
    const { get } = seeded()
    expect((await get(encoded(account))).at("CustomerAccount")).toBe(account)
  })

  it("holds blanks and quotes that count", async () => {
    const { get } = seeded()
    expect((await get(key("RFI-001"))).status).toBe(404)
    expect((await get(key("O'Brien%2F1"))).status).toBe(400)
  })

  it("finds its record whatever the case, and in any order of its parts", async () => {
    const { get } = seeded()
    expect((await get(key("A%2Cb)"))).at("CustomerAccount")).toBe("A,B)")
    expect((await get("CustomersV3(CustomerAccount='A,B)',dataAreaId='USMF')")).status).toBe(200)
  })

  it("has to be whole", async () => {
    const { get } = seeded()
    const answer = await get("CustomersV3('A,B)')")
    expect([answer.status, answer.reason]).toEqual([
      400,
      expect.stringContaining("Only 0 of 2 keys provided for lookup, provide keys for dataAreaId,CustomerAccount."),
    ])
    expect((await get("CustomersV3(dataAreaId='usmf',CustomerAccount='A',Other='x')")).status).toBe(400)
  })

  it("writes numbers and dates bare and members behind their enumeration", async () => {
    const { get, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
    world.seed("CustomerPaymentJournalHeaders", [{ JournalBatchNumber: "J1", JournalName: "ARPAY" }])
    world.seed("CustomerPaymentJournalLines", [
      { JournalBatchNumber: "J1", LineNumber: "1.5", AccountDisplayValue: "C1" },
    ])
    const line = "CustomerPaymentJournalLines(dataAreaId='usmf',JournalBatchNumber='J1',LineNumber="
    expect((await get(`${line}1.50)`)).at("LineNumber")).toBe("1.5")
    expect((await get(`${line}'1.5')`)).status).toBe(400)
    const name = "DimensionIntegrationFormats(DimensionFormatName='Default dimensions',DimensionFormatType="
    const member = "Microsoft.Dynamics.DataEntities.DimensionHierarchyType'DataEntityDefaultDimensionFormat'"
    expect((await get(`${name}${member})`)).at("IsActive")).toBe("Yes")
    expect((await get(`${name}'DataEntityDefaultDimensionFormat')`)).status).toBe(400)
  })

  it("of a posted invoice holds its date, at noon", async () => {
    const { get, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1", SiteId: "1" }])
    world.seed("ReleasedProductsV2", [{ ItemNumber: "I1", SalesPrice: "2" }])
    world.seed("SalesOrderHeadersV2", [{ SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1" }])
    world.seed("SalesOrderLines", [{ SalesOrderNumber: "S1", ItemNumber: "I1" }])
    const number = world.postOrder("usmf", "S1")
    const [transaction] = world.all("CustTransactions")
    const at = (time: string) =>
      `SalesInvoiceHeadersV2(dataAreaId='usmf',InvoiceNumber='${number}',InvoiceDate=2026-07-15T${time}Z,LedgerVoucher='${transaction?.fields["Voucher"]}')`
    expect((await get(at("12:00:00"))).at("TotalInvoiceAmount")).toBe("2")
    expect((await get(at("00:00:00"))).status).toBe(404)
    const id = world.value("CustTransactions", transaction as never, "SysRecId")
    expect((await get(`CustTransactions(dataAreaId='usmf',SysRecId=${id})`)).at("Invoice")).toBe(number)
  })

  it("leads on to fields and links, and no further", async () => {
    const { get } = seeded()
    expect((await get(`${encoded("A,B)")}/OrganizationName`)).at("value")).toBe("Contoso Retail")
    expect((await get(`${encoded("A,B)")}/FreeTextInvoiceHeaderCustAccount`)).rows).toEqual([])
    expect((await get(`${encoded("A,B)")}/OrganizationName/x`)).status).toBe(404)
    expect((await get("Dragons")).status).toBe(404)
  })

  it("that is not there is 404, or in some environments 400", async () => {
    const { get, world } = open()
    expect((await get(key("C9"))).status).toBe(404)
    world.knobs.missingRecord = 400
    expect((await get(key("C9"))).status).toBe(400)
  })
})
