/**
 * The tenant's own fields in the form in which a connector gives and takes them: numbers as text with all their digits, all
 * else as the vendor writes it.
 */
import type { CustomField, Schema } from "../Description.ts"
import type { Schemas } from "./properties.ts"
import { mapChildren, mapDeep, schemaOf } from "./schemas.ts"

const asText = (schema: Schema): Schema => {
  const isNumber = (type: string): boolean => type === "number" || type === "integer"
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? [])
  // A flag that is 0 or 1 has no digits to lose.
  if (schema.enum !== undefined || !types.some(isNumber)) return schema
  const rest = types.filter((type) => !isNumber(type))
  const format = types.includes("integer") ? "int64" : "decimal"
  return { type: rest.length === 0 ? "string" : ["string", ...rest], format }
}

/** Always possibly null: a field that is empty, or was never filled. */
const nullable = (schema: Schema): Schema => {
  if (Array.isArray(schema.type))
    return schema.type.includes("null") ? schema : { ...schema, type: [...schema.type, "null"] }
  if (typeof schema.type === "string" && schema.enum === undefined) return { ...schema, type: [schema.type, "null"] }
  if (schema.anyOf?.some(({ type }) => type === "null") === true) return schema
  return { anyOf: [schema, { type: "null" }] }
}

/** With what it refers to in its place, an enumeration above all; a record of its own kind inside of itself is anything. */
const inPlace = (schemas: Schemas, schema: Schema, within: ReadonlySet<string> = new Set()): Schema => {
  const { $ref, ...beside } = schema
  if ($ref === undefined) return mapChildren(schema, (child) => inPlace(schemas, child, within))
  const target = schemaOf($ref) ?? ""
  if (within.has(target) || !Object.hasOwn(schemas, target)) return beside
  return { ...inPlace(schemas, schemas[target] ?? {}, new Set([...within, target])), ...beside }
}

/** Without what is kept for comparisons. */
export const withoutNotes = (schema: Schema): Schema =>
  Object.fromEntries(
    Object.entries(schema).filter(([member]) => !member.startsWith("x-mortise-") && member !== "x-enum-flags"),
  )

export const customField = (name: string, given: Schema, schemas: Schemas): CustomField => {
  const schema = inPlace(schemas, given)
  const readOnly = given.readOnly === true
  const { "x-ns-custom-field": _ns, description: _description, readOnly: _readOnly, title: _title, ...plain } = schema
  return { name, schema: nullable(mapDeep(plain, (each) => withoutNotes(asText(each)))), readOnly }
}
