/** What a doctype is made of, with the fields that the tenant added; and which documents the site knows at all. */
import { doctypes } from "../generated/erpnextDoctypes.ts"
import * as Extras from "./Extras.ts"

export interface Field {
  readonly fieldname: string
  readonly fieldtype: string
  readonly label?: string
  readonly options?: string
  readonly default?: string
  readonly precision?: string
  readonly length?: number
  readonly reqd?: number
  readonly unique?: number
  readonly read_only?: number
  readonly allow_on_submit?: number
  readonly no_copy?: number
  readonly set_only_once?: number
  readonly non_negative?: number
  readonly is_virtual?: number
  readonly permlevel?: number
  readonly is_custom_field?: number
  readonly insert_after?: string
}

export interface Doctype {
  readonly doctype?: "DocType"
  readonly name: string
  readonly fields: ReadonlyArray<Field>
  readonly is_submittable?: number
  readonly istable?: number
  readonly issingle?: number
  readonly is_tree?: number
  readonly allow_rename?: number
  readonly autoname?: string
  readonly naming_rule?: string
  readonly title_field?: string
  readonly sort_field?: string
}

export type Kind = "text" | "integer" | "decimal" | "date" | "datetime" | "time" | "table" | "layout"

const KINDS: Readonly<Record<string, Kind>> = {
  Check: "integer",
  Int: "integer",
  "Long Int": "integer",
  Currency: "decimal",
  Float: "decimal",
  Percent: "decimal",
  Rating: "decimal",
  Duration: "decimal",
  Date: "date",
  Datetime: "datetime",
  Time: "time",
  Table: "table",
  "Table MultiSelect": "table",
}
const LAYOUT = new Set(["Section Break", "Column Break", "Tab Break", "HTML", "Button", "Image", "Heading", "Fold"])

export const kindOf = (field: Field): Kind =>
  KINDS[field.fieldtype] ?? (LAYOUT.has(field.fieldtype) ? "layout" : "text")

const integer = (fieldname: string): Field => ({ fieldname, fieldtype: "Int" })
const data = (fieldname: string): Field => ({ fieldname, fieldtype: "Data" })
const stamp = (fieldname: string): Field => ({ fieldname, fieldtype: "Datetime" })

/** Columns of every table. */
export const STANDARD: ReadonlyArray<Field> = [
  data("name"),
  data("owner"),
  stamp("creation"),
  stamp("modified"),
  data("modified_by"),
  integer("docstatus"),
  integer("idx"),
]
const OF_ROWS: ReadonlyArray<Field> = [data("parent"), data("parentfield"), data("parenttype")]
/** Columns that a list may ask for and no document shows. */
const OPTIONAL = ["_user_tags", "_comments", "_assign", "_liked_by"].map(data)

const humanised = (fieldname: string): string =>
  fieldname.replace(/(^|_)([a-z])/g, (_, gap: string, letter: string) => (gap === "" ? "" : " ") + letter.toUpperCase())

/** The wording of forms is the server's own; ours comes from the name of the field. */
export const labelOf = (field: Field): string => field.label ?? humanised(field.fieldname)

/** One doctype with everything that is asked of it, made once for each state of its fields. */
export class Shape {
  readonly doctype: Doctype
  readonly name: string
  readonly fields: ReadonlyArray<Field>
  readonly tables: ReadonlyArray<Field>
  readonly unique: ReadonlyArray<Field>
  readonly links: ReadonlyArray<Field>
  readonly selects: ReadonlyArray<Field>
  /** What may not be empty; numbers never are. */
  readonly required: ReadonlyArray<Field>
  private readonly byName: ReadonlyMap<string, Field>

  constructor(doctype: Doctype) {
    this.doctype = doctype
    this.name = doctype.name
    this.fields = doctype.fields.filter((field) => kindOf(field) !== "layout" && kindOf(field) !== "table")
    this.tables = doctype.fields.filter((field) => kindOf(field) === "table")
    this.unique = this.fields.filter((field) => field.unique === 1)
    this.links = this.fields.filter((field) => field.fieldtype === "Link" || field.fieldtype === "Dynamic Link")
    this.selects = this.fields.filter((field) => field.fieldtype === "Select")
    this.required = this.fields.filter((field) => field.reqd === 1 && !["integer", "decimal"].includes(kindOf(field)))
    const own = [...STANDARD, ...(doctype.istable === 1 ? OF_ROWS : []), ...OPTIONAL, ...doctype.fields]
    this.byName = new Map(own.map((field) => [field.fieldname, field]))
  }

  field(name: string): Field | undefined {
    return this.byName.get(name)
  }

  /** The columns of a table, in the order that `*` gives. */
  columns(): ReadonlyArray<Field> {
    const standard = this.doctype.istable === 1 ? [...STANDARD, ...OF_ROWS] : STANDARD
    return [...standard, ...this.fields.filter((field) => field.is_virtual !== 1)]
  }
}

const inserted = (fields: ReadonlyArray<Field>, custom: Field): ReadonlyArray<Field> => {
  const after = fields.findIndex((field) => field.fieldname === custom.insert_after)
  return after < 0 ? [...fields, custom] : [...fields.slice(0, after + 1), custom, ...fields.slice(after + 1)]
}

/** The doctypes of a site. */
export class Meta {
  private readonly standard: ReadonlyMap<string, Doctype>
  private custom = new Map<string, ReadonlyArray<Field>>()
  private readonly shapes = new Map<string, Shape>()
  private readonly bare = new Map<string, Shape>()

  constructor(version: "v15" | "v16") {
    const all = [...Extras.doctypes, ...(doctypes[version] ?? [])]
    this.standard = new Map(all.map((one) => [one.name, one]))
  }

  names(): ReadonlyArray<string> {
    return [...this.standard.keys()]
  }

  /** Undefined for a doctype that the site does not have. */
  find(name: string): Shape | undefined {
    const known = this.shapes.get(name)
    if (known !== undefined) return known
    const standard = this.standard.get(name)
    if (standard === undefined) return undefined
    const fields = (this.custom.get(name) ?? []).reduce(inserted, standard.fields)
    const shape = new Shape({ ...standard, fields })
    this.shapes.set(name, shape)
    return shape
  }

  /** A child doctype that is not described has rows of which nothing is known. */
  child(name: string): Shape {
    const known = this.find(name) ?? this.bare.get(name)
    if (known !== undefined) return known
    const bare = new Shape({ name, istable: 1, fields: [] })
    this.bare.set(name, bare)
    return bare
  }

  /** Without the tenant's fields. */
  shipped(name: string): Doctype | undefined {
    return this.standard.get(name)
  }

  /** Fields that the tenant, its country or an app added, by doctype. */
  setCustom(fields: ReadonlyMap<string, ReadonlyArray<Field>>): void {
    this.custom = new Map(fields)
    this.shapes.clear()
  }

  /** Doctypes whose tables hold rows of the given one. */
  parentsOf(child: string): ReadonlyArray<string> {
    return this.names().filter((name) => this.find(name)?.tables.some((field) => field.options === child))
  }
}
