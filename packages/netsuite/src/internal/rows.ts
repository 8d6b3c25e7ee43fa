/** From a row of a query to a row of a reading: its id, its stamp, its canonical record or what is wrong with it. */
import { Decode, type Issue } from "@mortise/core/ConnectorError"
import * as ContentHash from "@mortise/core/ContentHash"
import type * as Entity from "@mortise/core/Entity"
import * as Fit from "@mortise/core/Fit"
import type { Instant } from "@mortise/core/Values"
import * as Watermark from "@mortise/core/Watermark"
import type { CustomFields } from "../Config.ts"
import type { Facts, Mapping } from "./Mapping.ts"
import type { Reader } from "./Reader.ts"
import type { Row } from "./Records.ts"

/** A row that was read, with all that a decode needs. */
export interface Wire {
  readonly id: string
  readonly stamp: Instant | undefined
  readonly carried: string | undefined
  readonly reader: Reader
  /** As it came, for telling a mended record from the same broken one. */
  readonly raw: Row
}

export interface Options {
  readonly facts: Facts
  readonly custom: CustomFields
  readonly fields: ReadonlyArray<string>
}

export interface Decoded<A> {
  readonly record: A
  readonly issues: ReadonlyArray<Issue>
}

/** The canonical record with its metadata. */
const decode = <E extends Entity.Any>(
  mapping: Mapping<E>,
  { reader, stamp }: Wire,
  { custom, facts, fields }: Options,
): Decoded<Entity.Record<E>> => {
  const all = mapping.decode(reader, facts)
  const chosen = Object.entries(all).filter(([name, value]) => value !== undefined && fields.includes(name))
  const own = reader.custom(custom)
  const record = {
    ...Object.fromEntries(chosen),
    ...(own === undefined ? {} : { custom: own }),
    ...(stamp === undefined ? {} : { modified: stamp }),
  }
  // What cannot be read of another field is no fault of a record that was not asked for it.
  return { record: record as Entity.Record<E>, issues: [...reader.issues] }
}

/** A record with what of it could be read: a field at fault is left out and named, the others are there. */
export const readable = <E extends Entity.Any>(
  mapping: Mapping<E>,
  wire: Wire,
  options: Options,
): Decoded<Entity.Record<E>> => {
  const { issues, record } = decode(mapping, wire, options)
  const misfits = Fit.misfits(mapping.entity, record)
  if (misfits.length === 0) return { record, issues }
  const faulty = new Set(misfits.map(({ path }) => path[0]))
  const sound = Object.fromEntries(Object.entries(record).filter(([name]) => !faulty.has(name)))
  return { record: sound as Entity.Record<E>, issues: [...issues, ...misfits] }
}

const problem = (issues: ReadonlyArray<Issue>): Decode =>
  new Decode({ message: issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "), issues })

/** A row of the record. One that cannot be read stays one row and stops nobody. */
export const row = <E extends Entity.Any>(
  mapping: Mapping<E>,
  wire: Wire,
  options: Options,
): Watermark.Row<Entity.Record<E>> => {
  const { id, stamp } = wire
  const { issues, record } = decode(mapping, wire, options)
  if (stamp === undefined)
    return Watermark.undecodable(id, problem([...issues, { path: ["modified"], message: "the record has no stamp" }]))
  const marks = { stamp }
  if (issues.length > 0)
    return Watermark.undecodable(id, problem(issues), { ...marks, hash: ContentHash.ofJson([wire.raw, issues]) })
  const hashed = Fit.hashOf(mapping.entity, record)
  return "hash" in hashed
    ? Watermark.record(id, record, hashed.hash, marks)
    : Watermark.undecodable(id, problem(hashed.issues), {
        ...marks,
        hash: ContentHash.ofJson([wire.raw, hashed.issues]),
      })
}
