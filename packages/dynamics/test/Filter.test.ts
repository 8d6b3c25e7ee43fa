import { describe, expect, it } from "vitest"
import * as Filter from "../src/Filter.ts"

describe("a condition", () => {
  it("keeps a value inside its quotes, whatever the value says", () => {
    expect(Filter.equals("CustomerAccount", "x' or dataAreaId ne '")).toBe(
      "CustomerAccount eq 'x'' or dataAreaId ne '''",
    )
    expect(() => Filter.equals("CustomerAccount", "a\rb")).toThrow("control character")
  })

  it("writes members behind their enumeration, dates and numbers bare, and refuses what only looks like them", () => {
    expect(Filter.member("NoYes", "Yes")).toBe("Microsoft.Dynamics.DataEntities.NoYes'Yes'")
    expect(Filter.instant("2026-07-01T12:00:00Z")).toBe("2026-07-01T12:00:00Z")
    expect(Filter.number("-12.50")).toBe("-12.50")
    expect(Filter.member("NoYes", "Yes' or 'a")).toBeUndefined()
    expect(Filter.instant("2026-07-01 or true")).toBeUndefined()
    expect(Filter.number("1e5")).toBeUndefined()
  })

  it("tells that a star would find more than what was looked for", () => {
    expect([Filter.isExact("A-1"), Filter.isExact("A*")]).toEqual([true, false])
  })

  it("groups what is joined in another way inside", () => {
    const company = Filter.equals("dataAreaId", "usmf")
    const either = Filter.any(Filter.equals("CustomerAccount", "1"), Filter.equals("CustomerAccount", "2"))
    expect(Filter.all(company, undefined, either)).toBe(
      "dataAreaId eq 'usmf' and (CustomerAccount eq '1' or CustomerAccount eq '2')",
    )
    expect(Filter.any(Filter.all(company, either) ?? company, company)).toBe(
      "(dataAreaId eq 'usmf' and (CustomerAccount eq '1' or CustomerAccount eq '2') or dataAreaId eq 'usmf')",
    )
    expect(Filter.all(undefined)).toBeUndefined()
  })
})
