/** Token sets: sealed, and replaced only by their next generation. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { type ConnectorError, Unsupported } from "../../ConnectorError.ts"
import type { Sealer } from "../../Seal.ts"
import type { TokenSet } from "../../StateStore.ts"
import type { StoreBackend } from "../../StoreBackend.ts"
import { check, conflict, decode, put, readOne, storeError } from "./access.ts"
import { SPACE } from "./keys.ts"

interface Stored {
  readonly generation: number
  readonly expiresAt: number
  readonly sealed: string
}
interface Secrets {
  readonly access: string
  readonly refresh?: string
  readonly consent?: string
}

export const needSealer = (sealer: Sealer | undefined, operation: string): Effect.Effect<Sealer, ConnectorError> =>
  sealer === undefined
    ? Effect.fail(
        storeError(
          operation,
          new Unsupported({
            message: "the store was opened without a seal key, and secrets are never stored in plain",
            feature: "sealing",
            mend: "hand in sealKey when the store is opened",
          }),
        ),
      )
    : Effect.succeed(sealer)

/** What the seal is bound to: a sealed text that is moved to another name or given a later date does not open. */
const about = (name: string, stored: Omit<Stored, "sealed">) =>
  JSON.stringify(["token", name, stored.generation, stored.expiresAt])

export const token = Effect.fnUntraced(function* (backend: StoreBackend, sealer: Sealer | undefined, name: string) {
  const text = yield* readOne(backend, SPACE.token, name)
  if (text === undefined) return Option.none<TokenSet>()
  const stored = yield* decode<Stored>(SPACE.token, name, text)
  const { open } = yield* needSealer(sealer, "token")
  const plain = yield* open(about(name, stored), stored.sealed)
  const secrets = yield* decode<Secrets>(SPACE.token, name, Redacted.value(plain))
  return Option.some<TokenSet>({
    accessToken: Redacted.make(secrets.access),
    ...(secrets.refresh === undefined ? {} : { refreshToken: Redacted.make(secrets.refresh) }),
    ...(secrets.consent === undefined ? {} : { consent: secrets.consent }),
    expiresAt: stored.expiresAt,
    generation: stored.generation,
  })
})

export const putToken = Effect.fnUntraced(function* (
  backend: StoreBackend,
  sealer: Sealer | undefined,
  name: string,
  set: TokenSet,
) {
  const { seal } = yield* needSealer(sealer, "putToken")
  const text = yield* readOne(backend, SPACE.token, name)
  const found = text === undefined ? 0 : (yield* decode<Stored>(SPACE.token, name, text)).generation
  const refused = (generation: string) =>
    conflict("putToken", `somebody else replaced the token ${name}`, String(set.generation - 1), generation)
  if (found !== set.generation - 1) return yield* refused(String(found))
  const facts = { generation: set.generation, expiresAt: set.expiresAt }
  const secrets: Secrets = {
    access: Redacted.value(set.accessToken),
    ...(set.refreshToken === undefined ? {} : { refresh: Redacted.value(set.refreshToken) }),
    ...(set.consent === undefined ? {} : { consent: set.consent }),
  }
  const sealed = yield* seal(about(name, facts), Redacted.make(JSON.stringify(secrets)))
  const stored: Stored = { ...facts, sealed }
  const written = yield* backend.transact([check(SPACE.token, name, text), put(SPACE.token, name, stored)])
  if (!written) return yield* refused("a later one")
})
