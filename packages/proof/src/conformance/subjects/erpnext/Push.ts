/** Webhooks of a site, as the rules see them. They are signed, and bear no time. */
import * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import type { Push, Received } from "@mortise/conformance/kit/Probe"
import { StateStore } from "@mortise/core/StateStore"
import type * as Core from "@mortise/core/Webhook"
import * as Webhook from "@mortise/erpnext/Webhook"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const SECRET = "conformance-webhook-secret"

const signed = (body: string, secret: string): Core.Push => ({
  method: "POST",
  url: "https://sync.example.com/hooks/erpnext",
  headers: new Headers({ "x-frappe-webhook-signature": ErpNextTwin.signature(secret, body) }),
  body: new TextEncoder().encode(body),
})

const bodyOf = (world: ErpNextTwin.ErpNextWorld, name: string): string =>
  JSON.stringify({
    doctype: "Customer",
    name,
    modified: String(world.get("Customer", name)?.columns["modified"] ?? "2026-11-02 04:00:00"),
  })

export const push = (world: ErpNextTwin.ErpNextWorld): Push => ({
  receiver: Effect.gen(function* () {
    let woken = 0
    const receive = yield* Webhook.receiver({
      secrets: [Redacted.make(SECRET)],
      store: yield* StateStore,
      wake: () =>
        Effect.sync(() => {
          woken += 1
        }),
    })
    let last = signed("{}", SECRET)
    const take = (one: Core.Push) =>
      Effect.gen(function* () {
        last = one
        woken = 0
        const received = yield* receive(one)
        const events = received._tag === "Accepted" ? received.events.length : 0
        return { status: received.status, events, woken } satisfies Received
      })
    const sent = (id: string, secret: string) => Effect.suspend(() => take(signed(bodyOf(world, id), secret)))
    return {
      genuine: (id: string) => sent(id, SECRET),
      repeated: Effect.suspend(() => take(last)),
      forged: sent("Nobody", "guessed"),
    }
  }),
})
