/** What the framework checks of any document before it is written. */
import * as Amount from "./Amount.ts"
import { type Columns, type Doc, decimal, docstatus, integer, nameOf, text } from "./Doc.ts"
import { invalid, type Note, Refusal, thrown } from "./Errors.ts"
import { type Field, kindOf, labelOf, type Shape } from "./Meta.ts"
import type { Site } from "./Site.ts"

const LONG = new Set([
  "Small Text",
  "Text",
  "Long Text",
  "Text Editor",
  "Code",
  "HTML Editor",
  "Markdown Editor",
  "JSON",
])

/** `Small Text` and its like are not limited unless the field says so. */
const limitOf = (field: Field): number | undefined =>
  field.length ?? (kindOf(field) === "text" && !LONG.has(field.fieldtype) ? 140 : undefined)

const missingOf = (shape: Shape, columns: Columns): ReadonlyArray<Field> =>
  shape.required.filter((field) => text(columns, field.fieldname) === "")

const each = function* (site: Site, shape: Shape, doc: Doc): Generator<readonly [Shape, Columns, string]> {
  yield [shape, doc.columns, ""]
  for (const table of shape.tables) {
    const child = site.meta.child(table.options ?? "")
    for (const [index, row] of (doc.tables[table.fieldname] ?? []).entries()) yield [child, row, `Row #${index + 1}: `]
  }
}

const mandatory = (site: Site, shape: Shape, doc: Doc): void => {
  const notes: Array<Note> = []
  const names: Array<string> = []
  for (const [part, columns, prefix] of each(site, shape, doc)) {
    for (const field of missingOf(part, columns)) {
      notes.push({ message: `${prefix}${part.name} needs ${labelOf(field)}`, title: "Message" })
      names.push(field.fieldname)
    }
  }
  for (const table of shape.tables) {
    if (table.reqd === 1 && (doc.tables[table.fieldname] ?? []).length === 0) {
      notes.push({ message: `${shape.name} needs ${labelOf(table)}`, title: "Message" })
      names.push(table.fieldname)
    }
  }
  if (names.length > 0) {
    const message = `[${shape.name}, ${nameOf(doc)}]: ${names.join(", ")}`
    throw new Refusal(417, "MandatoryError", { message, notes })
  }
}

const select = (shape: Shape, columns: Columns, prefix: string): void => {
  for (const field of shape.selects) {
    const held = text(columns, field.fieldname)
    if (held === "" || field.options === undefined) continue
    const allowed = field.options.split("\n")
    if (field.fieldname !== "naming_series" && allowed.length > 0 && !allowed.includes(held)) {
      throw invalid(
        `${prefix}${labelOf(field)} cannot be "${held}"; it is one of ${allowed.filter((one) => one !== "").join(", ")}`,
      )
    }
  }
}

const lengths = (shape: Shape, columns: Columns, name: string): void => {
  for (const field of shape.fields) {
    const limit = limitOf(field)
    const held = columns[field.fieldname]
    if (limit === undefined || typeof held !== "string" || held.length <= limit || [...held].length <= limit) continue
    throw thrown(
      417,
      "CharacterLengthExceededError",
      `${shape.name} ${name}: ${labelOf(field)} holds at most ${limit} characters`,
      {
        title: "Value too big",
      },
    )
  }
}

const signs = (shape: Shape, columns: Columns): void => {
  for (const field of shape.fields) {
    if (field.non_negative !== 1 || !decimal(columns, field.fieldname).startsWith("-")) continue
    throw thrown(417, "NonNegativeError", `${labelOf(field)} cannot be negative`)
  }
}

/** `before` is the stored document, absent for a new one. */
const constants = (shape: Shape, doc: Doc, before: Doc | undefined): void => {
  if (before === undefined) return
  for (const field of shape.fields) {
    const held = text(before.columns, field.fieldname)
    if (field.set_only_once !== 1 || held === "" || held === text(doc.columns, field.fieldname)) continue
    throw thrown(417, "CannotChangeConstantError", `${labelOf(field)} is set once`)
  }
}

export const validate = (site: Site, shape: Shape, doc: Doc, before: Doc | undefined): void => {
  mandatory(site, shape, doc)
  for (const [part, columns, prefix] of each(site, shape, doc)) {
    select(part, columns, prefix)
    lengths(part, columns, nameOf(doc))
    signs(part, columns)
  }
  constants(shape, doc, before)
}

/** Two documents with one unique value. */
export const unique = (site: Site, shape: Shape, doc: Doc): void => {
  for (const field of shape.unique) {
    const held = text(doc.columns, field.fieldname)
    if (held === "") continue
    if (site.store.find(shape.name, field.fieldname, held).every((one) => nameOf(one) === nameOf(doc))) continue
    const message = `('${shape.name}', '${nameOf(doc)}', IntegrityError(1062, "Duplicate entry '${held}' for key '${field.fieldname}'"))`
    const note = { message: `Another ${shape.name} has this ${labelOf(field)}`, title: "Message" }
    throw new Refusal(417, "UniqueValidationError", { message, notes: [note] })
  }
}

const same = (field: Field, a: Columns, b: Columns): boolean => {
  if (kindOf(field) === "decimal") return Amount.compare(decimal(a, field.fieldname), decimal(b, field.fieldname)) === 0
  if (kindOf(field) === "integer") return integer(a, field.fieldname) === integer(b, field.fieldname)
  return text(a, field.fieldname) === text(b, field.fieldname)
}

const changed = (shape: Shape, columns: Columns, before: Columns): Field | undefined =>
  shape.fields.find((field) => field.allow_on_submit !== 1 && field.is_virtual !== 1 && !same(field, columns, before))

const locked = (field: Field, from: string, to: string): Refusal =>
  thrown(417, "UpdateAfterSubmitError", `${labelOf(field)} cannot change after submission, from ${from} to ${to}`, {
    title: "Cannot Update After Submit",
  })

/** A submitted document changes in the fields that allow it, and nowhere else. */
export const afterSubmit = (site: Site, shape: Shape, doc: Doc, before: Doc): void => {
  const own = changed(shape, doc.columns, before.columns)
  if (own !== undefined) throw locked(own, text(before.columns, own.fieldname), text(doc.columns, own.fieldname))
  for (const table of shape.tables) {
    const rows = doc.tables[table.fieldname] ?? []
    const known = before.tables[table.fieldname] ?? []
    if (table.allow_on_submit === 1) continue
    if (rows.length !== known.length) throw locked(table, `${known.length} rows`, `${rows.length} rows`)
    const child = site.meta.child(table.options ?? "")
    for (const [index, row] of rows.entries()) {
      const field = changed(child, row, known[index] ?? {})
      if (field !== undefined)
        throw locked(field, text(known[index] ?? {}, field.fieldname), text(row, field.fieldname))
    }
  }
}

const STATES = ["Draft", "Submitted", "Cancelled"]

/** Drafts are submitted and submitted documents cancelled; there is no way back. */
export const transition = (shape: Shape, from: number, doc: Doc): void => {
  const to = docstatus(doc)
  const refused = (message: string) => new Refusal(417, "DocstatusTransitionError", { message })
  if (shape.doctype.is_submittable !== 1) return
  if (from === 2) throw new Refusal(417, "ValidationError", { message: "A cancelled document cannot be edited" })
  if (from === to || (from === 0 && to === 1) || (from === 1 && to === 2)) return
  throw refused(`docstatus cannot go from ${from} (${STATES[from]}) to ${to} (${STATES[to] ?? "?"})`)
}
