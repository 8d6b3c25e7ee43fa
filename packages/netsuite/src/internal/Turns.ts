/**
 * Writers of one key take turns: in this process by a lock, among processes by a lease of the store. The lease is given
 * back only when the outcome is known. After an unknown one it runs out by itself, when the server can no longer be at
 * work on the request; until then nobody sends that key again.
 */

import { ConnectorError, UnknownOutcome } from "@mortise/core/ConnectorError"
import * as Lease from "@mortise/core/Lease"
import type * as StateStore from "@mortise/core/StateStore"
import * as Cause from "effect/Cause"
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"
import type { Context } from "./Context.ts"

interface Lock {
  readonly semaphore: Semaphore.Semaphore
  waiting: number
}

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

export const make = (store: StateStore.Service, lateCommit: Duration.Duration) =>
  Effect.map(WebCrypto.WebCrypto, (crypto): Context["alone"] => {
    const locks = new Map<string, Lock>()
    const ttl = Duration.sum(lateCommit, Duration.minutes(1))

    const inProcess = <A>(key: string, write: (waited: boolean) => Effect.Effect<A, ConnectorError>) =>
      Effect.suspend(() => {
        const lock = locks.get(key) ?? { semaphore: Semaphore.makeUnsafe(1), waiting: 0 }
        locks.set(key, lock)
        const waits = lock.waiting > 0
        lock.waiting += 1
        const leave = Effect.sync(() => {
          lock.waiting -= 1
          if (lock.waiting === 0) locks.delete(key)
        })
        return Effect.ensuring(lock.semaphore.withPermits(1)(write(waits)), leave)
      })

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
