/** What records are made of: our description of the pinned release, with the account's own fields added. */
import { documents } from "../generated/netsuite.ts"
import * as Custom from "./Custom.ts"
import * as Types from "./Types.ts"

export type ScalarKind = "text" | "boolean" | "integer" | "number" | "date" | "dateTime"

export type Member =
  | { readonly kind: ScalarKind }
  | { readonly kind: "ref"; readonly table: string | undefined; readonly to: string }
  | { readonly kind: "enum"; readonly ids: ReadonlyArray<string> }
  | { readonly kind: "part"; readonly of: Shape }
  | { readonly kind: "sub"; readonly of: Shape }
  /** A sublist that holds nothing but references. */
  | { readonly kind: "refs"; readonly table: string | undefined; readonly to: string }

export interface Shape {
  readonly name: string
  readonly members: ReadonlyMap<string, Member>
}

export interface Shapes {
  readonly of: (type: string) => Shape
}

interface Schema {
  readonly $ref?: string
  readonly type?: string | ReadonlyArray<string>
  readonly format?: string
  readonly enum?: ReadonlyArray<string>
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
}

export const VERSION = "2026.1"

const schemas = (): Readonly<Record<string, Schema>> =>
  (documents[VERSION]?.components as { readonly schemas?: Readonly<Record<string, Schema>> } | undefined)?.schemas ?? {}

const nameOf = (schema: Schema): string => schema.$ref?.split("/").at(-1) ?? ""

/** Members of every resource and page, which are not data. */
const ENVELOPE: ReadonlySet<string> = new Set(["links", "refName", "totalResults", "count", "hasMore", "offset"])

const scalarKind = (schema: Schema): ScalarKind => {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  if (types.includes("boolean")) return "boolean"
  if (types.includes("integer")) return "integer"
  if (types.includes("number")) return "number"
  if (schema.format === "date") return "date"
  return schema.format === "date-time" ? "dateTime" : "text"
}

/** Subrecords and elements are named after the record, with dashes. */
const isOwn = (name: string): boolean => name.includes("-")

const subOf = (collection: Schema, member: string): Member => {
  const element = nameOf(collection.properties?.["items"]?.items ?? {})
  return isOwn(element)
    ? { kind: "sub", of: shapeOf(element) }
    : { kind: "refs", table: Types.targetOf(element, member), to: element }
}

const memberOf = (schema: Schema, member: string): Member => {
  const name = nameOf(schema)
  if (name.endsWith("Collection")) return subOf(schemas()[name] ?? {}, member)
  if (name !== "" && isOwn(name)) return { kind: "part", of: shapeOf(name) }
  if (name !== "") return { kind: "ref", table: Types.targetOf(name, member), to: name }
  const id = schema.properties?.["id"]
  if (id !== undefined) return { kind: "enum", ids: id.enum ?? [] }
  return { kind: scalarKind(schema) }
}

const shapeOf = (name: string): Shape => {
  const members = new Map<string, Member>()
  for (const [member, schema] of Object.entries(schemas()[name]?.properties ?? {})) {
    if (!ENVELOPE.has(member)) members.set(member, memberOf(schema, member))
  }
  return { name, members }
}

const withCustom = (shape: Shape, fields: ReadonlyArray<Custom.CustomField>): Shape => ({
  name: shape.name,
  members: new Map([...shape.members, ...fields.map((one) => [one.name, { kind: one.kind }] as const)]),
})

const LIST: Shape = {
  name: "list",
  members: new Map<string, Member>([
    ["id", { kind: "text" }],
    ["externalId", { kind: "text" }],
    ["name", { kind: "text" }],
    ["isInactive", { kind: "boolean" }],
  ]),
}

/** Records of ours that the description leaves out, as wide as the world needs them. */
const MORE: Readonly<Record<string, (of: (type: string) => Shape) => Shape>> = {
  employee: () => ({
    name: "employee",
    members: new Map<string, Member>([...LIST.members, ["entityId", { kind: "text" }], ["email", { kind: "text" }]]),
  }),
  subsidiary: () => ({
    name: "subsidiary",
    members: new Map<string, Member>([
      ...LIST.members,
      ["currency", { kind: "ref", table: "currency", to: "currency" }],
      ["parent", { kind: "ref", table: "subsidiary", to: "subsidiary" }],
      ["country", { kind: "text" }],
    ]),
  }),
  term: () => ({
    name: "term",
    members: new Map<string, Member>([...LIST.members, ["daysUntilNetDue", { kind: "integer" }]]),
  }),
  location: () => ({
    name: "location",
    members: new Map<string, Member>([
      ...LIST.members,
      ["subsidiary", { kind: "ref", table: "subsidiary", to: "subsidiary" }],
    ]),
  }),
  creditMemo: (of) => ({
    name: "creditMemo",
    members: new Map([
      ...of("invoice").members,
      ["apply", of("customerPayment").members.get("apply") as Member],
      ["applied", { kind: "number" }],
      ["unapplied", { kind: "number" }],
    ]),
  }),
  // Money given back stands in the shape of a payment, the other way round.
  customerRefund: (of) => ({ name: "customerRefund", members: of("customerPayment").members }),
}

const built = (type: string, custom: ReadonlyArray<Custom.CustomField>, of: (type: string) => Shape): Shape => {
  const more = MORE[type]
  const described = schemas()[type]?.properties !== undefined
  const base = more !== undefined ? more(of) : described ? shapeOf(type) : { ...LIST, name: type }
  const shape = withCustom(base, Custom.fieldsOf(custom, type, false))
  const item = shape.members.get("item")
  if (item?.kind !== "sub") return shape
  const lines = withCustom(item.of, Custom.fieldsOf(custom, type, true))
  return { name: type, members: new Map([...shape.members, ["item", { kind: "sub", of: lines }]]) }
}

/** `oneWorld` off takes every subsidiary away. */
export const make = (custom: ReadonlyArray<Custom.CustomField>, oneWorld: boolean): Shapes => {
  const known = new Map<string, Shape>()
  const of = (type: string): Shape => {
    const found = known.get(type)
    if (found !== undefined) return found
    const shape = built(type, custom, of)
    const made = oneWorld
      ? shape
      : { ...shape, members: new Map([...shape.members].filter(([name]) => name !== "subsidiary")) }
    known.set(type, made)
    return made
  }
  return { of }
}
