/**
 * Business events as hints. An endpoint gets a JSON body that nobody signs, near real time, unordered, and again when it
 * was not acknowledged; so the body is never data. It tells what kind of document moved in which company, the reader
 * polls, and a repeat is known by its control number.
 *
 * ```ts
 * const repeats = yield* Webhook.stored(store, "dynamics-events")
 * const receive = yield* Push.make({ company: "usmf", repeats, wake: () => poller.hint })
 * const answer = yield* receive({ method, url, headers, body })
 * ```
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Webhook from "@mortise/core/Webhook"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/** Our entities by business event. Microsoft: business events of accounts receivable. */
export const EVENTS: { readonly [event: string]: ReadonlyArray<string> } = {
  SalesInvoicePostedBusinessEvent: ["Invoice", "Order", "Account"],
  CustFreeTextInvoicePostedBusinessEvent: ["Invoice", "Account"],
  CustomerPaymentPostedBusinessEvent: ["Payment", "Invoice", "Account"],
  CustWriteOffTransactionsBusinessEvent: ["Invoice", "Account"],
  CollectionStatusUpdatedBusinessEvent: ["Invoice"],
}

export interface Options {
  /** Events of other companies are acknowledged and wake nobody. */
  readonly company: string
  /** Beside the known ones, or in their place. */
  readonly events?: { readonly [event: string]: ReadonlyArray<string> }
  readonly repeats: Webhook.Repeats
  /** Told once for a push with anything new in it. */
  readonly wake: (hints: ReadonlyArray<Webhook.Hint>) => Effect.Effect<void>
  /** A header that the gateway before the endpoint adds. It keeps strangers out; the vendor itself sends none. */
  readonly password?: { readonly header: string; readonly value: Redacted.Redacted<string> }
  /** A greater body is refused unread. Defaults to 64 KiB; a stub has less than one. */
  readonly maxBytes?: number
}

const MAX_BYTES = 65_536

/** A control number has 16 digits and more, and comes as a number or as text. */
const Control = Schema.Union([Schema.Number, Schema.String.check(Schema.isPattern(/^\d{1,19}$/))])

/** The stub that every event begins with; the contract's own members are not looked at. */
const Stub = Schema.Struct({
  BusinessEventId: Schema.String.check(Schema.isPattern(/^\w{1,200}$/)),
  BusinessEventLegalEntity: Schema.optionalKey(Schema.NullOr(Schema.String.check(Schema.isPattern(/^\w{0,4}$/)))),
  ControlNumber: Control,
  EventId: Schema.optionalKey(Schema.NullOr(Schema.String)),
})

type Stub = typeof Stub.Type

/** What tells an event from others: where a number is too great to keep its last digits, the event's own id as well. */
const numberOf = ({ ControlNumber: number, EventId }: Stub): string =>
  typeof number === "string" || Number.isSafeInteger(number) ? `${number}` : `${number}|${(EventId ?? "").slice(0, 64)}`

const eventsOf =
  (options: Options) =>
  (stub: Stub): ReadonlyArray<Webhook.Event<undefined>> => {
    const legalEntity = stub.BusinessEventLegalEntity ?? ""
    const entities = { ...EVENTS, ...options.events }
    const moved = Object.hasOwn(entities, stub.BusinessEventId) ? entities[stub.BusinessEventId] : undefined
    const elsewhere = legalEntity !== "" && legalEntity.toLowerCase() !== options.company.toLowerCase()
    if (moved === undefined || elsewhere) return []
    // The number counts in the environment; one event moves several of our entities.
    return moved.map((entity) => ({
      id: `${stub.BusinessEventId}|${legalEntity.toLowerCase()}|${numberOf(stub)}|${entity}`,
      hint: { entity },
      data: undefined,
    }))
  }

/** A receiver; what it answers has the status for the reply. An empty password is `Invalid`. */
export const make = (
  options: Options,
): Effect.Effect<(push: Webhook.Push) => Effect.Effect<Webhook.Received<string>, ConnectorError>, ConnectorError> => {
  const { maxBytes = MAX_BYTES, password, repeats, wake } = options
  const receive = Webhook.unsigned<Stub>({
    schema: Stub,
    events: eventsOf(options),
    repeats,
    wake,
    maxBytes,
    ...(password === undefined ? {} : { password }),
  })
  if (password === undefined) return Effect.succeed(receive)
  return Effect.as(Webhook.requireSecrets("dynamics", "password", [password.value]), receive)
}
