/** References of a document: that each leads somewhere, that none leads back to itself, and what a part needs. */
import type { OpenApi31 } from "../Description.ts"
import { fail, quoted, some } from "./fail.ts"
import { isObject } from "./json.ts"
import { nearest } from "./nearest.ts"
import { eachReference, fromPointerPart, refTo, schemaOf } from "./schemas.ts"

const resolve = (document: unknown, reference: string): unknown => {
  if (reference === "#") return document
  let node = document
  for (const part of reference.slice(2).split("/")) {
    if (!isObject(node) && !Array.isArray(node)) return undefined
    node = (node as { readonly [member: string]: unknown })[fromPointerPart(part)]
  }
  return node
}

/** Fails for the first reference that leads nowhere. */
export const checkResolved = (document: OpenApi31, name: string): void => {
  const seen = new Set<string>()
  eachReference(document, (reference, path) => {
    if (seen.has(reference)) return
    seen.add(reference)
    const at = `${name}#/${path.join("/")}`
    if (!reference.startsWith("#")) {
      fail("UnresolvedReference", `${name} refers to ${quoted(reference)}, which is not part of what was given`, at)
    }
    if (resolve(document, reference) !== undefined) return
    const wanted = schemaOf(reference) ?? reference.slice(reference.lastIndexOf("/") + 1)
    const near = nearest(wanted, Object.keys(document.components.schemas))
    const hint = near.length === 0 ? "" : `; there is ${some(near)}`
    fail("UnresolvedReference", `${name} refers to ${quoted(reference)}, which it does not hold${hint}`, at)
  })
}

/** What a part is, wholly or in part, without a member or an element between: it refers to it, or is all or one of it. */
const bare = (part: unknown): ReadonlyArray<string> => {
  if (!isObject(part)) return []
  const lists = [part["allOf"], part["anyOf"], part["oneOf"]].flatMap((list) => (Array.isArray(list) ? list : []))
  const own = part["$ref"]
  return [...(typeof own === "string" ? [own] : []), ...lists.flatMap(bare)]
}

const within = (document: unknown, reference: string): unknown =>
  reference.startsWith("#") ? resolve(document, reference) : undefined

const told = (way: ReadonlyArray<string>): string =>
  way.map((reference) => schemaOf(reference) ?? reference.slice(2)).join(" -> ")

/**
 * Fails for parts that are made of themselves: `A` is `B` and `B` is `A`, or `A` is all of `A` and more. So may be schemas,
 * and what a pointer finds within them, paths, parameters, bodies, answers. A record that holds records of its own kind, in
 * a member or a list, is no such thing.
 */
export const checkCircles = (document: OpenApi31, name: string): void => {
  const done = new Set<string>()
  const walk = (reference: string, way: ReadonlyArray<string>): void => {
    if (way.includes(reference)) {
      const circle = told([...way.slice(way.indexOf(reference)), reference])
      const schema = schemaOf(reference)
      const what = schema === undefined ? `the part ${quoted(reference)}` : `the schema ${quoted(schema)}`
      fail("CircularReference", `${name}: ${what} is made of itself: ${circle}`, `${name}${reference}`)
    }
    if (done.has(reference)) return
    for (const next of bare(within(document, reference))) walk(next, [...way, reference])
    done.add(reference)
  }
  for (const schema of Object.keys(document.components.schemas)) walk(refTo(schema).$ref as string, [])
  eachReference(document, (reference) => walk(reference, []))
}

interface Parts {
  /** `#/components/<kind>/<name>` of everything that is needed. */
  readonly kept: ReadonlySet<string>
}

/** All components that the given nodes need, directly or through others. */
export const closure = (document: OpenApi31, nodes: ReadonlyArray<unknown>): Parts => {
  const kept = new Set<string>()
  const waiting: Array<unknown> = [...nodes]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    eachReference(node, (reference) => {
      const root = reference.split("/").slice(0, 4).join("/")
      if (kept.has(root)) return
      kept.add(root)
      const target = resolve(document, root)
      if (target !== undefined) waiting.push(target)
    })
    if (isObject(node)) for (const reference of mappedBy(node)) waiting.push({ $ref: reference })
  }
  return { kept }
}

/** The mapping of a discriminator names schemas by reference too. */
const mappedBy = (node: { readonly [member: string]: unknown }): ReadonlyArray<string> => {
  const found: Array<string> = []
  const visit = (each: unknown): void => {
    if (Array.isArray(each)) each.forEach(visit)
    if (!isObject(each)) return
    const mapping = isObject(each["discriminator"]) ? each["discriminator"]["mapping"] : undefined
    if (isObject(mapping)) for (const one of Object.values(mapping)) if (typeof one === "string") found.push(one)
    Object.values(each).forEach(visit)
  }
  visit(node)
  return found.filter((reference) => reference.startsWith("#/"))
}

/** The document with these components only. */
export const keep = (document: OpenApi31, { kept }: Parts, paths: OpenApi31["paths"]): OpenApi31 => {
  const components: { [kind: string]: { [name: string]: unknown } } = { schemas: {} }
  for (const [kind, members] of Object.entries(document.components)) {
    const left = Object.entries(members).filter(
      ([member]) =>
        kind === "securitySchemes" ||
        kept.has(`#/components/${kind}/${member.replaceAll("~", "~0").replaceAll("/", "~1")}`),
    )
    if (left.length > 0 || kind === "schemas") components[kind] = Object.fromEntries(left)
  }
  return { ...document, paths, components: components as OpenApi31["components"] }
}
