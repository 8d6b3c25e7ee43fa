import { describe, expect, it } from "vitest"
import { amount, CUSTOMER, open } from "./Client.ts"

const C1 = "CustomersV3(dataAreaId='usmf',CustomerAccount='C1')"

const seeded = () => {
  const made = open()
  made.world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
  return made
}

describe("values that nobody has set", () => {
  it("are empty text, first members, zeros and the first day of 1900", async () => {
    const { get } = seeded()
    const read = await get(C1)
    const shown = ["TaxExemptNumber", "OnHoldStatus", "CreditLimit", "CredManCreditLimitDate", "AddressValidFrom"]
    expect(shown.map((name) => read.at(name))).toEqual(["", "No", "0", "1900-01-01T12:00:00Z", "1900-01-01T00:00:00Z"])
    expect((await get("SalesOrderHeadersV2")).status).toBe(200)
  })

  it("are null only of enumerations without a member 0", async () => {
    const { get } = seeded()
    const read = await get(C1)
    const nulls = Object.entries(JSON.parse(read.text) as Record<string, unknown>).filter(([, value]) => value === null)
    expect(nulls.map(([name]) => name)).toContain("AddressTimeZone")
    expect(nulls.every(([name]) => /TimeZone$|1099|Legal|SAT/.test(name))).toBe(true)
  })

  it("of GUIDs are all zero", async () => {
    const { get, world } = seeded()
    world.seed("SalesOrderHeadersV2", [{ SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1" }])
    const order = await get("SalesOrderHeadersV2(dataAreaId='usmf',SalesOrderNumber='S1')")
    expect(order.at("TransportationDocumentLineId")).toBe("00000000-0000-0000-0000-000000000000")
  })
})

describe("values on the wire", () => {
  it("are numbers with all their digits, ids of rows too", async () => {
    const { get, patch } = seeded()
    await patch(C1, { CreditLimit: amount("123456789012345678901234567890.123456") })
    const read = await get(C1)
    expect(read.text).toContain('"CreditLimit":123456789012345678901234567890.123456')
    const invoice = await (await post(seeded())).at("InvoiceIdentifier")
    expect(invoice).toMatch(/^56371\d{5}$/)
  })

  it("are days at noon, whatever time was sent, and instants with seconds", async () => {
    const { get, patch, world } = seeded()
    world.seed("SalesOrderHeadersV2", [{ SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1" }])
    const key = "SalesOrderHeadersV2(dataAreaId='usmf',SalesOrderNumber='S1')"
    for (const sent of ["2026-07-23", "2026-07-23T00:00:00Z", "2026-07-23T23:59:59Z"]) {
      expect((await patch(key, { RequestedReceiptDate: sent })).status).toBe(204)
      expect((await get(key)).at("RequestedReceiptDate")).toBe("2026-07-23T12:00:00Z")
    }
    expect((await get(key)).at("OrderCreationDateTime")).toBe("2026-07-15T09:30:00Z")
    for (const wrong of ["23.07.2026", "2026-13-01", 20260723, null]) {
      expect((await patch(key, { RequestedReceiptDate: wrong })).status).toBe(400)
    }
  })

  it("of languages come back as the service writes them", async () => {
    const { get, patch } = seeded()
    await patch(C1, { LanguageId: "de-at" })
    expect((await get(C1)).at("LanguageId")).toBe("de-AT")
  })

  it("that are sent as null are emptied", async () => {
    const { get, patch } = seeded()
    await patch(C1, { TaxExemptNumber: "T", OnHoldStatus: "All" })
    await patch(C1, { TaxExemptNumber: null, OnHoldStatus: null })
    const read = await get(C1)
    expect([read.at("TaxExemptNumber"), read.at("OnHoldStatus")]).toEqual(["", "No"])
  })

  it("of countries stand as three letters and as two", async () => {
    const { get, patch } = seeded()
    await patch(C1, { AddressCountryRegionId: "DEU", AddressCity: "Bonn", AddressStreet: "Weg 1" })
    const read = await get(C1)
    expect([read.at("AddressCountryRegionISOCode"), read.at("FullPrimaryAddress")]).toEqual(["DE", "Weg 1\nBonn\nDEU"])
    await patch(C1, { AddressCountryRegionISOCode: "FR" })
    expect((await get(C1)).at("AddressCountryRegionId")).toBe("FRA")
    expect((await patch(C1, { AddressCountryRegionId: "Atlantis" })).status).toBe(400)
  })
})

const post = ({ post }: ReturnType<typeof seeded>) => post("FreeTextInvoiceHeaders", { CustomerAccount: "C1" })
