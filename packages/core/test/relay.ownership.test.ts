import { describe, expect } from "@effect/vitest"
import { Order } from "@mortise/core/Entities"
import * as Ownership from "@mortise/core/Ownership"
import * as Relay from "@mortise/core/Relay"
import { layerMemory } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import { CRM, ERP, table, toCrm } from "./support/leadToLedger.ts"
import { modelPort } from "./support/modelPort.ts"
import { ModelSystem } from "./support/modelSystem.ts"
import { companies, deadLetters, it_, journal, toErp, world } from "./support/oneRelay.ts"

describe("a pair of relays", () => {
  const both = Ownership.edit(table, {
    entities: { Account: { update: ["erp", "crm"], fields: { phone: "crm" } }, Company: { fields: { phone: "crm" } } },
  })

  it_(
    "drops its own writes when they come back, and ends",
    Effect.gen(function* () {
      const all = world({ revisions: true })
      const there = Relay.make({
        name: "there",
        source: all.accounts,
        target: all.companies,
        table: both,
        direction: toCrm,
        map: ({ name, number }) => ({ name, erpNumber: number }),
      })
      const back = Relay.make({
        name: "back",
        source: all.companies,
        target: all.accounts,
        table: both,
        direction: toErp,
        map: ({ phone }) => ({ phone }),
      })
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      expect(yield* there.run).toMatchObject({ created: 1 })
      expect(yield* back.run).toMatchObject({ read: 1, echoes: 1, updated: 0 })
      all.crm.put("Company", "crm-1", { phone: "+39" })
      expect(yield* back.run).toMatchObject({ read: 1, updated: 1, created: 0, echoes: 0 })
      expect(all.erp.rows("Account")).toMatchObject([{ id: "a1", fields: { phone: "+39" } }])
      expect(all.erp.rows("Account")[0]?.key).toBeUndefined()
      expect(yield* there.run).toMatchObject({ read: 1, echoes: 1, updated: 0 })
      expect(yield* back.run).toMatchObject({ read: 0 })
    }),
  )

  it_(
    "does not lose what a person changed together with an echo",
    Effect.gen(function* () {
      const all = world({ revisions: true })
      const there = Relay.make({
        name: "there",
        source: all.accounts,
        target: all.companies,
        table: both,
        direction: toCrm,
        map: ({ name }) => ({ name }),
      })
      const back = Relay.make({
        name: "back",
        source: all.companies,
        target: all.accounts,
        table: both,
        direction: toErp,
        map: ({ phone }) => ({ phone }),
      })
      all.erp.put("Account", "a1", { name: "Rossi" })
      yield* there.run
      all.crm.put("Company", "crm-1", { phone: "+39" })
      expect(yield* back.run).toMatchObject({ read: 2, updated: 1 })
      expect(all.erp.rows("Account")[0]?.fields).toEqual({ name: "Rossi", phone: "+39" })
    }),
  )
})

describe("ownership in a relay", () => {
  it_(
    "leaves an order to the ERP once it is there, and knows it again though the store be lost",
    Effect.gen(function* () {
      const crm = new ModelSystem("crm")
      const erp = new ModelSystem("erp")
      const relay = Relay.make({
        name: "orders",
        source: modelPort(Order, { fetch: crm.fetch, scope: CRM }),
        target: modelPort(Order, { fetch: erp.fetch, scope: ERP }),
        table: Ownership.leadToLedger,
        direction: toErp,
        map: ({ description }) => ({ description, requestedState: "held" as const }),
      })
      crm.put("Order", "d1", { description: "first" })
      expect(yield* relay.run).toMatchObject({ created: 1 })
      crm.put("Order", "d1", { description: "second" })
      expect(yield* relay.run).toMatchObject({ notOwned: 1, updated: 0, rejected: {} })
      const again = yield* Effect.provide(relay.run, layerMemory())
      expect(again).toMatchObject({ read: 2, notOwned: 1, created: 0, unchanged: 1, rejected: {} })
      expect(erp.rows("Order").map(({ fields }) => fields["description"])).toEqual(["first"])
    }),
  )

  it_(
    "keeps to the records that the source gave birth to, where the owner is the origin",
    Effect.gen(function* () {
      const all = world()
      const born = Ownership.edit(table, { entities: { Contact: { rest: "origin" } } })
      const relay = Relay.make({
        name: "contacts",
        source: all.people,
        target: all.contacts,
        table: born,
        direction: toCrm,
        map: ({ email, lastName }) => ({ email, lastName }),
        adoptBy: ["email"],
      })
      all.crm.put("Contact", "x1", { email: "p1@example.com", lastName: "P1" })
      for (const n of [1, 2]) all.erp.put("Contact", `p${n}`, { lastName: `P${n}`, email: `p${n}@example.com` })
      expect(yield* relay.run).toMatchObject({ created: 1, updated: 1 })
      for (const n of [1, 2]) all.erp.put("Contact", `p${n}`, { lastName: "Renamed" })
      expect(yield* relay.run).toMatchObject({ updated: 1, notOwned: 1 })
      expect(all.crm.table("Contact").get("x1")?.fields["lastName"]).toBe("P1")
    }),
  )

  it_(
    "settles shared fields by their policy: the owner's value, the newest, or neither",
    Effect.gen(function* () {
      const all = world()
      const sharing = Ownership.edit(table, {
        entities: {
          Contact: {
            fields: {
              firstName: Ownership.shared("owner", "crm"),
              lastName: Ownership.shared("newest"),
              phone: Ownership.shared("ask"),
              title: Ownership.shared("owner", "erp"),
            },
          },
        },
      })
      const relay = Relay.make({
        name: "contacts",
        source: all.people,
        target: all.contacts,
        table: sharing,
        direction: toCrm,
        map: ({ email, firstName, lastName, phone, title }) => ({ email, firstName, lastName, phone, title }),
      })
      all.erp.put("Contact", "p1", { email: "p1@example.com" })
      yield* relay.run
      all.crm.put("Contact", "crm-1", {
        firstName: "Ada",
        lastName: "Byron",
        phone: "+1",
        title: "Dr",
        modified: "2026-01-01T00:00:00Z",
      })
      all.erp.put("Contact", "p1", {
        firstName: "A.",
        lastName: "Lovelace",
        phone: "+2",
        title: "Ms",
        modified: "2026-02-01T00:00:00Z",
      })
      yield* relay.run
      expect(all.crm.rows("Contact")[0]?.fields).toMatchObject({
        firstName: "Ada",
        lastName: "Lovelace",
        phone: "+1",
        title: "Ms",
      })
      const kept = (yield* journal("contacts")).filter(({ decision }) => decision === "notOwned")
      expect(kept.map(({ field, reason }) => [field, reason])).toEqual([
        ["firstName", "the other side's value stands"],
        ["phone", "both sides hold a value; a person decides"],
      ])
    }),
  )

  it_(
    "does not bury what it has no right to create",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { number: "C1" })
      const relay = companies(all, { table: Ownership.leadToLedger, map: () => ({ erpNumber: "C1" }) } as never)
      expect(yield* relay.run).toMatchObject({ notOwned: 1, rejected: {} })
      expect(all.crm.counts.writes).toBe(0)
      expect(yield* deadLetters("companies")).toEqual([])
    }),
  )
})
