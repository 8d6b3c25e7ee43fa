/** Every field that a port can write, one by one: a value comes back, null clears, what is absent stays. */
import * as Decimal from "@mortise/core/Decimal"
import type * as Entity from "@mortise/core/Entity"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type * as HubSpot from "../src/HubSpot.ts"
import { idOf, open, plain, reasonOf, tags } from "./portal.ts"

type Ports = HubSpot.Service["ports"]
type Name = keyof Ports
type Ref = { readonly id: string }
type Parents = Readonly<Record<"company" | "contact" | "product" | "deal" | "invoice" | "order", Ref>>
type Fields = Readonly<Record<string, unknown>>

const dec = Decimal.make
const money = (amount: string, currency = "EUR") => ({ amount: dec(amount), currency })
const address = { lines: ["1 Main St", "Floor 2"], city: "Malmö", region: "Skåne", postalCode: "211 22", country: "SE" }
const line = (product: Ref) => ({
  key: "1",
  product,
  description: "Setup",
  quantity: dec("1.5"),
  unit: "EA",
  unitPrice: dec("99.99"),
  discount: { percent: dec("5") },
  net: dec("142.49"),
})

/** Every writable field of every entity, with references to records that are there. */
const samples = (to: Parents): Readonly<Record<Name, Fields>> => ({
  Company: {
    name: "شركة 🏭",
    domain: "x.example",
    phone: "+1 2",
    address,
    owner: { id: "7" },
    accounts: [{ key: "k", number: "C1" }],
    erpNumber: "C1",
    accountStatus: "active",
    financialStatus: "overdue",
    daysOverdue: 3,
    outstanding: money("0.05"),
    lastInvoice: { date: "2026-10-01", amount: money("1.5", "JPY"), status: "paid" },
    lastPayment: { date: "2026-10-02", amount: money("2", "KWD") },
    asOf: "2026-11-02T08:59:59.123Z",
  },
  Contact: {
    firstName: "Zoë",
    lastName: "山田",
    title: "CFO",
    email: "a@b.example",
    phone: "1",
    mobile: "2",
    company: to.company,
    address: { lines: ["1 Main St"], city: "Malmö", region: "Skåne", postalCode: "211 22", country: "SE" },
    roles: [{ code: "billing" }, { code: "other", raw: "a=b; c" }],
    active: false,
  },
  Product: {
    sku: "S-1",
    name: "Item",
    description: "Two\nlines",
    active: false,
    kind: { code: "other", raw: "KIT" },
    prices: [{ currency: "EUR", amount: dec("2") }],
    recurring: { period: "P1M" },
    unit: "EA",
  },
  Deal: {
    name: "Deal",
    pipeline: "default",
    stage: "closedwon",
    amount: dec("12345678901234567890.5"),
    currency: "EUR",
    closeDate: "2026-11-02T08:59:59.123Z",
    owner: { id: "7" },
    company: to.company,
    contacts: [to.contact],
    paymentTerms: { code: "30D", days: 30 },
    lines: [line(to.product)],
    order: { number: "SO-1" },
    orderNumber: "SO-1",
    invoices: [to.invoice],
  },
  Invoice: {
    kind: "creditNote",
    number: "R-1",
    company: to.company,
    contact: to.contact,
    deal: to.deal,
    order: to.order,
    date: "2026-10-01",
    dueDate: "2026-10-31",
    description: "Text",
    customerReference: "PO 1",
    currency: "EUR",
    lines: [{ ...line(to.product), discount: { amount: dec("7.5") } }],
    totals: { net: dec("1"), tax: dec("2"), freight: dec("3"), gross: dec("6") },
    balance: dec("-0.01"),
    state: { code: "overdue", raw: "Open" },
    stateAsOf: "2026-11-02",
  },
  Payment: {
    kind: "refund",
    number: "P-1",
    company: to.company,
    date: "2026-10-01",
    method: { code: "other", raw: "BARTER" },
    reference: "E2E",
    amount: money("5"),
    applied: [{ invoice: to.invoice, amount: dec("2") }],
    state: { code: "open", raw: "Open" },
  },
})

/** Lists that are empty instead of nothing. */
const EMPTY: Fields = { prices: [], lines: [] }

/** What HubSpot or the mapping derives from a field. */
const FOLLOWS: Readonly<Record<string, ReadonlyArray<string>>> = { email: ["emails"], stage: ["won", "lost"] }

/** A portal with one record of each kind that others refer to. */
const settled = () => {
  const portal = open()
  const { world } = portal
  world.addOwner({ id: "7", email: "o@x.example", firstName: "O", lastName: "W", userId: 70, archived: false })
  const ready = Effect.gen(function* () {
    const { ports } = yield* portal.ready({ payments: true })
    const made = [
      ...(yield* ports.Company.upsert([{ key: "company", fields: { name: "Parent" } }])),
      ...(yield* ports.Contact.upsert([{ key: "contact", fields: { email: "parent@x.example" } }])),
      ...(yield* ports.Product.upsert([{ key: "product", fields: { sku: "parent", name: "Parent" } }])),
      ...(yield* ports.Deal.upsert([{ key: "deal", fields: { name: "Parent" } }])),
      ...(yield* ports.Invoice.upsert([{ key: "invoice", fields: { number: "parent", currency: "EUR" } }])),
    ]
    const [company, contact, product, deal, invoice] = made.map((outcome) => ({ id: idOf(outcome) }))
    const [order] = world.seed([{ type: "orders", properties: { hs_order_name: "O" } }]).map((id) => ({ id }))
    return { ports, parents: { company, contact, product, deal, invoice, order } as Parents }
  })
  return { ...portal, ready }
}

/** The port of an entity as one that takes any field: what is written is named at run time. */
type Loose = Port.Port<Entity.Entity<string, Entity.Fields>>
const portOf = (ports: Ports, name: Name) => ports[name] as unknown as Loose

const read = Effect.fnUntraced(function* (port: Loose, id: string) {
  return plain((yield* port.get([id])).get(id)?.record) as Fields
})

const without = (record: Fields, names: ReadonlyArray<string>): Fields =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== "modified" && !names.includes(name)))

const NAMES: ReadonlyArray<Name> = ["Company", "Contact", "Product", "Deal", "Invoice", "Payment"]

describe.each(NAMES)("every field of a %s", (name) => {
  it("comes back as it was written, alone and with all others, and is then the same", async () => {
    const { journal, ready, run } = settled()
    await run(
      Effect.gen(function* () {
        const { parents, ports } = yield* ready
        const port = portOf(ports, name)
        const fields = samples(parents)[name]
        expect(Object.keys(fields).sort()).toEqual([...port.features.writable].sort())
        const [made] = yield* port.upsert([{ key: "K", fields }])
        expect(reasonOf(made)).toBeUndefined()
        expect(yield* read(port, idOf(made))).toMatchObject(plain(fields) as object)
        const writes = journal.writes().length
        expect(tags(yield* port.upsert([{ key: "K", fields }]))).toEqual(["Unchanged"])
        expect(journal.writes()).toHaveLength(writes)
      }),
    )
  })

  it("is cleared by null or cannot be, leaves all others alone, and can be given again", async () => {
    const { journal, ready, run } = settled()
    await run(
      Effect.gen(function* () {
        const { parents, ports } = yield* ready
        const port = portOf(ports, name)
        const fields = samples(parents)[name]
        const [made] = yield* port.upsert([{ key: "K", fields }])
        const id = idOf(made)
        for (const [field, value] of Object.entries(fields)) {
          const before = yield* read(port, id)
          const cleared = { key: "K", fields: { [field]: null } }
          const [outcome] = yield* port.upsert([cleared])
          if (port.features.notClearable.includes(field)) {
            expect(reasonOf(outcome), field).toMatchObject({ _tag: "Unsupported", feature: `clear.${field}` })
            expect(yield* read(port, id)).toEqual(before)
            continue
          }
          expect(outcome, field).toEqual({ _tag: "Updated", id })
          const after = yield* read(port, id)
          expect(after[field], field).toEqual(EMPTY[field] ?? null)
          const touched = [field, ...(FOLLOWS[field] ?? [])]
          expect(without(after, touched), field).toEqual(without(before, touched))
          const writes = journal.writes().length
          expect(tags(yield* port.upsert([cleared])), field).toEqual(["Unchanged"])
          expect(journal.writes().length, field).toBe(writes)
          expect(tags(yield* port.upsert([{ key: "K", fields: { [field]: value } }])), field).toEqual(["Updated"])
          expect((yield* read(port, id))[field], field).toMatchObject(plain(value) as object)
        }
      }),
    )
  })
})
