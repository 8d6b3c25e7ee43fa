/** From a document to a row: its id, its stamp, its canonical record or what is wrong with it. */
import { Decode, type Issue } from "@mortise/core/ConnectorError"
import * as ContentHash from "@mortise/core/ContentHash"
import type * as Entity from "@mortise/core/Entity"
import * as Fit from "@mortise/core/Fit"
import * as Watermark from "@mortise/core/Watermark"
import * as SiteTime from "../SiteTime.ts"
import type { Fields } from "./Catalog.ts"
import * as Custom from "./custom.ts"
import { type Doc, textOf } from "./Doc.ts"
import type { Facts, Mapping } from "./Mapping.ts"
import * as Reader from "./Reader.ts"

export interface Options {
  readonly facts: Facts
  readonly time: SiteTime.SiteTime
  /** The fields of ours that were asked for. */
  readonly fields: ReadonlyArray<string>
  /** The site's own fields of the entity. */
  readonly custom: Fields
}

interface Decoded<A> {
  readonly record: A
  readonly issues: ReadonlyArray<Issue>
}

/** The canonical record with its metadata. */
const decode = <E extends Entity.Any>(
  mapping: Mapping<E>,
  doc: Doc,
  { custom, facts, fields, time }: Options,
): Decoded<Entity.Record<E>> => {
  const reader = Reader.make(doc)
  const all = mapping.decode(reader, facts)
  const chosen = Object.entries(all).filter(([name, value]) => value !== undefined && fields.includes(name))
  const own = Custom.read(doc, custom)
  const stamp = SiteTime.stampOf(doc["modified"])
  const revision = textOf(doc, "modified")
  const record = {
    ...Object.fromEntries(chosen),
    ...(own === undefined ? {} : { custom: own }),
    ...(stamp === undefined ? {} : { modified: time.instant(stamp) }),
    ...(revision === undefined ? {} : { revision }),
  }
  return { record: record as Entity.Record<E>, issues: reader.issues }
}

/** A record with what of it could be read: a field at fault is left out and named, the others are there. */
export const readable = <E extends Entity.Any>(
  mapping: Mapping<E>,
  doc: Doc,
  options: Options,
): Decoded<Entity.Record<E>> => {
  const { issues, record } = decode(mapping, doc, options)
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
  doc: Doc,
  options: Options,
): Watermark.Row<Entity.Record<E>> => {
  const id = textOf(doc, "name") ?? "without-name"
  const [stamp, revision] = [SiteTime.stampOf(doc["modified"]), textOf(doc, "modified")]
  const marks = { stamp, revision }
  const { issues, record } = decode(mapping, doc, options)
  if (stamp === undefined)
    return Watermark.undecodable(id, problem([...issues, { path: ["modified"], message: "the document has no stamp" }]))
  if (issues.length > 0) return Watermark.undecodable(id, problem(issues), { ...marks, hash: ContentHash.ofJson(doc) })
  const hashed = Fit.hashOf(mapping.entity, record)
  return "hash" in hashed
    ? Watermark.record(id, record, hashed.hash, marks)
    : Watermark.undecodable(id, problem(hashed.issues), { ...marks, hash: ContentHash.ofJson(doc) })
}
