import type { Issue } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import * as Json from "@mortise/core/Json"
import type { Instant } from "@mortise/core/Values"
import { describe, expect, it } from "vitest"
import * as Filter from "../src/Filter.ts"
import * as selection from "../src/internal/selection.ts"
import * as Keys from "../src/Keys.ts"
import * as Versions from "../src/Versions.ts"
import * as Wrapping from "../src/Wrapping.ts"

const number = (text: string) => ({ value: new Json.JsonNumber({ text }) })

describe("wrapped values", () => {
  it("keep absent, empty and a value apart in every contract", () => {
    for (const contract of [3, 4, 5] as const) {
      const codec = Wrapping.codec(contract)
      expect(codec.text(undefined)).toBeUndefined()
      expect([codec.text({}), codec.text(null), codec.text({ value: null }), codec.text({ value: "" })]).toEqual([
        null,
        null,
        null,
        null,
      ])
      expect(codec.text({ value: "Nagy Ágnes  " })).toBe("Nagy Ágnes")
      expect([codec.boolean({ value: false }), codec.decimal({})]).toEqual([false, null])
    }
  })

  it("keep every digit of an amount, both ways", () => {
    const codec = Wrapping.codec(4)
    for (const text of ["123456789012345678901234567890.12", "0.10", "-0.001", "1E+3", "0"]) {
      const decimal = codec.decimal(number(text))
      expect(decimal && Decimal.format(decimal)).toBe(Decimal.format(Decimal.make(text)))
    }
    expect(Json.stringify(codec.wrap.decimal(Decimal.make("12345678901234567890.10")))).toBe(
      '{"value":12345678901234567890.1}',
    )
  })

  it("read a day as it stands, whatever the offset, and an instant by its offset", () => {
    const codec = Wrapping.codec(4)
    expect(codec.day({ value: "2022-01-23T00:00:00+14:00" })).toBe("2022-01-23")
    expect(codec.day({ value: "2024-11-01" })).toBe("2024-11-01")
    expect(codec.instant({ value: "2024-08-18T23:59:59.999+04:00" })).toBe("2024-08-18T19:59:59.999Z")
    expect(codec.instant({ value: "2024-08-18T23:59:59.999" })).toBe("2024-08-18T23:59:59.999Z")
  })

  it("read a choice by its description or its code in contract 5, in either casing", () => {
    const codec = Wrapping.codec(5)
    for (const value of [
      { id: "A", description: "Active" },
      { ID: "A", Description: "Active" },
    ]) {
      expect([codec.text({ value }), codec.code({ value })]).toEqual(["Active", "A"])
    }
    expect(codec.text({ value: "plain" })).toBe("plain")
  })

  it("name a value that does not fit by its shape, not by its content", () => {
    const issues: Array<Issue> = []
    const codec = Wrapping.codec(4)
    expect(Wrapping.attempt(issues, ["Amount"], () => codec.decimal({ value: "secret" }))).toBeUndefined()
    expect(Wrapping.attempt(issues, ["Hold"], () => codec.boolean({ value: "yes" }))).toBeUndefined()
    expect(Wrapping.attempt(issues, ["Date"], () => codec.day({ value: "01/02/2026" }))).toBeUndefined()
    expect(issues.map(({ message, path }) => `${path}: ${message}`)).toEqual([
      "Amount: expected a decimal number, found a string of 6 characters",
      "Hold: expected true or false, found a string of 3 characters",
      "Date: expected a date, found a string of 10 characters",
    ])
  })
})

describe("conditions", () => {
  it("double the quotes of what comes from outside", () => {
    expect(Filter.equals("AccountRef", "x' or '1' eq '1")).toBe("AccountRef eq 'x'' or ''1'' eq ''1'")
    expect(Filter.customEquals("Contact.AttributeX", "o'b")).toBe("cf.String(f='Contact.AttributeX') eq 'o''b'")
  })

  it("spell out the offset, and group alternatives", () => {
    const from = "2026-01-01T00:00:00.000Z" as Instant
    expect(Filter.within("LastModified", { from })).toBe(
      "LastModified ge datetimeoffset'2026-01-01T00:00:00.000+00:00'",
    )
    expect(Filter.within("LastModified", {})).toBeUndefined()
    const either = Filter.any([Filter.equals("A", "1"), Filter.equals("A", "2")])
    expect(Filter.all(Filter.equals("B", "3"), either)).toBe("B eq '3' and (A eq '1' or A eq '2')")
  })
})

describe("ids and addresses", () => {
  it("come back from the id that was made of their keys", () => {
    for (const values of [
      ["Credit Memo", "INV/7"],
      ["a|b", "c%d"],
      ["Ünïcode", "שלום"],
    ]) {
      expect(Keys.split("Invoice", Keys.join(values))).toEqual(values)
    }
    expect(Keys.split("Invoice", "only-one")).toBeUndefined()
    expect([Keys.fitsPath(["A/B"]), Keys.path(["SO", "0 1"])]).toEqual([false, "SO/0%201"])
  })

  it("ask for every level that is expanded, nested in contract 5", () => {
    const asked = (contract: 4 | 5) =>
      selection.question({
        always: ["CustomerID"],
        members: { email: ["MainContact/Email"], city: ["MainContact/Address/City"] },
        fields: ["email", "city"],
        custom: [],
        contract,
      }).expand
    expect(asked(4)).toEqual(["MainContact", "MainContact/Address"])
    expect(asked(5)).toEqual(["MainContact($expand=Address)"])
  })
})

describe("versions", () => {
  it("know the stamp, the reference field and the meaning of the override of each", () => {
    expect(Versions.modifiedField("22.200.001", "SalesInvoice")).toBeUndefined()
    expect(Versions.modifiedField("25.200.001", "SalesInvoice")).toBe("LastModifiedDateTime")
    expect([Versions.externalField("23.200.001", "Contact"), Versions.externalField("24.200.001", "Contact")]).toEqual([
      undefined,
      "ExtRefNbr",
    ])
    expect([Versions.externalField("20.200.001", "Payment"), Versions.externalField("22.200.001", "Payment")]).toEqual([
      "PaymentRef",
      "ExternalRef",
    ])
    expect(Versions.override("18.200.001", "BillingAddress")).toEqual({ field: "BillingAddressSameAsMain", own: false })
    expect(Versions.override("20.200.001", "BillingAddress")).toEqual({ field: "BillingAddressOverride", own: true })
    expect([Versions.contractOf("18.200.001"), Versions.contractOf("25.200.001")]).toEqual([3, 4])
  })
})
