/** A schema of simple values as TypeScript, for what stands outside of the API itself. */
import type { Schema } from "../Description.ts"
import { brandOf } from "./Values.ts"

const literal = (value: unknown): string => (value === null ? "null" : JSON.stringify(value))

const single = (schema: Schema): string => {
  const brand = brandOf(schema)
  if (brand !== undefined) return brand
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type
    case "number":
    case "integer":
      return "number"
    case "array":
      return `ReadonlyArray<${typeOf(schema.items ?? {})}>`
    case "object":
      return objectType(schema)
    default:
      return "unknown"
  }
}

const objectType = ({ properties = {}, required = [] }: Schema): string => {
  const members = Object.entries(properties).map(
    ([name, property]) => `readonly ${key(name)}${required.includes(name) ? "" : "?"}: ${typeOf(property)}`,
  )
  return members.length === 0 ? "{ readonly [member: string]: unknown }" : `{ ${members.join("; ")} }`
}

export const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name))

export const typeOf = (schema: Schema): string => {
  if (schema.enum !== undefined) return [...new Set(schema.enum.map(literal))].join(" | ")
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return [...new Set(choices.map(typeOf))].join(" | ")
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  return [...new Set(types.map((type) => single({ ...schema, type } as Schema)))].join(" | ")
}
