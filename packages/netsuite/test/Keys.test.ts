import { describe, expect, it } from "vitest"
import * as Keys from "../src/Keys.ts"

describe("an external id", () => {
  it.each(["hs-company-1", "A_b-9", "Übergröße", "顧客1"])("can stand in an address: %s", (id) => {
    expect(Keys.eid(id)).toBe(`eid:${id}`)
  })

  it.each(["", "a|b", "a b", "a/b", "../x", "eid:1", "a\n", "a?b=c", "a.b"])("cannot stand there: %j", (id) => {
    expect(Keys.eid(id)).toBeUndefined()
  })
})

describe("the address that an answer names", () => {
  const base = "https://1.suitetalk.api.netsuite.com/services/rest/record/v1/customer"

  it("gives the internal id, or the external one where that is what comes", () => {
    expect(Keys.fromLocation(`${base}/1234`)).toEqual({ id: "1234" })
    expect(Keys.fromLocation(`${base}/1234/`)).toEqual({ id: "1234" })
    expect(Keys.fromLocation(`${base}/eid:hs-company-1`)).toEqual({ externalId: "hs-company-1" })
    expect(Keys.fromLocation(`${base}/eid%3A%C3%9C1?x=1`)).toEqual({ externalId: "Ü1" })
  })

  it.each(["", base, `${base}/eid:`, `${base}/eid:a%7Cb`, `${base}/%E0%A4%A`, `${base}/1234;x`])(
    "gives nothing where no id stands: %s",
    (location) => {
      expect(Keys.fromLocation(location)).toBeUndefined()
    },
  )
})

describe("a value in an address", () => {
  it("cannot leave its place", () => {
    expect(Keys.serialize("/customer/{id}", { id: "eid:x" })).toBe("/customer/eid:x")
    expect(Keys.serialize("/customer/{id}", { id: "../invoice/1?replace=item#" })).toBe(
      "/customer/..%2Finvoice%2F1%3Freplace%3Ditem%23",
    )
    expect(Keys.serialize("/customer/{id}/!attach/contact/{contactId}", { id: "1", contactId: 2 })).toBe(
      "/customer/1/!attach/contact/2",
    )
  })

  it.each(["", ".", "..", undefined, null])("is refused where it would lead elsewhere: %j", (id) => {
    expect(() => Keys.serialize("/customer/{id}", { id })).toThrow("id cannot stand in an address")
  })
})
