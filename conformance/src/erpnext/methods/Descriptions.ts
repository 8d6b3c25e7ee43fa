/** What the site tells of its doctypes. */
import { missing } from "../Errors.ts"
import { type Doctype, type Field, kindOf, labelOf } from "../Meta.ts"
import type { Site } from "../Site.ts"

const FLAGS = ["reqd", "unique", "read_only", "no_copy", "allow_on_submit", "set_only_once"] as const

const fieldOf = (field: Field, index: number): Record<string, unknown> => ({
  idx: index + 1,
  fieldname: field.fieldname,
  label: labelOf(field),
  fieldtype: field.fieldtype,
  ...(field.options === undefined ? {} : { options: field.options }),
  ...(field.default === undefined ? {} : { default: field.default }),
  ...(field.is_custom_field === 1 ? { precision: "" } : {}),
  length: field.length ?? 0,
  ...Object.fromEntries(
    FLAGS.filter((flag) => flag !== "set_only_once" || field.is_custom_field !== 1).map((flag) => [
      flag,
      field[flag] ?? 0,
    ]),
  ),
})

const propertiesOf = (site: Site, { fields, ...doctype }: Doctype): Record<string, unknown> => ({
  doctype: "DocType",
  name: doctype.name,
  issingle: doctype.issingle ?? 0,
  istable: doctype.istable ?? 0,
  is_tree: doctype.is_tree ?? 0,
  is_submittable: doctype.is_submittable ?? 0,
  allow_rename: doctype.allow_rename ?? 0,
  track_changes: 1,
  module: moduleOf(site, doctype.name),
  ...(doctype.autoname === undefined ? {} : { autoname: doctype.autoname }),
  ...(doctype.naming_rule === undefined ? {} : { naming_rule: doctype.naming_rule }),
  ...(doctype.title_field === undefined ? {} : { title_field: doctype.title_field }),
  ...(doctype.sort_field === undefined ? {} : { sort_field: doctype.sort_field }),
  sort_order: "DESC",
  permissions: [{ role: "System Manager", read: 1, write: 1, create: 1, delete: 1 }],
})

const SELLING = new Set(["Customer", "Sales Order", "Selling Settings"])
const ACCOUNTS = new Set(["Sales Invoice", "Payment Entry", "Account"])

const moduleOf = (_site: Site, doctype: string): string =>
  SELLING.has(doctype) ? "Selling" : ACCOUNTS.has(doctype) ? "Accounts" : "Setup"

/** `GET resource/DocType/X`: as it was shipped, without the tenant's fields. */
export const shipped = (site: Site, doctype: string): Record<string, unknown> => {
  const found = site.meta.shipped(doctype)
  if (found === undefined) throw missing("DocType", doctype)
  return { ...propertiesOf(site, found), fields: found.fields.map(fieldOf) }
}

const tables = (doctype: Doctype): ReadonlyArray<unknown> =>
  doctype.fields
    .filter((field) => kindOf(field) === "table")
    .map((field) => ({ fieldname: field.fieldname, options: field.options ?? "" }))

/** With the tenant's fields. */
export const meta = (site: Site, doctype: string, marks: boolean): Record<string, unknown> => {
  const shape = site.shape(doctype)
  if (shape === undefined) throw missing("DocType", doctype)
  const marked = (field: Field) => ({
    ...(marks || field.is_custom_field === 1 ? { is_custom_field: field.is_custom_field ?? null } : {}),
  })
  return {
    ...propertiesOf(site, shape.doctype),
    _table_fields: tables(shape.doctype),
    is_large_table: false,
    fields: shape.doctype.fields.map((field, index) => ({ ...fieldOf(field, index), ...marked(field) })),
  }
}

/** The doctype and those of its rows. */
export const form = (site: Site, doctype: string): ReadonlyArray<unknown> => {
  const own = meta(site, doctype, true)
  const children = [...new Set((site.shape(doctype)?.tables ?? []).map((table) => table.options ?? ""))]
  return [
    own,
    ...children.map((name) => {
      const { doctype: child } = site.meta.child(name)
      return {
        ...propertiesOf(site, child),
        fields: child.fields.map((field, index) => ({ ...fieldOf(field, index), is_custom_field: null })),
      }
    }),
  ]
}
