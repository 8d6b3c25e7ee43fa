/** A source of records of one entity: what the watermark strategies ask, and fresh reads by id. */

import type { ConnectorError, Issue } from "@mortise/core/ConnectorError"
import type * as Watermark from "@mortise/core/Watermark"
import type * as Effect from "effect/Effect"
import type * as Filter from "../Filter.ts"
import type { Resource } from "../Versions.ts"

export interface ScanQuestion {
  /** The rows of this range of the stamp only; absent: all. */
  readonly range?: Watermark.Range
  /** Further conditions of the vendor's own, in the names of the form. */
  readonly where?: (resource: Resource) => Filter.Filter
  readonly afterId?: string
  /** Up to this id, inclusive. */
  readonly upToId?: string
  readonly limit: number
}

export interface Scanned<A> {
  readonly rows: ReadonlyArray<Watermark.Row<A>>
  /** The id up to which the answer is whole; absent, nothing is left. */
  readonly upToId?: string
  readonly serverTime?: number
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
  /** The rows of a range in any order. With `more` they tell their stamps only: nobody reads an answer that is not whole. */
  readonly read: (
    question: Watermark.Range & { readonly limit: number },
  ) => Effect.Effect<Watermark.Batch<A>, ConnectorError>
  /** Rows in ascending order of the id. */
  readonly scan: (question: ScanQuestion) => Effect.Effect<Scanned<A>, ConnectorError>
  /** Fresh reads; an id that is not there is left out. */
  readonly byIds: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Watermark.Row<A>>, ConnectorError>
  /** The same as records: one that cannot be read whole is there with what can be. */
  readonly found: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Found<A>>, ConnectorError>
}
