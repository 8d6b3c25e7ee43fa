/** References from one file to another: what they lead to is taken into the document that refers to it. */
import { posix } from "node:path"
import { fail, quoted } from "./fail.ts"
import { isObject, type Json, type JsonObject } from "./json.ts"
import { fromPointerPart, pointerPart } from "./schemas.ts"

/** Another file of the same folder, parsed; undefined when there is none. */
export type Lookup = (name: string) => Promise<Json | undefined>

const pick = (document: Json, pointer: string): Json | undefined => {
  let node: Json | undefined = document
  for (const part of pointer.split("/").slice(1)) {
    if (typeof node !== "object" || node === null) return undefined
    node = (node as { readonly [member: string]: Json })[fromPointerPart(part)]
  }
  return node
}

const KINDS = ["schemas", "parameters", "responses", "requestBodies", "headers", "examples", "links", "securitySchemes"]

/** Of which kind a thing is, by the pointer that leads to it or else by where it is used. */
const kindOf = (pointer: string, path: ReadonlyArray<string>): string => {
  const named = pointer.split("/").find((part) => KINDS.includes(part))
  if (named !== undefined) return named
  const around = path.at(-1) ?? ""
  if (path.at(-2) === "parameters") return "parameters"
  if (path.at(-2) === "responses") return "responses"
  return around === "requestBody" ? "requestBodies" : "schemas"
}

interface Taken {
  readonly components: { [kind: string]: { [name: string]: Json } }
  readonly names: Map<string, string>
  /** What each path was followed to. */
  readonly ways: Set<string>
}

const stem = (file: string): string => posix.basename(file).replace(/\.[^.]+$/, "")

/** A name that is free, or the same name when the same thing stands there. */
const nameFor = (members: { readonly [name: string]: Json }, file: string, pointer: string): string => {
  const last = fromPointerPart(pointer.split("/").at(-1) ?? "")
  const wanted = (last === "" ? stem(file) : last).replaceAll(/[^\w.-]/g, "_")
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}_${count}`
    if (members[name] === undefined) return name
  }
}

/** Takes every foreign part into `components` of the document. Files outside of the folder and the net are refused. */
export const bundle = async (document: JsonObject, name: string, lookup: Lookup): Promise<JsonObject> => {
  const isSwagger = "swagger" in document
  const own = isSwagger ? document["definitions"] : document["components"]
  const taken: Taken = { components: {}, names: new Map(), ways: new Set() }
  const place = (kind: string): { [name: string]: Json } => {
    const there = isSwagger ? (kind === "schemas" ? own : document[kind]) : isObject(own) ? own[kind] : undefined
    taken.components[kind] ??= isObject(there) ? { ...there } : {}
    return taken.components[kind]
  }

  const visit = async (node: Json, file: string, path: ReadonlyArray<string>): Promise<Json> => {
    if (Array.isArray(node))
      return Promise.all(node.map((each, index) => visit(each as Json, file, [...path, String(index)])))
    if (!isObject(node)) return node
    const reference = node["$ref"]
    if (typeof reference === "string") return follow(node, reference, file, path)
    const out: { [member: string]: Json } = {}
    for (const [member, value] of Object.entries(node)) out[member] = await visit(value, file, [...path, member])
    return out
  }

  const follow = async (
    node: JsonObject,
    reference: string,
    file: string,
    path: ReadonlyArray<string>,
  ): Promise<Json> => {
    const [where = "", pointer = ""] = reference.split("#")
    if (/^[a-z][a-z0-9+.-]*:/i.test(where) || where.startsWith("/")) {
      // NetSuite writes the path of its own catalog; its reader knows what to make of it.
      if (/\/metadata-catalog\/[\w-]+$/.test(where)) return node
      return fail("Refused", `${file} refers to ${quoted(reference)}; only files of the same folder are followed`, file)
    }
    const target = where === "" ? file : posix.normalize(posix.join(posix.dirname(file), decodeURIComponent(where)))
    if (target === name) return { ...node, $ref: `#${pointer}` }
    if (target.startsWith("..")) {
      return fail("Refused", `${file} refers to ${quoted(reference)}, which is outside of the folder`, file)
    }
    const other = await lookup(target)
    const found = other === undefined ? undefined : pick(other, pointer)
    if (found === undefined) {
      return fail("UnresolvedReference", `${file} refers to ${quoted(reference)}, which is not there`, file)
    }
    if (path.at(-2) === "paths") {
      // A path is taken as it is, so that nothing else would end a circle of files.
      const way = `${path.at(-1)} ${target}#${pointer}`
      if (taken.ways.has(way)) fail("CircularReference", `${file}: ${quoted(reference)} leads back to itself`, file)
      taken.ways.add(way)
      return visit(found, target, path)
    }
    const kind = kindOf(pointer, path)
    const key = `${kind}|${target}#${pointer}`
    let taking = taken.names.get(key)
    if (taking === undefined) {
      const members = place(kind)
      taking = nameFor(members, target, pointer)
      taken.names.set(key, taking)
      members[taking] = null
      members[taking] = await visit(found, target, [kind, taking])
    }
    const base = isSwagger ? (kind === "schemas" ? "#/definitions/" : `#/${kind}/`) : `#/components/${kind}/`
    return { ...node, $ref: base + pointerPart(taking) }
  }

  const whole = (await visit(document, name, [])) as JsonObject
  if (taken.names.size === 0) return whole
  const added = Object.fromEntries(
    Object.entries(taken.components).map(([kind, members]) => {
      const before = isSwagger
        ? whole[kind === "schemas" ? "definitions" : kind]
        : isObject(whole["components"])
          ? whole["components"][kind]
          : {}
      return [kind, { ...members, ...(isObject(before) ? before : {}) }]
    }),
  )
  if (!isSwagger)
    return { ...whole, components: { ...(isObject(whole["components"]) ? whole["components"] : {}), ...added } }
  const { schemas, ...kinds } = added
  return { ...whole, ...kinds, ...(schemas === undefined ? {} : { definitions: schemas }) }
}

/** Whether anything in it leads to another file, which most documents never do. */
export const isWhole = (node: Json): boolean => {
  if (Array.isArray(node)) return node.every((each) => isWhole(each as Json))
  if (!isObject(node)) return true
  if (typeof node["$ref"] === "string" && !node["$ref"].startsWith("#")) return false
  return Object.values(node).every(isWhole)
}
