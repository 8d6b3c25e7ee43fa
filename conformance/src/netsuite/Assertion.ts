/** Checks the signed statement that a client asks for a token with. Oracle: help, section 162790605110. */
import * as crypto from "node:crypto"
import type { Knobs } from "./Knobs.ts"
import type { Certificate } from "./State.ts"

type Claims = { readonly [name: string]: unknown }

const HOUR = 3600

const json = (part: string): Claims | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"))
    return typeof value === "object" && value !== null ? (value as Claims) : undefined
  } catch {
    return undefined
  }
}

/** RS256 is not among them. */
const ALGORITHM = /^(PS|ES)(256|384|512)$/

const holds = (algorithm: string, signed: string, signature: string, publicKey: string): boolean => {
  const key = crypto.createPublicKey(publicKey)
  const size = Number(algorithm.slice(2))
  const kind = algorithm.startsWith("ES") ? "ec" : "rsa"
  if (key.asymmetricKeyType !== kind) return false
  const how =
    kind === "ec"
      ? { key, dsaEncoding: "ieee-p1363" as const }
      : algorithm.startsWith("PS")
        ? { key, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: size / 8 }
        : { key, padding: crypto.constants.RSA_PKCS1_PADDING }
  return crypto.verify(`sha${size}`, Buffer.from(signed), how, Buffer.from(signature, "base64url"))
}

/** The scopes of a text with commas or of an array, as far as the account takes that form. */
const scopesOf = (scope: unknown, form: Knobs["scopeForm"]): ReadonlyArray<string> | undefined => {
  if (Array.isArray(scope) && form !== "text") return scope.map(String)
  return typeof scope === "string" && form !== "array" ? scope.split(",").map((one) => one.trim()) : undefined
}

export interface Asserted {
  readonly certificate: Certificate
  readonly scopes: ReadonlyArray<string>
}

export interface Rules {
  readonly certificates: ReadonlyArray<Certificate>
  readonly audience: string
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly knobs: Pick<Knobs, "scopeForm" | "legacyAlgorithms">
}

/** What the statement says, or the code of its refusal. */
export const check = (
  assertion: string,
  rules: Rules,
): Asserted | "invalid_grant" | "invalid_client" | "invalid_scope" => {
  const [head = "", body = "", signature = ""] = assertion.split(".")
  const [header, claims] = [json(head), json(body)]
  if (header === undefined || claims === undefined) return "invalid_grant"
  const algorithm = String(header["alg"])
  const known = ALGORITHM.test(algorithm) || (rules.knobs.legacyAlgorithms as ReadonlyArray<string>).includes(algorithm)
  if (!known) return "invalid_grant"
  const certificate = rules.certificates.find((one) => one.id === header["kid"] && one.clientId === claims["iss"])
  if (certificate === undefined || certificate.validUntil <= rules.now) return "invalid_client"
  if (!holds(algorithm, `${head}.${body}`, signature, certificate.publicKey)) return "invalid_client"
  const [issued, expires] = [Number(claims["iat"]), Number(claims["exp"])]
  const inTime = issued <= rules.now / 1000 + 60 && expires > rules.now / 1000 && expires - issued <= HOUR
  if (claims["aud"] !== rules.audience || !inTime) return "invalid_grant"
  const scopes = scopesOf(claims["scope"], rules.knobs.scopeForm)
  return scopes === undefined ? "invalid_scope" : { certificate, scopes }
}
