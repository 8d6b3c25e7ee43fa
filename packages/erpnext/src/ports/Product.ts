/**
 * Product: an Item, named by its code. It is found and written by that; no field of ours is needed.
 *
 * Requests for N products: reading takes a list for every page, and one of prices where they are asked for. Writing takes a
 * list for every 20 codes, and for each changed record one read and one write.
 */
import { Product } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import * as Effect from "effect/Effect"
import { type Doc, textOf } from "../internal/Doc.ts"
import * as listing from "../internal/listing.ts"
import type { Facts, Mapping, Side } from "../internal/Mapping.ts"
import { known, type Reader } from "../internal/Reader.ts"
import { definedBody, type Encoded, type EncodeFacts, type Writer } from "../internal/Writer.ts"

type E = typeof Product
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>

const PRICES = "@prices"

const COLUMNS = ["item_code", "price_list", "currency", "price_list_rate", "uom", "valid_from", "valid_upto"]

/** Selling prices for everybody; those for one customer are his. */
const prices: Side = ({ documents }, names) =>
  Effect.gen(function* () {
    const rows = yield* listing.all(documents, "Item Price", {
      fields: COLUMNS,
      where: [
        ["item_code", "in", names],
        ["selling", "=", 1],
        ["customer", "is", "not set"],
      ],
    })
    const of = new Map<string, Array<Doc>>()
    for (const row of rows) {
      const item = textOf(row, "item_code") ?? ""
      of.set(item, [...(of.get(item) ?? []), row])
    }
    return of
  }).pipe(Effect.catch((error) => (error.reason._tag === "Forbidden" ? Effect.succeed(undefined) : Effect.fail(error))))

/** The prices of the unit in which the item is sold, those that have ended left out, in one order always. */
const pricesOf = (reader: Reader, { today }: Facts): Rec["prices"] | undefined => {
  if (reader.raw(PRICES) === undefined) return undefined
  const unit = reader.text("sales_uom") ?? reader.text("stock_uom")
  return reader
    .rows(PRICES)
    .filter((row) => {
      const [until, uom] = [row.text("valid_upto"), row.text("uom")]
      return (until === null || until >= today) && (uom === null || unit === null || uom === unit)
    })
    .flatMap((row) => {
      const amount = row.decimal("price_list_rate")
      if (amount === null) return []
      const price = known({
        list: row.text("price_list") ?? undefined,
        currency: row.text("currency") ?? undefined,
        amount,
        validFrom: row.text("valid_from") ?? undefined,
      })
      return [{ price, name: row.text("name") ?? "" }]
    })
    .sort((a, b) =>
      `${a.price.list} ${a.price.validFrom} ${a.name}` < `${b.price.list} ${b.price.validFrom} ${b.name}` ? -1 : 1,
    )
    .map(({ price }) => price) as unknown as Rec["prices"]
}

const decode = (reader: Reader, facts: Facts): Partial<Rec> =>
  known({
    sku: reader.text("item_code"),
    name: reader.text("item_name"),
    description: reader.text("description"),
    active: !reader.flag("disabled"),
    kind: reader.flag("is_stock_item") ? { code: "stock" as const } : { code: "nonStock" as const },
    prices: pricesOf(reader, facts),
    unit: reader.text("sales_uom") ?? reader.text("stock_uom"),
  }) as Partial<Rec>

export const mapping: Mapping<E> = {
  entity: Product,
  doctype: "Item",
  members: {
    sku: ["item_code"],
    name: ["item_name"],
    description: ["description"],
    active: ["disabled"],
    kind: ["is_stock_item"],
    prices: [PRICES, "sales_uom", "stock_uom"],
    unit: ["sales_uom", "stock_uom"],
  },
  tables: {},
  sides: { [PRICES]: prices },
  inCompanyCurrency: [],
  where: [],
  decode,
}

const encode = (patch: Patch, { existing }: EncodeFacts): Encoded => {
  const { active, unit } = patch
  return {
    body: definedBody({
      item_name: patch.name,
      description: patch.description,
      disabled: active === undefined || active === null ? undefined : active ? 0 : 1,
      // The unit of the stock is fixed once something moved; what an item is sold in is not.
      ...(existing === undefined ? {} : { sales_uom: unit ?? undefined }),
    }),
  }
}

/** An item is kept in stock unless it is said otherwise, and that cannot be changed later. */
const initial = ({ kind, unit }: Patch, { named, settings }: EncodeFacts): Encoded => ({
  body: definedBody({
    item_code: named,
    item_group: settings.products?.group,
    stock_uom: unit ?? settings.products?.unit,
    is_stock_item: kind?.code === "stock" ? 1 : 0,
  }),
})

const sameName = (wanted: unknown, found: unknown): boolean => String(wanted ?? "") === String(found ?? "")

const isStock = (value: unknown): boolean => (value as { readonly code?: string } | null | undefined)?.code === "stock"

export const writer: Writer<E> = {
  writable: ["sku", "name", "description", "active", "kind", "unit"],
  notClearable: ["sku", "name", "active", "kind", "unit"],
  fixed: ["sku", "kind"],
  inCurrency: false,
  pointers: () => [],
  initial,
  encode,
  compare: { sku: sameName, kind: (wanted, found) => isStock(wanted) === isStock(found) },
  natural: { sku: (value) => (typeof value === "string" && value !== "" ? { id: value } : undefined) },
}

export const absent: Features.Features<E>["absent"] = {
  recurring: "subscription plans are documents of their own",
  availability: "kept per warehouse, in documents that move no stamp of the item",
  "write.prices": "prices are documents with dates of their own; the ERP keeps them",
}
