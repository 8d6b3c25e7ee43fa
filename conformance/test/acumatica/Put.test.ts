import { describe, expect, it } from "vitest"
import { amount, filter, open, values } from "./Client.ts"

const named = (name: string, more: Record<string, unknown> = {}) => values({ CustomerName: name, ...more })

describe("PUT", () => {
  it("makes two records of two bodies without a key", async () => {
    const { put, world } = await open()
    const body = named("Blauwal")
    const ids = [(await put("Customer", body)).at("id"), (await put("Customer", body)).at("id")]
    expect(new Set(ids).size).toBe(2)
    expect(world.all("Customer").map((one) => one.fields["CustomerID"])).toEqual(["C000001", "C000002"])
  })

  it("updates the record whose key it names", async () => {
    const { put, world } = await open()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "Old" }])
    const answer = await put("Customer", named("New", { CustomerID: "C1" }))
    expect(answer.status).toBe(200)
    expect(world.customer("C1")?.fields["CustomerName"]).toBe("New")
    expect(world.all("Customer")).toHaveLength(1)
  })

  it("inserts under the key it names where numbers are given by hand", async () => {
    const { put, world } = await open()
    await put("StockItem", values({ InventoryID: "WIDGET", Description: "A widget" }))
    expect(world.stockItem("WIDGET")?.fields["Description"]).toBe("A widget")
    const keyless = await put("StockItem", values({ Description: "nothing" }))
    expect([keyless.status, keyless.at("InventoryID.error")]).toEqual([422, "'Inventory ID' cannot be empty."])
  })

  it("gives the next number to a key that is not there, takes it, or refuses it, as the build does", async () => {
    const { put, world } = await open()
    const body = named("Blauwal", { CustomerID: "MINE" })
    await put("Customer", body)
    expect(world.customer("C000001")).toBeDefined()
    world.knobs.keyMissingOnAuto = "error"
    expect((await put("Customer", body)).status).toBe(422)
    world.knobs.keyMissingOnAuto = "insert"
    await put("Customer", body)
    expect(world.customer("MINE")).toBeDefined()
    expect(world.all("Customer")).toHaveLength(2)
  })

  it("finds by $filter or inserts, in one request", async () => {
    const { put, world } = await open()
    const path = `Customer?${filter("AccountRef eq 'hs-123'")}`
    const first = await put(path, named("Blauwal", { AccountRef: "hs-123" }))
    const second = await put(path, named("Blauwal AG", { AccountRef: "hs-123" }))
    expect(second.at("id")).toBe(first.at("id"))
    expect(world.all("Customer")).toHaveLength(1)
    expect(world.customer("C000001")?.fields["CustomerName"]).toBe("Blauwal AG")
  })

  it("takes one of several matches, or fails, as the build does", async () => {
    const { put, world } = await open()
    world.seed("Customer", [
      { CustomerID: "C1", CustomerName: "One", AccountRef: "x" },
      { CustomerID: "C2", CustomerName: "Two", AccountRef: "x" },
    ])
    const path = `Customer?${filter("AccountRef eq 'x'")}`
    expect((await put(path, named("Changed"))).status).toBe(200)
    expect(world.all("Customer").filter((one) => one.fields["CustomerName"] === "Changed")).toHaveLength(1)
    world.knobs.severalMatches = "error"
    expect((await put(path, named("Again"))).status).toBe(500)
  })

  it("makes two records when a filter cannot see yet what was just committed", async () => {
    const { clock, put, world } = await open({ knobs: { commitDelay: 5000 } })
    const path = `Customer?${filter("AccountRef eq 'x'")}`
    await put(path, named("One", { AccountRef: "x" }))
    await put(path, named("One", { AccountRef: "x" }))
    await clock.advance("6 seconds")
    world.settle()
    expect(world.all("Customer")).toHaveLength(2)
  })

  it("updates the record whose id it carries", async () => {
    const { put, world } = await open()
    const id = (await put("Customer", named("Old"))).at("id")
    await put("Customer", { id, ...named("New") })
    expect(world.all("Customer").map((one) => one.fields["CustomerName"])).toEqual(["New"])
  })

  it("answers with what was sent and what was asked for, and nothing more", async () => {
    const { put, world } = await open()
    const bare = await put("Customer", named("Blauwal"))
    expect(bare.at("CustomerName.value")).toBe("Blauwal")
    expect(bare.at("CustomerID")).toBeUndefined()
    expect(bare.at("Status")).toBeUndefined()
    const asked = await put("Customer?$select=CustomerID,Status", named("Blauwal"))
    expect([asked.at("CustomerID.value"), asked.at("Status.value")]).toEqual(["C000002", "Active"])
    expect(asked.at("CustomerName.value")).toBe("Blauwal")
    world.knobs.echoKeys = true
    expect((await put("Customer", named("Blauwal"))).at("CustomerID.value")).toBe("C000003")
  })

  it("checks existence, and nothing else, with If-Match and If-None-Match", async () => {
    const { put, world } = await open()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "Old" }])
    const exists = named("New", { CustomerID: "C1" })
    const missing = named("New", { CustomerID: "C2" })
    expect((await put("Customer", exists, { headers: { "if-none-match": "*" } })).status).toBe(412)
    expect((await put("Customer", missing, { headers: { "if-match": "*" } })).status).toBe(412)
    expect(world.all("Customer").map((one) => one.fields["CustomerName"])).toEqual(["Old"])
    expect((await put("Customer", exists, { headers: { "if-match": "*" } })).status).toBe(200)
    expect((await put("Customer", missing, { headers: { "if-none-match": "*" } })).status).toBe(200)
  })

  it("moves no stamp when nothing changed", async () => {
    const { clock, put, twin, world } = await open()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "Same" }])
    const before = world.customer("C1")?.modified
    await clock.advance("1 second")
    await put("Customer", named("Same", { CustomerID: "C1" }))
    expect(world.customer("C1")?.modified).toBe(before)
    expect(twin.journal.writes()).toHaveLength(0)
    await put("Customer", named("Other", { CustomerID: "C1" }))
    expect(world.customer("C1")?.modified).toBe("2026-01-15T12:00:01.000Z")
  })

  it("lets the form overwrite what was sent, and discards what a tenant's form discards", async () => {
    const { put, world } = await open({ knobs: { discards: { Customer: ["TaxRegistrationID"] } } })
    world.seed("StockItem", [{ InventoryID: "I1", DefaultPrice: "5" }])
    await put("Customer", named("Blauwal", { CurrencyID: "EUR", TaxRegistrationID: "DE1" }))
    expect(world.customer("C000001")?.fields).toMatchObject({ CurrencyID: "USD" })
    expect(world.customer("C000001")?.fields["TaxRegistrationID"]).toBeUndefined()
    await put("Customer", named("Blauwal", { CustomerID: "C000001", CurrencyID: "EUR", EnableCurrencyOverride: true }))
    expect(world.customer("C000001")?.fields["CurrencyID"]).toBe("EUR")
    const line = values({ InventoryID: "I1", OrderQty: amount("3"), Amount: amount("999") })
    await put("SalesOrder", { ...values({ CustomerID: "C000001" }), Details: [line] })
    expect(world.order("SO000001")?.fields["OrderTotal"]).toBe("15")
  })

  it("leaves {} and null alone unless the build clears them, and clears text with an empty one", async () => {
    const { put, world } = await open()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One", AccountRef: "x", TaxZone: "z", ShipVia: "s" }])
    const body = { ...values({ CustomerID: "C1", AccountRef: null, ShipVia: "" }), TaxZone: {} }
    await put("Customer", body)
    expect(world.customer("C1")?.fields).toMatchObject({ AccountRef: "x", TaxZone: "z", ShipVia: null })
    Object.assign(world.knobs, { emptyOnWrite: "clear", nullOnWrite: "clear" })
    await put("Customer", body)
    expect(world.customer("C1")?.fields).toMatchObject({ AccountRef: null, TaxZone: null })
  })

  it("answers 200 and saves nothing where the form does not persist", async () => {
    const { put, twin, world } = await open({ knobs: { savesNothing: ["Customer"] } })
    expect((await put("Customer", named("Blauwal"))).status).toBe(200)
    expect(world.all("Customer")).toHaveLength(0)
    expect(twin.journal.writes()).toHaveLength(0)
  })

  it("keeps amounts of thirty digits, digit for digit", async () => {
    const { get, put, world } = await open()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
    const text = "123456789012345678901234.123456"
    await put("Customer", values({ CustomerID: "C1", CreditLimit: amount(text) }))
    expect((await get("Customer/C1")).at("CreditLimit.value")).toBe(text)
  })

  it("keeps a date without a time as that day, in the zone of the profile", async () => {
    const { get, put, world } = await open({ knobs: { zoneMinutes: 180 } })
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
    await put("Invoice", values({ Customer: "C1", Date: "2026-03-01" }))
    expect((await get("Invoice/Invoice/AR000001")).at("Date.value")).toBe("2026-03-01T00:00:00+03:00")
    await put("Invoice", values({ Type: "Invoice", ReferenceNbr: "AR000001", Date: "2026-03-01T23:00:00+00:00" }))
    expect((await get("Invoice/Invoice/AR000001")).at("Date.value")).toBe("2026-03-02T00:00:00+03:00")
  })
})

describe("PATCH", () => {
  it("is not there below 25", async () => {
    const { patch } = await open()
    expect((await patch("Customer", named("New"))).status).toBe(405)
  })

  it("never inserts", async () => {
    const { patch, world } = await open({}, "25.200.001")
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "Old" }])
    expect((await patch("Customer", named("New", { CustomerID: "C2" }))).status).toBe(404)
    const guarded = { headers: { "if-none-match": "*" } }
    expect((await patch("Customer", named("New", { CustomerID: "C1" }), guarded)).status).toBe(412)
    expect(world.all("Customer").map((one) => one.fields["CustomerName"])).toEqual(["Old"])
  })

  it("applies equal values too, so that the stamp moves", async () => {
    const { clock, patch, world } = await open({}, "25.200.001")
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "Same" }])
    await clock.advance("1 second")
    expect((await patch("Customer", named("Same", { CustomerID: "C1" }))).status).toBe(200)
    expect(world.customer("C1")?.modified).toBe("2026-01-15T12:00:01.000Z")
  })
})

describe("DELETE", () => {
  it("removes by key or id with 204, and refuses what is used", async () => {
    const { get, remove, world } = await open()
    const [one, two] = world.seed("Customer", [
      { CustomerID: "C1", CustomerName: "One" },
      { CustomerID: "C2", CustomerName: "Two" },
    ])
    expect((await remove("Customer/C1")).status).toBe(204)
    expect((await get("Customer/C1")).status).toBe(404)
    world.seed("SalesOrder", [{ CustomerID: "C2" }])
    expect((await remove(`Customer/${two?.id}`)).status).toBe(500)
    expect(world.customer("C2")).toBeDefined()
    expect(one?.id).not.toBe(two?.id)
  })
})
