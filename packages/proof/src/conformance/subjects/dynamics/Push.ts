/** Business events, as the rules see them. They are not signed: only their form and company tell them from others. */
import type { Push, Received } from "@mortise/conformance/kit/Probe"
import * as Core from "@mortise/core/Webhook"
import * as DynamicsPush from "@mortise/dynamics/Push"
import * as Effect from "effect/Effect"
import { COMPANY } from "./Party.ts"

const event = (control: number, company: string) =>
  JSON.stringify({
    BusinessEventId: "SalesInvoicePostedBusinessEvent",
    BusinessEventLegalEntity: company,
    ControlNumber: control,
    EventId: `0D2CF1B2-6F1D-4E2C-9F60-${String(control).padStart(12, "0")}`,
    EventTime: "/Date(1793610000000)/",
    InvoiceAccount: "US-001",
  })

export const push = (): Push => ({
  receiver: Effect.gen(function* () {
    let woken = 0
    const receive = yield* DynamicsPush.make({
      company: COMPANY,
      repeats: yield* Core.memory(),
      wake: () =>
        Effect.sync(() => {
          woken += 1
        }),
    })
    let sent = 5_637_145_000
    let last = ""
    const take = (body: string) =>
      Effect.gen(function* () {
        last = body
        woken = 0
        const received = yield* receive({
          method: "POST",
          url: "https://sync.example.com/events",
          headers: new Headers(),
          body: new TextEncoder().encode(body),
        })
        // One event moves several entities; it is one event all the same.
        const events = received._tag === "Accepted" && received.events.length > 0 ? 1 : 0
        return { status: received.status, events, woken } satisfies Received
      })
    return {
      genuine: () => Effect.suspend(() => take(event(++sent, COMPANY.toUpperCase()))),
      repeated: Effect.suspend(() => take(last)),
      forged: Effect.suspend(() => take(JSON.stringify({ ControlNumber: "x", Company: "nobody" }))),
    }
  }),
})
