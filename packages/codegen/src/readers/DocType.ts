/**
 * DocTypes of Frappe: as files of an app, as a site serves them (`getdoctype`, `meta` of v2, `resource/DocType`), and the
 * Custom Field and Property Setter documents that change them.
 */
import type { CustomField, OpenApi31, Schema } from "../Description.ts"
import { FILLED } from "../facts/erpnext.ts"
import { customField } from "../internal/custom.ts"
import { type Draft, type EntityDraft, emptyDocument } from "../internal/Draft.ts"
import { fail, quoted } from "../internal/fail.ts"
import { isObject, type Json, type JsonObject, objectsOf, textOf } from "../internal/json.ts"
import { orNull, refTo } from "../internal/schemas.ts"
import * as DocTypePaths from "./DocTypePaths.ts"

type Field = JsonObject

interface DocType {
  readonly name: string
  readonly isTable: boolean
  readonly isSingle: boolean
  readonly fields: ReadonlyArray<Field>
}

const isOn = (flag: Json | undefined): boolean => flag === 1 || flag === true || flag === "1"

/** Everything that may hold documents, taken out of its envelope. */
const unwrapped = (parsed: Json): ReadonlyArray<JsonObject> => {
  if (Array.isArray(parsed)) return parsed.flatMap((each) => unwrapped(each as Json))
  if (!isObject(parsed)) return []
  for (const envelope of ["data", "message", "docs"]) {
    const inner = parsed[envelope]
    if (typeof inner === "object" && inner !== null && !("fields" in parsed)) return unwrapped(inner as Json)
  }
  // A file of `bench export-fixtures` or of "Export Customizations".
  const nested = ["custom_fields", "property_setters"].flatMap((list) => objectsOf(parsed[list]))
  return nested.length > 0 ? nested : [parsed]
}

const isDocType = (one: JsonObject): boolean =>
  typeof one["name"] === "string" &&
  // A layout or a form has fields with names too.
  (one["doctype"] === undefined || one["doctype"] === "DocType") &&
  objectsOf(one["fields"]).some((field) => "fieldname" in field || "fieldtype" in field)
const isCustomField = (one: JsonObject): boolean =>
  typeof one["dt"] === "string" && typeof one["fieldtype"] === "string"
const isSetter = (one: JsonObject): boolean =>
  typeof one["doc_type"] === "string" && typeof one["property"] === "string"

/** Whether this is any of these documents. */
export const isOne = (parsed: Json): boolean =>
  unwrapped(parsed).some((one) => isDocType(one) || isCustomField(one) || isSetter(one))

/** Kinds of fields that only lay out a form. */
const LAYOUT: ReadonlySet<string> = new Set([
  "Button",
  "Column Break",
  "Fold",
  "HTML",
  "Heading",
  "Image",
  "Section Break",
  "Tab Break",
])
const TABLES: ReadonlySet<string> = new Set(["Table", "Table MultiSelect"])
const DECIMALS: ReadonlySet<string> = new Set(["Currency", "Duration", "Float", "Percent", "Rating"])

/** `Sales Order` gives `SalesOrder`. */
const joined = (doctype: string): string =>
  doctype.replaceAll(/[^\p{L}\p{N}]+(\p{L}?)/gu, (_, letter: string) => letter.toUpperCase())

/** By doctype, the names of their schemas: where two would have the same, both keep theirs with its blanks and dashes. */
type Names = ReadonlyMap<string, string>

const namesOf = (doctypes: ReadonlyArray<DocType>): Names => {
  const taken = [...Object.keys(DocTypePaths.schemas), ...doctypes.map(({ name }) => joined(name))]
  const isAlone = (name: string): boolean => taken.filter((other) => other === name).length === 1
  return new Map(doctypes.map(({ name }) => [name, isAlone(joined(name)) ? joined(name) : name]))
}

const schemaIn = (names: Names, { name }: DocType): string => names.get(name) ?? name

/** The choices of a Select; none where the form fills them when it is opened. */
const choicesOf = (field: Field): Schema => {
  const options = (textOf(field["options"]) ?? "").split("\n").map((option) => option.trim())
  const known = options.filter((option) => option !== "")
  // A series is a pattern, and the tenant may add others.
  if (known.length === 0 || field["fieldname"] === "naming_series") return { type: "string" }
  return { type: "string", enum: options.includes("") ? ["", ...new Set(known)] : [...new Set(known)] }
}

const valueOfField = (field: Field, names: Names): Schema => {
  const type = textOf(field["fieldtype"]) ?? "Data"
  if (TABLES.has(type)) {
    const row = names.get(textOf(field["options"]) ?? "")
    return {
      type: "array",
      items: row === undefined ? { type: "object", additionalProperties: true } : refTo(row),
    }
  }
  if (DECIMALS.has(type)) return { type: "number", format: "decimal" }
  if (type === "Check") return { type: "integer", enum: [0, 1] }
  if (type === "Int" || type === "Long Int") return { type: "integer", format: type === "Int" ? "int32" : "int64" }
  if (type === "Date") return { type: "string", format: "date" }
  if (type === "Datetime") return { type: "string", format: "site-date-time" }
  if (type === "Time") return { type: "string", format: "time" }
  return type === "Select" ? choicesOf(field) : { type: "string" }
}

const LINKS: ReadonlySet<string> = new Set(["Dynamic Link", "Link", ...TABLES])

/** What a comparison needs beside the type: most kinds of fields are texts or numbers on the wire. */
const meaningOf = (field: Field, value: Schema): Schema => {
  const type = textOf(field["fieldtype"]) ?? "Data"
  const target = textOf(field["options"]) ?? ""
  // Rows that are described are told by their own schema.
  const isTold = !LINKS.has(type) || target === "" || value.items?.$ref !== undefined
  return { "x-mortise-type": type, ...(isTold ? {} : { "x-mortise-target": target }) }
}

/** Left out where they are null, by some calls, and sent as null by others. */
const schemaOfField = (field: Field, names: Names): Schema => {
  const value = valueOfField(field, names)
  const type = textOf(field["fieldtype"]) ?? ""
  const read = isOn(field["read_only"]) || type === "Read Only" || isOn(field["is_virtual"]) ? { readOnly: true } : {}
  return { ...(TABLES.has(type) ? value : orNull(value)), ...read, ...meaningOf(field, value) }
}

const STANDARD: { readonly [column: string]: Schema } = {
  name: { type: "string" },
  owner: { type: "string" },
  creation: { type: "string", format: "site-date-time" },
  modified: { type: "string", format: "site-date-time" },
  modified_by: { type: "string" },
  docstatus: { type: "integer", enum: [0, 1, 2] },
  idx: { type: "integer", format: "int32" },
}

const ROW: { readonly [column: string]: Schema } = {
  parent: { type: "string" },
  parentfield: { type: "string" },
  parenttype: { type: "string" },
}

const fieldname = (field: Field): string => String(field["fieldname"])

const columns = ({ fields }: DocType): ReadonlyArray<Field> =>
  fields.filter((field) => textOf(field["fieldname"]) !== undefined && !LAYOUT.has(textOf(field["fieldtype"]) ?? ""))

/** The form's word, less what the server fills; exact for the doctypes that the facts know. */
const isRequired = (field: Field): boolean => {
  const type = textOf(field["fieldtype"]) ?? ""
  const isFilled = FILLED.has(String(field["fieldname"])) || (textOf(field["default"]) ?? "") !== "" || type === "Check"
  return isOn(field["reqd"]) && !isOn(field["read_only"]) && textOf(field["fetch_from"]) === undefined && !isFilled
}

const schemaOf = (doctype: DocType, names: Names): Schema => ({
  type: "object",
  "x-doctype": doctype.name,
  // The types do not demand it, since the server fills part of a row from its item; a comparison tells when it changes.
  ...(doctype.isTable ? { "x-mortise-required": columns(doctype).filter(isRequired).map(fieldname) } : {}),
  properties: {
    ...STANDARD,
    ...(doctype.isTable ? ROW : {}),
    ...Object.fromEntries(columns(doctype).map((field) => [String(field["fieldname"]), schemaOfField(field, names)])),
  },
})

const isCustom = (field: Field): boolean => isOn(field["is_custom_field"])

const entityOf = (doctype: DocType, names: Names): EntityDraft => {
  const fields = columns(doctype)
  const named = (flag: string) => fields.filter((field) => isOn(field[flag])).map(fieldname)
  const custom: ReadonlyArray<CustomField> = fields
    .filter(isCustom)
    .map((field) => customField(fieldname(field), schemaOfField(field, names), {}))
  return {
    name: doctype.name,
    schema: schemaIn(names, doctype),
    paths: DocTypePaths.pathsOf(doctype.name),
    keys: ["name"],
    numberSequenceKeys: ["name"],
    readOnly: doctype.isTable ? [] : ["name", "docstatus", "idx"],
    createOnly: named("set_only_once"),
    // Sent as it was read, it guards against overwriting what somebody else changed.
    updateOnly: ["modified"],
    requiredOnCreate: fields.filter(isRequired).map(fieldname),
    custom,
  }
}

interface Found {
  readonly doctypes: ReadonlyMap<string, JsonObject>
  readonly customFields: ReadonlyArray<JsonObject>
  readonly setters: ReadonlyArray<JsonObject>
}

const gather = (parsed: ReadonlyArray<{ readonly name: string; readonly json: Json }>): Found => {
  const doctypes = new Map<string, JsonObject>()
  const customFields: Array<JsonObject> = []
  const setters: Array<JsonObject> = []
  for (const { json, name: file } of parsed) {
    for (const one of unwrapped(json)) {
      if (isCustomField(one)) customFields.push(one)
      else if (isSetter(one)) setters.push(one)
      else if (isDocType(one)) {
        const named = String(one["name"])
        const before = doctypes.get(named)
        if (before !== undefined && JSON.stringify(before["fields"]) !== JSON.stringify(one["fields"])) {
          fail(
            "DuplicateSchema",
            `${file} describes the doctype ${quoted(named)} otherwise than another file; only one can be meant`,
            file,
          )
        }
        doctypes.set(named, one)
      }
    }
  }
  return { doctypes, customFields, setters }
}

const numeric: ReadonlySet<string> = new Set([
  "reqd",
  "read_only",
  "unique",
  "set_only_once",
  "hidden",
  "allow_on_submit",
])

/** A Property Setter changes one property of one field. */
const changed = (field: Field, setters: ReadonlyArray<JsonObject>): Field => {
  const own = setters.filter((setter) => setter["field_name"] === field["fieldname"])
  const set = own.map((setter): readonly [string, Json] => {
    const property = String(setter["property"])
    const value = setter["value"] ?? ""
    return [property, numeric.has(property) ? Number(value) : value]
  })
  return { ...field, ...Object.fromEntries(set) }
}

const assemble = ({ customFields, doctypes, setters }: Found): ReadonlyArray<DocType> =>
  [...doctypes.values()].map((one) => {
    const name = String(one["name"])
    const standard = objectsOf(one["fields"])
    const known = new Set(standard.map((field) => field["fieldname"]))
    const added = customFields
      .filter((field) => field["dt"] === name && !known.has(fieldnameOf(field)))
      .map((field): Field => ({ ...field, fieldname: fieldnameOf(field), is_custom_field: 1 }))
    const own = setters.filter((setter) => setter["doc_type"] === name)
    return {
      name,
      isTable: isOn(one["istable"]),
      isSingle: isOn(one["issingle"]),
      fields: [...standard, ...added].map((field) => changed(field, own)),
    }
  })

/** A Custom Field without a fieldname gets one from its label. */
const fieldnameOf = (field: JsonObject): string =>
  textOf(field["fieldname"]) ?? `custom_${(textOf(field["label"]) ?? "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "_")}`

/** Reads the documents together. */
export const read = (parsed: ReadonlyArray<{ readonly name: string; readonly json: Json }>, name: string): Draft => {
  const found = gather(parsed)
  if (found.doctypes.size === 0) {
    const what = "holds Custom Fields or Property Setters and no DocType that they change; ask for the DocTypes too"
    fail("NotADescription", `${name} ${what}`, name)
  }
  const doctypes = assemble(found)
  const names = namesOf(doctypes)
  const schemas = Object.fromEntries(doctypes.map((doctype) => [schemaIn(names, doctype), schemaOf(doctype, names)]))
  const documents = doctypes.filter((doctype) => !doctype.isTable)
  const paths = Object.assign(
    {},
    ...documents.map((doctype) => DocTypePaths.of(doctype.name, refTo(schemaIn(names, doctype)))),
  ) as OpenApi31["paths"]
  return {
    openapi31: { ...emptyDocument(name, ""), paths, components: { schemas: { ...schemas, ...DocTypePaths.schemas } } },
    entities: documents.map((doctype) => entityOf(doctype, names)),
    origin: { format: "doctype", version: "" },
  }
}
