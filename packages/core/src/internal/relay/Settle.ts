/** From the outcome of a write to what is remembered of it. */
import type * as ConnectorError from "../../ConnectorError.ts"
import * as Outcome from "../../Outcome.ts"
import type { JournalEntry } from "../../StateStore.ts"
import type { Ready } from "./Draft.ts"
import * as Notes from "./Notes.ts"
import type { Translated } from "./References.ts"
import type { Tally } from "./Summary.ts"
import { aliasEntity, type Link, type Waits, type Wiring } from "./Wiring.ts"

interface Desk {
  readonly wiring: Wiring
  readonly notes: Notes.Notes
  readonly tally: Tally
}

/** What was known of the target's record before the write. */
export interface Knowledge {
  /** It carried our key, or nobody asked. */
  readonly known: boolean
  readonly sealedBefore: string | undefined
}

const decisions = { Created: "created", Updated: "updated", Written: "written", Unchanged: "unchanged" } as const

const entry = (ready: Ready, decision: JournalEntry["decision"], more: Partial<JournalEntry> = {}) => ({
  source: ready.source,
  decision,
  ...(ready.link?.writtenHash === undefined ? {} : { before: ready.link.writtenHash }),
  after: ready.hash,
  sourceVersion: ready.change.version,
  ...more,
})

/** Links of the record and of its other names. The record's own comes last, as the way back finds the last one. */
export const links = (wiring: Wiring, notes: Notes.Notes, record: Ready["change"], link: Link): void => {
  for (const alias of wiring.aliases(record.record, record.id)) {
    const source = wiring.ref(alias, aliasEntity(wiring.source.entity.name))
    Notes.link(notes, { source, target: link.target, key: link.key })
  }
  Notes.link(notes, link)
}

const bornIn = (ready: Ready, outcome: Outcome.Outcome, known: boolean): Pick<Link, "bornIn"> => {
  if (ready.link !== undefined) return ready.link.bornIn === undefined ? {} : { bornIn: ready.link.bornIn }
  if (outcome._tag === "Created") return { bornIn: "source" }
  // With no key of ours in the target before, a record that was not created was found by a natural key.
  return known ? {} : { bornIn: "target" }
}

const success = (
  { notes, tally, wiring }: Desk,
  ready: Ready,
  outcome: Extract<Outcome.Outcome, { readonly id: string; readonly _tag: keyof typeof decisions }>,
  { known, sealedBefore }: Knowledge,
): void => {
  const decision = decisions[outcome._tag]
  const undo = sealedBefore === undefined || decision === "created" || decision === "unchanged" ? {} : { sealedBefore }
  tally.count(decision)
  Notes.write(wiring, notes, entry(ready, decision, { target: wiring.targetRef(outcome.id), ...undo }))
  links(wiring, notes, ready.change, {
    source: ready.source,
    target: wiring.targetRef(outcome.id),
    key: ready.link?.key === "" ? "" : ready.key,
    writtenHash: ready.hash,
    ...(outcome.revision === undefined ? {} : { writtenRevision: outcome.revision }),
    ...bornIn(ready, outcome, known),
  })
  Notes.passed(notes, ready.source)
  notes.settled.add(ready.key)
}

const isMeant = (missing: ConnectorError.MissingReference, { path, written }: Translated): boolean =>
  written.id === missing.reference ||
  written.key === missing.reference ||
  path === missing.field ||
  path.startsWith(`${missing.field}.`)

/** What the record waits for: a reference that the target does not know, whose record has not come yet. */
const parent = (reason: ConnectorError.Reason, ready: Ready): Waits | undefined => {
  if (reason._tag !== "MissingReference") return undefined
  const meant = ready.translated.find((each) => isMeant(reason, each)) ?? ready.translated.find((each) => !each.linked)
  return meant === undefined || meant.linked ? undefined : meant.waits
}

/**
 * A rejection that names an id: the record is there, and not all of it was taken. It is linked, so that others can point
 * to it, without the hash of a whole write, so that a replay and the next version send all of it whatever they say.
 */
const halfWritten = ({ notes, wiring }: Desk, ready: Ready, id: string | undefined): void => {
  if (id === undefined) return
  const { writtenHash: _, writtenRevision: __, ...before } = ready.link ?? {}
  links(wiring, notes, ready.change, {
    ...before,
    source: ready.source,
    target: wiring.targetRef(id),
    key: ready.link?.key ?? ready.key,
    incomplete: true,
  })
}

/** What the other side owns is not ours to write. A record that we left in part is told of all the same. */
const isLeft = (reason: ConnectorError.Reason, ready: Ready): reason is ConnectorError.OwnershipViolation =>
  reason._tag === "OwnershipViolation" && ready.link?.incomplete !== true

const rejection = ({ notes, tally, wiring }: Desk, ready: Ready, { reason }: ConnectorError.ConnectorError): void => {
  notes.settled.add(ready.key)
  const waits = parent(reason, ready)
  if (waits !== undefined) {
    tally.count("parked")
    Notes.park(wiring, notes, ready.source, ready.change.version, waits)
    Notes.write(wiring, notes, entry(ready, "parked", { reason: reason.message }))
  } else if (isLeft(reason, ready)) {
    tally.count("notOwned")
    Notes.write(
      wiring,
      notes,
      entry(ready, "notOwned", {
        rule: reason.message,
        ...(reason.field === undefined ? {} : { field: reason.field }),
      }),
    )
    Notes.passed(notes, ready.source)
  } else {
    tally.reject(reason._tag)
    Notes.bury(wiring, notes, ready.source, ready.change.version, reason)
    Notes.write(wiring, notes, entry(ready, "rejected", { reason: reason._tag }))
  }
}

/** Puts one outcome down. True when it is open: the page cannot be committed. */
export const settle = (desk: Desk, ready: Ready, outcome: Outcome.Outcome, before: Knowledge): boolean => {
  if (Outcome.isSettled(outcome)) {
    success(desk, ready, outcome, before)
    return false
  }
  if (outcome._tag === "Rejected") {
    halfWritten(desk, ready, outcome.id)
    rejection(desk, ready, outcome.error)
    return false
  }
  const unknown = outcome._tag === "Unknown"
  // What surely was not applied need not be looked up; what may have been keeps its intent.
  if (!unknown) desk.notes.settled.add(ready.key)
  const reason = outcome.error.reason._tag
  Notes.write(desk.wiring, desk.notes, entry(ready, unknown ? "unknown" : "notAttempted", { reason }))
  return true
}
