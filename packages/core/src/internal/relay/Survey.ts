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

/** The survivor of a merge goes on with the first link that there is; the others end. */
export const rekey = (wiring: Wiring, survey: Survey, notes: Notes.Notes, merged: Change.Merged): void => {
  const into = wiring.ref(merged.into)
  const candidates = [into, ...merged.from.map((id) => wiring.ref(id))]
  const heir = candidates.map((ref) => survey.links.get(refKey(ref))).find((link) => link !== undefined)
  for (const id of merged.from) {
    const source = wiring.ref(id)
    if (id === merged.into) continue
    // What was parked or dead under its old name has nothing to wait for any more.
    Notes.passed(notes, source)
    if (survey.links.delete(refKey(source))) Notes.unlink(notes, source)
  }
  if (heir !== undefined && refKey(heir.source) !== refKey(into)) {
    // Without the hash of the last write, so that the survivor is written under its own key.
    const { writtenHash: _, ...rest } = heir
    const link = { ...rest, source: into, key: wiring.key(into) }
    survey.links.set(refKey(into), link)
    Notes.link(notes, link)
  }
  Notes.write(wiring, notes, {
    source: into,
    ...(heir === undefined ? {} : { target: heir.target }),
    decision: "merged",
    sourceVersion: merged.version,
    reason: `from ${merged.from.filter((id) => id !== merged.into).join(", ")}`,
  })
}
