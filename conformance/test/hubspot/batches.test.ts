import { describe, expect, it } from "vitest"
import { open, upserts, V3, V2026, withKey } from "./portal.ts"

const UPSERT = `${V2026}/companies/batch/upsert`

const plain = (inputs: ReturnType<typeof upserts>) => ({
  inputs: inputs.inputs.map(({ objectWriteTraceId: _, ...rest }) => rest),
})

describe("batches of a HubSpot portal", () => {
  it("refuses an upsert by a property that is not unique, naming type id and property", async () => {
    const { ask, world } = open()
    const by = (type: string, idProperty: string) =>
      ask("POST", `${V2026}/${type}/batch/upsert`, { inputs: [{ id: "x", idProperty, properties: {} }] })
    const domain = await by("companies", "domain")
    expect([domain.status, domain.body.category]).toEqual([400, "VALIDATION_ERROR"])
    expect(domain.body.message).toBe("Unable to perform update/upsert by non-unique 0-2 property domain")
    expect((await by("deals", "dealname")).body.message).toContain("non-unique 0-3 property dealname")
    expect((await by("companies", "hs_object_id")).body.message).toContain("non-unique 0-2 property hs_object_id")
    world.seed([{ type: "companies", properties: { name: "A", domain: "a.example" } }])
    expect((await ask("GET", `${V3}/companies/a.example?idProperty=domain`)).status).toBe(404)
    world.knobs.nonUniqueEmailPortal = true
    expect((await by("contacts", "email")).body.message).toContain("non-unique 0-1 property email")
  })

  it("lets several companies share one domain", async () => {
    const { ask, world } = open()
    for (const name of ["A", "B"]) {
      const { status } = await ask("POST", `${V2026}/companies`, { properties: { name, domain: "shared.example" } })
      expect(status).toBe(201)
    }
    expect(world.findBy("companies", "domain", "shared.example")).toHaveLength(2)
  })

  it("creates by key once, and finds the same record when the key comes again", async () => {
    const { ask, world } = open()
    withKey(world, "companies")
    const first = await ask("POST", UPSERT, upserts({ K1: { name: "A" }, K2: { name: "B" } }))
    expect([first.status, first.body.status, first.body.errors]).toEqual([200, "COMPLETE", undefined])
    expect(first.body.results.map((one) => one.new)).toEqual([true, true])
    const again = await ask("POST", UPSERT, upserts({ K1: { phone: "1" }, K2: {}, K3: { name: "C" } }))
    const byKey = new Map(again.body.results.map((one) => [one.properties["erp_key"], one]))
    expect([byKey.get("K1")?.new, byKey.get("K2")?.new, byKey.get("K3")?.new]).toEqual([false, false, true])
    expect(new Set(again.body.results.map((one) => one.objectWriteTraceId)).size).toBe(3)
    expect(world.records("companies")).toHaveLength(3)
    expect(world.findBy("companies", "erp_key", "K1")[0]?.properties).toMatchObject({ name: "A", phone: "1" })
  })

  it("gives upsert results in another order than the inputs, emails in lower case", async () => {
    const { ask } = open()
    const ids = Array.from({ length: 40 }, (_, at) => `Person${at}@Example.com`)
    const inputs = ids.map((id) => ({ id, idProperty: "email", properties: { email: id, firstname: "P" } }))
    const { body } = await ask("POST", `${V2026}/contacts/batch/upsert`, { inputs })
    const emails = body.results.map((one) => one.properties["email"] ?? "")
    expect(emails).not.toEqual(ids.map((id) => id.toLowerCase()))
    expect([...emails].sort()).toEqual(ids.map((id) => id.toLowerCase()).sort())
  })

  it("sets the key of a created record though it was not sent, unless the portal is turned so", async () => {
    const { ask, world } = open()
    const send = (id: string) =>
      ask("POST", `${V2026}/contacts/batch/upsert`, {
        inputs: [{ id, idProperty: "email", properties: { phone: "1" } }],
      })
    expect((await send("x@example.com")).body.results[0]?.properties["email"]).toBe("x@example.com")
    world.knobs.upsertFillsKey = false
    expect((await send("y@example.com")).status).toBe(400)
  })

  it("refuses a batch with one id twice, trace ids or not, and writes nothing", async () => {
    const { ask, world } = open()
    withKey(world, "companies")
    const { inputs } = upserts({ K1: { name: "A" }, K2: { name: "B" } })
    const doubled = await ask("POST", UPSERT, { inputs: [...inputs, { ...inputs[0], objectWriteTraceId: "other" }] })
    expect([doubled.status, doubled.body.message]).toEqual([
      400,
      "Duplicate IDs found in batch input: [K1]. IDs must be unique",
    ])
    expect(doubled.body.context["ids"]).toEqual(["K1"])
    expect(world.records("companies")).toEqual([])
    const [id] = world.seed([{ type: "companies", properties: { name: "C" } }])
    for (const operation of ["read", "archive"]) {
      const reply = await ask("POST", `${V2026}/companies/batch/${operation}`, { inputs: [{ id }, { id }] })
      expect(reply.status).toBe(400)
    }
  })

  it("writes nothing when one input is bad and there are no trace ids", async () => {
    const { ask, world } = open()
    withKey(world, "companies")
    const inputs = upserts({ K1: { name: "A" }, K2: { name: "B", nope: "1" }, K3: { name: "C" } })
    const { body, status } = await ask("POST", UPSERT, plain(inputs))
    expect([status, body.category, body.errors?.[0]?.code]).toEqual([400, "VALIDATION_ERROR", "PROPERTY_DOESNT_EXIST"])
    expect(world.records("companies")).toEqual([])
    world.indexNow()
    const found = await ask("POST", `${V2026}/companies/search`, {})
    expect(found.body.total).toBe(0)
  })

  it("writes the good inputs when each has a trace id, and names the bad one by it", async () => {
    const { ask, world } = open()
    withKey(world, "companies")
    const { body, status } = await ask(
      "POST",
      UPSERT,
      upserts({ K1: { name: "A" }, K2: { nope: "1" }, K3: { name: "C" } }),
    )
    expect([status, body.numErrors, body.results.length]).toEqual([207, 1, 2])
    const [error] = body.errors ?? []
    expect([error?.status, error?.category, error?.correlationId]).toEqual(["error", "VALIDATION_ERROR", undefined])
    expect(error?.context["objectWriteTraceId"]).toEqual(["trace-K2"])
    expect(world.records("companies").map((one) => one.properties["erp_key"])).toEqual(["K1", "K3"])
  })

  it("writes nothing of a traced batch with a bad input where the portal is turned so", async () => {
    const { ask, world } = open({ knobs: { tracesIgnored: true } })
    withKey(world, "companies")
    const inputs = upserts({ K1: { name: "A" }, K2: { nope: "1" }, K3: { name: "C" } })
    expect((await ask("POST", UPSERT, inputs)).status).toBe(400)
    expect(world.records("companies")).toEqual([])
  })

  it("creates and updates the good inputs of a traced batch, and none of one that has a trace id twice", async () => {
    const { ask, world } = open()
    withKey(world, "deals")
    const inputs = (...traces: ReadonlyArray<string>) =>
      traces.map((objectWriteTraceId, at) => ({
        objectWriteTraceId,
        properties: { dealname: "D", ...(at === 0 ? { amount: "much" } : { erp_key: `K${at}` }) },
      }))
    const path = `${V2026}/deals/batch`
    expect((await ask("POST", `${path}/create`, { inputs: inputs("a", "b", "b") })).status).toBe(400)
    expect(world.records("deals")).toEqual([])
    const made = await ask("POST", `${path}/create`, { inputs: inputs("a", "b", "c") })
    expect([made.status, made.body.results.map((one) => one.objectWriteTraceId)]).toEqual([207, ["b", "c"]])
    const updates = ["x", "y"].map((amount, at) => ({
      id: `K${at + 1}`,
      idProperty: "erp_key",
      objectWriteTraceId: amount,
      properties: { amount: at === 0 ? "5" : amount },
    }))
    const updated = await ask("POST", `${path}/update`, { inputs: updates })
    expect([updated.status, updated.body.errors?.[0]?.context["objectWriteTraceId"]]).toEqual([207, ["y"]])
    expect(world.findBy("deals", "erp_key", "K1")[0]?.properties["amount"]).toBe("5")
  })

  it("answers a partial failure in the merged shape where 2026-09 is turned so", async () => {
    const { ask, world } = open({ knobs: { mergedBatchShape: true } })
    withKey(world, "companies")
    const inputs = upserts({ K1: { name: "A" }, K2: { nope: "1" } })
    const merged = await ask("POST", UPSERT, inputs)
    expect([merged.status, merged.body.numErrors]).toEqual([200, 1])
    const older = await ask("POST", "/crm/objects/2026-03/companies/batch/upsert", inputs)
    expect(older.status).toBe(207)
  })

  it("collapses equal line items of a batch, unless a property tells them apart", async () => {
    const { ask, world } = open()
    withKey(world, "line_items")
    const line = { name: "Pump", price: "10", quantity: "1" }
    const equal = await ask("POST", `${V2026}/line_items/batch/create`, {
      inputs: [{ properties: line }, { properties: line }, { properties: { ...line, quantity: "2" } }],
    })
    expect([equal.status, equal.body.results.length, world.records("line_items").length]).toEqual([201, 2, 2])
    const apart = await ask("POST", `${V2026}/line_items/batch/create`, {
      inputs: ["SO1/1", "SO1/2"].map((erp_key) => ({ properties: { ...line, erp_key } })),
    })
    expect(apart.body.results).toHaveLength(2)
  })

  it("refuses 101 inputs", async () => {
    const { ask, world } = open()
    withKey(world, "companies")
    const many = (count: number) =>
      upserts(Object.fromEntries(Array.from({ length: count }, (_, at) => [`K${at}`, { name: "N" }])))
    expect((await ask("POST", UPSERT, many(101))).status).toBe(400)
    expect((await ask("POST", UPSERT, many(100))).status).toBe(200)
    const ids = { inputs: Array.from({ length: 101 }, (_, at) => ({ id: String(at) })) }
    expect((await ask("POST", `${V2026}/companies/batch/read`, ids)).status).toBe(400)
  })

  it("groups what a batch read or update does not find into one item error", async () => {
    const { ask, world } = open()
    const [id] = world.seed([{ type: "contacts", properties: { email: "a@example.com" } }])
    const read = await ask("POST", `${V2026}/contacts/batch/read`, { inputs: [{ id: "1" }, { id }, { id: "2" }] })
    expect([read.status, read.body.results.map((one) => one.id)]).toEqual([207, [id]])
    expect(read.body.errors?.map((one) => [one.category, one.context["ids"]])).toEqual([
      ["OBJECT_NOT_FOUND", ["1", "2"]],
    ])
    expect(read.body.errors?.[0]?.message).toContain("Could not get some CONTACT objects")
    const update = await ask("POST", `${V2026}/contacts/batch/update`, {
      inputs: [id, "1"].map((one) => ({ id: one, properties: { phone: "5" } })),
    })
    expect([update.status, update.body.errors?.[0]?.context["ids"]]).toEqual([207, ["1"]])
    expect(world.record("contacts", id ?? "")?.properties["phone"]).toBe("5")
  })

  it("reads a batch by a unique property, and updates contacts by email one by one only", async () => {
    const { ask, world } = open()
    world.seed([{ type: "contacts", properties: { email: "a@example.com" } }])
    const inputs = [{ id: "A@Example.com" }]
    const read = await ask("POST", `${V2026}/contacts/batch/read`, {
      inputs,
      idProperty: "email",
      properties: ["email"],
    })
    expect([read.status, read.body.results[0]?.properties["email"]]).toEqual([200, "a@example.com"])
    const one = await ask("PATCH", `${V2026}/contacts/a@example.com?idProperty=email`, { properties: { phone: "1" } })
    expect(one.status).toBe(200)
    const batch = await ask("POST", `${V2026}/contacts/batch/update`, {
      inputs: [{ id: "a@example.com", idProperty: "email", properties: { phone: "2" } }],
    })
    expect([batch.status, batch.body.message]).toEqual([
      400,
      "Unable to perform update/upsert by non-unique 0-1 property email",
    ])
  })

  it("passes over unknown and archived ids of a batch archive", async () => {
    const { ask, world } = open()
    const [id] = world.seed([{ type: "companies", properties: { name: "A" } }])
    const inputs = [{ id }, { id: "404" }]
    expect((await ask("POST", `${V2026}/companies/batch/archive`, { inputs })).status).toBe(204)
    expect((await ask("POST", `${V2026}/companies/batch/archive`, { inputs })).status).toBe(204)
    expect(world.archived("companies")).toHaveLength(1)
  })

  it("refuses an upsert by a unique property that clients cannot write", async () => {
    const { ask } = open()
    const { body, status } = await ask("POST", `${V2026}/line_items/batch/upsert`, {
      inputs: [{ id: "x", idProperty: "hs_unique_creation_key", properties: { name: "L" } }],
    })
    expect([status, body.errors?.[0]?.code]).toEqual([400, "READ_ONLY_VALUE"])
  })

  it("refuses a custom unique value that another record has", async () => {
    const { ask, world } = open()
    withKey(world, "deals")
    world.seed([{ type: "deals", properties: { dealname: "D", erp_key: "K1" } }])
    const { body, status } = await ask("POST", `${V2026}/deals`, { properties: { dealname: "E", erp_key: "K1" } })
    expect([status, body.errors?.[0]?.code]).toEqual([400, "CONFLICTING_UNIQUE_VALUE"])
    expect(body.message).toContain("CONFLICTING_UNIQUE_VALUE")
  })

  it("frees the unique values of archived records, or keeps them where the portal is turned so", async () => {
    const { ask, world } = open()
    withKey(world, "companies")
    const [id = ""] = world.seed([{ type: "companies", properties: { name: "A", erp_key: "K1" } }])
    world.archive("companies", id)
    world.knobs.archivedUniqueBlocks = true
    const blocked = await ask("POST", UPSERT, upserts({ K1: { name: "B" } }))
    expect([blocked.status, blocked.body.errors?.[0]?.errors?.[0]?.code]).toEqual([207, "CONFLICTING_UNIQUE_VALUE"])
    world.knobs.archivedUniqueBlocks = false
    const free = await ask("POST", UPSERT, upserts({ K1: { name: "B" } }))
    expect([free.status, free.body.results[0]?.new]).toEqual([200, true])
  })

  it("loses one valid input, or answers PENDING, on demand", async () => {
    const { ask, world } = open()
    withKey(world, "companies")
    world.knobs.partial207 = 1
    const partial = await ask("POST", UPSERT, upserts({ K1: { name: "A" }, K2: { name: "B" } }))
    expect([partial.status, partial.body.results.length, partial.body.numErrors]).toEqual([207, 1, 1])
    expect(world.records("companies")).toHaveLength(1)
    world.knobs.pendingStatus = 1
    const pending = await ask("POST", UPSERT, upserts({ K8: { name: "A" }, K9: { name: "B" } }))
    expect([pending.status, pending.body.status, pending.body.results]).toEqual([200, "PENDING", []])
    expect(world.records("companies")).toHaveLength(3)
  })
})
