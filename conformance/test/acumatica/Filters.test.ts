import { describe, expect, it } from "vitest"
import { filter, open } from "./Client.ts"

const seeded = async (knobs = {}) => {
  const made = await open({ knobs: { listOrder: "key", ...knobs } })
  made.world.seed("StockItem", [
    { InventoryID: "A1", Description: "Blue widget", DefaultPrice: "9.50", $modified: Date.UTC(2026, 0, 1, 10) },
    {
      InventoryID: "B2",
      Description: "Red widget's twin",
      DefaultPrice: "10",
      $modified: Date.UTC(2026, 0, 1, 10, 0, 1),
    },
    { InventoryID: "C3", DefaultPrice: "100.00", IsAKit: true, $modified: Date.UTC(2026, 0, 1, 10, 0, 1, 250) },
  ])
  const find = async (text: string) => (await made.get(`StockItem?${filter(text)}`)).each("InventoryID.value")
  const status = async (text: string) => (await made.get(`StockItem?${filter(text)}`)).status
  return { ...made, find, status }
}

describe("filters", () => {
  it("compare text, numbers, flags and null", async () => {
    const { find } = await seeded()
    expect(await find("InventoryID eq 'B2'")).toEqual(["B2"])
    expect(await find("InventoryID gt 'A1' and InventoryID le 'C3'")).toEqual(["B2", "C3"])
    expect(await find("DefaultPrice ge 10M")).toEqual(["B2", "C3"])
    expect(await find("DefaultPrice eq 100")).toEqual(["C3"])
    expect(await find("IsAKit eq true")).toEqual(["C3"])
    expect(await find("Description eq null")).toEqual(["C3"])
    expect(await find("not (InventoryID eq 'A1' or IsAKit)")).toEqual(["B2"])
    expect(await find("'B2' lt InventoryID")).toEqual(["C3"])
  })

  it("read a doubled quote as a quote", async () => {
    const { find } = await seeded()
    expect(await find("Description eq 'Red widget''s twin'")).toEqual(["B2"])
    expect(await find("Description eq 'x'' or InventoryID ne ''A1'")).toEqual([])
  })

  it("compare stamps to the millisecond, whatever offset they are written in", async () => {
    const { find } = await seeded()
    expect(await find("LastModified gt datetimeoffset'2026-01-01T10:00:01.000+00:00'")).toEqual(["C3"])
    expect(await find("LastModified ge datetimeoffset'2026-01-01T13:00:01+03:00'")).toEqual(["B2", "C3"])
    expect(await find("LastModifiedDateTime lt date'2026-01-02'")).toEqual(["A1", "B2", "C3"])
  })

  it("compare dates as days of the profile's zone", async () => {
    const { get, world } = await open({ knobs: { zoneMinutes: 180 } })
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
    world.seed("Invoice", [{ Customer: "C1", Date: "2026-01-10" }])
    const count = async (text: string) => (await get(`Invoice?${filter(text)}`)).length
    expect(await count("Date eq date'2026-01-10'")).toBe(1)
    expect(await count("Date gt datetimeoffset'2026-01-09T20:59:59Z'")).toBe(1)
    expect(await count("Date gt datetimeoffset'2026-01-09T21:00:00Z'")).toBe(0)
  })

  it("know startswith, endswith and bare substringof", async () => {
    const { find } = await seeded()
    expect(await find("startswith(Description,'Blue')")).toEqual(["A1"])
    expect(await find("endswith(Description,'twin')")).toEqual(["B2"])
    expect(await find("substringof('widget',Description)")).toEqual(["A1", "B2"])
  })

  it("find nothing with substringof(..) eq true, and fail on not substringof(..)", async () => {
    const { find, status } = await seeded()
    expect(await find("substringof('widget',Description) eq true")).toEqual([])
    expect(await status("not substringof('widget',Description)")).toBe(500)
  })

  it("fail on unlike types, on what is no filter and on what is not there", async () => {
    const { get, status } = await seeded()
    const unlike = await get(`StockItem?${filter("InventoryID eq 5")}`)
    expect([unlike.status, String(unlike.at("exceptionMessage"))]).toEqual([
      500,
      expect.stringContaining("incompatible types"),
    ])
    for (const text of [
      "DefaultPrice eq '5'",
      "LastModified gt '2026-01-01'",
      "IsAKit eq 1",
      "Wings eq 'x'",
      "InventoryID eq",
      "InventoryID eq 'x",
      "contains(Description,'x')",
      "InventoryID",
      "InventoryID eq Description",
      "LastModified gt datetimeoffset'yesterday'",
    ]) {
      expect([text, await status(text)]).toEqual([text, 500])
    }
  })

  it("find nothing with AND across two views, though each part finds", async () => {
    const { get, world } = await open()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One", MainContact: { Email: "a@b.example" } }])
    const count = async (text: string) => (await get(`Customer?${filter(text)}`)).length
    const stamp = "LastModifiedDateTime gt datetimeoffset'2020-01-01T00:00:00Z'"
    const key = "CustomerID gt 'A'"
    expect([await count(stamp), await count(key)]).toEqual([1, 1])
    expect(await count(`${stamp} and ${key}`)).toBe(0)
    expect(await count(`${stamp} or ${key}`)).toBe(1)
    expect(await count(`${key} and CustomerName eq 'One'`)).toBe(1)
    world.knobs.twoViewAnd = "works"
    expect(await count(`${stamp} and ${key} and MainContact/Email eq 'a@b.example'`)).toBe(1)
  })

  it("reach linked entities and refuse details", async () => {
    const { get, world } = await open()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One", MainContact: { Email: "a@b.example" } }])
    expect((await get(`Customer?${filter("MainContact/Email eq 'a@b.example'")}`)).length).toBe(1)
    expect((await get(`SalesOrder?${filter("Details/InventoryID eq 'x'")}`)).status).toBe(500)
  })

  it("reach the tenant's own fields through cf", async () => {
    const { get, world } = await open()
    world
      .tenant()
      .custom.push(
        { entity: "Customer", path: "", view: "BAccount", field: "UsrHub", type: "String" },
        { entity: "Customer", path: "", view: "BAccount", field: "UsrScore", type: "Decimal" },
      )
    world.seed("Customer", [
      { CustomerID: "C1", CustomerName: "One", $custom: { "BAccount.UsrHub": "x", "BAccount.UsrScore": "1.5" } },
      { CustomerID: "C2", CustomerName: "Two" },
    ])
    const answer = async (text: string) => await get(`Customer?${filter(text)}`)
    expect((await answer("cf.String(f='BAccount.UsrHub') eq 'x'")).each("CustomerID.value")).toEqual(["C1"])
    expect((await answer("cf.Decimal(f='BAccount.UsrScore') gt 1M")).each("CustomerID.value")).toEqual(["C1"])
    expect((await answer("cf.String(f='BAccount.UsrWings') eq 'x'")).status).toBe(500)
    expect((await answer("cf.Decimal(f='BAccount.UsrHub') eq 1M")).status).toBe(500)
  })

  it("fold case where the tenant's collation does", async () => {
    const { find } = await seeded({ collation: "insensitive" })
    expect(await find("InventoryID eq 'b2'")).toEqual(["B2"])
    expect(await find("startswith(Description,'bLUE')")).toEqual(["A1"])
  })

  it("fail or find nothing beyond the key on forms that are built so", async () => {
    const { find, status, world } = await seeded({ nonKeyFilters: { StockItem: "empty" } })
    expect(await find("Description eq 'Blue widget'")).toEqual([])
    expect(await find("InventoryID eq 'A1'")).toEqual(["A1"])
    world.knobs.nonKeyFilters = { StockItem: "error" }
    expect(await status("Description eq 'Blue widget'")).toBe(500)
  })
})
