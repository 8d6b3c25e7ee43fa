/** Where the rows of a list come from: the table, its rows joined to it, or rows found in their parents. */
import type { Columns, Doc, Value } from "../Doc.ts"
import type { Field, Shape } from "../Meta.ts"
import type { Site } from "../Site.ts"
import type { Reference } from "./Columns.ts"

/** One joined row: the document's columns, and a row of each child table that was spoken of. */
export interface Joined {
  readonly own: Columns
  readonly rows: ReadonlyMap<string, Columns>
}

export const held = (site: Site, at: Joined, on: Reference): Value => {
  switch (on.kind) {
    case "own":
      return at.own[on.field.fieldname] ?? null
    case "child":
      return at.rows.get(on.doctype)?.[on.field.fieldname] ?? null
    case "linked":
      return site.get(on.doctype, String(at.own[on.link.fieldname] ?? ""))?.columns[on.field.fieldname] ?? null
  }
}

/** Plain joins: a parent comes once for each of its rows. */
export const join = (shape: Shape, doc: Doc, children: ReadonlyArray<string>): ReadonlyArray<Joined> => {
  let joined: ReadonlyArray<Joined> = [{ own: doc.columns, rows: new Map() }]
  for (const child of children) {
    const tables = shape.tables.filter((table) => table.options === child)
    const rows = tables.flatMap((table) => doc.tables[table.fieldname] ?? [])
    if (rows.length === 0) continue
    joined = joined.flatMap((at) => rows.map((row) => ({ own: at.own, rows: new Map([...at.rows, [child, row]]) })))
  }
  return joined
}

export const childOf = (on: Reference | undefined): ReadonlyArray<string> => (on?.kind === "child" ? [on.doctype] : [])

/** The documents of a doctype; rows of a child doctype are found in their parents. */
export const sources = function* (site: Site, shape: Shape, parent: string | undefined): Generator<Doc> {
  if (shape.name === "DocType") {
    for (const name of site.meta.names()) yield { doctype: "DocType", columns: { name, docstatus: 0 }, tables: {} }
    return
  }
  if (shape.name === "DocField") {
    for (const name of site.meta.names()) {
      for (const [index, field] of (site.meta.shipped(name)?.fields ?? []).entries()) yield fieldRow(name, field, index)
    }
    return
  }
  if (shape.doctype.istable !== 1) {
    yield* site.store.all(shape.name)
    return
  }
  const holder = site.shape(parent ?? "")
  for (const doc of site.store.all(parent ?? "")) {
    for (const table of holder?.tables ?? []) {
      if (table.options !== shape.name) continue
      for (const row of doc.tables[table.fieldname] ?? []) yield { doctype: shape.name, columns: row, tables: {} }
    }
  }
}

const fieldRow = (parent: string, field: Field, index: number): Doc => ({
  doctype: "DocField",
  columns: {
    name: `${parent}-${field.fieldname}`,
    parent,
    parenttype: "DocType",
    parentfield: "fields",
    idx: index + 1,
    fieldname: field.fieldname,
    fieldtype: field.fieldtype,
    options: field.options ?? null,
    reqd: field.reqd ?? 0,
    unique: field.unique ?? 0,
  },
  tables: {},
})
