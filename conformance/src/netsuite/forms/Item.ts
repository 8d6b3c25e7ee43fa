/** The form of the three kinds of items that are sold. */
import * as Chart from "../Chart.ts"
import * as Errors from "../Errors.ts"
import * as Record from "../Record.ts"
import * as Types from "../Types.ts"
import { type Form, fallback, need } from "./Form.ts"

const BASE_PRICE = "1"

const isBase = (row: Record.Row): boolean =>
  Record.text(row, "priceLevel") === BASE_PRICE &&
  Record.text(row, "currencyPage") === Chart.BASE_CURRENCY &&
  (Record.text(row, "priceQty") || "0") === "0"

/** `rate` is the base price in the base currency: what was sent of the two wins, `rate` over the list. */
const prices = ({ doc, patch }: Form): void => {
  const base = Record.lines(doc, "price").find(isBase)
  const rate = patch.fields["rate"]
  if (typeof rate !== "string") {
    if (base !== undefined) doc.fields["rate"] = base.fields["price"] ?? null
    return
  }
  if (base !== undefined) {
    base.fields["price"] = rate
    return
  }
  doc.lastLine += 1
  const made = Record.line(String(doc.lastLine))
  Object.assign(made.fields, { priceLevel: BASE_PRICE, currencyPage: Chart.BASE_CURRENCY, priceQty: "0", price: rate })
  doc.subs["price"] = [...Record.lines(doc, "price"), made]
}

const uniqueName = ({ doc, world }: Form): void => {
  const wanted = Record.text(doc, "itemId")
  if (
    world
      .table("items")
      .where("itemId", wanted)
      .some((one) => one.id !== doc.id)
  )
    throw Errors.duplicate("record")
}

export const item = (form: Form): void => {
  const { doc } = form
  need(doc, { itemId: "Item Name/Number" })
  uniqueName(form)
  const kind = Types.get(doc.type).item
  doc.fields["itemType"] = kind?.type ?? null
  if (doc.type === "serviceSaleItem") doc.fields["subtype"] = kind?.subtype ?? null
  doc.fields["internalId"] = doc.id
  fallback(doc, "isInactive", false)
  if (doc.type === "inventoryItem") fallback(doc, "quantityAvailable", "0")
  prices(form)
}

/** What an item costs in a currency: the base price of that currency's page; undefined where there is none. */
export const priceIn = (item: Record.Doc, currency: string): string | undefined => {
  const row = Record.lines(item, "price").find(
    (one) => Record.text(one, "priceLevel") === BASE_PRICE && Record.text(one, "currencyPage") === currency,
  )
  return row === undefined ? undefined : Record.text(row, "price")
}
