/** The same business, written and read through every version of the endpoint: fields come and go, flags turn round. */
import * as Decimal from "@mortise/core/Decimal"
import type * as Outcome from "@mortise/core/Outcome"
import type { LocalDate } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type * as Acumatica from "../src/Acumatica.ts"
import { type Version, versions } from "../src/Versions.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const tags = (outcomes: ReadonlyArray<Outcome.Outcome>) => outcomes.map((outcome) => outcome._tag)
const dec = Decimal.make
const day = (text: string) => text as LocalDate

const address = { lines: ["Hafen 1", "Tor 3"], city: "Hamburg", region: "HH", postalCode: "20457", country: "DE" }
const account = { key: "hubspot/1/|Company|1" }

const records = {
  Account: {
    name: "Åkerlund & Söner AB",
    taxId: "SE1",
    email: "post@akerlund.example",
    phone: "+46 1",
    web: "https://akerlund.example",
    billingAddress: address,
    shippingAddress: { ...address, city: "Bremen" },
    currency: "EUR",
    paymentTerms: { code: "60D" },
  },
  Contact: {
    firstName: "Ágnes",
    lastName: "Nagy",
    title: "Buyer",
    email: "agnes@akerlund.example",
    phone: "+46 2",
    mobile: "+46 3",
    account,
    address,
    active: false,
  },
  Stock: {
    sku: "BOLT",
    name: "Bolt",
    kind: { code: "stock" },
    active: false,
    unit: "EA",
    prices: [{ amount: dec("1.5") }],
  },
  Service: { sku: "HELP", name: "Help", kind: { code: "service" }, unit: "HOUR" },
  lines: [
    {
      key: "a",
      product: { number: "BOLT" },
      description: "Bolts",
      quantity: dec("2"),
      unitPrice: dec("3.25"),
      discount: { amount: dec("0.5") },
    },
    { key: "b", product: { number: "HELP" }, quantity: dec("1"), unitPrice: dec("80") },
  ],
} as const

const document = { account, date: day("2026-01-10"), description: "Drawing 7", lines: records.lines }

const write = (ports: Acumatica.AcumaticaPorts) =>
  Effect.map(
    Effect.all([
      ports.Account.upsert([{ ...account, fields: records.Account }]),
      ports.Contact.upsert([{ key: "hubspot/1/|Contact|1", fields: records.Contact }]),
      ports.Product.upsert([
        { key: "hubspot/1/|Product|1", fields: records.Stock },
        { key: "hubspot/1/|Product|2", fields: records.Service },
      ]),
      ports.Order.upsert([
        {
          key: "hubspot/1/|Deal|1",
          fields: { ...document, requestedDate: day("2026-02-01"), customerReference: "PO 7", currency: "EUR" },
        },
      ]),
      ports.Invoice.upsert([
        { key: "hubspot/1/|Invoice|1", fields: { ...document, kind: "invoice", dueDate: day("2026-02-20") } },
        { key: "hubspot/1/|Invoice|2", fields: { ...document, kind: "creditNote" } },
      ]),
      ports.Payment.upsert([
        {
          key: "hubspot/1/|Payment|1",
          fields: { kind: "payment", account, date: day("2026-01-10"), amount: { amount: dec("3"), currency: "EUR" } },
        },
      ]),
    ]),
    (all) => all.flat(),
  )

const open = (version: Version) => {
  const bench = Bench.make()
  bench.world
    .tenant()
    .custom.push({ entity: "Contact", path: "", view: "Contact", field: "AttributeMORTISE", type: "String" })
  const config = Bench.options(bench, {
    version,
    contacts: { keyField: "Contact.AttributeMORTISE" },
    payments: { method: "WIRE" },
  })
  return { bench, config }
}

describe.each(versions)("Default/%s", (version) => {
  it("takes every field of every entity, and needs no second writing", async () => {
    const { bench, config } = open(version)
    const outcomes = await Bench.use(bench, config, ({ ports }) =>
      Effect.map(
        Effect.forEach([1, 2], () => write(ports)),
        (all) => all.flat(),
      ),
    )
    expect(tags(outcomes)).toEqual([...new Array(8).fill("Created"), ...new Array(8).fill("Unchanged")])
    const refused = bench.twin.journal.lines.filter(
      ({ status }) => status !== undefined && status >= 400 && status !== 404,
    )
    expect(refused.map(({ method, url }) => `${method} ${url}`)).toEqual([])
    const [customer] = bench.world.all("Customer")
    const own = ["BillingAddressOverride", "ShippingAddressOverride"].map((name) => customer?.fields[name])
    expect(own).toEqual([true, true])
    const statuses = ["SalesInvoice", "Invoice", "Payment", "SalesOrder"].flatMap((entity) => bench.world.all(entity))
    expect(new Set(statuses.map(({ fields }) => fields["Status"]))).toEqual(new Set(["On Hold"]))
  })

  it("gives back what was written, by every way of reading", async () => {
    const { bench, config } = open(version)
    const found = await Bench.use(bench, config, ({ ports }) =>
      Effect.gen(function* () {
        yield* write(ports)
        yield* Effect.sleep("10 minutes")
        const read: Array<readonly [string, unknown, unknown]> = []
        for (const [entity, port] of Object.entries(ports)) {
          const { changes } = yield* Bench.readAll(port as typeof ports.Account)
          for (const { id, record } of Bench.upserted(changes)) {
            const fresh = yield* (port as typeof ports.Account).get([id])
            read.push([entity, record, fresh.get(id)?.record])
          }
        }
        return read
      }),
    )
    expect(found.map(([entity]) => entity)).toEqual([
      ...["Account", "Contact", "Product", "Product", "Order", "Invoice", "Invoice", "Payment"],
    ])
    for (const [entity, record, fresh] of found) expect(fresh, entity).toEqual(record)
    const of = (entity: string) => found.find(([each]) => each === entity)?.[1]
    const { paymentTerms, ...plain } = records.Account
    expect(of("Account")).toMatchObject({ ...plain, paymentTerms: { code: paymentTerms.code } })
    const { account: _, ...person } = records.Contact
    expect(of("Contact")).toMatchObject(person)
    expect(of("Order")).toMatchObject({ customerReference: "PO 7", currency: "EUR", state: { code: "held" } })
    const lines = (of("Order") as { readonly lines: ReadonlyArray<{ readonly key: string }> }).lines
    expect(lines.map(({ key }) => key)).toEqual(version >= "22" ? ["a", "b"] : ["#1", "#2"])
  })

  it("finds what was written by our key, and reads a change by the stamp that it has", async () => {
    const { bench, config } = open(version)
    const edited = await Bench.use(bench, config, ({ ports }) =>
      Effect.gen(function* () {
        yield* write(ports)
        const keys = { Account: "Company", Contact: "Contact", Order: "Deal", Invoice: "Invoice", Payment: "Payment" }
        for (const [entity, source] of Object.entries(keys)) {
          const key = `hubspot/1/|${source}|1`
          const found = yield* (ports as unknown as Record<string, typeof ports.Account>)[entity]?.find([key]) ??
            Effect.succeed(new Map())
          expect([...found.keys()], entity).toEqual([key])
        }
        yield* Effect.sleep("10 minutes")
        const first = yield* Effect.forEach(Object.values(ports), (port) => Bench.readAll(port as typeof ports.Account))
        yield* Effect.sleep("10 minutes")
        for (const [entity, edit] of Object.entries(EDITS))
          for (const doc of bench.world.all(entity).slice(0, 1)) bench.world.edit(entity, keyOf(doc.fields), edit)
        yield* Effect.sleep("10 minutes")
        const again = yield* Effect.forEach(Object.values(ports), (port, index) =>
          Bench.readAll(port as typeof ports.Account, { cursor: first[index]?.cursor as never }),
        )
        return again.map(({ changes }) => changes.length)
      }),
    )
    expect(edited).toEqual([1, 1, 1, 1, 1, 1])
  })

  it("writes nothing of an order with an unknown item, and names line and item", async () => {
    const { bench, config } = open(version)
    bench.world.seed("Customer", [Seeds.customer(0)])
    bench.world.seed("StockItem", [Seeds.item("BOLT")])
    const lines = ["BOLT", "GHOST"].map((number) => ({ key: number, product: { number }, quantity: dec("1") }))
    const [outcome] = await Bench.use(bench, config, ({ ports }) =>
      ports.Order.upsert([{ key: "hubspot/1/|Deal|1", fields: { account: { id: "C0000" }, lines } }]),
    )
    expect(outcome).toMatchObject({
      _tag: "Rejected",
      error: { reason: { _tag: "MissingReference", field: "lines.1.product", reference: "GHOST" } },
    })
    expect(bench.world.all("SalesOrder")).toEqual([])
  })
})

const EDITS = {
  Customer: { CustomerName: "Renamed" },
  Contact: { FirstName: "Renamed" },
  StockItem: { Description: "Renamed" },
  SalesOrder: { Description: "Renamed" },
  Invoice: { Description: "Renamed" },
  Payment: { PaymentRef: "Renamed" },
}

const keyOf = (fields: Readonly<Record<string, unknown>>): ReadonlyArray<string> => {
  if ("ReferenceNbr" in fields) return [String(fields["Type"]), String(fields["ReferenceNbr"])]
  if ("OrderNbr" in fields) return [String(fields["OrderType"]), String(fields["OrderNbr"])]
  return [String(fields["ContactID"] ?? fields["InventoryID"] ?? fields["CustomerID"])]
}
