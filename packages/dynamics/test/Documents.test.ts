/** Orders and drafts: what is resolved before the first write, what a changeset holds, what is refused. */
import * as Decimal from "@mortise/core/Decimal"
import type * as Outcome from "@mortise/core/Outcome"
import { describe, expect, it } from "vitest"
import type * as Config from "../src/Config.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const COMPANY = Bench.COMPANY

const stage = (...items: ReadonlyArray<string>) => {
  const bench = Bench.make()
  bench.world.seed("CustomersV3", [Seeds.customer(0)], COMPANY)
  Seeds.items(bench, ...(items.length === 0 ? ["BOLT", "NUT"] : items))
  return bench
}

const line = (key: string, item: string, quantity: string, more: object = {}) => ({
  key,
  product: { number: item },
  quantity: Decimal.make(quantity),
  ...more,
})

const KEY = "hubspot/1/|Deal|1"

const order = (bench: Bench.Bench, fields: object, more: Partial<Config.DynamicsConfig> = {}) =>
  Bench.use(bench, Bench.options(bench, { orders: Seeds.SITE, ...more }), ({ ports }) =>
    ports.Order.upsert([{ key: KEY, fields: { account: { number: "C-00000" }, ...fields } }]),
  )

const reason = ([outcome]: ReadonlyArray<Outcome.Outcome>) =>
  outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined

const orders = (bench: Bench.Bench) => bench.world.all("SalesOrderHeadersV2")
const values = (bench: Bench.Bench, set: string, field: string) =>
  bench.world.all(set).map((doc) => bench.world.value(set, doc, field))

/** What the first line of the order has off, as an amount. */
const discountOf = async (bench: Bench.Bench) => {
  const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Order.find([KEY]))
  const discount = found.get(KEY)?.record.lines?.[0]?.discount
  return discount && "amount" in discount ? Decimal.format(discount.amount) : undefined
}

describe("a new order", () => {
  it("with one item that is not there writes nothing, and names line and item", async () => {
    const bench = stage()
    const found = await order(bench, { lines: [line("a", "BOLT", "1"), line("b", "GONE", "1")] })
    expect(reason(found)).toMatchObject({ _tag: "MissingReference", field: "lines.1.product", reference: "GONE" })
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("of an account that is not there writes nothing", async () => {
    const bench = stage()
    const found = await order(bench, { account: { number: "C-99999" }, lines: [] })
    expect(reason(found)).toMatchObject({ _tag: "MissingReference", field: "account", reference: "C-99999" })
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("of an account of another company writes nothing", async () => {
    const bench = stage()
    bench.world.seed("CustomersV3", [Seeds.customer(5)], "demf")
    const found = await order(bench, { account: { number: "C-00005" } })
    expect(reason(found)).toMatchObject({ _tag: "MissingReference", field: "account" })
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("takes over currency, language, site and the one who is billed from its customer", async () => {
    const bench = Bench.make()
    bench.world.seed(
      "CustomersV3",
      [
        Seeds.customer(1),
        Seeds.customer(0, { SalesCurrencyCode: "EUR", InvoiceAccount: "C-00001", WarehouseId: "24", SiteId: "2" }),
      ],
      COMPANY,
    )
    expect((await order(bench, {}, { orders: {} })).map(({ _tag }) => _tag)).toEqual(["Created"])
    const [made] = orders(bench)
    expect(made?.fields).toMatchObject({
      CurrencyCode: "EUR",
      InvoiceCustomerAccountNumber: "C-00001",
      DefaultShippingWarehouseId: "24",
      DefaultShippingSiteId: "2",
    })
  })

  it("is open; one that is to be held is refused before any write, and the feature says so", async () => {
    const bench = stage()
    const found = await order(bench, { requestedState: "held" })
    expect(reason(found)).toMatchObject({ _tag: "Invalid", issues: [{ path: ["requestedState"] }] })
    expect(bench.twin.journal.writes()).toEqual([])
    expect((await order(bench, { requestedState: "open" })).map(({ _tag }) => _tag)).toEqual(["Created"])
    const states = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Order.find([KEY]))
    expect(states.get(KEY)?.record.state?.code).toBe("open")
  })

  it("whose lines need a site that nobody named is refused with the form's own words, and goes on once there is one", async () => {
    const bench = stage()
    const [found] = await order(bench, { lines: [line("a", "BOLT", "1")] }, { orders: {} })
    expect(found).toMatchObject({ _tag: "Rejected", error: { reason: { _tag: "Invalid" } } })
    expect(JSON.stringify(found)).toContain("Site is mandatory")
    expect(JSON.stringify(found)).not.toContain("Update has been canceled")
    const mended = await order(bench, { lines: [line("a", "BOLT", "1")] }, { orders: Seeds.SITE })
    expect(mended).toMatchObject([{ _tag: "Updated", id: (found as { readonly id?: string }).id }])
    expect(orders(bench).length).toBe(1)
  })

  it("where numbers are given by hand is one changeset of header and lines, all of it or nothing", async () => {
    const bench = stage()
    bench.world.knobs.manualNumbers = [`${COMPANY} SalesOrderNumber`]
    const more = { orders: { ...Seeds.SITE, manualNumbering: true } }
    const lines = [line("a", "BOLT", "1"), line("b", "NUT", "2")]
    const made = await order(bench, { number: "DEAL-1", lines }, more)
    expect(made).toMatchObject([{ _tag: "Created", id: "DEAL-1" }])
    expect(Bench.requests(bench).filter((each) => !each.startsWith("GET"))).toEqual(["POST /$batch"])
    expect(bench.world.all("SalesOrderLines").length).toBe(2)

    const whole = stage()
    whole.world.knobs.manualNumbers = [`${COMPANY} SalesOrderNumber`]
    const [refused] = await order(whole, { number: "DEAL-1", lines }, { orders: { manualNumbering: true } })
    expect(refused?._tag).toBe("Rejected")
    expect(orders(whole)).toEqual([])
  })

  it("of a number that somebody else has used is ambiguous, and not written over", async () => {
    const bench = stage()
    bench.world.knobs.manualNumbers = [`${COMPANY} SalesOrderNumber`]
    bench.world.seed(
      "SalesOrderHeadersV2",
      [{ SalesOrderNumber: "DEAL-1", OrderingCustomerAccountNumber: "C-00000", CustomersOrderReference: "theirs" }],
      COMPANY,
    )
    const found = await order(bench, { number: "DEAL-1" }, { orders: { ...Seeds.SITE, manualNumbering: true } })
    expect(reason(found)).toMatchObject({ _tag: "Ambiguous", candidates: [{ id: "DEAL-1" }] })
    expect(bench.twin.journal.writes()).toEqual([])
  })
})

describe("the lines of an order", () => {
  it("take prices for one, discounts and descriptions, and give them up again", async () => {
    const bench = stage()
    const discounted = line("a", "BOLT", "3", {
      unitPrice: Decimal.make("12.125"),
      discount: { percent: Decimal.make("10") },
      description: "Bolts, long",
    })
    await order(bench, { lines: [discounted] })
    expect((await order(bench, { lines: [discounted] })).map(({ _tag }) => _tag)).toEqual(["Unchanged"])
    expect(values(bench, "SalesOrderLines", "LineDiscountPercentage")).toEqual(["10"])
    const bare = line("a", "BOLT", "3", { unitPrice: Decimal.make("12.125"), discount: null })
    expect((await order(bench, { lines: [bare] })).map(({ _tag }) => _tag)).toEqual(["Updated"])
    expect(values(bench, "SalesOrderLines", "LineDiscountPercentage")).toEqual(["0"])
    expect(values(bench, "SalesOrderLines", "LineDescription")).toEqual(["Bolts, long"])
  })

  it("have an amount off for the whole line, which the service takes off each piece", async () => {
    const bench = stage()
    const off = (amount: string, quantity = "4") =>
      line("a", "BOLT", quantity, { unitPrice: Decimal.make("100"), discount: { amount: Decimal.make(amount) } })
    expect((await order(bench, { lines: [off("10")] })).map(({ _tag }) => _tag)).toEqual(["Created"])
    expect(values(bench, "SalesOrderLines", "LineDiscountAmount")).toEqual(["2.5"])
    expect(values(bench, "SalesOrderLines", "LineAmount")).toEqual(["390"])
    expect((await order(bench, { lines: [off("10")] })).map(({ _tag }) => _tag)).toEqual(["Unchanged"])
    expect(await discountOf(bench)).toBe("10")

    bench.twin.journal.clear()
    const uneven = await order(bench, { lines: [off("10", "3")] })
    expect(reason(uneven)).toMatchObject({ _tag: "Invalid", issues: [{ path: ["lines", "0", "discount"] }] })
    const bare = line("a", "BOLT", "4", { discount: { amount: Decimal.make("5") } })
    expect(reason(await order(bench, { lines: [bare] }))).toMatchObject({
      _tag: "Invalid",
      issues: [{ path: ["lines", "0", "discount"] }],
    })
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("have one kind of discount: the other one leaves, and zero of either is none", async () => {
    const bench = stage()
    const write = async (discount: object) => {
      const wanted = line("a", "BOLT", "2", { unitPrice: Decimal.make("100"), discount })
      const [outcome] = await order(bench, { lines: [wanted] })
      return [outcome?._tag, ...values(bench, "SalesOrderLines", "LineAmount")]
    }
    expect(await write({ amount: Decimal.make("10") })).toEqual(["Created", "190"])
    expect(await write({ percent: Decimal.make("20") })).toEqual(["Updated", "160"])
    expect(await write({ percent: Decimal.make("20") })).toEqual(["Unchanged", "160"])
    expect(await write({ amount: Decimal.make("30") })).toEqual(["Updated", "170"])
    expect(await write({ percent: Decimal.make("0") })).toEqual(["Updated", "200"])
    expect(await write({ amount: Decimal.make("0") })).toEqual(["Unchanged", "200"])
  })

  it("that have an amount and a percentage off at once show what both take", async () => {
    const bench = stage()
    await order(bench, { lines: [line("a", "BOLT", "2", { unitPrice: Decimal.make("100") })] })
    const [lot] = values(bench, "SalesOrderLines", "InventoryLotId")
    bench.world.edit("SalesOrderLines", [COMPANY, lot ?? ""], {
      LineDiscountAmount: "10",
      LineDiscountPercentage: "50",
      LineAmount: "90",
    })
    expect(await discountOf(bench)).toBe("110")
  })

  it("change in one changeset, whatever leaves, stays or comes", async () => {
    const bench = stage()
    await order(bench, { lines: [line("a", "BOLT", "1"), line("b", "NUT", "2")] })
    bench.twin.journal.clear()
    await order(bench, { description: "Renamed", lines: [line("b", "NUT", "5"), line("c", "BOLT", "1")] })
    expect(Bench.requests(bench).filter((each) => !each.startsWith("GET"))).toEqual(["POST /$batch"])
    expect(values(bench, "SalesOrderLines", "OrderedSalesQuantity").sort()).toEqual(["1", "5"])
    expect(values(bench, "SalesOrderHeadersV2", "SalesOrderName")).toEqual(["Renamed"])
  })

  it("that somebody edits between look and write are looked at anew", async () => {
    const bench = stage()
    await order(bench, { lines: [line("a", "BOLT", "1"), line("b", "NUT", "2")] })
    const [lot] = values(bench, "SalesOrderLines", "InventoryLotId")
    let edited = false
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      if (request.url.endsWith("$batch") && !edited) {
        edited = true
        bench.world.edit("SalesOrderLines", [COMPANY, lot ?? ""], {
          LineDescription: "Theirs",
          OrderedSalesQuantity: "9",
        })
      }
      return bench.twin.fetch(request)
    }
    bench.twin.journal.clear()
    const lines = [line("a", "BOLT", "5"), line("b", "NUT", "3")]
    expect((await order(bench, { lines }, { fetch })).map(({ _tag }) => _tag)).toEqual(["Updated"])
    expect(values(bench, "SalesOrderLines", "OrderedSalesQuantity")).toEqual(["5", "3"])
    expect(Bench.requests(bench).filter((each) => each === "POST /$batch").length).toBe(2)
  })

  it("that somebody added by hand leave when the set is written, and stay when lines are not given", async () => {
    const bench = stage()
    await order(bench, { lines: [line("a", "BOLT", "1")] })
    const [number] = values(bench, "SalesOrderHeadersV2", "SalesOrderNumber")
    bench.world.seed(
      "SalesOrderLines",
      [{ SalesOrderNumber: number ?? "", ItemNumber: "NUT", OrderedSalesQuantity: "9", ShippingSiteId: "1" }],
      COMPANY,
    )
    await order(bench, { description: "Renamed" })
    expect(bench.world.all("SalesOrderLines").length).toBe(2)
    await order(bench, { lines: [line("a", "BOLT", "1")] })
    expect(values(bench, "SalesOrderLines", "ExternalItemNumber")).toEqual(["a"])
  })

  it("are not named by what somebody keeps in the field of several", async () => {
    const bench = stage()
    bench.world.seed(
      "SalesOrderHeadersV2",
      [{ SalesOrderNumber: "SO1", OrderingCustomerAccountNumber: "C-00000", CurrencyCode: "USD" }],
      COMPANY,
    )
    const theirs = (ExternalItemNumber: string) => ({
      SalesOrderNumber: "SO1",
      ItemNumber: "BOLT",
      OrderedSalesQuantity: "1",
      ShippingSiteId: "1",
      ExternalItemNumber,
    })
    bench.world.seed("SalesOrderLines", [theirs("CUST-77"), theirs("CUST-77"), theirs("CUST-78")], COMPANY)
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Order.get(["SO1"]))
    const lines = found.get("SO1")?.record.lines ?? []
    expect(lines.map(({ id, key }) => (key === `#${id}` ? "lot" : key))).toEqual(["lot", "lot", "CUST-78"])
    expect(new Set(lines.map(({ key }) => key)).size).toBe(3)
  })

  it("with a key twice, one too long, or an empty item are refused before any request that writes", async () => {
    const bench = stage()
    const long = "k".repeat(21)
    const found = await order(bench, {
      lines: [line("a", "BOLT", "1"), line("a", "NUT", "1"), line(long, "BOLT", "1"), { key: "d", product: null }],
    })
    const issues = reason(found)
    expect(issues).toMatchObject({ _tag: "Invalid" })
    expect(JSON.stringify(issues)).toMatch(/stands on two lines.*does not fit into the 20 characters.*needs an item/)
    expect(bench.twin.journal.writes()).toEqual([])
  })
})

describe("an order that was invoiced", () => {
  it("is unchanged when it holds what is written, and refused when it does not", async () => {
    const bench = stage()
    await order(bench, { customerReference: "PO 1", lines: [line("a", "BOLT", "1", { unitPrice: Decimal.make("5") })] })
    const [number] = values(bench, "SalesOrderHeadersV2", "SalesOrderNumber")
    bench.world.postOrder(COMPANY, number ?? "")
    bench.twin.journal.clear()
    expect((await order(bench, { customerReference: "PO 1" })).map(({ _tag }) => _tag)).toEqual(["Unchanged"])
    const found = await order(bench, { customerReference: "PO 2" })
    expect(reason(found)).toMatchObject({ _tag: "Unsupported", feature: "postedDocument" })
    expect(bench.twin.journal.writes()).toEqual([])
    const states = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Order.find([KEY]))
    expect(states.get(KEY)?.record.state).toMatchObject({ code: "invoiced" })
  })
})

describe("the totals of an order", () => {
  it("are the sum of its lines, for the header's are 0", async () => {
    const bench = stage()
    await order(bench, {
      lines: [
        line("a", "BOLT", "3", { unitPrice: Decimal.make("0.1") }),
        line("b", "NUT", "1", { unitPrice: Decimal.make("0.2") }),
      ],
    })
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Order.find([KEY]))
    expect(Decimal.format(found.get(KEY)?.record.totals?.net ?? Decimal.make("0"))).toBe("0.5")
    expect(values(bench, "SalesOrderHeadersV2", "OrderTotalAmount")).toEqual(["0"])
  })
})

describe("dimensions of new records", () => {
  it("are written in the order of the environment's format, with its delimiter escaped", async () => {
    const bench = stage()
    const dimensions = { Order: { CostCenter: "007", BusinessUnit: "EU-01" } }
    expect((await order(bench, {}, { dimensions })).map(({ _tag }) => _tag)).toEqual(["Created"])
    const [post] = bench.twin.journal.where(({ method, url }) => method === "POST" && url.includes("SalesOrderHeaders"))
    expect(post?.requestBody).toContain(String.raw`"DefaultLedgerDimensionDisplayValue":"EU\\-01--007"`)
  })

  it("that the format does not have are refused, for the service would drop them", async () => {
    const bench = stage()
    const failure = await Bench.failure(
      bench,
      Bench.options(bench, { dimensions: { Order: { Region: "N" } } }),
      ({ ports }) => ports.Order.get(["1"]),
    )
    expect(failure.reason).toMatchObject({ _tag: "Invalid", issues: [{ path: ["dimensions", "Region"] }] })
  })
})
