import { readFile } from "node:fs/promises"
import type * as Change from "@mortise/core/Change"
import * as Decimal from "@mortise/core/Decimal"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Epoch from "../../src/Epoch.ts"
import * as Ledger from "./support/ledger.ts"

const isCreate = ({ method }: { readonly method: string }) => method === "POST"

/** Puts itself between two requests of a reading. */
const before = (bench: Ledger.Bench, nth: number, act: () => void) =>
  bench.twin.faults.deal({
    at: ({ index }) => {
      if (index === nth) act()
      return false
    },
    fault: { kind: "lostReply" },
  })

const idOf = (change: Change.Change<unknown>): string => (change._tag === "Merged" ? change.into : change.id)

const names = (bench: Ledger.Bench) => bench.world.all("customers").map(({ name }) => name)

describe("the Ledgerette example", () => {
  it("is an adapter of less than 150 lines on a twin of less than 100", async () => {
    const lines = async (file: string) => {
      const path = new URL(`../../examples/ledgerette/${file}`, import.meta.url)
      return (await readFile(path, "utf8")).split("\n").length
    }
    expect(await lines("adapter.ts")).toBeLessThan(150)
    expect(await lines("twin.ts")).toBeLessThan(100)
  })

  it("creates, and leaves alone what it finds unchanged", async () => {
    const bench = Ledger.open()
    const records = [1, 2, 3].map(Ledger.account)
    const first = await bench.run(({ ports }) => ports.Account.upsert(records))
    const again = await bench.begin().run(({ ports }) => ports.Account.upsert(records))
    expect(Ledger.tags(first)).toEqual(["Created", "Created", "Created"])
    expect(Ledger.tags(again)).toEqual(["Unchanged", "Unchanged", "Unchanged"])
    expect(names(bench)).toEqual(["Customer 1", "Customer 2", "Customer 3"])
  })

  it("sends only the fields that differ, and keeps the members of an address that nobody told", async () => {
    const bench = Ledger.open()
    const billingAddress = { lines: ["1 Quay", "Hall B"], city: "Bari", country: "IT" }
    await bench.run(({ ports }) =>
      ports.Account.upsert([{ key: Ledger.key(1), fields: { name: "A", billingAddress } }]),
    )
    bench.twin.journal.clear()
    const moved = { key: Ledger.key(1), fields: { name: "A", billingAddress: { city: "Lecce", postalCode: null } } }
    expect(Ledger.tags(await bench.begin().run(({ ports }) => ports.Account.upsert([moved])))).toEqual(["Updated"])
    expect(bench.twin.journal.writes().map(({ requestBody }) => Object.keys(JSON.parse(requestBody)))).toEqual([
      ["address"],
    ])
    const address = { street: "1 Quay\nHall B", city: "Lecce", postcode: null, country: "IT" }
    expect(bench.world.all("customers")).toMatchObject([{ address }])
  })

  it("keeps every digit of a price", async () => {
    const bench = Ledger.open()
    const prices = [{ amount: Decimal.make("12345678901234567890.1234"), currency: "EUR" }]
    const write = { key: "erp|Product|1", fields: { sku: "BOLT", name: "Bolt", prices } }
    await bench.run(({ ports }) => ports.Product.upsert([write]))
    expect(bench.world.all("products")).toMatchObject([{ price: "12345678901234567890.1234" }])
    expect(Ledger.tags(await bench.begin().run(({ ports }) => ports.Product.upsert([write])))).toEqual(["Unchanged"])
  })

  for (const fault of [
    { kind: "lostReply" },
    { kind: "resetBefore" },
    { kind: "errorAfter", status: 500 },
    { kind: "errorBefore", status: 503 },
    { kind: "slow", millis: 180_000, commit: "late" },
    { kind: "hang", applied: true },
    { kind: "malformedJson" },
    { kind: "truncatedBody" },
    { kind: "throttle" },
  ] as const) {
    it(`makes one record of each key when a create meets ${fault.kind}`, async () => {
      const bench = Ledger.open()
      const records = [1, 2].map(Ledger.account)
      bench.twin.faults.deal({ at: isCreate, fault })
      const outcomes = await bench.run(({ ports }) => ports.Account.upsert(records))
      for (const { _tag } of outcomes) expect(["Created", "Written", "Unchanged"]).toContain(_tag)
      const again = await bench.begin().run(({ ports }) => ports.Account.upsert(records))
      expect(Ledger.tags(again)).toEqual(["Unchanged", "Unchanged"])
      expect(names(bench)).toEqual(["Customer 1", "Customer 2"])
    })
  }

  it("makes one record of each key wherever the process dies", async () => {
    const records = [1, 2].map(Ledger.account)
    const whole = Ledger.open()
    const first = whole.begin()
    await first.run(({ ports }) => ports.Account.upsert(records))
    const points = Epoch.cutPoints(first.counts())
    expect(points.length).toBeGreaterThan(20)
    for (const point of points) {
      const bench = Ledger.open()
      const dying = bench.begin()
      dying.cutAt(point)
      expect(await dying.end(({ ports }) => ports.Account.upsert(records))).toBeInstanceOf(Epoch.Cut)
      const outcomes = await bench.begin().run(({ ports }) => ports.Account.upsert(records))
      for (const { _tag } of outcomes) expect(["Created", "Written", "Unchanged"]).toContain(_tag)
      expect(names(bench), JSON.stringify(point)).toEqual(["Customer 1", "Customer 2"])
    }
  })

  it("makes one record when two processes write one key at the same moment", async () => {
    const bench = Ledger.open()
    const write = [Ledger.account(1)]
    const two = [bench.begin(), bench.begin()].map(({ run }) => run(({ ports }) => ports.Account.upsert(write)))
    const outcomes = (await Promise.all(two)).flat()
    expect(Ledger.tags(outcomes).toSorted()).toEqual(["Created", "Unchanged"])
    expect(names(bench)).toEqual(["Customer 1"])
  })

  it("refuses to make a second record of one that is there, and takes it over when told to", async () => {
    const bench = Ledger.open()
    const [there] = bench.world.seed("customers", [{ name: "By hand", email: "POST@customer-1.example" }], {
      at: Ledger.START - 60_000,
    })
    const write = Ledger.account(1)
    const same = { ...write, fields: { ...write.fields, email: "POST@customer-1.example" } }
    const refused = await bench.run(({ ports }) => ports.Account.upsert([same]))
    expect(Ledger.tags(refused)).toEqual(["Rejected(Ambiguous)"])
    expect(refused).toMatchObject([{ error: { reason: { candidates: [{ id: there, matchedBy: ["email"] }] } } }])
    const adopted = await bench.begin().run(({ ports }) => ports.Account.upsert([{ ...same, adoptBy: ["email"] }]))
    expect(adopted).toMatchObject([{ _tag: "Updated", id: there }])
    expect(names(bench)).toEqual(["Customer 1"])
  })

  it("does not take over a record that belongs to another key of ours", async () => {
    const bench = Ledger.open()
    const other = { ...Ledger.account(1), key: Ledger.key(2), adoptBy: ["email"] as const }
    const outcomes = await bench.run(({ ports }) =>
      Effect.andThen(
        ports.Account.upsert([Ledger.account(1)]),
        Effect.andThen(Effect.sleep("10 seconds"), ports.Account.upsert([other])),
      ),
    )
    expect(Ledger.tags(outcomes)).toEqual(["Rejected(Ambiguous)"])
    expect(names(bench)).toEqual(["Customer 1"])
  })

  it("knows its records again by their natural keys when the store is lost", async () => {
    const bench = Ledger.open()
    const records = [1, 2].map((n) => ({ ...Ledger.account(n), adoptBy: ["email"] as const }))
    const first = await bench.run(({ ports }) => ports.Account.upsert(records))
    await bench.clock.advance("1 minute")
    const second = await bench.begin(MemoryBackend.make()).run(({ ports }) => ports.Account.upsert(records))
    expect(second).toMatchObject(first.map((outcome) => ({ _tag: "Unchanged", id: (outcome as { id: string }).id })))
    expect(names(bench)).toHaveLength(2)
  })

  it("keeps to the limit of the minute and never sees a 429", async () => {
    const bench = Ledger.open()
    await bench.run(({ ports }) => ports.Account.upsert(Array.from({ length: 60 }, (_, n) => Ledger.account(n))))
    expect(names(bench)).toHaveLength(60)
    expect(bench.twin.journal.where(({ status }) => status === 429)).toEqual([])
    expect(bench.clock.now() - Ledger.START).toBeGreaterThan(60_000)
  })

  it("sends no unsafe request when it was opened read-only", async () => {
    const bench = Ledger.open({ readOnly: true })
    const outcomes = await bench.run(({ ports }) => ports.Account.upsert([Ledger.account(1)]))
    expect(Ledger.tags(outcomes)).toEqual(["Rejected(Unsupported)"])
    expect(bench.twin.journal.where(({ method }) => method !== "GET")).toEqual([])
  })

  it("tells in its check what is wrong with the credentials", async () => {
    const good = await Ledger.open().run(({ check }) => check)
    const bad = await Ledger.open({ token: "another-token" }).run(({ check }) => check)
    expect(good.map(({ level }) => level)).toEqual(["ok", "ok"])
    expect(bad.map(({ check, level }) => [check, level])).toEqual([
      ["credentials", "error"],
      ["credentials", "error"],
    ])
  })
})

describe("reading Ledgerette", () => {
  const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `Customer ${n}` }))

  it("delivers each record once, more of one stamp than a page holds", async () => {
    const bench = Ledger.open()
    bench.world.seed("customers", rows(130), { at: Ledger.START - 3_600_000 })
    bench.world.seed("customers", rows(7), { at: Ledger.START - 1_800_000 })
    const changes = await bench.run(({ ports }) => Ledger.readAll(ports))
    expect(changes.map(idOf).toSorted()).toEqual(bench.world.all("customers").map(({ id }) => id))
  })

  it("loses nothing when records move and vanish between the pages", async () => {
    const bench = Ledger.open()
    const ids = bench.world.seed("customers", rows(160), { at: Ledger.START - 3_600_000 })
    // Done as long ago as lists lag behind: it shows at once.
    const shown = { at: Ledger.START - 5000 }
    before(bench, 6, () => {
      for (const id of ids.slice(0, 30)) bench.world.edit("customers", id, { phone: "1" }, shown)
    })
    before(bench, 8, () => {
      for (const id of ids.slice(40, 60)) bench.world.remove("customers", id, shown)
    })
    const changes = await bench.run(({ ports }) => Ledger.readAll(ports))
    expect(bench.twin.journal.count()).toBeGreaterThan(8)
    await bench.clock.advance("1 minute")
    const later = await bench.begin().run(({ ports }) => Ledger.readAll(ports))
    const seen = new Set([...changes, ...later].map(idOf))
    expect(bench.world.all("customers").filter(({ id }) => !seen.has(String(id)))).toEqual([])
    for (const id of ids.slice(0, 30)) {
      const last = [...changes, ...later].findLast((change) => idOf(change) === id)
      expect(last).toMatchObject({ _tag: "Upserted", record: { phone: "1" } })
    }
  })

  it("finds what was written while the index lagged, and delivers no version twice", async () => {
    const bench = Ledger.open()
    bench.world.seed("customers", rows(3), { at: Ledger.START - 60_000 })
    const first = await bench.run(({ ports }) => Ledger.readAll(ports))
    bench.world.seed("customers", [{ name: "Late" }])
    const early = await bench.begin().run(({ ports }) => Ledger.readAll(ports))
    await bench.clock.advance("20 seconds")
    const late = await bench.begin().run(({ ports }) => Ledger.readAll(ports))
    expect([first, early, late].map((changes) => changes.length)).toEqual([3, 0, 1])
  })

  it("isolates a record that cannot be read", async () => {
    const bench = Ledger.open()
    bench.world.seed("customers", [{ name: "Good" }, { name: "Bad", currency: "euros" }], { at: Ledger.START - 60_000 })
    const changes = await bench.run(({ ports }) => Ledger.readAll(ports))
    expect(changes).toMatchObject([
      { _tag: "Upserted", record: { name: "Good" } },
      { _tag: "Undecodable", reason: { issues: [{ path: ["currency"] }] } },
    ])
  })
})
