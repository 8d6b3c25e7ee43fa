/** Cuts a list into pages in the way that is declared, and refuses places that no page of it gave. */
import * as Json from "@mortise/core/Json"
import type { Paging } from "./Declaration.ts"
import { Refused } from "./Problems.ts"

/** What a page is cut from: the records in order, and a text that names the place of each. */
export interface Sorted<A> {
  readonly rows: ReadonlyArray<A>
  readonly placeOf: (row: A) => string
  readonly compare: (a: string, b: string) => number
  readonly url: URL
}

export interface Page<A> {
  readonly rows: ReadonlyArray<A>
  /** Members beside the records. */
  readonly beside: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
}

/** The query parameters of each style. */
export const parameters = (paging: Paging): ReadonlyArray<string> => {
  switch (paging.style) {
    case "page":
      return [paging.page, paging.size]
    case "offset":
      return [paging.offset, paging.size]
    case "cursor":
    case "link":
      return [paging.cursor, paging.size]
    case "keyset":
      return [paging.after, paging.size]
  }
}

const invalid = (field: string, message: string): never => {
  throw new Refused({ code: "invalid", field, message: `${field} ${message}` })
}

const whole = (url: URL, name: string, least: number, usual: number): number => {
  const text = url.searchParams.get(name)
  if (text === null) return usual
  return /^\d{1,9}$/.test(text) && Number(text) >= least ? Number(text) : invalid(name, `is no number from ${least} on`)
}

const sizeOf = (paging: Paging, url: URL): number => {
  const asked = whole(url, paging.size, 1, paging.default)
  if (asked <= paging.most) return asked
  return paging.beyond === "refuse" ? invalid(paging.size, `is above ${paging.most}`) : paging.most
}

const number = (value: number) => new Json.JsonNumber({ text: String(value) })

const member = (name: string | undefined, value: unknown): Readonly<Record<string, unknown>> =>
  name === undefined ? {} : { [name]: value }

const counted = <A>(
  paging: Extract<Paging, { readonly style: "page" | "offset" }>,
  { rows }: Sorted<A>,
  start: number,
  size: number,
): Page<A> => {
  const end = start + size
  if (paging.reach !== undefined && end > paging.reach) {
    return invalid(paging.style === "page" ? paging.page : paging.offset, `reaches beyond ${paging.reach} records`)
  }
  return {
    rows: rows.slice(start, end),
    beside: { ...member(paging.total, number(rows.length)), ...member(paging.more, end < rows.length) },
    headers: {},
  }
}

const encode = (place: string): string => Buffer.from(`after ${place}`, "utf8").toString("base64url")

const decode = (name: string, cursor: string): string => {
  const text = Buffer.from(cursor, "base64url").toString("utf8")
  return text.startsWith("after ") && encode(text.slice(6)) === cursor
    ? text.slice(6)
    : invalid(name, "is no cursor of ours")
}

const behind = <A>({ compare, placeOf, rows }: Sorted<A>, place: string | null): ReadonlyArray<A> =>
  place === null ? rows : rows.filter((row) => compare(placeOf(row), place) > 0)

const linked = (url: URL, name: string, cursor: string): string => {
  const next = new URL(url)
  next.searchParams.set(name, cursor)
  return next.href
}

const byCursor = <A>(
  paging: Extract<Paging, { readonly style: "cursor" | "link" }>,
  sorted: Sorted<A>,
  size: number,
): Page<A> => {
  const cursor = sorted.url.searchParams.get(paging.cursor)
  const left = behind(sorted, cursor === null ? null : decode(paging.cursor, cursor))
  const rows = left.slice(0, size)
  const last = rows.at(-1)
  const next = last === undefined || left.length <= size ? undefined : encode(sorted.placeOf(last))
  if (paging.style === "cursor") return { rows, beside: member(paging.next, next ?? null), headers: {} }
  const link = next === undefined ? undefined : linked(sorted.url, paging.cursor, next)
  if (typeof paging.next === "string") return { rows, beside: member(paging.next, link ?? null), headers: {} }
  return { rows, beside: {}, headers: link === undefined ? {} : { link: `<${link}>; rel="next"` } }
}

export const cut = <A>(paging: Paging, sorted: Sorted<A>): Page<A> => {
  const { url } = sorted
  const size = sizeOf(paging, url)
  switch (paging.style) {
    case "page": {
      const first = paging.first ?? 1
      return counted(paging, sorted, (whole(url, paging.page, first, first) - first) * size, size)
    }
    case "offset":
      return counted(paging, sorted, whole(url, paging.offset, 0, 0), size)
    case "keyset": {
      const left = behind(sorted, url.searchParams.get(paging.after))
      return { rows: left.slice(0, size), beside: member(paging.more, left.length > size), headers: {} }
    }
    default:
      return byCursor(paging, sorted, size)
  }
}

/** The body of a page. */
export const body = (paging: Paging, records: ReadonlyArray<unknown>, beside: Page<unknown>["beside"]): unknown =>
  paging.items === undefined ? records : { [paging.items]: records, ...beside }
