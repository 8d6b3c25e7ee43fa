/**
 * Product: StockItem (IN202500) and NonStockItem (IN202000). They share one set of numbers, so the id is the InventoryID
 * alone. An item is found and written by that key; no field of ours is needed.
 *
 * Requests for N products: reading asks both forms for every page. A fresh read by id asks the stock form first and the
 * other for what is not there. Writing takes one read, one PUT and one confirming read for each changed product.
 */

import { sameText } from "@mortise/core/Covers"
import { Product } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type { Wire } from "../Client.ts"
import { definedBody } from "../internal/body.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import { known, type Reader } from "../internal/Reader.ts"
import type { Encoded, EncodeFacts, Writer } from "../internal/Writer.ts"
import type { Settings } from "../Settings.ts"

type E = typeof Product
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>

// Acumatica: item statuses as labels. What nobody may sell is not active for a CRM; what nobody may buy still is.
const ACTIVE: Readonly<Record<string, boolean>> = {
  active: true,
  "no purchases": true,
  "no request": true,
  "no sales": false,
  inactive: false,
  "marked for deletion": false,
}

const activeOf = (raw: string | null | undefined): boolean | undefined =>
  raw === undefined || raw === null ? undefined : ACTIVE[raw.toLowerCase()]

/** The default price belongs to no price list and is in the base currency, which the item does not name. */
const pricesOf = (
  amount: ReturnType<Reader<Wire["StockItem"]>["decimal"]>,
  { settings }: Facts,
): Rec["prices"] | undefined => {
  if (amount === undefined) return undefined
  if (amount === null) return []
  const { baseCurrency } = settings
  return [{ amount, ...(baseCurrency === undefined ? {} : { currency: baseCurrency }) }]
}

export const stock = (_: Settings): Mapping<E, "StockItem"> => ({
  entity: Product,
  resource: "StockItem",
  members: {
    sku: ["InventoryID"],
    name: ["Description"],
    active: ["ItemStatus"],
    kind: ["ItemType"],
    prices: ["DefaultPrice"],
    unit: ["SalesUOM"],
  },
  oneByOne: [],
  decode: (reader, facts) =>
    known({
      sku: reader.text("InventoryID"),
      name: reader.text("Description"),
      active: activeOf(reader.text("ItemStatus")),
      kind: { code: "stock" as const, raw: reader.text("ItemType") ?? "Stock Item" },
      prices: pricesOf(reader.decimal("DefaultPrice"), facts),
      unit: reader.text("SalesUOM"),
    }) as Partial<Rec>,
})

const kindOf = (raw: string | null | undefined) => {
  if (raw === undefined || raw === null) return { code: "nonStock" as const }
  return { code: /^service$/i.test(raw) ? ("service" as const) : ("nonStock" as const), raw }
}

export const nonStock = (_: Settings): Mapping<E, "NonStockItem"> => ({
  entity: Product,
  resource: "NonStockItem",
  members: {
    sku: ["InventoryID"],
    name: ["Description"],
    active: ["ItemStatus"],
    kind: ["ItemType"],
    prices: ["DefaultPrice"],
    unit: ["SalesUnit"],
  },
  oneByOne: [],
  decode: (reader, facts) =>
    known({
      sku: reader.text("InventoryID"),
      name: reader.text("Description"),
      active: activeOf(reader.text("ItemStatus")),
      kind: kindOf(reader.text("ItemType")),
      prices: pricesOf(reader.decimal("DefaultPrice"), facts),
      unit: reader.text("SalesUnit"),
    }) as Partial<Rec>,
})

const ACTIVE_LABEL = "Active"
const INACTIVE_LABEL = "Inactive"
const SERVICE_LABEL = "Service"

const shared = (patch: Patch, { codec }: Pick<EncodeFacts<"StockItem">, "codec">) => {
  const { wrap } = codec
  const price = patch.prices?.[0]
  return {
    InventoryID: patch.sku === undefined || patch.sku === null ? undefined : wrap.text(patch.sku),
    Description: patch.name === undefined ? undefined : wrap.text(patch.name),
    ItemStatus:
      patch.active === undefined || patch.active === null
        ? undefined
        : wrap.text(patch.active ? ACTIVE_LABEL : INACTIVE_LABEL),
    DefaultPrice: price === undefined ? undefined : wrap.decimal(price.amount),
  }
}

/** The one price that the form has: in the base currency, from one piece, without a date. */
const priceIssues = ({ prices }: Patch, { baseCurrency }: Settings): Encoded<"StockItem"> | undefined => {
  if (prices === undefined) return undefined
  const [price] = prices ?? []
  const plain = price?.list === undefined && price?.minQuantity === undefined && price?.validFrom === undefined
  const message =
    prices?.length !== 1 || !plain
      ? "an item takes exactly one price, without list, quantity or date; others are kept on the sales price form"
      : price?.currency !== undefined && price.currency !== baseCurrency
        ? `an item's price is in the base currency, which is ${baseCurrency ?? "not configured; give `baseCurrency`"}`
        : undefined
  return message === undefined ? undefined : { issues: [{ path: ["prices"], message }] }
}

const common = {
  compare: { sku: sameText },
  writable: ["sku", "name", "active", "prices", "unit"],
  notClearable: ["sku", "active", "prices", "unit"],
  // The form decides how an item is kept and booked, and its number is what names it.
  fixed: ["sku", "kind"],
  pointers: () => [],
  natural: {
    sku: (value: unknown) => (typeof value === "string" && value !== "" ? { id: value } : undefined),
  },
} as const

export const stockWriter = (settings: Settings): Writer<E, "StockItem"> => ({
  ...common,
  initial: (_, { codec }) => {
    const itemClass = settings.products?.stockClass
    return { body: itemClass === undefined ? {} : { ItemClass: codec.wrap.text(itemClass) } }
  },
  encode: (patch, facts) =>
    priceIssues(patch, settings) ?? {
      body: definedBody({
        ...shared(patch, facts),
        SalesUOM: patch.unit === undefined || patch.unit === null ? undefined : facts.codec.wrap.text(patch.unit),
      }),
    },
})

export const nonStockWriter = (settings: Settings): Writer<E, "NonStockItem"> => ({
  ...common,
  initial: ({ kind }, { codec }) => {
    const itemClass = settings.products?.nonStockClass
    const type = kind?.raw ?? (kind?.code === "service" ? SERVICE_LABEL : undefined)
    return {
      body: definedBody({
        ItemClass: itemClass === undefined ? undefined : codec.wrap.text(itemClass),
        ItemType: type === undefined ? undefined : codec.wrap.text(type),
      }),
    }
  },
  encode: (patch, facts) => {
    const refused = priceIssues(patch, settings)
    if (refused !== undefined) return refused as Encoded<"NonStockItem">
    return {
      body: definedBody({
        ...shared(patch, facts),
        SalesUnit: patch.unit === undefined || patch.unit === null ? undefined : facts.codec.wrap.text(patch.unit),
      }),
    }
  },
})

export const absent: Features.Features<E>["absent"] = {
  description: "the long text of an item is a page of HTML",
  recurring: "not a property of an item",
  availability: "kept per warehouse, in rows that move no stamp of the item",
}
