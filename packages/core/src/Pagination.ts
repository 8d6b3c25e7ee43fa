/**
 * Reads lists to their end, whatever way the vendor cuts them: cursor, next link, offset, page number, keyset. Each is a
 * stream of pages over an effect that fetches one. A server that repeats itself or never ends is `Decode`, and so is a
 * link that leads to another origin: credentials go to the configured one only.
 *
 * ```ts
 * Pagination.cursor({
 *   system: "hubspot",
 *   operation: "hubspot.companies.list",
 *   fetch: (after) => Effect.map(list(after), ({ data }) => ({ items: data.results, next: data.paging?.next?.after })),
 * })
 * ```
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { ConnectorError } from "./ConnectorError.ts"
import { type Guards, MAX_PAGES, wrong } from "./internal/pages.ts"
import { rebase } from "./NextLinks.ts"

export type { Guards }
export { rebase }

/** One page's records. Pages without any are not shown, and reading goes on behind them. */
export type Pages<A, E, R> = Stream.Stream<ReadonlyArray<A>, E | ConnectorError, R>

/** One page: its records, and from where to read on when that is not the end. */
interface Fetched<A, S> {
  readonly items: ReadonlyArray<A>
  readonly next: S | undefined
}

/** The loop under all ways. `fetch` gives a page and the place of the next one. */
const walk = <A, S, E, R>(
  guards: Guards,
  start: () => S,
  fetch: (place: S) => Effect.Effect<Fetched<A, S>, E | ConnectorError, R>,
): Pages<A, E, R> => {
  const most = guards.maxPages ?? MAX_PAGES
  return Stream.suspend(() =>
    Stream.paginate({ place: start(), pages: 1 }, ({ place, pages }) =>
      pages > most
        ? Effect.fail(wrong(guards, `the list did not end within ${most} pages`))
        : Effect.map(fetch(place), ({ items, next }) => [
            items.length === 0 ? [] : [items],
            next === undefined ? Option.none() : Option.some({ place: next, pages: pages + 1 }),
          ]),
    ),
  )
}

/** Says whether a place was seen before in this reading, and remembers it. */
const once = (): ((place: string) => boolean) => {
  const seen = new Set<string>()
  return (place) => {
    if (seen.has(place)) return true
    seen.add(place)
    return false
  }
}

interface AtCursor {
  readonly at: string | undefined
  readonly repeated: (place: string) => boolean
}

/** An opaque cursor from page to page. A cursor that comes a second time is `Decode`: it would never end. */
export const cursor = <A, E, R>(
  options: Guards & {
    readonly fetch: (
      cursor: string | undefined,
    ) => Effect.Effect<{ readonly items: ReadonlyArray<A>; readonly next?: string | null | undefined }, E, R>
    /** The cursor to start behind. */
    readonly start?: string
  },
): Pages<A, E, R> =>
  walk(
    options,
    (): AtCursor => ({ at: options.start, repeated: once() }),
    ({ at, repeated }) =>
      Effect.flatMap(options.fetch(at), ({ items, next }): Effect.Effect<Fetched<A, AtCursor>, ConnectorError> => {
        if (next === undefined || next === null || next === "") return Effect.succeed({ items, next: undefined })
        if (next === options.start || repeated(next)) {
          return Effect.fail(wrong(options, "the server gave a page cursor for the second time"))
        }
        return Effect.succeed({ items, next: { at: next, repeated } })
      }),
  )

interface AtLink {
  readonly url: URL
  readonly repeated: (place: string) => boolean
}

/** A link to the next page, absolute or relative, as OData and Link headers give it. */
export const nextLink = <A, E, R>(
  options: Guards & {
    /** The first page's url; links are resolved against it and have to stay on its origin. */
    readonly first: URL
    readonly fetch: (
      url: URL,
    ) => Effect.Effect<{ readonly items: ReadonlyArray<A>; readonly next?: string | null | undefined }, E, R>
    /** Other origins by which the vendor names itself. */
    readonly aliases?: ReadonlyArray<string>
  },
): Pages<A, E, R> =>
  walk(
    options,
    (): AtLink => ({ url: options.first, repeated: once() }),
    ({ url, repeated }) =>
      Effect.flatMap(options.fetch(url), ({ items, next }): Effect.Effect<Fetched<A, AtLink>, ConnectorError> => {
        repeated(url.href)
        if (next === undefined || next === null || next === "") return Effect.succeed({ items, next: undefined })
        const base = new URL(url.pathname + url.search, options.first.origin)
        return Effect.flatMap(rebase(options, next, base, options.aliases), (to) =>
          repeated(to.href)
            ? Effect.fail(wrong(options, "the server gave a next link for the second time"))
            : Effect.succeed({ items, next: { url: to, repeated } }),
        )
      }),
  )

interface Numbered<A> {
  readonly items: ReadonlyArray<A>
  /** How many records there are in all, where the vendor tells. */
  readonly total?: number | undefined
  /** Whether there are more, where the vendor tells. */
  readonly more?: boolean | undefined
}

interface Counted<A> extends Guards {
  /** How many records to ask for. The server may give fewer. */
  readonly size: number
  /** What a record is known by: a page with the same records as the one before shows a server that ignores its place. */
  readonly identify: (item: A) => string
  /**
   * A page with fewer records than asked for is the last one. Only for vendors that are known to fill their pages: a
   * server that quietly caps the size would otherwise lose everything behind the first page.
   */
  readonly trustShortPages?: boolean
}

const isLast = <A>(options: Counted<A>, page: Numbered<A>, readSoFar: number): boolean => {
  if (page.items.length === 0) return true
  if (page.more !== undefined) return !page.more
  if (page.total !== undefined) return readSoFar >= page.total
  return options.trustShortPages === true && page.items.length < options.size
}

interface Place {
  /** Records read so far. */
  readonly offset: number
  /** Counts pages from 0. */
  readonly page: number
  readonly before: string | undefined
}

const counted = <A, E, R>(
  options: Counted<A>,
  fetch: (place: Place) => Effect.Effect<Numbered<A>, E, R>,
): Pages<A, E, R> =>
  walk(
    options,
    (): Place => ({ offset: 0, page: 0, before: undefined }),
    (place) =>
      Effect.flatMap(fetch(place), (page) => {
        const shown = JSON.stringify(page.items.map(options.identify))
        if (page.items.length > 0 && shown === place.before) {
          return Effect.fail(wrong(options, "the server gave the same page for the second time"))
        }
        const offset = place.offset + page.items.length
        const next = { offset, page: place.page + 1, before: shown }
        return Effect.succeed({ items: page.items, next: isLast(options, page, offset) ? undefined : next })
      }),
  )

/** By offset. The next offset counts what came, not what was asked for. Rows that move meanwhile are the caller's care. */
export const offset = <A, E, R>(
  options: Counted<A> & {
    readonly fetch: (place: { readonly offset: number; readonly limit: number }) => Effect.Effect<Numbered<A>, E, R>
  },
): Pages<A, E, R> => counted(options, (place) => options.fetch({ offset: place.offset, limit: options.size }))

/** By page number, from `first` (1 unless told). */
export const pageNumber = <A, E, R>(
  options: Counted<A> & {
    readonly first?: number
    readonly fetch: (place: { readonly page: number; readonly size: number }) => Effect.Effect<Numbered<A>, E, R>
  },
): Pages<A, E, R> =>
  counted(options, (place) => options.fetch({ page: place.page + (options.first ?? 1), size: options.size }))

/**
 * Behind the last key of the page before: `where id > K order by id`. Nothing is skipped or read twice when rows come
 * and go meanwhile. The key has to be unique and the page ordered by it; a page that does not go forward is `Decode`.
 */
export const keyset = <A, K, E, R>(
  options: Guards & {
    readonly key: (item: A) => K
    /** Negative when `a` comes before `b` in the server's order. */
    readonly compare: (a: K, b: K) => number
    readonly fetch: (after: K | undefined) => Effect.Effect<ReadonlyArray<A>, E, R>
    readonly start?: K
    /** A page with fewer records is the last one; absent: the empty page is. */
    readonly lastBelow?: number
  },
): Pages<A, E, R> =>
  walk(
    options,
    (): { readonly after: K | undefined } => ({ after: options.start }),
    ({ after }) =>
      Effect.flatMap(options.fetch(after), (items) => {
        let reached = after
        for (const item of items) {
          const key = options.key(item)
          if (reached !== undefined && options.compare(reached, key) >= 0) {
            return Effect.fail(wrong(options, "the page is not in the order of its key, or does not go forward"))
          }
          reached = key
        }
        const isEnd = items.length === 0 || items.length < (options.lastBelow ?? 0)
        return Effect.succeed({ items, next: isEnd ? undefined : { after: reached } })
      }),
  )

/** The records of all pages, one by one. */
export const items = <A, E, R>(pages: Stream.Stream<ReadonlyArray<A>, E, R>): Stream.Stream<A, E, R> =>
  Stream.flattenIterable(pages)
