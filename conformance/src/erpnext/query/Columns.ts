/** What a list may speak of: columns of the doctype, of its child tables, of documents it links to, and aggregates. */
import { invalid, thrown } from "../Errors.ts"
import { type Field, kindOf, type Shape } from "../Meta.ts"
import type { Site } from "../Site.ts"

export type Reference =
  | { readonly kind: "own"; readonly field: Field }
  /** A row of a child table, by its doctype. */
  | { readonly kind: "child"; readonly doctype: string; readonly field: Field }
  /** Through a Link field. */
  | { readonly kind: "linked"; readonly link: Field; readonly doctype: string; readonly field: Field }

export interface Aggregate {
  readonly call: "count" | "sum" | "avg" | "min" | "max"
  readonly of: Reference | undefined
}

export interface Column {
  readonly as: string
  readonly source: Reference | Aggregate
}

export const isAggregate = (source: Reference | Aggregate): source is Aggregate => "call" in source

export const unknownField = (name: string): Error => thrown(417, "DataError", `This field cannot be asked for: ${name}`)

const own = (shape: Shape, name: string): Reference | undefined => {
  const field = shape.field(name)
  return field === undefined || field.is_virtual === 1 || kindOf(field) === "table" || kindOf(field) === "layout"
    ? undefined
    : { kind: "own", field }
}

/** Child tables of the doctype, by the doctype of their rows. */
const child = (site: Site, shape: Shape, doctype: string, name: string): Reference | undefined => {
  if (!shape.tables.some((table) => table.options === doctype)) return undefined
  const field = site.meta.child(doctype).field(name)
  return field === undefined ? undefined : { kind: "child", doctype, field }
}

const dotted = (site: Site, shape: Shape, first: string, name: string): Reference | undefined => {
  const field = shape.doctype.fields.find((one) => one.fieldname === first)
  if (field === undefined) return undefined
  if (kindOf(field) === "table") return child(site, shape, field.options ?? "", name)
  if (field.fieldtype !== "Link" || field.options === undefined) return undefined
  const target = site.shape(field.options)?.field(name)
  return target === undefined ? undefined : { kind: "linked", link: field, doctype: field.options, field: target }
}

/** `name`, `tabSales Invoice.name` in backticks or without, `link.field`, `items.qty`. */
export const reference = (site: Site, shape: Shape, written: string): Reference | undefined => {
  const text = written.trim()
  const table = /^`?tab([^`.]+)`?\.`?(\w+)`?$/.exec(text)
  if (table !== null) {
    const [, doctype = "", name = ""] = table
    return doctype === shape.name ? own(shape, name) : child(site, shape, doctype, name)
  }
  const parts = text.replaceAll("`", "").split(".")
  if (parts.length === 2) return dotted(site, shape, parts[0] ?? "", parts[1] ?? "")
  return parts.length === 1 ? own(shape, parts[0] ?? "") : undefined
}

/** A filter names its doctype apart. */
export const inTable = (site: Site, shape: Shape, doctype: string, name: string): Reference | undefined =>
  doctype === shape.name ? own(shape, name) : child(site, shape, doctype, name)

const required = (site: Site, shape: Shape, written: string): Reference => {
  const found = reference(site, shape, written)
  if (found === undefined) throw unknownField(written)
  return found
}

const CALL = /^(count|sum|avg|min|max)\(\s*(?:distinct\s+)?([^)]*)\s*\)$/i

const aggregate = (site: Site, shape: Shape, call: string, of: string): Aggregate => ({
  call: call.toLowerCase() as Aggregate["call"],
  of: of.trim() === "*" ? undefined : required(site, shape, of),
})

const CALLS = ["COUNT", "SUM", "AVG", "MIN", "MAX"]

/** `{"COUNT": "name", "as": "n"}` of v16. */
const fromObject = (site: Site, shape: Shape, given: Readonly<Record<string, unknown>>): Column => {
  const name = CALLS.find((one) => typeof given[one] === "string")
  if (name === undefined) throw invalid("A field is no name and no function")
  const of = String(given[name])
  return {
    as: typeof given["as"] === "string" ? given["as"] : `${name}(${of})`,
    source: aggregate(site, shape, name, of),
  }
}

const fromText = (site: Site, shape: Shape, written: string): ReadonlyArray<Column> => {
  if (written === "*") return shape.columns().map((field) => ({ as: field.fieldname, source: { kind: "own", field } }))
  const [, body = written, alias] = /^(.*?)\s+as\s+`?(\w+)`?$/is.exec(written.trim()) ?? []
  const call = CALL.exec(body.trim())
  if (call !== null) {
    if (site.release.query === "new") throw invalid(`Functions are not written as text: ${written}`)
    return [{ as: alias ?? body.trim(), source: aggregate(site, shape, call[1] ?? "", call[2] ?? "") }]
  }
  const source = required(site, shape, body)
  const last = body.replaceAll("`", "").split(".").at(-1) ?? body
  return [{ as: alias ?? last.trim(), source }]
}

export const columns = (site: Site, shape: Shape, fields: ReadonlyArray<unknown>): ReadonlyArray<Column> =>
  fields.flatMap((field) => {
    if (typeof field === "string") return fromText(site, shape, field)
    if (site.release.query === "new" && typeof field === "object" && field !== null) {
      return [fromObject(site, shape, field as Readonly<Record<string, unknown>>)]
    }
    throw invalid("A field is no name and no function")
  })
