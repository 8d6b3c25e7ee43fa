import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { idOf, key, open, plain, readAll, reasonOf, tags, upserted } from "./portal.ts"

const seeded = () => {
  const portal = open()
  const { world } = portal
  world.addPipeline("deals", {
    id: "9876",
    label: "Renewals",
    displayOrder: 1,
    stages: [
      { id: "111", label: "Open", displayOrder: 0, metadata: { probability: "0.4", isClosed: "false" } },
      { id: "222", label: "Signed", displayOrder: 1, metadata: { probability: "1.0", isClosed: "true" } },
      { id: "333", label: "Gone", displayOrder: 2, metadata: { probability: "0.0", isClosed: "true" } },
    ],
  })
  const [company = "", ann = "", bob = "", won = "", gone = ""] = world.seed([
    { type: "companies", properties: { name: "A" } },
    { type: "contacts", properties: { email: "ann@a.example" } },
    { type: "contacts", properties: { email: "bob@a.example" } },
    {
      type: "deals",
      properties: {
        dealname: "Renewal",
        pipeline: "9876",
        dealstage: "222",
        amount: "12.50",
        deal_currency_code: "EUR",
        closedate: "2026-10-30T00:00:00Z",
      },
    },
    { type: "deals", properties: { dealname: "Lost", pipeline: "9876", dealstage: "333" } },
  ])
  const [seat = ""] = world.seed([{ type: "products", properties: { name: "Seat", price: "4" } }])
  const [one = "", two = ""] = world.seed([
    { type: "line_items", properties: { name: "Seat", quantity: "3", price: "4.1666", hs_product_id: seat } },
    { type: "line_items", properties: { name: "Seat", quantity: "3", price: "4.1666" } },
  ])
  world.associate("deals", won, "companies", company)
  for (const contact of [ann, bob]) world.associate("deals", won, "contacts", contact)
  for (const line of [one, two]) world.associate("deals", won, "line_items", line)
  return { ...portal, company, ann, bob, won, gone, seat, one, two }
}

describe("deals", () => {
  it("are read with lines, company and contacts, and won and lost by their pipeline and not by a stage's name", async () => {
    const { ann, bob, company, gone, later, one, ready, run, seat, two, won } = seeded()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        const { changes } = yield* readAll(ports.Deal)
        const deals = new Map(upserted(changes).map(({ id, record }) => [id, record]))
        expect(plain(deals.get(won))).toMatchObject({
          name: "Renewal",
          won: true,
          lost: false,
          amount: "12.5",
          currency: "EUR",
          company: { id: company },
          contacts: [{ id: ann }, { id: bob }],
          lines: [
            { key: one, id: one, description: "Seat", quantity: "3", unitPrice: "4.1666", product: { id: seat } },
            { key: two, id: two, description: "Seat", quantity: "3", unitPrice: "4.1666" },
          ],
        })
        expect(deals.get(gone)).toMatchObject({ won: false, lost: true })
      }),
    )
  })

  it("give a discount off each piece, and give the line's own amount back until somebody changes it there", async () => {
    const { ready, run, world } = open()
    const dec = Decimal.make
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const line = (key: string, quantity: string, amount: string) => ({
          key,
          quantity: dec(quantity),
          unitPrice: dec("20"),
          discount: { amount: dec(amount) },
        })
        const write = {
          key: key("Deal", "D1"),
          fields: { name: "Deal", lines: [line("a", "4", "10"), line("b", "3", "10")] },
        }
        const [outcome] = yield* ports.Deal.upsert([write])
        const items = world.records("line_items")
        expect(items.map(({ properties }) => properties["discount"])).toEqual(["2.5", "3.333333"])
        const amounts = Effect.map(ports.Deal.get([idOf(outcome)]), (found) =>
          (plain([...found.values()][0]?.record) as { lines: Array<{ discount: unknown }> }).lines.map(
            (one) => one.discount,
          ),
        )
        expect(yield* amounts).toEqual([{ amount: "10" }, { amount: "10" }])
        expect(tags(yield* ports.Deal.upsert([write]))).toEqual(["Unchanged"])
        world.update("line_items", items[1]?.id ?? "", { discount: "5" })
        expect(yield* amounts).toEqual([{ amount: "10" }, { amount: "15" }])
        const { quantity: _, ...bare } = line("c", "1", "1")
        const refused = yield* ports.Deal.upsert([{ key: key("Deal", "D2"), fields: { name: "Deal", lines: [bare] } }])
        expect(reasonOf(refused[0])).toMatchObject({ _tag: "Invalid", issues: [{ path: ["lines", "0"] }] })
      }),
    )
  })

  it("are read with all of more contacts than one answer holds", async () => {
    const { ready, run, won, world } = seeded()
    const crowd = world.seed(
      Array.from({ length: 1_200 }, (_, at) => ({
        type: "contacts" as const,
        properties: { email: `p${at}@crowd.example` },
        associations: [{ type: "deals" as const, id: won }],
      })),
    )
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const read = (yield* ports.Deal.get([won], { fields: ["contacts"] })).get(won)?.record
        const ids = new Set((read?.contacts ?? []).map(({ id }) => id))
        expect(crowd.filter((id) => !ids.has(id))).toEqual([])
      }),
    )
  })

  it("are found by being won, and by nothing that HubSpot cannot search", async () => {
    const { later, ready, run, won } = seeded()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        const { changes } = yield* readAll(ports.Deal, { where: [{ field: "won", is: true }], fields: ["name", "won"] })
        expect(upserted(changes).map(({ id }) => id)).toEqual([won])
      }),
    )
  })

  it("refuse a condition that HubSpot cannot search", async () => {
    const { fails, ready } = seeded()
    const error = await fails(
      Effect.flatMap(ready(), ({ ports }) => readAll(ports.Deal, { where: [{ field: "lines", is: "x" }] })),
    )
    expect(error.reason).toMatchObject({ _tag: "Unsupported", feature: "where" })
  })

  it("take the ERP's numbers by record id and nothing else", async () => {
    const { journal, ready, run, won, world } = seeded()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* ports.Invoice.upsert([{ key: key("Invoice", "1"), fields: { number: "R-1", currency: "EUR" } }])
        yield* ports.Deal.upsert([{ id: won, fields: { orderNumber: "warm" } }])
        journal.clear()
        const written = yield* ports.Deal.upsert([
          {
            id: won,
            fields: { orderNumber: "SO-17", order: { number: "SO-17" }, invoices: [{ key: key("Invoice", "1") }] },
          },
        ])
        expect(written).toEqual([{ _tag: "Updated", id: won }])
        const sent = JSON.parse(journal.writes()[0]?.requestBody ?? "{}").inputs[0]
        expect(sent.properties).toEqual({ mortise_order_number: "SO-17", mortise_order: '{"number":"SO-17"}' })
        expect(world.associations("deals", won, "invoices")).toHaveLength(1)
        const read = (yield* ports.Deal.get([won], { fields: ["order", "orderNumber", "invoices"] })).get(won)?.record
        expect(read).toMatchObject({ order: { number: "SO-17" }, orderNumber: "SO-17", invoices: [{}] })
      }),
    )
  })

  it("keep the lines that somebody made in HubSpot when they come back with the record's id as key", async () => {
    const { one, ready, run, two, won, world } = seeded()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const read = (yield* ports.Deal.get([won], { fields: ["lines"] })).get(won)?.record
        const lines = read?.lines ?? []
        const again = lines.map(({ key, quantity, unitPrice }) => ({
          key,
          quantity: quantity ?? null,
          unitPrice: unitPrice ?? null,
        }))
        expect(tags(yield* ports.Deal.upsert([{ id: won, fields: { lines: again } }]))).toEqual(["Unchanged"])
        const [first] = again
        const changed = [
          { ...first, key: one, quantity: Decimal.make("4") },
          { key: "new", description: "Setup", quantity: Decimal.make("1") },
        ]
        expect(tags(yield* ports.Deal.upsert([{ id: won, fields: { lines: changed as never } }]))).toEqual(["Updated"])
        const now = (yield* ports.Deal.get([won], { fields: ["lines"] })).get(won)?.record.lines ?? []
        expect(now.map(({ key }) => key)).toEqual([one, "new"])
        expect(world.record("line_items", two)?.archived).toBe(true)
      }),
    )
  })

  it("keep each line once when they are written by their id first and by a key of ours later", async () => {
    const { gone, ready, run, world } = seeded()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const lines = [
          { key: "1", description: "Setup", quantity: Decimal.make("1") },
          { key: "2", description: "Setup", quantity: Decimal.make("1") },
        ]
        yield* ports.Deal.upsert([{ id: gone, fields: { lines } }])
        const before = world.associations("deals", gone, "line_items")
        expect(before).toHaveLength(2)
        const keyed = { id: gone, key: key("Deal", "7"), fields: { lines } }
        yield* ports.Deal.upsert([keyed])
        expect(tags(yield* ports.Deal.upsert([keyed]))).toEqual(["Unchanged"])
        expect(world.associations("deals", gone, "line_items")).toEqual(before)
      }),
    )
  })

  it("end with each line once when somebody copied the deal with its lines", async () => {
    const { ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        // A copy has all values but the unique ones.
        const copied = { name: "Setup", quantity: "1", mortise_line_key: "1" }
        const [deal = ""] = world.seed([{ type: "deals", properties: { dealname: "Copy" } }])
        world.seed(
          [copied, copied].map((properties) => ({
            type: "line_items" as const,
            properties,
            associations: [{ type: "deals" as const, id: deal }],
          })),
        )
        const lines = [{ key: "1", description: "Setup", quantity: Decimal.make("2") }]
        expect(tags(yield* ports.Deal.upsert([{ id: deal, key: "copy", fields: { lines } }]))).toEqual(["Updated"])
        const left = world.associations("deals", deal, "line_items")
        expect(left.map(({ id }) => world.record("line_items", id)?.properties["quantity"])).toEqual(["2"])
        expect(tags(yield* ports.Deal.upsert([{ id: deal, key: "copy", fields: { lines } }]))).toEqual(["Unchanged"])
      }),
    )
  })

  it("refuse to lose their contacts or invoices for a null, which only adds, and their stage", async () => {
    const { journal, ready, run, won } = seeded()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        journal.clear()
        for (const field of ["contacts", "invoices", "pipeline", "stage"] as const) {
          const [outcome] = yield* ports.Deal.upsert([{ id: won, fields: { [field]: null } }])
          expect(reasonOf(outcome), field).toMatchObject({ _tag: "Unsupported", feature: `clear.${field}` })
        }
        expect(journal.lines).toEqual([])
      }),
    )
  })

  it("are refused when their contact is not there", async () => {
    const { ready, run } = seeded()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [outcome] = yield* ports.Deal.upsert([{ key: "d", fields: { name: "D", contacts: [{ id: "1" }] } }])
        expect(reasonOf(outcome)).toMatchObject({ _tag: "MissingReference", field: "contacts" })
        expect(idOf(outcome)).toContain("none")
      }),
    )
  })

  it("name the billing contact that HubSpot labels on their company", async () => {
    const { ann, bob, company, ready, run, won, world } = seeded()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        world.associate("contacts", ann, "companies", company)
        yield* ports.Contact.upsert([{ id: bob, fields: { company: { id: company }, roles: [{ code: "billing" }] } }])
        const read = (yield* ports.Deal.get([won], { fields: ["billingContact"] })).get(won)?.record
        expect(read).toMatchObject({ billingContact: { id: bob } })
      }),
    )
  })
})
