/** What the store knows about the records of a page: their links, and whether they are our own writes coming back. */
import * as Effect from "effect/Effect"
import type * as Change from "../../Change.ts"
import { type RecordRef, refKey, StateStore } from "../../StateStore.ts"
import * as Notes from "./Notes.ts"
import type { Link, Loose, Wiring } from "./Wiring.ts"

type Changes = ReadonlyArray<Change.Change<Loose>>

export interface Survey {
  /** By source; kept up to date while the page is worked on. */
  readonly links: Map<string, Link>
  /** Links of the relay that runs the other way, by the record of our source that it wrote. */
  readonly back: ReadonlyMap<string, Link>
}

const idsOf = (changes: Changes): ReadonlyArray<string> => {
  const ids = changes.flatMap((change) => (change._tag === "Merged" ? [...change.from, change.into] : [change.id]))
  return [...new Set(ids)]
}

export const survey = Effect.fnUntraced(function* (wiring: Wiring, changes: Changes) {
  const store = yield* StateStore
  const refs = idsOf(changes).map((id) => wiring.ref(id))
  if (refs.length === 0) return { links: new Map(), back: new Map() } satisfies Survey
  const links = new Map(yield* store.linksFrom(refs, wiring.targetKind))
  const back = yield* store.linksTo(refs, wiring.targetKind)
  return { links, back } satisfies Survey
})

/** The revision that our own write left behind: nobody has touched the record since. */
export const isEcho = (survey: Survey, source: RecordRef, record: Loose): boolean => {
  const written = survey.back.get(refKey(source))?.writtenRevision
  return written !== undefined && written === record["revision"]
}

/**
 * The link by which a change is written: its own, or, in a pair that runs both ways, the other relay's turned round.
 * Such a one brings the id and no key of ours (an empty one): the record was there before this relay.
 */
export const linkOf = (survey: Survey, source: RecordRef): Link | undefined => {
  const own = survey.links.get(refKey(source))
  if (own !== undefined) return own
  const back = survey.back.get(refKey(source))
  if (back === undefined) return undefined
  return { source, target: back.source, key: "", bornIn: "target" }
}

const orphan = (wiring: Wiring, notes: Notes.Notes, { source, target }: Link, merged: Change.Merged, heir: Link) =>
  Notes.write(wiring, notes, {
    source,
    target,
    decision: "orphaned",
    sourceVersion: merged.version,
    reason:
      `${source.id} was merged into ${merged.into}, which is ${heir.target.id}; ` +
      `${target.id} stays and is no longer written: merge or archive it by hand`,
  })

/** Ends what is known of the ids that a merge took away. The links that they had, without the heir's. */
const endings = (wiring: Wiring, survey: Survey, notes: Notes.Notes, merged: Change.Merged): ReadonlyArray<Link> =>
  merged.from.flatMap((id) => {
    if (id === merged.into) return []
    const source = wiring.ref(id)
    const link = survey.links.get(refKey(source))
    // What was parked or dead under its old name has nothing to wait for any more.
    Notes.passed(notes, source)
    if (link === undefined) return []
    survey.links.delete(refKey(source))
    Notes.unlink(notes, source)
    return [link]
  })

const inherit = (wiring: Wiring, survey: Survey, notes: Notes.Notes, into: RecordRef, heir: Link): void => {
  // Without the hash of the last write, so that the survivor is written under its own key.
  const { writtenHash: _, ...rest } = heir
  const link = { ...rest, source: into, key: wiring.key(into) }
  survey.links.set(refKey(into), link)
  Notes.link(notes, link)
}

/** The survivor of a merge goes on with the first link that there is; the others end. How many orphans that leaves. */
export const rekey = (wiring: Wiring, survey: Survey, notes: Notes.Notes, merged: Change.Merged): number => {
  const into = wiring.ref(merged.into)
  const own = survey.links.get(refKey(into))
  const ended = endings(wiring, survey, notes, merged)
  const heir = own ?? ended[0]
  if (heir !== undefined && own === undefined) inherit(wiring, survey, notes, into, heir)
  Notes.write(wiring, notes, {
    source: into,
    ...(heir === undefined ? {} : { target: heir.target }),
    decision: "merged",
    sourceVersion: merged.version,
    reason: `from ${merged.from.filter((id) => id !== merged.into).join(", ")}`,
  })
  if (heir === undefined) return 0
  const orphans = ended.filter(({ target }) => target.id !== heir.target.id)
  for (const each of orphans) orphan(wiring, notes, each, merged, heir)
  return orphans.length
}
