/**
 * The tenant's own fields in the form in which a connector gives and takes them: numbers as text with all their digits, all
 * else as the vendor writes it.
 */
import type { CustomField, Schema } from "../Description.ts"
import { mapDeep } from "./schemas.ts"

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

export const customField = (name: string, schema: Schema, readOnly = schema.readOnly === true): CustomField => {
  const { "x-ns-custom-field": _ns, description: _description, readOnly: _readOnly, title: _title, ...plain } = schema
  return { name, schema: nullable(mapDeep(plain, asText)), readOnly }
}
