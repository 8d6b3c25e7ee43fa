import * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import type { SeedRecord } from "@mortise/conformance/netsuite/World"
import type * as Change from "@mortise/core/Change"
import * as Decimal from "@mortise/core/Decimal"
import * as Promises from "@mortise/core/Promises"
import type { Instant } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as NetSuite from "../src/NetSuite.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const { HOUR, MINUTE } = Seeds
const ids = (changes: ReadonlyArray<Change.Change<unknown>>) =>
  changes.map((change) => ("id" in change ? change.id : ""))
const seedIds = (bench: Bench.Bench, type: string, records: ReadonlyArray<SeedRecord>) =>
  bench.world.seed(type, records).map(({ id }) => id)

describe("reading accounts", () => {
  it("types the values of a query back, with addresses, currency and terms", async () => {
    const bench = Bench.make()
    const [id] = seedIds(bench, "customer", [
      Seeds.customer(1, {
        vatRegNumber: "DE1",
        url: "https://www.blauwal.example",
        terms: "2",
        creditLimit: "1000.50",
        salesRep: "17",
        addressBook: [
          {
            defaultBilling: true,
            addressBookAddress: { addr1: "Hafen 1", addr2: "Tor 3", city: "Hamburg", zip: "20457", country: "DE" },
          },
        ],
        $modified: Bench.START - HOUR,
      }),
    ])
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Account))
    const [change] = Bench.upserted(changes)
    expect(change).toMatchObject({
      id,
      stamp: "2026-01-15T11:00:00.000Z",
      record: {
        party: "organization",
        name: "Customer 1",
        taxId: "DE1",
        domain: { name: "blauwal.example", source: "web" },
        status: { code: "active", raw: "CUSTOMER" },
        billingAddress: {
          lines: ["Hafen 1", "Tor 3"],
          city: "Hamburg",
          postalCode: "20457",
          country: "DE",
          region: null,
        },
        shippingAddress: null,
        currency: "EUR",
        paymentTerms: { code: "Net 30", days: 30 },
        creditHold: false,
        phone: null,
        modified: "2026-01-15T11:00:00Z",
      },
    })
    expect(change?.record.creditLimit?.currency).toBe("EUR")
    expect(Decimal.format(change?.record.creditLimit?.amount ?? Decimal.make("0"))).toBe("1000.5")
    expect(change?.record.salesRep).toMatch(/Robin Vale/)
  })

  it("asks a page for all its addresses together, and for none that nobody wants", async () => {
    const bench = Bench.make()
    const addressBook = [{ defaultBilling: true, addressBookAddress: { addr1: "Kai 1", country: "DE" } }]
    bench.world.seed("customer", Seeds.customers(30, { addressBook }))
    const tables = () => Bench.queries(bench).map(({ q }) => / FROM (\w+)/.exec(q)?.[1])
    await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Bench.readAll(ports.Account, { fields: ["name", "billingAddress"] }),
    )
    expect(tables()).toEqual(
      ["customer", "entityaddress", "currency", "term", "deletedrecord"].filter((t) => t !== "deletedrecord"),
    )
    bench.twin.journal.clear()
    await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Account, { fields: ["name"] }))
    expect(tables()).not.toContain("entityaddress")
    expect(Bench.queries(bench)[0]?.q).not.toMatch(/email|balance/)
  })

  it("delivers a page once, and of what changed meanwhile the new version alone", async () => {
    const bench = Bench.make()
    const all = seedIds(bench, "customer", Seeds.customers(25))
    const config = Bench.options(bench, { pageSize: 10 })
    const result = await Bench.use(bench, config, ({ ports }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(ports.Account)
        const idle = yield* Bench.readAll(ports.Account, { cursor: first.cursor })
        bench.world.edit("customer", all[3] ?? "", { email: "new@customer3.example" })
        yield* Effect.sleep("10 minutes")
        const second = yield* Bench.readAll(ports.Account, { cursor: idle.cursor })
        return { first, idle, second }
      }),
    )
    expect(ids(result.first.changes)).toEqual(all)
    expect(result.first.pages).toBe(3)
    expect(result.idle.changes).toEqual([])
    expect(ids(result.second.changes)).toEqual([all[3]])
  })

  it("loses nothing where more records bear one stamp than a page holds", async () => {
    const bench = Bench.make()
    const many = seedIds(bench, "customer", Seeds.customers(53, { $modified: Bench.START - 5 * HOUR }))
    const around = seedIds(bench, "customer", [
      Seeds.customer(90, { $modified: Bench.START - 6 * HOUR }),
      Seeds.customer(91, { $modified: Bench.START - 4 * HOUR }),
    ])
    const config = Bench.options(bench, { pageSize: 10 })
    const { changes } = await Bench.use(bench, config, ({ ports }) => Bench.readAll(ports.Account))
    expect([...ids(changes)].sort()).toEqual([...many, ...around].sort())
    const ties = Bench.queries(bench).filter(({ q }) => q.includes("lastmodifieddate < "))
    expect(ties.length).toBeGreaterThan(4)
  })

  it("reads past the rows that one query can reach, and never asks for an offset", async () => {
    const bench = Bench.make({ knobs: { queryCap: 20 } })
    const all = seedIds(bench, "customer", Seeds.customers(75))
    const config = Bench.options(bench, { pageSize: 10 })
    const { changes } = await Bench.use(bench, config, ({ ports }) => Bench.readAll(ports.Account))
    expect(ids(changes)).toEqual(all)
    const offsets = bench.twin.journal.lines.map(({ url }) => new URL(url).searchParams.get("offset")).filter(Boolean)
    expect(new Set(offsets)).toEqual(new Set(["0"]))
  })

  it("loses nothing around midnight of the account, in whatever zone its stamps are shown", async () => {
    for (const knobs of [
      { queryZone: "account", zoneMinutes: -480 },
      { queryZone: "account", zoneMinutes: 720 },
      { queryZone: "utc", zoneMinutes: -480 },
    ] as const) {
      for (const timeZone of ["right", undefined] as const) {
        const bench = Bench.make({ knobs })
        const first = seedIds(bench, "customer", Seeds.customers(3))
        const zone = knobs.queryZone === "utc" ? "UTC" : knobs.zoneMinutes > 0 ? "Etc/GMT-12" : "Etc/GMT+8"
        const { timeZone: _, ...rest } = Bench.options(bench)
        const config = timeZone === undefined ? rest : { ...rest, timeZone: zone }
        const seen = await Bench.use(bench, config, ({ ports }) =>
          Effect.gen(function* () {
            let { changes, cursor } = yield* Bench.readAll(ports.Account)
            const found = [...ids(changes)]
            for (let turn = 0; turn < 13; turn++) {
              yield* Effect.sleep("109 minutes")
              bench.world.seed("customer", [Seeds.customer(100 + turn, { $modified: bench.clock.now() - MINUTE })])
              ;({ changes, cursor } = yield* Bench.readAll(ports.Account, { cursor }))
              found.push(...ids(changes))
            }
            yield* Effect.sleep("10 minutes")
            found.push(...ids((yield* Bench.readAll(ports.Account, { cursor })).changes))
            return found
          }),
        )
        const all = bench.world.all("customer").map(({ id }) => id)
        expect([...seen].sort(), JSON.stringify([knobs, timeZone])).toEqual([...all].sort())
        expect(all.length).toBe(first.length + 13)
      }
    }
  })

  it("does not lose an edit that is seen late, nor the second edit of one minute", async () => {
    const bench = Bench.make()
    const [id] = seedIds(bench, "customer", [Seeds.customer(1)])
    const names = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(ports.Account)
        bench.world.edit("customer", id ?? "", { companyName: "Late" }, { seenAfter: 70_000 })
        const second = yield* Bench.readAll(ports.Account, { cursor: first.cursor })
        yield* Effect.sleep("72 seconds")
        const third = yield* Bench.readAll(ports.Account, { cursor: second.cursor })
        bench.world.edit("customer", id ?? "", { companyName: "Once" })
        const fourth = yield* Bench.readAll(ports.Account, { cursor: third.cursor })
        yield* Effect.sleep("5 seconds")
        bench.world.edit("customer", id ?? "", { companyName: "Twice" })
        const fifth = yield* Bench.readAll(ports.Account, { cursor: fourth.cursor })
        return [second, third, fourth, fifth].map(({ changes }) =>
          Bench.upserted(changes).map(({ record }) => record.name),
        )
      }),
    )
    expect(names).toEqual([[], ["Late"], ["Once"], ["Twice"]])
  })

  it("reads the subsidiary that is configured, and all where the account has none", async () => {
    const bench = Bench.make()
    const [mine] = seedIds(bench, "customer", [Seeds.customer(1)])
    const [theirs] = seedIds(bench, "customer", [Seeds.customer(2, { subsidiary: "3", currency: "2" })])
    const [item] = seedIds(bench, "inventoryItem", [Seeds.item("BOLT")])
    const [a] = seedIds(bench, "salesOrder", [Seeds.order(mine ?? "", item ?? "")])
    seedIds(bench, "salesOrder", [Seeds.order(theirs ?? "", item ?? "", { subsidiary: "3", currency: "2" })])
    const read = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.all([
        Bench.readAll(ports.Account),
        Bench.readAll(ports.Order),
        ports.Account.get([mine ?? "", theirs ?? ""]),
      ]),
    )
    expect([ids(read[0].changes), ids(read[1].changes), [...read[2].keys()]]).toEqual([[mine], [a], [mine]])

    const plain = Bench.make({ knobs: { oneWorld: false } })
    const { subsidiary: _, ...without } = Bench.options(plain)
    const [only] = seedIds(plain, "customer", [{ companyName: "Only" }])
    const alone = await Bench.use(plain, without, ({ ports }) => Bench.readAll(ports.Account))
    expect(ids(alone.changes)).toEqual([only])
    const made = await Bench.use(plain, without, ({ ports }) =>
      ports.Account.upsert([{ key: "hubspot/1/|Company|1", fields: { name: "Made" } }]),
    )
    expect(Bench.tags(made)).toEqual(["Created"])
  })

  it("reads a record that a workflow has locked, and one that cannot be read stops nobody", async () => {
    const bench = Bench.make({ customFields: [{ name: "custentity_rank", kind: "text" }] })
    const [first, second] = seedIds(bench, "customer", [
      Seeds.customer(1, { custentity_rank: "12.50" }),
      Seeds.customer(2, { custentity_rank: "twelve" }),
    ])
    bench.world.lock("customer", first ?? "")
    const config = Bench.options(bench, { custom: { Account: { custentity_rank: "decimal" } } })
    const { changes } = await Bench.use(bench, config, ({ ports }) => Bench.readAll(ports.Account))
    expect(changes.map(({ _tag }) => _tag)).toEqual(["Upserted", "Undecodable"])
    expect(ids(changes)).toEqual([first, second])
    expect(Bench.upserted(changes)[0]?.record.custom).toEqual({ custentity_rank: "12.5" })
    expect(JSON.stringify(changes[1])).not.toMatch(/twelve/)
  })

  it("leaves out columns that the account does not have, and remembers which, however they are refused", async () => {
    for (const badColumn of [400, 500] as const) {
      const bench = Bench.make({ knobs: { badColumn, missingFields: { customer: ["vatRegNumber", "url"] } } })
      const [id] = seedIds(bench, "customer", [Seeds.customer(1)])
      const read = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
        Effect.gen(function* () {
          const { changes } = yield* Bench.readAll(ports.Account)
          const asked = Bench.queries(bench).length
          const found = yield* ports.Account.get([id ?? ""])
          return { changes, found, more: Bench.queries(bench).length - asked }
        }),
      )
      const [change] = Bench.upserted(read.changes)
      expect(change?.record.email).toBe("post1@customer1.example")
      expect(change?.record).not.toHaveProperty("taxId")
      expect(change?.record).not.toHaveProperty("web")
      expect(read.found.get(id ?? "")?.record.name).toBe("Customer 1")
      expect(read.more).toBeLessThanOrEqual(2)
    }
  })

  it("is the same by promises", async () => {
    const bench = Bench.make()
    const [id = ""] = seedIds(bench, "customer", [Seeds.customer(1)])
    // An assertion would be signed by the clock on the wall, which is not the twin's.
    const { clientId, clientSecret } = NetSuiteTwin.CREDENTIALS.confidential
    const { refreshToken } = NetSuiteTwin.consent(bench.world, clientId)
    const credentials = {
      type: "authorizationCode" as const,
      clientId,
      clientSecret: Redacted.make(clientSecret),
      refreshToken: Redacted.make(refreshToken),
    }
    const store = Bench.memory()
    const { close, connector } = await Promises.open(NetSuite.make(Bench.options(bench, { credentials })), { store })
    const found = await connector.ports.Account.get([id])
    expect(found.get(id)?.record.name).toBe("Customer 1")
    await close()
  })

  it("begins at a point in time, and narrows by conditions", async () => {
    const bench = Bench.make()
    const all = seedIds(bench, "customer", [
      ...Seeds.customers(5),
      Seeds.customer(7, { isInactive: true, $modified: Bench.START - HOUR }),
      Seeds.customer(8, { $modified: Bench.START - HOUR }),
    ])
    const since = new Date(Bench.START - 2 * HOUR).toISOString() as Instant
    const read = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.all([
        Bench.readAll(ports.Account, { since }),
        Bench.readAll(ports.Account, { where: [{ field: "status", is: "inactive" }], reader: "other" }),
      ]),
    )
    const refused = await Bench.failure(bench, Bench.options(bench), ({ ports }) =>
      Bench.readAll(ports.Account, { fields: ["nothing" as "name"] }),
    )
    expect(ids(read[0].changes)).toEqual(all.slice(5))
    expect(ids(read[1].changes)).toEqual([all[5]])
    expect(refused.reason._tag).toBe("Invalid")
  })
})

describe("what changes without a stamp", () => {
  const stage = (knobs: Parameters<typeof Bench.make>[0] = {}) => {
    const bench = Bench.make(knobs)
    const [customer = ""] = seedIds(bench, "customer", [Seeds.customer(1)])
    const [bolt = ""] = seedIds(bench, "inventoryItem", [Seeds.item("BOLT")])
    return { bench, customer, bolt }
  }

  it("is found: an invoice that becomes overdue at midnight, and what its customer owes", async () => {
    const { bench, bolt, customer } = stage()
    const [invoice] = seedIds(bench, "invoice", [Seeds.invoice(customer, bolt, { dueDate: "2026-01-15" })])
    const read = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const [bills, accounts] = [yield* Bench.readAll(ports.Invoice), yield* Bench.readAll(ports.Account)]
        yield* Effect.sleep("21 hours")
        return [
          yield* Bench.readAll(ports.Invoice, { cursor: bills.cursor }),
          yield* Bench.readAll(ports.Account, { cursor: accounts.cursor }),
        ] as const
      }),
    )
    expect(Bench.upserted(read[0].changes).map(({ id, record }) => [id, record.state?.code, record.stateAsOf])).toEqual(
      [[invoice, "overdue", "2026-01-16"]],
    )
    const owed = Bench.upserted(read[1].changes)[0]?.record.overdueBalance
    expect(owed && Decimal.format(owed.amount)).toBe("100")
  })

  it("is found: invoices that a payment pays, and that it pays no longer, though their stamps stay", async () => {
    const { bench, bolt, customer } = stage({ knobs: { paymentMovesInvoice: false } })
    const [invoice = ""] = seedIds(bench, "invoice", [Seeds.invoice(customer, bolt)])
    const states = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        let { cursor } = yield* Bench.readAll(ports.Invoice)
        const seen: Array<ReadonlyArray<string | undefined>> = []
        const look = Effect.gen(function* () {
          yield* Effect.sleep("20 minutes")
          const read = yield* Bench.readAll(ports.Invoice, { cursor })
          cursor = read.cursor
          seen.push(Bench.upserted(read.changes).map(({ record }) => record.state?.code))
        })
        yield* Effect.sleep("1 hour")
        const [payment = ""] = seedIds(bench, "customerPayment", [
          Seeds.payment(customer, [[invoice, "60"]], { payment: "60", $modified: bench.clock.now() }),
        ])
        yield* look
        bench.world.edit("customerPayment", payment, { apply: [{ doc: invoice, apply: false }] })
        yield* look
        yield* look
        return seen
      }),
    )
    expect(states).toEqual([["partlyPaid"], ["awaiting"], []])
  })

  it("is found: what was deleted, of the types that are recorded and where the role may see it", async () => {
    for (const deletedRecords of [true, false]) {
      const { bench, bolt, customer } = stage({ role: { deletedRecords } })
      const [order = ""] = seedIds(bench, "salesOrder", [Seeds.order(customer, bolt)])
      const [other = ""] = seedIds(bench, "customer", [Seeds.customer(9)])
      const read = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
        Effect.gen(function* () {
          const [orders, accounts] = [yield* Bench.readAll(ports.Order), yield* Bench.readAll(ports.Account)]
          bench.world.remove("salesOrder", order)
          bench.world.remove("customer", other)
          yield* Effect.sleep("10 minutes")
          return [
            yield* Bench.readAll(ports.Order, { cursor: orders.cursor }),
            yield* Bench.readAll(ports.Account, { cursor: accounts.cursor }),
          ] as const
        }),
      )
      const gone = read.map(({ changes }) => changes.map((change) => [change._tag, "id" in change ? change.id : ""]))
      expect(gone).toEqual(deletedRecords ? [[["Deleted", order]], [["Deleted", other]]] : [[], []])
    }
  })

  it("is found: what was deleted, though records of several types have one id and a page is full", async () => {
    const { bench } = stage()
    const doomed = ["150", "151", "152", "153"]
    bench.world.seed(
      "customer",
      doomed.map((id, index) => Seeds.customer(index, { $id: id })),
    )
    bench.world.seed(
      "serviceSaleItem",
      doomed.map((id) => Seeds.item(`S${id}`, { $id: id })),
    )
    const read = await Bench.use(bench, Bench.options(bench, { pageSize: 3 }), ({ ports }) =>
      Effect.gen(function* () {
        const [accounts, products] = [yield* Bench.readAll(ports.Account), yield* Bench.readAll(ports.Product)]
        for (const id of doomed) {
          bench.world.remove("serviceSaleItem", id)
          bench.world.remove("customer", id)
        }
        yield* Effect.sleep("10 minutes")
        return [
          yield* Bench.readAll(ports.Account, { cursor: accounts.cursor }),
          yield* Bench.readAll(ports.Product, { cursor: products.cursor }),
        ] as const
      }),
    )
    expect(read.map(({ changes }) => [...ids(changes)].sort())).toEqual([doomed, doomed])
  })
})
