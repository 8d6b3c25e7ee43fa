import type * as Twin from "@mortise/conformance/twin/Twin"
import * as Decimal from "@mortise/core/Decimal"
import type { Line } from "@mortise/core/Entities"
import type * as Outcome from "@mortise/core/Outcome"
import type { LocalDate } from "@mortise/core/Values"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const tags = (outcomes: ReadonlyArray<Outcome.Outcome>) => outcomes.map((outcome) => outcome._tag)
const reasonOf = (outcome: Outcome.Outcome | undefined) =>
  outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined
const puts = (bench: Bench.Bench) => bench.twin.journal.lines.filter((line) => line.method === "PUT")
const put = (request: Twin.TwinRequest) => request.method === "PUT"
const bodyOf = (line: { readonly requestBody: string } | undefined) => JSON.parse(line?.requestBody ?? "{}")
const day = (text: string) => text as LocalDate

const shop = (knobs = {}) => {
  const bench = Bench.make({ knobs })
  bench.world.seed("Customer", Seeds.customers(2))
  bench.world.seed("StockItem", [Seeds.item("BOLT"), Seeds.item("NUT")])
  return bench
}

const line = (key: string, product: string, quantity = "1", unitPrice = "0.1"): Line => ({
  key,
  product: { number: product },
  quantity: Decimal.make(quantity),
  unitPrice: Decimal.make(unitPrice),
})

const KEY = "hubspot/1234/|Deal|42"
const order = (lines: ReadonlyArray<Line>) => ({ key: KEY, fields: { account: { id: "C0000" }, lines } })
const details = (bench: Bench.Bench) =>
  (bench.world.all("SalesOrder")[0]?.rows["Details"] ?? []).map((row) => [
    row.fields["ExternalRef"],
    row.fields["InventoryID"],
    row.fields["OrderQty"],
  ])

describe("writing an order", () => {
  it("opens it on hold, and as open only when asked", async () => {
    const bench = shop()
    await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Order.upsert([
        order([line("a", "BOLT")]),
        { key: "hubspot/1234/|Deal|43", fields: { account: { id: "C0001" }, requestedState: "open" } },
      ]),
    )
    expect(bench.world.all("SalesOrder").map((doc) => doc.fields["Status"])).toEqual(["On Hold", "Open"])
    expect(puts(bench).map((each) => bodyOf(each).Hold)).toEqual([{ value: true }, { value: false }])
  })

  it("matches its lines by key: changed ones keep their id, new ones are added, missing ones are taken out", async () => {
    const bench = shop()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const one = yield* ports.Order.upsert([order([line("a", "BOLT", "1"), line("b", "NUT", "2")])])
        const two = yield* ports.Order.upsert([order([line("a", "BOLT", "1.0"), line("b", "NUT", "2")])])
        const three = yield* ports.Order.upsert([order([line("b", "NUT", "5"), line("c", "BOLT", "7")])])
        return [...one, ...two, ...three]
      }),
    )
    expect(tags(outcomes)).toEqual(["Created", "Unchanged", "Updated"])
    expect(details(bench)).toEqual([
      ["b", "NUT", "5"],
      ["c", "BOLT", "7"],
    ])
  })

  it("keeps equal lines apart and appends none twice when the reply is lost", async () => {
    for (const version of ["24.200.001", "20.200.001"] as const) {
      const bench = shop()
      const twins = [line("a", "BOLT", "1"), line("b", "BOLT", "1")]
      const outcomes = await Bench.use(bench, Bench.options(bench, { version }), ({ ports }) =>
        Effect.gen(function* () {
          yield* ports.Order.upsert([order(twins)])
          bench.twin.faults.deal({ at: put, fault: { kind: "lostReply" } })
          return yield* ports.Order.upsert([order([...twins, line("c", "NUT", "3")])])
        }),
      )
      expect(tags(outcomes), version).toEqual(["Written"])
      expect(
        details(bench).map(([, item, quantity]) => [item, quantity]),
        version,
      ).toEqual([
        ["BOLT", "1"],
        ["BOLT", "1"],
        ["NUT", "3"],
      ])
    }
  })

  it("appends no line twice when a call was given up while the server was still at work on it", async () => {
    for (const how of ["deadline", "interruption"] as const) {
      const bench = shop()
      const longer = order([line("a", "BOLT", "1"), line("b", "NUT", "3")])
      const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
        Effect.gen(function* () {
          yield* ports.Order.upsert([order([line("a", "BOLT", "1")])])
          bench.twin.faults.deal({ at: put, fault: { kind: "slow", millis: 400_000, commit: "late" } })
          const first =
            how === "deadline"
              ? yield* ports.Order.upsert([longer], { deadline: Duration.seconds(30) })
              : yield* ports.Order.upsert([longer]).pipe(
                  Effect.timeoutOption("30 seconds"),
                  Effect.map(Option.getOrElse((): ReadonlyArray<Outcome.Outcome> => [])),
                )
          return [...first, ...(yield* ports.Order.upsert([longer]))]
        }),
      )
      expect(tags(outcomes).filter((tag) => tag !== "Unknown")).toEqual(["Unchanged"])
      expect(details(bench).map(([, item]) => item)).toEqual(["BOLT", "NUT"])
    }
  })

  it("writes nothing of an order with one unknown item, and names the line and the item", async () => {
    const bench = shop()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Order.upsert([order([line("a", "BOLT"), line("b", "GHOST")])]),
    )
    const reason = reasonOf(outcomes[0])
    expect(reason).toMatchObject({ _tag: "MissingReference", field: "lines.1.product", reference: "GHOST" })
    expect(bench.world.all("SalesOrder")).toEqual([])
  })

  it("carries thirty digits and leaves what it does not name", async () => {
    const bench = shop()
    const price = "123456789012345678.123456789012"
    const read = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const [made] = yield* ports.Order.upsert([
          { key: KEY, fields: { ...order([line("a", "BOLT", "1", price)]).fields, description: "first" } },
        ])
        yield* ports.Order.upsert([{ key: KEY, fields: { customerReference: "PO 7" } }])
        return yield* ports.Order.get([made !== undefined && "id" in made ? (made.id ?? "") : ""])
      }),
    )
    const [found] = [...read.values()]
    expect(found?.record.lines?.[0]?.unitPrice && Decimal.format(found.record.lines[0].unitPrice)).toBe(price)
    expect([found?.record.description, found?.record.customerReference]).toEqual(["first", "PO 7"])
    expect(Object.keys(bodyOf(puts(bench).at(-1))).sort()).toEqual(["CustomerOrder", "OrderNbr", "OrderType"])
  })
})

describe("writing invoices and payments", () => {
  const invoice = {
    key: "hubspot/1234/|Invoice|7",
    fields: {
      kind: "invoice" as const,
      account: { id: "C0000" },
      date: day("2026-01-10"),
      currency: "EUR",
      customerReference: "PO 9",
      lines: [line("a", "BOLT", "2", "50")],
    },
  }

  it("leaves a new invoice on hold as a draft, in its currency, and releases nothing", async () => {
    const bench = shop()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.map(
        Effect.forEach([1, 2], () => ports.Invoice.upsert([invoice])),
        (all) => all.flat(),
      ),
    )
    expect(tags(outcomes)).toEqual(["Created", "Unchanged"])
    const [doc] = bench.world.all("SalesInvoice")
    expect([doc?.fields["Status"], doc?.fields["CurrencyID"], doc?.fields["Released"] ?? false]).toEqual([
      "On Hold",
      "EUR",
      false,
    ])
    expect(Bench.requests(bench).filter((request) => request.startsWith("POST") && !request.includes("auth"))).toEqual(
      [],
    )
  })

  it("makes it on the ledger's form where the other cannot carry a key of its own", async () => {
    const bench = shop()
    const { currency: _, customerReference: __, ...fields } = invoice.fields
    const outcomes = await Bench.use(bench, Bench.options(bench, { version: "20.200.001" }), ({ ports }) =>
      Effect.map(
        Effect.forEach([1, 2], () => ports.Invoice.upsert([{ ...invoice, fields }])),
        (all) => all.flat(),
      ),
    )
    expect(tags(outcomes)).toEqual(["Created", "Unchanged"])
    expect(bench.world.all("Invoice").map((doc) => doc.fields["Status"])).toEqual(["On Hold"])
  })

  it("does not touch an invoice that is no draft any more", async () => {
    const bench = shop()
    bench.world.seed("SalesInvoice", [Seeds.salesInvoice("S001")])
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Invoice.upsert([{ id: "Invoice/S001", fields: { description: "mended" } }]),
    )
    expect(reasonOf(outcomes[0])?._tag).toBe("Unsupported")
    expect(puts(bench)).toEqual([])
  })

  it("leaves a new payment on hold, with the invoices that it is going to pay", async () => {
    const bench = shop()
    bench.world.seed("SalesInvoice", [Seeds.salesInvoice("S001")])
    const payment = {
      key: "hubspot/1234/|Payment|7",
      fields: {
        kind: "payment" as const,
        account: { id: "C0000" },
        date: day("2026-01-12"),
        amount: { amount: Decimal.make("60"), currency: "USD" },
        applied: [{ invoice: { id: "Invoice/S001" }, amount: Decimal.make("60") }],
      },
    }
    const outcomes = await Bench.use(bench, Bench.options(bench, { payments: { method: "CHECK" } }), ({ ports }) =>
      Effect.map(
        Effect.forEach([1, 2], () => ports.Payment.upsert([payment])),
        (all) => all.flat(),
      ),
    )
    expect(tags(outcomes)).toEqual(["Created", "Unchanged"])
    expect(bench.world.all("Payment").map((doc) => doc.fields["Status"])).toEqual(["On Hold"])
    expect(bench.world.invoice("S001")?.fields["Balance"]).toBe("100")
  })
})
