/**
 * What a reading delivers: pages of changes, each with the cursor that a reader would go on from and what the store has
 * to remember once the page is dealt with.
 */
import * as Schema from "effect/Schema"
import type * as ConnectorError from "./ConnectorError.ts"

/** A record as the source has it now. */
export interface Upserted<A> {
  readonly _tag: "Upserted"
  readonly id: string
  /** `stamp#hash` or the like: equal versions are one version and are delivered once. */
  readonly version: string
  /** The source's modified stamp, where it has one. */
  readonly stamp?: string
  /** Hash of the canonical content, without `modified`, `revision` and `observedAt`. */
  readonly hash: string
  readonly record: A
}

export interface Deleted {
  readonly _tag: "Deleted"
  readonly id: string
  readonly version: string
}

/** Several records became one. `into` may be one of `from`, or new. */
export interface Merged {
  readonly _tag: "Merged"
  readonly from: ReadonlyArray<string>
  readonly into: string
  readonly version: string
}

/** A record that could not be read. The stream goes on; the reader decides what becomes of it. */
export interface Undecodable {
  readonly _tag: "Undecodable"
  readonly id: string
  readonly version: string
  readonly reason: ConnectorError.Reason
}

export type Change<A> = Upserted<A> | Deleted | Merged | Undecodable

/**
 * Where a reading stands: small, plain JSON, opaque to everybody but the port that made it. It is bound to its scope,
 * entity and selected fields; a port refuses a cursor of another binding as `Invalid`.
 */
export const Cursor = Schema.Struct({
  v: Schema.Literal(1),
  scope: Schema.String,
  entity: Schema.String,
  /** Digest of the selected fields and conditions. */
  selection: Schema.String,
  strategy: Schema.String,
  state: Schema.Unknown,
})
export type Cursor = typeof Cursor.Type

/** A row of the last crawl, for sources that show no change by themselves. */
export interface SnapshotRow {
  readonly id: string
  readonly revision?: string
  readonly hash: string
}

/** What the store writes together with the cursor when the page is committed. */
export interface StoreDelta {
  /** The versions delivered on this page, by record id. */
  readonly marks: ReadonlyArray<{ readonly id: string; readonly version: string }>
  readonly snapshotPut?: ReadonlyArray<SnapshotRow>
  readonly snapshotRemove?: ReadonlyArray<string>
}

export interface Page<A> {
  /** Names the reading in the store: scope, entity and reader. */
  readonly stream: string
  readonly changes: ReadonlyArray<Change<A>>
  readonly cursor: Cursor
  readonly delta: StoreDelta
  /** True for the page with which the reading has caught up. */
  readonly caughtUp: boolean
}
