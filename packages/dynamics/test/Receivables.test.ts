/** Invoices and payments: what was posted, what is owed on it, and what time alone makes of it. */
import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const COMPANY = Bench.COMPANY
const amount = (value: Decimal.Decimal | null | undefined) =>
  value === undefined || value === null ? value : Decimal.format(value)

/** A customer with an order of two bolts at 50, posted on the day. */
const posted = (bench: Bench.Bench, date = "2026-01-10") => {
  bench.world.seed("CustomersV3", [Seeds.customer(0, { PaymentTerms: "Net10" })], COMPANY)
  Seeds.items(bench, "BOLT")
  const [order] = bench.world.seed(
    "SalesOrderHeadersV2",
    [
      {
        OrderingCustomerAccountNumber: "C-00000",
        CustomersOrderReference: "hubspot/1/|_44eal|7",
        PaymentTermsName: "Net10",
      },
    ],
    COMPANY,
  )
  const number = order?.fields["SalesOrderNumber"] ?? ""
  bench.world.seed(
    "SalesOrderLines",
    [
      {
        SalesOrderNumber: number,
        ItemNumber: "BOLT",
        OrderedSalesQuantity: "2",
        SalesPrice: "50",
        ShippingSiteId: "1",
      },
    ],
    COMPANY,
  )
  return { order: number, invoice: bench.world.postOrder(COMPANY, number, { date: `${date}T12:00:00Z` }) }
}

const invoices = (bench: Bench.Bench) =>
  Bench.use(bench, Bench.options(bench), ({ ports }) =>
    Effect.map(Bench.readAll(ports.Invoice), ({ changes }) => Bench.upserted(changes).map(({ record }) => record)),
  )

describe("an invoice of an order", () => {
  it("tells its order, its lines, its amounts, and from its transaction when it is due and what is open", async () => {
    const bench = Bench.make()
    const { invoice, order } = posted(bench)
    const [record, ...others] = await invoices(bench)
    expect(others).toEqual([])
    expect(record?.number).toBe(invoice)
    expect(record?.order).toEqual({ id: order, number: order })
    expect(record?.account).toEqual({ id: "C-00000", number: "C-00000" })
    expect(record?.kind).toBe("invoice")
    expect([record?.date, record?.dueDate]).toEqual(["2026-01-10", "2026-01-20"])
    expect(amount(record?.totals?.gross)).toBe(amount(record?.balance))
    expect(record?.customerReference).toBeNull()
    expect(record?.state?.code).toBe("awaiting")
    expect(record?.lines?.map(({ product, quantity }) => [product?.number, amount(quantity)])).toEqual([["BOLT", "2"]])
    expect(record?.base?.currency).toBe("USD")
  })

  it("is partly paid, then paid, as payments settle it, and each is told once", async () => {
    const bench = Bench.make()
    const { invoice } = posted(bench)
    const states = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const read = () =>
          Effect.map(Bench.readAll(ports.Invoice), ({ changes }) =>
            Bench.upserted(changes).map(({ record }) => [record.state?.code, amount(record.balance)]),
          )
        const first = yield* read()
        const owed = first[0]?.[1] ?? "0"
        bench.world.pay(COMPANY, { customer: "C-00000", amount: "40", invoices: [{ invoice, amount: "40" }] })
        const partly = yield* read()
        const rest = amount(Decimal.make(String(Number(owed) - 40))) ?? "0"
        bench.world.pay(COMPANY, { customer: "C-00000", amount: rest, invoices: [{ invoice, amount: rest }] })
        const paid = yield* read()
        return [...partly, ...paid, ...(yield* read())]
      }),
    )
    expect(states.map(([code]) => code)).toEqual(["partlyPaid", "paid"])
    expect(states[1]?.[1]).toBe("0")
  })

  it("becomes overdue when its day is over, though nothing about it moves, and stays the same after that", async () => {
    const bench = Bench.make()
    posted(bench, "2026-01-06")
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const once = () =>
          Effect.map(Bench.readAll(ports.Invoice), ({ changes }) =>
            Bench.upserted(changes).map(({ record }) => [record.state?.code, record.stateAsOf]),
          )
        const first = yield* once()
        yield* Effect.sleep("37 hours")
        const second = yield* once()
        yield* Effect.sleep("8 hours")
        return [first, second, yield* once()]
      }),
    )
    expect(found).toEqual([[["awaiting", undefined]], [["overdue", "2026-01-17"]], []])
  })

  it("is told once, also where it is a free text invoice that stands in the same journal", async () => {
    const bench = Bench.make()
    posted(bench)
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Invoice.upsert([
        {
          key: "hubspot/1/|Invoice|1",
          fields: {
            account: { number: "C-00000" },
            lines: [{ key: "1", description: "Work", quantity: Decimal.make("2"), unitPrice: Decimal.make("35") }],
          },
        },
      ]),
    )
    const [created] = outcomes
    const id = created !== undefined && "id" in created ? created.id : undefined
    expect(id).toMatch(/^F\/\d+$/)
    const number = bench.world.postFreeText(COMPANY, id?.slice(2) ?? "")
    const found = await invoices(bench)
    expect(found.map(({ number: each }) => each)).toContain(number)
    expect(found.length).toBe(2)
    const free = found.find((each) => each.number === number)
    expect([free?.state?.code, amount(free?.balance), amount(free?.totals?.net)]).toEqual(["awaiting", "70", "70"])
  })

  it("that was posted is found by the key of its draft, and refused when it is to be changed", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", [Seeds.customer(0)], COMPANY)
    const write = (quantity: string) =>
      Bench.use(bench, Bench.options(bench), ({ ports }) =>
        ports.Invoice.upsert([
          {
            key: "hubspot/1/|Invoice|1",
            fields: {
              account: { number: "C-00000" },
              lines: [
                { key: "1", description: "Work", quantity: Decimal.make(quantity), unitPrice: Decimal.make("35") },
              ],
            },
          },
        ]),
      )
    const [created] = await write("2")
    bench.world.postFreeText(COMPANY, (created as { readonly id: string }).id.slice(2))
    bench.twin.journal.clear()
    expect((await write("2")).map(({ _tag }) => _tag)).toEqual(["Unchanged"])
    const [refused] = await write("3")
    expect(refused).toMatchObject({
      _tag: "Rejected",
      error: { reason: { _tag: "Unsupported", feature: "postedDocument" } },
    })
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("with a negative total is a credit note, told without its sign", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", [Seeds.customer(0)], COMPANY)
    const [draft] = bench.world.seed(
      "FreeTextInvoiceHeaders",
      [{ CustomerAccount: "C-00000", InvoiceDate: "2026-01-02T12:00:00Z" }],
      COMPANY,
    )
    const identifier = draft?.fields["InvoiceIdentifier"] ?? ""
    bench.world.seed(
      "FreeTextInvoiceLines",
      [{ ParentRecId: identifier, LineNumber: "1", Quantity: "-2", UnitPrice: "10", InvoiceText: "Returned" }],
      COMPANY,
    )
    bench.world.postFreeText(COMPANY, identifier)
    const [record] = await invoices(bench)
    expect(record?.kind).toBe("creditNote")
    expect([amount(record?.balance), amount(record?.totals?.net)]).toEqual(["20", "20"])
    expect(amount(record?.lines?.[0]?.quantity)).toBe("2")
    expect(record?.state?.code).toBe("awaiting")
  })
})

describe("what an account owes", () => {
  const owing = (count: number) => {
    const bench = Bench.make({ knobs: { pageSize: 10 } })
    bench.world.seed("CustomersV3", [Seeds.customer(0)], COMPANY)
    const opens = Array.from({ length: count }, (_, index) => ({
      AccountNum: "C-00000",
      AmountMST: String(index + 1),
      DueDate: "2026-02-01",
    }))
    bench.world.seed("CustTransOpens", opens, COMPANY)
    return bench
  }
  const balance = async (bench: Bench.Bench, fetch: typeof globalThis.fetch = bench.twin.fetch) => {
    const found = await Bench.use(bench, Bench.options(bench, { fetch }), ({ ports }) => ports.Account.get(["C-00000"]))
    return amount(found.get("C-00000")?.record.balance?.amount)
  }

  it("is the same however many answers its open transactions take", async () => {
    const bench = owing(60)
    for (let time = 0; time < 3; time++) expect(await balance(bench)).toBe(String((60 * 61) / 2))
    expect(bench.twin.journal.where(({ url }) => url.includes("CustTransOpens")).length).toBe(18)
  })

  it("counts no transaction twice that comes again in a later answer", async () => {
    const bench = owing(15)
    const repeating: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      const response = await bench.twin.fetch(request)
      if (!request.url.includes("CustTransOpens")) return response
      const text = await response.text()
      const value = /"value":\[(\{.*?\})[,\]]/.exec(text)?.[1] ?? ""
      return new Response(text.replace('"value":[', `"value":[${value},`), response)
    }
    expect(await balance(bench, repeating)).toBe(String((15 * 16) / 2))
  })
})

describe("what is told by id", () => {
  it("is of its own entity alone: an invoice's transaction is no payment, a posted invoice no draft", async () => {
    const bench = Bench.make()
    const { invoice } = posted(bench)
    const [transaction] = bench.world.all("CustTransactions")
    const id = transaction === undefined ? "" : (bench.world.value("CustTransactions", transaction, "SysRecId") ?? "")
    const [record] = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.map(Bench.readAll(ports.Invoice), ({ changes }) => Bench.upserted(changes)),
    )
    expect(record?.record.number).toBe(invoice)
    bench.twin.journal.clear()
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.all({
        payments: ports.Payment.get([id]),
        refused: ports.Invoice.upsert([{ id: record?.id ?? "", fields: { customerReference: "x" } }]),
      }),
    )
    expect(found.payments.size).toBe(0)
    expect(found.refused).toMatchObject([{ error: { reason: { _tag: "Unsupported", feature: "postedDocument" } } }])
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("is found though it is older than what a reading begins with, and made no second time", async () => {
    const bench = Bench.make()
    const { order } = posted(bench)
    const old = Bench.options(bench, { orders: { from: "2026-02-01" }, invoices: { from: "2026-02-01" } })
    const found = await Bench.use(bench, old, ({ ports }) =>
      Effect.all({
        orders: Effect.map(Bench.readAll(ports.Order), ({ changes }) => changes.length),
        invoices: Effect.map(Bench.readAll(ports.Invoice), ({ changes }) => changes.length),
        got: ports.Order.get([order]),
        again: ports.Order.upsert([{ key: "hubspot/1/|Deal|7", fields: { account: { number: "C-00000" } } }]),
      }),
    )
    expect([found.orders, found.invoices, found.got.size]).toEqual([0, 0, 1])
    expect(found.again).toMatchObject([{ _tag: "Unchanged", id: order }])
  })
})

describe("a payment", () => {
  const read = (bench: Bench.Bench, settlements: boolean) =>
    Bench.use(bench, Bench.options(bench, { payments: { settlements } }), ({ ports }) =>
      Effect.map(Bench.readAll(ports.Payment), ({ changes }) => Bench.upserted(changes).map(({ record }) => record)),
    )

  it("tells its amount without its sign, whether it is spent, and what it pays by the id of the invoice", async () => {
    const bench = Bench.make()
    const { invoice } = posted(bench)
    const voucher = bench.world.pay(COMPANY, {
      customer: "C-00000",
      amount: "60",
      invoices: [{ invoice, amount: "40" }],
    })
    const [payment, ...others] = await read(bench, true)
    expect(others).toEqual([])
    expect([payment?.kind, payment?.number, amount(payment?.amount?.amount), payment?.amount?.currency]).toEqual([
      "payment",
      voucher,
      "60",
      "USD",
    ])
    expect(payment?.state?.code).toBe("open")
    const [first] = payment?.applied ?? []
    expect(amount(first?.amount)).toBe("40")
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Invoice.get([first?.invoice.id ?? ""]),
    )
    expect([...found.values()].map(({ record }) => record.number)).toEqual([invoice])
  })

  it("says nothing of what it pays where the settlements are not asked for", async () => {
    const bench = Bench.make()
    const { invoice } = posted(bench)
    bench.world.pay(COMPANY, { customer: "C-00000", amount: "60", invoices: [{ invoice, amount: "60" }] })
    const [payment] = await read(bench, false)
    expect(payment?.applied).toBeUndefined()
    expect(payment?.state?.code).toBe("applied")
  })

  it("is never written, and no request is made for it", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Payment.upsert([{ key: "hubspot/1/|Payment|1", fields: { date: "2026-01-01" as never } }]),
    )
    expect(outcomes).toMatchObject([{ _tag: "Rejected", error: { reason: { _tag: "Unsupported", feature: "write" } } }])
    expect(bench.twin.journal.count()).toBe(0)
  })
})

describe("an account", () => {
  it("owes what its open transactions add up to, in the company's currency, and so much of it too late", async () => {
    const bench = Bench.make()
    const { invoice } = posted(bench, "2025-12-01")
    bench.world.pay(COMPANY, { customer: "C-00000", amount: "40", invoices: [{ invoice, amount: "40" }] })
    bench.world.seed("CustomersV3", [Seeds.customer(1)], COMPANY)
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.get(["C-00000", "C-00001"]))
    const money = (id: string, field: "balance" | "overdueBalance") => amount(found.get(id)?.record[field]?.amount)
    const open = await invoices(bench)
    expect(money("C-00000", "balance")).toBe(amount(open[0]?.balance))
    expect(money("C-00000", "overdueBalance")).toBe(amount(open[0]?.balance))
    expect([money("C-00001", "balance"), money("C-00001", "overdueBalance")]).toEqual(["0", "0"])
  })
})
