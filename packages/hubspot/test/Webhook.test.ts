import { createHmac } from "node:crypto"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import type * as Core from "@mortise/core/Webhook"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as Webhook from "../src/Webhook.ts"
import { open, START } from "./portal.ts"

const SECRET = "client-secret"
const URL_ = "https://sync.example.com/hooks/hubspot?tenant=a%20b&next=%2Fx%3F%26"

const signature = (push: { method: string; uri: string; body: string; timestamp: number }, secret = SECRET) =>
  createHmac("sha256", secret)
    .update(push.method + push.uri + push.body + push.timestamp)
    .digest("base64")

const stageChange = (more: object = {}) => ({
  eventId: 1,
  subscriptionId: 11,
  portalId: 48151623,
  appId: 5,
  occurredAt: START,
  subscriptionType: "deal.propertyChange",
  attemptNumber: 0,
  objectId: 301,
  propertyName: "dealstage",
  propertyValue: "closedwon",
  changeSource: "CRM_UI",
  sourceId: "whatever",
  ...more,
})

const push = (
  events: unknown,
  more: { at?: number; secret?: string; url?: string; uri?: string; body?: string } = {},
): Core.Push => {
  const body = more.body ?? JSON.stringify(events)
  const timestamp = more.at ?? START
  const url = more.url ?? URL_
  const uri = more.uri ?? "https://sync.example.com/hooks/hubspot?tenant=a%20b&next=/x?%26"
  return {
    method: "POST",
    url,
    headers: new Headers({
      "x-hubspot-signature-v3": signature({ method: "POST", uri, body, timestamp }, more.secret),
      "x-hubspot-request-timestamp": String(timestamp),
    }),
    body: new TextEncoder().encode(body),
  }
}

const receiving = async (pushes: ReadonlyArray<Core.Push>, options: Partial<Webhook.Options> = {}) => {
  const { clock } = open()
  const hints: Array<Core.Hint> = []
  const exit = await clock.run(
    Effect.gen(function* () {
      const receive = yield* Webhook.receiver({
        secrets: [Redacted.make(SECRET)],
        wake: (all) => Effect.sync(() => void hints.push(...all)),
        ...options,
      })
      return yield* Effect.forEach(pushes, receive)
    }),
  )
  if (exit._tag !== "Success") throw new Error(String(exit))
  return { received: exit.value, hints }
}

describe("a push of HubSpot's", () => {
  it("is taken with the v3 signature over the URI with HubSpot's percent codes decoded, and wakes for its deal", async () => {
    const { hints, received } = await receiving([push([stageChange()])])
    expect(received[0]).toMatchObject({ _tag: "Accepted", status: 200, repeated: 0 })
    expect(hints).toEqual([{ entity: "Deal", ids: ["301"] }])
    const events = received[0]?._tag === "Accepted" ? received[0].events : []
    expect(events.map(({ data }) => Webhook.isStageChange(data))).toEqual([true])
  })

  it("decodes the twelve codes that HubSpot decodes, in either case, and no other", () => {
    const every = "%3a%2F%3F%40%21%27%28%29%2A%2c%3B%24"
    expect(Webhook.signedUri(`https://x.example/${every}%20%26%25%3D`)).toBe(
      "https://x.example/:/?@!'()*,;$%20%26%25%3D",
    )
  })

  it("is refused with another secret, without a signature, too old, and from the future", async () => {
    const bare = push([stageChange()])
    const { hints, received } = await receiving([
      push([stageChange()], { secret: "another" }),
      { ...bare, headers: new Headers() },
      push([stageChange()], { at: START - 300_001 }),
      push([stageChange()], { at: START + 300_001 }),
      { ...bare, body: new TextEncoder().encode(JSON.stringify([stageChange({ objectId: 9 })])) },
    ])
    expect(received.map((each) => each._tag === "Refused" && each.why)).toEqual([
      "forged",
      "unsigned",
      "stale",
      "early",
      "forged",
    ])
    expect(hints).toEqual([])
  })

  it("is taken at the edges of the window", async () => {
    const { received } = await receiving([
      push([stageChange()], { at: START - 300_000 }),
      push([stageChange({ objectId: 2 })], { at: START + 300_000 }),
    ])
    expect(received.map(({ status }) => status)).toEqual([200, 200])
  })

  it("is not taken with an older signature in place of the v3 one", async () => {
    const good = push([stageChange()])
    const { received } = await receiving([
      { ...good, headers: new Headers({ "x-hubspot-signature": "abc", "x-hubspot-signature-version": "v1" }) },
    ])
    expect(received[0]).toMatchObject({ _tag: "Refused", why: "unsigned" })
  })

  it("tells an event once, however often and in whatever batch it comes, across restarts", async () => {
    const backend = MemoryBackend.make()
    const store = await Effect.runPromise(StateStore.make(backend))
    const first = push([stageChange(), stageChange({ eventId: 2, attemptNumber: 1 }), stageChange({ objectId: 302 })])
    const one = await receiving([first, first], { store })
    expect(one.received).toMatchObject([{ repeated: 1 }, { repeated: 3, events: [] }])
    const two = await receiving([first, push([stageChange({ occurredAt: START + 5 })])], { store })
    expect(two.hints).toEqual([{ entity: "Deal", ids: ["301"] }])
  })

  it("of a merge names the survivor and those that it took in; of another portal nothing", async () => {
    const merge = stageChange({
      subscriptionType: "contact.merge",
      propertyName: undefined,
      objectId: 7,
      primaryObjectId: 7,
      mergedObjectIds: [8, 9],
      newObjectId: 10,
    })
    const { hints } = await receiving([push([merge, stageChange({ portalId: 1 })])], { portalId: "48151623" })
    expect(hints).toEqual([{ entity: "Contact", ids: ["7", "10", "8", "9"] }])
  })

  it("with something else than events is refused, and wakes nobody", async () => {
    const { hints, received } = await receiving([
      push(undefined, { body: "<html>" }),
      push({ not: "an array" }),
      push([{ portalId: 1 }]),
    ])
    expect(received.map(({ status }) => status)).toEqual([400, 400, 400])
    expect(hints).toEqual([])
  })

  it("with line breaks in a property's value is taken, with every other event of its batch", async () => {
    const described = { subscriptionType: "company.propertyChange", propertyName: "description" }
    const { hints, received } = await receiving([
      push([
        stageChange({ ...described, objectId: 5, propertyValue: "Two lines,\r\nand a\ttab\u0000." }),
        stageChange({ objectId: 6 }),
      ]),
    ])
    expect(received[0]).toMatchObject({ _tag: "Accepted", status: 200, skipped: 0 })
    expect(hints).toEqual([
      { entity: "Company", ids: ["5"] },
      { entity: "Deal", ids: ["6"] },
    ])
  })

  it("keeps its good events where others are none, and counts what it skipped", async () => {
    const hostile = [
      { objectId: "7\u0000" },
      { objectId: "7\n8" },
      { objectId: undefined, mergedObjectIds: ["9\u001b[2J"] },
      { subscriptionType: "deal\u2028.creation" },
      { propertyName: "deal\nstage" },
      { occurredAt: "yesterday" },
      { portalId: undefined },
    ]
    const { hints, received } = await receiving([
      push([stageChange({ objectId: 1 }), ...hostile.map(stageChange), null, "text", stageChange({ objectId: 2 })]),
    ])
    expect(received[0]).toMatchObject({ _tag: "Accepted", status: 200, skipped: 9, repeated: 0 })
    expect(hints.flatMap(({ ids }) => ids)).toEqual(["1", "2"])
  })

  it("of which no event can be read is refused, so that HubSpot shows it as failed", async () => {
    const { hints, received } = await receiving([push([stageChange({ objectId: "7\n8" })]), push([])])
    expect(received).toMatchObject([
      { status: 400, why: "notTheSchema" },
      { status: 200, skipped: 0, events: [] },
    ])
    expect(hints).toEqual([])
  })

  it("has no receiver without a secret, nor with an empty one", async () => {
    for (const secrets of [[], [""], [SECRET, ""]]) {
      const redacted = secrets.map((secret) => Redacted.make(secret))
      const made = Webhook.receiver({ secrets: redacted, wake: () => Effect.void })
      const error = await Effect.runPromise(Effect.flip(made))
      expect(error).toMatchObject({ system: "hubspot", reason: { _tag: "Invalid", issues: [{ path: ["secrets"] }] } })
    }
  })

  it("is checked against the address that HubSpot called, not the one that a proxy shows", async () => {
    const behind = push([stageChange()], { url: "http://10.0.0.7:8080/hooks/hubspot?tenant=a%20b&next=%2Fx%3F%26" })
    const { received } = await receiving([behind], { publicUrl: "https://sync.example.com/" })
    expect(received[0]?.status).toBe(200)
  })

  it("that a portal really sends arrives, doubled and out of order as they may be", async () => {
    const portal = open({ knobs: { webhookDuplicate: 1, webhookReorder: true } })
    const { clock, world } = portal
    const hints: Array<Core.Hint> = []
    const exit = await clock.run(
      Effect.gen(function* () {
        const receive = yield* Webhook.receiver({
          secrets: [Redacted.make(SECRET)],
          wake: (all) => Effect.sync(() => void hints.push(...all)),
        })
        const run = yield* Effect.promise(async () => {
          world.webhooks.aim({
            url: URL_,
            clientSecret: SECRET,
            appId: 5,
            receive: async (request: Request) => {
              const body = new Uint8Array(await request.arrayBuffer())
              const { method, headers, url } = request
              const answer = await Effect.runPromise(
                receive({ method, headers, url, body }).pipe(Effect.provide(clock.context)),
              )
              return new Response(null, { status: answer.status })
            },
          })
          world.webhooks.subscribe({ subscriptionType: "deal.propertyChange", propertyName: "dealstage" })
          return true
        })
        return run
      }),
    )
    expect(exit._tag).toBe("Success")
    const ids = world.seed(
      [1, 2, 3].map((at) => ({
        type: "deals" as const,
        properties: { dealname: `D${at}`, dealstage: "qualifiedtobuy" },
      })),
    )
    for (const id of ids) world.update("deals", id, { dealstage: "closedwon" })
    await clock.advance("1 minute")
    const deliveries = await world.webhooks.deliverDue()
    expect(deliveries.length).toBeGreaterThan(0)
    expect(hints.flatMap((hint) => hint.ids ?? []).sort()).toEqual([...ids].sort())
  })
})
