/** Webhooks of a HubSpot app, as the rules see them. */
import { createHmac } from "node:crypto"
import type * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { Push, Received } from "@mortise/conformance/kit/Probe"
import { StateStore } from "@mortise/core/StateStore"
import type * as Core from "@mortise/core/Webhook"
import * as Webhook from "@mortise/hubspot/Webhook"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const SECRET = "conformance-webhook-secret"
const URL_ = "https://sync.example.com/hooks/hubspot"

const signed = (body: string, at: number, secret: string): Core.Push => ({
  method: "POST",
  url: URL_,
  headers: new Headers({
    "x-hubspot-signature-v3": createHmac("sha256", secret).update(`POST${URL_}${body}${at}`).digest("base64"),
    "x-hubspot-request-timestamp": String(at),
  }),
  body: new TextEncoder().encode(body),
})

const event = (portalId: number, objectId: string, occurredAt: number) => [
  {
    eventId: 1,
    subscriptionId: 11,
    portalId,
    occurredAt,
    subscriptionType: "company.propertyChange",
    objectId: Number(objectId),
    propertyName: "name",
    propertyValue: "whatever",
  },
]

export const push = (world: HubSpotTwin.HubSpotWorld): Push => ({
  receiver: Effect.gen(function* () {
    let woken = 0
    const receive = yield* Webhook.receiver({
      secrets: [Redacted.make(SECRET)],
      portalId: String(world.portal.portalId),
      store: yield* StateStore,
      wake: () =>
        Effect.sync(() => {
          woken += 1
        }),
    })
    let last = signed("[]", 0, SECRET)
    const take = (one: Core.Push) =>
      Effect.gen(function* () {
        last = one
        woken = 0
        const received = yield* receive(one)
        const events = received._tag === "Accepted" ? received.events.length : 0
        return { status: received.status, events, woken } satisfies Received
      })
    const sent = (id: string, secret: string, ageMillis = 0) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        take(signed(JSON.stringify(event(world.portal.portalId, id, now)), now - ageMillis, secret)),
      )
    return {
      genuine: (id: string) => sent(id, SECRET),
      repeated: Effect.suspend(() => take(last)),
      forged: sent("1", "guessed"),
      aged: (seconds: number) => sent("1", SECRET, seconds * 1_000),
    }
  }),
})
