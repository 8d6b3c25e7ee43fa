/**
 * Lines of documents. A line carries our key in its `ExternalRef` where the version has one; without it lines are matched
 * by their place. A line that exists is always sent with its id, for a line without one is appended, at every retry anew.
 *
 * A form fills what a line leaves out: description, unit and price from the item. `null` for one of these leaves the
 * form's own, and for the discount it takes a discount away.
 */

import type { Issue } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import type { Line } from "@mortise/core/Entities"
import * as ExternalKey from "@mortise/core/ExternalKey"
import * as BigDecimal from "effect/BigDecimal"
import type { Schemas } from "../Client.ts"
import { LINES_PER_DOCUMENT } from "../Limits.ts"
import type { Codec } from "../Wrapping.ts"
import { definedBody } from "./body.ts"
import { known, type Reader } from "./Reader.ts"
import type { EncodeFacts } from "./Writer.ts"

/** What carries the key of a line: any text up to 40 characters. */
const LINE_KEY = { alphabet: /[A-Za-z0-9.\-/|:%~# ]/, caseFolding: "none", maxLength: 40 } as const

/** Names of the members that differ between the forms. */
export interface LineMembers {
  readonly detail: "SalesOrderDetail" | "SalesInvoiceDetail" | "InvoiceDetail"
  readonly quantity: "OrderQty" | "Qty"
  readonly description: "LineDescription" | "TransactionDescr" | "TransactionDescription"
  readonly percent: boolean
  readonly externalRef: boolean
  readonly manualPrice: boolean
  readonly amount: boolean
}

type Detail = Schemas["SalesOrderDetail"] & Schemas["SalesInvoiceDetail"] & Schemas["InvoiceDetail"]

/** The paths to read for `lines`. */
export const members = (shape: LineMembers): ReadonlyArray<string> =>
  [
    "LineNbr",
    "InventoryID",
    shape.description,
    shape.quantity,
    "UOM",
    "UnitPrice",
    "DiscountAmount",
    ...(shape.percent ? ["DiscountPercent"] : []),
    ...(shape.externalRef ? ["ExternalRef"] : []),
    ...(shape.amount ? ["Amount"] : []),
  ].map((name) => `Details/${name}`)

const isSome = (value: BigDecimal.BigDecimal | null | undefined): value is BigDecimal.BigDecimal =>
  value !== undefined && value !== null && !BigDecimal.isZero(value)

const discountOf = (reader: Reader<Detail>, shape: LineMembers): Line["discount"] | undefined => {
  const percent = shape.percent ? reader.decimal("DiscountPercent") : undefined
  if (isSome(percent)) return { percent }
  const amount = reader.decimal("DiscountAmount")
  return isSome(amount) ? { amount } : undefined
}

const keyOf = (reader: Reader<Detail>, shape: LineMembers, index: number): string => {
  const own = shape.externalRef ? reader.text("ExternalRef") : undefined
  const key = own === undefined || own === null ? undefined : ExternalKey.decode(own)
  return key ?? `#${reader.integer("LineNbr") ?? index + 1}`
}

const lineOf = (reader: Reader<Detail>, shape: LineMembers, index: number): Line => {
  const product = reader.text("InventoryID")
  return known({
    key: keyOf(reader, shape, index),
    id: reader.id,
    product: product === undefined || product === null ? product : { id: product, number: product },
    description: reader.text(shape.description),
    quantity: reader.decimal(shape.quantity),
    unit: reader.text("UOM"),
    unitPrice: reader.decimal("UnitPrice"),
    discount: discountOf(reader, shape),
    net: shape.amount ? reader.decimal("Amount") : undefined,
  }) as Line
}

/** The lines of a document; undefined when they were not expanded, which never means that there are none. */
export const decode = (
  lines: ReadonlyArray<Reader<unknown>> | undefined,
  shape: LineMembers,
): ReadonlyArray<Line> | undefined => lines?.map((reader, index) => lineOf(reader as Reader<Detail>, shape, index))

interface Existing {
  readonly id: string | undefined
  readonly key: string
  readonly hasDiscount: boolean
}

type Discount = NonNullable<Line["discount"]>
const NONE: Discount = { amount: Decimal.make("0") }

const discountBody = (discount: Discount | undefined, shape: LineMembers, { wrap }: Codec): Partial<Detail> => {
  if (discount === undefined) return {}
  const manual = shape.detail === "InvoiceDetail" ? {} : { ManualDiscount: wrap.boolean(true) }
  if ("percent" in discount) return { DiscountPercent: wrap.decimal(discount.percent), ...manual }
  const percent = discount === NONE && shape.percent ? { DiscountPercent: wrap.decimal(discount.amount) } : {}
  return { ...percent, DiscountAmount: wrap.decimal(discount.amount), ...manual }
}

const body = (
  line: Line,
  found: Existing | undefined,
  shape: LineMembers,
  facts: Pick<EncodeFacts<"SalesOrder">, "codec" | "idOf">,
): Detail => {
  const { idOf, codec } = facts
  const { wrap } = codec
  const { description, product, quantity, unit, unitPrice } = line
  const discount = line.discount ?? (line.discount === null && found?.hasDiscount === true ? NONE : undefined)
  return definedBody({
    InventoryID: product === undefined || product === null ? undefined : wrap.text(idOf("Product", product)),
    [shape.description]: description === undefined || description === null ? undefined : wrap.text(description),
    [shape.quantity]: quantity === undefined || quantity === null ? undefined : wrap.decimal(quantity),
    UOM: unit === undefined || unit === null ? undefined : wrap.text(unit),
    UnitPrice: unitPrice === undefined || unitPrice === null ? undefined : wrap.decimal(unitPrice),
    ManualPrice: shape.manualPrice && unitPrice !== undefined && unitPrice !== null ? wrap.boolean(true) : undefined,
    ...discountBody(discount, shape, codec),
  }) as Detail
}

const existingOf = (codec: Codec, details: unknown, read: (codec: Codec, detail: unknown) => Existing) =>
  Array.isArray(details) ? details.map((detail: unknown) => read(codec, detail)) : []

export interface EncodeLines {
  readonly lines: ReadonlyArray<Line>
  readonly shape: LineMembers
  /** The details of the record that is updated. */
  readonly details: unknown
  readonly read: (codec: Codec, detail: unknown) => Existing
  readonly facts: Pick<EncodeFacts<"SalesOrder">, "codec" | "idOf">
}

const issuesOf = (lines: ReadonlyArray<Line>, shape: LineMembers): ReadonlyArray<Issue> => {
  const issues: Array<Issue> = []
  const refuse = (index: number, field: string, message: string) =>
    issues.push({ path: ["lines", String(index), field], message })
  if (lines.length > LINES_PER_DOCUMENT) {
    issues.push({ path: ["lines"], message: `a document takes about ${LINES_PER_DOCUMENT} lines in one request` })
  }
  const keys = new Set<string>()
  lines.forEach((line, index) => {
    if (keys.has(line.key)) refuse(index, "key", "stands on two lines")
    keys.add(line.key)
    if (shape.externalRef && ExternalKey.encode(line.key, LINE_KEY) === undefined) {
      refuse(index, "key", `does not fit into the ${LINE_KEY.maxLength} characters of the line's reference`)
    }
    if (line.quantity === null) refuse(index, "quantity", "cannot be empty; leave it out or give a number")
    if (line.product === null && shape.detail === "SalesOrderDetail") {
      refuse(index, "product", "is empty; a line of an order needs an item")
    }
    if (!shape.percent && line.discount !== undefined && line.discount !== null && "percent" in line.discount) {
      refuse(index, "discount", "this form takes an amount, not a percentage")
    }
  })
  return issues
}

/** The whole set: lines that exist with their id, new ones without, and those that left the set marked for deletion. */
export const encode = (
  input: EncodeLines,
): { readonly details: Array<Detail> } | { readonly issues: ReadonlyArray<Issue> } => {
  const { facts, lines, shape } = input
  const issues = issuesOf(lines, shape)
  if (issues.length > 0) return { issues }
  const existing = existingOf(facts.codec, input.details, input.read)
  const used = new Set<number>()
  const matched = lines.map((line, index) => {
    const at = shape.externalRef ? existing.findIndex((each) => each.key === line.key) : index
    const found = existing[at]
    if (found !== undefined) used.add(at)
    return { line, found }
  })
  const kept = matched.map(({ found, line }): Detail => {
    const reference = ExternalKey.encode(line.key, LINE_KEY)
    return {
      ...(found?.id === undefined ? {} : { id: found.id }),
      ...(shape.externalRef && reference !== undefined ? { ExternalRef: facts.codec.wrap.text(reference) } : {}),
      ...body(line, found, shape, facts),
    }
  })
  const removed = existing.flatMap((each, index) =>
    used.has(index) || each.id === undefined ? [] : [{ id: each.id, delete: true } as Detail],
  )
  return { details: [...kept, ...removed] }
}

/** How a detail on the wire is named for matching. */
export const named =
  (shape: LineMembers, make: (codec: Codec, detail: unknown) => Reader<unknown>) =>
  (codec: Codec, detail: unknown): Existing => {
    const reader = make(codec, detail) as Reader<Detail>
    return { id: reader.id, key: keyOf(reader, shape, 0), hasDiscount: discountOf(reader, shape) !== undefined }
  }
