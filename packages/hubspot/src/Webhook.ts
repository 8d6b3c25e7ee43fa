/**
 * HubSpot's webhooks: the v3 signature, batches of events, repeats dropped. An event is a hint to read the record; what
 * it carries is not written anywhere. One that cannot be read keeps none of the others from being taken.
 *
 * ```ts
 * const receive = yield* Webhook.receiver({ secrets, store, name: "deals", publicUrl: "https://sync.example.com", wake })
 * const answer = yield* receive({ method, url, headers, body })
 * ```
 *
 * HubSpot: webhooks guide. Signed is method, full URI as HubSpot called it, raw body and timestamp; some percent codes of
 * the URI are decoded before. Events come at least once, in any order; an event id is not surely unique.
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as StateStore from "@mortise/core/StateStore"
import * as Core from "@mortise/core/Webhook"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/** The percent codes that HubSpot decodes before it signs: `:/?@!'()*,;$`. */
const DECODED = /%(3A|2F|3F|40|21|27|28|29|2A|2C|3B|24)/gi

/** The URI as HubSpot signs it. */
export const signedUri = (uri: string): string =>
  uri.replace(DECODED, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))

/** A signature older than this is refused, and one from the future as well. */
export const WINDOW = Duration.minutes(5)

/** HMAC-SHA256 over method, URI, raw body and timestamp, without separators. Never the older v1 in its place. */
export const scheme: Core.Scheme = {
  algorithm: "hmac-sha256",
  encoding: "base64",
  header: "x-hubspot-signature-v3",
  timestamp: { header: "x-hubspot-request-timestamp", unit: "milliseconds", window: WINDOW },
  message: ({ body, method, url }, timestamp) => [method, signedUri(url), body, timestamp],
}

const Member = Schema.Union([Schema.String, Schema.Number])

/**
 * One event, as far as it is used; the docs call the type by two names. Other members are ignored, and among them is the
 * value of a changed property: it may hold anything that people write, and the record itself tells it.
 */
export const Event = Schema.Struct({
  eventId: Schema.optionalKey(Member),
  subscriptionId: Schema.optionalKey(Member),
  portalId: Member,
  appId: Schema.optionalKey(Member),
  occurredAt: Schema.Number,
  subscriptionType: Schema.optionalKey(Schema.String),
  eventType: Schema.optionalKey(Schema.String),
  attemptNumber: Schema.optionalKey(Schema.Number),
  objectId: Schema.optionalKey(Member),
  objectTypeId: Schema.optionalKey(Schema.String),
  propertyName: Schema.optionalKey(Schema.String),
  changeSource: Schema.optionalKey(Schema.String),
  primaryObjectId: Schema.optionalKey(Member),
  mergedObjectIds: Schema.optionalKey(Schema.Array(Member)),
  newObjectId: Schema.optionalKey(Schema.NullOr(Member)),
  fromObjectId: Schema.optionalKey(Member),
  toObjectId: Schema.optionalKey(Member),
  associationType: Schema.optionalKey(Schema.String),
})
export type Event = typeof Event.Type

/** What we take of an event are ids, names and types: one with control characters among them is not taken. */
const Plain = Event.check(Schema.makeFilter((event) => !Core.hasControl(event)))

/** HubSpot sends up to 100 events in one array. One that cannot be read is undefined, and the others are taken. */
export const Events = Schema.Array(
  Schema.UndefinedOr(Plain).pipe(Schema.catchDecoding(() => Effect.succeedSome(undefined))),
)

const ENTITIES: Readonly<Record<string, string>> = {
  contact: "Contact",
  company: "Company",
  deal: "Deal",
  product: "Product",
  line_item: "Line",
  "0-1": "Contact",
  "0-2": "Company",
  "0-3": "Deal",
  "0-7": "Product",
  "0-8": "Line",
  "0-53": "Invoice",
  "0-101": "Payment",
}

const typeOf = (event: Event): string => event.subscriptionType ?? event.eventType ?? ""

const entityOf = (event: Event): string | undefined => {
  const [object = ""] = typeOf(event).split(".")
  return ENTITIES[object === "object" ? (event.objectTypeId ?? "") : object]
}

/** The records to read: after a merge the survivor and those that it took in. */
const idsOf = (event: Event): ReadonlyArray<string> => {
  const named = [
    event.objectId,
    event.newObjectId,
    event.primaryObjectId,
    event.fromObjectId,
    ...(event.mergedObjectIds ?? []),
  ]
  return [...new Set(named.flatMap((id) => (id === undefined || id === null ? [] : [String(id)])))]
}

/** Equal for every delivery of one event. HubSpot: webhooks guide; event ids alone are not surely unique. */
const identityOf = (event: Event): string =>
  [
    event.portalId,
    event.subscriptionId ?? typeOf(event),
    idsOf(event).join("+"),
    event.propertyName ?? event.associationType ?? "",
    event.toObjectId ?? "",
    event.occurredAt,
  ].join("|")

/** What the events of a push point to. Only those of this portal, where one is named. */
export const events =
  (portalId?: string) =>
  (all: typeof Events.Type): ReadonlyArray<Core.Event<Event> | undefined> =>
    all
      .filter((event) => event === undefined || portalId === undefined || String(event.portalId) === portalId)
      .map((event) => {
        if (event === undefined) return undefined
        const entity = entityOf(event)
        return {
          id: identityOf(event),
          hint: { ids: idsOf(event), ...(entity === undefined ? {} : { entity }) },
          data: event,
        }
      })

/** True for a deal that moved to another stage. Whether it was won, the deal itself tells when it is read. */
export const isStageChange = (event: Event): boolean =>
  typeOf(event) === "deal.propertyChange" && event.propertyName === "dealstage"

export interface Options {
  /** The app's client secret, and the former one while it is being changed. */
  readonly secrets: ReadonlyArray<Redacted.Redacted<string>>
  /** Scheme and host by which HubSpot calls us: a proxy may show us others, and they are part of what is signed. */
  readonly publicUrl?: string
  readonly portalId?: string
  /** Remembers events across restarts; without it they are remembered in memory. */
  readonly store?: Pick<StateStore.Service, "setting" | "putSetting">
  readonly name?: string
  readonly wake: (hints: ReadonlyArray<Core.Hint>) => Effect.Effect<void>
}

const publicly = (push: Core.Push, publicUrl: string | undefined): Core.Push => {
  if (publicUrl === undefined) return push
  const path = push.url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "")
  return {
    ...push,
    url: `${publicUrl.replace(/\/+$/, "")}${path.startsWith("/") || path.startsWith("?") ? path : `/${path}`}`,
  }
}

/** Receives pushes: answer HubSpot with `status`, within 5 s. An empty secret is `Invalid`. */
export const receiver = (
  options: Options,
): Effect.Effect<
  (push: Core.Push) => Effect.Effect<Core.Received<Core.Event<Event>>, ConnectorError>,
  ConnectorError
> =>
  Effect.gen(function* () {
    const { name = "hubspot", secrets, store } = options
    yield* Core.requireSecrets("hubspot", "secrets", secrets)
    const receive = Core.signed({
      scheme,
      secrets,
      schema: Events,
      events: events(options.portalId),
      repeats: yield* store === undefined ? Core.memory() : Core.stored(store, name),
      wake: options.wake,
    })
    return (push) => receive(publicly(push, options.publicUrl))
  })
