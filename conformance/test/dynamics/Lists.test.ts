import { describe, expect, it } from "vitest"
import { CUSTOMER, customers, filter, open } from "./Client.ts"

const KEYS = "$orderby=dataAreaId,CustomerAccount"

const seeded = (count = 25, pageSize = 10) => {
  const made = open({ knobs: { pageSize } })
  made.world.seed("CustomersV3", customers(count))
  return made
}

describe("a list", () => {
  it("comes in pages of the server's own size, with a link to the next one", async () => {
    const { get } = seeded()
    const first = await get(`CustomersV3?cross-company=true&$select=CustomerAccount&${KEYS}`)
    expect(first.rows).toHaveLength(10)
    const link = new URL(String(first.at(["@odata.nextLink"])))
    expect([link.origin, link.searchParams.get("$skip"), link.searchParams.get("cross-company")]).toEqual([
      "https://contoso.operations.dynamics.com",
      "10",
      "true",
    ])
    const second = await get(link.href.split("/data/")[1] ?? "")
    const third = await get(String(second.at(["@odata.nextLink"])).split("/data/")[1] ?? "")
    expect(third.at(["@odata.nextLink"])).toBeUndefined()
    const all = [first, second, third].flatMap((page) => page.each("CustomerAccount"))
    expect(all).toEqual(customers(25).map((one) => one.CustomerAccount))
  })

  it("is cut at 10,000 rows where nothing is set", async () => {
    expect(open().world.knobs.pageSize).toBe(10_000)
  })

  it("counts what is left of $top in its link", async () => {
    const { get } = seeded()
    const page = await get(`CustomersV3?$top=15&${KEYS}`)
    const link = new URL(String(page.at(["@odata.nextLink"])))
    expect([link.searchParams.get("$skip"), link.searchParams.get("$top")]).toEqual(["10", "5"])
    expect((await get(`CustomersV3?$top=10&${KEYS}`)).at(["@odata.nextLink"])).toBeUndefined()
    expect((await get(`CustomersV3?$top=3&$skip=24&${KEYS}`)).each("CustomerAccount")).toEqual(["C024"])
  })

  it("hides the place in a token where the environment does", async () => {
    const { get, world } = seeded()
    world.knobs.nextLink = "skiptoken"
    const link = String((await get(`CustomersV3?${KEYS}`)).at(["@odata.nextLink"]))
    expect(link).toContain("$skiptoken=")
    expect((await get(link.split("/data/")[1] ?? "")).each("CustomerAccount")[0]).toBe("C010")
    expect((await get("CustomersV3?$skiptoken=zzz")).status).toBe(400)
  })

  it("has no order that lasts unless it is ordered by the key", async () => {
    const { get } = seeded(25, 100)
    const read = async (query: string) => (await get(`CustomersV3?${query}`)).each("CustomerAccount")
    expect(await read("$top=100")).not.toEqual(await read("$top=100"))
    expect(await read("$orderby=CustomerGroupId")).not.toEqual(await read("$orderby=CustomerGroupId"))
    expect(await read(KEYS)).toEqual(await read(KEYS))
    expect(await read(`${KEYS} desc`)).toEqual([...(await read(KEYS))].reverse())
  })

  it("shifts under its reader when rows come or go between pages", async () => {
    const { get, world } = seeded()
    const first = (await get(`CustomersV3?${KEYS}`)).each("CustomerAccount")
    world.remove("CustomersV3", "usmf", "C000")
    const second = (await get(`CustomersV3?$skip=10&${KEYS}`)).each("CustomerAccount")
    expect([first.at(-1), second[0]]).toEqual(["C009", "C011"])
  })

  it("counts before it is cut", async () => {
    const { get } = seeded()
    const page = await get(`CustomersV3?$count=true&$top=2&${filter("CustomerAccount ge 'C020'")}`)
    expect([page.at(["@odata.count"]), page.rows.length]).toEqual(["5", 2])
  })

  it("shows the ETag of each row whatever is selected", async () => {
    const { get } = seeded(1)
    const page = await get("CustomersV3?$select=dataAreaId,CustomerAccount")
    expect(page.at(["@odata.context"])).toBe(
      "https://contoso.operations.dynamics.com/data/$metadata#CustomersV3(dataAreaId,CustomerAccount)",
    )
    expect(Object.keys(page.rows[0] ?? {})).toEqual(["@odata.etag", "dataAreaId", "CustomerAccount"])
    expect(page.headers.get("content-type")).toBe("application/json; odata.metadata=minimal")
    expect(page.headers.get("odata-version")).toBe("4.0")
    expect(page.headers.get("ms-dyn-aid")).toBeTypeOf("string")
  })

  it("expands the first level only", async () => {
    const { get, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1", SiteId: "1" }])
    world.seed("ReleasedProductsV2", [{ ItemNumber: "I1", ProductNumber: "P1", ProductName: undefined }])
    world.seed("SalesOrderHeadersV2", [{ SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1" }])
    world.seed("SalesOrderLines", [{ SalesOrderNumber: "S1", ItemNumber: "I1" }])
    const order = await get("SalesOrderHeadersV2?$expand=SalesOrderLines($select=ItemNumber)")
    expect(order.at("value.0.SalesOrderLines.0.ItemNumber")).toBe("I1")
    expect((await get("ReleasedProductsV2?$expand=EveryProduct")).at("value.0.EveryProduct.ProductNumber")).toBe("P1")
    const deep = await get("SalesOrderHeadersV2?$expand=SalesOrderLines($expand=DimensionSet)")
    expect([deep.status, deep.reason]).toEqual([400, expect.stringContaining("only on the first level")])
    expect((await get("SalesOrderHeadersV4?$expand=SalesOrderLines")).status).toBe(400)
  })

  it.each(["$search=x", "$apply=aggregate(x)", "$compute=x", "$format=json", "unknown=1"])(
    "refuses %s",
    async (option) => {
      const { get } = seeded(1)
      expect((await get(`CustomersV3?${option}`)).reason).toContain("is not supported")
    },
  )

  it.each([
    "$top=x",
    "$skip=-1",
    "$select=Wings",
    "$orderby=Wings",
    "$orderby=CustomerAccount up",
    "$expand=Wings",
    "cross-company=1",
  ])("refuses %s", async (option) => {
    const { get } = seeded(1)
    expect((await get(`CustomersV3?${option}`)).status).toBe(400)
  })

  it("tells types, ids and links under full metadata", async () => {
    const { get } = seeded(1)
    const page = await get("CustomersV3?$select=CreditLimit,OnHoldStatus", {
      headers: { accept: "application/json;odata.metadata=full" },
    })
    expect(page.rows[0]).toMatchObject({
      "@odata.type": "#Microsoft.Dynamics.DataEntities.CustomerV3",
      "@odata.id": "https://contoso.operations.dynamics.com/data/CustomersV3(dataAreaId='usmf',CustomerAccount='C000')",
      "@odata.editLink": "CustomersV3(dataAreaId='usmf',CustomerAccount='C000')",
      "CreditLimit@odata.type": "#Decimal",
      "OnHoldStatus@odata.type": "#Microsoft.Dynamics.DataEntities.CustVendorBlocked",
    })
  })
})
