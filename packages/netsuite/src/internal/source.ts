/** A source of records of one entity: what the watermark strategies ask, and fresh reads by id. */

import type { ConnectorError, Issue } from "@mortise/core/ConnectorError"
import type { Instant } from "@mortise/core/Values"
import type * as Watermark from "@mortise/core/Watermark"
import type * as Effect from "effect/Effect"
import type * as Filter from "../Filter.ts"

export interface ScanQuestion {
  /** Stamped from here on; absent: all. */
  readonly from?: Instant
  /** Further conditions, in the names of the table. */
  readonly where?: Filter.Filter
  readonly afterId?: string
  readonly limit: number
}

export interface Scanned<A> {
  readonly rows: ReadonlyArray<Watermark.Row<A>>
  /** The id up to which the answer is whole; absent, nothing is left. */
  readonly upToId?: string
}

/** A record as far as it could be read. */
export interface Found<A> {
  readonly id: string
  readonly record: A
  readonly issues: ReadonlyArray<Issue>
  /** What stands in the field that carries our key. */
  readonly carried?: string
}

export interface Source<A> {
  /** The rows from a stamp on, in ascending order of it. */
  readonly read: (question: {
    readonly from?: Instant
    readonly limit: number
  }) => Effect.Effect<Watermark.Batch<A>, ConnectorError>
  /** The rows of one stamp, in ascending order of the id. */
  readonly readAt: (question: {
    readonly stamp: Instant
    readonly afterId?: string
    readonly limit: number
  }) => Effect.Effect<Watermark.Batch<A>, ConnectorError>
  /** Rows in ascending order of the id. */
  readonly scan: (question: ScanQuestion) => Effect.Effect<Scanned<A>, ConnectorError>
  /** Fresh reads; an id that is not there is left out. */
  readonly byIds: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Watermark.Row<A>>, ConnectorError>
  /** The same as records: one that cannot be read whole is there with what can be. */
  readonly found: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Found<A>>, ConnectorError>
}
