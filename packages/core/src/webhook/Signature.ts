/**
 * Whether a push was signed by who shares our secret. The check takes the raw bytes as they came, compares in constant
 * time, holds the time window in both directions, and answers with a verdict; it never throws.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { ConnectorError } from "../ConnectorError.ts"
import { refuse } from "../internal/refuse.ts"

/** A request as it came in. `url` is the address that the sender called, not what a proxy made of it. */
export interface Push {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: Uint8Array
}

/** How a vendor signs. */
export interface Scheme {
  /** `sha256` is a plain hash over a message that starts with the secret, which the scheme puts there itself. */
  readonly algorithm: "hmac-sha256" | "hmac-sha1" | "sha256"
  readonly encoding: "base64" | "hex"
  /** The header of the signature, and what stands before it there (`sha256=`). */
  readonly header: string
  readonly prefix?: string
  readonly timestamp?: {
    readonly header: string
    readonly unit: "milliseconds" | "seconds"
    /** How far the time may lie from ours, in the past and in the future. */
    readonly window: Duration.Input
  }
  /** The parts that are signed, in their order; `timestamp` is the header as it came. */
  readonly message: (push: Push, timestamp: string) => ReadonlyArray<string | Uint8Array>
}

/** `early` and `stale`: the time lies outside the window. */
export type Verdict = "genuine" | "unsigned" | "forged" | "stale" | "early"

const mac = (scheme: Scheme, secret: string, parts: ReadonlyArray<string | Uint8Array>): Buffer => {
  if (scheme.algorithm === "sha256") {
    const hash = createHash("sha256").update(secret)
    for (const part of parts) hash.update(part)
    return hash.digest()
  }
  const hmac = createHmac(scheme.algorithm === "hmac-sha1" ? "sha1" : "sha256", secret)
  for (const part of parts) hmac.update(part)
  return hmac.digest()
}

const HEX = /^(?:[0-9a-fA-F]{2})+$/
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** The bytes of a signature; empty for what is none. */
const bytesOf = (scheme: Scheme, text: string): Buffer => {
  const prefix = scheme.prefix ?? ""
  if (!text.startsWith(prefix)) return Buffer.alloc(0)
  const value = text.slice(prefix.length)
  if (!(scheme.encoding === "hex" ? HEX : BASE64).test(value)) return Buffer.alloc(0)
  return Buffer.from(value, scheme.encoding)
}

/** Every secret is tried, whichever fits, so that the time taken tells nothing about which one it was. */
const isSigned = (
  scheme: Scheme,
  secrets: ReadonlyArray<Redacted.Redacted<string>>,
  given: Buffer,
  push: Push,
  timestamp: string,
): boolean => {
  const parts = scheme.message(push, timestamp)
  let found = false
  for (const secret of secrets) {
    const plain = Redacted.value(secret)
    const own = mac(scheme, plain, parts)
    const equal = given.length === own.length && timingSafeEqual(given, own)
    found = (equal && plain !== "") || found
  }
  return found
}

const DIGITS = /^\d{1,16}$/

const timeOf = (scheme: Scheme, text: string): number =>
  DIGITS.test(text) ? Number(text) * (scheme.timestamp?.unit === "seconds" ? 1000 : 1) : Number.NaN

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

/** Compares in a time that does not depend on where, or whether, the texts differ. An empty secret equals nothing. */
export const sameText = (given: string, secret: Redacted.Redacted<string>): boolean => {
  const plain = Redacted.value(secret)
  return timingSafeEqual(digest(given), digest(plain)) && plain !== ""
}

/** Refuses to make a receiver with an empty secret, or with none: a fault of the configuration shows at the start. */
export const requireSecrets = (
  system: string,
  option: string,
  secrets: ReadonlyArray<Redacted.Redacted<string>>,
): Effect.Effect<void, ConnectorError> =>
  secrets.length > 0 && secrets.every((secret) => Redacted.value(secret).trim() !== "")
    ? Effect.void
    : refuse(system, option, "it is empty")

/** Judges one push. Several secrets, while they are being changed: any of them will do. An empty secret signs nothing. */
export const verify = (
  scheme: Scheme,
  secrets: ReadonlyArray<Redacted.Redacted<string>>,
  push: Push,
): Effect.Effect<Verdict> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const signature = push.headers.get(scheme.header)
    const timestamp = scheme.timestamp === undefined ? "" : push.headers.get(scheme.timestamp.header)
    if (signature === null || timestamp === null) return "unsigned"
    if (!isSigned(scheme, secrets, bytesOf(scheme, signature), push, timestamp)) return "forged"
    if (scheme.timestamp === undefined) return "genuine"
    const age = now - timeOf(scheme, timestamp)
    const window = Duration.toMillis(Duration.fromInputUnsafe(scheme.timestamp.window))
    if (Number.isNaN(age)) return "forged"
    if (age > window) return "stale"
    return age < -window ? "early" : "genuine"
  })
