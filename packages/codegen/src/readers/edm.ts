/** Types of the entity data model as JSON on the wire. 64-bit integers and decimals are JSON numbers. */
import type { Schema } from "../Description.ts"

const INT32: Schema = { type: "integer", format: "int32" }

const PRIMITIVES: { readonly [type: string]: Schema } = {
  "Edm.Binary": { type: "string", format: "base64url" },
  "Edm.Boolean": { type: "boolean" },
  "Edm.Byte": INT32,
  "Edm.Date": { type: "string", format: "date" },
  "Edm.DateTimeOffset": { type: "string", format: "date-time" },
  "Edm.Decimal": { type: "number", format: "decimal" },
  "Edm.Double": { type: "number", format: "double" },
  "Edm.Duration": { type: "string", format: "duration" },
  "Edm.Guid": { type: "string", format: "uuid" },
  "Edm.Int16": INT32,
  "Edm.Int32": INT32,
  "Edm.Int64": { type: "integer", format: "int64" },
  "Edm.SByte": INT32,
  "Edm.Single": { type: "number", format: "float" },
  "Edm.Stream": { type: "string", format: "binary" },
  "Edm.String": { type: "string" },
  "Edm.TimeOfDay": { type: "string", format: "time" },
}

/** Undefined for types that the document declares itself. */
export const primitive = (type: string): Schema | undefined => {
  const found = PRIMITIVES[type]
  if (found !== undefined) return found
  if (/^Edm\.(?:Geography|Geometry)/.test(type)) return { type: "object", additionalProperties: true }
  return type.startsWith("Edm.") ? {} : undefined
}

/**
 * By the type in Application Explorer: a Date travels as noon in UTC with 1900-01-01 for none, and is no instant; a Time is
 * seconds since midnight.
 */
export const axType = (schema: Schema, ax: string | undefined): Schema => {
  if (ax === "Date" && schema.format === "date-time") return { ...schema, format: "ax-date" }
  return ax === "Time" && schema.type === "integer" ? { ...schema, format: "ax-time" } : schema
}
