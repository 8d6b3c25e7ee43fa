/**
 * A description that speaks of any type of object at once (`/objects/{objectType}`, properties of whatever name) said for one
 * type: paths with its name, and schemas whose map of properties is the type's own.
 */
import type { OpenApi31, Schema } from "../Description.ts"
import { isObject } from "./json.ts"
import { pointerPart, refTo, schemaOf } from "./schemas.ts"

const PARAMETER = "{objectType}"
const MAP = "properties"

/** `companies` gives `Companies`, `p12_cars` gives `P12Cars`. */
export const titled = (name: string): string =>
  name.replaceAll(/(?:^|[^\p{L}\p{N}]+)([\p{L}\p{N}])/gu, (_, first: string) => first.toUpperCase())

/** A member called `properties` that may hold anything by name. */
const isMap = (schema: Schema | undefined): boolean => {
  if (schema === undefined) return false
  const own = Object.keys(schema.properties ?? {}).length
  return (
    schema.type === "object" &&
    own === 0 &&
    schema.additionalProperties !== undefined &&
    schema.additionalProperties !== false
  )
}

const hasMap = (schema: Schema): boolean => isMap(schema.properties?.[MAP])

interface Making {
  readonly document: OpenApi31
  readonly prefix: string
  readonly record: string
  readonly made: Map<string, Schema>
  readonly parts: Map<string, unknown>
}

const partOf = (document: OpenApi31, kind: string, name: string): unknown => document.components[kind]?.[name]

/** Whether a map of properties stands in this node or in what it refers to. */
const reaches = (document: OpenApi31, node: unknown, seen: ReadonlySet<string>): boolean => {
  if (Array.isArray(node)) return node.some((each) => reaches(document, each, seen))
  if (!isObject(node)) return false
  if (hasMap(node as Schema)) return true
  const reference = node["$ref"]
  if (typeof reference === "string") {
    if (seen.has(reference)) return false
    const [, , kind = "", name = ""] = reference.split("/")
    return reaches(document, partOf(document, kind, name), new Set([...seen, reference]))
  }
  return Object.values(node).some((value) => typeof value === "object" && reaches(document, value, seen))
}

/** The node with every reference to something general turned into one to its special form, which is made on the way. */
const rewritten = (making: Making, node: unknown): unknown => {
  if (Array.isArray(node)) return node.map((each) => rewritten(making, each))
  if (!isObject(node)) return node
  const reference = node["$ref"]
  if (typeof reference === "string" && reaches(making.document, node, new Set()))
    return { ...node, $ref: special(making, reference) }
  const out: { [member: string]: unknown } = {}
  for (const [member, value] of Object.entries(node)) {
    const isTheMap = member === MAP && isObject(value) && isMap((value as { readonly [name: string]: Schema })[MAP])
    out[member] = isTheMap
      ? { ...(rewritten(making, value) as object), [MAP]: refTo(making.record) }
      : rewritten(making, value)
  }
  return out
}

const special = (making: Making, reference: string): string => {
  const [, , kind = "", name = ""] = reference.split("/")
  const own = `${making.prefix}${name}`
  if (kind === "schemas") {
    const schema = schemaOf(reference) ?? name
    if (!making.made.has(own)) {
      making.made.set(own, {})
      making.made.set(own, rewritten(making, making.document.components.schemas[schema]) as Schema)
    }
  } else if (!making.parts.has(`${kind}/${own}`)) {
    making.parts.set(`${kind}/${own}`, {})
    making.parts.set(`${kind}/${own}`, rewritten(making, partOf(making.document, kind, name)))
  }
  return `#/components/${kind}/${pointerPart(own)}`
}

const isObjectType = (document: OpenApi31, parameter: unknown): boolean => {
  if (!isObject(parameter)) return false
  const reference = parameter["$ref"]
  if (typeof reference !== "string") return parameter["in"] === "path" && `{${String(parameter["name"])}}` === PARAMETER
  const [, , kind = "", name = ""] = reference.split("/")
  return isObjectType(document, partOf(document, kind, name))
}

/** Without the parameter that the path has no place for any more. */
const settled = (document: OpenApi31, item: unknown): unknown => {
  if (!isObject(item)) return item
  const out: { [member: string]: unknown } = {}
  for (const [member, value] of Object.entries(item)) {
    if (member === "parameters" && Array.isArray(value))
      out[member] = value.filter((each) => !isObjectType(document, each))
    else out[member] = isObject(value) && "responses" in value ? settled(document, value) : value
    if (member === "operationId") out[member] = String(value)
  }
  return out
}

const named = (item: unknown, prefix: string): unknown => {
  if (!isObject(item)) return item
  const out: { [member: string]: unknown } = {}
  for (const [member, value] of Object.entries(item)) {
    out[member] =
      isObject(value) && typeof value["operationId"] === "string"
        ? { ...value, operationId: `${prefix}.${value["operationId"]}` }
        : value
  }
  return out
}

/** `/objects/{objectType}` is about records; `/properties/{objectType}` is about something else of theirs. */
const isGeneral = (template: string): boolean => {
  const segments = template.split("/")
  return segments.includes("objects") && segments.includes(PARAMETER)
}

export interface Special {
  readonly document: OpenApi31
  /** The collections of this type. */
  readonly paths: ReadonlyArray<string>
}

/** The document with paths and schemas of its own for one type; `record` is the schema of its properties. */
export const specialise = (document: OpenApi31, type: string, record: string): Special => {
  const prefix = titled(type)
  const making: Making = { document, prefix, record, made: new Map(), parts: new Map() }
  const paths: { [template: string]: unknown } = { ...document.paths }
  const roots = new Set<string>()
  for (const [template, item] of Object.entries(document.paths)) {
    const isOwn = template.split("/").includes(type)
    if (!isOwn && !isGeneral(template)) continue
    const own = isOwn ? template : template.replace(PARAMETER, type)
    if (!isOwn && document.paths[own] !== undefined) continue
    const item2 = rewritten(making, isOwn ? item : named(settled(document, item), type))
    paths[own] = item2
    roots.add(
      own.slice(
        0,
        own
          .split("/")
          .slice(0, own.split("/").indexOf(type) + 1)
          .join("/").length,
      ),
    )
  }
  const components: { [kind: string]: { [name: string]: unknown } } = Object.fromEntries(
    Object.entries(document.components).map(([kind, members]) => [kind, { ...members }]),
  )
  for (const [at, part] of making.parts) {
    const [kind = "", name = ""] = at.split("/")
    components[kind] = { ...components[kind], [name]: part }
  }
  components["schemas"] = { ...components["schemas"], ...Object.fromEntries(making.made) }
  return { document: { ...document, paths, components: components as OpenApi31["components"] }, paths: [...roots] }
}
