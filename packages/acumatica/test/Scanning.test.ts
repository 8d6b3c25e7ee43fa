/** More records on one stamp than a page holds: then there is nothing but the key to go by, in an order of the server's. */
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import type * as Acumatica from "../src/Acumatica.ts"
import type { Base, Version } from "../src/Versions.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const AT = { $modified: Bench.START - Seeds.HOUR }
const COUNT = 17
const PAGE = 4
const numbers = (prefix: string) => Array.from({ length: COUNT }, (_, index) => `${prefix}${index + 1}`)

type Ports = Acumatica.AcumaticaPorts

interface Crowd {
  readonly entity: string
  readonly port: (ports: Ports) => Port.Any
  readonly seed: (bench: Bench.Bench) => void
  readonly count: number
  /** Records that somebody edits meanwhile. */
  readonly touched: ReadonlyArray<readonly [entity: string, ...key: ReadonlyArray<string>]>
}

const crowds: ReadonlyArray<Crowd> = [
  {
    entity: "Account",
    port: (ports) => ports.Account,
    seed: ({ world }) =>
      void world.seed(
        "Customer",
        numbers("").map((CustomerID, index) => Seeds.customer(index, { CustomerID, ...AT })),
      ),
    count: COUNT,
    touched: [
      ["Customer", "1"],
      ["Customer", "17"],
    ],
  },
  {
    entity: "Contact",
    port: (ports) => ports.Contact,
    seed: ({ world }) =>
      void world.seed(
        "Contact",
        numbers("").map((ContactID) => ({ ContactID, LastName: `Nagy ${ContactID}`, ...AT })),
      ),
    count: COUNT,
    touched: [["Contact", "17"]],
  },
  {
    entity: "Product",
    port: (ports) => ports.Product,
    seed: ({ world }) => {
      world.seed(
        "StockItem",
        numbers("").map((id) => Seeds.item(id, AT)),
      )
      world.seed(
        "NonStockItem",
        numbers("A-").map((id) => Seeds.item(id, AT)),
      )
    },
    count: 2 * COUNT,
    touched: [["StockItem", "9"]],
  },
  {
    entity: "Order",
    port: (ports) => ports.Order,
    seed: ({ world }) => {
      world.seed("Customer", [Seeds.customer(0)])
      for (const OrderType of ["SO", "QT"]) {
        const order = { OrderType, CustomerID: "C0000", ...AT }
        world.seed(
          "SalesOrder",
          numbers("").map((OrderNbr) => ({ ...order, OrderNbr })),
        )
      }
    },
    count: 2 * COUNT,
    touched: [["SalesOrder", "SO", "17"]],
  },
  {
    entity: "Invoice",
    port: (ports) => ports.Invoice,
    seed: ({ world }) => {
      world.seed("Customer", [Seeds.customer(0)])
      world.seed("StockItem", [Seeds.item("BOLT")])
      world.seed(
        "SalesInvoice",
        numbers("S").map((nbr) => Seeds.salesInvoice(nbr, AT)),
      )
      world.seed(
        "Invoice",
        numbers("").map((nbr) => Seeds.ledgerInvoice(nbr, AT)),
      )
    },
    count: 2 * COUNT,
    touched: [["SalesInvoice", "Invoice", "S17"]],
  },
  {
    entity: "Payment",
    port: (ports) => ports.Payment,
    seed: ({ world }) => {
      world.seed("Customer", [Seeds.customer(0)])
      for (const Type of ["Payment", "Refund"]) {
        world.seed(
          "Payment",
          numbers("").map((nbr) => Seeds.payment(nbr, { Type, ...AT })),
        )
      }
    },
    count: 2 * COUNT,
    touched: [["Payment", "Payment", "17"]],
  },
]

const read = (bench: Bench.Bench, crowd: Crowd, version: Version = "24.200.001" satisfies Base) =>
  Bench.use(bench, Bench.options(bench, { version, pageSize: PAGE }), ({ ports }) =>
    Bench.readAll(crowd.port(ports) as Ports["Account"]),
  )

const ORDERS = [
  ["shuffled", "insensitive"],
  ["reshuffled", "sensitive"],
  ["reshuffled", "words"],
  ["key", "words"],
] as const

describe("a crowd on one stamp", () => {
  for (const crowd of crowds) {
    it(`of ${crowd.entity} is delivered whole and each once, whatever the server's order`, async () => {
      for (const [listOrder, collation] of ORDERS) {
        const bench = Bench.make({ knobs: { listOrder, collation } })
        crowd.seed(bench)
        const { changes } = await read(bench, crowd)
        const what = `${listOrder} ${collation}`
        expect(new Set(Bench.upserted(changes).map(({ id }) => id)).size, what).toBe(crowd.count)
        expect(changes.length, what).toBe(crowd.count)
      }
    })

    it(`of ${crowd.entity} loses none that is edited while it is read, and is taken up where it was left`, async () => {
      const bench = Bench.make({ knobs: { listOrder: "reshuffled" } })
      crowd.seed(bench)
      const config = Bench.options(bench, { pageSize: PAGE })
      const seen = await Bench.use(bench, config, ({ ports }) =>
        Effect.gen(function* () {
          const port = crowd.port(ports) as Ports["Account"]
          const first = yield* Stream.runCollect(Stream.take(port.changes(), 2))
          const cursor = first.at(-1)?.cursor
          for (const [entity, ...key] of crowd.touched) bench.world.edit(entity, key, {})
          yield* Effect.sleep("10 minutes")
          const rest = yield* Bench.readAll(port, cursor === undefined ? {} : { cursor })
          return [...first.flatMap((page) => page.changes), ...rest.changes].map(
            (change) => "id" in change && change.id,
          )
        }),
      )
      expect(new Set(seen).size).toBe(crowd.count)
    })
  }

  it("is read where the version has no stamp at all", async () => {
    for (const entity of ["Invoice", "Payment"]) {
      const bench = Bench.make({ knobs: { listOrder: "reshuffled" } })
      const crowd = crowds.find((each) => each.entity === entity) as Crowd
      crowd.seed(bench)
      const { changes } = await read(bench, crowd, "18.200.001")
      expect(changes.length, entity).toBe(crowd.count)
    }
  })
})

describe("keys of every kind", () => {
  const ODD = [
    "A/1",
    "A-1",
    "A%1",
    "A|1",
    "A.1",
    "A1",
    "AB",
    "A 1",
    "A$",
    "O'BRIEN",
    "8",
    "10",
    "100",
    "1A",
    "ß",
    "日本",
  ]

  it("are passed over by no scan", async () => {
    for (const collation of ["sensitive", "words"] as const) {
      const bench = Bench.make({ knobs: { collation } })
      bench.world.seed(
        "StockItem",
        ODD.map((id) => Seeds.item(id, AT)),
      )
      const { changes } = await read(bench, crowds[2] as Crowd)
      const skus = Bench.upserted(changes).map(({ record }) => (record as { readonly sku?: string }).sku)
      expect([...skus].sort()).toEqual([...ODD].sort())
    }
  })

  it("are found by their id, also where an address would mean something else by them", async () => {
    const bench = Bench.make()
    const walking = [
      "..",
      ".",
      "$adHocSchema",
      "0a1b2c3d-1111-4222-a333-444455556666",
      "a?b",
      "a#b",
      "a:b",
      "x.",
      "a\nb",
    ]
    bench.world.seed(
      "StockItem",
      [...ODD, ...walking].map((id) => Seeds.item(id)),
    )
    await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const { changes } = yield* Bench.readAll(ports.Product)
        for (const { id, record } of Bench.upserted(changes)) {
          const found = yield* ports.Product.get([id])
          expect([...found.values()].map((each) => each.record.sku)).toEqual([record.sku])
        }
      }),
    )
    const paths = bench.twin.journal.lines.map((line) => new URL(line.url).pathname)
    expect(paths.filter((path) => !path.startsWith("/AcmeERP/entity"))).toEqual([])
    expect(paths.filter((path) => /[:*<>&\\]|%2e|%3a|%0a/i.test(path))).toEqual([])
  })
})
