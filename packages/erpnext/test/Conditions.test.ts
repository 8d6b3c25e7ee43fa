import * as Json from "@mortise/core/Json"
import { describe, expect, it } from "vitest"
import * as Conditions from "../src/Conditions.ts"
import * as Routes from "../src/Routes.ts"

describe("a condition", () => {
  it("carries any value as JSON, numbers with all their digits", () => {
    const text = `"], ["1", "=", "1`
    const amount = Json.number("12345678901234567.10") ?? null
    const encoded = Conditions.encode([
      ["hubspot_company_id", "=", text],
      ["grand_total", ">", amount],
      ["Dynamic Link", "link_name", "in", ["A", "B'"]],
    ])
    expect(Json.parse(encoded ?? "")).toEqual([
      ["hubspot_company_id", "=", text],
      ["grand_total", ">", amount],
      ["Dynamic Link", "link_name", "in", ["A", "B'"]],
    ])
    expect(Conditions.encode([])).toBeUndefined()
  })

  it("takes plain names of fields and doctypes alone: the server reads them as SQL", () => {
    for (const bad of ["name; drop", "count(name)", "`tabUser`.api_secret", "name as x", "", "a.b"]) {
      expect(() => Conditions.fields([bad])).toThrow("no name of a field")
      expect(() => Conditions.order([[bad, "asc"]])).toThrow("no name of a field")
      expect(() => Conditions.encode([[bad, "=", "1"]])).toThrow("no name of a field")
    }
    expect(() => Conditions.encode([["Dynamic Link` x", "link_name", "=", "1"]])).toThrow("no name of a doctype")
  })

  it("names the direction of each part of an order", () => {
    expect(
      Conditions.order([
        ["modified", "asc"],
        ["name", "desc"],
      ]),
    ).toBe("modified asc, name desc")
    const forged = [["modified", "asc, (select 1)"]] as unknown as ReadonlyArray<Conditions.Order>
    expect(Conditions.order(forged)).toBe("modified asc")
  })
})

describe("a name in an address", () => {
  it.each(["Acme Corp", "A/B & C", "50% Off?", "a#b", "...", "Ünï 顧客", "x/copy"])(
    "comes back as it was: %s",
    (name) => {
      const path = Routes.serialize("/api/resource/{doctype}/{name}", { doctype: "Sales Order", name })
      const url = new URL(path, "https://erp.example.test")
      expect(url.pathname.split("/")).toHaveLength(5)
      expect(decodeURIComponent(url.pathname.split("/")[4] ?? "")).toBe(name)
    },
  )

  it.each(["", ".", "..", undefined, null, {}])("is refused where it would lead elsewhere: %j", (name) => {
    expect(() => Routes.serialize("/api/resource/Customer/{name}", { name })).toThrow("cannot stand in an address")
  })
})
