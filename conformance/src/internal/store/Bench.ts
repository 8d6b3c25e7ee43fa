/** What the cases of the store suite stand on, and the few words that they are written in. */
import assert from "node:assert/strict"
import type { ConnectorError, ReasonTag } from "@mortise/core/ConnectorError"
import type { Commit, Link, Options, RecordRef, Service } from "@mortise/core/StateStore"
import * as StateStore from "@mortise/core/StateStore"
import type { Op, StoreBackend } from "@mortise/core/StoreBackend"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as VirtualClock from "../../VirtualClock.ts"

/** One database. */
export interface Bench {
  /** Opens it: the first time empty, later with what was written. It may be open several times at once. */
  readonly open: Effect.Effect<StoreBackend, ConnectorError, Scope.Scope>
  /** Every byte that the database keeps, in whatever form: the suite looks for secrets in it. */
  readonly bytes: Effect.Effect<Uint8Array>
}

export interface StoreCase {
  readonly name: string
  readonly run: (bench: Bench) => Effect.Effect<void, unknown, Scope.Scope>
}

export const put = (key: string, value: string, space = "test"): Op => ({ _tag: "Put", space, key, value })
export const remove = (key: string, space = "test"): Op => ({ _tag: "Delete", space, key })
export const check = (key: string, value: string | null, space = "test"): Op => ({ _tag: "Check", space, key, value })

export const openStore = (bench: Bench, options?: Options): Effect.Effect<Service, ConnectorError, Scope.Scope> =>
  Effect.flatMap(bench.open, (backend) => StateStore.make(backend, options))

/** Opens the store, lets `body` work on it and closes it. */
export const once = <A, E>(
  bench: Bench,
  body: (store: Service) => Effect.Effect<A, E>,
  options?: Options,
): Effect.Effect<A, E | ConnectorError> => Effect.scoped(Effect.flatMap(openStore(bench, options), body))

export const ref = (scope: string, id: string, entity = "Account"): RecordRef => ({ scope, entity, id })

export const link = (source: RecordRef, target: RecordRef, writtenHash = "h"): Link => ({
  source,
  target,
  key: `key of ${source.id}`,
  writtenHash,
})

export const page = (
  stream: string,
  state: unknown,
  ids: ReadonlyArray<string>,
  version = "v1",
): NonNullable<Commit["page"]> => ({
  stream,
  cursor: { v: 1, scope: "erp/1/", entity: "Account", selection: "", strategy: "keyset", state },
  delta: { marks: ids.map((id) => ({ id, version })) },
})

/** The effect has to fail, for this reason. */
export const failsWith = Effect.fnUntraced(function* <A>(reason: ReasonTag, effect: Effect.Effect<A, ConnectorError>) {
  const error = yield* Effect.flip(effect)
  assert.equal(error.reason._tag, reason, error.message)
  return error
})

/** More pages than any walk of the suite has: a backend that repeats itself fails instead of never ending. */
const MOST_PAGES = 500

/** Reads page after page until one is not full. */
export const walkPages = Effect.fnUntraced(function* <A>(
  limit: number,
  next: (last: A | undefined) => Effect.Effect<ReadonlyArray<A>, ConnectorError>,
) {
  const all: Array<A> = []
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const found = yield* next(all.at(-1))
    all.push(...found)
    if (found.length < limit) return all
  }
  return assert.fail(`the walk did not end after ${MOST_PAGES} pages`)
})

const counted = (backend: StoreBackend, clock: VirtualClock.VirtualClock): StoreBackend => ({
  get: (space, keys) => clock.working(backend.get(space, keys)),
  scan: (space, options) => clock.working(backend.scan(space, options)),
  transact: (ops) => clock.working(backend.transact(ops)),
})

/** Time passes only when everybody waits, and never while the database works. */
export const inVirtualTime =
  (body: (bench: Bench) => Effect.Effect<void, unknown, Scope.Scope>): StoreCase["run"] =>
  (bench) =>
    Effect.suspend(() => {
      const clock = VirtualClock.make({ start: Date.UTC(2026, 0, 1) })
      const open = Effect.map(clock.working(bench.open), (backend) => counted(backend, clock))
      return clock.provide(body({ ...bench, open }))
    })
