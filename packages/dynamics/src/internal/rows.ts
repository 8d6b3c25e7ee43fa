/** From a record on the wire to a row: its id, its revision, its canonical record or what is wrong with it. */
import { Decode, type Issue } from "@mortise/core/ConnectorError"
import * as ContentHash from "@mortise/core/ContentHash"
import type * as Entity from "@mortise/core/Entity"
import * as Fit from "@mortise/core/Fit"
import * as Json from "@mortise/core/Json"
import * as Watermark from "@mortise/core/Watermark"
import type { CustomFields } from "../Config.ts"
import * as Keys from "../Keys.ts"
import { keys, type Resource, type Wire } from "../Sets.ts"
import * as Custom from "./custom.ts"
import type { Beside, Facts, Mapping } from "./Mapping.ts"
import * as Reader from "./Reader.ts"

const textOf = (value: unknown): string => {
  if (value instanceof Json.JsonNumber) return value.text
  return typeof value === "string" ? value : ""
}

/** The values of the record's key behind the company; undefined when one is not there. */
export const keyValues = (resource: Resource, wire: object): ReadonlyArray<string> | undefined => {
  const members = wire as { readonly [name: string]: unknown }
  const values = keys[resource].map(({ name }) => textOf(members[name]))
  return values.every((value) => value !== "") ? values : undefined
}

export const idOf = (mapping: Pick<Mapping<Entity.Any, Resource>, "prefix" | "resource">, wire: object) => {
  const values = keyValues(mapping.resource, wire)
  return values === undefined ? undefined : `${mapping.prefix ?? ""}${Keys.join(mapping.resource, values)}`
}

export interface Options {
  readonly facts: Facts
  readonly beside: Beside
  readonly custom: CustomFields
  readonly fields: ReadonlyArray<string>
}

export interface Decoded<A> {
  readonly record: A
  readonly issues: ReadonlyArray<Issue>
  /** Moves with everything that the row itself holds. */
  readonly mark: string
  /** The hash of the record, where the row itself holds all of it and it was computed already. */
  readonly hashed?: ReturnType<typeof Fit.hashOf>
}

const without = (record: object, names: ReadonlyArray<string>): { readonly [name: string]: unknown } =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))

/** True when everything was asked for that the revision tells of. */
const isWhole = <E extends Entity.Any, R extends Resource>(mapping: Mapping<E, R>, fields: ReadonlyArray<string>) =>
  Object.keys(mapping.members).every(
    (field) => mapping.members[field] === undefined || mapping.beside?.fields.includes(field) || fields.includes(field),
  )

/**
 * The canonical record with its revision. The ETag covers the tables that the vendor joins, and neither emails and phones
 * nor lines; so the revision is made of it and of the values. It shows nothing of the numbers in the ETag.
 */
export const decode = <E extends Entity.Any, R extends Resource>(
  mapping: Mapping<E, R>,
  wire: Wire<R>,
  { beside, custom, facts, fields }: Options,
): Decoded<Entity.Record<E>> => {
  const reader = Reader.make<Wire<R>>(wire)
  const all = mapping.decode(reader, facts, beside)
  const chosen = Object.entries(all).filter(([name, value]) => value !== undefined && fields.includes(name))
  const own = Custom.read(reader as never, custom)
  const record = { ...Object.fromEntries(chosen), ...(own === undefined ? {} : { custom: own }) }
  const joined = (mapping.beside?.fields ?? []).filter((field) => field in record)
  const values = joined.length === 0 ? record : without(record, joined)
  const hashed = Fit.hashOf(mapping.entity, values as Entity.Record<E>)
  const mark = ContentHash.ofJson([reader.etag ?? "", "hash" in hashed ? hashed.hash : ""])
  const revision = isWhole(mapping, fields) ? { revision: mark } : {}
  return {
    record: { ...record, ...revision } as Entity.Record<E>,
    issues: reader.issues,
    mark,
    ...(joined.length === 0 ? { hashed } : {}),
  }
}

/** A record with what of it could be read: a field at fault is left out and named, the others are there. */
export const readable = <E extends Entity.Any, R extends Resource>(
  mapping: Mapping<E, R>,
  wire: Wire<R>,
  options: Options,
): Decoded<Entity.Record<E>> => {
  const { issues, mark, record } = decode(mapping, wire, options)
  const misfits = Fit.misfits(mapping.entity, record)
  if (misfits.length === 0) return { record, issues, mark }
  const faulty = [...new Set(misfits.map(({ path }) => path[0] ?? ""))]
  return { record: without(record, faulty) as Entity.Record<E>, issues: [...issues, ...misfits], mark }
}

const problem = (issues: ReadonlyArray<Issue>): Decode =>
  new Decode({ message: issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "), issues })

/** A row of the record. One that cannot be read stays one row and stops nobody. */
export const row = <E extends Entity.Any, R extends Resource>(
  mapping: Mapping<E, R>,
  wire: Wire<R>,
  options: Options,
): Watermark.Row<Entity.Record<E>> => {
  const id = idOf(mapping as unknown as Mapping<Entity.Any, Resource>, wire)
  if (id === undefined) {
    const hash = ContentHash.ofJson(wire)
    const path = keys[mapping.resource].map(({ name }) => name)
    return Watermark.undecodable(`without-key-${hash}`, problem([{ path, message: "the record has no key" }]), { hash })
  }
  const { hashed: known, issues, mark, record } = decode(mapping, wire, options)
  const marks = { revision: mark }
  const broken = (faults: ReadonlyArray<Issue>) =>
    Watermark.undecodable(id, problem(faults), { ...marks, hash: ContentHash.ofJson(wire) })
  if (issues.length > 0) return broken(issues)
  const hashed = known ?? Fit.hashOf(mapping.entity, record)
  return "hash" in hashed ? Watermark.record(id, record, hashed.hash, marks) : broken(hashed.issues)
}
