/**
 * Frappe's webhooks: HMAC-SHA256 of the raw body, repeats dropped, unsigned ones refused. They carry no time and no id, are
 * tried three times within seconds and then lost: a push is a hint to poll, and never the only way to hear of a change.
 *
 * ```ts
 * const receive = yield* Webhook.receiver({ secrets, store, name: "invoices", wake: () => poller.hint })
 * const answer = yield* receive({ method, url, headers, body })
 * ```
 *
 * A webhook in ERPNext is for one doctype and one event, of on_update, on_submit, on_cancel, on_change and on_trash;
 * on_update_after_submit never fires. Its JSON names that event, which the site does not fill in:
 * `{"event": "on_trash", "doctype": "{{ doc.doctype }}", "name": "{{ doc.name }}", "modified": "{{ doc.modified }}"}`.
 * A deletion does not move the stamp: without its event it is taken for a repeat of the last save, and only polling tells.
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as StateStore from "@mortise/core/StateStore"
import * as Core from "@mortise/core/Webhook"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/** Frappe: `webhook.get_webhook_headers`; base64 of the HMAC over the raw body. */
export const scheme: Core.Scheme = {
  algorithm: "hmac-sha256",
  encoding: "base64",
  header: "x-frappe-webhook-signature",
  message: ({ body }) => [body],
}

/** The members that the template above sends. */
export const Event = Schema.Struct({
  doctype: Schema.String,
  name: Schema.String,
  modified: Schema.String,
  event: Schema.optionalKey(Schema.String),
})
export type Event = typeof Event.Type

const ENTITIES: Readonly<Record<string, string>> = {
  Customer: "Account",
  Contact: "Contact",
  Item: "Product",
  "Sales Order": "Order",
  "Sales Invoice": "Invoice",
  "Payment Entry": "Payment",
  // These move no stamp of the record that they belong to; its own sweep finds them.
  Address: "Account",
  "Item Price": "Product",
}

/** Doctypes whose name is the id of the record. */
const OWN = new Set(["Customer", "Contact", "Item", "Sales Order", "Sales Invoice", "Payment Entry"])

/** One event of a record at a stamp; a template of before names no event. */
const idOf = ({ doctype, event, modified, name }: Event): string =>
  JSON.stringify([doctype, name, modified, ...(event === undefined ? [] : [event])])

/** What a push points to; nothing for doctypes that nobody reads. */
export const events = (event: Event): ReadonlyArray<Core.Event<Event>> => {
  const entity = Object.hasOwn(ENTITIES, event.doctype) ? ENTITIES[event.doctype] : undefined
  if (entity === undefined) return []
  return [{ id: idOf(event), hint: { entity, ...(OWN.has(event.doctype) ? { ids: [event.name] } : {}) }, data: event }]
}

export interface Options {
  /** The webhook's secret, and the former one while it is being changed. */
  readonly secrets: ReadonlyArray<Redacted.Redacted<string>>
  /** Remembers events across restarts; without it they are remembered in memory. */
  readonly store?: Pick<StateStore.Service, "setting" | "putSetting">
  readonly name?: string
  readonly wake: (hints: ReadonlyArray<Core.Hint>) => Effect.Effect<void>
}

/** Receives pushes: answer the site with `status`, within 5 s. An empty secret is `Invalid`. */
export const receiver = (
  options: Options,
): Effect.Effect<
  (push: Core.Push) => Effect.Effect<Core.Received<Core.Event<Event>>, ConnectorError>,
  ConnectorError
> =>
  Effect.gen(function* () {
    const { name = "erpnext", secrets, store, wake } = options
    yield* Core.requireSecrets("erpnext", "secrets", secrets)
    const repeats = yield* store === undefined ? Core.memory() : Core.stored(store, name)
    return Core.signed({ scheme, secrets, schema: Event, events, repeats, wake })
  })
