/** The way to a consent and back: proof key (RFC 7636, S256 only) and state. */
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"
import { ConnectorError, Unauthorized } from "../../ConnectorError.ts"
import type { Consent } from "../../OAuth.ts"

/** 32 random bytes: 43 characters, the least that RFC 7636 allows for a verifier. */
const secret = (crypto: Crypto): string => Base64Url.encode(crypto.getRandomValues(new Uint8Array(32)))

export const begin = (options: {
  readonly authorizeUrl: URL
  readonly parameters: Readonly<Record<string, string>>
}): Effect.Effect<Consent> =>
  Effect.gen(function* () {
    const crypto = yield* WebCrypto.WebCrypto
    const [state, verifier] = [secret(crypto), secret(crypto)]
    const digest = yield* Effect.promise(() => crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)))
    const url = new URL(options.authorizeUrl)
    const all = {
      ...options.parameters,
      state,
      code_challenge: Base64Url.encode(new Uint8Array(digest)),
      code_challenge_method: "S256",
    }
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
    return { url, state: Redacted.make(state), verifier: Redacted.make(verifier) }
  })

/** Compares all characters whatever the first difference. */
const isSame = (a: string, b: string): boolean => {
  let difference = a.length ^ b.length
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index % b.length)
  return difference === 0
}

export const verifyState = (
  system: string,
  returned: string,
  kept: Redacted.Redacted<string>,
): Effect.Effect<void, ConnectorError> => {
  if (isSame(returned, Redacted.value(kept))) return Effect.void
  const message = "the state that came back is not the one of this consent; begin a new one"
  return Effect.fail(new ConnectorError({ system, operation: "token", reason: new Unauthorized({ message }) }))
}
