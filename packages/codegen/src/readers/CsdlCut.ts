/**
 * Second pass over a `$metadata`: cuts out the entity sets that were asked for and the types that these need (base types,
 * enumerations, complex and contained types), and puts them together to a document of its own.
 */
import { fail, quoted } from "../internal/fail.ts"
import type { Document } from "../internal/files.ts"
import { notFound } from "../internal/nearest.ts"
import {
  bareType,
  type Declared,
  type Index,
  type Member,
  type Operation,
  type Piece,
  type SchemaIndex,
} from "./CsdlIndex.ts"

interface Chosen {
  readonly types: ReadonlySet<Declared>
  readonly operations: ReadonlySet<Operation>
  readonly members: ReadonlySet<Member>
}

const resolved = ({ aliases }: Index, type: string): string => {
  const dot = type.lastIndexOf(".")
  const namespace = aliases.get(type.slice(0, dot))
  return namespace === undefined ? type : `${namespace}${type.slice(dot)}`
}

const membersOf = ({ schemas }: Index): ReadonlyArray<Member> =>
  schemas.flatMap(({ container }) => container?.members ?? [])

const isSet = ({ kind }: Member): boolean => kind === "EntitySet" || kind === "Singleton"

/** Two types of one name and kind are a fault; an enumeration may share its name with an entity, as some do. */
const byName = (index: Index, name: string): ReadonlyMap<string, ReadonlyArray<Declared>> => {
  const found = new Map<string, Array<Declared>>()
  for (const type of index.schemas.flatMap(({ types }) => types)) {
    const same = found.get(type.name)
    if (same === undefined) found.set(type.name, [type])
    else {
      if (same.some(({ kind }) => (kind === "EnumType") === (type.kind === "EnumType"))) {
        fail(
          "DuplicateSchema",
          `${name} declares the type ${quoted(type.name)} twice; only one of the two can be meant`,
          name,
        )
      }
      same.push(type)
    }
  }
  return found
}

const checkSets = (index: Index, name: string): void => {
  const seen = new Set<string>()
  for (const member of membersOf(index)) {
    if (seen.has(member.name))
      fail("DuplicateSchema", `${name} has ${quoted(member.name)} twice in its container`, name)
    seen.add(member.name)
  }
}

/** The sets that are meant; a set may be asked for by the name of its type too. */
const asked = (
  index: Index,
  names: ReadonlyArray<string>,
  file: string,
  missing: "fail" | "skip",
): ReadonlyArray<Member> => {
  const sets = membersOf(index).filter(isSet)
  return names.flatMap((wanted) => {
    const found =
      sets.find(({ name }) => name === wanted) ??
      sets.find(({ of }) => of.slice(of.lastIndexOf(".") + 1) === wanted) ??
      sets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
    if (found !== undefined) return [found]
    if (missing === "skip") return []
    const known = sets.map(({ name }) => name)
    return notFound(wanted, known, file)
  })
}

const choose = (
  index: Index,
  names: ReadonlyArray<string> | undefined,
  file: string,
  missing: "fail" | "skip",
): Chosen => {
  const declared = byName(index, file)
  checkSets(index, file)
  const operations = index.schemas.flatMap((schema) => schema.operations)
  if (names === undefined) {
    return {
      types: new Set([...declared.values()].flat()),
      operations: new Set(operations),
      members: new Set(membersOf(index)),
    }
  }
  const members = new Set(asked(index, names, file, missing))
  const types = new Set<Declared>()
  const add = (type: string): void => {
    for (const found of declared.get(resolved(index, type)) ?? []) {
      if (types.has(found)) continue
      types.add(found)
      found.needs.forEach(add)
    }
  }
  for (const { of } of members) add(of)
  // An operation is taken along unless it would pull in an entity that nobody asked for.
  const isAllowed = (type: string): boolean =>
    (declared.get(resolved(index, type)) ?? []).every((found) => types.has(found) || found.kind !== "EntityType")
  const kept = operations.filter(
    ({ binding, bound, needs }) =>
      bound &&
      binding !== undefined &&
      types.has(entityOf(declared, resolved(index, binding))) &&
      [...needs].every(isAllowed),
  )
  for (const operation of kept) operation.needs.forEach(add)
  return { types, operations: new Set(kept), members }
}

const NONE: Declared = { kind: "", name: "", needs: new Set(), start: 0, end: 0 }

const entityOf = (declared: ReadonlyMap<string, ReadonlyArray<Declared>>, name: string): Declared =>
  declared.get(name)?.find(({ kind }) => kind === "EntityType") ?? NONE

/** The texts of pieces that stand one after the other. */
const texts = async (document: Document, pieces: ReadonlyArray<Piece>): Promise<ReadonlyMap<Piece, string>> => {
  const sorted = [...pieces].sort((a, b) => a.start - b.start)
  const found = new Map<Piece, string>()
  let at = 0
  let next = 0
  for await (const chunk of document.chunks()) {
    const end = at + chunk.length
    for (let index = next; index < sorted.length; index++) {
      const piece = sorted[index] as Piece
      if (piece.start >= end) break
      const part = chunk.slice(Math.max(0, piece.start - at), piece.end - at)
      found.set(piece, (found.get(piece) ?? "") + part)
      if (piece.end <= end && index === next) next++
    }
    at = end
  }
  return found
}

/** Names that an enumeration shares with another type. */
const sharedNames = (types: ReadonlySet<Declared>): ReadonlyMap<string, string> => {
  const enums = [...types].filter(({ kind }) => kind === "EnumType").map(({ name }) => name)
  const others = new Set([...types].filter(({ kind }) => kind !== "EnumType").map(({ name }) => name))
  return new Map(enums.filter((name) => others.has(name)).map((name) => [name, `${name}_Enum`]))
}

const PROPERTY_TYPE = /(<(?:\w+:)?(?:Property|Parameter|ReturnType)\b[^>]*?\bType=["'])((?:Collection\()?)([^"')]+)/g

/** A property is never of an entity type, so that of two with one name it means the enumeration. */
const renamed = (
  text: string,
  type: Declared | undefined,
  index: Index,
  shared: ReadonlyMap<string, string>,
): string => {
  if (shared.size === 0) return text
  const own = type?.kind === "EnumType" ? shared.get(type.name) : undefined
  const named =
    own === undefined ? text : text.replace(/\bName=(["'])[^"']*\1/, `Name="${own.slice(own.lastIndexOf(".") + 1)}"`)
  return named.replaceAll(PROPERTY_TYPE, (whole, before: string, many: string, used: string) => {
    const other = shared.get(resolved(index, used))
    return other === undefined || /<(?:\w+:)?Parameter/.test(before) ? whole : `${before}${many}${other}`
  })
}

/** What annotations that stand apart may be about: a type with what is in it, or a member of the container. */
const isKept = (index: Index, { target }: { readonly target: string }, kept: ReadonlySet<string>): boolean => {
  const [first = "", member = ""] = target.split("/")
  const name = resolved(index, bareType(first).replace(/\(.*$/, ""))
  return kept.has(name) || kept.has(`${name}/${member}`)
}

/** The document of what was asked for; without names, of all. */
export const cut = async (
  document: Document,
  index: Index,
  names: ReadonlyArray<string> | undefined,
  missing: "fail" | "skip",
): Promise<string> => {
  const chosen = choose(index, names, document.name, missing)
  const shared = sharedNames(chosen.types)
  const keptNames = new Set([
    ...[...chosen.types].map(({ name }) => name),
    ...index.schemas.flatMap(({ container, namespace }) =>
      (container?.members ?? [])
        .filter((member) => chosen.members.has(member))
        .map((member) => `${namespace}.${container?.name}/${member.name}`),
    ),
  ])
  const apartOf = (schema: SchemaIndex) => schema.apart.filter((each) => isKept(index, each, keptNames))
  const wanted = index.schemas.flatMap((schema) => [
    schema.open,
    ...schema.types.filter((type) => chosen.types.has(type)),
    ...schema.operations.filter((operation) => chosen.operations.has(operation)),
    ...apartOf(schema),
    ...(schema.container === undefined
      ? []
      : [schema.container.open, ...schema.container.members.filter((member) => chosen.members.has(member))]),
  ])
  const found = await texts(document, [index.head, ...wanted])
  const text = (piece: Piece): string => found.get(piece) ?? ""
  const body = (schema: SchemaIndex): string => {
    const { container } = schema
    const members = container?.members.filter((member) => chosen.members.has(member)) ?? []
    // `<Container ... />` is opened and closed by one tag.
    const opening = container === undefined ? "" : text(container.open).replace(/\/>\s*$/, ">")
    return [
      text(schema.open).replace(/\/>\s*$/, ">"),
      ...schema.types.filter((type) => chosen.types.has(type)).map((type) => renamed(text(type), type, index, shared)),
      ...schema.operations
        .filter((each) => chosen.operations.has(each))
        .map((each) => renamed(text(each), undefined, index, shared)),
      ...apartOf(schema).map(text),
      ...(container === undefined ? [] : [opening, ...members.map(text), `</${container.tag}>`]),
      `</${schema.tag}>`,
    ].join("")
  }
  const head = text(index.head).replace(/^\uFEFF/, "")
  return [head, ...index.schemas.map(body), ...index.around.map((tag) => `</${tag}>`)].join("")
}
