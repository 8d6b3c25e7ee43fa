/** Values of requests as columns, and columns as the database keeps them. */
import * as Json from "@mortise/core/Json"
import * as Amount from "./Amount.ts"
import type { Columns, Doc, Value } from "./Doc.ts"
import { databaseError } from "./Errors.ts"
import { type Field, kindOf, type Shape } from "./Meta.ts"
import type { Site } from "./Site.ts"
import * as Stamp from "./Stamp.ts"

const plain = (value: unknown): string =>
  typeof value === "string"
    ? value
    : value instanceof Json.JsonNumber
      ? value.text
      : typeof value === "object"
        ? Json.stringify(value)
        : String(value)

const numeric = (value: unknown): string => {
  if (value === true) return "1"
  const text = plain(value).replaceAll(",", "").trim()
  return Amount.isDecimal(text) ? text : Amount.ZERO
}

/** Numbers come as text as well, and what is no number is nought. */
export const cast = (field: Field, value: unknown): Value => {
  if (value === null || value === undefined) return null
  switch (kindOf(field)) {
    case "integer": {
      const whole = Math.trunc(Number(numeric(value)))
      return field.fieldtype === "Check" ? (whole === 0 ? 0 : 1) : whole
    }
    case "decimal":
      return Amount.sum(numeric(value))
    case "date":
    case "datetime":
    case "time":
      return plain(value) === "" ? null : plain(value)
    default:
      // Nothing twice is no repetition.
      return field.unique === 1 && plain(value) === "" ? null : plain(value)
  }
}

const isNothing = (field: Field, value: Value): boolean =>
  value === null ||
  (field.unique === 1 && value === "") ||
  (kindOf(field) === "decimal" && value === Amount.ZERO) ||
  (kindOf(field) === "integer" && value === 0)

const kept = (shape: Shape, field: Field, value: Value): Value => {
  if (typeof value !== "string") return value
  switch (kindOf(field)) {
    case "decimal":
      return Amount.kept(value)
    case "time":
      return Stamp.readTime(value)
    case "datetime":
      return Stamp.readStamp(value)
    case "date": {
      const date = Stamp.validDate(value)
      if (date === undefined) {
        throw databaseError(
          1292,
          `Incorrect date value: '${value}' for column \`site\`.\`tab${shape.name}\`.\`${field.fieldname}\` at row 1`,
        )
      }
      return date
    }
    default:
      return value
  }
}

/** What is null, nought or unset is left out: it is there again when the document is shown. */
const storedColumns = (shape: Shape, columns: Columns): Columns => {
  const made: Columns = {}
  for (const [name, value] of Object.entries(columns)) {
    const field = shape.field(name)
    if (field === undefined || field.is_virtual === 1 || value === null) continue
    const held = kept(shape, field, value)
    if (!isNothing(field, held)) made[name] = held
  }
  return made
}

export const stored = (site: Site, shape: Shape, doc: Doc): Doc => ({
  doctype: doc.doctype,
  columns: storedColumns(shape, doc.columns),
  tables: Object.fromEntries(
    shape.tables.flatMap((table) => {
      const rows = doc.tables[table.fieldname] ?? []
      if (rows.length === 0) return []
      const child = site.meta.child(table.options ?? "")
      return [[table.fieldname, rows.map((row) => storedColumns(child, row))]]
    }),
  ),
})
