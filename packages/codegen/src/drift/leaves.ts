/** A schema taken apart into its fields, so that two can be compared whatever the order of their parts. */
import type { Schema } from "../Description.ts"
import { schemaOf, withoutNull } from "../internal/schemas.ts"

export interface Leaf {
  /** 0 for a field of the record itself. */
  readonly depth: number
  /** `string (date)`, `list of Address`, `Address`; without null and without members of an enumeration. */
  readonly type: string
  readonly nullable: boolean
  readonly members: ReadonlyArray<string> | undefined
  readonly required: boolean
  readonly readOnly: boolean
  readonly maxLength: number | undefined
}

export type Leaves = ReadonlyMap<string, Leaf>

const nameOf = (schema: Schema): string | undefined =>
  schema.$ref === undefined ? undefined : (schemaOf(schema.$ref) ?? schema.$ref)

const isInline = (schema: Schema): boolean =>
  schema.$ref === undefined && (schema.properties !== undefined || schema.allOf !== undefined)

/** In words, as deep as it has no name of its own. */
const typeOf = (schema: Schema): string => {
  const name = nameOf(schema)
  if (name !== undefined) return name
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return [...new Set(choices.map(typeOf))].sort().join(" or ")
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`
  if (isInline(schema)) return "object"
  const { additionalProperties, format, type } = schema
  if (typeof additionalProperties === "object" && additionalProperties !== null)
    return `map of ${typeOf(additionalProperties)}`
  const types = typeof type === "string" ? type : [...(type ?? ["anything"])].sort().join(" or ")
  return format === undefined ? types : `${types} (${format})`
}

const leafOf = (schema: Schema, required: boolean, depth: number): Leaf => {
  const { nullable, schema: plain } = withoutNull(schema)
  const element = plain.type === "array" ? (plain.items ?? {}) : plain
  return {
    depth,
    type: typeOf(plain),
    nullable,
    members: element.enum === undefined ? undefined : element.enum.filter((each) => each !== null).map(String),
    required,
    readOnly: schema.readOnly === true,
    maxLength: typeof plain["maxLength"] === "number" ? plain["maxLength"] : undefined,
  }
}

type Schemas = { readonly [name: string]: Schema }

interface Walk {
  readonly schemas: Schemas
  readonly into: Map<string, Leaf>
  readonly depth: number
}

/** The parts of a record by inheritance are its own; a reference in a field is a record of its own. */
const members = (walk: Walk, schema: Schema, path: string, seen: ReadonlySet<string>): void => {
  const demanded = schema["x-mortise-required"]
  const required = new Set([...(schema.required ?? []), ...(Array.isArray(demanded) ? demanded.map(String) : [])])
  const inherit = (part: Schema): void => {
    const name = nameOf(part)
    if (name === undefined) members(walk, { ...part, required: [...required, ...(part.required ?? [])] }, path, seen)
    else if (!seen.has(name)) members(walk, walk.schemas[name] ?? {}, path, new Set([...seen, name]))
  }
  schema.allOf?.forEach(inherit)
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const at = path === "" ? name : `${path}.${name}`
    walk.into.set(at, leafOf(property, required.has(name), walk.depth))
    inside({ ...walk, depth: walk.depth + 1 }, property, at, seen)
  }
}

/** What a field holds without a name of its own. */
const inside = (walk: Walk, property: Schema, at: string, seen: ReadonlySet<string>): void => {
  const { schema } = withoutNull(property)
  if (schema.type === "array" && schema.items !== undefined) inside(walk, schema.items, `${at}[]`, seen)
  else if (isInline(schema)) members(walk, schema, at, seen)
}

/** The fields of one schema by their paths. One that has none (an enumeration, a plain value) is itself, under `""`. */
export const leavesOf = (schemas: Schemas, name: string): Leaves => {
  const schema = schemas[name] ?? {}
  const into = new Map<string, Leaf>()
  if (isInline(schema)) members({ schemas, into, depth: 0 }, schema, "", new Set([name]))
  else into.set("", leafOf(schema, false, 0))
  return into
}

/** One schema of no name. */
export const inWords = (schema: Schema | undefined): string =>
  schema === undefined ? "nothing" : typeOf(withoutNull(schema).schema)
