import * as Asked from "@mortise/core/Asked"
import { Account } from "@mortise/core/Entities"
import { describe, expect, it } from "vitest"

const READABLE = ["name", "email"]

describe("what a reading asks for", () => {
  it("is refused by nothing where all of it is read, or nothing is named", () => {
    for (const asked of [{}, { fields: ["name"], where: [{ field: "email" }] }]) {
      expect(Asked.refusal(Account, READABLE, asked, "acme.Account.get")).toBeUndefined()
    }
  })

  it("is refused with every field that is not read, in the selection and in conditions", () => {
    const asked = { fields: ["name", "phone"], where: [{ field: "number" }] }
    const refused = Asked.refusal(Account, READABLE, asked, "acme.Account.changes")
    expect(refused).toMatchObject({ system: "acme", operation: "acme.Account.changes" })
    expect(refused?.reason).toMatchObject({
      _tag: "Invalid",
      message: "Account has no readable field phone; Account has no readable field number",
      issues: [{ path: ["fields", "phone"] }, { path: ["where", "number"] }],
    })
  })

  it("is refused in the name of a system that has a dot, when it is named apart", () => {
    const refused = Asked.refusal(Account, READABLE, { fields: ["x"] }, "acme.eu.Account.changes", "acme.eu")
    expect(refused?.system).toBe("acme.eu")
  })

  it("does not fill a message with a name without end", () => {
    const refused = Asked.refusal(Account, READABLE, { fields: ["x".repeat(1000)] }, "acme.Account.get")
    expect(refused?.reason.message).toBe(`Account has no readable field ${"x".repeat(60)}`)
  })
})
