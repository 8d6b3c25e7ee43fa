/** OpenAPI 3.0 and 3.1: what 3.0 says otherwise is said in the words of 3.1. */
import type { OpenApi31, Schema } from "../Description.ts"
import type { Draft } from "../internal/Draft.ts"
import { entitiesOf } from "../internal/entities.ts"
import { fail, quoted } from "../internal/fail.ts"
import { isObject, type JsonObject } from "../internal/json.ts"
import { modern, plain } from "../internal/modern.ts"
import { mapRoots, mapValues } from "../internal/schemas.ts"
import { untangled } from "../internal/untangled.ts"

const METHODS: ReadonlySet<string> = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"])
const BESIDE_METHODS: ReadonlySet<string> = new Set(["parameters", "summary", "description", "servers", "$ref"])

const objectAt = (parent: JsonObject, member: string, name: string): JsonObject => {
  const value = parent[member] ?? {}
  if (isObject(value)) return value
  return fail("NotADescription", `${name}: \`${member}\` is no object`, `${name}#/${member}`)
}

/** Of no use to types, and with some vendors most of the text. */
const withoutNoise = (operation: unknown): unknown => {
  if (!isObject(operation)) return operation
  const { externalDocs: _docs, security: _security, tags: _tags, ...rest } = operation
  return rest
}

const pathsOf = (paths: JsonObject): OpenApi31["paths"] => {
  const kept = Object.entries(paths).filter(([template, item]) => template.startsWith("/") && isObject(item))
  return Object.fromEntries(
    kept.map(([template, item]) => [
      template,
      Object.fromEntries(
        Object.entries(item as JsonObject)
          .filter(([member]) => METHODS.has(member) || BESIDE_METHODS.has(member))
          .map(([member, value]) => [member, METHODS.has(member) ? withoutNoise(value) : value]),
      ),
    ]),
  )
}

const withoutExamples = (node: unknown, inProperties = false): unknown => {
  if (Array.isArray(node)) return node.map((each) => withoutExamples(each))
  if (!isObject(node)) return node
  const kept: { [member: string]: unknown } = {}
  for (const [member, value] of Object.entries(node)) {
    if (!inProperties && (member === "example" || member === "examples")) continue
    kept[member] = withoutExamples(value, member === "properties" && !inProperties)
  }
  return kept
}

/** `paths` and `components` of a document whose words are those of 3.0 or 3.1. */
export const document = (parsed: JsonObject, name: string): OpenApi31 => {
  const info = objectAt(parsed, "info", name)
  const { schemas: given, examples: _examples, ...kinds } = objectAt(parsed, "components", name)
  const schemas = isObject(given) ? mapValues(given, (each) => (typeof each === "boolean" ? plain(each) : each)) : {}
  const whole: OpenApi31 = {
    openapi: "3.1.0",
    info: { ...info, title: String(info["title"] ?? name), version: String(info["version"] ?? "") },
    ...(Array.isArray(parsed["servers"]) ? { servers: parsed["servers"] } : {}),
    paths: pathsOf(objectAt(parsed, "paths", name)),
    components: {
      ...(kinds as { readonly [kind: string]: { readonly [member: string]: unknown } }),
      schemas: schemas as { readonly [schema: string]: Schema },
    },
    ...(Array.isArray(parsed["security"]) ? { security: parsed["security"] } : {}),
  }
  return untangled(withoutExamples(mapRoots(whole, modern)) as OpenApi31)
}

export const read = (parsed: JsonObject, name: string): Draft => {
  const version = String(parsed["openapi"])
  if (!/^3\.[01](?:\.|$)/.test(version)) {
    fail("WrongFormat", `${name} is OpenAPI ${quoted(version)}; versions 3.0 and 3.1 and Swagger 2.0 are read`, name)
  }
  const openapi31 = document(parsed, name)
  return {
    openapi31,
    entities: entitiesOf(openapi31),
    origin: { format: "openapi", version: openapi31.info.version },
  }
}
