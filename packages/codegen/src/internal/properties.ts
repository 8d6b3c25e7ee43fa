/** The members of a record, whatever its schema is put together from. */
import type { Schema } from "../Description.ts"
import { schemaOf } from "./schemas.ts"

export type Schemas = { readonly [name: string]: Schema }

const walk = (schemas: Schemas, schema: Schema, seen: ReadonlySet<string>, into: Map<string, Schema>): void => {
  const name = schema.$ref === undefined ? undefined : schemaOf(schema.$ref)
  if (name !== undefined && !seen.has(name)) walk(schemas, schemas[name] ?? {}, new Set([...seen, name]), into)
  for (const part of schema.allOf ?? []) walk(schemas, part, seen, into)
  for (const [member, property] of Object.entries(schema.properties ?? {})) into.set(member, property)
}

/** Inherited ones first. */
export const propertiesOf = (schemas: Schemas, name: string): ReadonlyMap<string, Schema> => {
  const found = new Map<string, Schema>()
  walk(schemas, schemas[name] ?? {}, new Set([name]), found)
  return found
}

/** What every record of this schema must have. */
export const requiredOf = (schemas: Schemas, name: string): ReadonlySet<string> => {
  const found = new Set<string>()
  const visit = (schema: Schema, seen: ReadonlySet<string>): void => {
    const target = schema.$ref === undefined ? undefined : schemaOf(schema.$ref)
    if (target !== undefined && !seen.has(target)) visit(schemas[target] ?? {}, new Set([...seen, target]))
    for (const part of schema.allOf ?? []) visit(part, seen)
    for (const member of schema.required ?? []) found.add(member)
  }
  visit(schemas[name] ?? {}, new Set([name]))
  return found
}

/** What further members may be, where the schema or one that it is made of allows any. */
export const furtherOf = (schemas: Schemas, name: string): true | Schema | undefined => {
  const seen = new Set<string>()
  const visit = (schema: Schema): true | Schema | undefined => {
    const { additionalProperties } = schema
    if (additionalProperties !== undefined && additionalProperties !== false) return additionalProperties
    const target = schema.$ref === undefined ? undefined : schemaOf(schema.$ref)
    const isNew = target !== undefined && !seen.has(target)
    if (isNew) seen.add(target)
    const inherited = isNew ? visit(schemas[target] ?? {}) : undefined
    return inherited ?? schema.allOf?.map(visit).find((found) => found !== undefined)
  }
  return visit(schemas[name] ?? {})
}

export const isNavigation = (schema: Schema): boolean => schema["x-mortise-navigation"] === true
