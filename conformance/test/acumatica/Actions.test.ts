import { describe, expect, it } from "vitest"
import { amount, open, values } from "./Client.ts"

const invoice = values({ Type: "Invoice", ReferenceNbr: "INV1" })

const withInvoice = async (version = "24.200.001", knobs = {}) => {
  const made = await open({ knobs }, version)
  made.world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
  made.world.seed("StockItem", [{ InventoryID: "I1", DefaultPrice: "10" }])
  made.world.seed("SalesInvoice", [
    { ReferenceNbr: "INV1", CustomerID: "C1", Hold: false, Details: [{ InventoryID: "I1", Qty: "3" }] },
  ])
  const release = () => made.post("SalesInvoice/ReleaseSalesInvoice", { entity: invoice })
  const poll = (location: string | null) => made.send(new URL(location ?? "", "https://x.example").pathname.slice(8))
  return { ...made, release, poll }
}

describe("long operations", () => {
  it("answer 202, then 202 while they run and 204 when they are done", async () => {
    const { poll, release, world } = await withInvoice()
    const started = await release()
    expect(started.status).toBe(202)
    const location = started.headers.get("location")
    const seen = [(await poll(location)).status, (await poll(location)).status]
    expect(world.invoice("INV1")?.fields["Status"]).toBe("Balanced")
    expect([...seen, (await poll(location)).status]).toEqual([202, 202, 204])
    expect(world.invoice("INV1")?.fields).toMatchObject({ Status: "Open", Balance: "30" })
    expect((await poll(location)).status).toBe(204)
  })

  it("name their status by an absolute address, or a relative one with or without the instance", async () => {
    const forms = {
      absolute: "https://acme.acumatica.example/AcmeERP",
      relative: "/AcmeERP",
      relativeWithoutInstance: "",
    }
    for (const [location, start] of Object.entries(forms)) {
      const { release } = await withInvoice("24.200.001", { location })
      const path = `${start}/entity/Default/24.200.001/SalesInvoice/ReleaseSalesInvoice/status/`
      expect((await release()).headers.get("location")?.startsWith(path)).toBe(true)
    }
  })

  it("end by themselves when nobody polls", async () => {
    const { clock, get, release, world } = await withInvoice()
    await release()
    await clock.advance("31 seconds")
    await get("Customer")
    expect(world.invoice("INV1")?.fields["Status"]).toBe("Open")
  })

  it("block their form in the session: 409 from 25 on, 500 before", async () => {
    for (const [version, status] of [
      ["25.200.001", 409],
      ["24.200.001", 500],
    ] as const) {
      const { get, poll, release } = await withInvoice(version)
      const location = (await release()).headers.get("location")
      expect((await get("SalesInvoice")).status).toBe(status)
      expect((await get("Customer")).status).toBe(200)
      for (let i = 0; i < 3; i++) await poll(location)
      expect((await get("SalesInvoice")).status).toBe(200)
    }
  })

  it("run one at a time in a session", async () => {
    const { post, release, world } = await withInvoice("25.200.001")
    world.seed("Payment", [{ ReferenceNbr: "P1", CustomerID: "C1", Hold: false }])
    await release()
    const entity = values({ Type: "Payment", ReferenceNbr: "P1" })
    expect((await post("Payment/ReleasePayment", { entity })).status).toBe(409)
  })

  it("fail at the poll and leave the document as it was", async () => {
    const failingActions = { "SalesInvoice/ReleaseSalesInvoice/Invoice/INV1": "The period is closed." }
    const { poll, release, world } = await withInvoice("24.200.001", { failingActions })
    const location = (await release()).headers.get("location")
    for (let i = 0; i < 2; i++) await poll(location)
    const failed = await poll(location)
    expect([failed.status, failed.at("exceptionMessage")]).toEqual([500, "The period is closed."])
    expect(world.invoice("INV1")?.fields["Status"]).toBe("Balanced")
  })

  it("fail for a document that is released already, or held", async () => {
    const { poll, release, world } = await withInvoice("24.200.001", { operation: { polls: 0, millis: 1000 } })
    await poll((await release()).headers.get("location"))
    const again = await poll((await release()).headers.get("location"))
    expect([again.status, again.at("exceptionMessage")]).toEqual([500, "Document Status is invalid for processing."])
    expect(world.invoice("INV1")?.fields["Status"]).toBe("Open")
  })

  it("make another invoice of an order at every call", async () => {
    const { poll, post, world } = await withInvoice("24.200.001", { operation: { polls: 0, millis: 1000 } })
    world.seed("SalesOrder", [{ CustomerID: "C1", Hold: false, Details: [{ InventoryID: "I1", OrderQty: "2" }] }])
    const entity = values({ OrderType: "SO", OrderNbr: "SO000001" })
    for (let i = 0; i < 2; i++) {
      await poll((await post("SalesOrder/PrepareSalesInvoice", { entity })).headers.get("location"))
    }
    const made = world.all("SalesInvoice").filter((one) => one.fields["ReferenceNbr"] !== "INV1")
    expect(made.map((one) => one.fields["Amount"])).toEqual(["20", "20"])
    expect(made[0]?.rows["Details"]?.[0]?.fields).toMatchObject({
      OrderType: "SO",
      OrderNbr: "SO000001",
      OrderLineNbr: "1",
    })
  })
})

describe("actions", () => {
  it("that are done at once answer 204 with the address of the record", async () => {
    const { post, world } = await withInvoice()
    const [order] = world.seed("SalesOrder", [{ CustomerID: "C1" }])
    const answer = await post("SalesOrder/CancelSalesOrder", { entity: { id: order?.id } })
    expect(answer.status).toBe(204)
    expect(answer.headers.get("location")).toMatch(new RegExp(`SalesOrder/${order?.id}$`))
    expect(world.order("SO000001")?.fields["Status"]).toBe("Canceled")
  })

  it("run by the form's own name from 20 on", async () => {
    const { post } = await withInvoice("18.200.001")
    expect((await post("SalesInvoice/Release", { entity: invoice })).status).toBe(404)
    const { post: later } = await withInvoice("20.200.001")
    expect((await later("SalesInvoice/Release", { entity: invoice })).status).toBe(202)
  })

  it("take the hold off by PUT as well", async () => {
    const { put, world } = await withInvoice()
    await put("SalesInvoice", values({ CustomerID: "C1" }))
    expect(world.invoice("INV000001")?.fields["Status"]).toBe("On Hold")
    await put("SalesInvoice", values({ Type: "Invoice", ReferenceNbr: "INV000001", Hold: false }))
    expect(world.invoice("INV000001")?.fields["Status"]).toBe("Balanced")
  })

  it("are not found for a record that is not there", async () => {
    const { post } = await withInvoice()
    const entity = values({ Type: "Invoice", ReferenceNbr: "NONE", Amount: amount("1") })
    expect((await post("SalesInvoice/ReleaseSalesInvoice", { entity })).status).toBe(404)
  })
})
