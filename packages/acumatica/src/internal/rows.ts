/** From a record on the wire to a row: its id, its stamp, its canonical record or what is wrong with it. */
import { Decode, type Issue } from "@mortise/core/ConnectorError"
import * as ContentHash from "@mortise/core/ContentHash"
import type * as Entity from "@mortise/core/Entity"
import * as Fit from "@mortise/core/Fit"
import type { Instant } from "@mortise/core/Values"
import * as Watermark from "@mortise/core/Watermark"
import type { Wire } from "../Client.ts"
import type { CustomFields } from "../Config.ts"
import * as Keys from "../Keys.ts"
import type { Settings } from "../Settings.ts"
import { keys, modifiedField, type Resource } from "../Versions.ts"
import type { Codec, Wrapped } from "../Wrapping.ts"
import { attempt } from "../Wrapping.ts"
import type { Facts, Mapping } from "./Mapping.ts"
import * as Reader from "./Reader.ts"

const member = (wire: object | undefined, name: string): Wrapped =>
  (wire as { readonly [n: string]: Wrapped } | undefined)?.[name]

/** The values of the record's keys; undefined when one is not there. */
export const keyValues = (codec: Codec, resource: Resource, wire: object): ReadonlyArray<string> | undefined => {
  const values = keys[resource].map((name) => attempt([], [name], () => codec.text(member(wire, name))) ?? "")
  return values.every((value) => value !== "") ? values : undefined
}

export const idOf = (codec: Codec, resource: Resource, wire: object): string | undefined => {
  const values = keyValues(codec, resource, wire)
  return values === undefined ? undefined : Keys.join(values)
}

export const stampOf = (codec: Codec, settings: Settings, resource: Resource, wire: object): string | undefined => {
  const field = modifiedField(settings.version, resource)
  if (field === undefined) return undefined
  return attempt([], [field], () => codec.instant(member(wire, field))) ?? undefined
}

export interface Decoded<A> {
  readonly record: A
  readonly issues: ReadonlyArray<Issue>
}

/** The canonical record with its metadata. */
export const decode = <E extends Entity.Any, R extends Resource>(
  codec: Codec,
  mapping: Mapping<E, R>,
  wire: Wire[R],
  options: { readonly facts: Facts; readonly custom: CustomFields; readonly fields: ReadonlyArray<string> },
): Decoded<Entity.Record<E>> => {
  const reader = Reader.make(codec, wire)
  const all = mapping.decode(reader, options.facts)
  const chosen = Object.entries(all).filter(([name, value]) => value !== undefined && options.fields.includes(name))
  const custom = reader.custom(options.custom)
  const stamp = stampOf(codec, options.facts.settings, mapping.resource, wire)
  const record = {
    ...Object.fromEntries(chosen),
    ...(custom === undefined ? {} : { custom }),
    ...(stamp === undefined ? {} : { modified: stamp as Instant }),
  }
  return { record: record as Entity.Record<E>, issues: reader.issues }
}

/** A record with what of it could be read: a field at fault is left out and named, the others are there. */
export const readable = <E extends Entity.Any, R extends Resource>(
  codec: Codec,
  mapping: Mapping<E, R>,
  wire: Wire[R],
  options: { readonly facts: Facts; readonly custom: CustomFields; readonly fields: ReadonlyArray<string> },
): Decoded<Entity.Record<E>> => {
  const { issues, record } = decode(codec, mapping, wire, options)
  const misfits = Fit.misfits(mapping.entity, record)
  if (misfits.length === 0) return { record, issues }
  const faulty = new Set(misfits.map(({ path }) => path[0]))
  const sound = Object.fromEntries(Object.entries(record).filter(([name]) => !faulty.has(name)))
  return { record: sound as Entity.Record<E>, issues: [...issues, ...misfits] }
}

const problem = (issues: ReadonlyArray<Issue>): Decode =>
  new Decode({ message: issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "), issues })

/** A row of the record. One that cannot be read stays one row and stops nobody. */
export const row = <E extends Entity.Any, R extends Resource>(
  codec: Codec,
  mapping: Mapping<E, R>,
  wire: Wire[R],
  options: { readonly facts: Facts; readonly custom: CustomFields; readonly fields: ReadonlyArray<string> },
): Watermark.Row<Entity.Record<E>> => {
  const id = idOf(codec, mapping.resource, wire)
  const marks = { stamp: stampOf(codec, options.facts.settings, mapping.resource, wire) }
  if (id === undefined) {
    const guid = typeof wire?.id === "string" ? wire.id : "without-id"
    return Watermark.undecodable(
      guid,
      problem([{ path: [...keys[mapping.resource]], message: "the record has no keys" }]),
      marks,
    )
  }
  const { issues, record } = decode(codec, mapping, wire, options)
  if (marks.stamp === undefined && modifiedField(options.facts.settings.version, mapping.resource) !== undefined)
    return Watermark.undecodable(id, problem([...issues, { path: ["modified"], message: "the record has no stamp" }]))
  if (issues.length > 0) return Watermark.undecodable(id, problem(issues), { ...marks, hash: ContentHash.ofJson(wire) })
  const hashed = Fit.hashOf(mapping.entity, record)
  return "hash" in hashed
    ? Watermark.record(id, record, hashed.hash, marks)
    : Watermark.undecodable(id, problem(hashed.issues), { ...marks, hash: ContentHash.ofJson(wire) })
}
