import type * as Change from "@mortise/core/Change"
import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const { DAY, HOUR, START } = Bench

const queries = (bench: Bench.Bench, path: string) =>
  bench.twin.journal.lines
    .map(({ url }) => new URL(url))
    .filter(({ pathname }) => decodeURIComponent(pathname) === path)
    .map(({ searchParams }) => searchParams)

const deleted = (changes: ReadonlyArray<Change.Change<unknown>>) =>
  changes.flatMap((change) => (change._tag === "Deleted" ? [change.id] : []))

describe("a reading", () => {
  it("delivers each record once at every page-size boundary, in the order of its stamps", async () => {
    for (const count of [0, 1, 4, 5, 6, 10, 11]) {
      const bench = Bench.make()
      bench.world.seed("Customer", Seeds.customers(count))
      const read = await Bench.use(bench, Bench.options(bench, { pageSize: 5 }), ({ ports }) =>
        Bench.readAll(ports.Account),
      )
      expect(Bench.ids(read.changes), `${count}`).toEqual(
        Array.from({ length: count }, (_, index) => `Customer ${String(index).padStart(4, "0")}`),
      )
    }
  })

  it("delivers more records of one stamp than a page holds, and a stamp that crosses the border of a page", async () => {
    const bench = Bench.make()
    const at = (index: number) => (index < 3 ? index : index < 18 ? 3 : 4)
    bench.world.seed(
      "Customer",
      Array.from({ length: 20 }, (_, index) => Seeds.customer(index, { $modified: START - DAY + at(index) * 1000 })),
    )
    const read = await Bench.use(bench, Bench.options(bench, { pageSize: 5 }), ({ ports }) =>
      Bench.readAll(ports.Account),
    )
    const ids = Bench.ids(read.changes)
    expect([ids.length, new Set(ids).size]).toEqual([20, 20])
    expect(bench.world.misfits).toEqual([])
  })

  it("goes on where it stood: what was saved since comes once, and what was not does not come again", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(8))
    const seen = await Bench.use(bench, Bench.options(bench, { pageSize: 5 }), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(Account)
        bench.world.edit("Customer", "Customer 0003", { website: "https://new.example" })
        const second = yield* Bench.readAll(Account, { cursor: first.cursor })
        const third = yield* Bench.readAll(Account, { cursor: second.cursor })
        return { second, third }
      }),
    )
    expect(Bench.ids(seen.second.changes)).toEqual(["Customer 0003"])
    expect(seen.third.changes).toEqual([])
  })

  it("tells the true instant of a record, whatever the zone of the site", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(0, { $modified: "2026-11-20 03:00:00.123456" })])
    const read = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Account))
    const [change] = Bench.upserted(read.changes)
    expect([change?.stamp, change?.record.modified]).toEqual([
      "2026-11-20T08:00:00.123456Z",
      "2026-11-20T08:00:00.123456Z",
    ])
  })

  it("loses nothing of the hour that comes twice when the clock is put back", async () => {
    // 05:50 UTC is 1:50 by the summer clock of New York; forty minutes later it is half past one again.
    const start = Date.UTC(2026, 10, 1, 5, 50)
    const bench = Bench.make({ start })
    bench.world.seed("Customer", [
      Seeds.customer(1, { $modified: start - HOUR }),
      Seeds.customer(2, { $modified: start }),
    ])
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(Account)
        yield* Effect.sleep("20 minutes")
        const [late] = bench.world.seed("Customer", [{ customer_name: "Second Run" }])
        const second = yield* Bench.readAll(Account, { cursor: first.cursor })
        yield* Effect.sleep("2 hours")
        bench.world.seed("Customer", [{ customer_name: "Winter" }])
        const third = yield* Bench.readAll(Account, { cursor: second.cursor })
        return { first, stamp: late?.columns["modified"], second, third }
      }),
    )
    expect(Bench.ids(seen.first.changes)).toEqual(["Customer 0001", "Customer 0002"])
    expect(String(seen.stamp)).toMatch(/^2026-11-01 01:10/)
    expect(Bench.ids(seen.second.changes)).toEqual(["Second Run"])
    expect(Bench.ids(seen.third.changes)).toEqual(["Winter"])
  })

  it("begins at an instant where it is told to", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [
      Seeds.customer(1, { $modified: START - 2 * DAY }),
      Seeds.customer(2, { $modified: START - DAY }),
    ])
    const since = new Date(START - DAY - HOUR).toISOString()
    const read = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Bench.readAll(ports.Account, { since: since as never }),
    )
    expect(Bench.ids(read.changes)).toEqual(["Customer 0002"])
  })

  it("asks for nothing but what is wanted, and refuses what is no field", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(1)])
    const read = await Bench.use(bench, Bench.options(bench, { custom: { Account: [] } }), ({ ports }) =>
      Bench.readAll(ports.Account, { fields: ["name"] }),
    )
    const [question] = queries(bench, "/api/resource/Customer")
    expect(JSON.parse(question?.get("fields") ?? "[]").sort()).toEqual([
      "customer_name",
      "docstatus",
      "modified",
      "mortise_key",
      "name",
    ])
    expect(Bench.upserted(read.changes)[0]?.record).not.toHaveProperty("taxId")
    const refused = await Bench.failure(bench, Bench.options(bench), ({ ports }) =>
      Bench.readAll(ports.Account, { fields: ["balance"] }),
    )
    expect(refused.reason._tag).toBe("Invalid")
  })

  it("passes by what is not asked for, and is not stopped by a record that cannot be read", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(1), Seeds.customer(2, { disabled: 1 }), Seeds.customer(3)])
    bench.world.overwrite("Customer", "Customer 0003", { default_currency: "Euros" })
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        const all = yield* Bench.readAll(Account)
        const active = yield* Bench.readAll(Account, { reader: "b", where: [{ field: "status", is: "inactive" }] })
        const got = yield* Account.get(["Customer 0003"])
        return { all, active, got: got.get("Customer 0003") }
      }),
    )
    expect(seen.all.changes.map((change) => change._tag)).toEqual(["Upserted", "Upserted", "Undecodable"])
    expect(Bench.ids(seen.active.changes)).toEqual(["Customer 0002"])
    expect(seen.got?.record.name).toBe("Customer 0003")
    expect(seen.got?.issues?.map(({ path }) => path[0])).toEqual(["currency"])
  })

  it("shows lines that belong to the document as it was read, and reads again one that is saved in between", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(0)])
    bench.world.seed("Item", [Seeds.item("BOLT")])
    bench.world.seed("Sales Order", [Seeds.order(), Seeds.order()])
    const name = "SAL-ORD-2026-00002"
    let saved = false
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      const asksLines = request.url.includes("get_list") && (await request.clone().text()).includes("Sales Order Item")
      if (asksLines && !saved) {
        saved = true
        bench.world.edit("Sales Order", name, { po_no: "NEW", items: [{ item_code: "BOLT", qty: "9", rate: "1" }] })
      }
      return bench.twin.fetch(request, init)
    }
    const read = await Bench.use(bench, Bench.options(bench, { fetch }), ({ ports }) => Bench.readAll(ports.Order))
    expect(saved).toBe(true)
    const whole = Bench.upserted(read.changes).find(({ id }) => id === name)?.record
    const quantity = whole?.lines?.[0]?.quantity
    expect([whole?.customerReference, quantity && Decimal.format(quantity)]).toEqual(["NEW", "9"])
    expect(Bench.requests(bench)).toContain(`GET /api/resource/Sales Order/${name}`)
  })
})

describe("what changes without a stamp", () => {
  it("is found: an invoice that becomes overdue at the site's midnight, once, whatever the daily job does", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(0)])
    bench.world.seed("Item", [Seeds.item("BOLT")])
    bench.world.seed("Sales Invoice", [
      Seeds.invoice({ due_date: "2026-11-20", $modified: START - DAY }),
      Seeds.invoice({ due_date: "2026-11-25", $modified: START - DAY }),
    ])
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Invoice } }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(Invoice)
        yield* Effect.sleep("18 hours")
        const before = yield* Bench.readAll(Invoice, { cursor: first.cursor })
        yield* Effect.sleep("3 hours")
        const after = yield* Bench.readAll(Invoice, { cursor: before.cursor })
        bench.world.runDailyJob()
        const quiet = yield* Bench.readAll(Invoice, { cursor: after.cursor })
        return { first, before, after, quiet }
      }),
    )
    expect(seen.first.changes).toHaveLength(2)
    expect(seen.before.changes).toEqual([])
    expect(Bench.ids(seen.after.changes)).toEqual(["ACC-SINV-2026-00001"])
    expect(Bench.upserted(seen.after.changes)[0]?.record).toMatchObject({
      state: { code: "overdue" },
      stateAsOf: "2026-11-21",
    })
    expect(seen.quiet.changes).toEqual([])
  })

  it("is found: the first of two parts that becomes overdue, long before the invoice is due", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(0)])
    bench.world.seed("Item", [Seeds.item("BOLT")])
    bench.world.seed("Payment Terms Template", [
      {
        $name: "Two Parts",
        template_name: "Two Parts",
        terms: [
          { invoice_portion: "40", credit_days: 10 },
          { invoice_portion: "60", credit_days: 90 },
        ],
      },
    ])
    const parts = { due_date: null, payment_terms_template: "Two Parts", $modified: START - DAY }
    bench.world.seed("Sales Invoice", [Seeds.invoice(parts), Seeds.invoice(parts)])
    bench.world.pay("ACC-SINV-2026-00002", "40")
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Invoice } }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(Invoice)
        yield* Effect.sleep("1 day")
        return yield* Bench.readAll(Invoice, { cursor: first.cursor })
      }),
    )
    expect(Bench.ids(seen.changes)).toEqual(["ACC-SINV-2026-00001"])
    expect(Bench.upserted(seen.changes)[0]?.record).toMatchObject({
      state: { code: "overdue" },
      stateAsOf: "2026-11-21",
    })
  })

  it("is found: an address of a customer, and a price of an item", async () => {
    const bench = Bench.make()
    const links = [{ link_doctype: "Customer", link_name: "Customer 0001" }]
    bench.world.seed("Customer", [Seeds.customer(1), Seeds.customer(2)])
    bench.world.seed("Item", [Seeds.item("BOLT"), Seeds.item("NUT")])
    bench.world.seed("Address", [
      { address_title: "One", address_type: "Billing", address_line1: "A 1", city: "Kiel", country: "Germany", links },
    ])
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Account, Product } }) =>
      Effect.gen(function* () {
        const accounts = yield* Bench.readAll(Account)
        const products = yield* Bench.readAll(Product)
        yield* Effect.sleep("1 hour")
        bench.world.edit("Address", "One-Billing", { city: "Bremen" })
        bench.world.seed("Item Price", [{ item_code: "NUT", price_list: "Standard Selling", price_list_rate: "2" }])
        const moved = yield* Bench.readAll(Account, { cursor: accounts.cursor })
        const priced = yield* Bench.readAll(Product, { cursor: products.cursor })
        return { moved, priced }
      }),
    )
    expect(Bench.ids(seen.moved.changes)).toEqual(["Customer 0001"])
    expect(Bench.upserted(seen.moved.changes)[0]?.record.billingAddress?.city).toBe("Bremen")
    expect(Bench.ids(seen.priced.changes)).toEqual(["NUT"])
  })

  it("is told by the stamp after all: a payment that was submitted or cancelled", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(0)])
    bench.world.seed("Item", [Seeds.item("BOLT")])
    bench.world.seed("Sales Invoice", [Seeds.invoice()])
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Invoice } }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(Invoice)
        yield* Effect.sleep("1 hour")
        const payment = bench.world.pay("ACC-SINV-2026-00001")
        const paid = yield* Bench.readAll(Invoice, { cursor: first.cursor })
        yield* Effect.sleep("1 hour")
        bench.world.cancel("Payment Entry", String(payment.columns["name"]))
        const unpaid = yield* Bench.readAll(Invoice, { cursor: paid.cursor })
        return [paid, unpaid].map(({ changes }) => Bench.upserted(changes).map(({ record }) => record.state?.code))
      }),
    )
    expect(seen).toEqual([["paid"], ["awaiting"]])
  })

  it("is found: what was deleted; but a name that was given again since is a record, and no deletion", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(0)])
    bench.world.seed("Item", [Seeds.item("BOLT")])
    bench.world.seed("Sales Order", [
      Seeds.order(),
      Seeds.order(),
      Seeds.order({ company: Bench.SECOND.name, currency: "EUR" }),
      Seeds.order(),
    ])
    const name = (index: number) => `SAL-ORD-2026-0000${index}`
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Order } }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(Order)
        yield* Effect.sleep("1 hour")
        for (const index of [1, 3, 4]) bench.world.remove("Sales Order", name(index))
        bench.world.seed("Sales Order", [Seeds.order({ po_no: "ANOTHER" })])
        const second = yield* Bench.readAll(Order, { cursor: first.cursor })
        const third = yield* Bench.readAll(Order, { cursor: second.cursor })
        return { first, second, third, deletions: Order.features.deletions }
      }),
    )
    expect(Bench.ids(seen.first.changes)).toEqual([1, 2, 4].map(name))
    expect(deleted(seen.second.changes)).toEqual([name(1)])
    expect(Bench.ids(seen.second.changes)).toEqual([name(4)])
    expect(Bench.upserted(seen.second.changes)[0]?.record.customerReference).toBe("ANOTHER")
    expect(seen.third.changes).toEqual([])
    expect(seen.deletions).toBe(true)
  })

  it("is not promised to a user who may not see it", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(1)])
    bench.world.seed("Item", [Seeds.item("BOLT")])
    const config = Bench.options(bench, { credentials: Bench.limited })
    const seen = await Bench.use(bench, config, ({ ports }) =>
      Effect.gen(function* () {
        const accounts = yield* Bench.readAll(ports.Account)
        const products = yield* Bench.readAll(ports.Product)
        const again = yield* Bench.readAll(ports.Product, { cursor: products.cursor })
        return { accounts, products, again, deletions: ports.Account.features.deletions }
      }),
    )
    expect(Bench.ids(seen.accounts.changes)).toEqual(["Customer 0001"])
    expect(Bench.ids(seen.products.changes)).toEqual(["BOLT"])
    expect(Bench.upserted(seen.products.changes)[0]?.record).not.toHaveProperty("prices")
    expect(seen.again.changes).toEqual([])
    expect(seen.deletions).toBe(false)
  })
})

describe("every version and way to documents", () => {
  const ways = [
    ["v15", "resource"],
    ["v15", "document"],
    ["v16", "resource"],
    ["v16", "document"],
  ] as const

  it("reads, writes and finds the same", async () => {
    for (const [version, endpoints] of ways) {
      const what = `${version} ${endpoints}`
      const bench = Bench.make({ release: version })
      bench.world.seed("Item", [Seeds.item("BOLT")])
      bench.world.seed("Customer", Seeds.customers(7))
      const config = Bench.options<"v15" | "v16">(bench, { version, endpoints, pageSize: 3 })
      const seen = await Bench.use(bench, config, ({ ports }) =>
        Effect.gen(function* () {
          const account = { key: "a|Account|1", fields: { name: "Blauwal", taxId: "DE1" } }
          const made = yield* ports.Account.upsert([account])
          const again = yield* ports.Account.upsert([account])
          const changed = yield* ports.Account.upsert([{ ...account, fields: { taxId: "DE2" } }])
          const lines = [
            { key: "a", product: { id: "BOLT" }, quantity: Decimal.make("2"), unitPrice: Decimal.make("5") },
          ]
          const order = { key: "a|Deal|1", fields: { account: { key: "a|Account|1" }, lines } }
          const ordered = yield* ports.Order.upsert([order])
          const reordered = yield* ports.Order.upsert([order])
          const twice = yield* Effect.all(
            [1, 2].map(() => ports.Contact.upsert([{ key: "a|Contact|1", fields: { firstName: "Ann" } }])),
            { concurrency: 2 },
          )
          const read = yield* Bench.readAll(ports.Account)
          return {
            outcomes: [...made, ...again, ...changed, ...ordered, ...reordered],
            twice,
            ids: Bench.ids(read.changes),
          }
        }),
      )
      expect(
        seen.outcomes.map(({ _tag }) => _tag),
        what,
      ).toEqual(["Created", "Unchanged", "Updated", "Created", "Unchanged"])
      expect(seen.ids.length, what).toBe(8)
      expect(new Set(seen.ids).size, what).toBe(8)
      expect(bench.world.all("Contact").length, what).toBe(1)
      expect(bench.world.misfits, what).toEqual([])
    }
  })
})
