import { describe, expect, it } from "vitest"
import { amount, open, values } from "./Client.ts"

const line = (item: string, quantity: string) => values({ InventoryID: item, OrderQty: amount(quantity) })

const withOrder = async () => {
  const made = await open()
  made.world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
  made.world.seed("StockItem", [
    { InventoryID: "I1", DefaultPrice: "5.10" },
    { InventoryID: "I2", DefaultPrice: "7" },
  ])
  const details = { Details: [line("I1", "2"), line("I2", "1")] }
  const order = await made.put("SalesOrder?$expand=Details", { ...values({ CustomerID: "C1" }), ...details })
  const key = values({ OrderType: "SO", OrderNbr: "SO000001" })
  const quantities = () => made.world.order("SO000001")?.rows["Details"]?.map((one) => one.fields["OrderQty"])
  return { ...made, order, key, quantities }
}

describe("detail lines", () => {
  it("are numbered, priced from the item and summed", async () => {
    const { order, world } = await withOrder()
    expect(order.at("Details.1.LineNbr.value")).toBe("2")
    expect(order.at("Details.0.UnitPrice.value")).toBe("5.10")
    expect(order.at("Details.0.ExtendedPrice.value")).toBe("10.2")
    expect(world.order("SO000001")?.fields["OrderTotal"]).toBe("17.2")
  })

  it("without an id are appended, so that a repeat doubles them", async () => {
    const { key, put, quantities } = await withOrder()
    await put("SalesOrder", { ...key, Details: [line("I1", "2")] })
    expect(quantities()).toEqual(["2", "1", "2"])
  })

  it("are updated by id or by line number, and stay when nobody mentions them", async () => {
    const { key, order, put, quantities } = await withOrder()
    await put("SalesOrder", {
      ...key,
      Details: [{ id: order.at("Details.0.id"), ...values({ OrderQty: amount("9") }) }],
    })
    expect(quantities()).toEqual(["9", "1"])
    await put("SalesOrder", { ...key, Details: [values({ LineNbr: amount("2"), OrderQty: amount("4") })] })
    expect(quantities()).toEqual(["9", "4"])
  })

  it("are removed with delete", async () => {
    const { key, order, put, quantities } = await withOrder()
    await put("SalesOrder", { ...key, Details: [{ id: order.at("Details.0.id"), delete: true }] })
    expect(quantities()).toEqual(["1"])
  })

  it("hold the tenant's own fields", async () => {
    const { get, key, order, put, world } = await withOrder()
    world.tenant().custom.push({
      entity: "SalesOrder",
      path: "Details",
      view: "Transactions",
      field: "UsrKey",
      type: "String",
    })
    const custom = { Transactions: { UsrKey: { type: "CustomStringField", value: "deal-7" } } }
    await put("SalesOrder", { ...key, Details: [{ id: order.at("Details.0.id"), custom }] })
    const path = "SalesOrder/SO/SO000001?$expand=Details&$custom=Details/Transactions.UsrKey"
    expect((await get(path)).at("Details.0.custom.Transactions.UsrKey.value")).toBe("deal-7")
    expect((await get("SalesOrder/SO/SO000001?$expand=Details")).at("Details.0.custom")).toEqual({})
  })
})
