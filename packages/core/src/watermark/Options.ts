/** What the strategies that read by a modified stamp have in common. */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { ConnectorError } from "../ConnectorError.ts"
import type { Reading } from "../Reading.ts"
import type * as StateStore from "../StateStore.ts"
import type { Instant, LocalDate } from "../Values.ts"
import type { Read, Row } from "./Row.ts"

export interface Options<A> {
  readonly reading: Reading
  readonly store: Pick<StateStore.Service, "marks">
  /** Rows in one question to the source. */
  readonly pageSize: number
  /** The smallest step of the stamp, in milliseconds; `0.001` for microseconds. A stamp off this grid is refused. */
  readonly granularityMillis: number
  /** How long a committed write may stay invisible, and how far the source's clocks may differ among themselves. */
  readonly lag: Duration.Input
  /** A margin on top of the lag. What it reads again is taken out by the store. */
  readonly overlap: Duration.Input
  /**
   * How far stamps may run back while the source goes on, as a wall clock does that is put back in autumn; none when
   * absent. Another content of a record that was delivered is news though it is stamped so much earlier.
   */
  readonly runsBack?: Duration.Input
  /**
   * How the source shows an instant, and back, where it shows a wall clock whose zone has to be found out. A cursor keeps
   * its position as it was shown: a reading that takes the clock for another one goes on at the earlier of the two.
   */
  readonly shown?: {
    readonly text: (stamp: Instant) => string
    readonly stamp: (text: string) => Instant | undefined
  }
  /**
   * The source's clock, in milliseconds since the epoch, asked once before a crawl. Absent: the `serverTime` of the
   * first answer, less the time that the answer took. Our own clock is never used as a time.
   */
  readonly serverTime?: Effect.Effect<number, ConnectorError>
  /** What finds the changes that do not move the stamp. */
  readonly sweeps?: ReadonlyArray<Sweep<A>>
}

export interface KeysetOptions<A> extends Options<A> {
  /** Rows from this stamp on (inclusive; absent: all), in ascending order of the stamp, equal stamps in any order. */
  readonly read: Read<{ readonly from?: Instant; readonly limit: number }, A>
  /** Rows of exactly this stamp, in ascending order of the id, those after `afterId`. */
  readonly readAt: Read<{ readonly stamp: Instant; readonly afterId?: string; readonly limit: number }, A>
  /** The order of ids in which `readAt` answers. Defaults to the order of the text by code unit. */
  readonly compareIds?: (a: string, b: string) => number
}

/** From inclusive, before exclusive; absent is open. */
export interface Range {
  readonly from?: Instant
  readonly before?: Instant
}

export interface WindowOptions<A> extends Options<A> {
  /** Rows of this range, in any order. With `more`, the range is cut smaller and read again. */
  readonly read: Read<Range & { readonly limit: number }, A>
  /** Rows of this range in ascending order of the id, those after `afterId`. */
  readonly scan: Read<Range & { readonly afterId?: string; readonly limit: number }, A>
  /**
   * `granule`: only for more rows on one stamp than a page holds. `always`: also for a longer range, where the source
   * can filter by stamp and id together; it needs the fewest requests. Ids that do not ascend there turn to cutting.
   */
  readonly keyed: "granule" | "always"
  readonly compareIds?: (a: string, b: string) => number
}

/** One record in the cheap list of a snapshot. */
export interface ScanRow<A> {
  readonly id: string
  /** Where the list tells it, the record is fetched only if it differs from the last crawl's. */
  readonly revision?: string
  /** The content hash, where the list is enough to compute it. */
  readonly hash?: string
  /** The whole record, where the list carries it; it is not fetched then. */
  readonly row?: Row<A>
}

export interface SnapshotOptions<A> {
  readonly reading: Reading
  readonly store: Pick<StateStore.Service, "snapshotScan">
  readonly pageSize: number
  /** All records in ascending order of the id, those after `after`. */
  readonly scan: (question: {
    readonly after?: string
    readonly limit: number
  }) => Effect.Effect<{ readonly rows: ReadonlyArray<ScanRow<A>>; readonly more: boolean }, ConnectorError>
  /** Fresh reads by id, at most `pageSize` of them. An id that is not in the answer does not exist any more. */
  readonly fetch: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Row<A>>, ConnectorError>
  /**
   * The text by which ids sort, when `scan` does not answer in the order of the id's text by code unit: numbers padded
   * with zeros, say. `id` is its inverse.
   */
  readonly sort?: { readonly key: (id: string) => string; readonly id: (key: string) => string }
}

/** An answer of a sweep; `next` is handed back to go on, and has to be a place in a key, not a count of rows. */
export interface Swept<A> {
  readonly rows: ReadonlyArray<Row<A>>
  readonly next?: string
  /** As in `Batch`. A side-table sweep that tells it spares a question for the time. */
  readonly serverTime?: number
}

/** Records that change by the calendar: an invoice becomes overdue at midnight. */
export interface CalendarSweep<A> {
  readonly _tag: "Calendar"
  readonly name: string
  /** IANA zone in which the days pass. */
  readonly zone: string
  /** What changes when one of the days after `after` up to `through` begins, as it is now. */
  readonly due: (question: {
    readonly after: LocalDate
    readonly through: LocalDate
    readonly next?: string
    readonly limit: number
  }) => Effect.Effect<Swept<A>, ConnectorError>
}

/** Records that change in another table, which has a stamp of its own: an address, a payment's application. */
export interface SideTableSweep<A> {
  readonly _tag: "SideTable"
  readonly name: string
  /** Asked no more often by the source's clock, for a question that costs much. Absent: in every run. */
  readonly every?: Duration.Input
  /** The records whose side table changed from this stamp on, as they are now. */
  readonly changed: (question: {
    readonly from: Instant
    readonly next?: string
    readonly limit: number
  }) => Effect.Effect<Swept<A>, ConnectorError>
}

export type Sweep<A> = CalendarSweep<A> | SideTableSweep<A>
