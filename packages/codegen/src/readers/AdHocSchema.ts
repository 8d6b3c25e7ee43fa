/**
 * Acumatica's `$adHocSchema` of an entity: a record without values that shows every field outside of the contract, by view
 * and name with its type. Laid over the description of the endpoint, it tells the tenant's own fields.
 */
import type { CustomField, Schema } from "../Description.ts"
import type { Draft } from "../internal/Draft.ts"
import { isObject, type Json } from "../internal/json.ts"
import { notFound } from "../internal/nearest.ts"
import { orNull } from "../internal/schemas.ts"

const CUSTOM_TYPE = /^Custom(\w+)Field$/

const viewsOf = (parsed: Json): { readonly [view: string]: Json } => {
  const custom = isObject(parsed) ? parsed["custom"] : undefined
  return isObject(custom) ? custom : {}
}

/** Whether this is such an answer. */
export const isOne = (parsed: Json): boolean =>
  Object.values(viewsOf(parsed)).some(
    (view) =>
      isObject(view) && Object.values(view).some((field) => isObject(field) && CUSTOM_TYPE.test(String(field["type"]))),
  )

/** The connector knows these six; the others are kept in one of them. */
const WIRE_TYPES: { readonly [type: string]: string } = { Byte: "Int", Double: "Decimal", Long: "Int", Short: "Int" }

/** In the form in which the connector gives and takes it: numbers and dates as text. */
const TYPES: { readonly [type: string]: Schema } = {
  Boolean: { type: "boolean" },
  Byte: { type: "string", format: "int64" },
  DateTime: { type: "string", format: "date-time" },
  Decimal: { type: "string", format: "decimal" },
  Double: { type: "string", format: "decimal" },
  Guid: { type: "string", format: "uuid" },
  Int: { type: "string", format: "int64" },
  Long: { type: "string", format: "int64" },
  Short: { type: "string", format: "int64" },
  String: { type: "string" },
}

const fieldsOf = (parsed: Json): ReadonlyArray<CustomField> =>
  Object.entries(viewsOf(parsed)).flatMap(([view, fields]) =>
    Object.entries(isObject(fields) ? fields : {}).flatMap(([name, field]) => {
      const type = isObject(field) ? CUSTOM_TYPE.exec(String(field["type"]))?.[1] : undefined
      if (type === undefined) return []
      const schema = orNull(TYPES[type] ?? { type: "string" })
      return [{ name: `${view}.${name}`, schema, readOnly: false, wireType: WIRE_TYPES[type] ?? type }]
    }),
  )

/** `Customer.json`, `Customer.$adHocSchema.json` and `Customer/$adHocSchema.json` are about Customer. */
const entityName = (file: string): string => {
  const words = file.split("/").map((part) => part.replace(/\.json$/i, "").replace(/[-_.]*\$?adhocschema$/i, ""))
  return words.filter((word) => word !== "").at(-1) ?? ""
}

/** Lays one answer over the draft. */
export const overlay = (draft: Draft, file: string, parsed: Json): Draft => {
  const wanted = entityName(file)
  const entity = draft.entities.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  const names = draft.entities.map(({ name }) => name)
  if (entity === undefined) return notFound(wanted, names, file)
  const custom = fieldsOf(parsed)
  return { ...draft, entities: draft.entities.map((each) => (each === entity ? { ...each, custom } : each)) }
}
