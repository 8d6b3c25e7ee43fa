/** Lays a stretch of a source's list beside the same stretch of the last crawl, and tells what became of each record. */
import type * as Change from "../Change.ts"
import type { ScanRow } from "./Options.ts"
import * as Page from "./Page.ts"
import type { Row } from "./Row.ts"

export interface Stretch<A> {
  /** By sort key, in its order. */
  readonly source: ReadonlyArray<readonly [key: string, row: ScanRow<A>]>
  readonly stored: ReadonlyMap<string, Change.SnapshotRow>
  readonly idOf: (key: string) => string
  readonly keyOf: (id: string) => string
}

export interface Outcome<A> {
  readonly changes: ReadonlyArray<Change.Change<A>>
  readonly put: ReadonlyArray<Change.SnapshotRow>
  readonly remove: ReadonlyArray<string>
}

/** True when the list alone shows that the record is as it was. */
const isSame = <A>(row: ScanRow<A>, before: Change.SnapshotRow | undefined): boolean => {
  if (before === undefined) return false
  const listed = row.row === undefined ? row.hash : Page.contentHash(row.row)
  if (row.revision === undefined && listed === undefined) return false
  return (
    (row.revision === undefined || row.revision === before.revision) && (listed === undefined || listed === before.hash)
  )
}

/** The ids to read: what is new or differs and was not listed whole, and what has vanished from the list. */
export const toFetch = <A>(stretch: Stretch<A>): ReadonlyArray<string> => {
  const listed = new Set(stretch.source.map(([key]) => key))
  const differing = stretch.source
    .filter(([key, row]) => row.row === undefined && !isSame(row, stretch.stored.get(key)))
    .map(([, row]) => row.id)
  const vanished = [...stretch.stored.keys()].filter((key) => !listed.has(key)).map(stretch.idOf)
  return [...differing, ...vanished]
}

const snapshotRow = <A>(key: string, row: Row<A>): Change.SnapshotRow => ({
  id: key,
  hash: Page.contentHash(row),
  ...(row.revision === undefined ? {} : { revision: row.revision }),
})

const deletion = (id: string, before: Change.SnapshotRow): Change.Deleted => ({
  _tag: "Deleted",
  id,
  version: `${before.revision ?? ""}#deleted:${before.hash}`,
})

/** What became of each record, once everything of {@link toFetch} was read. */
export const settle = <A>(stretch: Stretch<A>, fetched: ReadonlyArray<Row<A>>): Outcome<A> => {
  const changes: Array<Change.Change<A>> = []
  const put: Array<Change.SnapshotRow> = []
  const merges = fetched.filter((row) => row.content._tag === "Merged")
  const merged = new Set<string>()
  for (const row of merges) {
    if (row.content._tag !== "Merged") continue
    for (const id of row.content.from) if (id !== row.id) merged.add(stretch.keyOf(id))
    changes.push(Page.change(row, Page.version(row)))
  }
  const whole = new Map<string, Row<A>>()
  for (const row of fetched) if (row.content._tag !== "Merged") whole.set(stretch.keyOf(row.id), row)
  // A record that is there is not gone: it was kept by a key that the source's order had before.
  const there = new Set([...whole.values()].flatMap(({ content, id }) => (content._tag === "Deleted" ? [] : [id])))
  for (const [key, row] of stretch.source) if (row.row !== undefined) whole.set(key, row.row)

  const known = new Map(stretch.source.filter(([key, row]) => isSame(row, stretch.stored.get(key))))
  const remove: Array<string> = []
  for (const key of new Set([...stretch.source.map(([own]) => own), ...stretch.stored.keys()])) {
    const before = stretch.stored.get(key)
    const row = whole.get(key)
    if (known.has(key)) continue
    if (row !== undefined && row.content._tag !== "Deleted") {
      if (before === undefined || before.hash !== Page.contentHash(row))
        changes.push(Page.change(row, Page.version(row)))
      if (before?.hash !== Page.contentHash(row) || before.revision !== row.revision) put.push(snapshotRow(key, row))
    } else if (before !== undefined) {
      remove.push(key)
      const id = stretch.idOf(key)
      if (!merged.has(key) && !there.has(id)) changes.push(deletion(id, before))
    }
  }
  return { changes, put, remove }
}
