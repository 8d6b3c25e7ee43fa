/**
 * Where tokens stand between refreshes. In the state store many processes share one set: a lease lets one of them
 * refresh at a time, and the generation shows the others that it was done.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Conflict, ConnectorError } from "../../ConnectorError.ts"
import type { Service, TokenSet } from "../../StateStore.ts"

export interface Shelf {
  readonly read: Effect.Effect<Option.Option<TokenSet>, ConnectorError>
  /** Fails with `Conflict` when somebody else was quicker. */
  readonly write: (set: TokenSet) => Effect.Effect<void, ConnectorError>
  /** Runs the effect alone; none when somebody else is at it. */
  readonly alone: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<Option.Option<A>, E | ConnectorError>
}

/** One process, forgotten when it ends. */
export const inMemory = (system: string): Shelf => {
  let held: TokenSet | undefined
  return {
    read: Effect.sync(() => Option.fromUndefinedOr(held)),
    write: (set) =>
      Effect.suspend(() => {
        if (set.generation !== (held?.generation ?? 0) + 1) {
          const reason = new Conflict({ message: "the token was replaced meanwhile" })
          return Effect.fail(new ConnectorError({ system, operation: "token", reason }))
        }
        held = set
        return Effect.void
      }),
    alone: Effect.asSome,
  }
}

export const inStore = (
  store: Service,
  options: { readonly name: string; readonly holder: string; readonly ttl: Duration.Duration },
): Shelf => ({
  read: store.token(options.name),
  write: (set) => store.putToken(options.name, set),
  alone: (effect) =>
    Effect.acquireUseRelease(
      store.acquire(`token/${options.name}`, { holder: options.holder, ttl: options.ttl }),
      (lease) => (Option.isNone(lease) ? Effect.succeed(Option.none()) : Effect.asSome(effect)),
      // A lease that could not be given back ends by itself; the tokens are written, and that is what counts.
      (lease) => (Option.isNone(lease) ? Effect.void : Effect.ignore(store.release(lease.value))),
    ),
})
