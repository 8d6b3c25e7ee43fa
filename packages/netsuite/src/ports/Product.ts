/**
 * Product: inventory items, non-inventory items and services that are sold. A query has one table of them; the record API
 * has a type for each kind, which a new item is made as and never leaves.
 *
 * Requests for N products: a query for every page of 1000 and one for each 200 items' prices; writing as for accounts.
 */
import { Product } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import * as Filter from "../Filter.ts"
import { definedBody, ref } from "../internal/body.ts"
import { sameText } from "../internal/covers.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import * as prices from "../internal/prices.ts"
import { known, type Reader } from "../internal/Reader.ts"
import type { RecordType } from "../internal/Records.ts"
import type { Encoded, EncodeFacts, Writer } from "../internal/Writer.ts"
import * as Query from "../Query.ts"
import type { Settings } from "../Settings.ts"
import * as Tables from "../Tables.ts"

type E = typeof Product
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>
type Kind = "stock" | "nonStock" | "service"

const { nonStock, service, stock } = Tables.ITEMS
const KINDS: { readonly [type: string]: Kind | undefined } = {
  [stock]: "stock",
  [nonStock]: "nonStock",
  [service]: "service",
}

const kindOf = (raw: string | null | undefined): Rec["kind"] | undefined =>
  raw === undefined || raw === null ? raw : { code: KINDS[raw] ?? "other", raw }

const isActive = (inactive: boolean | null | undefined): boolean | null | undefined =>
  inactive === undefined || inactive === null ? inactive : !inactive

const decode = (reader: Reader, facts: Facts): Partial<Rec> =>
  known({
    sku: reader.text("itemid"),
    name: reader.text("displayname"),
    description: reader.text("description"),
    active: isActive(reader.boolean("isinactive")),
    kind: kindOf(reader.text("itemtype")),
    prices: prices.decode(reader, facts),
    unit: reader.text("saleunitname"),
  }) as Partial<Rec>

const TYPES: { readonly [K in Kind]: RecordType } = {
  stock: "inventoryItem",
  nonStock: "nonInventorySaleItem",
  service: "serviceSaleItem",
}

/** Items that are also bought are of types that are only read. */
const typeOf = (reader: Reader): RecordType | undefined => {
  const kind = KINDS[reader.text("itemtype") ?? ""]
  if (kind === undefined) return undefined
  return kind === "stock" || reader.text("subtype") === "Sale" ? TYPES[kind] : undefined
}

const plain = (...names: ReadonlyArray<string>) => ({ columns: names.map((name) => Query.plain(name)) })

const SOLD = Filter.any([Filter.absent("subtype"), Filter.oneOf("subtype", ["Sale", "Resale"])])

export const mapping = (settings: Settings): Mapping<E> => ({
  entity: Product,
  table: "item",
  where: Filter.all(Filter.oneOf("itemtype", Object.keys(KINDS)), SOLD) as Filter.Filter,
  always: [Query.plain("itemtype"), Query.plain("subtype")],
  members: {
    sku: plain("itemid"),
    name: plain("displayname"),
    description: plain("description"),
    active: plain("isinactive"),
    kind: plain("itemtype"),
    prices: { part: prices.PART },
    unit: { columns: [Query.label("saleunit", "saleunitname")] },
  },
  parts: { [prices.PART]: prices.part(settings) },
  typeOf,
  decode,
})

const kindIn = ({ kind }: Patch): Kind => {
  const code = kind?.code
  return code === "stock" || code === "service" ? code : "nonStock"
}

const encode = (patch: Patch, facts: EncodeFacts): Encoded => {
  const { active, sku } = patch
  const price = prices.encode(patch.prices, facts)
  if (price?.issues !== undefined) return price
  return {
    body: definedBody({
      itemId: sku ?? undefined,
      displayName: patch.name,
      salesDescription: patch.description,
      isInactive: active === undefined || active === null ? undefined : !active,
      ...price?.body,
    }),
  }
}

export const writer = (settings: Settings): Writer<E> => ({
  writable: ["sku", "name", "description", "active", "kind", "prices"],
  notClearable: ["sku", "active", "kind", "prices"],
  fixed: ["kind"],
  pointers: () => [],
  typeFor: (patch) => TYPES[kindIn(patch)],
  initial: (patch, { settings: { defaults, subsidiary } }) =>
    typeof patch.sku === "string" && patch.sku !== ""
      ? {
          body: definedBody({
            ...defaults?.Product,
            ...(subsidiary === undefined ? {} : { subsidiary: { items: [ref(subsidiary)] } }),
          }),
        }
      : { issues: [{ path: ["sku"], message: "is missing; an item is named by it" }] },
  encode,
  natural: { sku: "itemid" },
  compare: {
    sku: sameText,
    kind: (wanted, found) => codeOf(wanted) === codeOf(found),
    prices: (wanted, found) => prices.covers(wanted, found, settings),
  },
})

const codeOf = (value: unknown): unknown => (value as { readonly code?: string } | null | undefined)?.code

export const absent: NonNullable<Features.Features<E>["absent"]> = {
  recurring: "not a property of an item",
  availability: "kept per location, in rows that move no stamp of the item",
  "write.unit": "units come from a units type of the account",
}
