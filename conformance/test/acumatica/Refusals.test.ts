import { describe, expect, it } from "vitest"
import { amount, open, values } from "./Client.ts"

describe("a record that the form refuses", () => {
  it("comes back with errors in its members, <NEW>, an id, and is not saved", async () => {
    const { put, twin, world } = await open()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
    const details = [values({ InventoryID: "NOPE", OrderQty: amount("1") })]
    const answer = await put("SalesOrder", { ...values({ CustomerID: "C1", CustomerOrder: "PO-7" }), Details: details })
    expect(answer.status).toBe(422)
    expect(answer.at("error")).toMatch(/^Inserting 'Sales Order' record raised at least one error/)
    expect(answer.at("Details.0.InventoryID.error")).toBe("'Inventory ID' cannot be found in the system.")
    expect(answer.at("CustomerOrder.value")).toBe("PO-7")
    expect(answer.at("OrderNbr.value")).toBe("<NEW>")
    expect(answer.at("id")).toBeTypeOf("string")
    expect(world.all("SalesOrder")).toHaveLength(0)
    expect(twin.journal.writes()).toHaveLength(0)
  })

  it("draws no number for it", async () => {
    const { put, world } = await open()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
    await put("SalesOrder", values({ CustomerID: "NOBODY" }))
    await put("SalesOrder", values({ CustomerID: "C1" }))
    expect(world.order("SO000001")).toBeDefined()
  })

  it("shows a faulty member that was not sent", async () => {
    const { put } = await open()
    const answer = await put("Contact", values({ FirstName: "Ada" }))
    expect([answer.status, answer.at("LastName.error")]).toEqual([422, "'Last Name' cannot be empty."])
  })

  it("leaves an existing record as it was", async () => {
    const { put, world } = await open()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
    const answer = await put("Customer", values({ CustomerID: "C1", CustomerName: "", AccountRef: "x" }))
    expect(answer.at("error")).toMatch(/^Updating/)
    expect(world.customer("C1")?.fields).toMatchObject({ CustomerName: "One" })
    expect(world.customer("C1")?.fields["AccountRef"]).toBeUndefined()
  })

  it("is an error with a text in contract 3, which has no 422", async () => {
    const { put } = await open({}, "18.200.001")
    const answer = await put("Contact", values({ FirstName: "Ada" }))
    expect(answer.status).toBe(500)
    expect(answer.at("exceptionMessage")).toContain("'Last Name' cannot be empty.")
  })

  it("is refused for text that is too long", async () => {
    const { put } = await open()
    const answer = await put("Customer", values({ CustomerName: "One", AccountRef: "x".repeat(51) }))
    expect([answer.status, answer.at("AccountRef.error")]).toEqual([422, "The value is longer than 50 characters."])
  })
})

describe("a body that is not understood", () => {
  it("is 400 and names the member", async () => {
    const { put } = await open()
    const cases: ReadonlyArray<readonly [unknown, string]> = [
      ["{not json", "entity"],
      [{ Wings: { value: 2 } }, "entity.Wings"],
      [values({ CustomerName: 7 }), "entity.CustomerName.value"],
      [values({ CreditLimit: "much" }), "entity.CreditLimit.value"],
      [{ CustomerName: "bare" }, "entity.CustomerName"],
      [{ MainContact: { Wings: { value: 2 } } }, "entity.MainContact.Wings"],
    ]
    for (const [body, where] of cases) {
      const answer = await put("Customer", body)
      expect(answer.status).toBe(400)
      expect(Object.keys(answer.at("modelState") as object)).toEqual([where])
    }
  })

  it("may be ignored in what is not known, as some builds do", async () => {
    const { put, world } = await open({ knobs: { unknownMembers: "ignore" } })
    expect((await put("Customer", { ...values({ CustomerName: "One" }), Wings: { value: "2" } })).status).toBe(200)
    expect(world.all("Customer")).toHaveLength(1)
  })

  it("is refused for a member of a later version", async () => {
    const { put } = await open()
    const body = values({ LastName: "Lovelace", ExtRefNbr: "x" })
    expect((await put("Contact", body, { version: "23.200.001" })).status).toBe(400)
    expect((await put("Contact", body, { version: "24.200.001" })).status).toBe(200)
  })
})
