/** From the schemas of OpenAPI 3.0, Swagger 2.0 and JSON Schema draft 06 to those of OpenAPI 3.1. */
import type { Schema } from "../Description.ts"
import { isObject } from "./json.ts"
import { mapDeep, orNull } from "./schemas.ts"

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
  return choices(nullable === true || swaggerNullable === true ? orNull(out) : out)
}

export const modern = (schema: Schema): Schema => mapDeep(schema, one)
