/** Lists: what is asked for, in which order, from when on. */
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import type { Collection, Modified, Value } from "./Declaration.ts"
import * as Paging from "./Paging.ts"
import { Refused } from "./Problems.ts"
import * as Show from "./Show.ts"
import { type Kept, keyOrder, type State } from "./World.ts"

const invalid = (field: string, message: string): never => {
  throw new Refused({ code: "invalid", field, message: `${field} ${message}` })
}

const instant = (name: string, text: string, { format = "iso" }: Modified): number => {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  const millis = format === "iso" ? Date.parse(text) : format === "epochSeconds" ? number * 1000 : number
  return Number.isNaN(millis) ? invalid(name, "is no time") : millis
}

const inRange = (modified: Modified | undefined, url: URL): ((kept: Kept) => boolean) => {
  const bound = (name: string | undefined): number | undefined => {
    const text = name === undefined ? null : url.searchParams.get(name)
    return text === null || modified === undefined ? undefined : instant(name as string, text, modified)
  }
  const [from, before] = [bound(modified?.from), bound(modified?.before)]
  return ({ modified: at }) => (from === undefined || at >= from) && (before === undefined || at < before)
}

const textOf = (value: Value): string => (value === null ? "" : String(value))

/** Texts are compared without regard to case, as most databases do. */
const filtered = ({ filters = [] }: Collection, url: URL): ((kept: Kept) => boolean) => {
  const asked = filters.flatMap((name) => {
    const value = url.searchParams.get(name)
    return value === null ? [] : [{ name, value: value.toLowerCase() }]
  })
  return ({ row }) => asked.every(({ name, value }) => textOf(row[name] ?? null).toLowerCase() === value)
}

/** A stamp and a key as one text that sorts as both. */
const stamped = ({ id, modified }: Kept): string => `${String(modified).padStart(16, "0")} ${id}`

const order = (collection: Collection, url: URL) => {
  const asked = collection.sort === undefined ? null : url.searchParams.get(collection.sort)
  const keys = keyOrder(collection)
  if (asked === null || asked === collection.key.field) return { placeOf: ({ id }: Kept) => id, compare: keys }
  if (asked !== collection.modified?.field) return invalid(collection.sort ?? "", "names no order that lists have")
  const compare = (a: string, b: string): number => {
    const [x, y] = [a.slice(0, 16), b.slice(0, 16)]
    return x === y ? keys(a.slice(17), b.slice(17)) : x < y ? -1 : 1
  }
  return { placeOf: stamped, compare }
}

const refuseUnknown = (collection: Collection, paging: Parameters<typeof Paging.parameters>[0], url: URL): void => {
  const known = new Set([
    ...Paging.parameters(paging),
    ...(collection.filters ?? []),
    ...[collection.sort, collection.modified?.from, collection.modified?.before].filter((name) => name !== undefined),
  ])
  for (const name of url.searchParams.keys()) if (!known.has(name)) invalid(name, "is no parameter of this list")
}

export const list = (state: State, name: string, { url }: TwinRequest): TwinReply => {
  const collection = state.collection(name)
  const paging = collection.paging ?? state.declaration.paging
  refuseUnknown(collection, paging, url)
  const [isIn, isAsked] = [inRange(collection.modified, url), filtered(collection, url)]
  const { compare, placeOf } = order(collection, url)
  const rows = state
    .listed(name)
    .filter((kept) => isIn(kept) && isAsked(kept))
    .sort((a, b) => compare(placeOf(a), placeOf(b)))
  const page = Paging.cut(paging, { rows, placeOf, compare, url })
  return {
    status: 200,
    headers: page.headers,
    body: Paging.body(
      paging,
      page.rows.map((kept) => Show.record(collection, kept)),
      page.beside,
    ),
  }
}
