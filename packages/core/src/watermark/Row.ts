/** What a source gives to a watermark strategy: rows in pages, each row with its stamp. */
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as Change from "../Change.ts"
import type { ConnectorError, Reason } from "../ConnectorError.ts"
import type { Instant } from "../Values.ts"

/** What the row says: a record with its content hash, a deletion, a merge into the row's id, or something unreadable. */
export type Content<A> =
  | { readonly _tag: "Record"; readonly record: A; readonly hash: string }
  | { readonly _tag: "Deleted" }
  | { readonly _tag: "Merged"; readonly from: ReadonlyArray<string> }
  | { readonly _tag: "Undecodable"; readonly reason: Reason; readonly hash?: string }

export interface Row<A> {
  readonly id: string
  /**
   * The source's modified stamp, an `Instant`: the very value that the source filters and orders by. Absent only when a
   * strategy without stamps reads, or when the stamp itself could not be read.
   */
  readonly stamp?: string
  readonly revision?: string
  readonly content: Content<A>
}

interface Marks {
  readonly stamp?: string | undefined
  readonly revision?: string | undefined
}

const row = <A>(id: string, marks: Marks | undefined, content: Content<A>): Row<A> => ({
  id,
  ...(marks?.stamp === undefined ? {} : { stamp: marks.stamp }),
  ...(marks?.revision === undefined ? {} : { revision: marks.revision }),
  content,
})

/** A record as the source has it; `hash` is `ContentHash.ofRecord`. */
export const record = <A>(id: string, value: A, hash: string, marks?: Marks): Row<A> =>
  row(id, marks, { _tag: "Record", record: value, hash })

export const deleted = (id: string, marks?: Marks): Row<never> => row(id, marks, { _tag: "Deleted" })

/** The records `from` became the record `into`. Give the survivor as a row of its own beside it. */
export const merged = (from: ReadonlyArray<string>, into: string, marks?: Marks): Row<never> =>
  row(into, marks, { _tag: "Merged", from })

/** `hash` of the raw content, where it is known, tells a mended record from the same broken one. */
export const undecodable = (id: string, reason: Reason, marks?: Marks & { readonly hash?: string }): Row<never> =>
  row(id, marks, { _tag: "Undecodable", reason, ...(marks?.hash === undefined ? {} : { hash: marks.hash }) })

/** One answer of the source. */
export interface Batch<A> {
  readonly rows: ReadonlyArray<Row<A>>
  /** True when the source has more rows for the same question; when it cannot tell, true for a full answer. */
  readonly more: boolean
  /** The source's clock as the answer tells it (the `Date` header), in milliseconds since the epoch. */
  readonly serverTime?: number
}

export type Read<Question, A> = (question: Question) => Effect.Effect<Batch<A>, ConnectorError>

export interface From {
  /** Go on from here, as committed. Absent: from `since`, or from the beginning. */
  readonly cursor?: Change.Cursor
  readonly since?: Instant
}

/** The `changes` of a port. Every page moves the cursor, the last one has `caughtUp`. */
export type Reader<A> = (from?: From) => Stream.Stream<Change.Page<A>, ConnectorError>
