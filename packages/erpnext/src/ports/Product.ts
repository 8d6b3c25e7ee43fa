/**
 * Product: an Item, named by its code. It is found and written by that; no field of ours is needed.
 *
 * Requests for N products: reading takes a list for every page, and one of prices where they are asked for. Writing takes a
 * list for every 20 codes, and for each changed record one read and one write; prices that are written take one look at
 * their lists and one write each.
 */
import { Product } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import * as prices from "../internal/prices.ts"
import { known, type Reader } from "../internal/Reader.ts"
import { type After, definedBody, type Encoded, type EncodeFacts, type Writer } from "../internal/Writer.ts"

import type { Settings } from "../Settings.ts"

type E = typeof Product
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>

const decode = (reader: Reader, facts: Facts): Partial<Rec> =>
  known({
    sku: reader.text("item_code"),
    name: reader.text("item_name"),
    description: reader.text("description"),
    active: !reader.flag("disabled"),
    kind: reader.flag("is_stock_item") ? { code: "stock" as const } : { code: "nonStock" as const },
    prices: prices.decode(reader, facts),
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
    prices: [prices.PRICES, "sales_uom", "stock_uom"],
    unit: ["sales_uom", "stock_uom"],
  },
  tables: {},
  sides: { [prices.PRICES]: prices.side },
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

const after = (settings: Settings): After<E> => ({
  fields: ["prices"],
  issues: (patch) => prices.issues(patch.prices ?? [], settings),
  write: (context, patch, { doc, id }) => prices.write(context, patch.prices ?? [], { item: id, doc }),
})

export const writer = (settings: Settings): Writer<E> => ({
  writable: ["sku", "name", "description", "active", "kind", "prices", "unit"],
  notClearable: ["sku", "name", "active", "kind", "prices", "unit"],
  fixed: ["sku", "kind"],
  inCurrency: false,
  pointers: () => [],
  initial,
  encode,
  compare: {
    sku: sameName,
    kind: (wanted, found) => isStock(wanted) === isStock(found),
    prices: (wanted, found, today) => prices.covers(wanted, found, settings, today),
  },
  natural: { sku: (value) => (typeof value === "string" && value !== "" ? { id: value } : undefined) },
  after: after(settings),
})

export const absent: Features.Features<E>["absent"] = {
  recurring: "subscription plans are documents of their own",
  availability: "kept per warehouse, in documents that move no stamp of the item",
}
