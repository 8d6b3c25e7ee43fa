/**
 * Writers of one key take turns: in this process by a lock, among processes by a lease of the store. Whoever had to wait
 * is told so, for what it knew of the record is old by then.
 */
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ConnectorError } from "./ConnectorError.ts"
import * as Queue from "./internal/queue.ts"
import * as Lease from "./Lease.ts"
import type { Service } from "./StateStore.ts"

export interface Turns {
  /** Runs the work while all these names are held. They are taken in one order, so that nobody waits for ever. */
  readonly alone: <A, E>(
    names: ReadonlyArray<string>,
    work: (waited: boolean) => Effect.Effect<A, E>,
  ) => Effect.Effect<A, E | ConnectorError>
}

const DEFAULT_TTL = Duration.minutes(2)

/**
 * One value a connector: its locks are those of this process. `ttl` is how long others wait after a holder has died;
 * `patience` how long a turn is waited for, and then it fails with `Locked`.
 */
export const make = (
  store: Service,
  options: { readonly ttl?: Duration.Duration; readonly patience?: Duration.Duration } = {},
): Effect.Effect<Turns> =>
  Effect.map(WebCrypto.WebCrypto, (crypto): Turns => {
    const ttl = options.ttl ?? DEFAULT_TTL
    const patience = options.patience ?? Duration.times(ttl, 8)
    const inProcess = Queue.make()

    const acrossProcesses = <A, E>(
      name: string,
      work: (waited: boolean) => Effect.Effect<A, E>,
    ): Effect.Effect<A, E | ConnectorError> =>
      Effect.suspend(() => {
        // A holder of its own for every turn: the same holder would be let in twice.
        const holder = crypto.randomUUID()
        const held = (waited: boolean, waitFor?: Duration.Duration) =>
          Lease.withLease(store, name, { holder, ttl, ...(waitFor === undefined ? {} : { waitFor }) }, () =>
            Effect.exit(work(waited)),
          )
        return Effect.catch(held(false), (error) =>
          error.reason._tag === "Locked" ? held(true, patience) : Effect.fail(error),
        ).pipe(Effect.flatten)
      })

    const alone = <A, E>(
      names: ReadonlyArray<string>,
      work: (waited: boolean) => Effect.Effect<A, E>,
      waited = false,
    ): Effect.Effect<A, E | ConnectorError> => {
      const [name, ...rest] = names
      if (name === undefined) return work(waited)
      return inProcess(name, (here) => acrossProcesses(name, (there) => alone(rest, work, waited || here || there)))
    }

    return { alone: (names, work) => alone([...new Set(names)].sort(), work) }
  })
