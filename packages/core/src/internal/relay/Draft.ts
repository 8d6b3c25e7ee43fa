/** From a change to the write that it asks for: mapped, stripped of what the source does not own, references put in. */
import * as ConnectorError from "../../ConnectorError.ts"
import * as ContentHash from "../../ContentHash.ts"
import * as Validate from "../batch/Validate.ts"
import * as Verdict from "../ownership/Verdict.ts"
import * as Notes from "./Notes.ts"
import * as References from "./References.ts"
import type { Facts, Link, Loose, RecordRef, Upserted, Waits, Wiring } from "./Wiring.ts"

/** A record that the mapping has something to say about. */
export interface Draft {
  readonly source: RecordRef
  readonly change: Upserted
  readonly key: string
  readonly link: Link | undefined
  readonly facts: Facts
  /** References still as the source has them. */
  readonly fields: Loose
  readonly shared: ReturnType<typeof Verdict.sort>["shared"]
  readonly pointers: ReadonlyArray<References.Pointer>
}

/** A write that is about to be sent. */
export interface Ready extends Omit<Draft, "pointers"> {
  readonly hash: string
  readonly translated: ReadonlyArray<References.Translated>
}

const factsOf = (wiring: Wiring, record: Loose, link: Link | undefined): Facts => {
  const across = wiring.writer === "crm" ? "erp" : "crm"
  const born = { source: wiring.writer, target: across } as const
  return {
    ...(link?.bornIn === undefined ? {} : { origin: born[link.bornIn] }),
    happened: (event) => (event === "created" ? link !== undefined : wiring.happened(event, record)),
  }
}

/** A mapping may say `phone: account.phone`; what the source does not have stays unsaid. */
const said = (patch: Loose): Loose =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Loose

const mapped = (wiring: Wiring, { id, record }: Upserted): Loose | undefined | ConnectorError.Invalid => {
  try {
    const patch = wiring.map(record, id)
    return patch === undefined ? undefined : said(patch as Loose)
  } catch (error) {
    const kind = error instanceof Error ? error.name : ConnectorError.shape(error)
    const message = `the mapping ended with ${kind}; run it on this record to see where`
    return new ConnectorError.Invalid({ message, issues: [{ path: [], message }] })
  }
}

export type Drafted =
  | { readonly _tag: "Draft"; readonly draft: Draft }
  | { readonly _tag: "Skipped" }
  | { readonly _tag: "NotOwned"; readonly reason: ConnectorError.OwnershipViolation }
  | { readonly _tag: "Refused"; readonly reason: ConnectorError.Reason }

/** What is not owned is written down field by field and left out. */
const owned = (
  wiring: Wiring,
  notes: Notes.Notes,
  source: RecordRef,
  change: Upserted,
  fields: Loose,
  facts: Facts,
) => {
  const at = { writer: wiring.writer, target: wiring.side, ...facts }
  const sorted = Verdict.sort(wiring.table, wiring.target.entity.name, fields, at)
  for (const { field, verdict } of sorted.notOwned) {
    Notes.write(wiring, notes, {
      source,
      decision: "notOwned",
      field,
      rule: verdict.rule,
      sourceVersion: change.version,
      reason: `owned by ${verdict.owner}`,
    })
  }
  return sorted
}

const nothingOwned = (
  { target, writer }: Wiring,
  first: ReturnType<typeof Verdict.sort>["notOwned"][number] | undefined,
): ConnectorError.OwnershipViolation => {
  const owner = first?.verdict.owner ?? "nobody"
  const entity = target.entity.name
  return new ConnectorError.OwnershipViolation({
    message: `nothing is left that ${writer} may write of this ${entity}; it belongs to ${owner}`,
    entity,
    owner,
    writer,
  })
}

export const draft = (wiring: Wiring, notes: Notes.Notes, change: Upserted, link: Link | undefined): Drafted => {
  const source = wiring.ref(change.id)
  const patch = mapped(wiring, change)
  if (patch === undefined) return { _tag: "Skipped" }
  if (patch instanceof ConnectorError.Invalid) return { _tag: "Refused", reason: patch }
  const facts = factsOf(wiring, change.record, link)
  const { fields, notOwned, shared } = owned(wiring, notes, source, change, patch as Loose, facts)
  if (Object.keys(fields).length === 0) return { _tag: "NotOwned", reason: nothingOwned(wiring, notOwned[0]) }
  const pointers = References.pointers(wiring, fields)
  return { _tag: "Draft", draft: { source, change, key: wiring.key(source), link, facts, fields, shared, pointers } }
}

export type Finished =
  | { readonly _tag: "Ready"; readonly ready: Ready }
  | { readonly _tag: "Waits"; readonly waits: Waits }
  | { readonly _tag: "Same" }
  | { readonly _tag: "Refused"; readonly reason: ConnectorError.Reason }

const hashed = (wiring: Wiring, fields: Loose): string | ConnectorError.Invalid => {
  const { entity } = wiring.target
  const issues = Validate.fields(entity, fields)
  return issues.length === 0 ? ContentHash.ofRecord(entity, fields) : Validate.invalid(issues)
}

/** Puts the references in, and sees whether anything is left to be said that was not said before. */
export const finish = (wiring: Wiring, draft: Draft, links: References.Links): Finished => {
  const { fields, translated, waits } = References.translate(wiring, draft.fields, links)
  if (waits !== undefined) return { _tag: "Waits", waits }
  const hash = hashed(wiring, fields)
  if (typeof hash !== "string") return { _tag: "Refused", reason: hash }
  if (wiring.verify === "hash" && draft.link?.writtenHash === hash) return { _tag: "Same" }
  return { _tag: "Ready", ready: { ...draft, fields, translated, hash } }
}
