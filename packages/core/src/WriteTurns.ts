/**
 * Writers of one key take turns: in this process by a lock, among processes by a lease of the store. The lease is given
 * back only when the outcome is known. After an unknown one it runs out by itself, when the server can no longer be at
 * work on the request; until then nobody sends that key again. For work of which the outcome is always known, `Turns`.
 */
import * as Cause from "effect/Cause"
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { ConnectorError, UnknownOutcome } from "./ConnectorError.ts"
import * as Queue from "./internal/queue.ts"
import * as Lease from "./Lease.ts"
import type * as StateStore from "./StateStore.ts"

/**
 * Runs a write of a key alone. It is told whether it had to wait for another one, for then what it knows of the record is
 * old. Fails with `Locked` when another's turn does not end in time, with `UnknownOutcome` when the turn is lost on the way.
 */
export type Alone = <A>(
  key: string,
  write: (waited: boolean) => Effect.Effect<A, ConnectorError>,
) => Effect.Effect<A, ConnectorError>

const isSettled = <A>(exit: Exit.Exit<A, ConnectorError>): boolean => {
  if (Exit.isSuccess(exit)) return true
  const failure = Cause.findErrorOption(exit.cause)
  return Option.isSome(failure) && failure.value.reason._tag !== "UnknownOutcome"
}

const lost = (name: string) =>
  new ConnectorError({
    system: "store",
    operation: "lease",
    reason: new UnknownOutcome({ message: `the turn ${name} was lost while a write was under way` }),
  })

/**
 * One value a connector: its locks are those of this process. `lateCommit` is how long after a request the server may
 * still be at work on it.
 */
export const make = (store: StateStore.Service, lateCommit: Duration.Duration): Effect.Effect<Alone> =>
  Effect.map(WebCrypto.WebCrypto, (crypto): Alone => {
    const inProcess = Queue.make()
    const ttl = Duration.sum(lateCommit, Duration.minutes(1))

    /** Renews the lease for as long as it takes; ends only by failing, when the lease is lost. */
    const keep = (lease: StateStore.Lease): Effect.Effect<never, ConnectorError> =>
      Effect.gen(function* () {
        for (;;) {
          yield* Effect.sleep(Duration.times(ttl, 1 / 3))
          const renewed = yield* store.renew(lease, ttl)
          if (Option.isNone(renewed)) return yield* Effect.fail(lost(lease.name))
        }
      })

    /** The lease, and whether somebody else had it first. */
    const take = (key: string) => {
      // A holder of its own for every write: whoever comes after an unknown outcome waits like anybody else.
      const holder = crypto.randomUUID()
      const free = Effect.map(Lease.acquire(store, key, { holder, ttl }), (lease) => ({ lease, waited: false }))
      return Effect.catch(free, (error) =>
        error.reason._tag === "Locked"
          ? Effect.map(Lease.acquire(store, key, { holder, ttl, waitFor: ttl }), (lease) => ({ lease, waited: true }))
          : Effect.fail(error),
      )
    }

    const acrossProcesses = <A>(key: string, write: (waited: boolean) => Effect.Effect<A, ConnectorError>) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.gen(function* () {
          const { lease, waited } = yield* restore(take(key))
          const exit = yield* Effect.exit(restore(Effect.raceFirst(write(waited), keep(lease))))
          if (isSettled(exit)) yield* Effect.ignore(store.release(lease))
          return yield* exit
        }),
      )

    return (key, write) => inProcess(key, (waits) => acrossProcesses(key, (waited) => write(waits || waited)))
  })
