/** Links between documents: whether a target is there, and who stands in the way of a delete or a cancel. */
import { type Columns, type Doc, docstatus, nameOf, text } from "./Doc.ts"
import { invalid, thrown } from "./Errors.ts"
import { type Field, labelOf, type Shape } from "./Meta.ts"
import type { Site } from "./Site.ts"

const targetOf = (field: Field, columns: Columns): string =>
  field.fieldtype === "Link" ? (field.options ?? "") : text(columns, field.options ?? "")

const exists = (site: Site, doctype: string, name: string): boolean =>
  doctype === "DocType" ? site.shape(name) !== undefined : site.store.has(doctype, name)

interface Found {
  readonly missing: Array<string>
  readonly cancelled: Array<string>
}

const inspect = (site: Site, shape: Shape, columns: Columns, found: Found, prefix: string): void => {
  for (const field of shape.links) {
    const name = text(columns, field.fieldname)
    const doctype = targetOf(field, columns)
    if (name === "" || doctype === "") continue
    if (!exists(site, doctype, name)) found.missing.push(`${prefix}${labelOf(field)}: ${name}`)
    else if (field.fieldname !== "amended_from" && integerStatus(site, doctype, name) === 2) {
      found.cancelled.push(`${prefix}${labelOf(field)}: ${name}`)
    }
  }
}

const integerStatus = (site: Site, doctype: string, name: string): number => {
  const doc = site.get(doctype, name)
  return doc === undefined ? 0 : docstatus(doc)
}

/** Every link of a document and of its rows leads somewhere. */
export const validate = (site: Site, shape: Shape, doc: Doc): void => {
  const found: Found = { missing: [], cancelled: [] }
  inspect(site, shape, doc.columns, found, "")
  for (const table of shape.tables) {
    const child = site.meta.child(table.options ?? "")
    ;(doc.tables[table.fieldname] ?? []).forEach((row, index) => {
      inspect(site, child, row, found, `Row #${index + 1}: `)
    })
  }
  if (found.missing.length > 0) throw thrown(417, "LinkValidationError", `No such ${found.missing.join(", ")}`)
  if (found.cancelled.length > 0 && docstatus(doc) < 2) {
    throw thrown(417, "CancelledLinkError", `Cancelled: ${found.cancelled.join(", ")}`)
  }
}

const pointsTo = (shape: Shape, columns: Columns, doctype: string, name: string): boolean =>
  shape.links.some((field) => text(columns, field.fieldname) === name && targetOf(field, columns) === doctype)

const mayPointTo = (shape: Shape, doctype: string): boolean =>
  shape.links.some((field) => field.fieldtype === "Dynamic Link" || field.options === doctype)

/** Documents that point to this one, other than itself. */
const holders = function* (site: Site, doctype: string, name: string): Generator<Doc> {
  for (const other of site.meta.names()) {
    const shape = site.shape(other)
    if (shape === undefined || shape.doctype.istable === 1) continue
    const own = mayPointTo(shape, doctype)
    const tables = shape.tables
      .map((table) => [table.fieldname, site.meta.child(table.options ?? "")] as const)
      .filter(([, child]) => mayPointTo(child, doctype))
    if (!own && tables.length === 0) continue
    for (const doc of site.store.all(other)) {
      if (other === doctype && nameOf(doc) === name) continue
      const held =
        (own && pointsTo(shape, doc.columns, doctype, name)) ||
        tables.some(([table, child]) => (doc.tables[table] ?? []).some((row) => pointsTo(child, row, doctype, name)))
      if (held) yield doc
    }
  }
}

const address = (site: Site, doctype: string, name: string): string =>
  `<a href="${site.origin}/app/${doctype.toLowerCase().replaceAll(" ", "-")}/${encodeURIComponent(name)}">${name}</a>`

/** Records that go with the document, or that only note that it was there. */
const LIGHT = new Set(["Deleted Document", "Version", "Webhook Request Log", "ToDo"])

const inTheWay = (site: Site, doctype: string, name: string, holder: Doc) =>
  thrown(
    417,
    "LinkExistsError",
    `${doctype} ${address(site, doctype, name)} is in use by ${holder.doctype} ${address(site, holder.doctype, nameOf(holder))}`,
  )

export const refuseDelete = (site: Site, doctype: string, name: string): void => {
  for (const holder of holders(site, doctype, name)) {
    if (!LIGHT.has(holder.doctype)) throw inTheWay(site, doctype, name, holder)
  }
}

/** Submitted documents that were made from this one. */
export const refuseCancel = (site: Site, doctype: string, name: string, except: ReadonlyArray<string> = []): void => {
  for (const holder of holders(site, doctype, name)) {
    if (docstatus(holder) === 1 && !except.includes(holder.doctype)) throw inTheWay(site, doctype, name, holder)
  }
}

const renamedIn = (shape: Shape, columns: Columns, doctype: string, from: string, to: string): void => {
  for (const field of shape.links) {
    if (text(columns, field.fieldname) === from && targetOf(field, columns) === doctype) columns[field.fieldname] = to
  }
}

/** Links follow a renamed document, with their own stamps untouched. */
export const follow = (site: Site, doctype: string, from: string, to: string): void => {
  for (const holder of [...holders(site, doctype, from)]) {
    const shape = site.shape(holder.doctype)
    if (shape === undefined) throw invalid(`No such doctype: ${holder.doctype}`)
    const changed: Doc = structuredClone(holder)
    renamedIn(shape, changed.columns, doctype, from, to)
    for (const table of shape.tables) {
      const child = site.meta.child(table.options ?? "")
      for (const row of changed.tables[table.fieldname] ?? []) renamedIn(child, row, doctype, from, to)
    }
    site.store.put(changed)
  }
}
