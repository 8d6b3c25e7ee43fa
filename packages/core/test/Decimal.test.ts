import { describe, expect, it } from "@effect/vitest"
import * as Decimal from "@mortise/core/Decimal"
import * as Json from "@mortise/core/Json"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

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

  it.each(["1e20", "0.00000000000000000001", "12345678901234567890123456789012345678901234567890.5", "-1e-30"])(
    "encodes %s without exponent, and decodes it to the same",
    (text) => {
      const value = Decimal.make(text)
      const encoded = Schema.encodeSync(Decimal.Decimal)(value)
      expect(encoded).toMatch(/^-?\d+(\.\d+)?$/)
      expect(BigDecimal.equals(Schema.decodeSync(Decimal.Decimal)(encoded), value)).toBe(true)
    },
  )

  it.each(["", " ", "NaN", "1,5", "Infinity", "1e99999999", "0x10", "twelve"])("does not decode %j", (text) => {
    expect(Result.isFailure(Schema.decodeResult(Decimal.Decimal)(text))).toBe(true)
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
