import { describe, expect, it } from "vitest"
import type { CustomDef } from "../../src/acumatica/Custom.ts"
import { amount, open, values } from "./Client.ts"

const FIELDS: ReadonlyArray<CustomDef> = [
  { entity: "Customer", path: "", view: "BAccount", field: "AttributeHUBKEY", type: "String" },
  { entity: "Customer", path: "", view: "BAccount", field: "UsrScore", type: "Decimal" },
  { entity: "SalesOrder", path: "Details", view: "Transactions", field: "UsrKey", type: "String" },
]

const withFields = async () => {
  const made = await open({}, "25.200.001")
  made.world.tenant().custom.push(...FIELDS)
  made.world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
  return made
}

describe("a tenant's own fields", () => {
  it("are written and read by view and field, with their type", async () => {
    const { get, put } = await withFields()
    const custom = {
      BAccount: {
        AttributeHUBKEY: { type: "CustomStringField", value: "hs-1" },
        UsrScore: { type: "CustomDecimalField", value: amount("1.50") },
      },
    }
    const answer = await put("Customer", { ...values({ CustomerID: "C1" }), custom })
    expect(answer.at("custom.BAccount.AttributeHUBKEY.value")).toBe("hs-1")
    const read = await get("Customer/C1?$custom=BAccount.AttributeHUBKEY,BAccount.UsrScore")
    expect(read.at("custom.BAccount.UsrScore.value")).toBe("1.50")
    expect(read.at("custom.BAccount.UsrScore.type")).toBe("CustomDecimalField")
    expect((await get("Customer/C1")).at("custom")).toEqual({})
    expect(
      (await get("Customer?$select=CustomerID,custom.BAccount")).at("0.custom.BAccount.AttributeHUBKEY.value"),
    ).toBe("hs-1")
  })

  it("are all in $adHocSchema, with null", async () => {
    const { get } = await withFields()
    const schema = await get("Customer/$adHocSchema")
    expect(schema.at("custom.BAccount")).toEqual({
      AttributeHUBKEY: { type: "CustomStringField", value: null },
      UsrScore: { type: "CustomDecimalField", value: null },
    })
    expect(schema.at("_workflowActions")).toEqual({})
    expect((await get("SalesOrder/$adHocSchema")).at("Details.0.custom.Transactions.UsrKey.value")).toBeNull()
  })

  it("are dropped without a word when the tenant does not have them", async () => {
    const { put, world } = await withFields()
    const custom = { BAccount: { UsrWings: { type: "CustomStringField", value: "x" } } }
    expect((await put("Customer", { ...values({ CustomerID: "C1" }), custom })).status).toBe(200)
    expect(world.customer("C1")?.custom).toEqual({})
  })

  it("belong to one tenant", async () => {
    const { world } = await open({ tenants: ["Acme", "Other"] })
    world.tenant("Acme").custom.push(...FIELDS)
    expect(world.tenant("Other").custom).toEqual([])
  })
})
