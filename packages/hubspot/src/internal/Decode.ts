/**
 * From HubSpot's records to canonical ones. What a page of records needs beside its properties (associations, line
 * items, stages) is fetched for the page as a whole; then every record is decoded by itself, so that one that does not
 * decode stands alone.
 */
import { type ConnectorError, Decode, type Issue, shape } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as Associations from "../Associations.ts"
import type { StageKind } from "./Catalog.ts"
import * as Fields from "./Fields.ts"
import * as Lines from "./Lines.ts"
import type * as Mapping from "./Mapping.ts"
import type { Raw } from "./Records.ts"
import * as Select from "./Select.ts"
import * as Session from "./Session.ts"

/** What belongs to the records of one page and does not stand in them. */
export interface Surroundings {
  readonly edges: ReadonlyMap<string, Associations.Edges>
  /** By field and record: what stands on a linked record. */
  readonly through: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly lines: ReadonlyMap<string, ReadonlyArray<Raw>>
  readonly stages: ReadonlyMap<string, StageKind>
}

export const surroundings = Effect.fnUntraced(function* (
  session: Session.Session,
  selection: Select.Selection,
  ids: ReadonlyArray<string>,
): Effect.fn.Return<Surroundings, ConnectorError> {
  const { type } = selection.mapping
  const edges = new Map<string, Associations.Edges>()
  if (ids.length > 0) {
    for (const [field, { to }] of Select.links(selection)) {
      edges.set(field, yield* Associations.read(session.client, { from: type, to }, ids))
    }
  }
  const through = new Map<string, ReadonlyMap<string, string>>()
  for (const [field, way] of Select.through(selection)) {
    through.set(field, yield* behind(session, selection.mapping, way, edges.get(way.on) ?? new Map()))
  }
  const lines = Select.withLines(selection) && ids.length > 0 ? yield* Lines.read(session, type, ids) : new Map()
  const stages = Select.withStages(selection) ? yield* session.catalog.stages : new Map()
  return { edges, through, lines, stages }
})

/** From each record, over the linked one, to the record that is labelled there. */
const behind = Effect.fnUntraced(function* (
  session: Session.Session,
  mapping: Mapping.Any,
  { on, to, typeId }: Mapping.Through,
  edges: Associations.Edges,
): Effect.fn.Return<ReadonlyMap<string, string>, ConnectorError> {
  const link = mapping.links[on]
  const between = new Map(
    [...edges].flatMap(([id, list]) => {
      const edge = link === undefined ? undefined : chosen(link, list)
      return edge === undefined ? [] : [[id, edge.id] as const]
    }),
  )
  if (link === undefined || between.size === 0) return new Map()
  const further = yield* Associations.read(session.client, { from: link.to, to }, [...between.values()])
  return new Map(
    [...between].flatMap(([id, middle]) => {
      const labelled = (further.get(middle) ?? []).filter((edge) => Associations.hasType(edge, typeId))
      const [first] = labelled.sort((a, b) => Lines.byNumber(a.id, b.id))
      return first === undefined ? [] : [[id, first.id] as const]
    }),
  )
})

/** The record that a field with one reference means: the primary one, else the one that was there first. */
export const chosen = (link: Mapping.Link, edges: ReadonlyArray<Associations.Edge>): Associations.Edge | undefined =>
  edges.find((edge) => Associations.hasType(edge, link.primaryTypeId)) ??
  [...edges].sort((a, b) => Lines.byNumber(a.id, b.id))[0]

const linked = (link: Mapping.Link, edges: ReadonlyArray<Associations.Edge>): unknown => {
  if (link.how !== "one") return edges.map(({ id }) => ({ id })).sort((a, b) => Lines.byNumber(a.id, b.id))
  const edge = chosen(link, edges)
  return edge === undefined ? null : { id: edge.id }
}

/** Words that a label of HubSpot's own adds to a list. */
const labelled = (mapping: Mapping.Any, field: string, id: string, around: Surroundings, list: unknown): unknown => {
  const words = mapping.labels.filter(
    (label) =>
      label.field === field &&
      (around.edges.get(label.on)?.get(id) ?? []).some((edge) => Associations.hasType(edge, label.typeId)),
  )
  const known = (Array.isArray(list) ? list : []) as ReadonlyArray<{ readonly code: string }>
  const further = words.filter(({ word }) => !known.some(({ code }) => code === word))
  return further.length === 0 ? list : [...known, ...further.map(({ word }) => ({ code: word }))]
}

/** An instant in the form that stamps and `modified` have; undefined for what is none. */
export const stampOf = (mapping: Mapping.Any, raw: Raw): string | undefined => {
  const text = raw.properties[mapping.modified]
  if (typeof text !== "string" || text === "") return undefined
  const normal = Fields.normal("dateTime", text)
  return Number.isNaN(Date.parse(normal)) ? undefined : normal
}

/** The record in encoded form. */
export const encodedForm = (
  session: Session.Session,
  selection: Select.Selection,
  raw: Raw,
  around: Surroundings,
): { readonly [field: string]: unknown } => {
  const { custom, fields, mapping } = selection
  const context = Session.context(session, mapping.type, around.stages)
  const record: { [field: string]: unknown } = {}
  for (const field of fields) {
    const found = mapping.fields[field]?.decode(raw.properties, context)
    const value = labelled(mapping, field, raw.id, around, found)
    if (value !== undefined) record[field] = value
    const link = mapping.links[field]
    const edges = around.edges.get(field)
    if (link !== undefined && link.mirror !== true && edges !== undefined) {
      record[field] = linked(link, edges.get(raw.id) ?? [])
    }
  }
  for (const [field, found] of around.through) {
    const id = found.get(raw.id)
    record[field] = id === undefined ? null : { id }
  }
  if (Select.withLines(selection)) {
    const items = around.lines.get(raw.id) ?? []
    const lineContext = Session.context(session, Lines.TYPE)
    record["lines"] = items.map((item) => Lines.decode(item, lineContext))
  }
  if (custom.length > 0) record["custom"] = customOf(raw, custom)
  const modified = stampOf(mapping, raw)
  if (modified !== undefined) record["modified"] = modified
  return record
}

const customOf = (raw: Raw, names: ReadonlyArray<string>): { readonly [name: string]: string | null } =>
  Object.fromEntries(
    names.flatMap((name) => {
      const found = Fields.value(raw.properties, name)
      return found === undefined ? [] : [[name, found] as const]
    }),
  )

const formatter = SchemaIssue.makeFormatterStandardSchemaV1()

const at = (value: unknown, path: ReadonlyArray<PropertyKey>): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === "object" ? (inner as { readonly [k: PropertyKey]: unknown })[key] : undefined,
    value,
  )

const issues = (record: unknown, issue: SchemaIssue.Issue): ReadonlyArray<Issue> =>
  formatter(issue).issues.map(({ message, path = [] }) => {
    const keys = path.map((segment) => (typeof segment === "object" ? segment.key : segment))
    return { path: keys.map(String), message: `${message}, found ${shape(at(record, keys))}` }
  })

/** Decodes records of one entity; a failure names every field at fault and no value. */
export const decoder = <E extends Entity.Any>(entity: E) => {
  const decode = Schema.decodeUnknownResult(entity.schema, { errors: "all" })
  return (encoded: { readonly [field: string]: unknown }): Result.Result<Entity.Record<E>, Decode> => {
    const result = decode(encoded)
    if (Result.isSuccess(result)) return Result.succeed(result.success as Entity.Record<E>)
    const found = issues(encoded, result.failure.issue)
    const fields = found.map(({ path }) => path.join(".")).join(", ")
    return Result.fail(new Decode({ message: `the record does not decode at ${fields}`, issues: found }))
  }
}
