import * as Scope from "@mortise/core/Scope"
import { describe, expect, it } from "vitest"

describe("a scope as text", () => {
  it("comes back, whatever stands in it", () => {
    for (const scope of [
      { system: "acumatica", instance: "erp.example/a#Acme & Söhne", company: "MAIN/2" },
      { system: "hubspot", instance: "48151623" },
      { system: "erpnext", instance: "100%", company: "株式会社" },
    ]) {
      expect(Scope.parse(Scope.format(scope))).toEqual(scope)
      expect(Scope.equals(scope, { ...scope })).toBe(true)
    }
  })

  it("that is none is nothing, and breaks nobody", () => {
    for (const text of ["", "hubspot", "a/b", "a/b/c/d", "/b/", "a/%/", "%E0%A4%A/b/c", "a/b/c/%"]) {
      expect(Scope.parse(text), text).toBeUndefined()
    }
  })
})
