import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { idOf, key, open, reasonOf, tags } from "./portal.ts"

const company = (id: string, domain: string, name = id) => ({
  key: key("Account", id),
  fields: { name, domain },
  adoptBy: ["domain"] as const,
})

describe("a record that was there before us", () => {
  it("is adopted by its domain, gets our key, and is found by the key from then on", async () => {
    const { later, ready, run, world } = open()
    const [theirs = ""] = world.seed([{ type: "companies", properties: { name: "Acme", domain: "acme.example" } }])
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [outcome] = yield* ports.Company.upsert([company("C1", "Acme.Example", "Acme Inc.")])
        expect(outcome).toEqual({ _tag: "Updated", id: theirs })
        expect((yield* ports.Company.find([key("Account", "C1")])).get(key("Account", "C1"))?.id).toBe(theirs)
        yield* later
        expect(tags(yield* ports.Company.upsert([company("C1", "acme.example", "Acme Inc.")]))).toEqual(["Unchanged"])
        expect(world.records("companies")).toHaveLength(1)
      }),
    )
  })

  it("is left alone when several have the domain, and all of them are told", async () => {
    const { journal, ready, run, world } = open()
    const ids = world.seed([
      { type: "companies", properties: { name: "Acme East", domain: "acme.example" } },
      { type: "companies", properties: { name: "Acme West", domain: "acme.example" } },
    ])
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        journal.clear()
        const [outcome] = yield* ports.Company.upsert([company("C1", "acme.example")])
        expect(reasonOf(outcome)).toMatchObject({
          _tag: "Ambiguous",
          candidates: ids.map((id) => expect.objectContaining({ id, matchedBy: ["domain"] })),
        })
        expect(journal.writes()).toHaveLength(0)
      }),
    )
  })

  it("is left alone when it carries another key of ours, at once and after search has caught up", async () => {
    const { later, ready, run, world } = open()
    world.seed([{ type: "companies", properties: { name: "Acme", domain: "acme.example" } }])
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const outcomes = yield* ports.Company.upsert([company("C1", "acme.example"), company("C2", "acme.example")])
        expect(tags(outcomes)).toEqual(["Updated", "Rejected"])
        yield* later
        const [again] = yield* ports.Company.upsert([company("C2", "acme.example")])
        expect(reasonOf(again)).toMatchObject({
          _tag: "Ambiguous",
          candidates: [{ id: idOf(outcomes[0]), key: key("Account", "C1"), label: "C1" }],
        })
        expect(world.records("companies")).toHaveLength(1)
      }),
    )
  })

  it("is not doubled when two new accounts of one domain come before search shows the first", async () => {
    const { later, ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        expect(tags(yield* ports.Company.upsert([company("C1", "twins.example")]))).toEqual(["Created"])
        const [second] = yield* ports.Company.upsert([company("C2", "twins.example")])
        expect(reasonOf(second)?._tag).toBe("Ambiguous")
        yield* later
        const [still] = yield* ports.Company.upsert([company("C2", "twins.example")])
        expect(reasonOf(still)?._tag).toBe("Ambiguous")
        expect(world.records("companies")).toHaveLength(1)
      }),
    )
  })

  it("is never adopted by a public mail host, and a name alone only proposes", async () => {
    const { ready, run, world } = open()
    world.seed([
      { type: "companies", properties: { name: "Somebody", domain: "gmail.com" } },
      { type: "companies", properties: { name: "Müller", domain: "mueller.example" } },
    ])
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [mail] = yield* ports.Company.upsert([company("C1", "gmail.com")])
        expect(mail?._tag).toBe("Created")
        const named = { key: key("Account", "C2"), fields: { name: "Müller" }, adoptBy: ["name"] as const }
        const [proposed] = yield* ports.Company.upsert([named])
        expect(reasonOf(proposed)).toMatchObject({ _tag: "Ambiguous", candidates: [{ label: "Müller" }] })
        const [fresh] = yield* ports.Company.upsert([{ ...named, fields: { name: "Nobody" } }])
        expect(fresh?._tag).toBe("Created")
      }),
    )
  })

  it("is adopted by its email in a portal that refuses email as a key, too", async () => {
    const { later, ready, run, world } = open({ knobs: { nonUniqueEmailPortal: true } })
    const [theirs = ""] = world.seed([{ type: "contacts", properties: { email: "ann@acme.example" } }])
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        const outcomes = yield* ports.Contact.upsert(
          ["Ann@acme.example", "bob@acme.example"].map((email, at) => ({
            key: key("Contact", String(at)),
            fields: { email, phone: "1" },
            adoptBy: ["email"] as const,
          })),
        )
        expect(outcomes).toEqual([
          { _tag: "Updated", id: theirs },
          { _tag: "Created", id: expect.any(String) },
        ])
      }),
    )
  })

  it("is not kept from others by a record that was refused", async () => {
    const { ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const person = (id: string, more: object = {}) => ({
          key: key("Contact", id),
          fields: { email: "ann@acme.example", ...more },
          adoptBy: ["email"] as const,
        })
        const orphan = person("1", { company: { key: key("Account", "nobody") } })
        const [refused] = yield* ports.Contact.upsert([orphan])
        expect(reasonOf(refused)?._tag).toBe("MissingReference")
        expect(tags(yield* ports.Contact.upsert([person("2")]))).toEqual(["Created"])
        expect(world.records("contacts")).toHaveLength(1)
      }),
    )
  })

  it("keeps the key that it carries when it is written by its id under another one", async () => {
    const { ready, run } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [made] = yield* ports.Company.upsert([{ key: key("Account", "1"), fields: { name: "A" } }])
        const other = { id: idOf(made), key: key("Account", "2"), fields: { name: "B" } }
        expect(tags(yield* ports.Company.upsert([other]))).toEqual(["Updated"])
        const found = yield* ports.Company.find([key("Account", "1"), key("Account", "2")])
        expect([...found].map(([name, { record }]) => [name, record.name])).toEqual([[key("Account", "1"), "B"]])
      }),
    )
  })

  it("is written and never made by a write that is not to create", async () => {
    const { ready, run, world } = open()
    const [theirs = ""] = world.seed([{ type: "companies", properties: { name: "Acme", domain: "acme.example" } }])
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const only = { create: false } as const
        const outcomes = yield* ports.Company.upsert([
          { ...company("C1", "acme.example"), ...only },
          { ...company("C2", "nobody.example"), ...only },
        ])
        expect(outcomes[0]).toEqual({ _tag: "Updated", id: theirs })
        expect(reasonOf(outcomes[1])).toMatchObject({ _tag: "NotFound", entity: "Company" })
        const again = yield* ports.Company.upsert([{ key: key("Account", "C1"), fields: { phone: "1" }, ...only }])
        expect(tags(again)).toEqual(["Updated"])
        expect(world.records("companies")).toHaveLength(1)
      }),
    )
  })

  it("is adopted by its email, the secondary one of a merged contact too", async () => {
    const { ready, run, world } = open()
    const [main = "", second = ""] = world.seed([
      { type: "contacts", properties: { email: "ann@acme.example" } },
      { type: "contacts", properties: { email: "a.smith@acme.example" } },
    ])
    const survivor = world.mergeRecords("contacts", main, second)
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [outcome] = yield* ports.Contact.upsert([
          {
            key: key("Contact", "7"),
            fields: { email: "A.Smith@acme.example", firstName: "Ann" },
            adoptBy: ["email"],
          },
        ])
        expect(idOf(outcome)).toBe(survivor)
        expect(world.records("contacts")).toHaveLength(1)
      }),
    )
  })

  it("keeps its email: another record that wants it is told who has it", async () => {
    const { ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [first] = yield* ports.Contact.upsert([{ key: key("Contact", "1"), fields: { email: "a@x.example" } }])
        const outcomes = yield* ports.Contact.upsert([
          { key: key("Contact", "2"), fields: { email: "A@x.example" }, adoptBy: ["email"] },
          { key: key("Contact", "3"), fields: { email: "a@x.example" } },
          { key: key("Contact", "4"), fields: { email: "b@x.example" } },
        ])
        expect(reasonOf(outcomes[0])).toMatchObject({
          _tag: "Ambiguous",
          candidates: [{ id: idOf(first), key: key("Contact", "1") }],
        })
        expect(reasonOf(outcomes[1])).toMatchObject({ _tag: "Duplicate", existingId: idOf(first) })
        expect(outcomes[2]?._tag).toBe("Created")
        expect(world.records("contacts")).toHaveLength(2)
      }),
    )
  })

  it.each([false, true])(
    "is addressed by its linked id before its key, through a merge, and is not made anew (batch reads %s)",
    async (batchReadMissesMerged) => {
      const { ready, run, world } = open({ knobs: { batchReadMissesMerged } })
      await run(
        Effect.gen(function* () {
          const { ports } = yield* ready()
          const made = yield* ports.Company.upsert([company("C1", "one.example"), company("C2", "two.example")])
          const [one, two] = made.map(idOf)
          const survivor = world.mergeRecords("companies", one as string, two as string)
          const outcomes = yield* ports.Company.upsert([
            { id: two as string, key: key("Account", "C2"), fields: { phone: "2" } },
            { id: one as string, key: key("Account", "C1"), fields: { phone: "1" } },
          ])
          expect(outcomes).toEqual([
            { _tag: "Updated", id: survivor },
            { _tag: "Updated", id: survivor },
          ])
          expect(world.records("companies")).toHaveLength(1)
          const read = yield* ports.Company.get([one as string, survivor])
          expect([read.get(one as string)?.id, read.get(survivor)?.id]).toEqual([survivor, survivor])
          const byOld = yield* ports.Company.get([two as string])
          expect([...byOld.keys()].sort()).toEqual([two as string, survivor].sort())
          expect(yield* ports.Company.archive?.([one as string]) ?? Effect.succeed([])).toEqual([
            { _tag: "Updated", id: survivor },
          ])
        }),
      )
    },
  )
})
