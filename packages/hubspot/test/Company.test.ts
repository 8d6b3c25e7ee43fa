import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { idOf, key, open, plain, readAll, reasonOf, tags, upserted } from "./portal.ts"

const money = (amount: string, currency = "EUR") => ({ amount: Decimal.make(amount), currency })

const everything = {
  name: 'شركة 🏭 Åkerlund & Söner "AB"',
  domain: "akerlund.example",
  phone: "+46 8 123 45 67",
  address: {
    lines: ["Kungsgatan 1", "c/o Öst", "3 tr"],
    city: "Malmö",
    region: "Skåne",
    postalCode: "211 22",
    country: "SE",
  },
  accounts: [{ key: key("Account", "C0001") }, { number: "C0002" }],
  erpNumber: "C0001",
  accountStatus: "active",
  financialStatus: "overdue",
  daysOverdue: 12,
  outstanding: money("123456789012345678901234567.89"),
  lastInvoice: { date: "2026-10-01", amount: money("1200.50", "SEK"), status: "overdue" },
  lastPayment: { date: "2026-09-30", amount: money("0.10") },
  asOf: "2026-11-02T08:59:59.123Z",
} as never

describe("companies", () => {
  it("are created by our key, found by it, and not written again when they are the same", async () => {
    const { journal, ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const write = {
          key: key("Account", "C0001"),
          fields: { name: "Åkerlund & Söner AB", domain: "akerlund.example", erpNumber: "C0001" },
        }
        const [first] = yield* ports.Company.upsert([write])
        expect(first?._tag).toBe("Created")
        const writes = journal.writes().length
        expect(tags(yield* ports.Company.upsert([write]))).toEqual(["Unchanged"])
        expect(journal.writes()).toHaveLength(writes)
        const found = yield* ports.Company.find([write.key, key("Account", "none")])
        expect([...found.keys()]).toEqual([write.key])
        expect(found.get(write.key)?.record).toMatchObject(write.fields)
        const [changed] = yield* ports.Company.upsert([{ ...write, fields: { name: "Åkerlund" } }])
        expect(changed).toMatchObject({ _tag: "Updated", id: idOf(first) })
        expect(world.records("companies")).toHaveLength(1)
      }),
    )
  })

  it("give every value back as it was written, thirty digits and right-to-left text too", async () => {
    const { ready, run } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const write = { key: key("Account", "C0001"), fields: everything }
        const [outcome] = yield* ports.Company.upsert([write])
        const read = yield* ports.Company.get([idOf(outcome)])
        const record = read.get(idOf(outcome))?.record as never as Record<string, unknown>
        for (const [field, value] of Object.entries(everything as Record<string, unknown>)) {
          expect(plain(record[field]), field).toEqual(plain(value))
        }
        expect(tags(yield* ports.Company.upsert([write]))).toEqual(["Unchanged"])
      }),
    )
  })

  it("keep what is absent, and lose what is null", async () => {
    const { ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [outcome] = yield* ports.Company.upsert([{ key: key("Account", "1"), fields: everything }])
        const cleared = { phone: null, outstanding: null, lastInvoice: null, address: { city: null } } as const
        expect(tags(yield* ports.Company.upsert([{ key: key("Account", "1"), fields: cleared }]))).toEqual(["Updated"])
        const record = (yield* ports.Company.get([idOf(outcome)])).get(idOf(outcome))?.record
        expect(record).toMatchObject({ phone: null, outstanding: null, lastInvoice: null, erpNumber: "C0001" })
        expect(record?.address).toEqual({
          lines: ["Kungsgatan 1", "c/o Öst", "3 tr"],
          region: "Skåne",
          postalCode: "211 22",
          country: "SE",
        })
        expect(world.record("companies", idOf(outcome))?.properties["mortise_outstanding"]).toBeUndefined()
      }),
    )
  })

  it("are the same when HubSpot writes a number, a date or an email in another form", async () => {
    const { journal, ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const write = { key: key("Account", "1"), fields: everything }
        const [outcome] = yield* ports.Company.upsert([write])
        world.update("companies", idOf(outcome), {
          mortise_last_invoice_amount: "1200.5000",
          domain: "AKERLUND.example",
        })
        const writes = journal.writes().length
        expect(tags(yield* ports.Company.upsert([write]))).toEqual(["Unchanged"])
        expect(journal.writes()).toHaveLength(writes)
      }),
    )
  })

  it("carry only the supplied fields and our key on the wire", async () => {
    const { journal, ready, run } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        journal.clear()
        yield* ports.Company.upsert([{ key: key("Account", "1"), fields: { name: "A", phone: null } }])
        const [write] = journal.writes()
        const sent = JSON.parse(write?.requestBody ?? "{}").inputs[0]
        expect(Object.keys(sent.properties).sort()).toEqual(["mortise_key", "name", "phone"])
        expect(sent.idProperty).toBe("mortise_key")
      }),
    )
  })

  it("read only the fields that are asked for", async () => {
    const { journal, later, ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        world.seed([{ type: "companies", properties: { name: "A", phone: "1" } }])
        yield* later
        journal.clear()
        const { changes } = yield* readAll(ports.Company, { fields: ["name"] })
        expect(upserted(changes).map(({ record }) => Object.keys(record).sort())).toEqual([["modified", "name"]])
        for (const line of journal.lines) expect(line.requestBody).not.toMatch(/phone|domain|address|erp_number/)
      }),
    )
  })

  it("read and write the tenant's own properties by their names, and refuse names that belong to fields", async () => {
    const { ready, run, world } = open()
    world.defineProperty("companies", { name: "branch_code" })
    world.defineProperty("companies", { name: "seats", type: "number" })
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready({ custom: { Company: ["branch_code", "seats"] } })
        const write = { key: key("Account", "1"), fields: { name: "A", custom: { branch_code: "N-7", seats: 12 } } }
        const [made] = yield* ports.Company.upsert([write])
        expect(made).toEqual({ _tag: "Created", id: expect.any(String) })
        const read = yield* ports.Company.get([idOf(made)])
        expect(read.get(idOf(made))?.record.custom).toEqual({ branch_code: "N-7", seats: "12" })
        const same = { ...write, fields: { custom: { seats: "12.0" } } }
        expect(tags(yield* ports.Company.upsert([same]))).toEqual(["Unchanged"])
        const bad = yield* ports.Company.upsert([
          { key: key("Account", "2"), fields: { name: "B", custom: { mortise_erp_number: "x" } } },
          { key: key("Account", "3"), fields: { name: "B", custom: { nobody_made_this: "x" } } },
          { key: key("Account", "4"), fields: { name: "B", custom: { branch_code: { not: "a value" } } } },
        ])
        expect(bad.map(reasonOf)).toMatchObject([
          { _tag: "Invalid", issues: [{ path: ["custom", "mortise_erp_number"] }] },
          { _tag: "Invalid", issues: [{ path: ["custom", "nobody_made_this"] }] },
          { _tag: "Invalid", issues: [{ path: ["custom", "branch_code"] }] },
        ])
        expect(world.records("companies")).toHaveLength(1)
      }),
    )
  })

  it("write own properties of every kind, and know them again in the portal's form", async () => {
    const { journal, ready, run, world } = open()
    const kinds = {
      seats: "number",
      since: "date",
      called: "datetime",
      key_account: "bool",
      tags: "enumeration",
    } as const
    for (const [name, type] of Object.entries(kinds)) {
      const options = ["a", "b"].map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false }))
      world.defineProperty("companies", {
        name,
        type,
        ...(type === "enumeration" ? { fieldType: "checkbox", options } : {}),
      })
    }
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready({ custom: { Company: Object.keys(kinds) } })
        const custom = {
          seats: Decimal.make("12345678901234567890.5"),
          since: "2026-11-02",
          called: "2026-11-02T10:00:00Z",
          key_account: true,
          tags: ["a", "b"],
        }
        const [made] = yield* ports.Company.upsert([{ key: "k", fields: { name: "A", custom } }])
        expect(reasonOf(made)).toBeUndefined()
        expect(world.record("companies", idOf(made))?.properties).toMatchObject({
          seats: "12345678901234567890.5",
          since: "2026-11-02",
          key_account: "true",
          tags: "a;b",
        })
        // HubSpot tells instants and days in more than one form.
        world.update("companies", idOf(made), { called: "1793613600000", since: "1793577600000" })
        const writes = journal.writes().length
        expect(tags(yield* ports.Company.upsert([{ key: "k", fields: { name: "A", custom } }]))).toEqual(["Unchanged"])
        expect(journal.writes()).toHaveLength(writes)
        const cleared = { seats: null, since: null, key_account: null, tags: null }
        yield* ports.Company.upsert([{ key: "k", fields: { custom: cleared } }])
        const read = yield* ports.Company.get([idOf(made)])
        expect(read.get(idOf(made))?.record.custom).toMatchObject(cleared)
      }),
    )
  })

  it("are refused one by one for what is wrong with them, in input order, and the others are written", async () => {
    const { ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const outcomes = yield* ports.Company.upsert([
          { key: key("Account", "1"), fields: { name: "first" } },
          { key: "", fields: { name: "no key" } },
          { key: "k".repeat(10_000), fields: { name: "long key" } },
          { key: key("Account", "2"), fields: { daysOverdue: Number.NaN } },
          { key: key("Account", "3"), fields: { lastPayment: { date: "2026-02-30", amount: money("1") } } as never },
          { key: key("Account", "4"), fields: { outstanding: { amount: "12,5", currency: "EUR" } } as never },
          { key: key("Account", "5"), fields: { lifecycleStage: "customer" } as never },
          { id: "999999", fields: { name: "nobody" } },
          { key: key("Account", "6"), fields: { name: "last" } },
        ])
        expect(outcomes.map((outcome) => reasonOf(outcome)?._tag ?? outcome._tag)).toEqual([
          "Created",
          "Invalid",
          "Invalid",
          "Invalid",
          "Invalid",
          "Invalid",
          "Unsupported",
          "NotFound",
          "Created",
        ])
        expect(world.records("companies").map(({ properties }) => properties["name"])).toEqual(["first", "last"])
      }),
    )
  })

  it("are written 10,001 in one call, each outcome at the place of its record", async () => {
    const { journal, ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const all = Array.from({ length: 10_001 }, (_, at) => ({
          key: key("Account", `${at}`),
          fields: { name: `N${at}` },
        }))
        const outcomes = yield* ports.Company.upsert(all)
        expect(new Set(tags(outcomes))).toEqual(new Set(["Created"]))
        const names = outcomes.map((outcome) => world.record("companies", idOf(outcome))?.properties["name"])
        expect(names).toEqual(all.map(({ fields }) => fields.name))
        // HubSpot locks companies after so many; what it locked out came again.
        const taken = journal.where(({ status, url }) => url.endsWith("/batch/upsert") && status === 200)
        expect(taken).toHaveLength(101)
      }),
    )
  })

  it("are asked for nothing when a list is empty", async () => {
    const { connect, journal, ready, run } = open()
    await run(
      Effect.gen(function* () {
        yield* ready()
        const { ports, prepare } = yield* connect()
        journal.clear()
        expect(yield* ports.Company.upsert([])).toEqual([])
        expect((yield* ports.Company.get([])).size + (yield* ports.Company.find([])).size).toBe(0)
        expect(yield* ports.Company.archive?.([]) ?? Effect.succeed(["no archive"])).toEqual([])
        expect(yield* prepare([])).toEqual([])
        expect(journal.lines).toEqual([])
      }),
    )
  })

  it("tell a portal that was not prepared what would mend it, and write nothing", async () => {
    const { connect, journal, run } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* connect()
        const [outcome] = yield* ports.Company.upsert([{ key: key("Account", "1"), fields: { name: "A" } }])
        expect(reasonOf(outcome)).toMatchObject({ _tag: "Unsupported", mend: expect.stringContaining("prepare()") })
        expect(journal.writes()).toHaveLength(0)
      }),
    )
  })

  it("are archived once", async () => {
    const { ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [a = ""] = world.seed([{ type: "companies", properties: { name: "A" } }])
        const archive = ports.Company.archive
        if (archive === undefined) throw new Error("no archive")
        expect(tags(yield* archive([a, "424242"]))).toEqual(["Updated", "Rejected"])
        expect(tags(yield* archive([a]))).toEqual(["Unchanged"])
        expect(world.archived("companies")).toHaveLength(1)
      }),
    )
  })
})
