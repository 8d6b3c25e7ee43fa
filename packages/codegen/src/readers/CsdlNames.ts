/**
 * CSDL JSON with every name in full and every annotation where it belongs. A document may give a namespace a short name and
 * use that, and may keep annotations apart from what they are about; one that does says the same as one that does not.
 */
import { isObject, type Json, type JsonObject, objectsOf, textOf } from "../internal/json.ts"

const NAMES: ReadonlySet<string> = new Set([
  "$Action",
  "$BaseType",
  "$EntityContainer",
  "$Function",
  "$Type",
  "$UnderlyingType",
])

const aliasesOf = (parsed: JsonObject): ReadonlyMap<string, string> => {
  const references = isObject(parsed["$Reference"]) ? Object.values(parsed["$Reference"]) : []
  const included = references.flatMap((each) => (isObject(each) ? objectsOf(each["$Include"]) : []))
  const own = Object.entries(parsed).map(([namespace, schema]) => [
    isObject(schema) ? textOf(schema["$Alias"]) : undefined,
    namespace,
  ])
  const all = [...included.map((each) => [textOf(each["$Alias"]), textOf(each["$Namespace"])]), ...own]
  return new Map(all.flatMap(([alias, namespace]) => (alias && namespace ? [[alias, namespace] as const] : [])))
}

type Full = (name: string) => string

const fullWith =
  (aliases: ReadonlyMap<string, string>): Full =>
  (name) => {
    const dot = name.lastIndexOf(".")
    const namespace = aliases.get(name.slice(0, dot))
    return namespace === undefined ? name : namespace + name.slice(dot)
  }

/** `@Core.Computed`, and `Yes@Core.Description` of a member. */
const term = (member: string, full: Full): string => {
  const at = member.indexOf("@")
  return at < 0 ? member : `${member.slice(0, at + 1)}${full(member.slice(at + 1))}`
}

const spelled = (node: Json, full: Full): Json => {
  if (Array.isArray(node)) return node.map((each) => spelled(each as Json, full))
  if (!isObject(node)) return node
  return Object.fromEntries(
    Object.entries(node).map(([member, value]) => [
      term(member, full),
      NAMES.has(member) && typeof value === "string" ? full(value) : spelled(value, full),
    ]),
  )
}

/** The node with annotations on what the path leads to; the same where it leads nowhere. */
const annotated = (node: Json | undefined, path: ReadonlyArray<string>, terms: JsonObject): Json | undefined => {
  const [first, ...rest] = path
  if (!isObject(node)) return node
  if (first === undefined) return { ...node, ...terms }
  const child = node[first]
  return isObject(child) ? { ...node, [first]: annotated(child, rest, terms) as Json } : node
}

const targetOf = (target: string, full: Full): ReadonlyArray<string> => {
  const [first = "", ...rest] = target.split("/")
  const name = full(first)
  const dot = name.lastIndexOf(".")
  return [name.slice(0, dot), name.slice(dot + 1), ...rest]
}

export const inFull = (parsed: JsonObject): JsonObject => {
  const full = fullWith(aliasesOf(parsed))
  const apart = Object.values(parsed).flatMap((schema) =>
    isObject(schema) && isObject(schema["$Annotations"]) ? Object.entries(schema["$Annotations"]) : [],
  )
  return apart.reduce(
    (document, [target, terms]) =>
      isObject(terms)
        ? (annotated(document, targetOf(target, full), spelled(terms, full) as JsonObject) as JsonObject)
        : document,
    spelled(parsed, full) as JsonObject,
  )
}
