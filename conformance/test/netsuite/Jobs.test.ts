import { describe, expect, it } from "vitest"
import { open, RECORDS } from "./Client.ts"

const ASYNC = { prefer: "respond-async" }
const COLLECTION = { "content-type": "application/vnd.oracle.resource+json; type=collection" }
const KEY = "7f1a8a52-0d7b-4c3c-8a61-3f0d2b6d9f01"

const one = (name: string) => ({ companyName: name, subsidiary: { id: "1" } })

describe("a job", () => {
  it("is answered with its address, done later, and its task replays the answer", async () => {
    const { clock, put, send, world } = open()
    const accepted = await put("customer/eid:a", one("One"), ASYNC)
    expect([accepted.status, accepted.text, accepted.headers.get("preference-applied")]).toEqual([
      202,
      "",
      "respond-async",
    ])
    expect(world.all("customer")).toHaveLength(0)
    const job = new URL(accepted.location).pathname
    expect((await send(job)).at("completed")).toBe(false)
    expect((await send(`${job}/task/1/result`)).status).toBe(404)
    await clock.advance("5 seconds")
    expect((await send(job)).at("completed")).toBe(true)
    const tasks = await send(`${job}/task`)
    expect(tasks.items.map((task) => [task["id"], task["completed"], task["progress"]])).toEqual([
      ["1", true, "succeeded"],
    ])
    const result = await send(`${job}/task/1/result`)
    expect([result.status, result.id]).toEqual([204, world.all("customer")[0]?.id])
    expect((await send("/services/rest/async/v1/job/77")).status).toBe(404)
  })

  it("is not made again for its idempotency key, which counts for jobs alone", async () => {
    const { clock, post, world } = open({ knobs: { idempotencyMillis: 3_600_000 } })
    const headers = { ...ASYNC, "x-netsuite-idempotency-key": KEY }
    const first = await post("customer", one("One"), headers)
    const second = await post("customer", one("One"), headers)
    expect(second.refusal).toContain("400 IDEMPOTENCY_ERROR")
    expect([second.at("title"), second.location]).toEqual(["Conflict", first.location])
    await clock.advance("30 minutes")
    await post("customer", one("Two"), { "x-netsuite-idempotency-key": KEY })
    await post("customer", one("Two"), { "x-netsuite-idempotency-key": KEY })
    expect(world.all("customer")).toHaveLength(3)
    world.state.accessTokens = world.state.accessTokens.map((token) => ({
      ...token,
      expiresAt: Number.MAX_SAFE_INTEGER,
    }))
    await clock.advance("2 hours")
    expect((await post("customer", one("One"), headers)).status).toBe(202)
  })
})

describe("many records", () => {
  const batch = (t: ReturnType<typeof open>, items: ReadonlyArray<object>, headers: Record<string, string> = {}) =>
    t.put("customer", { items }, { ...ASYNC, ...COLLECTION, ...headers })

  it("are upserted by a job, each with an answer of its own", async () => {
    const t = open()
    const { id } = await t.put("customer/eid:b", one("Two"))
    const items = [{ externalId: "a", ...one("One") }, { externalId: "b", email: "b@two.example" }, { externalId: "c" }]
    const job = new URL((await batch(t, items)).location).pathname
    await t.clock.advance("10 seconds")
    const tasks = await t.send(`${job}/task`)
    expect(tasks.each("progress")).toEqual(["succeeded", "succeeded", "failed"])
    expect((await t.send(`${job}/task/2/result`)).id).toBe(id)
    expect((await t.send(`${job}/task/3/result`)).refusal).toContain("Please enter value(s) for: Company Name")
    expect((await t.send(job)).at("progress")).toBe("failed")
    expect(t.world.byExternalId("customer", "b")?.fields["email"]).toBe("b@two.example")
  })

  it("are at most a hundred, and never dealt with at once", async () => {
    const t = open()
    const many = Array.from({ length: 101 }, (_, i) => ({ externalId: `k${i}`, ...one(`Name ${i}`) }))
    expect((await batch(t, many)).refusal).toContain("400 INVALID_REQUEST")
    expect((await batch(t, many.slice(0, 100))).status).toBe(202)
    const atOnce = await t.put("customer", { items: many.slice(0, 1) }, COLLECTION)
    expect([atOnce.status, atOnce.at("o:errorDetails.0.o:errorHeader")]).toEqual([400, "Prefer"])
    expect((await t.post("customer", { items: [] }, { ...ASYNC, ...COLLECTION })).status).toBe(400)
  })

  it("are refused by a release that has no batches, which runs single requests as jobs all the same", async () => {
    const t = open({ knobs: { batches: false } })
    expect((await batch(t, [{ externalId: "a", ...one("One") }])).status).toBe(405)
    expect((await t.put("customer/eid:a", one("One"), ASYNC)).status).toBe(202)
  })

  it("go one after the other, or together where the request prefers it", async () => {
    const t = open({ knobs: { taskMillis: 60_000 } })
    const items = ["a", "b", "c"].map((externalId) => ({ externalId, ...one(externalId) }))
    const slow = new URL((await batch(t, items)).location).pathname
    const preferred = { prefer: 'respond-async, batch-processing="parallel"' }
    const fast = new URL(
      (
        await batch(
          t,
          items.map((item) => ({ ...item, externalId: `${item.externalId}2` })),
          preferred,
        )
      ).location,
    ).pathname
    await t.clock.advance("1 minute")
    expect((await t.send(`${slow}/task`)).each("completed")).toEqual([true, false, false])
    expect((await t.send(`${fast}/task`)).each("completed")).toEqual([true, true, true])
  })

  it("are read, updated by either id, and deleted", async () => {
    const t = open()
    const { id } = await t.put("customer/eid:a", one("One"))
    await t.put("customer/eid:b", one("Two"))
    const done = async (answer: Promise<{ readonly location: string }>) => {
      const job = new URL((await answer).location).pathname
      await t.clock.advance("10 seconds")
      t.world.settle()
      return job
    }
    const items = [
      { id, phone: "1" },
      { externalId: "b", phone: "2" },
    ]
    await done(t.patch("customer", { items }, { ...ASYNC, ...COLLECTION }))
    expect(t.world.all("customer").map((doc) => doc.fields["phone"])).toEqual(["1", "2"])
    const read = await done(t.send(`${RECORDS}/customer?expandRecords=true&ids=${id},eid:b`, { headers: ASYNC }))
    expect((await t.send(`${read}/task/2/result`)).at("companyName")).toBe("Two")
    await done(t.send(`${RECORDS}/customer?ids=${id},eid:b`, { method: "DELETE", headers: ASYNC }))
    expect(t.world.all("customer")).toHaveLength(0)
  })
})
