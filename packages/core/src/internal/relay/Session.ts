/** One run of a relay, and its lease. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as ConnectorError from "../../ConnectorError.ts"
import { type Lease, StateStore } from "../../StateStore.ts"
import type { Wiring } from "./Wiring.ts"

export interface Session {
  readonly lease: { current: Lease | undefined }
}

export const fence = (session: Session): { readonly fence?: Lease } =>
  session.lease.current === undefined ? {} : { fence: session.lease.current }

const taken = (wiring: Wiring): ConnectorError.ConnectorError =>
  new ConnectorError.ConnectorError({
    system: "store",
    operation: `relay ${wiring.name}`,
    reason: new ConnectorError.Locked({ message: "another process runs this relay" }),
  })

const held = (wiring: Wiring, lease: Option.Option<Lease>): Effect.Effect<Lease, ConnectorError.ConnectorError> =>
  Option.match(lease, { onNone: () => Effect.fail(taken(wiring)), onSome: Effect.succeed })

const acquire = Effect.fnUntraced(function* (wiring: Wiring) {
  const store = yield* StateStore
  if (wiring.lease === undefined) return undefined
  return yield* held(wiring, yield* store.acquire(`relay/${wiring.name}`, wiring.lease))
})

/** Before each page and each batch: the lease lasts at least as long again. */
export const renew = Effect.fnUntraced(function* (wiring: Wiring, session: Session) {
  const store = yield* StateStore
  if (wiring.lease === undefined || session.lease.current === undefined) return
  session.lease.current = yield* held(wiring, yield* store.renew(session.lease.current, wiring.lease.ttl))
})

const release = Effect.fnUntraced(function* (session: Session) {
  const store = yield* StateStore
  if (session.lease.current !== undefined) yield* Effect.ignore(store.release(session.lease.current))
})

const open = Effect.fnUntraced(function* (wiring: Wiring) {
  return { lease: { current: yield* acquire(wiring) } } satisfies Session
})

/** A stream that holds the relay's lease from its first step to its end, however it ends. */
export const within = <A, E>(
  wiring: Wiring,
  use: (session: Session) => Stream.Stream<A, E, StateStore>,
): Stream.Stream<A, E | ConnectorError.ConnectorError, StateStore> =>
  Stream.unwrap(Effect.map(Effect.acquireRelease(open(wiring), release), use))
