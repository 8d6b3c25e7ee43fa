/**
 * Whether a description is put together as one, before anything is made of it: a schema is an object, parameters are a list,
 * a type is a word. An optional member that is null is one that was left empty, as YAML has it, and says nothing.
 */
import { fail, quoted } from "./fail.ts"
import { isObject, type Json, type JsonObject } from "./json.ts"
import { pointerPart } from "./schemas.ts"

/** `at` is the file with the pointer into it, `crm.json#/paths/~1things/get`. */
type Check = (node: Json, at: string) => void

const inWords = (node: Json): string => {
  if (node === null) return "null"
  if (Array.isArray(node)) return "a list"
  if (typeof node === "object") return "an object"
  return typeof node === "string" ? `the text ${quoted(node)}` : `the ${typeof node} ${node}`
}

const wrong = (node: Json, at: string, wanted: string): never =>
  fail("NotADescription", `${at} is ${inWords(node)} and ought to be ${wanted}; correct it, or take it out`, at)

const isGiven = (node: Json | undefined): node is Exclude<Json, null> => node !== undefined && node !== null

/** An object that may refer to another in its place. */
const part = (node: Json, at: string, wanted: string): JsonObject => {
  if (!isObject(node)) return wrong(node, at, wanted)
  const reference = node["$ref"]
  if (reference === undefined || typeof reference === "string") return node
  return wrong(reference, `${at}/$ref`, "a reference, which is a text")
}

/** Every member of a map, but for extensions. */
const entries = (node: Json | undefined, at: string, check: Check): void => {
  if (!isGiven(node)) return
  const map = isObject(node) ? node : wrong(node, at, "an object")
  for (const [name, value] of Object.entries(map)) {
    if (!name.startsWith("x-")) check(value, `${at}/${pointerPart(name)}`)
  }
}

const elements = (node: Json | undefined, at: string, check: Check): void => {
  if (!isGiven(node)) return
  const list: ReadonlyArray<Json> = Array.isArray(node) ? node : wrong(node, at, "a list")
  for (const [index, value] of list.entries()) check(value, `${at}/${index}`)
}

const text: Check = (node, at) => {
  if (typeof node !== "string") wrong(node, at, "a text")
}

const anything: Check = () => {}

const inside = (own: JsonObject, at: string, member: string, check: Check): void => {
  if (member in own) check(own[member] ?? null, `${at}/${member}`)
}

const types: Check = (node, at) => {
  if (Array.isArray(node)) elements(node, at, text)
  else if (node !== null) text(node, at)
}

/** Schemas of JSON Schema and OpenAPI. Some drafts have a list of schemas as items, some a flag as `required`. */
export const schema: Check = (node, at) => {
  if (typeof node === "boolean") return
  const own = part(node, at, "a schema")
  entries(own["properties"], `${at}/properties`, schema)
  for (const list of ["allOf", "anyOf", "oneOf"]) elements(own[list], `${at}/${list}`, schema)
  if (Array.isArray(own["items"])) elements(own["items"], `${at}/items`, schema)
  else inside(own, at, "items", schema)
  if (isGiven(own["additionalProperties"])) inside(own, at, "additionalProperties", schema)
  inside(own, at, "type", types)
  elements(own["enum"], `${at}/enum`, anything)
  if (typeof own["required"] !== "boolean") elements(own["required"], `${at}/required`, text)
}

const media: Check = (node, at) => inside(part(node, at, "an object with a schema"), at, "schema", schema)

const parameter: Check = (node, at) => {
  const own = part(node, at, "a parameter")
  inside(own, at, "schema", schema)
  entries(own["content"], `${at}/content`, media)
}

const body: Check = (node, at) => entries(part(node, at, "a body")["content"], `${at}/content`, media)

const response: Check = (node, at) => {
  const own = part(node, at, "an answer")
  entries(own["headers"], `${at}/headers`, parameter)
  entries(own["content"], `${at}/content`, media)
  inside(own, at, "schema", schema)
}

const responses: Check = (node, at) => {
  if (node === null) wrong(node, at, "an object")
  entries(node, at, response)
}

const operation: Check = (node, at) => {
  const own = part(node, at, "an operation")
  elements(own["parameters"], `${at}/parameters`, parameter)
  if (isGiven(own["requestBody"])) inside(own, at, "requestBody", body)
  inside(own, at, "responses", responses)
  inside(own, at, "operationId", text)
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

const path: Check = (node, at) => {
  if (node === null) return
  const own = part(node, at, "an object with methods")
  elements(own["parameters"], `${at}/parameters`, parameter)
  for (const method of METHODS) if (isGiven(own[method])) inside(own, at, method, operation)
}

const PARTS: { readonly [kind: string]: Check } = {
  definitions: schema,
  headers: parameter,
  parameters: parameter,
  requestBodies: body,
  responses: response,
  schemas: schema,
}

/** Fails for the first part of an OpenAPI or Swagger document that is something else than it ought to be. */
export const check = (document: JsonObject, name: string): void => {
  entries(document["paths"], `${name}#/paths`, path)
  const components = isObject(document["components"]) ? document["components"] : {}
  for (const [kind, checkPart] of Object.entries(PARTS)) {
    entries(components[kind], `${name}#/components/${kind}`, checkPart)
    // Swagger 2.0 has them beside the paths.
    entries(document[kind], `${name}#/${kind}`, checkPart)
  }
}
