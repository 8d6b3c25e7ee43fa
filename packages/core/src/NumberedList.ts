/**
 * Changes of a list that filters by a modified stamp and is cut by page numbers. Only first pages are asked for: a range
 * that holds more is cut smaller. Where that ends, at more rows on one stamp than a page holds, `PageSeek` reads on
 * behind the last row. So nothing is lost when rows move from page to page meanwhile.
 *
 * ```ts
 * reading: NumberedList.window({
 *   system: "ledgerette", operation: "ledgerette.customers.list",
 *   field: "updated_at", granularityMillis: 1000, lag: "2 seconds",
 *   idOf: (row) => String(row.id), ids: SimplePort.numericIds,
 *   list: ({ from, before, page, size }) =>
 *     Effect.map(api.read(...), ({ data, exchange }) => ({ items: data.data, total: data.total, serverTime: exchange.serverTime })),
 * })
 * ```
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ConnectorError } from "./ConnectorError.ts"
import * as PageSeek from "./PageSeek.ts"
import type { IdOrder, Reading } from "./SimplePort.ts"
import type * as Watermark from "./Watermark.ts"

/** A page of the rows of a range, from inclusive, before exclusive, in ascending order of the id. Pages count from 1. */
export type List<Raw> = (
  question: Watermark.Range & PageSeek.Place,
) => Effect.Effect<PageSeek.Answer<Raw>, ConnectorError>

export interface Options<Raw> {
  readonly system: string
  readonly operation: string
  /** The stamp's name on the wire. */
  readonly field: string
  readonly granularityMillis: number
  /** How long a committed write may stay invisible to the list. */
  readonly lag: Duration.Input
  readonly blindTo?: ReadonlyArray<string>
  readonly idOf: (raw: Raw) => string
  readonly ids: IdOrder
  readonly list: List<Raw>
}

export const window = <Raw>(options: Options<Raw>): Reading<Raw> => {
  const { blindTo, field, granularityMillis, idOf, ids, lag, list, operation, system } = options
  const seek = PageSeek.make<Watermark.Range, Raw, ConnectorError>({
    system,
    operation,
    idOf,
    compare: ids.compare,
    fetch: (range, place) => list({ ...range, ...place }),
  })
  return {
    strategy: "window",
    field,
    granularityMillis,
    lag,
    ...(blindTo === undefined ? {} : { blindTo }),
    read: ({ fields: _, limit, ...range }) =>
      Effect.map(list({ ...range, page: 1, size: limit }), ({ items, serverTime, total }) => ({
        rows: items,
        more: total > items.length,
        serverTime,
      })),
    scan: ({ afterId, fields: _, limit, ...range }) =>
      seek(range, { limit, ...(afterId === undefined ? {} : { afterId }) }),
  }
}
