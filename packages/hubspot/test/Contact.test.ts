import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Associations from "../src/Associations.ts"
import { idOf, key, open, readAll, reasonOf, tags, upserted } from "./portal.ts"

const companies = [
  { key: key("Account", "C1"), fields: { name: "One" } },
  { key: key("Account", "C2"), fields: { name: "Two" } },
]

const person = (id: string, more: object = {}) => ({
  key: key("Contact", id),
  fields: { firstName: "Zoë", lastName: "Ångström", email: `${id}@Acme.Example`, phone: "1", ...more },
})

const open2 = () => {
  const portal = open()
  const parent = (id: string) =>
    portal.world
      .associations("contacts", id, "companies")
      .map((edge) => [edge.id, [...edge.types].sort((a, b) => a - b)])
  return { ...portal, parent }
}

describe("contacts", () => {
  it("come under the company that is named by our key, and only once", async () => {
    const { journal, parent, ready, run } = open2()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [one] = yield* ports.Company.upsert(companies)
        const write = person("p1", { company: { key: key("Account", "C1") } })
        const [made] = yield* ports.Contact.upsert([write])
        expect(made?._tag).toBe("Created")
        expect(parent(idOf(made))).toEqual([[idOf(one), [1, 279]]])
        const writes = journal.writes().length
        expect(tags(yield* ports.Contact.upsert([write]))).toEqual(["Unchanged"])
        expect(journal.writes()).toHaveLength(writes)
        const read = yield* ports.Contact.get([idOf(made)])
        expect(read.get(idOf(made))?.record).toMatchObject({ company: { id: idOf(one) }, email: "p1@acme.example" })
      }),
    )
  })

  it("move to another company, and lose the one that was their company before", async () => {
    const { parent, ready, run, world } = open2()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [one, two] = (yield* ports.Company.upsert(companies)).map(idOf)
        const [made] = yield* ports.Contact.upsert([person("p1", { company: { id: one } })])
        const [beside = ""] = world.seed([{ type: "companies", properties: { name: "Beside" } }])
        world.associate("contacts", idOf(made), "companies", beside)
        yield* ports.Contact.upsert([person("p1", { company: { key: key("Account", "C2") } })])
        expect(parent(idOf(made))).toEqual(
          expect.arrayContaining([
            [two, [1, 279]],
            [beside, [279]],
          ]),
        )
        expect(parent(idOf(made))).toHaveLength(2)
        yield* ports.Contact.upsert([person("p1", { company: null })])
        expect(parent(idOf(made)).map(([id]) => id)).toEqual([beside])
      }),
    )
  })

  it("keep the labels that somebody put on the company that becomes theirs", async () => {
    const { parent, ready, run } = open2()
    await run(
      Effect.gen(function* () {
        const { client, ports } = yield* ready()
        const [one, two] = (yield* ports.Company.upsert(companies)).map(idOf) as [string, string]
        const [made] = yield* ports.Contact.upsert([person("p1", { company: { id: one } })])
        const billing = { from: idOf(made), to: two, types: [279, 931].map(Associations.defined) }
        yield* Associations.label(client, { from: "contacts", to: "companies" }, [billing])
        yield* ports.Contact.upsert([person("p1", { company: { id: two } })])
        expect(parent(idOf(made))).toEqual([[two, [1, 279, 931]]])
      }),
    )
  })

  it("end under the right company though the connection breaks in the middle of it", async () => {
    const { parent, ready, run, twin } = open2()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [one, two] = (yield* ports.Company.upsert(companies)).map(idOf)
        const [made] = yield* ports.Contact.upsert([person("p1", { company: { id: one } })])
        twin.faults.deal({ at: (request) => request.path.includes("/batch/create"), fault: { kind: "lostReply" } })
        twin.faults.deal({
          at: (request) => request.path.includes("/batch/archive"),
          fault: { kind: "errorAfter", status: 502 },
        })
        const [moved] = yield* ports.Contact.upsert([person("p1", { company: { id: two as string } })])
        expect(moved).toEqual({ _tag: "Updated", id: idOf(made) })
        expect(twin.faults.pending()).toHaveLength(0)
        expect(parent(idOf(made))).toEqual([[two, [1, 279]]])
      }),
    )
  })

  it("whose company goes away between look and write are told so, each by itself, and come under it when written again", async () => {
    const { parent, ready, run, twin, world } = open2()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [one, two] = (yield* ports.Company.upsert(companies)).map(idOf) as [string, string]
        twin.faults.deal({
          at: ({ path }) => {
            if (path.includes("/associate/") && world.records("companies").length === 2) world.archive("companies", two)
            return false
          },
          fault: { kind: "refused" },
        })
        const people = [one, two, one].map((id, at) => person(`p${at}`, { company: { id } }))
        const outcomes = yield* ports.Contact.upsert(people)
        expect(tags(outcomes)).toEqual(["Created", "Rejected", "Created"])
        const ids = outcomes.map(idOf)
        expect(ids.map((id) => parent(id).map(([company]) => company))).toEqual([[one], [], [one]])
        const again = yield* ports.Contact.upsert([person("p1", { company: { id: one } })])
        expect(again).toEqual([{ _tag: "Updated", id: ids[1] }])
        expect(world.records("contacts")).toHaveLength(3)
      }),
    )
  })

  it("are refused when their company is not there, and nothing of them is written", async () => {
    const { ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const outcomes = yield* ports.Contact.upsert([
          person("p1", { company: { key: key("Account", "nobody") } }),
          person("p2"),
          person("p3", { company: { id: "99" } }),
        ])
        expect(outcomes.map((outcome) => reasonOf(outcome)?._tag ?? outcome._tag)).toEqual([
          "MissingReference",
          "Created",
          "MissingReference",
        ])
        expect(reasonOf(outcomes[0])).toMatchObject({ field: "company", reference: key("Account", "nobody") })
        expect(world.records("contacts")).toHaveLength(1)
      }),
    )
  })

  it("find their company by its ERP number, and tell the candidates when two have it", async () => {
    const { later, ready, run } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const made = yield* ports.Company.upsert([
          { key: "a", fields: { name: "A", erpNumber: "K-1" } },
          { key: "b", fields: { name: "B", erpNumber: "K-2" } },
          { key: "c", fields: { name: "C", erpNumber: "K-2" } },
          { key: "d", fields: { name: "D", erpNumber: "k-1" } },
        ])
        yield* later
        const outcomes = yield* ports.Contact.upsert([
          person("p1", { company: { number: "K-1" } }),
          person("p2", { company: { number: "K-2" } }),
          person("p3", { company: { number: "k-2" } }),
        ])
        const read = yield* ports.Contact.get([idOf(outcomes[0])], { fields: ["company"] })
        expect(read.get(idOf(outcomes[0]))?.record).toMatchObject({ company: { id: idOf(made[0]) } })
        expect(reasonOf(outcomes[1])).toMatchObject({
          _tag: "Ambiguous",
          candidates: [{ id: idOf(made[1]) }, { id: idOf(made[2]) }],
        })
        expect(reasonOf(outcomes[2])).toMatchObject({ _tag: "MissingReference", reference: "k-2" })
      }),
    )
  })

  it("wear HubSpot's label of a billing contact as long as they have that role", async () => {
    const { parent, ready, run } = open2()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [one] = (yield* ports.Company.upsert(companies)).map(idOf)
        const billing = person("p1", {
          company: { id: one },
          roles: [{ code: "billing" }, { code: "other", raw: "AP; clerk" }],
        })
        const [made] = yield* ports.Contact.upsert([billing])
        expect(parent(idOf(made))).toEqual([[one, [1, 279, 931]]])
        expect(tags(yield* ports.Contact.upsert([billing]))).toEqual(["Unchanged"])
        const read = (yield* ports.Contact.get([idOf(made)])).get(idOf(made))?.record
        expect(read?.roles).toEqual([{ code: "billing" }, { code: "other", raw: "AP; clerk" }])
        yield* ports.Contact.upsert([person("p1", { roles: [] })])
        expect(parent(idOf(made))).toEqual([[one, [1, 279]]])
      }),
    )
  })

  it("are kept apart by email where the portal refuses our key, and found again by it", async () => {
    const { ready, run, world } = open()
    for (let at = 0; at < 10; at++) world.defineProperty("contacts", { name: `unique_${at}`, hasUniqueValue: true })
    await run(
      Effect.gen(function* () {
        const hubspot = yield* ready()
        const { Contact } = hubspot.ports
        expect(Contact.features.identity).toMatchObject({ carrier: "uniqueProperty", field: "email" })
        const outcomes = yield* Contact.upsert([
          person("p1"),
          person("p2"),
          { key: key("Contact", "p3"), fields: { firstName: "X" } },
        ])
        expect(outcomes.map((outcome) => reasonOf(outcome)?._tag ?? outcome._tag)).toEqual([
          "Created",
          "Created",
          "Invalid",
        ])
        expect(tags(yield* Contact.upsert([person("p1"), person("p2")]))).toEqual(["Unchanged", "Unchanged"])
        const moved = { ...person("p1"), fields: { email: "new@acme.example" } }
        expect(yield* Contact.upsert([moved])).toEqual([{ _tag: "Updated", id: idOf(outcomes[0]) }])
        expect((yield* Contact.find([key("Contact", "p1")])).get(key("Contact", "p1"))?.id).toBe(idOf(outcomes[0]))
        expect(world.records("contacts")).toHaveLength(2)
      }),
    )
  })

  it("of another key are not written over where only the email tells them apart", async () => {
    const { ready, run, world } = open()
    for (let at = 0; at < 10; at++) world.defineProperty("contacts", { name: `unique_${at}`, hasUniqueValue: true })
    await run(
      Effect.gen(function* () {
        const { Contact } = (yield* ready()).ports
        const [first] = yield* Contact.upsert([person("p1", { firstName: "One" })])
        const second = { ...person("p1", { firstName: "Two" }), key: key("Contact", "p2") }
        expect(reasonOf((yield* Contact.upsert([second]))[0])).toMatchObject({
          _tag: "Ambiguous",
          candidates: [{ id: idOf(first), key: key("Contact", "p1"), matchedBy: ["email"] }],
        })
        expect(world.records("contacts").map(({ properties }) => properties["firstname"])).toEqual(["One"])
      }),
    )
  })

  it("cost one read and one write for a hundred, and two more where companies are named", async () => {
    const { journal, ready, run } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* ports.Company.upsert(companies)
        const people = Array.from({ length: 100 }, (_, at) =>
          person(`p${at}`, { company: { key: key("Account", "C1") } }),
        )
        yield* ports.Contact.upsert([person("warm")])
        journal.clear()
        yield* ports.Contact.upsert(people)
        expect(journal.lines.map(({ url }) => new URL(url).pathname.split("/").slice(-3).join("/"))).toEqual([
          "contacts/batch/read",
          "companies/batch/read",
          "contacts/batch/upsert",
          "batch/associate/default",
        ])
        journal.clear()
        expect(new Set(tags(yield* ports.Contact.upsert(people)))).toEqual(new Set(["Unchanged"]))
        expect(journal.lines.map(({ url }) => new URL(url).pathname.split("/").slice(-3).join("/"))).toEqual([
          "contacts/batch/read",
          "companies/batch/read",
          "companies/batch/read",
        ])
      }),
    )
  })

  it("are kept apart by email where a property of our name is there and is not unique", async () => {
    const { ready, run, world } = open()
    world.defineProperty("contacts", { name: "mortise_key" })
    await run(
      Effect.gen(function* () {
        const { Contact } = (yield* ready()).ports
        expect(Contact.features.identity).toMatchObject({ field: "email" })
        expect(tags(yield* Contact.upsert([person("p1")]))).toEqual(["Created"])
        expect(tags(yield* Contact.upsert([person("p1")]))).toEqual(["Unchanged"])
      }),
    )
  })

  it("are read with the company that is their primary one, not the one that was there first", async () => {
    const { ready, run, world } = open()
    const [first = "", second = "", ann = ""] = world.seed([
      { type: "companies", properties: { name: "First" } },
      { type: "companies", properties: { name: "Second" } },
      { type: "contacts", properties: { email: "ann@a.example" } },
    ])
    world.associate("contacts", ann, "companies", second)
    world.associate("contacts", ann, "companies", first)
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const read = yield* ports.Contact.get([ann], { fields: ["company"] })
        expect(read.get(ann)?.record).toMatchObject({ company: { id: second } })
      }),
    )
  })

  it("are read with their company and all their addresses", async () => {
    const { later, ready, run, world } = open()
    const [company = "", ann = "", other = ""] = world.seed([
      { type: "companies", properties: { name: "A" } },
      { type: "contacts", properties: { email: "ann@a.example", lifecyclestage: "lead" } },
      { type: "contacts", properties: { email: "a@a.example" } },
    ])
    world.associate("contacts", ann, "companies", company)
    const survivor = world.mergeRecords("contacts", ann, other)
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        const { changes } = yield* readAll(ports.Contact)
        expect(upserted(changes)).toHaveLength(1)
        expect(upserted(changes)[0]).toMatchObject({
          id: survivor,
          record: { emails: ["ann@a.example", "a@a.example"], company: { id: company }, lifecycleStage: "lead" },
        })
        expect(changes[0]).toMatchObject({ _tag: "Merged", into: survivor, from: expect.arrayContaining([ann, other]) })
      }),
    )
  })
})
