import { describe, expect, it } from "@effect/vitest"
import * as Decimal from "@mortise/core/Decimal"
import * as Json from "@mortise/core/Json"
import * as Option from "effect/Option"

describe("Decimal", () => {
  it("keeps thirty digits through JSON", () => {
    const text = '{"amount":123456789012345678901234567.891}'
    const parsed = Json.parse(text) as { readonly amount: Json.JsonNumber }
    const amount = Option.getOrThrow(Decimal.parse(parsed.amount))
    expect(Decimal.format(amount)).toBe("123456789012345678901234567.891")
    expect(Json.stringify({ amount: Decimal.toJson(amount) })).toBe(text)
  })

  it.each(["NaN", "", "1,000.00", "Infinity", "0x10", "1e99999", "12 34"])("refuses %j", (text) => {
    expect(Option.isNone(Decimal.parse(text))).toBe(true)
  })

  it.each([
    ["12.50", "12.5"],
    ["-0.05", "-0.05"],
    ["1e3", "1000"],
    ["0.000", "0"],
    ["-1200", "-1200"],
  ])("writes %s as %s", (text, plain) => {
    expect(Decimal.format(Decimal.make(text))).toBe(plain)
  })
})
