/** A schema taken apart into its fields, so that two can be compared whatever the order of their parts. */
import type { Schema } from "../Description.ts"
import { schemaOf, withoutNull } from "../internal/schemas.ts"

export interface Leaf {
  /** 0 for a field of the record itself. */
  readonly depth: number
  /** `string (date)`, `list of Address`, `Address`; without null and without members of an enumeration. */
  readonly type: string
  readonly nullable: boolean
  readonly members: ReadonlyArray<string> | undefined
  /** Several of the members may stand in one value. */
  readonly isSeveral: boolean
  /** The vendor's word for it, `Currency`, by which two may differ that look alike on the wire. */
  readonly kind: string | undefined
  /** The records that it refers to by their ids or names. */
  readonly target: string | undefined
  readonly required: boolean
  readonly readOnly: boolean
  readonly maxLength: number | undefined
}

export type Leaves = ReadonlyMap<string, Leaf>

const nameOf = (schema: Schema): string | undefined =>
  schema.$ref === undefined ? undefined : (schemaOf(schema.$ref) ?? schema.$ref)

const isInline = (schema: Schema): boolean =>
  schema.$ref === undefined && (schema.properties !== undefined || schema.allOf !== undefined)

/** In words, as deep as it has no name of its own. */
const typeOf = (schema: Schema): string => {
  const name = nameOf(schema)
  if (name !== undefined) return name
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return [...new Set(choices.map(typeOf))].sort().join(" or ")
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`
  if (isInline(schema)) return "object"
  const { additionalProperties, format, type } = schema
  if (typeof additionalProperties === "object" && additionalProperties !== null)
    return `map of ${typeOf(additionalProperties)}`
  const types = typeof type === "string" ? type : [...(type ?? ["anything"])].sort().join(" or ")
  return format === undefined ? types : `${types} (${format})`
}

/** The members of an enumeration, or of one of which a value may hold several. */
const choicesOf = (schema: Schema): Pick<Leaf, "members" | "isSeveral"> => {
  const flags = schema["x-enum-flags"]
  if (Array.isArray(flags)) return { members: flags.map(String), isSeveral: true }
  const members = schema.enum?.filter((each) => each !== null).map(String)
  return { members, isSeveral: false }
}

/** All records that it may refer to, a list of them too. */
const targetsOf = (schema: Schema): ReadonlyArray<string> => {
  const own = schema["x-mortise-target"]
  const parts = [
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.items === undefined ? [] : [schema.items]),
  ]
  return [...(typeof own === "string" ? [own] : []), ...parts.flatMap(targetsOf)]
}

const leafOf = (schema: Schema, required: boolean, depth: number): Leaf => {
  const { nullable, schema: plain } = withoutNull(schema)
  const element = plain.type === "array" ? (plain.items ?? {}) : plain
  const kind = schema["x-mortise-type"] ?? plain["x-mortise-type"]
  const targets = [...new Set(targetsOf(schema))].sort()
  return {
    depth,
    type: typeOf(plain),
    nullable,
    ...choicesOf(element),
    kind: typeof kind === "string" ? kind : undefined,
    target: targets.length === 0 ? undefined : targets.join(" or "),
    required,
    readOnly: schema.readOnly === true,
    maxLength: typeof plain["maxLength"] === "number" ? plain["maxLength"] : undefined,
  }
}

type Schemas = { readonly [name: string]: Schema }

interface Walk {
  readonly schemas: Schemas
  readonly into: Map<string, Leaf>
  readonly depth: number
}

/** The parts of a record by inheritance are its own; a reference in a field is a record of its own. */
const members = (walk: Walk, schema: Schema, path: string, seen: ReadonlySet<string>): void => {
  const demanded = schema["x-mortise-required"]
  const required = new Set([...(schema.required ?? []), ...(Array.isArray(demanded) ? demanded.map(String) : [])])
  const inherit = (part: Schema): void => {
    const name = nameOf(part)
    if (name === undefined) members(walk, { ...part, required: [...required, ...(part.required ?? [])] }, path, seen)
    else if (!seen.has(name)) members(walk, walk.schemas[name] ?? {}, path, new Set([...seen, name]))
  }
  schema.allOf?.forEach(inherit)
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const at = path === "" ? name : `${path}.${name}`
    walk.into.set(at, leafOf(property, required.has(name), walk.depth))
    inside({ ...walk, depth: walk.depth + 1 }, property, at, seen)
  }
  choices(walk, schema, path, seen)
}

const union = <A>(lists: ReadonlyArray<ReadonlyArray<A> | undefined>): ReadonlyArray<A> | undefined => {
  const told = lists.filter((list) => list !== undefined)
  return told.length === 0 ? undefined : [...new Set(told.flat())].sort()
}

const eitherText = (texts: ReadonlyArray<string | undefined>): string | undefined =>
  union(texts.map((text) => text?.split(" or ")))?.join(" or ")

/** A field that several choices have: whatever it is in one of them. */
const either = (leaves: readonly [Leaf, ...Array<Leaf>]): Leaf => ({
  depth: leaves[0].depth,
  type: eitherText(leaves.map(({ type }) => type)) ?? "",
  nullable: leaves.some(({ nullable }) => nullable),
  members: union(leaves.map((leaf) => leaf.members)),
  isSeveral: leaves.some(({ isSeveral }) => isSeveral),
  kind: eitherText(leaves.map(({ kind }) => kind)),
  target: eitherText(leaves.map(({ target }) => target)),
  required: leaves.every(({ required }) => required),
  readOnly: leaves.every(({ readOnly }) => readOnly),
  maxLength: leaves.some(({ maxLength }) => maxLength === undefined)
    ? undefined
    : Math.max(...leaves.map(({ maxLength }) => maxLength ?? 0)),
})

/** The fields of the forms that a value may have, whatever the order of these. */
const together = (walk: Walk, forms: ReadonlyArray<Schema>, at: string, seen: ReadonlySet<string>): void => {
  const each = forms.map((form) => {
    const into = new Map<string, Leaf>()
    inside({ ...walk, into }, form, at, seen)
    return into
  })
  for (const field of new Set(each.flatMap((leaves) => [...leaves.keys()]))) {
    const [first, ...more] = each.flatMap((leaves) => leaves.get(field) ?? [])
    if (first !== undefined) walk.into.set(field, either([first, ...more]))
  }
}

const choices = (walk: Walk, { anyOf = [], oneOf = [] }: Schema, at: string, seen: ReadonlySet<string>): void =>
  together(walk, [...anyOf, ...oneOf], at, seen)

/** What a field holds without a name of its own. */
const inside = (walk: Walk, property: Schema, at: string, seen: ReadonlySet<string>): void => {
  const { schema } = withoutNull(property)
  const { additionalProperties: further } = schema
  if (schema.type === "array" && schema.items !== undefined) inside(walk, schema.items, `${at}[]`, seen)
  else if (isInline(schema)) members(walk, schema, at, seen)
  else if (typeof further === "object" && further !== null) inside(walk, further, `${at}{}`, seen)
  else choices(walk, schema, at, seen)
}

/** The fields of one schema by their paths. One that has none (an enumeration, a plain value) is itself, under `""`. */
export const leavesOf = (schemas: Schemas, name: string): Leaves => {
  const schema = schemas[name] ?? {}
  const into = new Map<string, Leaf>()
  if (isInline(schema)) members({ schemas, into, depth: 0 }, schema, "", new Set([name]))
  else {
    into.set("", leafOf(schema, false, 0))
    inside({ schemas, into, depth: 1 }, schema, "", new Set([name]))
  }
  return into
}

const NOTHING: Leaf = { ...leafOf({}, false, 0), type: "nothing" }

/** What is sent or answered, in one form or several: itself under `at`, and the fields that have no schema of a name. */
export const formsOf = (schemas: Schemas, forms: ReadonlyArray<Schema>, at: string): Leaves => {
  const [first] = forms
  if (first === undefined) return new Map([[at, NOTHING]])
  const type = [...new Set(forms.map(inWords))].join(" or ")
  const into = new Map<string, Leaf>([[at, { ...leafOf(first, false, 0), type }]])
  together({ schemas, into, depth: 1 }, forms, at, new Set())
  return into
}

/** One schema of no name. */
export const inWords = (schema: Schema): string => typeOf(withoutNull(schema).schema)
