/**
 * Writers of one record take turns, by whatever name they know it: in this process by a lock, among processes by a lease of the store. The lease is given
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
import * as Natural from "./internal/natural.ts"
import * as Queue from "./internal/queue.ts"
import * as Lease from "./Lease.ts"
import type * as StateStore from "./StateStore.ts"

/**
 * Runs a write while all these names are held, which are taken in one order, so that nobody waits for ever. It is told
 * whether it had to wait for another one, for then what it knows of the record is old. Fails with `Locked` when another's
 * turn does not end in time, with `UnknownOutcome` when the turn is lost on the way.
 */
export type Alone = <A>(
  names: ReadonlyArray<string>,
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

    const alone = <A>(
      [name, ...rest]: ReadonlyArray<string>,
      write: (waited: boolean) => Effect.Effect<A, ConnectorError>,
      waited: boolean,
    ): Effect.Effect<A, ConnectorError> =>
      name === undefined
        ? write(waited)
        : inProcess(name, (here) => acrossProcesses(name, (there) => alone(rest, write, waited || here || there)))

    return (names, write) => alone([...new Set(names)].sort(), write, false)
  })

/**
 * What nobody else may write under meanwhile: our key, the record's id, and for a record that may have to be made the
 * natural keys that it is looked for by. `of` is what names are unique within.
 */
export const names = (
  of: string,
  { adoptBy = [], fields, key, trace }: Write,
  id: string | undefined,
): ReadonlyArray<string> => {
  const values = fields as { readonly [field: string]: unknown }
  const naturals = adoptBy.flatMap((field) =>
    values[field] == null ? [] : [`${field} ${Natural.text(values[field])}`],
  )
  const own = [...(key === undefined ? [] : [`key ${key}`]), ...(id === undefined ? naturals : [`id ${id}`])]
  return (own.length === 0 ? [trace] : own).map((name) => `${of}|${name}`)
}

interface Write {
  readonly adoptBy?: ReadonlyArray<string>
  readonly fields: object
  readonly key?: string | undefined
  readonly trace: string
}

/** What is known of a record before it is written: ready to be sent, or nothing has to be. */
export type Planned<P, A> = { readonly ready: P } | { readonly outcome: A }

/**
 * Sends what was planned, in turn. It is planned anew when it had to wait or is old by nature; when that finds a record
 * by another name, the turn is taken again under that name too.
 */
export const send = <P, A>(
  alone: Alone,
  first: P,
  how: {
    readonly names: (ready: P) => ReadonlyArray<string>
    /** What another writer may have changed since, though nobody had to wait. */
    readonly isOld: (ready: P) => boolean
    readonly plan: Effect.Effect<Planned<P, A>, ConnectorError>
    readonly send: (ready: P) => Effect.Effect<A, ConnectorError>
  },
): Effect.Effect<A, ConnectorError> => {
  const held = how.names(first)
  const sent = (ready: P) => Effect.map(how.send(ready), (outcome): Planned<P, A> => ({ outcome }))
  const again = Effect.flatMap(how.plan, (planned) => {
    if ("outcome" in planned) return Effect.succeed(planned)
    return how.names(planned.ready).every((name) => held.includes(name)) ? sent(planned.ready) : Effect.succeed(planned)
  })
  const turn = alone(held, (waited) => (waited || how.isOld(first) ? again : sent(first)))
  return Effect.flatMap(turn, (planned) =>
    "outcome" in planned ? Effect.succeed(planned.outcome) : send(alone, planned.ready, how),
  )
}
