import * as Decimal from "@mortise/core/Decimal"
import type { Line } from "@mortise/core/Entities"
import type { LocalDate } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const { bodyOf, reasonOf, tags, writes } = Bench
const KEY = "hubspot/1/|Deal|1"
const EID = "so2-hubspot_2f1_2f_7c_44eal_7c1"

const stage = (options: Parameters<typeof Bench.make>[0] = {}) => {
  const bench = Bench.make(options)
  const [customer] = bench.world.seed("customer", [Seeds.customer(1)])
  const [bolt, nut] = bench.world.seed("inventoryItem", [Seeds.item("BOLT"), Seeds.item("NUT")])
  return { bench, customer: customer?.id ?? "", bolt: bolt?.id ?? "", nut: nut?.id ?? "" }
}

const line = (key: string, quantity: string, number = "bolt"): Line => ({
  key,
  product: { number },
  quantity: Decimal.make(quantity),
  unitPrice: Decimal.make("1.5"),
})

const order = (account: string, lines: ReadonlyArray<Line>, more: object = {}) => ({
  key: KEY,
  fields: { account: { id: account }, lines, ...more },
})

const linesOf = (bench: Bench.Bench) =>
  (bench.world.all("salesOrder")[0]?.subs["item"] ?? []).map(({ fields }) => [fields["line"], fields["quantity"]])

describe("an order", () => {
  it("waits for approval, unless it is asked to be open, and keeps its state when it is written again", async () => {
    for (const [requestedState, status] of [
      ["held", "A"],
      ["open", "B"],
      [undefined, "A"],
    ] as const) {
      const { bench, customer } = stage({ knobs: { orderStatus: "B" } })
      const write = order(customer, [line("a", "3")], requestedState === undefined ? {} : { requestedState })
      const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
        Effect.flatMap(ports.Order.upsert([write]), (first) =>
          Effect.map(ports.Order.upsert([write]), (second) => [...first, ...second]),
        ),
      )
      expect(tags(outcomes)).toEqual(["Created", "Unchanged"])
      expect(bench.world.all("salesOrder").map(({ fields }) => fields["status"])).toEqual([status])
    }
  })

  it("takes its whole set of lines where it has others, and changes by line where it has the same", async () => {
    const { bench, customer } = stage()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.forEach(
        [
          [line("a", "3")],
          [line("a", "7"), line("b", "1", "NUT")],
          [line("a", "7"), line("b", "2", "nut")],
          [line("b", "2", "NUT")],
        ],
        (lines) => ports.Order.upsert([order(customer, lines)]),
      ),
    )
    expect(tags(outcomes.flat())).toEqual(["Created", "Updated", "Updated", "Updated"])
    expect(writes(bench).map(({ url }) => new URL(url).searchParams.get("replace"))).toEqual([
      "item",
      "item",
      null,
      "item",
    ])
    expect(bodyOf(writes(bench)[2]).item).toEqual({ items: [{ line: 3, quantity: 2, rate: 1.5 }] })
    expect(linesOf(bench)).toEqual([["4", "2"]])
  })

  it("keeps what others entered into its lines when only ours change", async () => {
    const { bench, bolt, customer } = stage()
    bench.world.seed("salesOrder", [
      Seeds.order(customer, bolt, {
        externalId: EID,
        item: [{ item: bolt, quantity: "2", rate: "50", location: "2", expectedShipDate: "2026-03-01" }],
      }),
    ])
    await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Order.upsert([order(customer, [line("a", "9")])]))
    expect(bench.world.all("salesOrder")[0]?.subs["item"]?.[0]?.fields).toMatchObject({
      quantity: "9",
      location: "2",
      expectedShipDate: "2026-03-01",
    })
  })

  it("of which something was shipped takes changes of its lines and no other lines", async () => {
    const { bench, bolt, customer, nut } = stage()
    const [doc] = bench.world.seed("salesOrder", [
      Seeds.order(customer, bolt, {
        externalId: EID,
        orderStatus: "B",
        item: [
          { item: bolt, quantity: "2", rate: "50" },
          { item: nut, quantity: "5", rate: "1.5" },
        ],
      }),
    ])
    bench.world.fulfil(doc?.id ?? "", { "1": "1" })
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.forEach(
        [[line("a", "4"), line("b", "5", "NUT")], [line("a", "4")], [line("a", "4"), line("b", "5"), line("c", "1")]],
        (lines) => ports.Order.upsert([order(customer, lines)]),
      ),
    )
    expect(tags(outcomes.flat())).toEqual(["Updated", "Rejected", "Rejected"])
    expect(reasonOf(outcomes[1]?.[0])?.message).toMatch(/billed or shipped/)
    expect(linesOf(bench)).toEqual([
      ["1", "4"],
      ["2", "5"],
    ])
    expect(writes(bench).length).toBe(1)
  })

  it("matches its lines by the field that carries their keys, whatever their order", async () => {
    const { bench, customer } = stage({
      customFields: [{ name: "custcol_mortise_key", kind: "text", on: ["salesOrder"] }],
    })
    const config = Bench.options(bench, { orders: { lineKeyField: "custcol_mortise_key" } })
    const [outcomes, read] = await Bench.use(bench, config, ({ ports }) =>
      Effect.gen(function* () {
        const first = yield* ports.Order.upsert([order(customer, [line("a", "1"), line("b", "2", "NUT")])])
        const again = yield* ports.Order.upsert([order(customer, [line("b", "2", "NUT"), line("a", "1")])])
        const changed = yield* ports.Order.upsert([order(customer, [line("b", "8", "NUT"), line("a", "1")])])
        return [[...first, ...again, ...changed], yield* ports.Order.find([KEY])] as const
      }),
    )
    expect(tags(outcomes)).toEqual(["Created", "Unchanged", "Updated"])
    expect(linesOf(bench)).toEqual([
      ["1", "1"],
      ["2", "8"],
    ])
    expect(read.get(KEY)?.record.lines?.map(({ key }) => key)).toEqual(["a", "b"])
  })

  it("is made once, with its lines once, when the reply is lost", async () => {
    for (const fault of [
      { kind: "lostReply" },
      { kind: "errorAfter", status: 500 },
      { kind: "hang", applied: true },
      { kind: "hang", applied: false },
      { kind: "slow", millis: 400_000, commit: "late" },
    ] as const) {
      for (const nth of [1, 2]) {
        const { bench, customer } = stage()
        let seen = 0
        bench.twin.faults.deal({
          at: (request) => {
            if (request.method === "PUT") seen += 1
            return request.method === "PUT" && seen === nth
          },
          fault,
        })
        const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
          Effect.forEach([[line("a", "3")], [line("a", "7"), line("b", "1", "NUT")]], (lines) =>
            ports.Order.upsert([order(customer, lines)]),
          ),
        )
        expect(
          outcomes.flat().every(({ _tag }) => ["Created", "Updated", "Written"].includes(_tag)),
          `${fault.kind} ${nth}`,
        ).toBe(true)
        expect(bench.world.all("salesOrder").length).toBe(1)
        expect(linesOf(bench).map(([, quantity]) => quantity)).toEqual(["7", "1"])
        expect(bench.twin.faults.pending()).toEqual([])
      }
    }
  })

  it("names what it points to and the account does not have, and what is wrong with its lines", async () => {
    const { bench, customer } = stage()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.forEach(
        [
          order("99999", [line("a", "1")]),
          order(customer, [line("a", "1", "GONE")]),
          order(customer, [{ ...line("a", "1"), product: { id: "99999" } }]),
          order(customer, [line("a", "1"), line("a", "2")]),
          order(customer, [{ ...line("a", "1"), discount: { percent: Decimal.make("5") } }]),
          order(customer, [line("a", "1")], { currency: "CHF" }),
        ],
        (write) => ports.Order.upsert([write]),
      ),
    )
    expect(outcomes.map(([outcome]) => reasonOf(outcome)?._tag)).toEqual([
      "MissingReference",
      "MissingReference",
      "MissingReference",
      "Invalid",
      "Invalid",
      "Invalid",
    ])
    expect(outcomes.slice(0, 3).map(([outcome]) => (reasonOf(outcome) as { field?: string }).field)).toEqual([
      "account",
      "lines.0.product",
      "lines.0.product",
    ])
    expect(bench.world.all("salesOrder")).toEqual([])
  })

  it("keeps all digits of quantities and prices, on the way there and back", async () => {
    const { bench, customer } = stage()
    const exact = { ...line("a", "1234567.123456789"), unitPrice: Decimal.make("0.000000123456789012345") }
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.flatMap(ports.Order.upsert([order(customer, [exact])]), () =>
        ports.Order.upsert([order(customer, [exact])]),
      ),
    )
    expect(tags(outcomes)).toEqual(["Unchanged"])
  })
})

describe("an invoice", () => {
  const KEY_INVOICE = "hubspot/1/|Deal|9"
  const draft = (account: string, more: object = {}) => ({
    key: KEY_INVOICE,
    fields: {
      account: { id: account },
      date: "2026-01-10" as LocalDate,
      dueDate: "2026-02-10" as LocalDate,
      lines: [line("a", "2")],
      ...more,
    },
  })

  it("is not written where it would be in the ledger at once", async () => {
    const { bench, customer } = stage()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) => {
      expect(ports.Invoice.features).toMatchObject({ creates: false, updates: false, writable: [] })
      expect(ports.Invoice.features.absent?.["creates"]).toMatch(/approvalRouting/)
      return ports.Invoice.upsert([draft(customer), { key: KEY_INVOICE, fields: {} }])
    })
    expect(outcomes.map((outcome) => reasonOf(outcome)?._tag)).toEqual(["Unsupported", "Unsupported"])
    expect(writes(bench)).toEqual([])
  })

  it("is a draft that waits where the account has invoices approved, and is left alone once it is approved", async () => {
    const { bench, customer } = stage({ knobs: { invoiceApproval: true } })
    const config = Bench.options(bench, { invoices: { approvalRouting: true } })
    const [outcomes, read] = await Bench.use(bench, config, ({ ports }) =>
      Effect.gen(function* () {
        const first = yield* ports.Invoice.upsert([draft(customer)])
        const again = yield* ports.Invoice.upsert([draft(customer)])
        const changed = yield* ports.Invoice.upsert([draft(customer, { description: "second" })])
        const found = yield* ports.Invoice.find([KEY_INVOICE])
        bench.world.approve("invoice", found.get(KEY_INVOICE)?.id ?? "")
        const late = yield* ports.Invoice.upsert([draft(customer, { description: "third" })])
        return [[...first, ...again, ...changed, ...late], found] as const
      }),
    )
    expect(tags(outcomes)).toEqual(["Created", "Unchanged", "Updated", "Rejected"])
    expect(reasonOf(outcomes[3])).toMatchObject({ _tag: "Unsupported", feature: "releasedDocument" })
    expect(read.get(KEY_INVOICE)?.record.state).toMatchObject({ code: "draft" })
    expect(bench.world.all("invoice").length).toBe(1)
  })

  it("that was posted is reported though its answer was lost", async () => {
    const { bench, customer } = stage()
    bench.twin.faults.deal({ at: ({ method }) => method === "PUT", fault: { kind: "lostReply" } })
    const config = Bench.options(bench, { invoices: { approvalRouting: true } })
    const outcomes = await Bench.use(bench, config, ({ ports }) => ports.Invoice.upsert([draft(customer)]))
    expect(outcomes[0]).toMatchObject({ _tag: "Rejected", id: bench.world.all("invoice")[0]?.id })
  })

  it("that was posted all the same is reported, and credit memos are not written", async () => {
    const { bench, customer } = stage()
    const config = Bench.options(bench, { invoices: { approvalRouting: true } })
    const outcomes = await Bench.use(bench, config, ({ ports }) =>
      Effect.forEach(
        [draft(customer), { ...draft(customer, { kind: "creditNote" }), key: "hubspot/1/|Deal|10" }],
        (write) => ports.Invoice.upsert([write]),
      ),
    )
    expect(outcomes[0]?.[0]).toMatchObject({ _tag: "Rejected", id: bench.world.all("invoice")[0]?.id })
    expect(reasonOf(outcomes[0]?.[0])?.message).toMatch(/it is in the ledger/)
    expect(reasonOf(outcomes[1]?.[0])?._tag).toBe("Invalid")
  })
})

describe("a payment", () => {
  it("is not written: there is no draft of one", async () => {
    const { bench, customer } = stage()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Payment.upsert([{ key: "hubspot/1/|Payment|1", fields: { account: { id: customer } } }]),
    )
    expect(reasonOf(outcomes[0])?._tag).toBe("Unsupported")
    expect(writes(bench)).toEqual([])
  })

  it("tells what it pays, and what it paid is paid", async () => {
    const { bench, bolt, customer } = stage()
    const [first, second] = bench.world.seed("invoice", [
      Seeds.invoice(customer, bolt),
      Seeds.invoice(customer, bolt, { dueDate: "2026-01-10" }),
    ])
    const [a, b] = [first?.id ?? "", second?.id ?? ""]
    bench.world.seed("customerPayment", [
      Seeds.payment(customer, [
        [a, "60"],
        [b, "40"],
      ]),
    ])
    bench.world.seed("customerPayment", [Seeds.payment(customer, [[a, "40"]])])
    const { invoices, payments } = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.all({ invoices: ports.Invoice.get([a, b]), payments: Bench.readAll(ports.Payment) }),
    )
    const shown = Bench.upserted(payments.changes).map(({ record }) => [
      record.applied?.map(({ amount, invoice }) => [invoice.id, Decimal.format(amount)]),
      record.state?.code,
    ])
    expect(shown).toEqual([
      [
        [
          [a, "60"],
          [b, "40"],
        ],
        "applied",
      ],
      [[[a, "40"]], "open"],
    ])
    const [paid, late] = [invoices.get(a)?.record, invoices.get(b)?.record]
    expect([paid?.state?.code, late?.state?.code, late?.stateAsOf]).toEqual(["paid", "overdue", "2026-01-11"])
    expect([paid?.balance, late?.balance].map((balance) => balance && Decimal.format(balance))).toEqual(["0", "60"])
  })
})
