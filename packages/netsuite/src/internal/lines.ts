/**
 * Lines of documents. A line carries our key in a column field that the account grants (`lineKeyField`); without one, lines
 * are matched by their place. They are never appended: a document that has the same lines takes changes, each by its
 * `line`; one that has others takes the whole set in place of its own, unless something of it was billed or shipped.
 *
 * What a query shows of a sale is negative, quantity and amount; of a credit it is positive. Integrators report it; Oracle
 * does not document it.
 */

import type { Issue } from "@mortise/core/ConnectorError"
import type { Line } from "@mortise/core/Entities"
import * as Json from "@mortise/core/Json"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import * as Limits from "../Limits.ts"
import * as Query from "../Query.ts"
import * as Tables from "../Tables.ts"
import * as Values from "../Values.ts"
import * as Asking from "./asking.ts"
import { definedBody, pointer, ref } from "./body.ts"
import { coversLines } from "./covers.ts"
import type { Part } from "./Mapping.ts"
import { known, type Reader } from "./Reader.ts"
import type { Body } from "./Records.ts"
import type { Encoded, EncodeFacts, Pointer } from "./Writer.ts"

export const PART = "lines"

const { key: DOCUMENT, table } = Tables.SIDE.line

const COLUMNS = [
  Query.plain(DOCUMENT),
  Query.plain("id"),
  Query.plain("item"),
  Query.label("item", "itemname"),
  Query.plain("memo"),
  Query.plain("quantity"),
  Query.plain("rate"),
  Query.plain("foreignamount"),
  Query.label("units", "unitname"),
  Query.plain("quantitybilled"),
  Query.plain("quantityshiprecv"),
]

/** Neither the header, which is a line of its own in a query, nor taxes. */
const ITEMS = Filter.all(Filter.equals("mainline", "F"), Filter.equals("taxline", "F")) as Filter.Filter

/** The lines of all documents of a page, in their order. */
export const part = (keyField: string | undefined): Part => ({
  load: (ask, records) =>
    Effect.map(
      Effect.forEach(Asking.chunks([...records.keys()].filter(Filter.isId), Limits.DOCUMENTS_PER_QUESTION), (some) =>
        ask({
          columns: keyField === undefined ? COLUMNS : [...COLUMNS, Query.plain(keyField)],
          from: table,
          where: Filter.all(Filter.ids(DOCUMENT, some), ITEMS) as Filter.Filter,
          orderBy: [DOCUMENT, "id"],
        }),
      ),
      (found) => {
        const byId = new Map<string, Array<Reader>>()
        for (const reader of found.flat()) {
          const id = reader.text(DOCUMENT) ?? ""
          byId.set(id, [...(byId.get(id) ?? []), reader])
        }
        return byId
      },
    ),
})

export interface Shape {
  readonly keyField: string | undefined
  /** True where a query shows quantities and amounts as negative. */
  readonly negated: boolean
}

type Read = BigDecimal.BigDecimal | null | undefined

const signed = (value: Read, { negated }: Shape): Read =>
  value === undefined || value === null || !negated ? value : BigDecimal.negate(value)

const keyOf = (reader: Reader, { keyField }: Shape, index: number): string =>
  (keyField === undefined ? undefined : reader.text(keyField)) || `#${index + 1}`

const lineOf = (reader: Reader, shape: Shape, index: number): Line => {
  const [item, number] = [reader.text("item"), reader.text("itemname")]
  return known({
    key: keyOf(reader, shape, index),
    id: reader.text("id") ?? undefined,
    product: item === undefined || item === null ? item : { id: item, ...(number ? { number } : {}) },
    description: reader.text("memo"),
    quantity: signed(reader.decimal("quantity"), shape),
    unit: reader.text("unitname"),
    unitPrice: reader.decimal("rate"),
    net: signed(reader.decimal("foreignamount"), shape),
  }) as Line
}

/** The lines of a document; undefined when they were not asked for, which never means that there are none. */
export const decode = (reader: Reader, shape: Shape): ReadonlyArray<Line> | undefined => {
  const rows = reader.part(PART)
  if (rows === undefined) return undefined
  const lines = rows.map((row, index) => lineOf(row, shape, index))
  reader.issues.push(
    ...rows.flatMap(({ issues }) => issues.map((issue) => ({ ...issue, path: [PART, ...issue.path] }))),
  )
  return lines
}

export const pointers = (lines: ReadonlyArray<Line> | null | undefined): ReadonlyArray<Pointer> =>
  (lines ?? []).flatMap(({ product }, index) => pointer(`lines.${index}.product`, "Product", product))

/** Of a line whose product is told by its id. */
const bodyOf = (line: Line, shape: Shape): Body => {
  const { description, key, product, quantity, unit, unitPrice } = line
  return definedBody({
    item: ref(product?.id),
    description: description ?? undefined,
    quantity: quantity === undefined || quantity === null ? undefined : Values.decimal(quantity),
    units: unit ?? undefined,
    rate: unitPrice === undefined || unitPrice === null ? undefined : Values.decimal(unitPrice),
    ...(shape.keyField === undefined ? {} : { [shape.keyField]: key }),
  })
}

const issuesOf = (lines: ReadonlyArray<Line>): ReadonlyArray<Issue> => {
  const issues: Array<Issue> = []
  const refuse = (index: number, field: string, message: string) =>
    issues.push({ path: ["lines", String(index), field], message })
  const keys = new Set<string>()
  lines.forEach((line, index) => {
    if (keys.has(line.key)) refuse(index, "key", "stands on two lines")
    keys.add(line.key)
    if (line.product === null || line.product === undefined) refuse(index, "product", "is empty; a line needs an item")
    if (line.quantity === null) refuse(index, "quantity", "cannot be empty; leave it out or give a number")
    if (line.discount !== undefined && line.discount !== null)
      refuse(index, "discount", "is no member of a line; a discount is an item of its own")
  })
  return issues
}

const isSome = (value: Read): boolean => value !== undefined && value !== null && !BigDecimal.isZero(value)

const USED = "was billed or shipped in part: lines that are there can be changed, none added and none taken away"
const UNSEEN =
  "may have been billed or shipped in part, which the role does not see: lines that are there can be changed, none added " +
  "and none taken away; let the role see quantitybilled and quantityshiprecv of transaction lines"

/**
 * Why the lines of a document cannot be replaced: something of it went on to another document, which names them. What is
 * not seen may be so.
 */
const keptFor = (rows: ReadonlyArray<Reader> | undefined): string | undefined => {
  if (rows === undefined) return UNSEEN
  const quantities = rows.flatMap((row) => [row.decimal("quantitybilled"), row.decimal("quantityshiprecv")])
  if (quantities.some(isSome)) return USED
  return quantities.includes(undefined) ? UNSEEN : undefined
}

interface Pair {
  readonly line: Line
  readonly found: Line
}

/** Each line with the one that it is; undefined where the set is another one than that of the document. */
const pairsOf = (
  lines: ReadonlyArray<Line>,
  there: ReadonlyArray<Line>,
  shape: Shape,
): ReadonlyArray<Pair> | undefined => {
  const pairs = lines.flatMap((line, index): ReadonlyArray<Pair> => {
    const found = shape.keyField === undefined ? there[index] : there.find((each) => each.key === line.key)
    return found?.id === undefined || found.product?.id !== line.product?.id ? [] : [{ line, found }]
  })
  return pairs.length === lines.length && pairs.length === there.length ? pairs : undefined
}

/** Only the lines that differ, each by the line that it is: what we do not know of it stays. */
const byLine = (pairs: ReadonlyArray<Pair>, shape: Shape): Encoded => {
  const items = pairs.flatMap(({ found, line }): ReadonlyArray<Body> => {
    if (found.id === undefined || coversLines([line], [{ ...found, key: line.key }])) return []
    const { item: _, ...body } = bodyOf(line, shape)
    return [{ line: Json.number(found.id), ...body }]
  })
  return { body: { item: { items } } }
}

/**
 * The member `item` of a document: changes by line where the document has the same lines, the whole set in place of its own
 * where it has others.
 */
export const encode = (
  given: ReadonlyArray<Line> | null | undefined,
  shape: Shape,
  facts: EncodeFacts,
): Encoded | undefined => {
  if (given === undefined || given === null) return undefined
  const issues = issuesOf(given)
  if (issues.length > 0) return { issues }
  const lines = given.map((line) => ({ ...line, product: ref(facts.idOf("Product", line.product ?? {})) ?? null }))
  const there = facts.existing?.part(PART)
  const rows = there ?? []
  const pairs = pairsOf(
    lines,
    rows.map((row, index) => lineOf(row, shape, index)),
    shape,
  )
  if (facts.existing !== undefined && pairs !== undefined) return byLine(pairs, shape)
  const kept = facts.existing === undefined ? undefined : keptFor(there)
  if (kept !== undefined) return { issues: [{ path: ["lines"], message: kept }] }
  return { body: { item: { items: lines.map((line) => bodyOf(line, shape)) } }, replace: ["item"] }
}
