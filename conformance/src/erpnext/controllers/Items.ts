/** Items and their prices. */
import * as Amount from "../Amount.ts"
import { type Columns, decimal, given, isSet, nameOf, text } from "../Doc.ts"
import * as Documents from "../Documents.ts"
import { refusedByApp, thrown } from "../Errors.ts"
import type { Site } from "../Site.ts"
import type { Controller } from "./Controller.ts"

const homeOf = (site: Site): { readonly company: string; readonly warehouse: string } | undefined => {
  for (const company of site.store.all("Company")) {
    const warehouse = `Stores - ${text(company.columns, "abbr")}`
    if (site.store.has("Warehouse", warehouse)) return { company: nameOf(company), warehouse }
  }
  return undefined
}

export const item: Controller = {
  beforeDefaults: (_site, { columns }) => {
    if (!given(columns, "stock_uom")) columns["stock_uom"] = "Nos"
  },
  validate: ({ action, before, doc, site }) => {
    const { columns, tables } = doc
    if (!given(columns, "item_name")) columns["item_name"] = text(columns, "item_code")
    if (!given(columns, "description")) columns["description"] = text(columns, "item_name")
    columns["customer_code"] ??= ""
    if (
      before !== undefined &&
      isSet(before.columns, "is_stock_item") !== isSet(columns, "is_stock_item") &&
      moved(site, nameOf(doc))
    ) {
      throw refusedByApp("Whether an item is held in stock cannot change once it moved")
    }
    const uoms = tables["uoms"] ?? []
    const known = uoms.some((row) => row["uom"] === columns["stock_uom"])
    if (!known && given(columns, "stock_uom")) uoms.push({ uom: columns["stock_uom"] ?? null, conversion_factor: "1" })
    tables["uoms"] = uoms
    const home = homeOf(site)
    if (action === "insert" && home !== undefined && (tables["item_defaults"] ?? []).length === 0) {
      tables["item_defaults"] = [{ company: home.company, default_warehouse: home.warehouse }]
    }
  },
  afterInsert: (site, { columns }) => {
    if (Amount.isZero(decimal(columns, "standard_rate"))) return
    Documents.insert(site, "Item Price", {
      item_code: text(columns, "item_code"),
      price_list: text(site.settings("Selling Settings"), "selling_price_list") || "Standard Selling",
      price_list_rate: decimal(columns, "standard_rate"),
    })
  },
}

/** Nothing moves stock here but what a test writes into the item. */
const moved = (site: Site, name: string): boolean =>
  !Amount.isZero(decimal(site.get("Item", name)?.columns ?? {}, "total_projected_qty"))

const KEY = [
  "item_code",
  "price_list",
  "uom",
  "valid_from",
  "valid_upto",
  "customer",
  "supplier",
  "batch_no",
  "packing_unit",
]

const sameKey = (a: Columns, b: Columns): boolean =>
  KEY.every((field) => (text(a, field) || "0") === (text(b, field) || "0"))

export const itemPrice: Controller = {
  validate: ({ doc, site }) => {
    const { columns } = doc
    const item = site.get("Item", text(columns, "item_code"))?.columns ?? {}
    const list = site.get("Price List", text(columns, "price_list"))?.columns ?? {}
    if (!given(columns, "uom")) columns["uom"] = item["stock_uom"] ?? null
    Object.assign(columns, {
      item_name: item["item_name"] ?? null,
      item_description: item["description"] ?? null,
      brand: item["brand"] ?? null,
      currency: list["currency"] ?? null,
      buying: list["buying"] ?? 0,
      selling: list["selling"] ?? 0,
    })
    for (const other of site.store.find("Item Price", "item_code", text(columns, "item_code"))) {
      if (nameOf(other) === nameOf(doc) || !sameKey(other.columns, columns)) continue
      throw thrown(
        417,
        "ItemPriceDuplicateItem",
        "There is a price already for this item, list, unit, party and time",
        {
          module: "erpnext.stock.doctype.item_price.item_price",
          app: true,
        },
      )
    }
  },
}

interface Asked {
  readonly item: string
  readonly list: string
  readonly uom: string
  readonly customer: string
  readonly on: string
}

/** The price of a list on a day, in the list's currency. */
export const priceOf = (site: Site, { customer, item, list, on, uom }: Asked): string => {
  let found: Columns | undefined
  for (const { columns } of site.store.find("Item Price", "item_code", item)) {
    if (columns["price_list"] !== list) continue
    if (given(columns, "uom") && text(columns, "uom") !== uom) continue
    if (given(columns, "customer") && text(columns, "customer") !== customer) continue
    if (given(columns, "valid_from") && text(columns, "valid_from") > on) continue
    if (given(columns, "valid_upto") && text(columns, "valid_upto") < on) continue
    const better =
      found === undefined ||
      (given(columns, "customer") && !given(found, "customer")) ||
      (given(columns, "customer") === given(found, "customer") &&
        text(columns, "valid_from") > text(found, "valid_from"))
    if (better) found = columns
  }
  return found === undefined ? Amount.ZERO : decimal(found, "price_list_rate")
}
