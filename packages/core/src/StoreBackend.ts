/**
 * What a database has to offer to be a state store: an ordered map of text to text in named spaces, and a transaction.
 * Everything else (cursors, marks, links, intents, journal, sealed tokens, leases) is written once, in `StateStore`, so
 * that a backend is a page of code and every backend behaves alike.
 *
 * A key is any string: empty, with quotes, control characters or NUL, even with half of a surrogate pair. Keys are
 * ordered by code unit, as `<` orders them in JavaScript; a database that orders bytes gets this order, and every key
 * unharmed, from `KeyBytes`. A value is any well-formed string, of any length.
 */
import type * as Effect from "effect/Effect"
import type { ConnectorError } from "./ConnectorError.ts"

export interface Entry {
  readonly key: string
  readonly value: string
}

export type Op =
  | { readonly _tag: "Put"; readonly space: string; readonly key: string; readonly value: string }
  | { readonly _tag: "Delete"; readonly space: string; readonly key: string }
  /** The transaction happens only if the key holds exactly this value; `null` means that the key is not there. */
  | { readonly _tag: "Check"; readonly space: string; readonly key: string; readonly value: string | null }

export interface ScanOptions {
  /** Only keys that start so, whatever signs it holds: no sign is a wildcard. */
  readonly prefix?: string
  /** Only keys greater than this one. */
  readonly after?: string
  /** At most so many entries, in ascending order of the keys by code unit. */
  readonly limit: number
}

export interface StoreBackend {
  /** The values of those keys that are there, all as of one moment. */
  readonly get: (
    space: string,
    keys: ReadonlyArray<string>,
  ) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>
  readonly scan: (space: string, options: ScanOptions) => Effect.Effect<ReadonlyArray<Entry>, ConnectorError>
  /**
   * All of it, durably, or nothing. False: a check did not hold, and nothing was written. Checks look at what stood
   * before the transaction, wherever they stand in it; of several operations on one key the last one counts.
   */
  readonly transact: (ops: ReadonlyArray<Op>) => Effect.Effect<boolean, ConnectorError>
}
