/**
 * Signs JSON Web Tokens (RFC 7515, RFC 7518) with a private key in PEM, through WebCrypto. Only what an assertion for a
 * token endpoint needs: nothing is verified here.
 */
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { ConnectorError, Invalid, shape } from "./ConnectorError.ts"

export type Algorithm = "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "ES256" | "ES384" | "ES512"

export interface Key {
  readonly algorithm: Algorithm
  /** PKCS#8: `-----BEGIN PRIVATE KEY-----`. */
  readonly pem: Redacted.Redacted<string>
  /** `kid` of the header. */
  readonly id?: string
}

const CURVES: Readonly<Record<string, string>> = { "256": "P-256", "384": "P-384", "512": "P-521" }

interface Scheme {
  readonly forImport: RsaHashedImportParams | EcKeyImportParams
  readonly forSigning: AlgorithmIdentifier | RsaPssParams | EcdsaParams
}

const schemeOf = (algorithm: Algorithm): Scheme => {
  const size = algorithm.slice(2)
  const hash = `SHA-${size}`
  switch (algorithm.slice(0, 2)) {
    case "RS":
      return { forImport: { name: "RSASSA-PKCS1-v1_5", hash }, forSigning: { name: "RSASSA-PKCS1-v1_5" } }
    case "PS":
      return { forImport: { name: "RSA-PSS", hash }, forSigning: { name: "RSA-PSS", saltLength: Number(size) / 8 } }
    default:
      return {
        forImport: { name: "ECDSA", namedCurve: CURVES[size] ?? "P-256" },
        forSigning: { name: "ECDSA", hash },
      }
  }
}

const invalid = (system: string, message: string): ConnectorError =>
  new ConnectorError({ system, reason: new Invalid({ message, issues: [{ path: ["key", "pem"], message }] }) })

/** The bytes between the armour. The messages name the armour that was found and never the key. */
const bytesOf = (system: string, pem: string): Effect.Effect<Uint8Array, ConnectorError> => {
  const armour = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/.exec(pem)
  if (armour === null) return Effect.fail(invalid(system, `the key is ${shape(pem)} without PEM armour`))
  const [, label = "", body = ""] = armour
  if (label !== "PRIVATE KEY") {
    const mend = "convert it to unencrypted PKCS#8 (`openssl pkcs8 -topk8 -nocrypt`)"
    return Effect.fail(invalid(system, `the key is ${label} where PRIVATE KEY (PKCS#8) is needed; ${mend}`))
  }
  const decoded = Base64.decode(body.replaceAll(/\s/g, ""))
  return Result.isFailure(decoded)
    ? Effect.fail(invalid(system, "the key's PEM body is not base64"))
    : Effect.succeed(decoded.success)
}

export interface Signer {
  readonly sign: (claims: Readonly<Record<string, unknown>>) => Effect.Effect<Redacted.Redacted<string>, ConnectorError>
}

/** Reads the key once. `Invalid` for a key that is no PKCS#8 PEM or does not fit the algorithm. */
export const signer = Effect.fnUntraced(function* (system: string, key: Key) {
  const { subtle } = yield* WebCrypto.WebCrypto
  const scheme = schemeOf(key.algorithm)
  const bytes = yield* bytesOf(system, Redacted.value(key.pem))
  const unfit = () => invalid(system, `the private key does not fit ${key.algorithm}`)
  const handle = yield* Effect.tryPromise({
    try: () => subtle.importKey("pkcs8", Uint8Array.from(bytes), scheme.forImport, false, ["sign"]),
    catch: unfit,
  })
  const header = { alg: key.algorithm, typ: "JWT", ...(key.id === undefined ? {} : { kid: key.id }) }
  const sign: Signer["sign"] = Effect.fnUntraced(function* (claims) {
    const signed = `${Base64Url.encode(JSON.stringify(header))}.${Base64Url.encode(JSON.stringify(claims))}`
    const signature = yield* Effect.tryPromise({
      try: () => subtle.sign(scheme.forSigning, handle, new TextEncoder().encode(signed)),
      catch: unfit,
    })
    return Redacted.make(`${signed}.${Base64Url.encode(new Uint8Array(signature))}`)
  })
  return { sign } satisfies Signer
})
