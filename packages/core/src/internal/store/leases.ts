/** Leases by compare-and-set on one entry each. The entry outlives its holder, so that the fence only ever grows. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Lease } from "../../StateStore.ts"
import type { Op, StoreBackend } from "../../StoreBackend.ts"
import { check, conflict, decode, put, readOne, untilApplied } from "./access.ts"
import { SPACE } from "./keys.ts"

/** `holder` is null after a release. */
type Held = Pick<Lease, "fence" | "expiresAt"> & { readonly holder: string | null }
type Taken = Pick<Lease, "holder" | "fence" | "expiresAt">

const read = Effect.fnUntraced(function* (backend: StoreBackend, name: string) {
  const text = yield* readOne(backend, SPACE.lease, name)
  return { text, held: text === undefined ? undefined : yield* decode<Held>(SPACE.lease, name, text) }
})

/** Reads, decides, writes, until nobody came in between. The decision `undefined` leaves everything as it is. */
const decide = Effect.fnUntraced(function* <A extends Held>(
  backend: StoreBackend,
  operation: string,
  name: string,
  next: (held: Held | undefined, now: number) => A | undefined,
) {
  let decided: A | undefined
  const attempt = Effect.gen(function* () {
    const { text, held } = yield* read(backend, name)
    decided = next(held, yield* Clock.currentTimeMillis)
    if (decided === undefined) return true
    return yield* backend.transact([check(SPACE.lease, name, text), put(SPACE.lease, name, decided)])
  })
  yield* untilApplied(operation, attempt)
  return decided
})

const asLease = (name: string) => (taken: Taken | undefined) =>
  Option.map(Option.fromUndefinedOr(taken), (each): Lease => ({ name, ...each }))

export const acquire = (
  backend: StoreBackend,
  name: string,
  options: { readonly holder: string; readonly ttl: Duration.Duration },
) =>
  decide(backend, "acquire", name, (held, now): Taken | undefined => {
    const expiresAt = now + Duration.toMillis(options.ttl)
    const holder = options.holder
    if (held?.holder === holder) return { holder, fence: held.fence, expiresAt }
    const free = held === undefined || held.holder === null || held.expiresAt <= now
    return free ? { holder, fence: (held?.fence ?? 0) + 1, expiresAt } : undefined
  }).pipe(Effect.map(asLease(name)))

const isStill = (lease: Lease, held: Held | undefined): held is Taken =>
  held !== undefined && held.holder === lease.holder && held.fence === lease.fence

export const renew = (backend: StoreBackend, lease: Lease, ttl: Duration.Duration) =>
  decide(backend, "renew", lease.name, (held, now) =>
    isStill(lease, held) && held.expiresAt > now ? { ...held, expiresAt: now + Duration.toMillis(ttl) } : undefined,
  ).pipe(Effect.map(asLease(lease.name)))

export const release = (backend: StoreBackend, lease: Lease) =>
  Effect.asVoid(
    decide(backend, "release", lease.name, (held) =>
      isStill(lease, held) ? { holder: null, fence: held.fence, expiresAt: 0 } : undefined,
    ),
  )

/** Holds only while the lease is the caller's. */
export const fenceOps = Effect.fnUntraced(function* (backend: StoreBackend, lease: Lease | undefined) {
  if (lease === undefined) return []
  const { text, held } = yield* read(backend, lease.name)
  const now = yield* Clock.currentTimeMillis
  if (!isStill(lease, held) || held.expiresAt <= now) {
    const found = held === undefined ? "nobody" : held.fence === lease.fence ? "expired" : `fence ${held.fence}`
    return yield* conflict(
      "commit",
      `the lease ${lease.name} was lost; nothing was written`,
      `fence ${lease.fence}`,
      found,
    )
  }
  const ops: ReadonlyArray<Op> = [check(SPACE.lease, lease.name, text)]
  return ops
})
