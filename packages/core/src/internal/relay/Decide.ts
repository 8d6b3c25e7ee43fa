/** What becomes of each change of a page, before anything is written. */
import * as Effect from "effect/Effect"
import type * as Change from "../../Change.ts"
import type * as ConnectorError from "../../ConnectorError.ts"
import * as ContentHash from "../../ContentHash.ts"
import { refKey } from "../../StateStore.ts"
import * as Draft from "./Draft.ts"
import * as Notes from "./Notes.ts"
import * as References from "./References.ts"
import * as SharedFields from "./SharedFields.ts"
import type * as Summary from "./Summary.ts"
import * as Survey from "./Survey.ts"
import type { Loose, Upserted, Wiring } from "./Wiring.ts"

export interface Desk {
  readonly wiring: Wiring
  readonly notes: Notes.Notes
  readonly tally: Summary.Tally
  readonly survey: Survey.Survey
}

export type Changes = ReadonlyArray<Change.Change<Loose>>

const refuse = ({ notes, tally, wiring }: Desk, change: Upserted, reason: ConnectorError.Reason): void => {
  const source = wiring.ref(change.id)
  tally.reject(reason._tag)
  Notes.bury(wiring, notes, source, change.version, reason)
  Notes.write(wiring, notes, { source, decision: "rejected", sourceVersion: change.version, reason: reason._tag })
}

/** A record that asks for no write. */
const pass = (desk: Desk, change: Upserted, decision: "echo" | "unchanged" | "notOwned", reason?: string): void => {
  const { notes, survey, tally, wiring } = desk
  const source = wiring.ref(change.id)
  const link = survey.links.get(refKey(source))
  tally.count(decision === "echo" ? "echoes" : decision)
  Notes.write(wiring, notes, {
    source,
    ...(link === undefined ? {} : { target: link.target }),
    decision,
    sourceVersion: change.version,
    ...(reason === undefined ? {} : { reason }),
  })
  Notes.passed(notes, source)
}

const drafted = (desk: Desk, change: Upserted): ReadonlyArray<Draft.Draft> => {
  const { notes, survey, tally, wiring } = desk
  const source = wiring.ref(change.id)
  if (Survey.isEcho(survey, source, change.record)) {
    pass(desk, change, "echo")
    return []
  }
  const made = Draft.draft(wiring, notes, change, Survey.linkOf(survey, source))
  switch (made._tag) {
    case "Draft":
      return [made.draft]
    case "Skipped":
      tally.count("skipped")
      Notes.passed(notes, source)
      return []
    case "NotOwned":
      // A record that we left in part is not through because it is somebody else's now: a person has to know.
      if (survey.links.get(refKey(source))?.incomplete === true) refuse(desk, change, made.reason)
      else pass(desk, change, "notOwned")
      return []
    case "Refused":
      refuse(desk, change, made.reason)
      return []
  }
}

const finished = (desk: Desk, draft: Draft.Draft, links: References.Links): ReadonlyArray<Draft.Ready> => {
  const { notes, tally, wiring } = desk
  const made = Draft.finish(wiring, draft, links)
  switch (made._tag) {
    case "Ready":
      return [made.ready]
    case "Same":
      pass(desk, draft.change, desk.survey.back.has(refKey(draft.source)) ? "echo" : "unchanged")
      return []
    case "Waits":
      tally.count("parked")
      Notes.park(wiring, notes, draft.source, draft.change.version, made.waits)
      Notes.write(wiring, notes, {
        source: draft.source,
        decision: "parked",
        sourceVersion: draft.change.version,
        reason: `waits for ${refKey(made.waits.waitsFor)}`,
      })
      return []
    case "Refused":
      refuse(desk, draft.change, made.reason)
      return []
  }
}

/** Everything but records as they are now. */
const other = ({ notes, survey, tally, wiring }: Desk, change: Exclude<Change.Change<Loose>, Upserted>): void => {
  if (change._tag === "Merged") {
    tally.count("merged")
    tally.count("orphaned", Survey.rekey(wiring, survey, notes, change))
    return
  }
  const source = wiring.ref(change.id)
  if (change._tag === "Undecodable") {
    tally.count("undecodable")
    tally.reject(change.reason._tag)
    Notes.bury(wiring, notes, source, change.version, change.reason)
    Notes.write(wiring, notes, {
      source,
      decision: "undecodable",
      sourceVersion: change.version,
      reason: change.reason._tag,
    })
    return
  }
  tally.count("deleted")
  const link = survey.links.get(refKey(source))
  Notes.passed(notes, source)
  Notes.write(wiring, notes, {
    source,
    ...(link === undefined ? {} : { target: link.target }),
    decision: "deleted",
    sourceVersion: change.version,
  })
}

/** The survivors of merges whose own change is not on the page: they are read, to be written under their new key. */
export const survivors = Effect.fnUntraced(function* (wiring: Wiring, changes: Changes) {
  const here = new Set(changes.flatMap((change) => (change._tag === "Upserted" ? [change.id] : [])))
  const merges = changes.flatMap((change) => (change._tag === "Merged" && !here.has(change.into) ? [change] : []))
  if (merges.length === 0) return []
  const found = yield* wiring.source.get([...new Set(merges.map(({ into }) => into))])
  return merges.flatMap((merge) => {
    const survivor = found.get(merge.into)
    return survivor === undefined ? [] : [upserted(wiring, merge.into, merge.version, survivor.record as Loose)]
  })
})

export const upserted = (wiring: Wiring, id: string, version: string, record: Loose): Upserted => ({
  _tag: "Upserted",
  id,
  version,
  hash: ContentHash.ofRecord(wiring.source.entity, record),
  record,
})

/** Ids that live on under another one. */
const mergedAway = (changes: Changes): ReadonlySet<string> =>
  new Set(changes.flatMap((change) => (change._tag === "Merged" ? change.from.filter((id) => id !== change.into) : [])))

/** What has been overtaken on the page itself: by a later version, which holds all of it, or by a merge. */
const isOvertaken = (changes: Changes) => {
  const gone = mergedAway(changes)
  const last = new Map<string, Upserted>()
  for (const change of changes) if (change._tag === "Upserted") last.set(change.id, change)
  return (change: Upserted): boolean => gone.has(change.id) || last.get(change.id) !== change
}

/** Merges first: a survivor has to have its link before it is written. */
const drafts = (desk: Desk, changes: Changes): ReadonlyArray<Draft.Draft> => {
  const overtaken = isOvertaken(changes)
  for (const change of changes) if (change._tag === "Merged") other(desk, change)
  return changes.flatMap((change) => {
    if (change._tag === "Merged") return []
    if (change._tag !== "Upserted") {
      other(desk, change)
      return []
    }
    if (!overtaken(change)) return drafted(desk, change)
    pass(desk, change, "unchanged", "overtaken by a later change on the same page")
    return []
  })
}

/** What is to be written for these changes; all else is decided and written down. */
export const decide = Effect.fnUntraced(function* (desk: Desk, changes: Changes) {
  const all = drafts(desk, changes)
  const links = yield* References.look(
    desk.wiring,
    all.flatMap(({ pointers }) => pointers),
  )
  const ready = all.flatMap((draft) => finished(desk, draft, links))
  return yield* SharedFields.settle(desk.wiring, desk.notes, ready)
})
