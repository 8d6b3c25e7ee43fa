import { describe, expect, it } from "vitest"
import type * as TwinKit from "../../src/TwinKit.ts"
import * as Kit from "./support/kit.ts"

const customers: TwinKit.Collection = {
  key: { field: "id", assigned: "number", start: 100 },
  fields: {
    name: { type: "text", required: true, maxLength: 10 },
    email: { type: "text", unique: true },
    kind: { type: "text", choices: ["person", "company"], default: "company" },
    limit: { type: "number", scale: 2 },
    rate: { type: "decimal", scale: 4 },
    visits: { type: "integer" },
    active: { type: "boolean", default: true },
    since: { type: "date" },
    called: { type: "dateTime" },
    address: { type: "object", fields: { city: { type: "text", required: true } } },
    score: { type: "integer", readOnly: true, default: "0" },
    slug: { type: "text", derive: ({ name }) => String(name).toLowerCase() },
  },
}

const invoices: TwinKit.Collection = {
  key: { field: "id", assigned: "text", prefix: "inv_" },
  fields: {
    customer: { type: "integer", required: true, references: "customers" },
    lines: { type: "list", of: { item: { type: "text", required: true }, amount: { type: "number" } } },
    total: {
      type: "number",
      derive: ({ lines }) =>
        String(((lines ?? []) as ReadonlyArray<TwinKit.Row>).reduce((sum, { amount }) => sum + Number(amount), 0)),
    },
  },
}

const collections = { customers, invoices }
const open = (more: Partial<TwinKit.Declaration> = {}) => Kit.open({ collections, ...more })

const refusal = ({ body, status }: Kit.Answer) => [status, body.error.code, body.error.field]

describe("a create", () => {
  it("gets the next number, the defaults, and what the vendor derives", async () => {
    const { send, world } = open()
    const { body, status } = await send("POST", "/customers", { name: "Rossi" })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      id: 100,
      name: "Rossi",
      email: null,
      kind: "company",
      active: true,
      score: 0,
      slug: "rossi",
    })
    expect((await send("POST", "/customers", { name: "Bianchi" })).body.id).toBe(101)
    expect(world.all("customers").map(({ id, name }) => [id, name])).toEqual([
      ["100", "Rossi"],
      ["101", "Bianchi"],
    ])
  })

  it("gets a text of the vendor's, or brings a key of its own that nobody has", async () => {
    const { send } = open()
    await send("POST", "/customers", { name: "Rossi" })
    expect((await send("POST", "/invoices", { customer: 100 })).body.id).toBe("inv_000001")

    const own = Kit.open({ collections: { things: { ...Kit.things, key: { field: "code", assigned: "client" } } } })
    expect(refusal(await own.send("POST", "/things", { name: "A" }))).toEqual([422, "missing", "code"])
    expect((await own.send("POST", "/things", { code: "a", name: "A" })).body).toEqual({ code: "a", name: "A" })
    expect(refusal(await own.send("POST", "/things", { code: "a", name: "B" }))).toEqual([409, "duplicate", "code"])
  })

  it("keeps every digit of a number", async () => {
    const { ask, world } = open()
    await ask("/customers", { method: "POST", body: '{"name":"A","limit":12345678901234567890.10,"rate":"0.1000"}' })
    expect((await ask("/customers/100")).text).toContain('"limit":12345678901234567890.10,"rate":"0.1000"')
    expect(world.get("customers", "100")).toMatchObject({ limit: "12345678901234567890.10" })
  })

  it.each<[string, object, string, string]>([
    ["lacks a required field", {}, "missing", "name"],
    ["has an empty required field", { name: null }, "invalid", "name"],
    ["has too long a text", { name: "Rossi e figli" }, "invalid", "name"],
    ["has none of the choices", { name: "A", kind: "robot" }, "invalid", "kind"],
    ["has a number as text", { name: "A", limit: "5" }, "invalid", "limit"],
    ["has too many decimals", { name: "A", limit: 0.123 }, "invalid", "limit"],
    ["has a decimal as number", { name: "A", rate: 1 }, "invalid", "rate"],
    ["has a fraction where a whole number is kept", { name: "A", visits: 1.5 }, "invalid", "visits"],
    ["has a text where a flag is kept", { name: "A", active: "yes" }, "invalid", "active"],
    ["has no such day", { name: "A", since: "2026-13-01" }, "invalid", "since"],
    ["has no such time", { name: "A", called: "soon" }, "invalid", "called"],
    ["has a text where an object is kept", { name: "A", address: "Bari" }, "invalid", "address"],
    ["has an unknown field", { name: "A", fax: "1" }, "invalid", "fax"],
    ["has an unknown field inside", { name: "A", address: { city: "Bari", planet: "x" } }, "invalid", "address.planet"],
    ["has a read-only field", { name: "A", score: 5 }, "invalid", "score"],
    ["has a derived field", { name: "A", slug: "b" }, "invalid", "slug"],
  ])("is refused when it %s", async (_, body, code, field) => {
    const { send, twin, world } = open()
    expect(refusal(await send("POST", "/customers", body))).toEqual([422, code, field])
    expect(world.all("customers")).toEqual([])
    expect(twin.journal.writes()).toEqual([])
  })

  it("is refused when it is no JSON object", async () => {
    const { ask } = open()
    for (const body of ["{", "[]", "1", ""]) {
      expect((await ask("/customers", { method: "POST", body })).status).toBe(422)
    }
  })

  it("is refused when a unique value is taken, and is told by whom", async () => {
    const { send } = open()
    await send("POST", "/customers", { name: "A", email: "a@a.example" })
    const again = await send("POST", "/customers", { name: "B", email: "a@a.example" })
    expect(refusal(again)).toEqual([409, "duplicate", "email"])
    expect(again.body.error.existing_id).toBe("100")
    expect((await send("POST", "/customers", { name: "B" })).status).toBe(201)
    expect((await send("POST", "/customers", { name: "C" })).status).toBe(201)
  })

  it("is refused when it points to nothing, in lines too", async () => {
    const { send } = open()
    expect(refusal(await send("POST", "/invoices", { customer: 7 }))).toEqual([422, "reference", "customer"])
    await send("POST", "/customers", { name: "A" })
    const lines = [{ item: "x", amount: 1 }, { amount: 2 }]
    expect(refusal(await send("POST", "/invoices", { customer: 100, lines }))).toEqual([422, "missing", "lines.1.item"])
    const good = await send("POST", "/invoices", {
      customer: 100,
      lines: [
        { item: "x", amount: 1 },
        { item: "y", amount: 2 },
      ],
    })
    expect(good.body).toMatchObject({ customer: 100, total: 3 })
  })

  it("is not listened to in what nobody declared, where the vendor ignores that", async () => {
    const { send } = open({ excess: "ignore" })
    const { body, status } = await send("POST", "/customers", { name: "A", fax: "1", score: 9 })
    expect([status, body.fax, body.score]).toEqual([201, undefined, 0])
  })

  it("is not there where it is not declared", async () => {
    const { send } = Kit.open({ collections: { things: { ...Kit.things, create: false } } })
    expect((await send("POST", "/things", { name: "A" })).status).toBe(404)
  })
})

describe("a change", () => {
  const row = { name: "A", email: "a@a.example", address: { city: "Bari" } }

  it("leaves alone what is not named, unless the vendor replaces", async () => {
    const patched = open()
    await patched.send("POST", "/customers", row)
    const { body } = await patched.send("PATCH", "/customers/100", { name: "B" })
    expect(body).toMatchObject({ name: "B", slug: "b", email: "a@a.example" })

    const update = { method: "PUT", replace: true } as const
    const put = open({ collections: { ...collections, customers: { ...customers, update } } })
    await put.send("POST", "/customers", row)
    expect((await put.send("PUT", "/customers/100", { name: "B" })).body).toMatchObject({ name: "B", email: null })
    expect(refusal(await put.send("PUT", "/customers/100", { email: null }))).toEqual([422, "missing", "name"])
    expect((await put.send("PATCH", "/customers/100", { name: "B" })).status).toBe(404)
  })

  it("of what is not there, or where none is declared, is a 404", async () => {
    const { send } = open()
    expect((await send("PATCH", "/customers/100", { name: "B" })).status).toBe(404)
    const fixed = open({ collections: { ...collections, customers: { ...customers, update: false } } })
    fixed.world.seed("customers", [row])
    expect((await fixed.send("PATCH", "/customers/100", { name: "B" })).status).toBe(404)
  })

  it("that takes another record's unique value is refused; its own is not", async () => {
    const { send } = open()
    await send("POST", "/customers", row)
    await send("POST", "/customers", { name: "B", email: "b@b.example" })
    expect(refusal(await send("PATCH", "/customers/101", { email: "a@a.example" }))).toEqual([
      409,
      "duplicate",
      "email",
    ])
    expect((await send("PATCH", "/customers/100", { email: "a@a.example" })).status).toBe(200)
  })

  it("by an external id creates once and changes from then on", async () => {
    const upsertBy = { path: "by-email", field: "email" }
    const { send, world } = open({ collections: { ...collections, customers: { ...customers, upsertBy } } })
    const path = "/customers/by-email/a%2Bb%40a.example"
    expect((await send("PUT", path, { name: "A" })).status).toBe(201)
    const again = await send("PUT", path, { name: "B" })
    expect([again.status, again.body.id, again.body.email]).toEqual([200, 100, "a+b@a.example"])
    expect(world.all("customers")).toHaveLength(1)
  })

  it("of an old version is refused, by ETag or by field", async () => {
    const tagged = open({ collections: { ...collections, customers: { ...customers, revision: { etag: true } } } })
    const first = await tagged.send("POST", "/customers", row)
    expect(first.headers.get("etag")).toBe('"1"')
    const change = (match: string) => tagged.send("PATCH", "/customers/100", { name: "B" }, { "if-match": match })
    expect((await change('"1"')).status).toBe(200)
    expect(refusal(await change('"1"'))).toEqual([412, "stale", undefined])
    expect((await change("*")).status).toBe(200)
    expect((await tagged.ask("/customers/100")).headers.get("etag")).toBe('"3"')

    const counted = open({
      collections: { ...collections, customers: { ...customers, revision: { field: "version" } } },
    })
    expect((await counted.send("POST", "/customers", row)).body.version).toBe(1)
    expect((await counted.send("PATCH", "/customers/100", { name: "B", version: 1 })).body.version).toBe(2)
    expect((await counted.send("PATCH", "/customers/100", { name: "C", version: 1 })).status).toBe(412)
  })
})

describe("a delete", () => {
  const withDelete = (given: TwinKit.Collection["delete"]) =>
    open({
      collections: {
        ...collections,
        customers: { ...customers, ...(given === undefined ? {} : { delete: given }) },
      },
    })

  it("takes the record away, or sets its flag, or is not there", async () => {
    const gone = withDelete("gone")
    gone.world.seed("customers", [{ name: "A" }])
    expect((await gone.send("DELETE", "/customers/100")).status).toBe(204)
    expect((await gone.send("DELETE", "/customers/100")).status).toBe(404)
    expect((await gone.ask("/customers")).body.total).toBe(0)

    const flagged = open({
      collections: {
        ...collections,
        customers: {
          ...customers,
          fields: { ...customers.fields, archived: { type: "boolean", default: false } },
          delete: { flag: "archived" },
        },
      },
    })
    flagged.world.seed("customers", [{ name: "A" }])
    await flagged.send("DELETE", "/customers/100")
    expect((await flagged.ask("/customers/100")).body.archived).toBe(true)

    const never = withDelete(undefined)
    never.world.seed("customers", [{ name: "A" }])
    expect((await never.send("DELETE", "/customers/100")).status).toBe(404)
  })
})

describe("the words of the vendor", () => {
  it("are its own statuses and bodies, for faults of the deck too", async () => {
    const errors: TwinKit.Errors = {
      status: { missing: 400, throttled: 420 },
      body: ({ code, field, status }) => ({ fault: `${status} ${code} ${field ?? ""}`.trim() }),
    }
    const { ask, send, twin } = open({ errors })
    expect(await send("POST", "/customers", {})).toMatchObject({ status: 400, body: { fault: "400 missing name" } })
    twin.faults.deal({ at: () => true, fault: { kind: "throttle", retryAfter: "7" } })
    const throttled = await ask("/customers")
    expect(throttled).toMatchObject({ status: 420, body: { fault: "420 throttled" } })
    expect(throttled.headers.get("retry-after")).toBe("7")
    twin.faults.deal({ at: () => true, fault: { kind: "unauthorized" } })
    expect((await ask("/customers")).body).toEqual({ fault: "401 unauthorized" })
    twin.faults.deal({ at: () => true, fault: { kind: "errorBefore", status: 502 } })
    expect((await ask("/customers")).body).toEqual({ fault: "502 unavailable" })
  })

  it("are a 404 for a path or method that is not declared", async () => {
    const { ask, send } = open({ base: "/v2" })
    for (const path of ["/customers", "/v2", "/v2/nothing", "/v2/customers/1/more", "/v2/customersx"]) {
      expect((await ask(path)).status, path).toBe(404)
    }
    expect((await send("PUT", "/v2/customers", { name: "A" })).status).toBe(404)
    expect((await ask("/v2/customers")).status).toBe(200)
  })
})
