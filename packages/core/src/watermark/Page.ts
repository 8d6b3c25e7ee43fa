/**
 * Makes a page of rows: each record once, with the version by which it is known, without what a committed page has
 * delivered before.
 */
import * as Effect from "effect/Effect"
import type * as Change from "../Change.ts"
import type { ConnectorError } from "../ConnectorError.ts"
import * as ContentHash from "../ContentHash.ts"
import type * as StateStore from "../StateStore.ts"
import type { Row } from "./Row.ts"
import * as Stamp from "./Stamp.ts"

type Mark = Change.StoreDelta["marks"][number]

/** What a page is made of before it gets its cursor. */
export interface Draft<A> {
  readonly changes: ReadonlyArray<Change.Change<A>>
  readonly marks: ReadonlyArray<Mark>
}

/** What the row says, as a short text: equal for equal contents. */
export const contentHash = <A>(row: Row<A>): string => {
  switch (row.content._tag) {
    case "Record":
      return row.content.hash
    case "Deleted":
      return "deleted"
    case "Merged":
      return `merged:${row.id}`
    case "Undecodable":
      return `undecodable:${row.content.hash ?? ContentHash.ofJson([row.content.reason._tag, row.content.reason.message])}`
  }
}

/** Equal for equal states of a record: its stamp (or else its revision) and the hash of its content. */
export const version = <A>(row: Row<A>): string => `${row.stamp ?? row.revision ?? ""}#${contentHash(row)}`

/** The ids under which the row is remembered: a merge under the ids that it ended. */
const markIds = <A>(row: Row<A>): ReadonlyArray<string> =>
  row.content._tag === "Merged" ? row.content.from.filter((id) => id !== row.id) : [row.id]

export const change = <A>(row: Row<A>, known: string): Change.Change<A> => {
  const { id, content, stamp } = row
  switch (content._tag) {
    case "Record":
      return {
        _tag: "Upserted",
        id,
        version: known,
        ...(stamp === undefined ? {} : { stamp }),
        hash: content.hash,
        record: content.record,
      }
    case "Deleted":
      return { _tag: "Deleted", id, version: known }
    case "Merged":
      return { _tag: "Merged", from: content.from, into: id, version: known }
    case "Undecodable":
      return { _tag: "Undecodable", id, version: known, reason: content.reason }
  }
}

/** What this crawl or a committed page delivered of a record, the last of it first. */
type Delivered = readonly [last: string, ...before: ReadonlyArray<string>]

const parts = (mark: string): readonly [stamp: string, hash: string] => {
  const cut = mark.indexOf("#")
  return [mark.slice(0, cut), mark.slice(cut + 1)]
}

/** How far the first stamp lies behind the second. */
const behind = (stamp: string, other: string): bigint => (Stamp.parse(other) ?? 0n) - (Stamp.parse(stamp) ?? 0n)

/**
 * Whether a row says more than what was delivered. Equal versions do not; neither does a state older than the last one,
 * which a source with several copies or a delayed index may give; nor a merge that was told before and only moved its
 * stamp. Which of two contents of one stamp is the newer cannot be told, and taking both loses neither. The same holds
 * for stamps that are no further apart than the source's clock may be put back.
 */
const isNews = <A>(row: Row<A>, known: string, delivered: Delivered, runsBack: bigint): boolean => {
  const own = contentHash(row)
  if (delivered.includes(known)) return false
  if (row.content._tag === "Merged" && delivered.some((mark) => parts(mark)[1] === own)) return false
  const [stamp, hash] = parts(delivered[0])
  if (row.stamp === undefined || stamp === "" || row.stamp >= stamp) return true
  return hash !== own && behind(row.stamp, stamp) <= runsBack
}

/** A record that stands twice in one answer is taken once, by the later stamp, or else as it came last. */
const fold = <A>(rows: ReadonlyArray<Row<A>>): ReadonlyArray<Row<A>> => {
  const latest = new Map<string, Row<A>>()
  for (const row of rows) {
    const key = `${row.content._tag === "Merged" ? "m" : "r"}${row.id}`
    const before = latest.get(key)
    if (before?.stamp !== undefined && row.stamp !== undefined && row.stamp < before.stamp) continue
    latest.delete(key)
    latest.set(key, row)
  }
  return [...latest.values()]
}

export interface Memory {
  /** What this crawl delivered on pages that may not be committed yet. */
  readonly seen?: ReadonlyMap<string, string>
  /** How far the source's clock may be put back. */
  readonly runsBack?: bigint
}

export const draft = <A>(
  store: Pick<StateStore.Service, "marks">,
  stream: string,
  rows: ReadonlyArray<Row<A>>,
  { runsBack = 0n, seen = new Map() }: Memory = {},
): Effect.Effect<Draft<A>, ConnectorError> =>
  Effect.gen(function* () {
    const single = fold(rows)
    const ids = single.flatMap(markIds)
    const stored: ReadonlyMap<string, string> = ids.length === 0 ? new Map() : yield* store.marks(stream, ids)
    const changes: Array<Change.Change<A>> = []
    const marks: Array<Mark> = []
    for (const row of single) {
      const known = version(row)
      const news = markIds(row).filter((id) => {
        const [last, ...before] = [seen.get(id), stored.get(id)].filter((mark) => mark !== undefined)
        return last === undefined || isNews(row, known, [last, ...before], runsBack)
      })
      if (news.length === 0) continue
      changes.push(change(row, known))
      for (const id of markIds(row)) marks.push({ id, version: known })
    }
    return { changes, marks }
  })
