/**
 * Line items, as part of a deal or an invoice. HubSpot merges equal line items of one create without a word, so every
 * line carries a key of ours: document and line key. A line that somebody made in HubSpot has its record id as key.
 *
 * HubSpot: guide "Line items" (one parent only; a price is not negative; `amount` is computed).
 */
import * as Fields from "../internal/Fields.ts"

const { decimal, ownNumber, ownText, property, text } = Fields

export const LINE_KEY = ownText("mortise_line_key", "Line key")

const DISCOUNT = property("discount", "number")
const DISCOUNT_PERCENT = property("hs_discount_percentage", "number")

const discount: Fields.Field = {
  properties: [DISCOUNT, DISCOUNT_PERCENT],
  decode: (props) => {
    const percent = Fields.value(props, DISCOUNT_PERCENT.name)
    const amount = Fields.value(props, DISCOUNT.name)
    if (typeof percent === "string") return { percent: Fields.normal("number", percent) }
    if (typeof amount === "string") return { amount: Fields.normal("number", amount) }
    return percent === undefined && amount === undefined ? undefined : null
  },
  encode: (json) => {
    const { amount = "", percent = "" } = (json ?? {}) as { readonly amount?: string; readonly percent?: string }
    return {
      [DISCOUNT.name]: Fields.normal("number", amount),
      [DISCOUNT_PERCENT.name]: Fields.normal("number", percent),
    }
  },
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
  quantity: decimal(property("quantity", "number")),
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
