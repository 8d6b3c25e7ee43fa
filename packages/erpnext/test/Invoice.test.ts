import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const KEY = "hubspot/123/|Deal|9"
const dec = Decimal.make
const text = (value: Decimal.Decimal | null | undefined) =>
  value === undefined || value === null ? value : Decimal.format(value)

const staged = () => {
  const bench = Bench.make()
  bench.world.seed("Customer", [Seeds.customer(0)])
  bench.world.seed("Item", [Seeds.item("BOLT")])
  return bench
}

const number = (index: number) => `ACC-SINV-2026-${String(index).padStart(5, "0")}`

const read = async (bench: Bench.Bench, ...indexes: ReadonlyArray<number>) => {
  const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Invoice.get(indexes.map(number)))
  return indexes.map((index) => found.get(number(index))?.record)
}

describe("an invoice", () => {
  it("is made once, as a draft on the day that was said, and stays one", async () => {
    const bench = staged()
    const fields = {
      account: { number: "Customer 0000" },
      date: "2026-11-01" as never,
      dueDate: "2026-12-15" as never,
      description: "Thanks",
      currency: "USD",
      lines: [
        { key: "a", product: { id: "BOLT" }, quantity: dec("2"), unitPrice: dec("9.99") },
        { key: "b", description: "Travel", quantity: dec("1"), unitPrice: dec("30"), unit: "Nos" },
      ],
    }
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Invoice } }) =>
      Effect.gen(function* () {
        const first = yield* Invoice.upsert([{ key: KEY, fields: { ...fields, lines: fields.lines.slice(0, 1) } }])
        const again = yield* Invoice.upsert([{ key: KEY, fields: { ...fields, lines: fields.lines.slice(0, 1) } }])
        const later = yield* Invoice.upsert([{ key: KEY, fields: { dueDate: "2026-12-31" as never } }])
        return { first, again, later, record: (yield* Invoice.find([KEY])).get(KEY)?.record }
      }),
    )
    expect(seen.first).toMatchObject([{ _tag: "Created", id: number(1) }])
    expect(seen.again).toMatchObject([{ _tag: "Unchanged" }])
    expect(seen.later).toMatchObject([{ _tag: "Updated" }])
    expect(seen.record).toMatchObject({
      kind: "invoice",
      date: "2026-11-01",
      dueDate: "2026-12-31",
      description: "Thanks",
      state: { code: "draft" },
    })
    expect(text(seen.record?.totals?.net)).toBe("19.98")
    expect(bench.world.submitted("Sales Invoice")).toEqual([])
    expect(bench.world.misfits).toEqual([])
  })

  it("that was submitted is left alone, whatever is asked", async () => {
    const bench = staged()
    bench.world.seed("Sales Invoice", [Seeds.invoice({ mortise_key: "a|_49nvoice|1" })])
    const before = bench.twin.journal.lines.length
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Invoice.upsert([
        { key: "a|Invoice|1", fields: { description: "changed" } },
        { key: "a|Invoice|2", fields: { state: { code: "paid" } } },
        { key: "a|Invoice|3", fields: { balance: dec("0") } },
      ]),
    )
    expect(outcomes).toMatchObject([
      { _tag: "Rejected", error: { reason: { _tag: "Unsupported", feature: "submittedDocument" } } },
      { _tag: "Rejected", error: { reason: { _tag: "Unsupported", feature: "write.state" } } },
      { _tag: "Rejected", error: { reason: { _tag: "Unsupported", feature: "write.balance" } } },
    ])
    expect(Bench.writes(bench, before)).toEqual([])
  })

  it("is awaited, partly paid, paid, voided, by what was paid and not by a stale status", async () => {
    const bench = staged()
    bench.world.seed(
      "Sales Invoice",
      Array.from({ length: 4 }, () => Seeds.invoice()),
    )
    bench.world.pay(number(2), "30")
    bench.world.pay(number(3))
    bench.world.cancel("Sales Invoice", number(4))
    const records = await read(bench, 1, 2, 3, 4)
    expect(records.map((record) => [record?.state?.code, text(record?.balance)])).toEqual([
      ["awaiting", "100"],
      ["partlyPaid", "70"],
      ["paid", "0"],
      ["voided", "0"],
    ])
  })

  it("is overdue from the day after it was due, though nobody touched it, and says since when", async () => {
    const bench = staged()
    bench.world.seed("Sales Invoice", [
      Seeds.invoice({ due_date: "2026-11-19" }),
      Seeds.invoice({ due_date: "2026-11-20" }),
    ])
    const [late, due] = await read(bench, 1, 2)
    expect(late).toMatchObject({ state: { code: "overdue" }, stateAsOf: "2026-11-20" })
    expect(due).toMatchObject({ state: { code: "awaiting" } })
    expect(due).not.toHaveProperty("stateAsOf")
  })

  it("that is paid in parts is late with the first part that was missed", async () => {
    const bench = staged()
    bench.world.seed("Payment Terms Template", [
      {
        $name: "Two Parts",
        template_name: "Two Parts",
        terms: [
          { invoice_portion: "40", credit_days: 5 },
          { invoice_portion: "60", credit_days: 35 },
        ],
      },
    ])
    const parts = { due_date: null, payment_terms_template: "Two Parts" }
    bench.world.seed("Sales Invoice", [Seeds.invoice(parts), Seeds.invoice(parts)])
    bench.world.pay(number(2), "40")
    const [missed, met] = await read(bench, 1, 2)
    expect(missed).toMatchObject({ state: { code: "overdue" }, stateAsOf: "2026-11-16" })
    expect(met).toMatchObject({ state: { code: "partlyPaid" } })
  })

  it("in a foreign currency has its balance in its own, and none that would have to be converted", async () => {
    const bench = staged()
    bench.world.set("Accounts Settings", { allow_multi_currency_invoices_against_single_party_account: 1 })
    const euros = { currency: "EUR", conversion_rate: "1.25" }
    bench.world.seed("Sales Invoice", [Seeds.invoice(euros), Seeds.invoice(euros), Seeds.invoice(euros)])
    bench.world.overwrite("Sales Invoice", number(2), { outstanding_amount: "60" })
    bench.world.overwrite("Sales Invoice", number(3), { outstanding_amount: "0" })
    const [whole, part, none] = await read(bench, 1, 2, 3)
    expect(bench.world.get("Sales Invoice", number(1))?.columns["outstanding_amount"]).toBe("125")
    expect([whole?.currency, text(whole?.totals?.gross), text(whole?.balance)]).toEqual(["EUR", "100", "100"])
    expect(text(whole?.base?.amount)).toBe("125")
    expect(part?.state?.code).toBe("partlyPaid")
    expect(part).not.toHaveProperty("balance")
    expect([none?.state?.code, text(none?.balance)]).toEqual(["paid", "0"])
  })

  it("of a return is a credit note: positive here, negative there", async () => {
    const bench = staged()
    const fields = {
      kind: "creditNote" as const,
      account: { id: "Customer 0000" },
      lines: [{ key: "a", product: { id: "BOLT" }, quantity: dec("2"), unitPrice: dec("10") }],
    }
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Invoice } }) =>
      Effect.gen(function* () {
        const first = yield* Invoice.upsert([{ key: KEY, fields }])
        const again = yield* Invoice.upsert([{ key: KEY, fields }])
        const turned = yield* Invoice.upsert([{ key: KEY, fields: { kind: "invoice" } }])
        return { first, again, turned, record: (yield* Invoice.find([KEY])).get(KEY)?.record }
      }),
    )
    expect(seen.first).toMatchObject([{ _tag: "Created" }])
    expect(seen.again).toMatchObject([{ _tag: "Unchanged" }])
    expect(seen.turned).toMatchObject([{ _tag: "Rejected", error: { reason: { _tag: "Unsupported" } } }])
    expect(seen.record).toMatchObject({ kind: "creditNote", state: { code: "draft" } })
    expect([text(seen.record?.lines?.[0]?.quantity), text(seen.record?.totals?.gross)]).toEqual(["2", "20"])
    const [doc] = bench.world.all("Sales Invoice")
    expect([doc?.columns["grand_total"], doc?.tables["items"]?.[0]?.["qty"]]).toEqual(["-20", "-2"])
  })

  it("names the order that all of its lines come from", async () => {
    const bench = staged()
    bench.world.seed("Sales Order", [Seeds.order({ $submitted: true })])
    bench.world.seed("Sales Invoice", [
      Seeds.invoice({ items: [{ item_code: "BOLT", qty: "1", rate: "50", sales_order: "SAL-ORD-2026-00001" }] }),
      Seeds.invoice(),
    ])
    const [from, free] = await read(bench, 1, 2)
    expect(from?.order).toEqual({ id: "SAL-ORD-2026-00001", number: "SAL-ORD-2026-00001" })
    expect(free?.order).toBeNull()
  })
})

describe("a payment", () => {
  it("is read with what it pays, and is written by nobody here", async () => {
    const bench = staged()
    bench.world.seed("Sales Invoice", [Seeds.invoice(), Seeds.invoice()])
    const name = String(bench.world.pay(number(1), "30").columns["name"])
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Payment } }) =>
      Effect.gen(function* () {
        const payments = yield* Payment.get([name])
        const outcomes = yield* Payment.upsert([
          { key: "a|Payment|1", fields: { reference: "x" } },
          { key: "a|Payment|2", fields: {} },
        ])
        return { record: payments.get(name)?.record, outcomes, found: yield* Payment.find(["a|Payment|1"]) }
      }),
    )
    expect(seen.record).toMatchObject({
      kind: "payment",
      account: { id: "Customer 0000" },
      reference: `PAY-${number(1)}`,
      state: { code: "applied", raw: "Submitted" },
    })
    expect([text(seen.record?.amount?.amount), seen.record?.amount?.currency]).toEqual(["30", "USD"])
    expect(seen.record?.applied?.map(({ amount, invoice }) => [invoice.id, text(amount)])).toEqual([[number(1), "30"]])
    expect(seen.outcomes.map((outcome) => outcome._tag === "Rejected" && outcome.error.reason._tag)).toEqual([
      "Unsupported",
      "Unsupported",
    ])
    expect(seen.found.size).toBe(0)
    expect(Bench.writes(bench)).toEqual([])
  })
})
