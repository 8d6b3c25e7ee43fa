import * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import type { Hint } from "@mortise/core/Webhook"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as Webhook from "../src/Webhook.ts"

const SECRET = "hook-secret"
const bytes = (text: string) => new TextEncoder().encode(text)

const push = (body: string, signature: string | undefined) => ({
  method: "POST",
  url: "https://hooks.example.test/erpnext",
  headers: new Headers(signature === undefined ? {} : { "x-frappe-webhook-signature": signature }),
  body: bytes(body),
})

const opened = async () => {
  const woken: Array<ReadonlyArray<Hint>> = []
  const wake = (hints: ReadonlyArray<Hint>) => Effect.sync(() => void woken.push(hints))
  const receive = await Effect.runPromise(Webhook.receiver({ secrets: [Redacted.make(SECRET)], wake }))
  return { woken, receive: (given: ReturnType<typeof push>) => Effect.runPromise(receive(given)) }
}

const body = (more: object = {}) =>
  JSON.stringify({ doctype: "Sales Invoice", name: "ACC-SINV-1", modified: "2026-11-20 04:54:09.850993", ...more })
const signed = (text: string, secret = SECRET) => push(text, ErpNextTwin.signature(secret, text))

describe("a webhook of Frappe", () => {
  it("is a hint to poll, signed as the site signs it, and wakes once however often it comes", async () => {
    const { receive, woken } = await opened()
    expect(await receive(signed(body()))).toMatchObject({ _tag: "Accepted", status: 200, repeated: 0 })
    expect(await receive(signed(body()))).toMatchObject({ _tag: "Accepted", repeated: 1 })
    expect(await receive(signed(body({ modified: "2026-11-20 04:55:00.000000" })))).toMatchObject({ repeated: 0 })
    expect(woken).toEqual([[{ entity: "Invoice", ids: ["ACC-SINV-1"] }], [{ entity: "Invoice", ids: ["ACC-SINV-1"] }]])
  })

  it("of a deletion wakes though the stamp is that of the last save, where the template names the event", async () => {
    const { receive, woken } = await opened()
    for (const event of ["on_update", "on_trash", "on_trash"]) await receive(signed(body({ event })))
    expect(woken).toHaveLength(2)
    // A template of before names none: the same record and stamp are one event.
    for (const repeated of [0, 1]) expect(await receive(signed(body()))).toMatchObject({ repeated })
  })

  it("is refused unsigned, forged, changed on the way, or malformed, and wakes nobody", async () => {
    const { receive, woken } = await opened()
    expect(await receive(push(body(), undefined))).toMatchObject({ status: 401, why: "unsigned" })
    expect(await receive(signed(body(), "guess"))).toMatchObject({ status: 401, why: "forged" })
    expect(await receive(push(`${body()} `, ErpNextTwin.signature(SECRET, body())))).toMatchObject({ why: "forged" })
    expect(await receive(signed("{}"))).toMatchObject({ status: 400, why: "notTheSchema" })
    expect(await receive(signed(body({ name: "a\u0000b" })))).toMatchObject({ status: 400, why: "controlCharacters" })
    expect(woken).toEqual([])
  })

  it("has no receiver without a secret, nor with an empty one", async () => {
    for (const secrets of [[], [""], [SECRET, ""]]) {
      const redacted = secrets.map((secret) => Redacted.make(secret))
      const made = Webhook.receiver({ secrets: redacted, wake: () => Effect.void })
      const error = await Effect.runPromise(Effect.flip(made))
      expect(error).toMatchObject({ system: "erpnext", reason: { _tag: "Invalid", issues: [{ path: ["secrets"] }] } })
    }
  })

  it("of an address wakes the accounts, and of a doctype that nobody reads wakes nobody", async () => {
    const { receive, woken } = await opened()
    await receive(signed(body({ doctype: "Address", name: "Acme-Billing" })))
    await receive(signed(body({ doctype: "Salary Slip" })))
    await receive(signed(body({ doctype: "__proto__" })))
    expect(woken).toEqual([[{ entity: "Account" }]])
  })
})
