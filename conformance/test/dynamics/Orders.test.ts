import { describe, expect, it } from "vitest"
import { amount, open } from "./Client.ts"
import * as Scene from "./Scene.ts"

const ORDER = "SalesOrderHeadersV2(dataAreaId='usmf',SalesOrderNumber='S1')"
const lineKey = (lot: unknown) => `SalesOrderLines(dataAreaId='usmf',InventoryLotId='${lot}')`

const stocked = () => {
  const made = open()
  Scene.stock(made.world)
  return made
}

describe("a sales order", () => {
  it("takes names, terms and a copy of the address from its customer, and a number from its sequence", async () => {
    const { get, patch, post } = stocked()
    const made = await post("SalesOrderHeadersV2", { OrderingCustomerAccountNumber: "C1" })
    const shown = [
      "SalesOrderNumber",
      "InvoiceCustomerAccountNumber",
      "CurrencyCode",
      "SalesOrderName",
      "PaymentTermsName",
      "CustomerPostingProfileId",
      "DeliveryAddressCity",
      "RequestedShippingDate",
      "OrderCreationDateTime",
    ]
    expect(shown.map((name) => made.at(name))).toEqual([
      "USMF-000001",
      "C1",
      "USD",
      "Contoso Retail",
      "Net10",
      "GEN",
      "Bonn",
      "2026-07-15T12:00:00Z",
      "2026-07-15T09:30:00Z",
    ])
    await patch("CustomersV3(dataAreaId='usmf',CustomerAccount='C1')", { AddressCity: "Köln" })
    const again = await get("SalesOrderHeadersV2(dataAreaId='usmf',SalesOrderNumber='USMF-000001')")
    expect(again.at("DeliveryAddressCity")).toBe("Bonn")
  })

  it("is nothing without lines and open with the first, and its totals stay 0", async () => {
    const { get, post, remove, world } = stocked()
    world.seed("SalesOrderHeadersV2", [{ SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1" }])
    const status = async () => {
      const order = await get(ORDER)
      return ["SalesOrderStatus", "SalesOrderProcessingStatus", "OrderTotalAmount", "AreTotalsCalculated"].map((name) =>
        order.at(name),
      )
    }
    expect(await status()).toEqual(["None", "Active", "0", "No"])
    const line = await post("SalesOrderLines", { SalesOrderNumber: "S1", ItemNumber: "I1" })
    expect(await status()).toEqual(["Backorder", "Active", "0", "No"])
    expect((await remove(lineKey(line.at("InventoryLotId")))).status).toBe(204)
    expect(await status()).toEqual(["None", "Active", "0", "No"])
  })

  it("shows under every version of its entity", async () => {
    const { get, world } = stocked()
    Scene.order(world)
    for (const version of ["V2", "V3", "V4"]) {
      expect((await get(`SalesOrderHeaders${version}`)).each("CustomersOrderReference")).toEqual(["crm|1"])
    }
    expect((await get("SalesTableBiEntities")).each("CustomerRef")).toEqual(["crm|1"])
    expect((await get("SalesOrderLinesV3")).rows).toHaveLength(2)
    expect((await get("SalesOrderHeadersV3?$expand=SalesOrderLines")).at("value.0.SalesOrderLines.1.LineNumber")).toBe(
      "2",
    )
  })

  it("is refused for a customer that is not there, is elsewhere, or is on hold", async () => {
    const { post, world } = stocked()
    world.seed(
      "CustomersV3",
      [{ OrganizationName: "x", CustomerGroupId: "30", SalesCurrencyCode: "EUR", CustomerAccount: "D1" }],
      "demf",
    )
    for (const account of ["C9", "D1"]) {
      const refused = await post("SalesOrderHeadersV2", { OrderingCustomerAccountNumber: account })
      expect(refused.reason).toContain(`The value '${account}' in field 'Customer account' is not found`)
    }
    world.edit("CustomersV3", ["usmf", "C1"], { OnHoldStatus: "All" })
    expect((await post("SalesOrderHeadersV2", { OrderingCustomerAccountNumber: "C1" })).reason).toContain("is on hold")
    expect(world.all("SalesOrderHeadersV2")).toHaveLength(0)
  })

  it("takes its lines with it when it is deleted", async () => {
    const { remove, world } = stocked()
    Scene.order(world)
    expect((await remove(ORDER)).status).toBe(204)
    expect(world.all("SalesOrderLines")).toHaveLength(0)
  })
})

describe("a line", () => {
  it("takes unit, price, quantity and name from its item, and its lot from the server", async () => {
    const { post, world } = stocked()
    world.seed("SalesOrderHeadersV2", [{ SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1" }])
    const line = await post("SalesOrderLines", { SalesOrderNumber: "S1", ItemNumber: "I1", InventoryLotId: "mine" })
    const shown = [
      "InventoryLotId",
      "LineDescription",
      "SalesUnitSymbol",
      "OrderedSalesQuantity",
      "SalesPrice",
      "LineAmount",
    ]
    expect(shown.map((name) => line.at(name))).toEqual(["USMF-000001", "Lamp", "ea", "1", "12.5", "12.5"])
    expect([line.at("LineNumber"), line.at("LineCreationSequenceNumber"), line.at("CurrencyCode")]).toEqual([
      "1",
      "1",
      "USD",
    ])
  })

  it("sent twice is there twice", async () => {
    const { post, world } = stocked()
    world.seed("SalesOrderHeadersV2", [{ SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1" }])
    for (let i = 0; i < 2; i++) await post("SalesOrderLines", { SalesOrderNumber: "S1", ItemNumber: "I1" })
    expect(world.all("SalesOrderLines").map((line) => line.fields["LineNumber"])).toEqual(["1", "2"])
  })

  it("reckons its amount from price, quantity, price unit and discounts, to the cent", async () => {
    const { get, patch, world } = stocked()
    const [line] = Scene.order(world)
    const key = lineKey(line?.fields["InventoryLotId"])
    await patch(key, {
      OrderedSalesQuantity: amount("3"),
      SalesPrice: amount("100.01"),
      SalesPriceQuantity: amount("10"),
      LineDiscountAmount: amount("0.01"),
      LineDiscountPercentage: amount("12.5"),
    })
    expect((await get(key)).at("LineAmount")).toBe("26.25")
  })

  it("needs a site, from itself or its order", async () => {
    const { post, world } = stocked()
    world.edit("CustomersV3", ["usmf", "C1"], { SiteId: "" })
    world.seed("SalesOrderHeadersV2", [{ SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1" }])
    const line = { SalesOrderNumber: "S1", ItemNumber: "I1" }
    const refused = await post("SalesOrderLines", line)
    expect([refused.status, refused.reason]).toEqual([
      400,
      expect.stringContaining(
        "Warning: Inventory dimension Site is mandatory and must consequently be specified.; Error: Update has been canceled.",
      ),
    ])
    expect((await post("SalesOrderLines", { ...line, ShippingWarehouseId: "11" })).status).toBe(201)
  })

  it("of an item or order that is not there is refused and leaves nothing behind", async () => {
    const { post, world } = stocked()
    world.seed("SalesOrderHeadersV2", [{ SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1" }])
    const item = await post("SalesOrderLines", { SalesOrderNumber: "S1", ItemNumber: "I9" })
    expect(item.reason).toContain("The value 'I9' in field 'Item number' is not found in the related table 'Items'")
    const order = await post("SalesOrderLines", { SalesOrderNumber: "S9", ItemNumber: "I1" })
    expect(order.reason).toContain("The value 'S9' in field 'Sales order' is not found")
    expect(world.all("SalesOrderLines")).toHaveLength(0)
  })
})
