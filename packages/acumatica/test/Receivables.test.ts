import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type * as Config from "../src/Config.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const books = (knobs = {}) => {
  const bench = Bench.make({ knobs })
  bench.world.seed("Customer", Seeds.customers(2))
  bench.world.seed("StockItem", [Seeds.item("BOLT")])
  return bench
}

const read = (bench: Bench.Bench, more: Partial<Config.AcumaticaConfig> = {}) =>
  Bench.use(bench, Bench.options(bench, more), ({ ports }) => Bench.readAll(ports.Invoice))

const byId = <A extends { readonly id: string }>(changes: ReadonlyArray<A>, id: string): A => {
  const found = changes.filter((change) => change.id === id)
  expect(found.length, `${id} once`).toBe(1)
  return found[0] as A
}

describe("reading invoices", () => {
  it("delivers a document once though both forms show it, and takes its currency from order management", async () => {
    for (const rule of ["always", "released", "never"] as const) {
      const bench = books({ salesInvoicesShowAsInvoices: rule })
      bench.world.seed("SalesInvoice", [Seeds.salesInvoice("S001", { Currency: "EUR" })])
      bench.world.seed("Invoice", [Seeds.ledgerInvoice("L001")])
      const invoices = Bench.upserted((await read(bench)).changes)
      expect(invoices.length).toBe(2)
      expect(byId(invoices, "Invoice/S001").record.currency).toBe("EUR")
      expect(byId(invoices, "Invoice/L001").record.currency).toBeUndefined()
    }
  })

  it("takes the currency of a ledger invoice from the field outside the contract, when that is allowed", async () => {
    const bench = books()
    bench.world.seed("Invoice", [Seeds.ledgerInvoice("L001")])
    const invoices = Bench.upserted((await read(bench, { invoices: { customCurrency: true } })).changes)
    expect(byId(invoices, "Invoice/L001").record.currency).toBe("USD")
  })

  it("delivers more documents of one stamp than a page holds once each, from both forms", async () => {
    const bench = books()
    const numbers = Array.from({ length: 13 }, (_, index) => String(index + 1).padStart(3, "0"))
    const at = { $modified: Bench.START - Seeds.HOUR }
    bench.world.seed(
      "SalesInvoice",
      numbers.map((nbr) => Seeds.salesInvoice(`S${nbr}`, at)),
    )
    bench.world.seed(
      "Invoice",
      numbers.map((nbr) => Seeds.ledgerInvoice(`L${nbr}`, at)),
    )
    bench.world.seed("Invoice", [Seeds.ledgerInvoice("C001", { Type: "Credit Memo", ...at })])
    const invoices = Bench.upserted((await read(bench, { pageSize: 4 })).changes)
    expect(invoices.length).toBe(27)
    expect(new Set(invoices.map((each) => each.id)).size).toBe(27)
    const currencies = invoices.filter((each) => each.id.startsWith("Invoice/S")).map((each) => each.record.currency)
    expect(new Set(currencies)).toEqual(new Set(["USD"]))
  })

  it("tells drafts, open, partly paid, paid and overdue by the numbers, and credit notes from invoices", async () => {
    const bench = books()
    bench.world.seed("SalesInvoice", [
      Seeds.salesInvoice("OPEN"),
      Seeds.salesInvoice("DRAFT", { $released: false, Hold: true }),
      Seeds.salesInvoice("LATE", { DueDate: "2026-01-14" }),
      Seeds.salesInvoice("TODAY", { DueDate: "2026-01-15" }),
      Seeds.salesInvoice("ODD", { Status: "Under Review" }),
      Seeds.salesInvoice("CM01", { Type: "Credit Memo", DueDate: "2026-01-01" }),
      Seeds.salesInvoice("PART"),
      Seeds.salesInvoice("PAID"),
    ])
    const pay = (nbr: string, amount: string) => ({
      PaymentAmount: amount,
      DocumentsToApply: [{ DocType: "INV", ReferenceNbr: nbr, AmountPaid: amount }],
    })
    bench.world.seed("Payment", [Seeds.payment("P1", pay("PART", "30")), Seeds.payment("P2", pay("PAID", "100"))])
    const invoices = Bench.upserted((await read(bench)).changes)
    const state = (id: string) => {
      const { record } = byId(invoices, id)
      return [record.kind, record.state?.code, record.stateAsOf]
    }
    expect(state("Invoice/OPEN")).toEqual(["invoice", "awaiting", undefined])
    expect(state("Invoice/DRAFT")).toEqual(["invoice", "draft", undefined])
    expect(state("Invoice/LATE")).toEqual(["invoice", "overdue", "2026-01-15"])
    expect(state("Invoice/TODAY")).toEqual(["invoice", "awaiting", undefined])
    expect(state("Invoice/ODD")).toEqual(["invoice", "other", undefined])
    expect(state("Credit Memo/CM01")).toEqual(["creditNote", "awaiting", undefined])
    expect(state("Invoice/PART")).toEqual(["invoice", "partlyPaid", undefined])
    expect(state("Invoice/PAID")).toEqual(["invoice", "paid", undefined])
  })

  it("reports an invoice that becomes overdue at midnight, and nothing else", async () => {
    const bench = books()
    bench.world.seed("SalesInvoice", [
      Seeds.salesInvoice("DUE", { DueDate: "2026-01-15" }),
      Seeds.salesInvoice("LATER", { DueDate: "2026-01-20" }),
    ])
    const next = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const one = yield* Bench.readAll(ports.Invoice)
        yield* Effect.sleep("1 hour")
        const two = yield* Bench.readAll(ports.Invoice, { cursor: one.cursor })
        expect(two.changes).toEqual([])
        yield* Effect.sleep("16 hours")
        return yield* Bench.readAll(ports.Invoice, { cursor: two.cursor })
      }),
    )
    const changed = Bench.upserted(next.changes)
    expect(changed.map(({ id, record }) => [id, record.state?.code, record.stateAsOf])).toEqual([
      ["Invoice/DUE", "overdue", "2026-01-16"],
    ])
  })

  it("reports a balance that a payment changed without moving the invoice's stamp", async () => {
    const bench = books({ paymentMovesInvoiceStamp: false })
    bench.world.seed("Invoice", [Seeds.ledgerInvoice("L001"), Seeds.ledgerInvoice("L002")])
    const next = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const one = yield* Bench.readAll(ports.Invoice)
        yield* Effect.sleep("10 minutes")
        bench.world.seed("Payment", [
          Seeds.payment("P1", {
            PaymentAmount: "70",
            DocumentsToApply: [{ DocType: "INV", ReferenceNbr: "L002", AmountPaid: "70" }],
            $modified: bench.clock.now(),
          }),
        ])
        bench.world.edit("Invoice", ["Invoice", "L002"], {}, { at: Bench.START - 8 * Seeds.HOUR })
        yield* Effect.sleep("10 minutes")
        return yield* Bench.readAll(ports.Invoice, { cursor: one.cursor })
      }),
    )
    const changed = Bench.upserted(next.changes)
    expect(changed.map(({ id, record }) => [id, record.state?.code])).toEqual([["Invoice/L002", "paid"]])
  })

  it("asks only the forms that the tenant has", async () => {
    const bench = books()
    bench.world.seed("Invoice", [Seeds.ledgerInvoice("L001")])
    bench.world.tenant().forbidden.push("SalesInvoice")
    const { changes } = await read(bench, { invoices: { forms: ["Invoice"] } })
    expect(Bench.upserted(changes).map(({ id }) => id)).toEqual(["Invoice/L001"])
    const error = await Bench.failure(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Invoice))
    expect(error.reason._tag).toBe("Forbidden")
  })

  it("isolates a document that cannot be read and goes on", async () => {
    const bench = books()
    bench.world.seed("SalesInvoice", [
      Seeds.salesInvoice("S001"),
      Seeds.salesInvoice("S002"),
      Seeds.salesInvoice("S003"),
    ])
    bench.world.edit("SalesInvoice", ["Invoice", "S002"], { DueDate: "the day after tomorrow" })
    const { changes } = await read(bench)
    const bad = changes.filter((change) => change._tag === "Undecodable")
    expect(bad.map(({ id, reason }) => [id, reason._tag])).toEqual([["Invoice/S002", "Decode"]])
    expect(bad[0]?.reason.message).toMatch(/DueDate: expected a date, found a string/)
    expect(Bench.upserted(changes).length).toBe(2)
  })
})

describe("reading payments", () => {
  it("tells what a payment pays, and reads alone only those that pay something", async () => {
    for (const applicationDocType of ["code", "label"] as const) {
      const bench = books({ applicationDocType })
      bench.world.seed("Invoice", [Seeds.ledgerInvoice("L001"), Seeds.ledgerInvoice("L002")])
      bench.world.seed("Payment", [
        Seeds.payment("P1", {
          DocumentsToApply: [
            { DocType: "INV", ReferenceNbr: "L001", AmountPaid: "70" },
            { DocType: "INV", ReferenceNbr: "L002", AmountPaid: "12.50" },
          ],
        }),
        Seeds.payment("P2"),
        Seeds.payment("R1", { Type: "Refund" }),
      ])
      const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Payment))
      const payments = Bench.upserted(changes)
      const paid = byId(payments, "Payment/P1").record
      expect((paid.applied ?? []).map(({ amount, invoice }) => [invoice.id, Decimal.format(amount)])).toEqual([
        ["Invoice/L001", "70"],
        ["Invoice/L002", "12.5"],
      ])
      expect(paid.amount && [Decimal.format(paid.amount.amount), paid.amount.currency]).toEqual(["100", "USD"])
      expect(paid.method).toEqual({ code: "bankTransfer", raw: "WIRE" })
      expect(byId(payments, "Refund/R1").record.kind).toBe("refund")
      const alone = Bench.requests(bench).filter((request) => /^GET \/Payment\/(Payment|Refund)/.test(request))
      expect(new Set(alone)).toEqual(new Set(["GET /Payment/Payment/P1"]))
    }
  })
})

describe("what payments do to invoices, whose own stamp stays", () => {
  const owing = () => {
    const bench = books({ paymentMovesInvoiceStamp: false })
    bench.world.seed("SalesInvoice", [Seeds.salesInvoice("S001")])
    bench.world.seed("Invoice", [
      Seeds.ledgerInvoice("L001"),
      Seeds.ledgerInvoice("L002"),
      Seeds.ledgerInvoice("X001", { Customer: "C0001" }),
    ])
    return bench
  }
  const paying = (bench: Bench.Bench, nbr: string, of: Readonly<Record<string, string>>, more = {}) =>
    Seeds.payment(nbr, {
      PaymentAmount: "100",
      DocumentsToApply: Object.entries(of).map(([ReferenceNbr, AmountPaid]) => ({
        DocType: "INV",
        ReferenceNbr,
        AmountPaid,
      })),
      $modified: bench.clock.now(),
      ...more,
    })
  /** Invoices that come after something was done, once everything before was read. */
  const after = (bench: Bench.Bench, done: () => void, more: Partial<Config.AcumaticaConfig> = {}) =>
    Bench.use(bench, Bench.options(bench, more), ({ ports }) =>
      Effect.gen(function* () {
        const one = yield* Bench.readAll(ports.Invoice)
        yield* Effect.sleep("10 minutes")
        done()
        yield* Effect.sleep("10 minutes")
        const two = yield* Bench.readAll(ports.Invoice, { cursor: one.cursor })
        return Bench.upserted(two.changes)
          .map(({ id, record }) => [id, record.state?.code, record.balance && Decimal.format(record.balance)])
          .sort()
      }),
    )

  it("is delivered when a payment is applied, on either form", async () => {
    const bench = owing()
    const changed = await after(
      bench,
      () => void bench.world.seed("Payment", [paying(bench, "P1", { S001: "60", L002: "40" })]),
    )
    expect(changed).toEqual([
      ["Invoice/L002", "partlyPaid", "30"],
      ["Invoice/S001", "partlyPaid", "40"],
    ])
  })

  it("is delivered when a payment is voided, though it names its invoices no longer", async () => {
    const bench = owing()
    bench.world.seed("Payment", [paying(bench, "P1", { S001: "60", L002: "40" }, { $modified: Bench.START })])
    const changed = await after(bench, () => void bench.world.voidPayment("P1"))
    expect(changed).toEqual([
      ["Invoice/L002", "awaiting", "70"],
      ["Invoice/S001", "awaiting", "100"],
    ])
  })

  it("is delivered page by page where a customer owes more than a page", async () => {
    const bench = owing()
    const many = Array.from({ length: 11 }, (_, index) => `M${index}`)
    bench.world.seed(
      "Invoice",
      many.map((nbr) => Seeds.ledgerInvoice(nbr)),
    )
    const all = Object.fromEntries(many.map((nbr) => [nbr, "5"]))
    bench.world.seed("Payment", [paying(bench, "P1", all, { $modified: Bench.START })])
    const changed = await after(bench, () => void bench.world.voidPayment("P1"), { pageSize: 3 })
    expect(changed.map(([id]) => id)).toEqual(many.map((nbr) => `Invoice/${nbr}`).sort())
  })

  it("is delivered when a credit note is applied, which is no payment all the same", async () => {
    const bench = owing()
    const changed = await after(
      bench,
      () => void bench.world.seed("Payment", [paying(bench, "CM1", { L001: "70" }, { Type: "Credit Memo" })]),
    )
    expect(changed).toEqual([["Invoice/L001", "paid", "0"]])
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Payment))
    expect(changes).toEqual([])
  })

  it("is left alone for another customer, and costs no question when no payment changed", async () => {
    const bench = owing()
    const asked: Array<number> = []
    const count = () =>
      bench.twin.journal.lines.filter((line) => /Balance gt 0M and|Customer eq/.test(decodeURIComponent(line.url)))
        .length
    await after(bench, () => void asked.push(count()))
    expect(count()).toBe(asked[0])
  })
})

describe("refunds", () => {
  it("give payments back, which are no invoices", async () => {
    const bench = books()
    bench.world.seed("Payment", [Seeds.payment("R1", { Type: "Refund" })])
    const doc = bench.world.payment("R1", "Refund")
    const row = (AdjustedDocType: string, AdjustedRefNbr: string) => ({
      id: bench.world.guid(),
      fields: { AdjustedDocType, AdjustedRefNbr, AmountPaid: "50" },
      rows: {},
      links: {},
      custom: {},
      note: "",
    })
    if (doc !== undefined) doc.rows["ApplicationHistory"] = [row("Payment", "P1"), row("Credit Memo", "CM1")]
    if (doc !== undefined) doc.fields["AvailableBalance"] = "0"
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Payment))
    const { record } = byId(Bench.upserted(changes), "Refund/R1")
    expect(record.kind).toBe("refund")
    expect(record.applied?.map(({ invoice }) => invoice.id)).toEqual(["Credit Memo/CM1"])
  })
})
