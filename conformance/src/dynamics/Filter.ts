/** `$filter`, compiled to a test of one record. */

import * as Decimal from "@mortise/core/Decimal"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import * as Collation from "./Collation.ts"
import * as Errors from "./Errors.ts"
import * as FilterSyntax from "./FilterSyntax.ts"
import type { Literal } from "./Literals.ts"
import type { Field } from "./Model.ts"
import * as Money from "./Money.ts"
import { type Cell, type Doc, isNone } from "./Record.ts"
import * as Sets from "./Sets.ts"
import * as Values from "./Values.ts"
import * as View from "./View.ts"

export interface Filter {
  readonly test: (doc: Doc) => boolean
  /** An equality that every match fulfils, by which the table finds candidates. */
  readonly equality?: { readonly column: string; readonly value: string }
}

type Node = FilterSyntax.Node
type Test = (doc: Doc) => boolean

const filterable = (view: View.View, name: string): Field => {
  const field = View.field(view, name)
  if (view.world.knobs.virtualFields[view.set.name]?.includes(name) === true) {
    throw Errors.badQuery(`The field '${name}' is virtual and cannot be used in a filter.`)
  }
  return field
}

const unlike = (left: string, right: string, comparison: string): Errors.Refusal =>
  Errors.badQuery(
    `A binary operator with incompatible types was detected. Found operand types '${left}' and '${right}' for operator kind '${comparison}'.`,
  )

type Order = (order: number) => boolean
const ORDERS: { readonly [comparison in FilterSyntax.Comparison]: Order } = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
}

const MIRRORED = { eq: "eq", ne: "ne", gt: "lt", ge: "le", lt: "gt", le: "ge" } as const

const ofNull = (comparison: FilterSyntax.Comparison, cellOf: (doc: Doc) => Cell): Test =>
  comparison === "ne" ? (doc) => cellOf(doc) !== null : (doc) => comparison === "eq" && cellOf(doc) === null

const ofTime = (holds: Order, millis: number, cellOf: (doc: Doc) => Cell): Test => {
  return (doc) => {
    const value = cellOf(doc) ?? ""
    return holds((isNone(value) ? Date.parse("1900-01-01T00:00:00Z") : Date.parse(value)) - millis)
  }
}

const ofText = (
  view: View.View,
  comparison: FilterSyntax.Comparison,
  text: string,
  cellOf: (doc: Doc) => Cell,
): Test => {
  const { collation } = view.world.knobs
  const matches = Collation.matcher(collation, text)
  if (comparison === "eq") return (doc) => matches(cellOf(doc) ?? "")
  if (comparison === "ne") return (doc) => !matches(cellOf(doc) ?? "")
  const holds = ORDERS[comparison]
  return (doc) => holds(Collation.compare(collation, cellOf(doc) ?? "", text))
}

const ofEnum = (
  field: Field,
  comparison: FilterSyntax.Comparison,
  literal: Literal,
  cellOf: (doc: Doc) => Cell,
): Test => {
  const named = literal.kind === "enum" && literal.enumeration === field.enumeration
  if (!named) throw unlike(Values.typeName(field), literal.kind === "text" ? "Edm.String" : literal.kind, comparison)
  if (comparison !== "eq" && comparison !== "ne") {
    throw Errors.badQuery(`Enumerations can only be compared by eq and ne, not by ${comparison}.`)
  }
  const holds = ORDERS[comparison]
  return (doc) => holds(cellOf(doc) === literal.text ? 0 : 1)
}

const fieldAgainst = (view: View.View, field: Field, comparison: FilterSyntax.Comparison, literal: Literal): Test => {
  const cellOf = (doc: Doc) => View.cell(view, doc, field)
  const holds = ORDERS[comparison]
  if (literal.kind === "null") return ofNull(comparison, cellOf)
  if (field.kind === "enum") return ofEnum(field, comparison, literal, cellOf)
  if (Values.isTime(field) && literal.kind === "time") return ofTime(holds, literal.millis, cellOf)
  if (Values.isNumber(field) && literal.kind === "number") {
    return (doc) => holds(Money.compare(cellOf(doc) ?? "0", literal.text))
  }
  if (field.kind === literal.kind && field.kind === "text") return ofText(view, comparison, literal.text, cellOf)
  if (field.kind === literal.kind) return (doc) => holds((cellOf(doc) ?? "").toLowerCase() === literal.text ? 0 : 1)
  throw unlike(Values.typeName(field), literal.kind, comparison)
}

type Numeric = (doc: Doc) => BigDecimal.BigDecimal | undefined

const decimal = (text: string): BigDecimal.BigDecimal => Option.getOrElse(Decimal.parse(text), () => Decimal.make("0"))

const OPERATIONS: {
  readonly [operator in FilterSyntax.Operator]: (
    a: BigDecimal.BigDecimal,
    b: BigDecimal.BigDecimal,
  ) => BigDecimal.BigDecimal | undefined
} = {
  add: BigDecimal.sum,
  sub: BigDecimal.subtract,
  mul: BigDecimal.multiply,
  div: (a, b) => Option.getOrUndefined(BigDecimal.divide(a, b)),
  divby: (a, b) => Option.getOrUndefined(BigDecimal.divide(a, b)),
  mod: (a, b) => Option.getOrUndefined(BigDecimal.remainder(a, b)),
}

const numeric = (view: View.View, node: Node): Numeric => {
  if (node.tag === "literal" && node.literal.kind === "number") {
    const value = decimal(node.literal.text)
    return () => value
  }
  if (node.tag === "field") {
    const field = filterable(view, node.name)
    if (Values.isNumber(field)) return (doc) => decimal(View.cell(view, doc, field) ?? "0")
  }
  if (node.tag === "arithmetic") {
    const [left, right] = [numeric(view, node.left), numeric(view, node.right)]
    const apply = OPERATIONS[node.operator]
    return (doc) => {
      const [a, b] = [left(doc), right(doc)]
      return a === undefined || b === undefined ? undefined : apply(a, b)
    }
  }
  throw Errors.badQuery("A number is expected in the $filter expression.")
}

const compareTest = (view: View.View, node: Extract<Node, { tag: "compare" }>): Test => {
  const { comparison, left, right } = node
  if (left.tag === "field" && right.tag === "literal") {
    return fieldAgainst(view, filterable(view, left.name), comparison, right.literal)
  }
  if (left.tag === "literal" && right.tag === "field") {
    return fieldAgainst(view, filterable(view, right.name), MIRRORED[comparison], left.literal)
  }
  const [a, b] = [numeric(view, left), numeric(view, right)]
  const holds = ORDERS[comparison]
  return (doc) => {
    const [x, y] = [a(doc), b(doc)]
    return x !== undefined && y !== undefined && holds(BigDecimal.Order(x, y))
  }
}

const callTest = (view: View.View, node: Extract<Node, { tag: "call" }>): Test => {
  const [subject, argument] = node.args
  const known = node.name === "contains" || node.name === "startswith"
  const fits = subject?.tag === "field" && argument?.tag === "literal" && argument.literal.kind === "text"
  if (!known || !view.world.knobs.textFunctions || !fits) {
    throw Errors.badQuery(`The function '${node.name}' is not supported.`)
  }
  const field = filterable(view, subject.name)
  const { collation } = view.world.knobs
  const wanted = Collation.key(collation, argument.literal.text)
  return (doc) => {
    const text = Collation.key(collation, View.cell(view, doc, field) ?? "")
    return node.name === "contains" ? text.includes(wanted) : text.startsWith(wanted)
  }
}

const testOf = (view: View.View, node: Node): Test => {
  switch (node.tag) {
    case "compare":
      return compareTest(view, node)
    case "call":
      return callTest(view, node)
    case "not": {
      const inside = testOf(view, node.of)
      return (doc) => !inside(doc)
    }
    case "and":
    case "or": {
      const [left, right] = [testOf(view, node.left), testOf(view, node.right)]
      return node.tag === "and" ? (doc) => left(doc) && right(doc) : (doc) => left(doc) || right(doc)
    }
    default:
      throw Errors.badQuery("The $filter expression must evaluate to a single boolean value.")
  }
}

/** An equality of a text, not of the company, that stands alone or among what is joined by `and`. */
const equalityOf = (view: View.View, node: Node): Filter["equality"] => {
  if (node.tag === "and") return equalityOf(view, node.left) ?? equalityOf(view, node.right)
  if (node.tag !== "compare" || node.comparison !== "eq") return undefined
  if (node.left.tag !== "field" || node.right.tag !== "literal") return undefined
  const { kind, text } = node.right.literal
  const column = Sets.column(view.set, node.left.name)
  const plain = kind === "text" && !text.includes("*") && text !== "" && !column.startsWith("$")
  return plain && column !== "dataAreaId" && !column.endsWith("DisplayValue") ? { column, value: text } : undefined
}

export const compile = (view: View.View, source: string): Filter => {
  const node = FilterSyntax.parse(source)
  const equality = equalityOf(view, node)
  return { test: testOf(view, node), ...(equality === undefined ? {} : { equality }) }
}
