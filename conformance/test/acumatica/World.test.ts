import * as Json from "@mortise/core/Json"
import { describe, expect, it } from "vitest"
import { filter, make, open, values } from "./Client.ts"

describe("the world", () => {
  it("goes to JSON and back, sessions and late commits with it", async () => {
    const first = await open({ knobs: { commitDelay: 60_000 } })
    first.world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One", $note: "n", $custom: { "A.UsrB": "x" } }])
    first.world.tenant().push.subscribe({ query: "Customers", entity: "Customer", fields: ["CustomerID"] })
    await first.put("Customer", values({ CustomerID: "C1", AccountRef: "late" }))
    const dump = JSON.parse(JSON.stringify(first.world.dump()))
    const second = make()
    second.world.load(dump)
    expect(JSON.parse(JSON.stringify(second.world.dump()))).toEqual(dump)
    const answer = await second.twin.fetch(`${second.twin.origin}/AcmeERP/entity/Default/24.200.001/Customer`, {
      headers: { cookie: first.cookie },
    })
    expect(answer.status).toBe(200)
    await second.clock.advance("2 minutes")
    second.world.settle()
    expect(second.world.customer("C1")?.fields["AccountRef"]).toBe("late")
    const made = second.world.seed("Customer", [{ CustomerName: "Two" }])
    expect(first.world.all("Customer").map((one) => one.id)).not.toContain(made[0]?.id)
  })

  it("follows from its seed", async () => {
    const ids = async (seed: number) => {
      const { put } = await open({ seed })
      return (await put("Customer", values({ CustomerName: "One" }))).at("id")
    }
    expect(await ids(1)).toBe(await ids(1))
    expect(await ids(1)).not.toBe(await ids(2))
  })

  it("refuses a seed with a member that the entity does not have", () => {
    const { world } = make()
    expect(() => world.seed("Customer", [{ Wings: "2" }])).toThrow("Customer has no member Wings")
    expect(() => world.seed("Dragon", [])).toThrow("no entity Dragon")
  })

  it("lets somebody else edit, with or without a moved stamp, seen now or later", async () => {
    const { clock, world } = make()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One", $modified: 0 }])
    world.edit("Customer", ["C1"], { AccountRef: "a" }, { moveStamp: false })
    expect(world.customer("C1")).toMatchObject({ modified: "1970-01-01T00:00:00.000Z", fields: { AccountRef: "a" } })
    world.edit("Customer", ["C1"], { AccountRef: "b" }, { seenAfter: 1000 })
    expect(world.customer("C1")?.fields["AccountRef"]).toBe("a")
    await clock.advance("1 second")
    world.settle()
    expect(world.customer("C1")).toMatchObject({ modified: "2026-01-15T12:00:00.000Z", fields: { AccountRef: "b" } })
  })

  it("holds a business of ten thousand records and lists from it at once", async () => {
    const { get, world } = await open()
    const many = <A>(count: number, of: (i: number) => A) => Array.from({ length: count }, (_, i) => of(i))
    world.seed(
      "Customer",
      many(1200, (i) => ({ CustomerID: `C${i}`, CustomerName: `Name ${i}` })),
    )
    world.seed(
      "Contact",
      many(2000, (i) => ({ LastName: `Name ${i}`, BusinessAccount: `C${i % 1200}` })),
    )
    world.seed(
      "StockItem",
      many(300, (i) => ({ InventoryID: `I${i}`, DefaultPrice: "12.50" })),
    )
    world.seed(
      "SalesInvoice",
      many(3000, (i) => ({
        ReferenceNbr: `INV${i}`,
        CustomerID: `C${i % 1200}`,
        $released: true,
        $modified: Date.UTC(2025, 0, 1) + i * 1000,
        Details: [{ InventoryID: `I${i % 300}`, Qty: "2" }],
      })),
    )
    world.seed(
      "Payment",
      many(1800, (i) => ({
        CustomerID: `C${i % 1200}`,
        PaymentAmount: "10",
        $released: true,
        DocumentsToApply: [{ DocType: "INV", ReferenceNbr: `INV${i}`, AmountPaid: "10" }],
      })),
    )
    expect(world.invoice("INV7")?.fields).toMatchObject({ Amount: "25", Balance: "15", Status: "Open" })
    expect(world.all("Payment").filter((one) => one.fields["Status"] === "Closed")).toHaveLength(1800)
    const path = `SalesInvoice?${filter("LastModifiedDateTime ge datetimeoffset'2025-01-01T00:49:00Z'")}&$top=100`
    await get(path)
    const started = performance.now()
    expect((await get(path)).length).toBe(60)
    // A few milliseconds; the bound only tells a scan from something worse on a busy machine.
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe("push notifications", () => {
  const withPush = async (twice = false) => {
    const made = await open({ knobs: { pushTwice: twice } })
    const { push } = made.world.tenant()
    const header = { name: "x-secret", value: "s" }
    push.subscribe({ query: "Customers", entity: "Customer", fields: ["CustomerID", "NoteID"], header })
    return { ...made, push }
  }

  it("hold the row before and after, the tenant, an id and ticks, and no signature", async () => {
    const { clock, push, put, world } = await withPush()
    await put("Customer", values({ CustomerName: "One" }))
    await clock.advance("1 second")
    await put("Customer", values({ CustomerID: "C000001", CustomerName: "Two" }))
    const [created, updated] = push.waiting()
    const first = Json.parse(created?.body ?? "") as Record<string, unknown>
    const row = { CustomerID: "C000001", NoteID: world.customer("C000001")?.id }
    expect(first).toMatchObject({ Inserted: [row], Deleted: [], Query: "Customers", CompanyId: "Acme" })
    expect(first["TimeStamp"]).toEqual(new Json.JsonNumber({ text: "639040752000000000" }))
    expect(Json.parse(updated?.body ?? "")).toMatchObject({ Inserted: [row], Deleted: [row] })
    expect(created?.id).not.toBe(updated?.id)
    expect(Object.keys(created?.headers ?? {})).toEqual(["content-type", "x-secret"])
  })

  it("come twice where they do, under one id", async () => {
    const { push, put } = await withPush(true)
    await put("Customer", values({ CustomerName: "One" }))
    expect(push.waiting().map((one) => one.id)).toEqual(Array(2).fill(push.waiting()[0]?.id))
  })

  it("are tried five times, then given up, and may be sent again", async () => {
    const { push, put } = await withPush()
    await put("Customer", values({ CustomerName: "One" }))
    let tries = 0
    for (let i = 0; i < 8; i++) {
      await push.deliver(async () => {
        tries += 1
        return 500
      })
    }
    expect([tries, push.waiting().length, push.givenUp().length]).toEqual([5, 0, 1])
    push.resend()
    await push.deliver(async () => 202)
    expect([push.waiting().length, push.givenUp().length]).toEqual([0, 0])
  })
})
