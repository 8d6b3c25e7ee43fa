/** Credentials that do not change: private app tokens, service keys, API key pairs, or none. */
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Redacted from "effect/Redacted"
import type * as Auth from "./Auth.ts"
import type { ConnectorError } from "./ConnectorError.ts"
import { refuse } from "./internal/refuse.ts"

const constant = (make: () => Readonly<Record<string, string>>): Auth.Auth => ({
  headers: Effect.sync(make),
  refused: () => Effect.succeed(false),
})

/** No credentials at all: a server on loopback, a public API. */
export const none: Auth.Auth = constant(() => ({}))

// Visible ASCII: what a header can carry. A pasted line break or a quote around the token is told, not sent.
const SENDABLE = /^[\x21-\x7e]+$/

const checked = (system: string, field: string, secret: Redacted.Redacted<string>) => {
  const value = Redacted.value(secret)
  if (SENDABLE.test(value)) return Effect.succeed(value)
  const fault = value === "" ? "it is empty" : "it holds a space, a line break or a character that no header can carry"
  return refuse(system, field, fault)
}

/** `Authorization: Bearer <token>`. Fails with `Invalid` for a token that no header can carry. */
export const bearer = (system: string, token: Redacted.Redacted<string>): Effect.Effect<Auth.Auth, ConnectorError> =>
  Effect.as(
    checked(system, "token", token),
    constant(() => ({ authorization: `Bearer ${Redacted.value(token)}` })),
  )

/** A key in a header of the vendor's own, `x-api-key`. */
export const header = (
  system: string,
  name: string,
  key: Redacted.Redacted<string>,
): Effect.Effect<Auth.Auth, ConnectorError> =>
  Effect.as(
    checked(system, "key", key),
    constant(() => ({ [name.toLowerCase()]: Redacted.value(key) })),
  )

/** HTTP Basic, as UTF-8. A user name cannot hold a colon. */
export const basic = (
  system: string,
  user: string,
  password: Redacted.Redacted<string>,
): Effect.Effect<Auth.Auth, ConnectorError> =>
  Effect.as(
    user.includes(":") ? refuse(system, "user", "it holds a colon, which would end it") : Effect.void,
    constant(() => ({ authorization: `Basic ${Base64.encode(`${user}:${Redacted.value(password)}`)}` })),
  )

/** `Authorization: token <key>:<secret>`, as Frappe has it. */
export const keyPair = (
  system: string,
  pair: { readonly key: Redacted.Redacted<string>; readonly secret: Redacted.Redacted<string> },
): Effect.Effect<Auth.Auth, ConnectorError> =>
  Effect.as(
    Effect.all([checked(system, "key", pair.key), checked(system, "secret", pair.secret)]),
    constant(() => ({ authorization: `token ${Redacted.value(pair.key)}:${Redacted.value(pair.secret)}` })),
  )
