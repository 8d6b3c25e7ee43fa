/**
 * Sealing of secrets before they reach a database: AES-256-GCM under a key that the caller hands in. A sealed text
 * names the key that closed it, so that a key can be replaced while what was sealed before still opens, and it is bound
 * to what it is about: the secret of one record does not open under the name of another.
 *
 * ```ts
 * const sealer = yield* Seal.make({ key: Redacted.make(process.env.MORTISE_SEAL_KEY) })
 * const text = yield* sealer.seal("token/hubspot", Redacted.make("a secret"))
 * const secret = yield* sealer.open("token/hubspot", text)
 * ```
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { ConnectorError, Decode, Invalid, shape } from "./ConnectorError.ts"

export interface Options {
  /** At least 32 characters of randomness, such as `openssl rand -base64 32` prints. */
  readonly key: Redacted.Redacted<string>
  /** Keys of before: they open and never seal. */
  readonly formerKeys?: ReadonlyArray<Redacted.Redacted<string>>
}

export interface Sealer {
  /** Names the key that seals; tells nothing of it. */
  readonly keyId: string
  readonly seal: (about: string, secret: Redacted.Redacted<string>) => Effect.Effect<string, ConnectorError>
  /** Fails with `Decode` when the text was changed, is about something else, or its key is not at hand. */
  readonly open: (about: string, sealed: string) => Effect.Effect<Redacted.Redacted<string>, ConnectorError>
}

interface Derived {
  readonly id: string
  readonly key: Redacted.Redacted<Buffer>
}

const CIPHER = "aes-256-gcm"
const VERSION = "s1"
const NONCE = 12
const TAG = 16
const LEAST = 32

const derive = (key: Redacted.Redacted<string>, field: string): Effect.Effect<Derived, ConnectorError> =>
  Effect.suspend(() => {
    const secret = Redacted.value(key)
    if (secret.length < LEAST) {
      const message = `${field} must be at least ${LEAST} characters of randomness, such as "openssl rand -base64 32" prints`
      const found = `found ${shape(secret)}`
      return fail(new Invalid({ message, issues: [{ path: [field], message: found }] }))
    }
    const bytes = (purpose: string, length: number) => Buffer.from(hkdfSync("sha256", secret, "", purpose, length))
    return Effect.succeed({
      id: bytes("mortise seal key id", 6).toString("base64url"),
      key: Redacted.make(bytes("mortise seal aes-256-gcm", 32)),
    })
  })

const fail = (reason: ConnectorError["reason"]) =>
  Effect.fail(new ConnectorError({ system: "store", operation: "seal", reason }))

const unreadable = (about: string, message: string, mend: string) =>
  fail(new Decode({ message: `${message}; ${mend}`, issues: [{ path: [about], message }] }))

const encrypt = (derived: Derived, about: string, secret: string): string => {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv(CIPHER, Redacted.value(derived.key), nonce).setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()])
  return [VERSION, derived.id, Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")].join(".")
}

/** Throws when the text does not authenticate. */
const decrypt = (derived: Derived, about: string, bytes: Buffer): string => {
  const decipher = createDecipheriv(CIPHER, Redacted.value(derived.key), bytes.subarray(0, NONCE), {
    authTagLength: TAG,
  })
  decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
  return decipher.update(bytes.subarray(NONCE + TAG), undefined, "utf8") + decipher.final("utf8")
}

export const make = Effect.fnUntraced(function* (options: Options) {
  const current = yield* derive(options.key, "sealKey")
  const former = yield* Effect.forEach(options.formerKeys ?? [], (key, index) => derive(key, `formerSealKeys.${index}`))
  const keys = new Map([...former, current].map((each) => [each.id, each]))

  const open: Sealer["open"] = (about, sealed) => {
    const [version, id, body, ...more] = sealed.split(".")
    if (version !== VERSION || id === undefined || body === undefined || more.length > 0) {
      return unreadable(about, `expected a sealed text, found ${shape(sealed)}`, "it was not written by this program")
    }
    const derived = keys.get(id)
    if (derived === undefined) {
      return unreadable(about, `sealed with the key ${id}, which is not at hand`, "hand it in among the former keys")
    }
    return Effect.try(() => Redacted.make(decrypt(derived, about, Buffer.from(body, "base64url")))).pipe(
      Effect.catch(() => unreadable(about, "the sealed text was changed or is about something else", "store it anew")),
    )
  }
  const sealer: Sealer = {
    keyId: current.id,
    seal: (about, secret) => Effect.sync(() => encrypt(current, about, Redacted.value(secret))),
    open,
  }
  return sealer
})
