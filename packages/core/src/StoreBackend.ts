/**
 * What a database has to offer to be a state store: an ordered map of text to text in named spaces, and a transaction.
 * Everything else (cursors, marks, links, intents, journal, sealed tokens, leases) is written once, in `StateStore`, so
 * that a backend is a page of code and every backend behaves alike.
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
  /** Only keys that start so. */
  readonly prefix?: string
  /** Only keys greater than this one. */
  readonly after?: string
  /** At most so many entries, in ascending order of the keys by code unit. */
  readonly limit: number
}

export interface StoreBackend {
  /** The values of those keys that are there. */
  readonly get: (
    space: string,
    keys: ReadonlyArray<string>,
  ) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>
  readonly scan: (space: string, options: ScanOptions) => Effect.Effect<ReadonlyArray<Entry>, ConnectorError>
  /** All of it, durably, or nothing. False: a check did not hold, and nothing was written. */
  readonly transact: (ops: ReadonlyArray<Op>) => Effect.Effect<boolean, ConnectorError>
}
