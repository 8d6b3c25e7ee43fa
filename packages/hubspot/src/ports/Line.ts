/**
 * Line items, as part of a deal or an invoice. HubSpot merges equal line items of one create without a word, so every
 * line carries a key of ours: document and line key. A line that somebody made in HubSpot has its record id as key.
 *
 * HubSpot: guide "Line items" (one parent only; a price is not negative; `amount` is computed); knowledge base
 * "Understand discounts" (`discount` is the unit discount).
 */
import * as Decimal from "@mortise/core/Decimal"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import * as Fields from "../internal/Fields.ts"

const { decimal, ownNumber, ownText, property, text } = Fields

export const LINE_KEY = ownText("mortise_line_key", "Line key")

const QUANTITY = property("quantity", "number")
const DISCOUNT = property("discount", "number")
const DISCOUNT_PERCENT = property("hs_discount_percentage", "number")
const DISCOUNT_OF_LINE = ownNumber("mortise_discount", "Discount of the line")

/** HubSpot: knowledge base "Use line items", decimal places of a unit price. */
const PLACES = 6

type Discount = { readonly amount?: string; readonly percent?: string }

/** What an amount takes off one piece, as HubSpot keeps it: rounded, which the line's own amount is not. */
const ofOne = (amount: Decimal.Decimal, quantity: Decimal.Decimal): string => {
  const each = Option.getOrElse(BigDecimal.divide(amount, quantity), () => amount)
  return Decimal.format(BigDecimal.round(each, { scale: PLACES }))
}

/** Ours while HubSpot's still is what came of it; else somebody changed it there. */
const amountOf = (props: Fields.Props, each: Decimal.Decimal): string => {
  const quantity = Option.getOrElse(Decimal.parse(props[QUANTITY.name] ?? ""), () => BigDecimal.fromBigInt(1n))
  const own = Option.filter(
    Decimal.parse(props[DISCOUNT_OF_LINE.name] ?? ""),
    (amount) => ofOne(amount, quantity) === ofOne(each, BigDecimal.fromBigInt(1n)),
  )
  return Decimal.format(Option.getOrElse(own, () => BigDecimal.multiply(each, quantity)))
}

/** HubSpot's is the "unit discount", off each piece; ours is off the whole line. */
const discount: Fields.Field = {
  properties: [DISCOUNT, DISCOUNT_PERCENT, DISCOUNT_OF_LINE],
  decode: (props) => {
    const percent = Fields.value(props, DISCOUNT_PERCENT.name)
    const amount = Fields.value(props, DISCOUNT.name)
    if (typeof percent === "string") return { percent: Fields.normal("number", percent) }
    if (typeof amount !== "string") return percent === undefined && amount === undefined ? undefined : null
    const each = Decimal.parse(amount)
    return { amount: Option.isSome(each) ? amountOf(props, each.value) : amount }
  },
  encode: (json) => {
    const { amount = "", each = amount, percent = "" } = (json ?? {}) as Discount & { readonly each?: string }
    return {
      [DISCOUNT.name]: Fields.normal("number", each),
      [DISCOUNT_PERCENT.name]: Fields.normal("number", percent),
      [DISCOUNT_OF_LINE.name]: Fields.normal("number", amount),
    }
  },
}

/** The discount of a line to write, with what it takes off each piece. */
export const withEach = (line: { readonly [member: string]: unknown }): unknown => {
  const wanted = line["discount"] as Discount | null | undefined
  if (wanted?.amount === undefined) return wanted
  const quantity = Decimal.parse(String(line["quantity"] ?? ""))
  if (Option.isNone(quantity)) return new Fields.Refused("an amount of discount needs the quantity that it is for")
  return { ...wanted, each: ofOne(Decimal.make(wanted.amount), quantity.value) }
}

const NET = ownNumber("mortise_net", "Net")
const AMOUNT = property("amount", "number")

/** The ERP's net where it was written, else what HubSpot computed. */
const net: Fields.Field = {
  properties: [NET, AMOUNT],
  decode: (props) => decimal(NET).decode(props, NO_CONTEXT) ?? decimal(AMOUNT).decode(props, NO_CONTEXT),
  encode: (json) => ({ [NET.name]: json === null ? "" : Fields.normal("number", String(json)) }),
}

const NO_CONTEXT: Fields.Context = { companyCurrency: undefined, typeOf: () => undefined, stage: () => undefined }

/** All members of a line but its key and its product. */
export const fields: { readonly [member: string]: Fields.Field } = {
  description: text(property("name")),
  quantity: decimal(QUANTITY),
  unit: text(ownText("mortise_unit", "Unit")),
  unitPrice: decimal(property("price", "number")),
  discount,
  net,
}

export const PRODUCT = property("hs_product_id")

export const properties: ReadonlyArray<Fields.Property> = [
  LINE_KEY,
  PRODUCT,
  ...Object.values(fields).flatMap((field) => field.properties),
]
