/**
 * Lists that are joined by links, read whole. For lists that belong to one page of something else; a list of any length
 * is a stream, see `Pagination.nextLink`.
 */
import * as Effect from "effect/Effect"
import type { ConnectorError } from "./ConnectorError.ts"
import { type Guards, MAX_PAGES, wrong } from "./internal/pages.ts"

/**
 * The url of a link, on the configured base. `aliases` are origins that the vendor writes for itself (its public name
 * behind a proxy); a link to any other origin is `Decode`. The message does not repeat the link.
 */
export const rebase = (
  guards: Guards,
  link: string,
  base: URL,
  aliases: ReadonlyArray<string> = [],
): Effect.Effect<URL, ConnectorError> => {
  if (!URL.canParse(link, base)) return Effect.fail(wrong(guards, "the next link is no url"))
  const url = new URL(link, base)
  if (url.origin !== base.origin && !aliases.includes(url.origin)) {
    return Effect.fail(wrong(guards, "the next link leads to another origin; it is not followed"))
  }
  if (url.username !== "" || url.password !== "") {
    return Effect.fail(wrong(guards, "the next link carries credentials; it is not followed"))
  }
  return Effect.succeed(new URL(url.pathname + url.search, base.origin))
}

/** All records, in order. A link that comes a second time, or that leads to another origin, is `Decode`. */
export const all = Effect.fnUntraced(function* <A, E, R>(
  options: Guards & {
    /** The first page's url; links are resolved against it and have to stay on its origin. */
    readonly first: URL
    readonly fetch: (
      url: URL,
    ) => Effect.Effect<{ readonly items: ReadonlyArray<A>; readonly next?: string | null | undefined }, E, R>
    /** Other origins by which the vendor names itself. */
    readonly aliases?: ReadonlyArray<string>
  },
): Effect.fn.Return<ReadonlyArray<A>, E | ConnectorError, R> {
  const { aliases, fetch, first, maxPages: most = MAX_PAGES } = options
  const seen = new Set([first.href])
  const all: Array<A> = []
  let url = first
  for (let page = 1; page <= most; page++) {
    const { items, next } = yield* fetch(url)
    for (const item of items) all.push(item)
    if (next === undefined || next === null || next === "") return all
    const to: URL = yield* rebase(options, next, new URL(url.pathname + url.search, first.origin), aliases)
    if (seen.has(to.href)) return yield* Effect.fail(wrong(options, "the server gave a next link for the second time"))
    seen.add(to.href)
    url = to
  }
  return yield* Effect.fail(wrong(options, `the list did not end within ${most} pages`))
})
