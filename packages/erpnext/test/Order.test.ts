import * as Decimal from "@mortise/core/Decimal"
import type { Line } from "@mortise/core/Entities"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const KEY = "hubspot/123/|Deal|9"
const dec = Decimal.make

const staged = () => {
  const bench = Bench.make()
  bench.world.seed("Customer", [Seeds.customer(0, { mortise_key: "a|_41ccount|1" })])
  bench.world.seed("Item", [Seeds.item("BOLT"), Seeds.item("NUT")])
  return bench
}

const line = (key: string, quantity: string, more: Partial<Line> = {}): Line => ({
  key,
  product: { number: "BOLT" },
  quantity: dec(quantity),
  unitPrice: dec("10"),
  ...more,
})

const shown = (lines: ReadonlyArray<Line> | null | undefined) =>
  (lines ?? []).map((each) => [
    each.key,
    each.product?.id,
    each.quantity && Decimal.format(each.quantity),
    each.unitPrice && Decimal.format(each.unitPrice),
    each.net && Decimal.format(each.net),
  ])

describe("an order", () => {
  it("is made once, as a draft, with company and currency said", async () => {
    const bench = staged()
    const fields = {
      account: { key: "a|Account|1" },
      date: "2026-11-20" as never,
      requestedDate: "2026-12-01" as never,
      customerReference: "PO-7",
      currency: "USD",
      lines: [line("a", "2"), line("b", "3", { product: { id: "NUT" }, description: "by hand" })],
    }
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Order } }) =>
      Effect.gen(function* () {
        const first = yield* Order.upsert([{ key: KEY, fields: { ...fields, requestedState: "held" } }])
        const again = yield* Order.upsert([{ key: KEY, fields }])
        return { first, again, found: (yield* Order.find([KEY])).get(KEY) }
      }),
    )
    expect(seen.first).toMatchObject([{ _tag: "Created", id: "SAL-ORD-2026-00001" }])
    expect(seen.again).toMatchObject([{ _tag: "Unchanged" }])
    expect(seen.found?.record).toMatchObject({
      number: "SAL-ORD-2026-00001",
      account: { id: "Customer 0000" },
      customerReference: "PO-7",
      date: "2026-11-20",
      requestedDate: "2026-12-01",
      currency: "USD",
      state: { code: "held", raw: "Draft" },
    })
    expect(shown(seen.found?.record.lines)).toEqual([
      ["a", "BOLT", "2", "10", "20"],
      ["b", "NUT", "3", "10", "30"],
    ])
    expect(bench.world.submitted("Sales Order")).toEqual([])
    const post = bench.twin.journal.lines.find(({ method, url }) => method === "POST" && url.includes("Sales%20Order"))
    expect(JSON.parse(post?.requestBody ?? "{}")).toMatchObject({ company: Bench.COMPANY.name, currency: "USD" })
    expect(bench.world.misfits).toEqual([])
  })

  it("can be asked for another day, and nothing else of its lines changes", async () => {
    const bench = staged()
    const fields = {
      account: { id: "Customer 0000" },
      requestedDate: "2026-12-01" as never,
      lines: [line("a", "2"), line("b", "3", { product: { id: "NUT" }, discount: { percent: dec("10") } })],
    }
    const stored = () => bench.world.get("Sales Order", "SAL-ORD-2026-00001")
    const write = (more: object) =>
      Bench.use(bench, Bench.options(bench), ({ ports: { Order } }) =>
        Effect.gen(function* () {
          const outcomes = yield* Order.upsert([{ key: KEY, fields: more as typeof fields }])
          return { outcomes, asked: (yield* Order.find([KEY])).get(KEY)?.record.requestedDate }
        }),
      )
    await write(fields)
    const before = stored()?.tables["items"] ?? []
    for (const day of ["2026-12-24", "2026-11-25"]) {
      const seen = await write({ requestedDate: day })
      expect(seen).toMatchObject({ outcomes: [{ _tag: "Updated" }], asked: day })
      const after = stored()?.tables["items"] ?? []
      expect(after.map((row) => row["delivery_date"])).toEqual([day, day])
      const saved = { creation: "", modified: "" }
      expect(after.map((row) => ({ ...row, ...saved }))).toEqual(
        before.map((row) => ({ ...row, ...saved, delivery_date: day })),
      )
    }
    const both = await write({ requestedDate: "2026-12-31", lines: [line("c", "1"), ...fields.lines.slice(1)] })
    expect(both).toMatchObject({ outcomes: [{ _tag: "Updated" }], asked: "2026-12-31" })
    expect(stored()?.tables["items"]?.map((row) => row["delivery_date"])).toEqual(["2026-12-31", "2026-12-31"])
    expect(stored()?.tables["items"]?.[1]?.["name"]).toBe(before[1]?.["name"])
  })

  it("is not opened: that takes a submission, which nothing here does", async () => {
    const bench = staged()
    const fields = { account: { id: "Customer 0000" }, lines: [line("a", "1")], requestedState: "open" as const }
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Order.upsert([{ key: KEY, fields }]),
    )
    expect(outcomes).toMatchObject([{ _tag: "Rejected", error: { reason: { _tag: "Invalid" } } }])
    expect(Bench.writes(bench)).toEqual([])
  })

  it("has its lines matched by key: changed, added, taken away and put in order, and none doubled", async () => {
    const bench = staged()
    const write = (lines: ReadonlyArray<Line>) =>
      Bench.use(bench, Bench.options(bench), ({ ports: { Order } }) =>
        Effect.gen(function* () {
          const outcomes = yield* Order.upsert([{ key: KEY, fields: { account: { id: "Customer 0000" }, lines } }])
          return { outcomes, lines: (yield* Order.find([KEY])).get(KEY)?.record.lines }
        }),
      )
    const first = await write([line("a", "1"), line("b", "2"), line("c", "3")])
    const ids = new Map((first.lines ?? []).map(({ id, key }) => [key, id]))
    // What somebody else put into a row stays there.
    const name = "SAL-ORD-2026-00001"
    const rows = bench.world.get("Sales Order", name)?.tables["items"] ?? []
    bench.world.edit("Sales Order", name, {
      items: rows.map((row) => ({
        ...row,
        ...(row["mortise_line_key"] === "b" ? { additional_notes: "fragile" } : {}),
      })),
    })
    const second = await write([line("d", "4", { product: { number: "NUT" } }), line("b", "7"), line("a", "1")])
    expect(second.outcomes).toMatchObject([{ _tag: "Updated" }])
    expect(shown(second.lines).map(([key, item, quantity]) => [key, item, quantity])).toEqual([
      ["d", "NUT", "4"],
      ["b", "BOLT", "7"],
      ["a", "BOLT", "1"],
    ])
    expect(second.lines?.find(({ key }) => key === "b")?.id).toBe(ids.get("b"))
    const stored = bench.world.get("Sales Order", name)?.tables["items"] ?? []
    expect(stored.map((row) => row["additional_notes"] ?? null)).toEqual([null, "fragile", null])
  })

  it("matches lines by their place where the site has no field for their key", async () => {
    const bench = staged()
    for (const dt of ["Sales Order Item", "Sales Invoice Item"])
      bench.world.remove("Custom Field", `${dt}-mortise_line_key`)
    bench.world.site.readCustomFields()
    const write = (lines: ReadonlyArray<Line>) =>
      Bench.use(bench, Bench.options(bench), ({ ports: { Order } }) =>
        Effect.gen(function* () {
          const outcomes = yield* Order.upsert([{ key: KEY, fields: { account: { id: "Customer 0000" }, lines } }])
          return { outcomes, lines: (yield* Order.find([KEY])).get(KEY)?.record.lines }
        }),
      )
    const first = await write([line("a", "1"), line("b", "2")])
    const again = await write([line("a", "1"), line("b", "2")])
    const changed = await write([line("a", "5"), line("b", "2")])
    expect(shown(first.lines).map(([key]) => key)).toEqual(["#1", "#2"])
    expect(again.outcomes).toMatchObject([{ _tag: "Unchanged" }])
    expect(changed.outcomes).toMatchObject([{ _tag: "Updated" }])
    expect(changed.lines?.map(({ id }) => id)).toEqual(first.lines?.map(({ id }) => id))
  })

  it("takes discounts by percent and by amount, exactly or not at all", async () => {
    const bench = staged()
    const lines = [
      line("a", "4", { discount: { percent: dec("12.5") } }),
      line("b", "4", { discount: { amount: dec("0.4") } }),
    ]
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Order } }) =>
      Effect.gen(function* () {
        const fields = { account: { id: "Customer 0000" }, lines, discount: { percent: dec("10") } }
        const first = yield* Order.upsert([{ key: KEY, fields }])
        const again = yield* Order.upsert([{ key: KEY, fields }])
        const record = (yield* Order.find([KEY])).get(KEY)?.record
        const cleared = yield* Order.upsert([
          { key: KEY, fields: { lines: lines.map((each) => ({ ...each, discount: null })), discount: null } },
        ])
        const plain = (yield* Order.find([KEY])).get(KEY)?.record
        const odd = yield* Order.upsert([
          {
            key: "x|Deal|2",
            fields: { account: { id: "Customer 0000" }, lines: [line("a", "3", { discount: { amount: dec("1") } })] },
          },
        ])
        return { first, again, record, cleared, plain, odd }
      }),
    )
    expect(seen.first).toMatchObject([{ _tag: "Created" }])
    expect(seen.again).toMatchObject([{ _tag: "Unchanged" }])
    expect(shown(seen.record?.lines).map((row) => row.at(-1))).toEqual(["35", "39.6"])
    const discounts = (seen.record?.lines ?? []).map(({ discount }) => {
      if (discount === undefined || discount === null) return discount
      return "percent" in discount ? `${Decimal.format(discount.percent)}%` : Decimal.format(discount.amount)
    })
    expect(discounts).toEqual(["12.5%", "0.4"])
    expect(seen.record?.totals?.net && Decimal.format(seen.record.totals.net)).toBe("67.14")
    expect(seen.cleared).toMatchObject([{ _tag: "Updated" }])
    expect(seen.plain?.discount).toBeNull()
    expect(seen.plain?.lines?.map(({ discount }) => discount)).toEqual([null, null])
    expect(seen.odd).toMatchObject([{ _tag: "Rejected", error: { reason: { _tag: "Invalid" } } }])
  })

  it("with one unknown item writes nothing and names line and item; so does one without lines or account", async () => {
    const bench = staged()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Order.upsert([
        {
          key: "a|Deal|1",
          fields: {
            account: { id: "Customer 0000" },
            lines: [line("a", "1"), line("b", "1", { product: { number: "GONE" } })],
          },
        },
        { key: "a|Deal|2", fields: { account: { id: "Customer 0000" } } },
        { key: "a|Deal|3", fields: { lines: [line("a", "1")] } },
        { key: "a|Deal|4", fields: { account: { id: "Customer 0000" }, lines: [] } },
        { key: "a|Deal|5", fields: { account: { id: "Customer 0000" }, lines: [line("a", "0.0000000001")] } },
      ]),
    )
    expect(outcomes).toMatchObject([
      {
        _tag: "Rejected",
        error: { reason: { _tag: "MissingReference", field: "lines.1.product", reference: "GONE" } },
      },
      { _tag: "Rejected", error: { reason: { _tag: "Invalid" } } },
      { _tag: "Rejected", error: { reason: { _tag: "Invalid" } } },
      { _tag: "Rejected", error: { reason: { _tag: "Invalid" } } },
      { _tag: "Rejected", error: { reason: { _tag: "Invalid" } } },
    ])
    expect(Bench.writes(bench)).toEqual([])
  })

  it("of another company is none of ours", async () => {
    const bench = staged()
    bench.world.seed("Sales Order", [
      Seeds.order({ mortise_key: "a|_44eal|1" }),
      Seeds.order({ company: Bench.SECOND.name, currency: "EUR", mortise_key: "a|_44eal|2" }),
    ])
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Order } }) =>
      Effect.gen(function* () {
        const read = yield* Bench.readAll(Order)
        const got = yield* Order.get(["SAL-ORD-2026-00001", "SAL-ORD-2026-00002"])
        const found = yield* Order.find(["a|Deal|1", "a|Deal|2"])
        return { read: Bench.ids(read.changes), got: [...got.keys()], found: [...found.keys()] }
      }),
    )
    expect(seen).toEqual({ read: ["SAL-ORD-2026-00001"], got: ["SAL-ORD-2026-00001"], found: ["a|Deal|1"] })
  })

  it("that was submitted is left to the ERP, and its state is told by what was delivered and billed", async () => {
    const bench = staged()
    bench.world.seed("Sales Order", [
      Seeds.order({ mortise_key: "a|_44eal|1", $submitted: true }),
      Seeds.order({ $submitted: true }),
      Seeds.order({ $submitted: true }),
      Seeds.order(),
    ])
    const name = (index: number) => `SAL-ORD-2026-0000${index}`
    bench.world.overwrite("Sales Order", name(2), { per_delivered: "40" })
    bench.world.overwrite("Sales Order", name(3), { status: "Closed" })
    bench.world.overwrite("Sales Order", name(4), { docstatus: 1 })
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Order } }) =>
      Effect.gen(function* () {
        const outcomes = yield* Order.upsert([{ key: "a|Deal|1", fields: { customerReference: "late" } }])
        const read = yield* Order.get([1, 2, 3, 4].map(name))
        return { outcomes, states: [1, 2, 3, 4].map((index) => read.get(name(index))?.record.state?.code) }
      }),
    )
    expect(seen.outcomes).toMatchObject([
      { _tag: "Rejected", error: { reason: { _tag: "Unsupported", feature: "submittedDocument" } } },
    ])
    expect(seen.states).toEqual(["open", "partlyFulfilled", "cancelled", "open"])
  })

  it("with a reference that another order of the customer has is refused, and says so", async () => {
    const bench = staged()
    bench.world.seed("Sales Order", [Seeds.order({ po_no: "PO-1" })])
    const fields = { account: { id: "Customer 0000" }, customerReference: "PO-1", lines: [line("a", "1")] }
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Order.upsert([{ key: KEY, fields }]),
    )
    expect(outcomes).toMatchObject([
      { _tag: "Rejected", error: { reason: { _tag: "Duplicate", existingId: "SAL-ORD-2026-00001" } } },
    ])
    expect(bench.world.all("Sales Order")).toHaveLength(1)
  })
})
