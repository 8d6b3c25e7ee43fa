import { createHash, createHmac } from "node:crypto"
import { describe, expect, it } from "vitest"
import * as WebhookSignature from "../../src/hubspot/WebhookSignature.ts"
import { open, V2026 } from "./portal.ts"

const SECRET = "hook-secret"
const URL_WITH_CODES = "https://hooks.example/hubspot?next=%2Fa%3Fb%20c"

interface Sent {
  readonly subscriptionType: string
  readonly attemptNumber: number
  readonly objectId: number
  readonly propertyName?: string
  readonly propertyValue?: string
  readonly [member: string]: unknown
}

const listening = (answer: (deliveries: number) => number | "silence" = () => 200) => {
  const portal = open()
  const received: Array<{ readonly request: Request; readonly body: string; readonly events: ReadonlyArray<Sent> }> = []
  portal.world.webhooks.aim({
    url: URL_WITH_CODES,
    appId: 77,
    clientSecret: SECRET,
    receive: async (request) => {
      const body = await request.text()
      received.push({ request, body, events: JSON.parse(body) as ReadonlyArray<Sent> })
      const status = answer(received.length)
      return status === "silence" ? new Promise<Response>(() => {}) : new Response(null, { status })
    },
  })
  const events = () => received.flatMap((one) => one.events)
  return { ...portal, received, events }
}

describe("webhooks of a HubSpot portal", () => {
  it("tells a won deal by its stage, signed over method, uri, body and time", async () => {
    const { ask, clock, received, world } = listening()
    const subscriptionId = world.webhooks.subscribe({
      subscriptionType: "deal.propertyChange",
      propertyName: "dealstage",
    })
    const [id] = world.seed([{ type: "deals", properties: { dealname: "D", dealstage: "contractsent" } }])
    expect(world.webhooks.pending()).toBe(0)
    await ask("PATCH", `${V2026}/deals/${id}`, { properties: { dealstage: "closedwon", amount: "5" } })
    await world.webhooks.deliverDue()
    const [one] = received
    expect(one?.events).toHaveLength(1)
    expect(one?.events[0]).toMatchObject({
      subscriptionId,
      subscriptionType: "deal.propertyChange",
      objectId: Number(id),
      propertyName: "dealstage",
      propertyValue: "closedwon",
      attemptNumber: 0,
      changeSource: "INTEGRATION",
      portalId: world.portal.portalId,
      occurredAt: clock.now(),
    })
    const headers = one?.request.headers
    const signed = `POSThttps://hooks.example/hubspot?next=/a?b%20c${one?.body}${clock.now()}`
    expect(headers?.get("x-hubspot-signature-v3")).toBe(createHmac("sha256", SECRET).update(signed).digest("base64"))
    expect(headers?.get("x-hubspot-request-timestamp")).toBe(String(clock.now()))
    expect(headers?.get("x-hubspot-signature")).toBe(createHash("sha256").update(`${SECRET}${one?.body}`).digest("hex"))
  })

  it("decodes just the percent codes that the signature asks for", () => {
    expect(WebhookSignature.signedUri("/x?a=%3A%2f%3F%40%21%27%28%29%2A%2C%3B%24&b=%20%25%C3%A9")).toBe(
      "/x?a=:/?@!'()*,;$&b=%20%25%C3%A9",
    )
  })

  it("sends creation, deletion, merge and association changes, also of types without names of their own", async () => {
    const { events, world } = listening()
    for (const action of ["creation", "deletion", "merge", "associationChange", "restore"]) {
      world.webhooks.subscribe({ subscriptionType: `company.${action}` })
    }
    world.webhooks.subscribe({ subscriptionType: "object.creation", objectTypeId: "0-53" })
    const [contact = ""] = world.seed([{ type: "contacts", properties: { email: "x@example.com" } }])
    const [a, b, c] = ["A", "B", "C"].map((name) => world.create("companies", { name })) as [string, string, string]
    world.associate("contacts", contact, "companies", a)
    const survivor = world.mergeRecords("companies", a, b)
    world.archive("companies", c)
    world.restore("companies", c)
    world.create("invoices", { hs_currency: "EUR" })
    await world.webhooks.deliverDue()
    const of = (type: string) => events().filter((one) => one.subscriptionType === type)
    expect(of("company.creation").map((one) => one.objectId)).toEqual([a, b, c].map(Number))
    expect(of("company.merge")).toMatchObject([
      { primaryObjectId: Number(a), mergedObjectIds: [Number(a), Number(b)], newObjectId: Number(survivor) },
    ])
    expect(of("company.deletion")).toMatchObject([{ objectId: Number(c), changeFlag: "DELETED" }])
    expect(of("company.restore")).toHaveLength(1)
    expect(of("company.associationChange")[0]).toMatchObject({
      associationType: "COMPANY_TO_CONTACT",
      fromObjectId: Number(a),
      toObjectId: Number(contact),
      associationRemoved: false,
    })
    expect(of("object.creation")).toMatchObject([{ objectTypeId: "0-53", changeSource: "CRM_UI" }])
  })

  it("sends arrays of at most 100 events", async () => {
    const { received, world } = listening()
    world.webhooks.subscribe({ subscriptionType: "company.creation" })
    for (let at = 0; at < 250; at += 1) world.create("companies", { name: `C${at}` })
    await world.webhooks.deliverDue()
    expect(received.map((one) => one.events.length)).toEqual([100, 100, 50])
  })

  it("comes again up to ten times over about a day when the receiver fails", async () => {
    const { clock, received, world } = listening(() => 500)
    world.webhooks.subscribe({ subscriptionType: "company.creation" })
    world.create("companies", { name: "A" })
    const start = clock.now()
    for (let due = world.webhooks.nextDue(); due !== undefined; due = world.webhooks.nextDue()) {
      clock.advance(Math.max(0, due - clock.now()))
      await world.webhooks.deliverDue()
    }
    expect(received.map((one) => one.events[0]?.attemptNumber)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const hours = (clock.now() - start) / 3_600_000
    expect(hours).toBeGreaterThan(18)
    expect(hours).toBeLessThan(30)
  })

  it("gives up on a receiver after five seconds, and tries again", async () => {
    const { clock, received, world } = listening((count) => (count === 1 ? "silence" : 200))
    world.webhooks.subscribe({ subscriptionType: "company.creation" })
    world.create("companies", { name: "A" })
    const first = world.webhooks.deliverDue()
    await expect.poll(() => received.length).toBe(1)
    clock.advance(5_000)
    expect((await first)[0]?.status).toBe(undefined)
    expect(world.webhooks.pending()).toBe(1)
    clock.advance(120_000)
    expect((await world.webhooks.deliverDue())[0]?.status).toBe(200)
    expect([received.length, world.webhooks.pending()]).toEqual([2, 0])
  })

  it("repeats and reorders events on demand", async () => {
    const { events, world } = listening()
    world.webhooks.subscribe({ subscriptionType: "company.creation" })
    world.knobs.webhookDuplicate = 0.5
    world.knobs.webhookReorder = true
    const ids = Array.from({ length: 40 }, (_, at) => Number(world.create("companies", { name: `C${at}` })))
    await world.webhooks.deliverDue()
    const seen = events().map((one) => one.objectId)
    expect(seen.length).toBeGreaterThan(45)
    expect(new Set(seen)).toEqual(new Set(ids))
    expect(seen).not.toEqual([...seen].sort((a, b) => a - b))
  })
})
