/**
 * Reads on behind a record in a list that knows only page numbers. Rows that come and go between two pages shift all
 * that follow, and whoever counts pages passes records by. Here every page is asked for so that it begins with the last
 * record read, or shortly before it: seeing it again proves that nothing slipped through in between.
 *
 * ```ts
 * const seek = PageSeek.make({
 *   system: "ledgerette", operation: "ledgerette.customers.scan",
 *   idOf: (row) => String(row.id), compare: PageSeek.byNumber,
 *   fetch: (range, place) => Effect.map(list({ ...range, ...place }), ({ data }) => ({ items: data.data, total: data.total })),
 * })
 * yield* seek({ updated_from }, { afterId: "1024", limit: 50 })
 * ```
 */
import * as Effect from "effect/Effect"
import { ConnectorError, Decode } from "./ConnectorError.ts"
import * as ContentHash from "./ContentHash.ts"

/** A page as the server numbers it, from 1. */
export interface Place {
  readonly page: number
  readonly size: number
}

export interface Answer<A> {
  /** In ascending order of the id. */
  readonly items: ReadonlyArray<A>
  /** How many there are in all. */
  readonly total: number
  /** The vendor's clock, from the `Date` header: `exchange.serverTime`. */
  readonly serverTime?: number | undefined
}

export interface Options<Q, A, E, R> {
  readonly system: string
  readonly operation: string
  readonly idOf: (item: A) => string
  /** Negative when `a` comes before `b` in the list. */
  readonly compare: (a: string, b: string) => number
  readonly fetch: (question: Q, place: Place) => Effect.Effect<Answer<A>, E, R>
}

export interface Found<A> {
  readonly rows: ReadonlyArray<A>
  /** There are more behind them. */
  readonly more: boolean
  readonly serverTime?: number | undefined
}

export type PageSeek<Q, A, E, R> = (
  question: Q,
  behind: { readonly afterId?: string; readonly limit: number },
) => Effect.Effect<Found<A>, E | ConnectorError, R>

/** Ids that are whole numbers, in the order of their value. */
export const byNumber = (a: string, b: string): number => {
  const [x, y] = [BigInt(a), BigInt(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/**
 * The page of at most `most` records that holds the record at `index` and the most behind it. With 20 or more there is
 * always one with a record behind it, in any list below 200 million records.
 */
export const straddling = (index: number, most: number): Place => {
  const behind = (size: number): number => size - 1 - (index % size)
  let best = most
  for (let size = most; size > most / 2; size--) if (behind(size) > behind(best)) best = size
  return { page: Math.floor(index / best) + 1, size: best }
}

/** Pages are no smaller, whatever was asked for. */
const LEAST = 20

/** A list that changes faster than it can be searched is no list to read. */
const MOST_LOOKS = 64

interface Asked<A> extends Answer<A> {
  /** How many records stand ahead of the page. */
  readonly start: number
}

/** How many records stood up to and with this one when it was read. A hint: wrong, it costs requests and no record. */
interface Memo {
  readonly question: string
  readonly id: string
  readonly count: number
}

export const make = <Q, A, E = never, R = never>(options: Options<Q, A, E, R>): PageSeek<Q, A, E, R> => {
  const { compare, idOf } = options
  let memo: Memo | undefined

  const broken = (message: string) =>
    new ConnectorError({
      system: options.system,
      operation: options.operation,
      reason: new Decode({ message, issues: [] }),
    })

  const faultOf = ({ items, start, total }: Asked<A>, size: number): string | undefined => {
    const ordered = items.every((item, at) => at === 0 || compare(idOf(items[at - 1] as A), idOf(item)) < 0)
    if (!ordered) return "the list is not in ascending order of the id"
    return items.length < size && start + items.length < total
      ? `the server gave ${items.length} records where ${size} were asked for and more are there`
      : undefined
  }

  const ask = (question: Q, place: Place) =>
    Effect.flatMap(options.fetch(question, place), (answer): Effect.Effect<Asked<A>, ConnectorError> => {
      const asked = { ...answer, start: (place.page - 1) * place.size }
      const fault = faultOf(asked, place.size)
      return fault === undefined ? Effect.succeed(asked) : Effect.fail(broken(fault))
    })

  const take = (question: Q, asked: Asked<A>, limit: number, afterId?: string): Found<A> => {
    const { items, serverTime, start, total } = asked
    const ahead = afterId === undefined ? 0 : items.filter((item) => compare(idOf(item), afterId) <= 0).length
    const rows = items.slice(ahead, ahead + limit)
    const last = rows.at(-1)
    const count = start + ahead + rows.length
    if (last !== undefined) memo = { question: ContentHash.ofJson(question), id: idOf(last), count }
    return { rows, more: count < total, serverTime }
  }

  /** Where the page lies: before what is sought, behind it, or over it. */
  const side = ({ items, start, total }: Asked<A>, afterId: string): "before" | "over" | "behind" => {
    const [first, last] = [items[0], items.at(-1)]
    if (first === undefined || last === undefined) return start === 0 ? "over" : "behind"
    if (start > 0 && compare(idOf(first), afterId) > 0) return "behind"
    return compare(idOf(last), afterId) <= 0 && start + items.length < total ? "before" : "over"
  }

  /** Halves the stretch of records in which the sought one stands, until a page lies over it. */
  const search = Effect.fnUntraced(function* (question: Q, afterId: string, limit: number, size: number, first: Place) {
    let place = first
    // Numbers of records: the sought one is at or behind `low` and before `high`.
    let low = 0
    let high = Number.POSITIVE_INFINITY
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const asked = yield* ask(question, place)
      const at = side(asked, afterId)
      if (at === "over") return take(question, asked, limit, afterId)
      if (at === "before") low = Math.max(low, asked.start + asked.items.length - 1)
      else high = Math.min(high, asked.start)
      // The list moved while it was searched: what was known of it is void.
      if (low >= high) [low, high] = [0, Number.POSITIVE_INFINITY]
      const last = Math.max(low, Math.min(high, asked.total) - 1)
      place = straddling(Math.floor((low + last) / 2), size)
    }
    return yield* Effect.fail(broken(`no page with the record behind ${afterId} was found in ${MOST_LOOKS} looks`))
  })

  return (question, { afterId, limit }) =>
    Effect.suspend(() => {
      const size = Math.max(limit, LEAST)
      if (afterId === undefined) {
        return Effect.map(ask(question, { page: 1, size }), (asked) => take(question, asked, limit))
      }
      const known = memo?.id === afterId && memo.question === ContentHash.ofJson(question) ? memo : undefined
      const first = known === undefined ? { page: 1, size } : straddling(known.count - 1, size)
      return search(question, afterId, limit, size, first)
    })
}
