/** Walks the schemas of a document, wherever OpenAPI allows one. */
import type { OpenApi31, Schema } from "../Description.ts"
import { isObject } from "./json.ts"

const MAPS = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]
const LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"]
const SINGLES = ["items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"]

export const mapValues = <A, B>(map: { readonly [name: string]: A }, f: (value: A, name: string) => B) =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, f(value, name)])) as { [name: string]: B }

/** The schemas that stand directly in this one. */
export const mapChildren = (schema: Schema, f: (child: Schema) => Schema): Schema => {
  const changed: { [member: string]: unknown } = {}
  for (const [member, value] of Object.entries(schema)) {
    if (MAPS.includes(member) && isObject(value)) {
      changed[member] = mapValues(value as { readonly [name: string]: unknown }, (child) =>
        isObject(child) ? f(child as Schema) : child,
      )
    } else if (LISTS.includes(member) && Array.isArray(value)) {
      changed[member] = value.map((child: unknown) => (isObject(child) ? f(child as Schema) : child))
    } else if (SINGLES.includes(member) && isObject(value)) changed[member] = f(value as Schema)
    else changed[member] = value
  }
  return changed
}

/** This schema and all below it, the inner ones first. */
export const mapDeep = (schema: Schema, f: (schema: Schema) => Schema): Schema =>
  f(mapChildren(schema, (child) => mapDeep(child, f)))

/** Where an example stands, and no part of a description. */
const EXAMPLES: ReadonlySet<string> = new Set(["example", "examples", "x-example", "x-examples"])

/** Every schema of a node that is no schema itself: parameters, bodies, answers, headers. */
const mapWithin = (node: unknown, f: (schema: Schema) => Schema): unknown => {
  if (Array.isArray(node)) return node.map((each) => mapWithin(each, f))
  if (!isObject(node)) return node
  const changed: { [member: string]: unknown } = {}
  for (const [member, value] of Object.entries(node)) {
    if (member === "schema" && isObject(value)) changed[member] = f(value as Schema)
    else changed[member] = EXAMPLES.has(member) ? value : mapWithin(value, f)
  }
  return changed
}

/** Every root of a schema in the document through `f`. */
export const mapRoots = (document: OpenApi31, f: (schema: Schema) => Schema): OpenApi31 => {
  const { schemas, ...kinds } = document.components
  return {
    ...document,
    paths: mapWithin(document.paths, f) as OpenApi31["paths"],
    ...(document["webhooks"] === undefined ? {} : { webhooks: mapWithin(document["webhooks"], f) }),
    components: {
      ...(mapWithin(kinds, f) as { readonly [kind: string]: { readonly [name: string]: unknown } }),
      schemas: mapValues(schemas, (schema) => f(schema)),
    },
  }
}

/** Calls `see` for every reference in a node, at whatever depth, with the keys that lead to it. */
export const eachReference = (
  node: unknown,
  see: (reference: string, path: ReadonlyArray<string>) => void,
  path: ReadonlyArray<string> = [],
): void => {
  if (Array.isArray(node)) {
    for (const [index, each] of node.entries()) eachReference(each, see, [...path, String(index)])
    return
  }
  if (!isObject(node)) return
  // A field of a record may be called `$ref`; a reference is a text.
  if (typeof node["$ref"] === "string") see(node["$ref"], path)
  for (const [member, value] of Object.entries(node)) {
    const isExample = EXAMPLES.has(member) && path.at(-1) !== "properties"
    if (typeof value === "object" && !isExample) eachReference(value, see, [...path, member])
  }
}

const PREFIX = "#/components/schemas/"

export const pointerPart = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1")
export const fromPointerPart = (part: string): string => {
  let plain = part
  try {
    plain = decodeURIComponent(part)
  } catch {
    // A percent sign that encodes nothing stands for itself.
  }
  return plain.replaceAll("~1", "/").replaceAll("~0", "~")
}

export const refTo = (name: string): Schema => ({ $ref: PREFIX + pointerPart(name) })

/** The name of the schema that a reference leads to; undefined for other references. */
export const schemaOf = (reference: string): string | undefined =>
  reference.startsWith(PREFIX) ? fromPointerPart(reference.slice(PREFIX.length)) : undefined

const STRUCTURE = ["$ref", "allOf", "anyOf", "oneOf", "not", "enum", "const", "items"]

/** An object of which nothing is said: it stands for something that is described elsewhere, or nowhere. */
export const isStructureless = (schema: Schema): boolean => {
  const { additionalProperties = true, properties = {}, type = "object" } = schema
  const isObjectType = [type].flat().every((each) => each === "object" || each === "null")
  const isBare = additionalProperties === true && Object.keys(properties).length === 0
  return isObjectType && isBare && STRUCTURE.every((member) => schema[member] === undefined)
}

/** The same or nothing. */
export const orNull = (schema: Schema): Schema => {
  if (typeof schema.type === "string" && schema.$ref === undefined) {
    const members = schema.enum === undefined || schema.enum.includes(null) ? {} : { enum: [...schema.enum, null] }
    return { ...schema, type: [schema.type, "null"], ...members }
  }
  return { anyOf: [schema, { type: "null" }] }
}

/** A schema without the alternative of null, and whether it had that. */
export const withoutNull = (schema: Schema): { readonly schema: Schema; readonly nullable: boolean } => {
  if (Array.isArray(schema.type) && schema.type.includes("null")) {
    const types = schema.type.filter((type) => type !== "null")
    const [only] = types
    const { enum: members, ...rest } = schema
    return {
      schema: {
        ...rest,
        type: types.length === 1 && only !== undefined ? only : types,
        ...(members === undefined ? {} : { enum: members.filter((member) => member !== null) }),
      },
      nullable: true,
    }
  }
  const choices = schema.anyOf ?? schema.oneOf
  if (choices === undefined || !choices.some(({ type }) => type === "null")) return { schema, nullable: false }
  const rest = choices.filter(({ type }) => type !== "null")
  const [only] = rest
  return { schema: rest.length === 1 && only !== undefined ? only : { anyOf: rest }, nullable: true }
}
