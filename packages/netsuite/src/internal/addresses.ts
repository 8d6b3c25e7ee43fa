/**
 * Addresses of a customer. They are rows of an address book, of which one is the default for billing and one for shipping;
 * the record API takes the book as a whole. Whether its rows are matched by a key is not documented, so it is always sent
 * whole, as it was read, with the one address changed.
 */

import type { Address } from "@mortise/core/Entities"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import * as Limits from "../Limits.ts"
import * as Query from "../Query.ts"
import * as Tables from "../Tables.ts"
import * as Asking from "./asking.ts"
import { addressBody } from "./body.ts"
import type { Part } from "./Mapping.ts"
import * as Reader from "./Reader.ts"
import type { Body } from "./Records.ts"

type Use = "billing" | "shipping"

/** Columns of a customer that name its default addresses. */
export const COLUMNS = { billing: "defaultbillingaddress", shipping: "defaultshippingaddress" } as const

export const columns = (use: Use): ReadonlyArray<Query.Column> => [Query.plain(COLUMNS[use])]

export const PART = "addresses"

const { key, table } = Tables.SIDE.address

const ROW = [key, "addr1", "addr2", "addr3", "city", "state", "zip", "country"].map((name) => Query.plain(name))

/** The default addresses of all customers of a page. */
export const part: Part = {
  load: (ask, records) => {
    const wanted = [...records].flatMap(([id, reader]) =>
      Object.values(COLUMNS).flatMap((column) => {
        const at = reader.text(column)
        return at ? [{ id, at }] : []
      }),
    )
    const keys = [...new Set(wanted.map(({ at }) => at))].filter(Filter.isId)
    return Effect.map(
      Effect.forEach(Asking.chunks(keys, Limits.ARGUMENTS), (some) =>
        ask({ columns: ROW, from: table, where: Filter.ids(key, some), orderBy: [key] }),
      ),
      (found) => {
        const byKey = new Map(found.flat().map((reader) => [reader.text(key) ?? "", reader]))
        const byId = new Map<string, Array<Reader.Reader>>()
        for (const { at, id } of wanted) {
          const address = byKey.get(at)
          if (address !== undefined) byId.set(id, [...(byId.get(id) ?? []), address])
        }
        return byId
      },
    )
  },
}

/** The default address for a use; null where the customer has none. */
export const decode = (reader: Reader.Reader, use: Use): typeof Address.Type | null | undefined => {
  const at = reader.text(COLUMNS[use])
  const rows = reader.part(PART)
  if (at === undefined || rows === undefined) return undefined
  const row = at === null ? undefined : rows.find((each) => each.text(key) === at)
  return row === undefined ? null : Reader.address(row)
}

type Entry = { readonly [member: string]: unknown }

const isObject = (value: unknown): value is Entry =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Members that are told and not taken. */
const TOLD = new Set(["links", "refName", "id", "lastModifiedDate", "addressBookAddress_text", "addressId", "addrText"])

const writable = (entry: Entry): Entry =>
  Object.fromEntries(
    Object.entries(entry).flatMap(([name, value]) => {
      if (TOLD.has(name) || value === null) return []
      if (name === "country" && isObject(value)) return [[name, { id: value["id"] }]]
      return [[name, isObject(value) && name === "addressBookAddress" ? writable(value) : value]]
    }),
  )

const entriesOf = (whole: Body | undefined): ReadonlyArray<Entry> => {
  const book = whole?.["addressBook"]
  const items = isObject(book) ? book["items"] : undefined
  return Array.isArray(items) ? items.filter(isObject).map(writable) : []
}

const FLAGS = { billing: "defaultBilling", shipping: "defaultShipping" } as const
const OTHER = { billing: "defaultShipping", shipping: "defaultBilling" } as const

/** One address put into the book: over the entry that serves this use alone, or beside one that serves both. */
const put = (entries: ReadonlyArray<Entry>, use: Use, address: typeof Address.Type): ReadonlyArray<Entry> => {
  const [flag, other] = [FLAGS[use], OTHER[use]]
  const at = entries.findIndex((entry) => entry[flag] === true)
  const found = entries[at]
  const before = isObject(found?.["addressBookAddress"]) ? found["addressBookAddress"] : {}
  const changed = { ...before, ...addressBody(address) }
  if (found !== undefined && found[other] !== true)
    return entries.map((entry, index) => (index === at ? { ...entry, addressBookAddress: changed } : entry))
  const kept = entries.map((entry) => (entry[flag] === true ? { ...entry, [flag]: false } : entry))
  return [...kept, { [flag]: true, [other]: false, addressBookAddress: changed }]
}

/** The whole book with the given addresses; undefined when none is given. */
export const encode = (
  addresses: { readonly [U in Use]?: typeof Address.Type | null | undefined },
  whole: Body | undefined,
): Body | undefined => {
  const given = (["billing", "shipping"] as const).filter(
    (use) => addresses[use] !== undefined && addresses[use] !== null,
  )
  if (given.length === 0) return undefined
  const items = given.reduce(
    (entries, use) => put(entries, use, addresses[use] as typeof Address.Type),
    entriesOf(whole),
  )
  return { items }
}
