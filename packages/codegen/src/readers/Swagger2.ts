/** Swagger 2.0, said in the words of OpenAPI 3.0 and read on from there. */
import type { Draft } from "../internal/Draft.ts"
import { entitiesOf } from "../internal/entities.ts"
import { fail, quoted } from "../internal/fail.ts"
import { isObject, type Json, type JsonObject, objectsOf, textOf } from "../internal/json.ts"
import * as OpenApi from "./OpenApi.ts"

const strings = (value: Json | undefined): ReadonlyArray<string> | undefined =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : undefined

const REFERENCES: ReadonlyArray<readonly [string, string]> = [
  ["#/definitions/", "#/components/schemas/"],
  ["#/parameters/", "#/components/parameters/"],
  ["#/responses/", "#/components/responses/"],
]

const rewritten = (reference: string): string => {
  const found = REFERENCES.find(([from]) => reference.startsWith(from))
  return found === undefined ? reference : found[1] + reference.slice(found[0].length)
}

/** References to where OpenAPI 3 has the same things. */
const moved = (node: Json): Json => {
  if (Array.isArray(node)) return node.map((each) => moved(each as Json))
  if (!isObject(node)) return node
  const out: { [member: string]: Json } = {}
  for (const [member, value] of Object.entries(node)) {
    out[member] = member === "$ref" && typeof value === "string" ? rewritten(value) : moved(value)
  }
  return out
}

const SCHEMA_MEMBERS = [
  "type",
  "format",
  "items",
  "enum",
  "default",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "uniqueItems",
  "multipleOf",
]

const split = (parameter: JsonObject): { readonly schema: JsonObject; readonly rest: JsonObject } => {
  const schema: { [member: string]: Json } = {}
  const rest: { [member: string]: Json } = {}
  for (const [member, value] of Object.entries(parameter)) {
    if (SCHEMA_MEMBERS.includes(member)) schema[member] = value
    else if (member !== "collectionFormat") rest[member] = value
  }
  return { schema, rest }
}

const STYLES: { readonly [format: string]: JsonObject } = {
  csv: { style: "form", explode: false },
  multi: { style: "form", explode: true },
  ssv: { style: "spaceDelimited", explode: false },
  pipes: { style: "pipeDelimited", explode: false },
}

const parameterOf = (parameter: JsonObject): JsonObject => {
  if ("$ref" in parameter) return parameter
  const { rest, schema } = split(parameter)
  const style =
    schema["type"] === "array" && rest["in"] === "query" ? STYLES[textOf(parameter["collectionFormat"]) ?? "csv"] : {}
  return { ...rest, ...style, schema, ...(rest["in"] === "path" ? { required: true } : {}) }
}

const contentOf = (types: ReadonlyArray<string>, schema: Json): JsonObject =>
  Object.fromEntries(types.map((type) => [type, { schema }]))

const formOf = (fields: ReadonlyArray<JsonObject>, consumes: ReadonlyArray<string>): JsonObject => {
  const required = fields.filter((field) => field["required"] === true).map((field) => String(field["name"]))
  const properties = Object.fromEntries(fields.map((field) => [String(field["name"]), split(field).schema]))
  const isUpload = fields.some((field) => field["type"] === "file")
  const types = consumes.filter((type) => /form/.test(type))
  const fallback = isUpload ? "multipart/form-data" : "application/x-www-form-urlencoded"
  const schema: JsonObject = { type: "object", properties, ...(required.length === 0 ? {} : { required }) }
  return { content: contentOf(types.length === 0 ? [fallback] : types, schema) }
}

interface Defaults {
  readonly consumes: ReadonlyArray<string>
  readonly produces: ReadonlyArray<string>
  /** The shared parameters, of which bodies are asked for here. */
  readonly parameters: JsonObject
}

const bodyOf = (parameters: ReadonlyArray<JsonObject>, consumes: ReadonlyArray<string>): JsonObject => {
  const body = parameters.find((parameter) => parameter["in"] === "body")
  if (body !== undefined) {
    const { in: _in, name, schema = {}, required, ...rest } = body
    const content = contentOf(consumes.length === 0 ? ["application/json"] : consumes, schema)
    return {
      requestBody: { ...rest, content, ...(required === true ? { required } : {}), "x-bodyName": name ?? "body" },
    }
  }
  const form = parameters.filter((parameter) => parameter["in"] === "formData")
  return form.length === 0 ? {} : { requestBody: formOf(form, consumes) }
}

const responseOf = (response: Json, produces: ReadonlyArray<string>): Json => {
  if (!isObject(response) || "$ref" in response) return response
  const { examples: _examples, headers, schema, ...rest } = response
  const heads = isObject(headers)
    ? {
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, header]) => [name, isObject(header) ? parameterOf(header) : header]),
        ),
      }
    : {}
  const content =
    schema === undefined ? {} : { content: contentOf(produces.length === 0 ? ["application/json"] : produces, schema) }
  return { description: "", ...rest, ...heads, ...content }
}

const responsesOf = (responses: Json | undefined, produces: ReadonlyArray<string>): JsonObject =>
  isObject(responses)
    ? Object.fromEntries(Object.entries(responses).map(([status, each]) => [status, responseOf(each, produces)]))
    : {}

/** A shared parameter that is a body cannot be referred to as a parameter any more; it is put where it is used. */
const inlined = (parameters: ReadonlyArray<JsonObject>, defaults: Defaults): ReadonlyArray<JsonObject> =>
  parameters.map((parameter) => {
    const name = /^#\/components\/parameters\/(.+)$/.exec(textOf(parameter["$ref"]) ?? "")?.[1]
    const shared = name === undefined ? undefined : defaults.parameters[name]
    return isObject(shared) && (shared["in"] === "body" || shared["in"] === "formData") ? shared : parameter
  })

const operationOf = (operation: JsonObject, shared: ReadonlyArray<JsonObject>, defaults: Defaults): JsonObject => {
  const { consumes, parameters, produces, responses, schemes: _schemes, ...rest } = operation
  const own = inlined(objectsOf(parameters), defaults)
  const all = [...own, ...shared.filter((each) => each["in"] === "body" || each["in"] === "formData")]
  const plain = own.filter((each) => each["in"] !== "body" && each["in"] !== "formData").map(parameterOf)
  return {
    ...rest,
    ...(plain.length === 0 ? {} : { parameters: plain }),
    ...bodyOf(all, strings(consumes) ?? defaults.consumes),
    responses: responsesOf(responses, strings(produces) ?? defaults.produces),
  }
}

const itemOf = (item: JsonObject, defaults: Defaults): JsonObject => {
  const shared = inlined(objectsOf(item["parameters"]), defaults)
  const out: { [member: string]: Json } = {}
  for (const [member, value] of Object.entries(item)) {
    if (member === "parameters") {
      out[member] = shared.filter((each) => each["in"] !== "body" && each["in"] !== "formData").map(parameterOf)
    } else out[member] = isObject(value) ? operationOf(value, shared, defaults) : value
  }
  return out
}

const serversOf = (parsed: JsonObject): Json => {
  const base = textOf(parsed["basePath"]) ?? "/"
  const host = textOf(parsed["host"])
  const [scheme = "https"] = strings(parsed["schemes"]) ?? []
  return [{ url: host === undefined ? base : `${scheme}://${host}${base}` }]
}

const securityOf = (schemes: Json | undefined): JsonObject => {
  if (!isObject(schemes)) return {}
  const convert = (scheme: Json): Json =>
    isObject(scheme) && scheme["type"] === "basic" ? { type: "http", scheme: "basic" } : scheme
  const kept = Object.entries(schemes).filter(([, scheme]) => isObject(scheme) && scheme["type"] !== "oauth2")
  return Object.fromEntries(kept.map(([name, scheme]) => [name, convert(scheme)]))
}

/** The same description as OpenAPI 3.0. */
const upgraded = (given: JsonObject): JsonObject => {
  const parsed = moved(given) as JsonObject
  const parameters = isObject(parsed["parameters"]) ? parsed["parameters"] : {}
  const defaults: Defaults = {
    consumes: strings(parsed["consumes"]) ?? [],
    produces: strings(parsed["produces"]) ?? [],
    parameters,
  }
  const plain = Object.entries(parameters).filter(
    ([, each]) => isObject(each) && each["in"] !== "body" && each["in"] !== "formData",
  )
  const items = isObject(parsed["paths"]) ? parsed["paths"] : {}
  return {
    openapi: "3.0.3",
    info: parsed["info"] ?? {},
    servers: serversOf(parsed),
    paths: Object.fromEntries(
      Object.entries(items).map(([template, item]) => [template, isObject(item) ? itemOf(item, defaults) : item]),
    ),
    components: {
      schemas: parsed["definitions"] ?? {},
      ...(plain.length === 0
        ? {}
        : { parameters: Object.fromEntries(plain.map(([name, each]) => [name, parameterOf(each as JsonObject)])) }),
      ...(isObject(parsed["responses"]) ? { responses: responsesOf(parsed["responses"], defaults.produces) } : {}),
      ...(isObject(parsed["securityDefinitions"])
        ? { securitySchemes: securityOf(parsed["securityDefinitions"]) }
        : {}),
    },
  }
}

export const read = (parsed: JsonObject, name: string): Draft => {
  const version = String(parsed["swagger"])
  if (version !== "2.0") fail("WrongFormat", `${name} is Swagger ${quoted(version)}; version 2.0 is read`, name)
  const openapi31 = OpenApi.document(upgraded(parsed), name)
  return {
    openapi31,
    entities: entitiesOf(openapi31),
    origin: { format: "swagger2", version: openapi31.info.version },
  }
}
