/** What becomes of each kind of field on its way to a form and back: values, nothing, and what a form has no room for. */
import * as Decimal from "@mortise/core/Decimal"
import type * as Outcome from "@mortise/core/Outcome"
import type { LocalDate } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type * as Acumatica from "../src/Acumatica.ts"
import type * as Config from "../src/Config.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

type Upsert = (ports: Acumatica.AcumaticaPorts) => Effect.Effect<ReadonlyArray<Outcome.Outcome>>

const tags = (outcomes: ReadonlyArray<Outcome.Outcome>) => outcomes.map((outcome) => outcome._tag)
const reasonOf = (outcome: Outcome.Outcome | undefined) =>
  outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined
const puts = (bench: Bench.Bench) => bench.twin.journal.lines.filter((line) => line.method === "PUT")
const dec = Decimal.make
const money = (amount: string) => [{ amount: dec(amount), currency: "USD" }]

const shop = () => {
  const bench = Bench.make()
  bench.world.seed("Customer", [Seeds.customer(0, { TaxRegistrationID: "DE1" }), Seeds.customer(1)])
  bench.world.seed("StockItem", [Seeds.item("BOLT"), Seeds.item("NUT")])
  return bench
}

/** Writes twice; what holds after the first time needs no second. */
const twice = (bench: Bench.Bench, upsert: Upsert, more: Partial<Config.AcumaticaConfig> = {}) =>
  Bench.use(bench, Bench.options(bench, more), ({ ports }) =>
    Effect.map(
      Effect.forEach([1, 2], () => upsert(ports)),
      (all) => all.flat(),
    ),
  )

describe("an address", () => {
  it("of more lines than the form has is put onto them, and needs no second writing", async () => {
    for (const lines of [["Hafen 1", "Tor 3", "2. Stock"], ["Hafen 1", ""], []]) {
      const bench = shop()
      const outcomes = await twice(bench, ({ Account }) =>
        Account.upsert([{ id: "C0000", fields: { billingAddress: { lines, city: "Bremen" } } }]),
      )
      expect(tags(outcomes), lines.join()).toEqual(["Updated", "Unchanged"])
    }
  })

  it("of a contact becomes its own, in the words of every version", async () => {
    for (const [version, flag, own] of [
      ["18.200.001", "AddressIsSameAsInAccount", false],
      ["20.200.001", "OverrideAccountAddress", true],
    ] as const) {
      const bench = shop()
      bench.world.seed("Contact", [{ ContactID: "100", LastName: "Nagy" }])
      const outcomes = await Bench.use(bench, Bench.options(bench, { version }), ({ ports }) =>
        ports.Contact.upsert([{ id: "100", fields: { address: { city: "Pécs" } } }]),
      )
      expect(tags(outcomes), version).toEqual(["Updated"])
      expect(JSON.parse(puts(bench)[0]?.requestBody ?? "{}")[flag], version).toEqual({ value: own })
    }
  })
})

describe("a mobile number", () => {
  const contact = (numbers: object) => {
    const bench = shop()
    bench.world.seed("Contact", [{ ContactID: "100", LastName: "Nagy", ...numbers }])
    return bench
  }
  const write = (mobile: string | null) => (ports: Acumatica.AcumaticaPorts) =>
    ports.Contact.upsert([{ id: "100", fields: { mobile } }])
  const numbers = (bench: Bench.Bench) =>
    ["Phone2", "Phone2Type", "Phone3", "Phone3Type"].map((name) => bench.world.contact("100")?.fields[name] ?? null)

  it("goes where one is or where there is room, and over no number of another kind", async () => {
    const beside = contact({ Phone2: "home", Phone2Type: "Home", Phone3: "old", Phone3Type: "Cell" })
    expect(tags(await twice(beside, write("new")))).toEqual(["Updated", "Unchanged"])
    expect(numbers(beside)).toEqual(["home", "Home", "new", "Cell"])
    const free = contact({ Phone2: "home", Phone2Type: "Home" })
    expect(tags(await twice(free, write("new")))).toEqual(["Updated", "Unchanged"])
    expect(numbers(free)).toEqual(["home", "Home", "new", "Cell"])
    const full = contact({ Phone2: "home", Phone2Type: "Home", Phone3: "fax", Phone3Type: "Fax" })
    expect(reasonOf((await twice(full, write("new")))[0])?._tag).toBe("Invalid")
    expect(puts(full)).toEqual([])
  })

  it("is cleared where it is, and nowhere else", async () => {
    const bench = contact({ Phone2: "home", Phone2Type: "Home", Phone3: "old", Phone3Type: "Cell" })
    expect(tags(await twice(bench, write(null)))).toEqual(["Updated", "Unchanged"])
    expect(numbers(bench)).toEqual(["home", "Home", null, "Cell"])
  })
})

describe("nothing", () => {
  it("clears what a form lets be empty, leaves what is absent, and is refused for the rest before any request", async () => {
    const bench = shop()
    const seeded = {
      ContactID: "100",
      LastName: "Nagy",
      FirstName: "Á",
      JobTitle: "T",
      Email: "a@b.example",
      Phone1: "1",
    }
    bench.world.seed("Contact", [{ ...seeded, BusinessAccount: "C0000" }])
    const clear = { firstName: null, title: null, email: null, phone: null, account: null }
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.map(
        Effect.all([
          ports.Contact.upsert([{ id: "100", fields: clear }]),
          ports.Contact.upsert([{ id: "100", fields: clear }]),
          ports.Account.upsert([{ id: "C0000", fields: { taxId: null, email: null, phone: null, web: null } }]),
          ports.Product.upsert([{ id: "BOLT", fields: { name: null } }]),
          ports.Contact.upsert([{ id: "100", fields: { lastName: null } }]),
          ports.Account.upsert([{ id: "C0000", fields: { billingAddress: null } }]),
          ports.Product.upsert([{ id: "BOLT", fields: { prices: null } }]),
          ports.Order.upsert([{ key: "hubspot/1/|Deal|1", fields: { lines: null } }]),
        ]),
        (all) => all.flat(),
      ),
    )
    const [updated, rejected] = ["Updated", "Rejected"]
    const expected = [updated, "Unchanged", updated, updated, rejected, rejected, rejected, rejected]
    expect(tags(outcomes)).toEqual(expected)
    expect(outcomes.slice(4).map((outcome) => reasonOf(outcome)?._tag)).toEqual(new Array(4).fill("Unsupported"))
    expect(bench.world.contact("100")?.fields["LastName"]).toBe("Nagy")
    expect(puts(bench).length).toBe(3)
  })

  it("is told apart from what was not asked and what is empty when it is read", async () => {
    const bench = shop()
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.get(["C0001"]))
    const record = found.get("C0001")?.record
    expect(record?.taxId).toBeNull()
    expect(record).toHaveProperty("phone", null)
    expect(record).not.toHaveProperty("legalName")
    expect(record).not.toHaveProperty("balance")
  })

  it("on a line leaves what the form puts there, and takes a discount away", async () => {
    const bench = shop()
    const line = { key: "a", product: { number: "BOLT" }, quantity: dec("2"), unitPrice: dec("10") }
    const order = (more: object) => [
      { key: "hubspot/1/|Deal|1", fields: { account: { id: "C0000" }, lines: [{ ...line, ...more }] } },
    ]
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.map(
        Effect.forEach(
          [{ discount: { percent: dec("10") } }, { discount: null }, { description: null, unit: null, discount: null }],
          (more) => ports.Order.upsert(order(more)),
        ),
        (all) => all.flat(),
      ),
    )
    expect(tags(outcomes)).toEqual(["Created", "Updated", "Unchanged"])
    expect(bench.world.all("SalesOrder")[0]?.fields["OrderTotal"]).toBe("20")
    const empty = await twice(bench, ({ Order }) => Order.upsert(order({ quantity: null })))
    expect(reasonOf(empty[0])).toMatchObject({ _tag: "Invalid", issues: [{ path: ["lines", "0", "quantity"] }] })
  })
})

describe("what names a record", () => {
  it("is the same in capitals and small letters", async () => {
    const bench = Bench.make({ knobs: { collation: "insensitive", numbering: { Customer: "manual" } } })
    bench.world.seed("StockItem", [Seeds.item("BOLT")])
    const outcomes = await twice(bench, ({ Product }) =>
      Product.upsert([{ id: "BOLT", fields: { sku: "bolt", name: "Bolt" } }]),
    )
    expect(tags(outcomes)).toEqual(["Updated", "Unchanged"])
    expect(bench.world.all("StockItem").length).toBe(1)
  })

  it("is not changed: sent along it would mean another record", async () => {
    const bench = shop()
    bench.world.seed("SalesOrder", [{ OrderType: "SO", OrderNbr: "1", CustomerID: "C0000" }])
    bench.world.seed("SalesInvoice", [Seeds.salesInvoice("S1", { $released: false, Hold: true })])
    const outcomes = await Bench.use(
      bench,
      Bench.options(bench, { accounts: { manualNumbering: true } }),
      ({ ports }) =>
        Effect.map(
          Effect.all([
            ports.Product.upsert([{ id: "BOLT", fields: { sku: "NUT", name: "Stolen" } }]),
            ports.Product.upsert([{ id: "BOLT", fields: { kind: { code: "service" } } }]),
            ports.Account.upsert([{ id: "C0000", fields: { number: "C0001", name: "Stolen" } }]),
            ports.Order.upsert([{ id: "SO/1", fields: { type: "QT" } }]),
            ports.Invoice.upsert([{ id: "Invoice/S1", fields: { kind: "creditNote" } }]),
          ]),
          (all) => all.flat(),
        ),
    )
    expect(outcomes.map((outcome) => reasonOf(outcome)?._tag)).toEqual(new Array(5).fill("Unsupported"))
    expect(puts(bench)).toEqual([])
    expect(bench.world.stockItem("NUT")?.fields["Description"]).toBe("Item NUT")
  })

  it("is not made anew when only what is there was to be written", async () => {
    const bench = shop()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([
        { key: "hubspot/1/|Company|7", create: false, fields: { name: "Nobody" } },
        { key: "hubspot/1/|Company|8", create: false, adoptBy: ["taxId"], fields: { name: "One", taxId: "DE1" } },
      ]),
    )
    expect(reasonOf(outcomes[0])?._tag).toBe("NotFound")
    expect(outcomes[1]).toEqual({ _tag: "Updated", id: "C0000" })
    expect(bench.world.all("Customer").length).toBe(2)
  })
})

describe("two references of one number", () => {
  it("lead to two records when they are of two entities", async () => {
    const bench = shop()
    bench.world.seed("Customer", [Seeds.customer(9, { CustomerID: "000123" })])
    bench.world.seed("SalesInvoice", [Seeds.salesInvoice("000123", { CustomerID: "000123" })])
    const payment = {
      key: "hubspot/1/|Payment|1",
      fields: {
        account: { number: "000123" },
        amount: { amount: dec("60"), currency: "USD" },
        applied: [{ invoice: { number: "000123" }, amount: dec("60") }],
      },
    }
    const outcomes = await twice(bench, ({ Payment }) => Payment.upsert([payment]))
    expect(tags(outcomes)).toEqual(["Created", "Unchanged"])
  })

  it("of an item that is named by our key alone lead to it", async () => {
    const bench = shop()
    const product = { key: "hubspot/1/|Product|1", fields: { name: "Tap" } }
    const long = await twice(bench, ({ Product }) => Product.upsert([product]))
    expect(reasonOf(long[0])).toMatchObject({ _tag: "Invalid", issues: [{ path: ["sku"] }] })
    expect(puts(bench)).toEqual([])
    const short = { ...product, key: "HS-1" }
    expect(tags(await twice(bench, ({ Product }) => Product.upsert([short])))).toEqual(["Created", "Unchanged"])
    expect(bench.world.nonStockItem("HS-1")?.fields["Description"]).toBe("Tap")
  })

  it("of a line's key and its product's are not mixed up", async () => {
    const bench = shop()
    const product = { key: "K1", fields: { name: "Tap", kind: { code: "stock" as const } } }
    const line = { key: "K1", product: { key: "K1" }, quantity: dec("2") }
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.andThen(
        ports.Product.upsert([product]),
        Effect.forEach([1, 2], () =>
          ports.Order.upsert([{ key: "hubspot/1/|Deal|1", fields: { account: { id: "C0000" }, lines: [line] } }]),
        ),
      ),
    )
    expect(tags(outcomes.flat())).toEqual(["Created", "Unchanged"])
  })
})

describe("amounts and codes", () => {
  const KEY = "hubspot/1/|Product|9"

  it("of an item are one price in the base currency, or are refused", async () => {
    const bench = shop()
    const upsert = (prices: ReturnType<typeof money>, baseCurrency = "USD") =>
      twice(bench, ({ Product }) => Product.upsert([{ id: "BOLT", fields: { prices } }]), { baseCurrency })
    expect(tags(await upsert(money("123456789012345678901234567.891")))).toEqual(["Updated", "Unchanged"])
    for (const refused of [upsert([]), upsert([...money("1"), ...money("2")]), upsert(money("1"), "EUR")]) {
      expect(reasonOf((await refused)[0])?._tag).toBe("Invalid")
    }
    expect(puts(bench).length).toBe(1)
  })

  it("keep their digits in currencies with none, two and three decimals", async () => {
    for (const [currency, amount] of [
      ["JPY", "12345678901234567890"],
      ["EUR", "0.1"],
      ["KWD", "1234567890123456789012345678.125"],
    ] as const) {
      const bench = shop()
      const payment = { account: { id: "C0000" }, amount: { amount: dec(amount), currency } }
      const outcomes = await twice(bench, ({ Payment }) =>
        Payment.upsert([{ key: "hubspot/1/|Payment|1", fields: payment }]),
      )
      expect(tags(outcomes), currency).toEqual(["Created", "Unchanged"])
      expect(bench.world.all("Payment")[0]?.fields["PaymentAmount"]).toBe(amount)
    }
  })

  it("make a service of a service", async () => {
    const bench = shop()
    const fields = { sku: "HELP", name: "Help", kind: { code: "service" as const } }
    expect(tags(await twice(bench, ({ Product }) => Product.upsert([{ key: KEY, fields }])))).toEqual([
      "Created",
      "Unchanged",
    ])
    expect(bench.world.nonStockItem("HELP")?.fields["ItemType"]).toBe("Service")
  })

  it("name a payment method of the tenant's, or are refused before anything is sent", async () => {
    const fields = {
      account: { id: "C0000" },
      amount: { amount: dec("5"), currency: "USD" },
      date: "2026-01-10" as LocalDate,
    }
    const write = (method: object, more: Partial<Config.AcumaticaConfig>) => {
      const bench = shop()
      return twice(
        bench,
        ({ Payment }) => Payment.upsert([{ key: "hubspot/1/|Payment|1", fields: { ...fields, ...method } }]),
        more,
      ).then((outcomes) => ({ bench, outcomes }))
    }
    const card = { method: { code: "card" as const } }
    const unknown = await write(card, { payments: { method: "WIRE" } })
    expect(reasonOf(unknown.outcomes[0])).toMatchObject({ _tag: "Invalid", issues: [{ path: ["method"] }] })
    expect(puts(unknown.bench)).toEqual([])
    const known = await write(card, { payments: { method: "WIRE" }, words: { paymentMethod: { AMEX: "card" } } })
    expect(tags(known.outcomes)).toEqual(["Created", "Unchanged"])
    expect(known.bench.world.all("Payment")[0]?.fields["PaymentMethod"]).toBe("AMEX")
    const raw = await write({ method: { code: "other", raw: "BARTER" } }, {})
    expect(raw.bench.world.all("Payment")[0]?.fields["PaymentMethod"]).toBe("BARTER")
  })
})
