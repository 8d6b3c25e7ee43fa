/** The version of the facade's own layout, which stands in the store, and the steps from older ones. */
import * as Effect from "effect/Effect"
import { type ConnectorError, VersionMismatch } from "../../ConnectorError.ts"
import type { Op, StoreBackend } from "../../StoreBackend.ts"
import { check, put, readOne, storeError, untilApplied } from "./access.ts"
import { SPACE } from "./keys.ts"

const KEY = "layout"

/** Turns a store of the version `from` into one of `from + 1`: the operations are one transaction with the new number. */
export interface Migration {
  readonly from: number
  readonly ops: (backend: StoreBackend) => Effect.Effect<ReadonlyArray<Op>, ConnectorError>
}

export interface Layout {
  readonly version: number
  readonly migrations: ReadonlyArray<Migration>
}

export const CURRENT: Layout = { version: 1, migrations: [] }

const refuse = (layout: Layout, found: string) =>
  storeError(
    "open",
    new VersionMismatch({
      message: `the store has layout ${found}, this program knows up to ${layout.version}; use the program that wrote it or a later one`,
      pinned: String(layout.version),
      found: [found],
    }),
  )

const step = Effect.fnUntraced(function* (backend: StoreBackend, layout: Layout) {
  const text = yield* readOne(backend, SPACE.meta, KEY)
  if (text === undefined) {
    return yield* backend.transact([check(SPACE.meta, KEY, text), put(SPACE.meta, KEY, layout.version)])
  }
  const found = Number(text)
  if (found === layout.version) return true
  const migration = layout.migrations.find((each) => each.from === found)
  if (migration === undefined || found > layout.version) return yield* refuse(layout, text)
  const ops = yield* migration.ops(backend)
  yield* backend.transact([check(SPACE.meta, KEY, text), ...ops, put(SPACE.meta, KEY, found + 1)])
  return false
})

/** Marks a new store, brings an older one up to date, refuses one of the future. Several processes may do it at once. */
export const open = (backend: StoreBackend, layout: Layout): Effect.Effect<void, ConnectorError> =>
  untilApplied("open", step(backend, layout))
