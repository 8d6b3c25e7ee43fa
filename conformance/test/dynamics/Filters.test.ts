import { describe, expect, it } from "vitest"
import { CUSTOMER, filter, open } from "./Client.ts"

const seeded = () => {
  const made = open({ knobs: { listOrder: "key" } })
  made.world.seed("CustomersV3", [
    { ...CUSTOMER, CustomerAccount: "A-1", OrganizationNumber: "K*1", CreditLimit: "10.5", OnHoldStatus: "No" },
    { ...CUSTOMER, CustomerAccount: "A-2", OrganizationNumber: "KX1", CreditLimit: "20", OnHoldStatus: "All" },
    { ...CUSTOMER, CustomerAccount: "B-1", OrganizationNumber: "L'1", CreditLimit: "30.25", OnHoldStatus: "No" },
  ])
  const find = async (text: string) => (await made.get(`CustomersV3?${filter(text)}`)).each("CustomerAccount")
  const refusal = async (text: string) => {
    const answer = await made.get(`CustomersV3?${filter(text)}`)
    return [answer.status, answer.reason]
  }
  return { ...made, find, refusal }
}

describe("a filter", () => {
  it("compares text, amounts and members, and joins what it compares", async () => {
    const { find } = seeded()
    expect(await find("CustomerAccount eq 'A-1'")).toEqual(["A-1"])
    expect(await find("OrganizationNumber eq 'L''1'")).toEqual(["B-1"])
    expect(await find("CreditLimit gt 10.5 and CreditLimit le 30.250")).toEqual(["A-2", "B-1"])
    expect(await find("not (CustomerAccount eq 'A-1') and (CreditLimit eq 20 or CreditLimit eq 10.5)")).toEqual(["A-2"])
    expect(await find("OnHoldStatus eq Microsoft.Dynamics.DataEntities.CustVendorBlocked'All'")).toEqual(["A-2"])
    expect(await find("OnHoldStatus ne Microsoft.Dynamics.DataEntities.CustVendorBlocked'All'")).toEqual(["A-1", "B-1"])
    expect(await find("CustomerAccount gt 'A-1' and dataAreaId eq 'usmf'")).toEqual(["A-2", "B-1"])
    expect(await find("'A-2' lt CustomerAccount")).toEqual(["B-1"])
  })

  it("reckons with whole and broken numbers", async () => {
    const { find } = seeded()
    expect(await find("CreditLimit add 0.5 eq 11")).toEqual(["A-1"])
    expect(await find("CreditLimit mul 2 sub 1 ge 59.5")).toEqual(["B-1"])
    expect(await find("CreditLimit div 4 eq 5 or CreditLimit mod 10 eq 0.5")).toEqual(["A-1", "A-2"])
    expect(await find("CreditLimit div 0 eq 1")).toEqual([])
  })

  it("takes a star for any text, asked for or not, so that a key with a star finds others beside it", async () => {
    const { find } = seeded()
    expect(await find("CustomerAccount eq 'A*'")).toEqual(["A-1", "A-2"])
    expect(await find("OrganizationName eq '*toso*'")).toHaveLength(3)
    expect(await find("OrganizationNumber eq 'K*1'")).toEqual(["A-1", "A-2"])
    expect(await find("OrganizationNumber ne 'K*1'")).toEqual(["B-1"])
  })

  it("does not regard the case of text unless the database does", async () => {
    const { find, world } = seeded()
    expect(await find("CustomerAccount eq 'a-1'")).toEqual(["A-1"])
    expect(await find("CustomerAccount eq 'a-*'")).toEqual(["A-1", "A-2"])
    world.knobs.collation = "exact"
    expect(await find("OrganizationName eq 'contoso retail'")).toEqual([])
  })

  it.each([
    ["CustomerAccount in ('A-1','A-2')", "'in' is not supported"],
    ["OnHoldStatus has Microsoft.Dynamics.DataEntities.CustVendorBlocked'All'", "'has' is not supported"],
    ["contains(CustomerAccount,'A')", "'contains' is not supported"],
    ["OnHoldStatus eq 'All'", "incompatible types"],
    ["OnHoldStatus gt Microsoft.Dynamics.DataEntities.CustVendorBlocked'All'", "only be compared by eq and ne"],
    ["FullPrimaryAddress eq 'x'", "is virtual"],
    ["Wings eq 'x'", "Could not find a property named 'Wings'"],
    ["CreditLimit eq '10'", "incompatible types"],
    ["CustomerAccount", "must evaluate to a single boolean value"],
    ["CustomerAccount eq 'A", "Syntax error"],
    ["(CustomerAccount eq 'A'", "Syntax error"],
  ])("is refused: %s", async (text, reason) => {
    const { refusal } = seeded()
    expect(await refusal(text)).toEqual([400, expect.stringContaining(reason)])
  })

  it("takes contains and startswith where the environment does", async () => {
    const { find, world } = seeded()
    world.knobs.textFunctions = true
    expect(await find("contains(CustomerAccount,'-1')")).toEqual(["A-1", "B-1"])
    expect(await find("startswith(CustomerAccount,'b')")).toEqual(["B-1"])
  })

  it("compares dates as points in time, which lie at noon", async () => {
    const { get, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
    for (const date of ["2026-07-01", "2026-07-02"]) {
      world.seed("FreeTextInvoiceHeaders", [{ CustomerAccount: "C1", InvoiceDate: date }])
    }
    const count = async (text: string) => (await get(`FreeTextInvoiceHeaders?${filter(text)}`)).rows.length
    expect(await count("InvoiceDate ge 2026-07-01T00:00:00Z")).toBe(2)
    expect(await count("InvoiceDate gt 2026-07-01T12:00:00Z")).toBe(1)
    expect(await count("InvoiceDate eq 2026-07-01T00:00:00Z")).toBe(0)
    expect(await count("CashDiscountDate eq 1900-01-01T00:00:00Z")).toBe(2)
    expect((await get(`FreeTextInvoiceHeaders?${filter("InvoiceDate ge '2026-07-01'")}`)).status).toBe(400)
    const [first] = world.all("FreeTextInvoiceHeaders")
    expect(await count(`InvoiceIdentifier eq ${first?.fields["InvoiceIdentifier"]}`)).toBe(1)
  })
})
