/**
 * Push notifications (form SM302000) as hints. They are not signed: one static header is all that a destination can ask
 * for, so a body is never data. It tells which query moved, and the reader polls. Acumatica sends a notification again
 * when it was not acknowledged; its `Id` names the data transaction and is remembered to drop repeats.
 */
import { ConnectorError, Decode, Invalid, type Reason, Unauthorized } from "@mortise/core/ConnectorError"
import * as Json from "@mortise/core/Json"
import { requireSecrets, sameText } from "@mortise/core/Webhook"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"

export interface Options {
  /** Name of the static header, as it was entered beside the destination. */
  readonly header: string
  /** Its value, the one thing that keeps strangers out. */
  readonly value: Redacted.Redacted<string>
  /** Our entity by name of the query: `{ Customers: "Account" }`. Other queries are no hints. */
  readonly queries: { readonly [query: string]: string }
  /** Ids remembered to drop repeats. Defaults to 10,000. */
  readonly remember?: number
}

/** The entity to poll. */
export interface Hint {
  readonly entity: string
  /** The data transaction. */
  readonly id: string
}

export interface Receiver {
  /**
   * Undefined for a repeat and for a query that nobody reads. `Unauthorized` without the right header, `Invalid` or
   * `Decode` for a body that is none of a notification's.
   */
  readonly receive: (request: {
    readonly headers: Headers
    readonly body: string
  }) => Effect.Effect<Hint | undefined, ConnectorError>
}

const DEFAULT_MEMORY = 10_000

/** Acumatica: a notification holds the rows of one transaction; larger ones are truncated and never come. */
const GREATEST_BODY = 1_000_000

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

const fail = (reason: Reason) =>
  Effect.fail(new ConnectorError({ system: "acumatica", operation: "acumatica.push", reason }))

const textOf = (body: Json.Json, name: string): string | undefined => {
  if (typeof body !== "object" || body === null || Array.isArray(body) || body instanceof Json.JsonNumber)
    return undefined
  const value = (body as { readonly [name: string]: Json.Json })[name]
  return typeof value === "string" ? value : undefined
}

const parse = (body: string) =>
  Effect.try({
    try: () => Json.parse(body),
    catch: () =>
      new ConnectorError({
        system: "acumatica",
        operation: "acumatica.push",
        reason: new Decode({ message: `a body of ${body.length} characters is not JSON`, issues: [] }),
      }),
  })

/** A receiver with a memory of its own. An empty `value` is `Invalid`: it would let everybody in. */
export const make = (options: Options): Effect.Effect<Receiver, ConnectorError> =>
  Effect.map(requireSecrets("acumatica", "value", [options.value]), () => receiver(options))

const receiver = (options: Options): Receiver => {
  const seen = new Set<string>()
  const limit = options.remember ?? DEFAULT_MEMORY

  const isRepeat = (id: string): boolean => {
    if (seen.has(id)) return true
    seen.add(id)
    if (seen.size > limit) {
      const [oldest] = seen
      if (oldest !== undefined) seen.delete(oldest)
    }
    return false
  }

  const receive: Receiver["receive"] = Effect.fnUntraced(function* ({ body, headers }) {
    const given = headers.get(options.header)
    if (given === null || !sameText(given, options.value))
      return yield* fail(new Unauthorized({ message: `the header ${options.header} is not the agreed one` }))
    if (body.length > GREATEST_BODY)
      return yield* fail(new Invalid({ message: `a body of ${body.length} characters is too large`, issues: [] }))
    const parsed = yield* parse(body)
    const [id, query] = [textOf(parsed, "Id"), textOf(parsed, "Query")]
    if (id === undefined || !GUID.test(id) || query === undefined) {
      const issues = [
        { path: [id === undefined || !GUID.test(id) ? "Id" : "Query"], message: "is missing or malformed" },
      ]
      return yield* fail(new Invalid({ message: "the body is not that of a push notification", issues }))
    }
    const entity = Object.hasOwn(options.queries, query) ? options.queries[query] : undefined
    return entity === undefined || isRepeat(`${query}|${id}`) ? undefined : { entity, id }
  })

  return { receive }
}
