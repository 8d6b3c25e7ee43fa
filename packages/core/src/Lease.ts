/**
 * One at a time, across processes: an effect that runs only while a lease of the store is held. The lease is renewed
 * while the effect runs and given back when it ends; a holder that dies loses it when it runs out. Because a holder can
 * also be slow (a long pause, a lost database), losing the lease interrupts the effect, and what must never be written
 * twice carries the lease as `fence` of its commit.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { Conflict, ConnectorError, Locked, type Reason } from "./ConnectorError.ts"
import type { Lease, Service } from "./StateStore.ts"

export interface Options {
  /** Different for each process, and for each fiber that shall exclude the others: the same holder is let in twice. */
  readonly holder: string
  /** How long others wait after this holder has died. It is renewed three times as often. */
  readonly ttl: Duration.Input
  /** How long to wait for another holder; not at all unless told. Then the effect fails with `Locked`. */
  readonly waitFor?: Duration.Input
}

const fail = (reason: Reason) => new ConnectorError({ system: "store", operation: "lease", reason })

/** Between two looks: a fraction of the time to live, at most a second, and never the same twice. */
const pause = (ttl: Duration.Duration) => {
  const middle = Math.min(Duration.toMillis(ttl) / 4, 1000)
  return Effect.map(Random.nextBetween(middle / 2, (middle * 3) / 2), (millis) => Duration.millis(Math.ceil(millis)))
}

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Only the pauses can be interrupted: an interruption never leaves a lease behind that nobody knows of. */
const acquireWith = Effect.fnUntraced(function* (store: Service, name: string, options: Options, restore: Restore) {
  const ttl = Duration.fromInputUnsafe(options.ttl)
  const patience = options.waitFor === undefined ? 0 : Duration.toMillis(options.waitFor)
  const until = (yield* Clock.currentTimeMillis) + patience
  while (true) {
    const lease = yield* store.acquire(name, { holder: options.holder, ttl })
    if (Option.isSome(lease)) return lease.value
    const left = until - (yield* Clock.currentTimeMillis)
    if (left <= 0) {
      return yield* fail(new Locked({ message: `${name} is held by somebody else; wait longer`, retryAfter: ttl }))
    }
    yield* restore(Effect.sleep(Duration.min(yield* pause(ttl), Duration.millis(left))))
  }
})

/** Looks until the lease is free; fails with `Locked` when `waitFor` is over. Whoever takes it this way gives it back. */
export const acquire = (store: Service, name: string, options: Options): Effect.Effect<Lease, ConnectorError> =>
  Effect.uninterruptibleMask((restore) => acquireWith(store, name, options, restore))

/** Pauses as parts of the time to live: after a renewal, and after one that failed, of which several have to fit in. */
const RENEWED = 3
const FAILED = 10

/** `away`: the store could not tell. None: the lease is another's. */
const renew = (store: Service, lease: Lease, ttl: Duration.Duration, left: number) =>
  store.renew(lease, ttl).pipe(
    Effect.timeoutOption(Duration.millis(left)),
    Effect.map(Option.flatten),
    Effect.catch((error) => (error.isRetryable ? Effect.succeed("away" as const) : Effect.fail(error))),
  )

/**
 * Ends only by failing: with `Conflict` when the lease is another's or could not be renewed before it ran out. A store
 * that is away for a moment is asked again until then.
 */
const keep = Effect.fnUntraced(function* (store: Service, lease: Lease, ttl: Duration.Duration) {
  const lost = fail(new Conflict({ message: `the lease ${lease.name} was lost; the work was stopped` }))
  let expiresAt = lease.expiresAt
  let parts = RENEWED
  while (true) {
    const rest = expiresAt - (yield* Clock.currentTimeMillis)
    yield* Effect.sleep(Duration.millis(Math.ceil(Math.min(Duration.toMillis(ttl) / parts, Math.max(rest, 0)))))
    const left = expiresAt - (yield* Clock.currentTimeMillis)
    if (left <= 0) return yield* lost
    const renewed = yield* renew(store, lease, ttl, left)
    parts = renewed === "away" ? FAILED : RENEWED
    if (renewed === "away") continue
    if (Option.isNone(renewed)) return yield* lost
    expiresAt = renewed.value.expiresAt
  }
})

/**
 * Runs `use` while the lease is held. Fails with `Locked` when it is not free in time, with `Conflict` when it is lost
 * on the way; then `use` is interrupted first.
 */
export const withLease = <A, E, R>(
  store: Service,
  name: string,
  options: Options,
  use: (lease: Lease) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E | ConnectorError, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(acquireWith(store, name, options, restore), (lease) =>
      restore(Effect.raceFirst(use(lease), keep(store, lease, Duration.fromInputUnsafe(options.ttl)))).pipe(
        Effect.ensuring(Effect.ignore(store.release(lease))),
      ),
    ),
  )
