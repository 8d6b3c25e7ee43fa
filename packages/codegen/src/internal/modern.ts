/** From the schemas of OpenAPI 3.0, Swagger 2.0 and JSON Schema draft 06 to those of OpenAPI 3.1. */
import type { Schema } from "../Description.ts"
import { isObject } from "./json.ts"
import { mapDeep, mapValues, orNull } from "./schemas.ts"

const bound = (schema: Schema, exclusive: "exclusiveMinimum" | "exclusiveMaximum", plain: "minimum" | "maximum") => {
  if (typeof schema[exclusive] !== "boolean") return schema
  const { [exclusive]: isExclusive, [plain]: limit, ...rest } = schema
  if (limit === undefined) return rest
  return isExclusive === true ? { ...rest, [exclusive]: limit } : { ...rest, [plain]: limit }
}

/** A single value of an enumeration is a constant, and null among the members is a type too. */
const choices = (schema: Schema): Schema =>
  schema.enum?.includes(null) === true && typeof schema.type === "string"
    ? { ...schema, type: [schema.type, "null"] }
    : schema

/** An object of which nothing more is said may have anything in it, which those who write types of it do not all know. */
const opened = (schema: Schema): Schema => {
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? [])
  const isMore = [schema.$ref, schema.allOf, schema.anyOf, schema.oneOf, schema.additionalProperties].some(
    (each) => each !== undefined,
  )
  const isBare = types.includes("object") && Object.keys(schema.properties ?? {}).length === 0
  return isBare && !isMore ? { ...schema, additionalProperties: true } : schema
}

type Members = { readonly [name: string]: Schema | boolean }

/** `true` is whatever there is, and `false` nothing. */
export const plain = (schema: Schema | boolean): Schema => {
  if (typeof schema !== "boolean") return opened(schema)
  return schema ? {} : { not: {} }
}

/** Not in the parts of an `allOf`, which would open the whole. */
const withOpened = ({ items, properties, ...schema }: Schema): Schema => ({
  ...schema,
  ...(isObject(properties) ? { properties: mapValues(properties as Members, plain) } : {}),
  ...(items === undefined ? {} : { items: plain(items) }),
})

/** Some say of a member itself that it is required; what a record requires are names. */
const withNames = ({ required, ...schema }: Schema): Schema =>
  Array.isArray(required) ? { ...schema, required } : schema

const one = (given: Schema): Schema => {
  const {
    example,
    examples,
    externalDocs,
    nullable,
    xml,
    "x-nullable": swaggerNullable,
    ...schema
  } = given as Schema & {
    readonly [dropped: string]: unknown
  }
  let out: Schema = bound(bound(schema, "exclusiveMinimum", "minimum"), "exclusiveMaximum", "maximum")
  if (out.required !== undefined) out = withNames(out)
  if (out.type === "file") out = { ...out, type: "string", format: "binary" }
  if (out.type === undefined && isObject(out.properties)) out = { type: "object", ...out }
  const { discriminator } = out
  if (typeof discriminator === "string") out = { ...out, discriminator: { propertyName: discriminator } }
  // OpenAPI 3.0 allows nothing beside a reference; what is there all the same is meant.
  if (typeof out.$ref === "string") {
    const { $ref, ...beside } = out
    out = beside["description"] === undefined ? { $ref } : { $ref, description: beside["description"] as string }
    if (given.readOnly === true) out = { ...out, readOnly: true }
    for (const member of Object.keys(beside)) if (member.startsWith("x-")) out = { ...out, [member]: beside[member] }
  }
  return withOpened(choices(nullable === true || swaggerNullable === true ? orNull(out) : out))
}

export const modern = (schema: Schema): Schema => opened(mapDeep(schema, one))
