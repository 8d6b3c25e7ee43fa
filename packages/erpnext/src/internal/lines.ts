/**
 * Lines of orders and invoices: rows of the table `items`. A line carries our key in a Custom Field where the site has it;
 * without it lines are matched by their place. The table is always sent whole, and each row whole: a row that leaves out
 * a column has it emptied, and one without its name is a new row.
 *
 * The price before a discount is the site's `price_list_rate`, the price after it the `rate`; both are sent, so that the
 * site does not look for a price of its own. `null` for description, unit or price leaves what the item says.
 */

import type { Issue } from "@mortise/core/ConnectorError"
import type * as Decimal from "@mortise/core/Decimal"
import type { Line } from "@mortise/core/Entities"
import * as ExternalKey from "@mortise/core/ExternalKey"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import { DECIMAL_PLACES, NAME_LENGTH } from "../Limits.ts"
import { issue as amountIssue, HUNDRED, isSome, negate, wire, ZERO } from "./amounts.ts"
import { type Doc, textOf } from "./Doc.ts"
import { known, link, type Reader } from "./Reader.ts"
import { definedBody, type EncodeFacts } from "./Writer.ts"

/** What carries the key of a line. */
const LINE_KEY = { alphabet: /[A-Za-z0-9.\-/|:%~#]/, caseFolding: "none", maxLength: NAME_LENGTH } as const

const COLUMNS = [
  "idx",
  "item_code",
  "item_name",
  "description",
  "qty",
  "uom",
  "rate",
  "price_list_rate",
  "discount_percentage",
  "discount_amount",
  "amount",
]

/** The paths to read for `lines`. */
export const members = (lineKeyField: string): ReadonlyArray<string> =>
  [...COLUMNS, lineKeyField].map((name) => `items/${name}`)

type Amount = Decimal.Decimal | null
type Signed = (value: Amount) => Amount

const keyOf = (row: Reader, lineKeyField: string, index: number): string => {
  const own = row.text(lineKeyField)
  const key = own === null ? undefined : ExternalKey.decode(own)
  return key ?? `#${index + 1}`
}

/** The site shows a discount by the piece; both forms stand in the row, and the percentage is the one that was meant. */
const discountOf = (row: Reader, quantity: Amount): Line["discount"] => {
  const percent = row.decimal("discount_percentage")
  if (isSome(percent)) return { percent }
  const each = row.decimal("discount_amount")
  if (!isSome(each) || quantity === null) return null
  return { amount: BigDecimal.multiply(each, quantity) }
}

const lineOf = (row: Reader, lineKeyField: string, index: number, signed: Signed): Line => {
  const quantity = signed(row.decimal("qty"))
  const [list, rate] = [row.decimal("price_list_rate"), row.decimal("rate")]
  const discount = isSome(list) ? discountOf(row, quantity) : null
  return known({
    key: keyOf(row, lineKeyField, index),
    id: row.text("name") ?? undefined,
    product: link(row.text("item_code")),
    description: row.text("description") ?? row.text("item_name"),
    quantity,
    unit: row.text("uom"),
    unitPrice: discount === null ? rate : list,
    discount,
    net: signed(row.decimal("amount")),
  }) as Line
}

const asItIs: Signed = (value) => value

/** The lines in their order. A credit note's quantities are negative on the site and are not with us. */
export const decode = (rows: ReadonlyArray<Reader>, lineKeyField: string, isReturn = false): ReadonlyArray<Line> =>
  rows.map((row, index) => lineOf(row, lineKeyField, index, isReturn ? negate : asItIs))

/** The number divided, when it comes out within the places that the site keeps. */
const divided = (value: Decimal.Decimal, by: Decimal.Decimal): Decimal.Decimal | undefined => {
  const quotient = Option.getOrUndefined(BigDecimal.divide(value, by))
  if (quotient === undefined) return undefined
  const { scale } = BigDecimal.normalize(quotient)
  return scale <= DECIMAL_PLACES && BigDecimal.equals(BigDecimal.multiply(quotient, by), value) ? quotient : undefined
}

interface Price {
  readonly rate?: Decimal.Decimal
  readonly list?: Decimal.Decimal
  readonly percent?: Decimal.Decimal
  readonly each?: Decimal.Decimal
}

const ONE = BigDecimal.make(1n, 0)

/** What the four columns of a price are; undefined when a discount does not come out even by the piece. */
const priceOf = ({ discount, quantity, unitPrice }: Line): Price | undefined => {
  if (unitPrice === undefined || unitPrice === null) return {}
  if (discount === undefined || discount === null)
    return { rate: unitPrice, list: unitPrice, percent: ZERO, each: ZERO }
  if ("percent" in discount) {
    const left = BigDecimal.multiply(unitPrice, BigDecimal.subtract(HUNDRED, discount.percent))
    const rate = divided(left, HUNDRED)
    if (rate === undefined) return undefined
    return { rate, list: unitPrice, percent: discount.percent, each: BigDecimal.subtract(unitPrice, rate) }
  }
  const each = divided(discount.amount, quantity ?? ONE)
  return each === undefined
    ? undefined
    : { rate: BigDecimal.subtract(unitPrice, each), list: unitPrice, percent: ZERO, each }
}

const issuesOf = (lines: ReadonlyArray<Line>, needsProduct: boolean, lineKeys: boolean): ReadonlyArray<Issue> => {
  const issues: Array<Issue> = []
  const refuse = (index: number, field: string, message: string) =>
    issues.push({ path: ["lines", String(index), field], message })
  if (lines.length === 0) issues.push({ path: ["lines"], message: "is empty; a document of ERPNext needs a line" })
  const keys = new Set<string>()
  lines.forEach((line, index) => {
    if (keys.has(line.key)) refuse(index, "key", "stands on two lines")
    keys.add(line.key)
    if (lineKeys && ExternalKey.encode(line.key, LINE_KEY) === undefined)
      refuse(index, "key", `does not fit into the ${LINE_KEY.maxLength} characters of the line's field`)
    if (line.quantity === null) refuse(index, "quantity", "cannot be empty; leave it out or give a number")
    if (needsProduct && (line.product === undefined || line.product === null))
      refuse(index, "product", "is empty; a line of an order needs an item")
    if (
      line.discount !== undefined &&
      line.discount !== null &&
      (line.unitPrice === undefined || line.unitPrice === null)
    )
      refuse(index, "discount", "needs the price that it is taken from")
    const price = priceOf(line)
    if (price === undefined)
      refuse(index, "discount", "does not come out even for one piece; the site keeps it by the piece")
    for (const [field, value] of [
      ["quantity", line.quantity],
      ["unitPrice", line.unitPrice],
      ["discount", price?.rate],
    ] as const)
      issues.push(...amountIssue(["lines", String(index), field], value))
  })
  return issues
}

/** Columns that belong to a row as it was stored, and not to what it says. */
const STORED = new Set([
  "owner",
  "creation",
  "modified",
  "modified_by",
  "docstatus",
  "doctype",
  "idx",
  "parent",
  "parentfield",
  "parenttype",
  "__unsaved",
])

const whole = (row: Doc): Doc => Object.fromEntries(Object.entries(row).filter(([name]) => !STORED.has(name)))

/** The rows of a document that is there, to be sent again as they are; none of a new one. */
export const again = (existing: Doc | undefined): ReadonlyArray<Doc> | undefined =>
  (existing?.["items"] as ReadonlyArray<Doc> | undefined)?.map(whole)

/** What follows from the unit is the site's to say again when the unit is another. */
const withoutUnit = (row: Doc): Doc => {
  const { conversion_factor: _, stock_qty: __, ...rest } = row
  return rest
}

const rowOf = (
  line: Line,
  found: Doc | undefined,
  { idOf, lineKeys, settings }: Pick<EncodeFacts, "idOf" | "lineKeys" | "settings">,
  signed: Signed,
): Doc => {
  const item = line.product === undefined || line.product === null ? undefined : idOf("Product", line.product)
  // Another item is another row: what the old one brought along (accounts, units, taxes) is not its.
  const kept = found !== undefined && (item === undefined || textOf(found, "item_code") === item) ? whole(found) : {}
  const unit = line.unit ?? undefined
  const base = unit !== undefined && textOf(kept, "uom") !== unit ? withoutUnit(kept) : kept
  const price = priceOf(line) ?? {}
  const description = line.description ?? undefined
  const { quantity } = line
  const key = lineKeys ? ExternalKey.encode(line.key, LINE_KEY) : undefined
  return {
    ...base,
    ...definedBody({
      [settings.lineKeyField]: key,
      item_code: item,
      item_name: item === undefined && found === undefined ? description?.slice(0, NAME_LENGTH) : undefined,
      description,
      qty: quantity === undefined ? (found === undefined ? wire(signed(ONE)) : undefined) : wire(signed(quantity)),
      uom: unit,
      rate: wire(price.rate),
      price_list_rate: wire(price.list),
      discount_percentage: wire(price.percent),
      discount_amount: wire(price.each),
    }),
  }
}

export interface EncodeLines {
  readonly lines: ReadonlyArray<Line>
  readonly facts: EncodeFacts
  /** An order sells items; an invoice may bill a mere text. */
  readonly needsProduct: boolean
  readonly isReturn?: boolean
}

/** The whole table: rows that are there with their name, new ones without, and those that left the set left out. */
export const encode = ({
  facts,
  isReturn = false,
  lines,
  needsProduct,
}: EncodeLines): { readonly items: ReadonlyArray<Doc> } | { readonly issues: ReadonlyArray<Issue> } => {
  const issues = issuesOf(lines, needsProduct, facts.lineKeys)
  if (issues.length > 0) return { issues }
  const { lineKeyField } = facts.settings
  const existing = (facts.existing?.["items"] ?? []) as ReadonlyArray<Doc>
  const items = lines.map((line, index) => {
    const text = ExternalKey.encode(line.key, LINE_KEY)
    const found = facts.lineKeys ? existing.find((row) => textOf(row, lineKeyField) === text) : existing[index]
    return rowOf(line, found, facts, isReturn ? negate : asItIs)
  })
  return { items }
}
