/** Lines of orders and invoices: what they cost, and what of the three numbers follows from the other two. */
import * as Amount from "../Amount.ts"
import * as Errors from "../Errors.ts"
import type { Patch } from "../Patch.ts"
import type { Doc, Line } from "../Record.ts"
import * as Record from "../Record.ts"
import * as Types from "../Types.ts"
import { type Form, fallback, need } from "./Form.ts"
import * as Item from "./Item.ts"

/** Forgets what was computed of a line and no longer holds: a rate or quantity makes the amount, an amount the rate. */
export const forget = (line: Line, row: Patch): void => {
  const sent = (field: string): boolean => (row.fields[field] ?? null) !== null
  if (sent("item") && row.fields["item"] !== line.fields["item"]) {
    for (const field of ["rate", "amount", "description"]) line.fields[field] = null
  }
  if (sent("amount") && !sent("rate")) line.fields["rate"] = null
  else if (!sent("amount") && (sent("rate") || sent("quantity"))) line.fields["amount"] = null
}

export const precisionOf = ({ world }: Form, doc: Doc): number => {
  const currency = world.table("currency").latest(Record.text(doc, "currency"))
  return Number(currency === undefined ? "2" : Record.text(currency, "currencyPrecision"))
}

const RATE_DIGITS = 8

const priced = (line: Line, item: Doc, currency: string, precision: number): void => {
  fallback(line, "quantity", "1")
  const quantity = Record.text(line, "quantity")
  const amount = Record.text(line, "amount")
  if (Record.text(line, "rate") === "") {
    line.fields["rate"] =
      amount === "" ? (Item.priceIn(item, currency) ?? null) : (Amount.divide(amount, quantity, RATE_DIGITS) ?? null)
  }
  const rate = Record.text(line, "rate")
  if (amount === "") line.fields["amount"] = Amount.multiply(quantity, rate === "" ? Amount.ZERO : rate, precision)
  else line.fields["amount"] = Amount.round(amount, precision)
}

const complete = (form: Form, line: Line, index: number): void => {
  const { doc, world } = form
  need(line, { item: "Item" })
  const item = world.table("items").latest(Record.text(line, "item"))
  if (item === undefined || Record.flag(item, "isInactive")) {
    const id = Record.text(line, "item")
    throw Errors.badValue(world.knobs.badValueCode, id, "item", `item.items[${index}].item`)
  }
  priced(line, item, Record.text(doc, "currency"), precisionOf(form, doc))
  fallback(line, "description", item.fields["salesDescription"] ?? undefined)
  fallback(line, "itemType", Types.get(item.type).item?.type)
  fallback(line, "quantityBilled", doc.type === "salesOrder" ? "0" : undefined)
  fallback(line, "quantityFulfilled", doc.type === "salesOrder" ? "0" : undefined)
  fallback(line, "isClosed", doc.type === "salesOrder" ? false : undefined)
  line.fields["grossAmt"] = Amount.sum([Record.text(line, "amount"), Record.text(line, "tax1Amt")])
  if (Record.text(line, "lineUniqueKey") === "") line.fields["lineUniqueKey"] = world.nextLineKey()
}

/** Completes the lines and adds the document up. Discounts are negative, as the form shows them. */
export const total = (form: Form): void => {
  const { doc } = form
  const rows = Record.lines(doc, "item")
  if (rows.length === 0) throw Errors.userError("You must enter at least one line item for this transaction.", "item")
  for (const [index, line] of rows.entries()) complete(form, line, index)
  const precision = precisionOf(form, doc)
  const subtotal = Amount.sum(rows.map((line) => Record.text(line, "amount")))
  const discount = Amount.round(Record.text(doc, "discountRate"), precision)
  const taxes = Amount.sum(rows.map((line) => Record.text(line, "tax1Amt")))
  const net = Amount.sum([subtotal, discount, Record.text(doc, "shippingCost")])
  Object.assign(doc.fields, {
    subtotal,
    discountTotal: discount,
    taxTotal: taxes,
    total: Amount.sum([net, taxes]),
    totalAfterTaxes: Amount.sum([net, taxes]),
  })
}
