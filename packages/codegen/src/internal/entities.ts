/** Which records an OpenAPI document is about, by the answers of its reads. */
import type { OpenApi31, Schema } from "../Description.ts"
import type { EntityDraft } from "./Draft.ts"
import { isObject } from "./json.ts"
import { fromPointerPart, schemaOf } from "./schemas.ts"

const deref = (document: OpenApi31, node: unknown): unknown => {
  let at = node
  for (let hops = 0; hops < 16 && isObject(at) && typeof at["$ref"] === "string"; hops++) {
    const parts = at["$ref"].slice(2).split("/").map(fromPointerPart)
    at = parts.reduce<unknown>((inner, part) => (isObject(inner) ? inner[part] : undefined), document)
  }
  return at
}

const isJson = (type: string): boolean => /^(?:application|text)\/(?:[\w.-]+\+)?json|^\*\/\*/.test(type)

/** The schema of a successful answer in JSON. */
const answerOf = (document: OpenApi31, operation: unknown): Schema | undefined => {
  const responses = isObject(operation) ? operation["responses"] : undefined
  if (!isObject(responses)) return undefined
  const status = Object.keys(responses).find((each) => /^2/.test(each)) ?? "default"
  const response = deref(document, responses[status])
  const content = isObject(response) ? response["content"] : undefined
  if (!isObject(content)) return undefined
  const type = Object.keys(content).find(isJson)
  const media = type === undefined ? undefined : content[type]
  return isObject(media) ? (media["schema"] as Schema | undefined) : undefined
}

/** The schema of what is sent in JSON. */
const bodyOf = (document: OpenApi31, operation: unknown): string | undefined => {
  const body = isObject(operation) ? deref(document, operation["requestBody"]) : undefined
  const content = isObject(body) ? body["content"] : undefined
  if (!isObject(content)) return undefined
  const media = content[Object.keys(content).find(isJson) ?? ""]
  return isObject(media) ? nameIn(media["schema"] as Schema | undefined) : undefined
}

const LISTS = ["items", "value", "results", "data", "records", "docs", "message"]

const nameIn = (schema: Schema | undefined): string | undefined =>
  schema?.$ref === undefined ? undefined : schemaOf(schema.$ref)

const isRecord = (schema: unknown): boolean =>
  isObject(schema) && (isObject(schema["properties"]) || Array.isArray(schema["allOf"]))

/** The schema of one record where the answer is a list of them, bare or in an envelope. */
const elementOf = (document: OpenApi31, schema: Schema | undefined): string | undefined => {
  const plain = deref(document, schema) as Schema | undefined
  if (plain === undefined) return undefined
  if (plain.type === "array") return nameIn(plain.items)
  for (const list of LISTS) {
    const member = deref(document, plain.properties?.[list]) as Schema | undefined
    const name = member === undefined ? undefined : member.type === "array" ? nameIn(member.items) : undefined
    if (name !== undefined) return name
  }
  return undefined
}

const VERSION = /^(?:v?\d[\w.-]*|\d{4}-\d{2}(?:-\w+)?)$/

const isParameter = (segment: string): boolean => segment.startsWith("{")

/** `/Customer/{id}` is about `/Customer`; what comes after further words is another matter. */
const collectionOf = (template: string): string | undefined => {
  const segments = template.split("/")
  while (segments.length > 1 && isParameter(segments.at(-1) ?? "")) segments.pop()
  const last = segments.at(-1) ?? ""
  return last === "" || last.startsWith("$") || last.startsWith("!") ? undefined : segments.join("/")
}

/** The words of a path that name something, the last first. */
const wordsOf = (collection: string): ReadonlyArray<string> =>
  collection
    .split("/")
    .filter((segment) => segment !== "" && !isParameter(segment) && !VERSION.test(segment))
    .reverse()

interface Found {
  readonly schema: string
  readonly path: string
  readonly words: ReadonlyArray<string>
}

const candidates = (document: OpenApi31): ReadonlyArray<Found> => {
  const found = new Map<string, Found>()
  for (const [template, item] of Object.entries(document.paths)) {
    const collection = collectionOf(template)
    if (collection === undefined || !isObject(item)) continue
    const words = wordsOf(collection)
    if (words.length === 0) continue
    const answer = answerOf(document, item["get"])
    const schema = template === collection ? elementOf(document, answer) : nameIn(answer)
    const before = found.get(collection)
    if (schema === undefined || !isRecord(deref(document, document.components.schemas[schema]))) continue
    // A single record tells more than an element of a list, which may be its short form.
    if (before === undefined || template !== collection) found.set(collection, { schema, path: collection, words })
  }
  return [...found.values()]
}

/** Schemas of their own for what is written, where the vendor has such. */
const formsOf = (document: OpenApi31, { path, schema }: Found): Pick<EntityDraft, "createSchema" | "updateSchema"> => {
  const single = Object.keys(document.paths).find((template) => template !== path && collectionOf(template) === path)
  const [all, one] = [document.paths[path], single === undefined ? undefined : document.paths[single]]
  const create = isObject(all) ? bodyOf(document, all["post"]) : undefined
  const update = isObject(one) ? (bodyOf(document, one["patch"]) ?? bodyOf(document, one["put"])) : undefined
  return {
    ...(create === undefined || create === schema ? {} : { createSchema: create }),
    ...(update === undefined || update === schema ? {} : { updateSchema: update }),
  }
}

/** Every record that can be read, named by the last word of its path, by more of them where two end alike. */
export const entitiesOf = (document: OpenApi31): ReadonlyArray<EntityDraft> => {
  const all = candidates(document)
  const named = new Map<string, EntityDraft>()
  const nameOf = ({ path, schema, words }: Found): string => {
    for (let count = 1; count <= words.length; count++) {
      const name = words.slice(0, count).reverse().join("/")
      const same = all.filter((other) => other.words.slice(0, count).reverse().join("/") === name)
      const isSchema = same.some((other) => other.schema === name)
      if (same.length === 1 || (isSchema && schema === name)) return name
      if (same.every((other) => other.schema === schema) && same[0]?.path === path) return name
    }
    return path
  }
  for (const found of all) {
    const name = nameOf(found)
    if (!named.has(name))
      named.set(name, { name, schema: found.schema, paths: [found.path], ...formsOf(document, found) })
  }
  return [...named.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
