import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

describe("a value that is of the right type and still none of the entity's", () => {
  it("sets its record apart, with the field and the shape, and the others are delivered", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(5))
    bench.world.edit("Customer", ["C0002"], { CurrencyID: "dollars" })
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Account))
    const bad = changes.flatMap((change) => (change._tag === "Undecodable" ? [change] : []))
    expect(bad).toMatchObject([{ id: "C0002", reason: { _tag: "Decode", issues: [{ path: ["currency"] }] } }])
    expect(bad[0]?.reason.message).toMatch(/currency: .*found a string of 7 characters/)
    expect(JSON.stringify(bad[0]?.reason)).not.toContain("dollars")
    expect(Bench.upserted(changes)).toHaveLength(4)
  })

  it("is told for a day that no calendar has", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(1))
    bench.world.seed("StockItem", [Seeds.item("BOLT")])
    bench.world.seed("SalesInvoice", [Seeds.salesInvoice("S001"), Seeds.salesInvoice("S002")])
    bench.world.edit("SalesInvoice", ["Invoice", "S001"], { DueDate: "2026-02-30T00:00:00+00:00" })
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Invoice))
    const bad = changes.flatMap((change) => (change._tag === "Undecodable" ? [change] : []))
    expect(bad).toMatchObject([{ id: "Invoice/S001", reason: { _tag: "Decode" } }])
    expect(bad[0]?.reason.message).toMatch(/due.?date/i)
    expect(Bench.upserted(changes)).toHaveLength(1)
  })

  it("fails a fresh read by the same name", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(1))
    bench.world.edit("Customer", ["C0000"], { CurrencyID: "dollars" })
    const error = await Bench.failure(bench, Bench.options(bench), ({ ports }) => ports.Account.get(["C0000"]))
    expect(error.reason).toMatchObject({ _tag: "Decode", issues: [{ path: ["currency"] }] })
  })
})
