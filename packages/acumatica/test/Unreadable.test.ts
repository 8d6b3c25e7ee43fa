import * as Effect from "effect/Effect"
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

  it("is left out of a fresh read and named, and the rest of the record and the other records are there", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [
      Seeds.customer(0, { AccountRef: "hubspot/1/|_43ompany|9" }),
      Seeds.customer(1),
      Seeds.customer(2),
    ])
    bench.world.edit("Customer", ["C0000"], { CurrencyID: "dollars" })
    const [byId, byKey] = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.all([ports.Account.get(["C0000", "C0001", "C0002"]), ports.Account.find(["hubspot/1/|Company|9"])]),
    )
    for (const found of [byId.get("C0000"), byKey.get("hubspot/1/|Company|9")]) {
      expect(found?.issues).toMatchObject([{ path: ["currency"], message: expect.stringMatching(/7 characters/) }])
      expect(found?.record.name).toBe("Customer 0")
      expect(found?.record).not.toHaveProperty("currency")
      expect(found?.key).toBe("hubspot/1/|Company|9")
    }
    expect([...byId.keys()]).toEqual(["C0000", "C0001", "C0002"])
    expect(byId.get("C0002")?.issues).toBeUndefined()
  })

  it("is told of a stamp too, wherever the record is met", async () => {
    for (const pageSize of [2, 100]) {
      const bench = Bench.make()
      bench.world.seed("Customer", Seeds.customers(8, { $modified: Bench.START - Seeds.HOUR }))
      const doc = bench.world.customer("C0003")
      if (doc !== undefined) doc.modified = "yesterday"
      const { changes } = await Bench.use(bench, Bench.options(bench, { pageSize }), ({ ports }) =>
        Bench.readAll(ports.Account),
      )
      const bad = changes.flatMap((change) => (change._tag === "Undecodable" ? [change] : []))
      expect(new Set(bad.map(({ id }) => id)), `pages of ${pageSize}`).toEqual(new Set(["C0003"]))
      expect(bad[0]?.reason.message).toMatch(/modified: the record has no stamp/)
      expect(Bench.upserted(changes), `pages of ${pageSize}`).toHaveLength(7)
    }
  })
})
