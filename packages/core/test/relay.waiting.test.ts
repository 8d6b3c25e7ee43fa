import { describe, expect, it } from "@effect/vitest"
import { Company } from "@mortise/core/Entities"
import * as Ownership from "@mortise/core/Ownership"
import * as Relay from "@mortise/core/Relay"
import * as StateStore from "@mortise/core/StateStore"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { table, toCrm } from "./support/leadToLedger.ts"
import { modelPort } from "./support/modelPort.ts"
import { companies, it_, journal, world } from "./support/oneRelay.ts"

describe("records that wait for each other", () => {
  it_(
    "are taken up one after the other in the same run",
    Effect.gen(function* () {
      const all = world({ pageSize: 50 })
      const chain = Ownership.edit(table, { entities: { Company: { fields: { owner: "erp" } } } })
      // Each company belongs to the next one, and the last to none: every one but the last has to wait.
      for (const n of [1, 2, 3, 4])
        all.erp.put("Company", `c${n}`, { name: `C${n}`, ...(n < 4 ? { owner: { id: `c${n + 1}` } } : {}) })
      const relay = Relay.make({
        name: "chain",
        source: modelPort(Company, { fetch: all.erp.fetch, scope: all.accounts.scope, pageSize: 50 }),
        target: all.companies,
        table: chain,
        direction: toCrm,
        map: ({ name, owner }) => ({ name, owner }),
        references: { owner: "Company" },
      })
      expect(yield* relay.run).toMatchObject({ read: 4, created: 4, parked: 3, unparked: 3 })
      const store = yield* StateStore.StateStore
      expect(yield* store.parked("chain", { limit: 10 })).toEqual([])
      expect(yield* relay.run).toMatchObject({ read: 0, created: 0, unparked: 0 })
    }),
  )

  it_(
    "wait no longer when they are gone from the source",
    Effect.gen(function* () {
      const all = world()
      const relay = Relay.make({
        name: "contacts",
        source: all.people,
        target: all.contacts,
        table,
        direction: toCrm,
        map: ({ account, email }) => ({ email, company: account }),
        references: { company: "Account" },
      })
      for (const n of [1, 2]) all.erp.put("Contact", `p${n}`, { email: `p${n}@example.com`, account: { id: "a1" } })
      expect(yield* relay.run).toMatchObject({ parked: 2 })
      all.erp.remove("Contact", "p1")
      yield* relay.run
      all.erp.table("Contact").delete("p2")
      yield* relay.unpark({ all: true })
      const store = yield* StateStore.StateStore
      expect(yield* store.parked("contacts", { limit: 10 })).toEqual([])
      expect(all.crm.counts.requests).toBe(0)
    }),
  )
})

describe("a relay with a lease", () => {
  it_(
    "keeps it however long it takes up what was parked",
    Effect.gen(function* () {
      const all = world({ pageSize: 300, batchSize: 300 })
      for (let n = 0; n < 250; n++)
        all.erp.put("Contact", `p${n}`, { email: `p${n}@example.com`, account: { id: "a1" } })
      const slow = {
        ...all.people,
        get: (...asked: Parameters<typeof all.people.get>) =>
          Effect.tap(all.people.get(...asked), () => TestClock.adjust("40 seconds")),
      }
      const relay = Relay.make({
        name: "contacts",
        source: slow,
        target: all.contacts,
        table,
        direction: toCrm,
        map: ({ account, email }) => ({ email, company: account }),
        references: { company: "Account" },
        keyScope: "E",
        lease: { holder: "one", ttl: Duration.minutes(1) },
      })
      expect(yield* relay.run).toMatchObject({ parked: 250 })
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      yield* companies(all).run
      expect(yield* relay.unpark()).toMatchObject({ unparked: 250, created: 250 })
    }),
  )
})

describe("a relay that keeps what it replaces", () => {
  const sealKey = Redacted.make(Buffer.alloc(32, 7).toString("base64"))

  it.effect("seals the replaced fields into the journal, and opens them again", () =>
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      const relay = companies(all, { undo: true } as never)
      yield* relay.run
      all.erp.put("Account", "a1", { name: "Bianchi", phone: "+39" })
      yield* relay.run
      const [created, updated] = yield* journal("companies")
      expect(created?.sealedBefore).toBeUndefined()
      expect(updated?.sealedBefore).not.toContain("Rossi")
      const before = yield* Relay.before(updated as StateStore.JournalEntry)
      expect(before).toEqual({ name: "Rossi", phone: null, erpNumber: "C1" })
      expect(yield* Relay.before(created as StateStore.JournalEntry)).toBeUndefined()
    }).pipe(Effect.provide(StateStore.layerMemory({ sealKey }))),
  )
})

describe("what a relay decides", () => {
  it_(
    "is counted by relay and decision",
    Effect.gen(function* () {
      const all = world()
      for (const n of [1, 2, 3])
        all.erp.put("Account", `a${n}`, { name: n === 3 ? "poison" : `A${n}`, number: `C${n}` })
      yield* companies(all, { name: "counted companies" } as never).run
      const counted = (yield* Metric.snapshot).flatMap((series) =>
        series.id === "mortise.relay.decisions" && series.attributes?.["relay"] === "counted companies"
          ? [[series.attributes["decision"], (series.state as { readonly count: number }).count]]
          : [],
      )
      expect(Object.fromEntries(counted)).toEqual({ created: 2, rejected: 1 })
    }),
  )
})
