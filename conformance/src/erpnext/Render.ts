/** Documents and rows as the site writes them. */
import * as Json from "@mortise/core/Json"
import * as Amount from "./Amount.ts"
import { type Columns, type Doc, text, type Value } from "./Doc.ts"
import { type Field, kindOf, type Shape, STANDARD } from "./Meta.ts"
import type { Site } from "./Site.ts"

/** One value; numbers are never null. */
export const value = (field: Field, held: Value | undefined): unknown => {
  switch (kindOf(field)) {
    case "decimal":
      return new Json.JsonNumber({
        text: Amount.written(held === undefined || held === null ? Amount.ZERO : String(held)),
      })
    case "integer":
      return held ?? 0
    default:
      return held ?? null
  }
}

const HIDDEN = "*"

/** A password shows as many asterisks as it has characters. */
const shown = (field: Field, held: Value | undefined): unknown =>
  field.fieldtype === "Password" && typeof held === "string" ? HIDDEN.repeat(held.length) : value(field, held)

const ROW_FIELDS = ["parent", "parentfield", "parenttype"]

const fill = (target: Record<string, unknown>, field: Field, held: Value | undefined, nulls: boolean): void => {
  const written = shown(field, held)
  if (written !== null || nulls || field.is_virtual === 1) target[field.fieldname] = written
}

/** Marks of rows that were just made. */
const marks = (target: Record<string, unknown>, columns: Columns): void => {
  for (const mark of ["__islocal", "__unsaved"]) if (columns[mark] === 1) target[mark] = 1
  if (columns["__onload"] === 1) target["__onload"] = { load_after_mapping: true }
}

const row = (site: Site, doctype: string, columns: Columns, nulls: boolean): unknown => {
  const shape = site.meta.child(doctype)
  const local = columns["__islocal"] === 1
  const target: Record<string, unknown> = {}
  for (const field of STANDARD)
    if (!local || columns[field.fieldname] !== undefined) fill(target, field, columns[field.fieldname], nulls && !local)
  for (const field of shape.fields) fill(target, field, columns[field.fieldname], nulls)
  for (const name of ROW_FIELDS) if (columns[name] !== undefined) target[name] = columns[name]
  target["doctype"] = doctype
  marks(target, columns)
  return target
}

export const document = (site: Site, shape: Shape, doc: Doc, nulls = false): Record<string, unknown> => {
  const single = shape.doctype.issingle === 1
  const local = doc.columns["__islocal"] === 1
  const target: Record<string, unknown> = {}
  for (const field of STANDARD) {
    const held = doc.columns[field.fieldname]
    if (single && field.fieldname === "idx") target["idx"] = "0"
    else if (!local || held !== undefined) fill(target, field, held, nulls && !local && !single)
  }
  for (const field of shape.fields) fill(target, field, doc.columns[field.fieldname], nulls)
  target["doctype"] = doc.doctype
  for (const table of shape.tables) {
    const rows = doc.tables[table.fieldname] ?? []
    target[table.fieldname] = rows.map((one) => row(site, table.options ?? "", one, nulls))
  }
  marks(target, doc.columns)
  return target
}

/** With linked documents in place of their names: a v15 read with `expand_links`. */
export const expanded = (site: Site, shape: Shape, doc: Doc): Record<string, unknown> => {
  const target = document(site, shape, doc, true)
  for (const field of shape.links) {
    if (field.fieldtype !== "Link" || field.options === undefined) continue
    const linked = site.get(field.options, text(doc.columns, field.fieldname))
    const linkedShape = site.shape(field.options)
    if (linked !== undefined && linkedShape !== undefined) target[field.fieldname] = document(site, linkedShape, linked)
  }
  return target
}
