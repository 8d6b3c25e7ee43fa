/** Writing: look, create, compare, change; what is there once stays there once. */
import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const key = (id: string) => `hubspot/1/|Company|${id}`
const tags = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)

describe("an account", () => {
  it("is created once, changed by what differs, and then unchanged", async () => {
    const bench = Bench.make()
    const write = (fields: object) =>
      Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.upsert([{ key: key("1"), fields }]))
    const first = await write({ name: "Rossi S.p.A.", email: "post@rossi.example", currency: "EUR" })
    expect(tags(first)).toEqual(["Created"])
    const [customer] = bench.world.all("CustomersV3")
    expect(customer?.fields["IdentificationNumber"]).toBe("hubspot/1/|_43ompany|1")
    bench.twin.journal.clear()
    expect(tags(await write({ name: "Rossi S.p.A.", email: "info@rossi.example" }))).toEqual(["Updated"])
    const [patch] = bench.twin.journal.lines.filter(({ method }) => method === "PATCH")
    expect(patch?.requestBody).toBe(`{"PrimaryContactEmail":"info@rossi.example"}`)
    expect(patch?.requestHeaders["if-match"]).toMatch(/^W\//)
    bench.twin.journal.clear()
    expect(tags(await write({ name: "Rossi S.p.A.", email: "info@rossi.example" }))).toEqual(["Unchanged"])
    expect(Bench.requests(bench).filter((each) => !each.startsWith("GET"))).toEqual([])
    expect(bench.world.all("CustomersV3").length).toBe(1)
  })
})

describe("an order", () => {
  it("is made with its lines, and changed line by line", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", [Seeds.customer(0)], Bench.COMPANY)
    Seeds.items(bench, "BOLT", "NUT")
    const line = (name: string, item: string, quantity: string) => ({
      key: name,
      product: { number: item },
      quantity: Decimal.make(quantity),
      unitPrice: Decimal.make("1.5"),
    })
    const write = (lines: ReadonlyArray<ReturnType<typeof line>>) =>
      Bench.use(bench, Bench.options(bench, { orders: Seeds.SITE }), ({ ports }) =>
        ports.Order.upsert([
          { key: "hubspot/1/|Deal|7", fields: { account: { number: "C-00000" }, customerReference: "PO 9", lines } },
        ]),
      )
    const first = await write([line("a", "BOLT", "1"), line("b", "NUT", "2")])
    expect(tags(first)).toEqual(["Created"])
    expect(tags(await write([line("a", "BOLT", "1"), line("b", "NUT", "2")]))).toEqual(["Unchanged"])
    expect(tags(await write([line("a", "BOLT", "7"), line("c", "NUT", "3")]))).toEqual(["Updated"])
    const rows = bench.world
      .all("SalesOrderLines")
      .map(({ fields }) => [fields["ExternalItemNumber"], fields["OrderedSalesQuantity"]])
    expect(rows.sort()).toEqual([
      ["a", "7"],
      ["c", "3"],
    ])
    expect(bench.world.all("SalesOrderHeadersV2").length).toBe(1)
  })
})

describe("a draft invoice", () => {
  it("is made with its lines and stays a draft", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", [Seeds.customer(0)], Bench.COMPANY)
    const write = (quantity: string) =>
      Bench.use(bench, Bench.options(bench, { invoices: { mainAccount: "401100" } }), ({ ports }) =>
        Effect.gen(function* () {
          const outcomes = yield* ports.Invoice.upsert([
            {
              key: "hubspot/1/|Invoice|7",
              fields: {
                account: { number: "C-00000" },
                lines: [
                  {
                    key: "1",
                    description: "Consulting",
                    quantity: Decimal.make(quantity),
                    unitPrice: Decimal.make("70"),
                  },
                ],
              },
            },
          ])
          return { outcomes, found: yield* ports.Invoice.find(["hubspot/1/|Invoice|7"]) }
        }),
      )
    const first = await write("2")
    expect(tags(first.outcomes)).toEqual(["Created"])
    expect(first.found.get("hubspot/1/|Invoice|7")?.record.state?.code).toBe("draft")
    expect(tags((await write("2")).outcomes)).toEqual(["Unchanged"])
    expect(tags((await write("3")).outcomes)).toEqual(["Updated"])
    expect(bench.world.all("FreeTextInvoiceLines").length).toBe(1)
  })
})

describe("a contact", () => {
  it("belongs to the party of its account", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const accounts = yield* ports.Account.upsert([{ key: key("1"), fields: { name: "One" } }])
        const contacts = yield* ports.Contact.upsert([
          { key: "hubspot/1/|Contact|1", fields: { lastName: "Nagy", account: { key: key("1") } } },
        ])
        const again = yield* ports.Contact.upsert([
          { key: "hubspot/1/|Contact|1", fields: { lastName: "Nagy", account: { key: key("1") } } },
        ])
        const found = yield* ports.Contact.find(["hubspot/1/|Contact|1"])
        return {
          tags: tags([...accounts, ...contacts, ...again]),
          account: found.get("hubspot/1/|Contact|1")?.record.account,
        }
      }),
    )
    expect(outcomes.tags).toEqual(["Created", "Created", "Unchanged"])
  })
})
