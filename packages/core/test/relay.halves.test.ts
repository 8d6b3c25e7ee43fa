import { describe, expect } from "@effect/vitest"
import { Order } from "@mortise/core/Entities"
import * as Ownership from "@mortise/core/Ownership"
import * as Relay from "@mortise/core/Relay"
import { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import { CRM, ERP, table, toCrm } from "./support/leadToLedger.ts"
import { modelPort } from "./support/modelPort.ts"
import { ModelSystem } from "./support/modelSystem.ts"
import { companies, deadLetters, it_, toErp, type World, world } from "./support/oneRelay.ts"

const people = ({ contacts, people: source }: World, missing: "wait" | "key" = "wait") =>
  Relay.make({
    name: "people",
    source,
    target: contacts,
    table,
    direction: toCrm,
    map: ({ account, email, lastName }) => ({ email, lastName, company: account }),
    references: { company: { entity: "Account", missing } },
    keyScope: "E",
  })

/** A contact whose company the CRM refuses to associate, after it took the contact itself. */
const halved = Effect.fnUntraced(function* (all: World) {
  all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
  all.erp.put("Contact", "p1", { lastName: "P1", email: "p1@example.com", account: { id: "a1" } })
  yield* companies(all).run
  all.crm.refusing.set("company", "Invalid")
  expect(yield* people(all).run).toMatchObject({ created: 0, rejected: { Invalid: 1 } })
  expect(all.crm.rows("Contact").map(({ fields }) => fields)).toEqual([{ lastName: "P1", email: "p1@example.com" }])
  expect(yield* deadLetters("people")).toMatchObject([{ source: { id: "p1" }, reason: "Invalid" }])
  all.crm.refusing.clear()
})

const whole = (all: World) => {
  const [company] = all.crm.rows("Company")
  return [{ fields: { email: "p1@example.com", company: { id: company?.id } } }]
}

describe("a record of which the target took only a part", () => {
  it_(
    "is made whole by a replay, which buries its letter",
    Effect.gen(function* () {
      const all = world()
      yield* halved(all)
      expect(yield* people(all).run).toMatchObject({ read: 0 })
      expect(yield* people(all).replay()).toMatchObject({ updated: 1, created: 0, rejected: {} })
      expect(all.crm.rows("Contact")).toMatchObject(whole(all))
      expect(yield* deadLetters("people")).toEqual([])
    }),
  )

  it_(
    "is made whole by its next version, though the mapped fields say the same",
    Effect.gen(function* () {
      const all = world()
      yield* halved(all)
      all.erp.put("Contact", "p1", { title: "not mapped" })
      expect(yield* people(all).run).toMatchObject({ updated: 1, created: 0, unchanged: 0 })
      expect(all.crm.rows("Contact")).toMatchObject(whole(all))
      expect(yield* deadLetters("people")).toEqual([])
    }),
  )

  it_(
    "is made whole by its next version after it had been whole, though that goes back to what was written before",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      all.erp.put("Contact", "p1", { lastName: "P1", email: "p1@example.com", account: { id: "a1" } })
      yield* companies(all).run
      yield* people(all).run
      all.crm.refusing.set("company", "Invalid")
      all.erp.put("Contact", "p1", { lastName: "Renamed" })
      expect(yield* people(all).run).toMatchObject({ rejected: { Invalid: 1 } })
      all.crm.refusing.clear()
      all.erp.put("Contact", "p1", { lastName: "P1" })
      expect(yield* people(all).run).toMatchObject({ updated: 1, unchanged: 0 })
      expect(all.crm.rows("Contact")).toMatchObject([{ fields: { lastName: "P1" } }])
      expect(yield* deadLetters("people")).toEqual([])
    }),
  )

  it_(
    "stays a dead letter while the rest of it is refused",
    Effect.gen(function* () {
      const all = world()
      yield* halved(all)
      all.crm.refusing.set("company", "Invalid")
      expect(yield* people(all).replay()).toMatchObject({ updated: 0, rejected: { Invalid: 1 } })
      expect(yield* deadLetters("people")).toHaveLength(1)
      expect(all.crm.counts.created).toBe(2)
    }),
  )

  it_(
    "can be pointed to all the same",
    Effect.gen(function* () {
      const all = world()
      all.crm.refusing.set("phone", "Invalid")
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1", phone: "+39" })
      all.erp.put("Contact", "p1", { email: "p1@example.com", account: { id: "a1" } })
      expect(yield* companies(all).run).toMatchObject({ rejected: { Invalid: 1 } })
      expect(yield* people(all).run).toMatchObject({ created: 1, parked: 0 })
      expect(all.crm.rows("Contact")).toMatchObject(whole(all))
    }),
  )

  it_(
    "waits for the parent that was missing, and is made whole when that has come",
    Effect.gen(function* () {
      const all = world()
      all.crm.refusing.set("company", "MissingReference")
      all.erp.put("Contact", "p1", { lastName: "P1", email: "p1@example.com", account: { id: "a1" } })
      expect(yield* people(all, "key").run).toMatchObject({ parked: 1, rejected: {} })
      expect(all.crm.rows("Contact")).toHaveLength(1)
      all.crm.refusing.clear()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      yield* companies(all).run
      expect(yield* people(all, "key").run).toMatchObject({ updated: 1, created: 0, unparked: 1 })
      expect(all.crm.rows("Contact")).toMatchObject(whole(all))
      const store = yield* StateStore
      expect(yield* store.parked("people", { limit: 10 })).toEqual([])
    }),
  )

  it_(
    "keeps its letter when the other side has come to own what is missing: nobody else would tell",
    Effect.gen(function* () {
      const crm = new ModelSystem("crm")
      const erp = new ModelSystem("erp")
      const relay = Relay.make({
        name: "orders",
        source: modelPort(Order, { fetch: crm.fetch, scope: CRM }),
        target: modelPort(Order, { fetch: erp.fetch, scope: ERP }),
        table: Ownership.leadToLedger,
        direction: toErp,
        map: ({ customerReference, description }) => ({ customerReference, description }),
      })
      erp.refusing.set("customerReference", "Invalid")
      crm.put("Order", "d1", { description: "first", customerReference: "PO 1" })
      expect(yield* relay.run).toMatchObject({ rejected: { Invalid: 1 } })
      erp.refusing.clear()
      // The order belongs to the ERP since it was created; this relay may not touch it any more.
      expect(yield* relay.replay()).toMatchObject({ updated: 0, rejected: { OwnershipViolation: 1 } })
      expect(yield* deadLetters("orders")).toMatchObject([{ source: { id: "d1" }, reason: "OwnershipViolation" }])
      expect(erp.rows("Order").map(({ fields }) => fields)).toEqual([{ description: "first" }])
      crm.put("Order", "d1", { description: "second" })
      expect(yield* relay.run).toMatchObject({ rejected: { OwnershipViolation: 1 } })
      expect(yield* deadLetters("orders")).toHaveLength(1)
    }),
  )
})
