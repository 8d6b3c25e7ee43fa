/** A source of records of one entity: what the watermark strategies ask, and fresh reads by id. */

import type { ConnectorError, Issue } from "@mortise/core/ConnectorError"
import type * as Watermark from "@mortise/core/Watermark"
import type * as Effect from "effect/Effect"
import type { Order } from "./order.ts"

export interface ScanQuestion {
  readonly afterId?: string
  readonly limit: number
}

export interface Scanned<A> {
  /** In the order of the source. */
  readonly rows: ReadonlyArray<Watermark.Row<A>>
  readonly more: boolean
}

/** A record as far as it could be read. */
export interface Found<A> {
  readonly id: string
  readonly record: A
  readonly revision?: string
  readonly issues: ReadonlyArray<Issue>
  /** What stands in the field that carries our key. */
  readonly carried?: string
}

export interface Source<A> {
  readonly order: Order
  /** All records in ascending order, those after an id. */
  readonly scan: (question: ScanQuestion) => Effect.Effect<Scanned<A>, ConnectorError>
  /** Fresh reads; an id that is not there is left out. */
  readonly byIds: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Watermark.Row<A>>, ConnectorError>
  /** The same as records: one that cannot be read whole is there with what can be. */
  readonly found: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Found<A>>, ConnectorError>
}
