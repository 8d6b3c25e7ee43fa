/** What a request holds as columns and rows of a document, and what the server puts where nothing was sent. */
import * as Json from "@mortise/core/Json"
import { type Columns, type Doc, text } from "./Doc.ts"
import { type Field, kindOf, type Shape } from "./Meta.ts"
import type { Site } from "./Site.ts"
import * as Values from "./Values.ts"

export type Input = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Input =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Json.JsonNumber)

/** Columns that only the server sets. */
const SERVERS = new Set(["name", "owner", "creation", "modified", "modified_by", "docstatus", "idx"])
const ROW_KEPT = new Set(["name"])

/** Keys that the doctype does not have are dropped without a word. */
const take = (shape: Shape, target: Columns, input: Input, servers: ReadonlySet<string>): void => {
  for (const [key, given] of Object.entries(input)) {
    const field = shape.field(key)
    if (field === undefined || kindOf(field) === "table" || kindOf(field) === "layout") continue
    if (SERVERS.has(key) && !servers.has(key)) continue
    target[key] = Values.cast(field, given)
  }
}

const takeRows = (site: Site, table: Field, input: unknown): Array<Columns> => {
  if (!Array.isArray(input)) return []
  const child = site.meta.child(table.options ?? "")
  return input.filter(isObject).map((one) => {
    const row: Columns = { __unsaved: 1 }
    take(child, row, one, ROW_KEPT)
    return row
  })
}

/** A child table that is sent is the whole table. */
export const apply = (site: Site, shape: Shape, doc: Doc, input: Input): void => {
  take(shape, doc.columns, input, new Set(["docstatus"]))
  // What the desk keeps on a mapped document comes back with it.
  if (input["__onload"] !== undefined) doc.columns["__onload"] = 1
  for (const table of shape.tables) {
    const rows = input[table.fieldname]
    if (rows !== undefined && rows !== null) doc.tables[table.fieldname] = takeRows(site, table, rows)
  }
}

const defaultOf = (site: Site, field: Field, company: string): string | undefined => {
  if (field.default === "Today") return site.today()
  if (field.default === "Now") return site.stamp().slice(11)
  if (field.default === ":Company")
    return text(site.get("Company", company)?.columns ?? {}, field.fieldname) || undefined
  if (field.default !== undefined) return field.default
  return field.fieldtype === "Select" && field.options !== undefined ? field.options.split("\n")[0] : undefined
}

export const fillDefaults = (site: Site, shape: Shape, columns: Columns, company: string): void => {
  for (const field of shape.fields) {
    if ((columns[field.fieldname] ?? null) !== null || field.is_virtual === 1) continue
    const value = defaultOf(site, field, company)
    if (value !== undefined) columns[field.fieldname] = Values.cast(field, value)
  }
}
