import { describe, expect, it } from "vitest"
import { open, upserts, V3, V2026, withKey } from "./portal.ts"

const pair = (world: ReturnType<typeof open>["world"]) => {
  withKey(world, "companies")
  const [a = "", b = "", contact = ""] = world.seed([
    { type: "companies", ref: "a", properties: { name: "A", erp_key: "K1" } },
    { type: "companies", ref: "b", properties: { name: "B", phone: "1", erp_key: "K2" } },
    { type: "contacts", properties: { email: "x@example.com" }, associations: [{ type: "companies", ref: "b" }] },
  ])
  return { a, b, contact }
}

describe("merged records", () => {
  it("makes a new id to which both old ids lead", async () => {
    const { ask, world } = open()
    const { a, b, contact } = pair(world)
    const merged = await ask("POST", `${V2026}/companies/merge`, { primaryObjectId: a, objectIdToMerge: b })
    expect(merged.status).toBe(200)
    const survivor = merged.body.id
    expect([a, b]).not.toContain(survivor)
    for (const old of [a, b]) {
      const { body } = await ask("GET", `${V2026}/companies/${old}?properties=name,phone,hs_merged_object_ids`)
      expect([body.id, body.properties]).toEqual([
        survivor,
        { name: "A", phone: "1", hs_merged_object_ids: `${a};${b}` },
      ])
    }
    expect(world.associations("contacts", contact, "companies")).toEqual([{ id: survivor, types: [279, 1] }])
    expect((await ask("GET", `${V2026}/companies`)).body.results.map((one) => one.id)).toEqual([survivor])
  })

  it("keeps the primary's id where the portal has the beta", async () => {
    const { ask, world } = open({ knobs: { primaryIdPreservation: true } })
    const { a, b } = pair(world)
    const { body } = await ask("POST", `${V3}/companies/merge`, { primaryObjectId: a, objectIdToMerge: b })
    expect(body.id).toBe(a)
    expect((await ask("GET", `${V3}/companies/${b}`)).body.id).toBe(a)
    expect(world.record("companies", a)?.properties["hs_merged_object_ids"]).toBe(b)
  })

  it("loses the unique value of the absorbed record, so that its key would create anew", async () => {
    const { ask, world } = open()
    const { a, b } = pair(world)
    world.mergeRecords("companies", a, b)
    const { body } = await ask("POST", `${V2026}/companies/batch/upsert`, upserts({ K1: {}, K2: { name: "B" } }))
    const byKey = new Map(body.results.map((one) => [one.properties["erp_key"], one.new]))
    expect([byKey.get("K1"), byKey.get("K2")]).toEqual([false, true])
  })

  it("writes to the survivor under an old id", async () => {
    const { ask, world } = open()
    const { a, b } = pair(world)
    const survivor = world.mergeRecords("companies", a, b)
    const { body } = await ask("PATCH", `${V2026}/companies/${b}`, { properties: { phone: "2" } })
    expect([body.id, world.record("companies", survivor)?.properties["phone"]]).toEqual([survivor, "2"])
  })

  it("serves merges of each type at the versions that have them", async () => {
    const { ask, world } = open()
    const [a, b] = world.seed(["A", "B"].map((name) => ({ type: "products" as const, properties: { name } })))
    const body = { primaryObjectId: a, objectIdToMerge: b }
    expect((await ask("POST", `${V3}/products/merge`, body)).status).toBe(404)
    expect((await ask("POST", `${V2026}/products/merge`, body)).status).toBe(200)
  })

  it("refuses a record of more than 250 identities", async () => {
    const { ask, world } = open()
    const ids = world.seed(
      Array.from({ length: 2 }, (_, at) => ({
        type: "companies" as const,
        raw: true,
        properties: {
          name: `C${at}`,
          hs_merged_object_ids: Array.from({ length: 125 }, (_, n) => 1_000 * (at + 1) + n).join(";"),
        },
      })),
    )
    const reply = await ask("POST", `${V2026}/companies/merge`, { primaryObjectId: ids[0], objectIdToMerge: ids[1] })
    expect(reply.status).toBe(414)
    expect(world.records("companies")).toHaveLength(2)
  })

  it("merges two records while a client is at work", async () => {
    const { ask, world } = open()
    const { a, b } = pair(world)
    world.knobs.mergeMidSync = { afterRequests: 2, type: "companies" }
    expect((await ask("GET", `${V2026}/companies/${a}`)).body.id).toBe(a)
    const later = await ask("GET", `${V2026}/companies/${b}`)
    expect([a, b]).not.toContain(later.body.id)
    expect(world.records("companies")).toHaveLength(1)
  })

  it("does not count somebody else's merge as a write of the request", async () => {
    const { ask, twin, world } = open()
    pair(world)
    world.knobs.mergeMidSync = { afterRequests: 1, type: "companies" }
    await ask("GET", `${V2026}/companies`)
    expect(world.records("companies")).toHaveLength(1)
    expect(twin.journal.writes()).toEqual([])
  })
})
