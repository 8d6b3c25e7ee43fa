import { describe, expect, it } from "@effect/vitest"
import { Contact } from "@mortise/core/Entities"
import * as Ownership from "@mortise/core/Ownership"
import * as Relay from "@mortise/core/Relay"
import { layerMemory } from "@mortise/core/StateStore"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { table, toCrm } from "./support/leadToLedger.ts"
import { modelPort } from "./support/modelPort.ts"
import { companies, deadLetters, it_, journal, world } from "./support/oneRelay.ts"

describe("what a relay writes", () => {
  it_(
    "is the owner's fields, and every one left out is in the journal with its owner",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1", phone: "+39" })
      // As a mapping in plain JavaScript may do it: the compiler has not seen this one.
      const map = () => ({ name: "Rossi", domain: "rossi.example", erpNumber: "C1" })
      expect(yield* companies(all, { map } as never).run).toMatchObject({ created: 1 })
      expect(all.crm.rows("Company")[0]?.fields).toEqual({ name: "Rossi", erpNumber: "C1" })
      const [stripped, created] = yield* journal("companies")
      expect(stripped).toMatchObject({
        decision: "notOwned",
        field: "domain",
        rule: "Company.domain: crm",
        reason: "owned by crm",
      })
      expect(created).toMatchObject({
        decision: "created",
        target: { entity: "Company", id: "crm-1" },
        sourceVersion: "0",
      })
    }),
  )

  it_(
    "is written down with the hash before and after",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      yield* companies(all).run
      all.erp.put("Account", "a1", { name: "Rossi S.p.A." })
      yield* companies(all).run
      const [created, updated] = yield* journal("companies")
      expect(created).toMatchObject({ decision: "created" })
      expect(created?.before).toBeUndefined()
      expect(updated).toMatchObject({ decision: "updated", before: created?.after })
      expect(updated?.after).not.toBe(created?.after)
    }),
  )

  it_(
    "asks for nothing when only fields changed that are not mapped",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      yield* companies(all).run
      all.erp.put("Account", "a1", { legalName: "Rossi S.p.A." })
      const { requests } = all.crm.counts
      expect(yield* companies(all).run).toMatchObject({ read: 1, unchanged: 1, updated: 0 })
      expect(all.crm.counts.requests).toBe(requests)
    }),
  )

  it_(
    "is taken to stand as it was written last, though somebody changed it by hand in the target",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      yield* companies(all).run
      all.crm.put("Company", "crm-1", { name: "by hand" })
      all.erp.put("Account", "a1", { legalName: "Rossi S.p.A." })
      const { requests } = all.crm.counts
      expect(yield* companies(all).run).toMatchObject({ unchanged: 1, updated: 0 })
      expect(all.crm.counts.requests).toBe(requests)
      expect(all.crm.rows("Company")[0]?.fields["name"]).toBe("by hand")
    }),
  )

  it_(
    "is compared with a fresh read where that is asked for, and put right",
    Effect.gen(function* () {
      const all = world()
      const relay = companies(all, { verify: "read" } as never)
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      yield* relay.run
      all.crm.put("Company", "crm-1", { name: "by hand" })
      all.erp.put("Account", "a1", { legalName: "Rossi S.p.A." })
      expect(yield* relay.run).toMatchObject({ unchanged: 0, updated: 1 })
      expect(all.crm.rows("Company")[0]?.fields["name"]).toBe("Rossi")
      const { writes } = all.crm.counts
      all.erp.put("Account", "a1", { legalName: "Rossi & C." })
      expect(yield* relay.run).toMatchObject({ unchanged: 1, updated: 0 })
      expect(all.crm.counts.writes).toBe(writes)
      const decisions = (yield* journal("companies")).map(({ decision }) => decision)
      expect(decisions).toEqual(["created", "updated", "unchanged"])
    }),
  )

  it_(
    "goes to the linked record, though somebody took our key from it",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      yield* companies(all).run
      delete (all.crm.table("Company").get("crm-1") as { key?: string }).key
      all.erp.put("Account", "a1", { name: "Rossi S.p.A." })
      expect(yield* companies(all).run).toMatchObject({ updated: 1, created: 0 })
      expect(all.crm.rows("Company")).toMatchObject([{ id: "crm-1", key: "E|Account|a1" }])
    }),
  )

  it_(
    "adopts the record that has the natural key, and leaves two of them to a person",
    Effect.gen(function* () {
      const all = world()
      for (const n of [1, 2, 3]) all.erp.put("Contact", `p${n}`, { lastName: `P${n}`, email: `p${n}@example.com` })
      all.crm.put("Contact", "x1", { email: "p1@example.com", firstName: "Ada" })
      all.crm.put("Contact", "x2", { email: "p2@example.com" })
      all.crm.put("Contact", "x3", { email: "p2@example.com" })
      const relay = Relay.make({
        name: "contacts",
        source: all.people,
        target: all.contacts,
        table,
        direction: toCrm,
        map: ({ email, lastName }) => ({ email, lastName }),
        adoptBy: ["email"],
      })
      expect(yield* relay.run).toMatchObject({ created: 1, updated: 1, rejected: { Ambiguous: 1 } })
      expect(all.crm.table("Contact").get("x1")?.fields).toMatchObject({ firstName: "Ada", lastName: "P1" })
      const [letter] = yield* deadLetters("contacts")
      expect(letter).toMatchObject({
        reason: "Ambiguous",
        source: { id: "p2" },
        details: { candidates: [{ id: "x2" }, { id: "x3" }] },
      })
    }),
  )
})

describe("what goes wrong with a record", () => {
  it_(
    "does not stop the others: a record that does not decode, one that the mapping cannot take, one that is refused",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "poison", number: "C1" })
      all.erp.log.push({ kind: "undecodable", entity: "Account", id: "a2" })
      all.erp.put("Account", "a3", { name: "throw", number: "C3" })
      all.erp.put("Account", "a4", { name: "Rossi", number: "C4" })
      const map = ({ name, number }: { readonly name?: string | null; readonly number?: string | null }) => {
        if (name === "throw") throw new TypeError("the secret name")
        return { name, erpNumber: number }
      }
      const relay = companies(all, { map } as never)
      expect(yield* relay.run).toMatchObject({
        read: 4,
        created: 1,
        undecodable: 1,
        rejected: { Invalid: 2, Decode: 1 },
      })
      const letters = yield* deadLetters("companies")
      expect(letters.map(({ reason, source }) => [source.id, reason])).toEqual([
        ["a1", "Invalid"],
        ["a2", "Decode"],
        ["a3", "Invalid"],
      ])
      expect(letters[2]?.message).toContain("the mapping ended with TypeError")
      expect(JSON.stringify(letters)).not.toContain("secret")
      expect(yield* relay.run).toMatchObject({ read: 0 })
    }),
  )

  it_(
    "is told by path when the mapping gives what the entity does not take",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi" })
      const map = () => ({ name: "Rossi", daysOverdue: Number.NaN })
      yield* companies(all, { map } as never).run
      const [letter] = yield* deadLetters("companies")
      expect(letter).toMatchObject({ reason: "Invalid", details: { issues: [{ path: ["fields", "daysOverdue"] }] } })
      expect(all.crm.counts.requests).toBe(0)
    }),
  )

  it_(
    "is tried again by a replay, and forgotten when a later version goes through",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "poison", number: "C1" })
      all.erp.put("Account", "a2", { name: "poison", number: "C2" })
      const relay = companies(all)
      yield* relay.run
      expect(yield* relay.replay()).toMatchObject({ rejected: { Invalid: 2 } })
      all.erp.put("Account", "a1", { name: "Rossi" })
      expect(yield* relay.run).toMatchObject({ created: 1 })
      expect((yield* deadLetters("companies")).map(({ source }) => source.id)).toEqual(["a2"])
      // Mended at the source without a change that the reading would see.
      const row = all.erp.table("Account").get("a2")
      if (row !== undefined) row.fields = { ...row.fields, name: "Bianchi" }
      expect(yield* relay.replay()).toMatchObject({ created: 1, rejected: {} })
      expect(yield* deadLetters("companies")).toEqual([])
    }),
  )

  it_(
    "is not made anew when somebody deleted it in the target, unless that is asked for",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      const relay = companies(all)
      yield* relay.run
      all.crm.table("Company").clear()
      all.erp.put("Account", "a1", { name: "Rossi S.p.A." })
      expect(yield* relay.run).toMatchObject({ created: 0, rejected: { NotFound: 1 } })
      expect(yield* relay.replay()).toMatchObject({ rejected: { NotFound: 1 } })
      expect(yield* relay.replay({ relink: true })).toMatchObject({ created: 1 })
    }),
  )

  it_(
    "waits when the target does not know what it points to, and is taken up when that has come",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Contact", "p1", { lastName: "P1", email: "p1@example.com", account: { id: "a1" } })
      const people = Relay.make({
        name: "contacts",
        source: all.people,
        target: all.contacts,
        table,
        direction: toCrm,
        map: ({ account, email }) => ({ email, company: account }),
        references: { company: { entity: "Account", missing: "key" } },
        keyScope: "E",
      })
      expect(yield* people.run).toMatchObject({ parked: 1, rejected: {} })
      expect(yield* people.run).toMatchObject({ read: 0, unparked: 0 })
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      yield* companies(all).run
      expect(yield* people.unpark()).toMatchObject({ unparked: 1, created: 1 })
    }),
  )
})

describe("a target that cannot take more for now", () => {
  it_(
    "ends the run with its error; the next run sends only what is open",
    Effect.gen(function* () {
      const all = world({ pageSize: 10, batchSize: 2 })
      for (const n of [1, 2, 3, 4, 5, 6]) all.erp.put("Account", `a${n}`, { name: `A${n}`, number: `C${n}` })
      // Look, write, look, write, and the third look is refused.
      all.crm.troubles.set(5, "throttled")
      const relay = companies(all)
      const first = yield* Effect.result(relay.run)
      expect(Result.isFailure(first) && first.failure).toMatchObject({
        reason: { _tag: "Throttled" },
        isRetryable: true,
      })
      expect(yield* relay.run).toMatchObject({ read: 6, unchanged: 4, created: 2 })
      expect(all.crm.written.flatMap(({ records }) => records.map(({ key }) => key))).toHaveLength(6)
    }),
  )

  it_(
    "and may have written: the next run looks before it sends",
    Effect.gen(function* () {
      const all = world({ blind: true })
      all.crm.enforcesKeys = false
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      all.crm.troubles.set(1, "lostAfter")
      const relay = companies(all)
      const first = yield* Effect.result(relay.run)
      expect(Result.isFailure(first) && first.failure).toMatchObject({
        reason: { _tag: "Unavailable" },
        isRetryable: true,
      })
      expect((yield* journal("companies")).map(({ decision }) => decision)).toEqual(["unknown"])
      expect(yield* relay.run).toMatchObject({ unchanged: 1, created: 0 })
      expect(all.crm.rows("Company")).toHaveLength(1)
    }),
  )
})

describe("records that come to an end", () => {
  it_(
    "live on in the survivor of a merge, which keeps the linked record",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      yield* companies(all).run
      all.erp.table("Account").set("a2", { id: "a2", fields: { name: "Rossi Group", number: "C2" }, revision: 1 })
      all.erp.merge("Account", "a1", "a2")
      expect(yield* companies(all).run).toMatchObject({ merged: 1, created: 0, updated: 1 })
      expect(all.crm.rows("Company")).toMatchObject([
        { id: "crm-1", key: "E|Account|a2", fields: { name: "Rossi Group" } },
      ])
    }),
  )

  it_(
    "live on so though the survivor's own change is read before the merge",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      yield* companies(all).run
      all.erp.put("Account", "a2", { name: "Rossi Group", number: "C2" })
      all.erp.merge("Account", "a1", "a2")
      expect(yield* companies(all).run).toMatchObject({ merged: 1, created: 0, updated: 1 })
      expect(all.crm.rows("Company")).toHaveLength(1)
    }),
  )

  it_(
    "stay in the target, unless the relay archives what its owner deletes",
    Effect.gen(function* () {
      const all = world()
      for (const n of [1, 2]) all.erp.put("Account", `a${n}`, { name: `A${n}`, number: `C${n}` })
      yield* companies(all).run
      all.erp.remove("Account", "a1")
      expect(yield* companies(all).run).toMatchObject({ deleted: 1 })
      expect(all.crm.rows("Company")).toHaveLength(2)
      const retiring = Ownership.edit(table, { entities: { Company: { retire: ["erp"] } } })
      all.erp.remove("Account", "a2")
      yield* companies(all, { table: retiring, onDelete: "archive" } as never).run
      expect(all.crm.rows("Company").map(({ id }) => id)).toEqual(["crm-1"])
    }),
  )
})

describe("a run", () => {
  it_(
    "tells its steps, with or without reading ahead",
    Effect.gen(function* () {
      const all = world({ pageSize: 2 })
      for (const n of [1, 2, 3, 4, 5]) all.erp.put("Account", `a${n}`, { name: `A${n}`, number: `C${n}` })
      const steps = yield* Stream.runCollect(companies(all).steps)
      expect(steps.map(({ caughtUp, created, kind }) => [kind, created, caughtUp])).toEqual([
        ["page", 2, false],
        ["page", 2, false],
        ["page", 1, true],
      ])
      const ahead = world({ pageSize: 2 })
      for (const n of [1, 2, 3, 4, 5]) ahead.erp.put("Account", `a${n}`, { name: `A${n}`, number: `C${n}` })
      const again = yield* Effect.provide(companies(ahead, { readAhead: true } as never).run, layerMemory())
      expect(again).toMatchObject({ read: 5, created: 5 })
    }),
  )

  it_(
    "holds its lease, so that two processes do not run one relay",
    Effect.gen(function* () {
      const all = world({ pageSize: 2 })
      for (const n of [1, 2, 3]) all.erp.put("Account", `a${n}`, { name: `A${n}`, number: `C${n}` })
      const as = (holder: string) => companies(all, { lease: { holder, ttl: Duration.minutes(1) } } as never)
      const blocked = yield* Stream.runCollect(
        Stream.mapEffect(as("first").steps, () => Effect.result(as("second").run)),
      )
      for (const each of blocked)
        expect(Result.isFailure(each) && each.failure).toMatchObject({ reason: { _tag: "Locked" } })
      expect(blocked).toHaveLength(2)
      expect(yield* as("second").run).toMatchObject({ read: 0 })
    }),
  )

  it_(
    "leaves records out that the mapping does not want",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "one time", status: { code: "oneTime" } })
      const relay = companies(all, { map: () => undefined } as never)
      expect(yield* relay.run).toMatchObject({ read: 1, skipped: 1, created: 0 })
    }),
  )

  it.effect("keeps two readers of one source apart", () =>
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Contact", "p1", { lastName: "P1", email: "p1@example.com" })
      const make = (name: string, target: typeof all.contacts) =>
        Relay.make({ name, source: all.people, target, table, direction: toCrm, map: ({ email }) => ({ email }) })
      const other = modelPort(Contact, { fetch: all.crm.fetch, scope: { system: "crm", instance: "three" } })
      expect(yield* make("one", all.contacts).run).toMatchObject({ created: 1 })
      expect(yield* make("two", other).run).toMatchObject({ read: 1 })
    }).pipe(Effect.provide(layerMemory())),
  )
})
