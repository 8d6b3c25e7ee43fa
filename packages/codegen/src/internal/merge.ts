/** Several descriptions of one API, as one. What is alike is one thing; what is not, and has one name, is sorted out or refused. */
import type { OpenApi31, Schema } from "../Description.ts"
import type { Draft, EntityDraft } from "./Draft.ts"
import { fail, quoted } from "./fail.ts"
import { isObject } from "./json.ts"
import { isStructureless, mapValues, pointerPart } from "./schemas.ts"

export interface Named {
  readonly name: string
  readonly draft: Draft
}

type Parts = { readonly [name: string]: unknown }

const WORDS: ReadonlySet<string> = new Set(["description", "summary", "title", "tags", "externalDocs"])

/** What is meant, without the words about it and whatever their order. */
export const meaning = (node: unknown): string =>
  JSON.stringify(node, (key, value: unknown) => {
    if (WORDS.has(key) && typeof value !== "object") return undefined
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })

const stem = (file: string): string =>
  file
    .replace(/^.*\//, "")
    .replace(/\.[^.]+$/, "")
    .replaceAll(/[^\w.-]/g, "_")

const renameIn = (node: unknown, names: ReadonlyMap<string, string>): unknown => {
  if (Array.isArray(node)) return node.map((each) => renameIn(each, names))
  if (!isObject(node)) return node
  return mapValues(node, (value, member) =>
    member === "$ref" && typeof value === "string" ? (names.get(value) ?? value) : renameIn(value, names),
  )
}

/** A file about one record has no more than the names of the records that it refers to. */
const isStub = (kind: string, part: unknown): boolean =>
  kind === "schemas" && isObject(part) && isStructureless(part as Schema)

/** Parts whose name means something else in what was read before. */
const clashes = (first: OpenApi31, second: OpenApi31): ReadonlyArray<readonly [string, string]> =>
  Object.entries(second.components).flatMap(([kind, members]) =>
    Object.entries(members).flatMap(([name, part]) => {
      const other = first.components[kind]?.[name]
      if (other === undefined || isStub(kind, other) || isStub(kind, part)) return []
      return meaning(other) === meaning(part) ? [] : [[kind, name] as const]
    }),
  )

const checkEntities = (one: Named, other: Named): void => {
  const schemas = other.draft.openapi31.components.schemas
  for (const entity of one.draft.entities) {
    const twin = other.draft.entities.find(({ name }) => name === entity.name)
    if (twin === undefined) continue
    const [a, b] = [one.draft.openapi31.components.schemas[entity.schema], schemas[twin.schema]]
    if (!isStub("schemas", a) && !isStub("schemas", b) && meaning(a) !== meaning(b)) {
      const message = `${one.name} and ${other.name} both describe ${quoted(entity.name)}, and not alike; name one of the files`
      fail("DuplicateSchema", message, other.name)
    }
  }
}

const checkPaths = (one: Named, other: Named): void => {
  for (const [template, item] of Object.entries(other.draft.openapi31.paths)) {
    const before = one.draft.openapi31.paths[template]
    if (before !== undefined && meaning(before) !== meaning(item)) {
      fail(
        "DuplicateSchema",
        `${one.name} and ${other.name} both describe ${quoted(template)}, and not alike`,
        other.name,
      )
    }
  }
}

/** Of two with one name the first, unless only the second is described. */
const united = (kind: string, first: Parts, second: Parts): Parts => {
  const described = Object.entries(first).filter(([name, part]) => second[name] === undefined || !isStub(kind, part))
  return { ...second, ...Object.fromEntries(described) }
}

const join = (one: Named, other: Named): Named => {
  checkEntities(one, other)
  const renamed = new Map(
    clashes(one.draft.openapi31, other.draft.openapi31).map(([kind, name]) => {
      const base = `#/components/${kind}/`
      return [base + pointerPart(name), base + pointerPart(`${stem(other.name)}.${name}`)] as const
    }),
  )
  const nameOf = (kind: string, name: string): string => {
    const base = `#/components/${kind}/`
    const found = renamed.get(base + pointerPart(name))
    return found === undefined ? name : `${stem(other.name)}.${name}`
  }
  const moved = renameIn(other.draft.openapi31, renamed) as OpenApi31
  checkPaths(one, { ...other, draft: { ...other.draft, openapi31: moved } })
  const components: { [kind: string]: Parts } = { ...one.draft.openapi31.components }
  for (const [kind, members] of Object.entries(moved.components)) {
    const own = Object.fromEntries(Object.entries(members).map(([name, part]) => [nameOf(kind, name), part]))
    components[kind] = united(kind, components[kind] ?? {}, own)
  }
  const known = new Set(one.draft.entities.map(({ name }) => name))
  const added = other.draft.entities
    .filter(({ name }) => !known.has(name))
    .map(
      ({ createSchema, updateSchema, ...entity }): EntityDraft => ({
        ...entity,
        schema: nameOf("schemas", entity.schema),
        ...(createSchema === undefined ? {} : { createSchema: nameOf("schemas", createSchema) }),
        ...(updateSchema === undefined ? {} : { updateSchema: nameOf("schemas", updateSchema) }),
      }),
    )
  return {
    name: one.name,
    draft: {
      ...one.draft,
      openapi31: {
        ...one.draft.openapi31,
        paths: { ...moved.paths, ...one.draft.openapi31.paths },
        components: components as OpenApi31["components"] & { readonly schemas: { readonly [name: string]: Schema } },
      },
      entities: [...one.draft.entities, ...added],
    },
  }
}

/** In the order of their names, so that the same files always give the same. */
export const merge = (drafts: ReadonlyArray<Named>): Draft | undefined => {
  const [first, ...rest] = drafts
  if (first === undefined) return undefined
  return rest.reduce(join, first).draft
}
