import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { Version } from "../src/Versions.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const ids = (changes: Parameters<typeof Bench.upserted>[0]) => Bench.upserted(changes).map((change) => change.id)
const filters = (bench: Bench.Bench, path: string) =>
  bench.twin.journal.lines
    .filter((line) => line.method === "GET" && new URL(line.url).pathname.endsWith(`/${path}`))
    .map((line) => Bench.queryOf(line).get("$filter") ?? "")

describe("reading customers", () => {
  it("delivers each once, whatever the order of the list", async () => {
    for (const listOrder of ["shuffled", "key", "reshuffled"] as const) {
      const bench = Bench.make({ knobs: { listOrder } })
      bench.world.seed("Customer", Seeds.customers(60))
      const { changes } = await Bench.use(bench, Bench.options(bench, { pageSize: 7 }), ({ ports }) =>
        Bench.readAll(ports.Account),
      )
      expect([...ids(changes)].sort()).toEqual(Seeds.customers(60).map((each) => each["CustomerID"]))
    }
  })

  it("delivers more of one stamp than a page holds, without asking for stamp and key together", async () => {
    const bench = Bench.make({ knobs: { twoViewAnd: "empty" } })
    bench.world.seed("Customer", Seeds.customers(23, { $modified: Bench.START - Seeds.HOUR }))
    bench.world.seed("Customer", [Seeds.customer(50), Seeds.customer(51)])
    const { changes } = await Bench.use(bench, Bench.options(bench, { pageSize: 5 }), ({ ports }) =>
      Bench.readAll(ports.Account),
    )
    expect(new Set(ids(changes)).size).toBe(25)
    expect(ids(changes).length).toBe(25)
    const both = filters(bench, "Customer").filter((text) => /LastModified/.test(text) && /CustomerID/.test(text))
    expect(both).toEqual([])
    expect(filters(bench, "Customer").some((text) => text.startsWith("CustomerID gt"))).toBe(true)
  })

  it("asks a list that cannot be optimized for its keys and reads the records one by one", async () => {
    const bench = Bench.make({ knobs: { nonOptimizable: { Customer: ["MainContact"] } } })
    bench.world.seed("Customer", Seeds.customers(4))
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Account))
    expect(ids(changes).length).toBe(4)
    expect(Bench.upserted(changes).every(({ record }) => record.email?.startsWith("post") === true)).toBe(true)
    const gets = Bench.requests(bench).filter((request) => request.startsWith("GET /Customer/C"))
    expect(new Set(gets).size).toBe(4)
  })

  it("delivers nothing twice and a change once", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(10))
    const [first, second, third] = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const one = yield* Bench.readAll(ports.Account)
        yield* Effect.sleep("10 minutes")
        const two = yield* Bench.readAll(ports.Account, { cursor: one.cursor })
        bench.world.edit("Customer", ["C0003"], { CustomerName: "Renamed" })
        yield* Effect.sleep("10 minutes")
        const three = yield* Bench.readAll(ports.Account, { cursor: two.cursor })
        return [one, two, three] as const
      }),
    )
    expect(ids(first.changes).length).toBe(10)
    expect(second.changes).toEqual([])
    expect(Bench.upserted(third.changes).map(({ record }) => record.name)).toEqual(["Renamed"])
  })

  it("finds a commit that became visible after its stamp was passed", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(3))
    const later = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        bench.world.edit("Customer", ["C0001"], { CustomerName: "Late" }, { seenAfter: 90_000 })
        const one = yield* Bench.readAll(ports.Account)
        yield* Effect.sleep("5 minutes")
        return yield* Bench.readAll(ports.Account, { cursor: one.cursor })
      }),
    )
    expect(Bench.upserted(later.changes).map(({ record }) => record.name)).toEqual(["Late"])
  })

  it("finds an edit of contact data that moves no stamp of the customer", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(3))
    bench.world.seed("Contact", [
      { ContactID: "100", LastName: "Nagy", BusinessAccount: "C0001", $modified: Bench.START - Seeds.HOUR },
    ])
    const later = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const one = yield* Bench.readAll(ports.Account)
        yield* Effect.sleep("10 minutes")
        bench.world.edit("Customer", ["C0001"], { MainContact: { Email: "new@example.com" } }, { moveStamp: false })
        bench.world.edit("Contact", ["100"], { LastName: "Kovács" })
        yield* Effect.sleep("10 minutes")
        return yield* Bench.readAll(ports.Account, { cursor: one.cursor })
      }),
    )
    expect(Bench.upserted(later.changes).map(({ record }) => record.email)).toEqual(["new@example.com"])
  })

  it("asks the vendor for nothing that was not asked for", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(2))
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Bench.readAll(ports.Account, { fields: ["name"] }),
    )
    expect(Bench.upserted(changes).map(({ record }) => Object.keys(record).sort())).toEqual([
      ["modified", "name"],
      ["modified", "name"],
    ])
    const selects = bench.twin.journal.lines.flatMap((line) => Bench.queryOf(line).get("$select") ?? [])
    expect([...new Set(selects)]).toEqual(["CustomerID,LastModifiedDateTime,AccountRef,CustomerName"])
  })

  it("keeps what meets the conditions and drops the rest", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(1), Seeds.customer(2, { Status: "Inactive" })])
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Bench.readAll(ports.Account, { where: [{ field: "status", is: "inactive" }] }),
    )
    expect(ids(changes)).toEqual(["C0002"])
  })

  it("reads the tenant's own fields", async () => {
    const bench = Bench.make()
    bench.world
      .tenant()
      .custom.push({ entity: "Customer", path: "", view: "CurrentCustomer", field: "UsrRegion", type: "String" })
    bench.world.seed("Customer", [Seeds.customer(1, { $custom: { "CurrentCustomer.UsrRegion": "Nord" } })])
    const config = Bench.options(bench, { custom: { Account: { "CurrentCustomer.UsrRegion": "String" } } })
    const { changes } = await Bench.use(bench, config, ({ ports }) => Bench.readAll(ports.Account))
    expect(Bench.upserted(changes).map(({ record }) => record.custom)).toEqual([
      { "CurrentCustomer.UsrRegion": "Nord" },
    ])
  })
})

describe("reading by the field of the version", () => {
  const cases: ReadonlyArray<readonly [Version, string, string]> = [
    ["20.200.001", "Product", "LastModified"],
    ["23.200.001", "Product", "LastModified"],
    ["24.200.001", "Product", "LastModifiedDateTime"],
    ["25.200.001", "Order", "LastModified"],
    ["20.200.001", "Payment", "LastModifiedDateTime"],
  ]
  const forms: Readonly<Record<string, string>> = { Product: "StockItem", Order: "SalesOrder", Payment: "Payment" }

  for (const [version, entity, field] of cases) {
    it(`asks ${version} for ${entity} by ${field}`, async () => {
      const bench = Bench.make()
      bench.world.seed("StockItem", [Seeds.item("BOLT")])
      await Bench.use(bench, Bench.options(bench, { version }), ({ ports }) =>
        Effect.gen(function* () {
          const port = entity === "Product" ? ports.Product : entity === "Order" ? ports.Order : ports.Payment
          const one = yield* Bench.readAll(port as typeof ports.Order)
          yield* Effect.sleep("1 hour")
          yield* Bench.readAll(port as typeof ports.Order, { cursor: one.cursor })
        }),
      )
      const last = filters(bench, forms[entity] ?? "").at(-1) ?? ""
      expect(last).toMatch(new RegExp(`^${field} ge datetimeoffset'2026-`))
    })
  }

  it("compares snapshots where the version has no stamp, and tells a deletion", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(1))
    bench.world.seed("StockItem", [Seeds.item("BOLT")])
    bench.world.seed("SalesInvoice", [
      Seeds.salesInvoice("S001"),
      Seeds.salesInvoice("S002"),
      Seeds.salesInvoice("S003"),
    ])
    bench.world.seed("Invoice", [Seeds.ledgerInvoice("L001"), Seeds.ledgerInvoice("L002")])
    const config = Bench.options(bench, { version: "22.200.001", pageSize: 2 })
    const [first, second, third] = await Bench.use(bench, config, ({ ports }) =>
      Effect.gen(function* () {
        expect(ports.Invoice.features.modified.strategy).toBe("snapshot")
        const one = yield* Bench.readAll(ports.Invoice)
        const two = yield* Bench.readAll(ports.Invoice)
        bench.world.edit("SalesInvoice", ["Invoice", "S002"], { Description: "changed" }, { moveStamp: false })
        bench.world.remove("Invoice", "Invoice", "L001")
        const three = yield* Bench.readAll(ports.Invoice)
        return [one, two, three] as const
      }),
    )
    expect([...ids(first.changes)].sort()).toEqual([
      "Invoice/L001",
      "Invoice/L002",
      "Invoice/S001",
      "Invoice/S002",
      "Invoice/S003",
    ])
    expect(second.changes).toEqual([])
    expect(third.changes.map((change) => [change._tag, "id" in change ? change.id : ""]).sort()).toEqual([
      ["Deleted", "Invoice/L001"],
      ["Upserted", "Invoice/S002"],
    ])
  })
})

describe("reading orders", () => {
  it("keeps every line, with its key, product and exact amounts", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(1))
    bench.world.seed("StockItem", [Seeds.item("BOLT"), Seeds.item("NUT")])
    bench.world.seed("SalesOrder", [
      {
        OrderType: "SO",
        OrderNbr: "000001",
        CustomerID: "C0000",
        Hold: false,
        Details: [
          { InventoryID: "BOLT", OrderQty: "3", UnitPrice: "0.1", ExternalRef: "line-1" },
          { InventoryID: "NUT", OrderQty: "1", UnitPrice: "12345678901234567890.12" },
        ],
      },
    ])
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Order))
    const [order] = Bench.upserted(changes)
    expect(order?.id).toBe("SO/000001")
    expect(order?.record.state?.code).toBe("open")
    const lines = (order?.record.lines ?? []).map((line) => [
      line.key,
      line.product?.id,
      line.unitPrice && Decimal.format(line.unitPrice),
    ])
    expect(lines).toEqual([
      ["line-1", "BOLT", "0.1"],
      ["#2", "NUT", "12345678901234567890.12"],
    ])
  })

  it("scans by type and number where more orders share a stamp than a page holds, unknown types too", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(1))
    const orders = ["SO", "QT", "ZZ"].flatMap((OrderType) =>
      Array.from({ length: 9 }, (_, index) => ({
        OrderType,
        OrderNbr: `${index + 100}`,
        CustomerID: "C0000",
        $modified: Bench.START - Seeds.HOUR,
      })),
    )
    bench.world.seed("SalesOrder", orders)
    const { changes } = await Bench.use(bench, Bench.options(bench, { pageSize: 4 }), ({ ports }) =>
      Bench.readAll(ports.Order),
    )
    expect(ids(changes).length).toBe(27)
    expect(new Set(ids(changes)).size).toBe(27)
  })
})
