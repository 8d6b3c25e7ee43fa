/**
 * Two forms of the same documents as one source. The first form wins where both show a document, so that it appears
 * once. Both are asked for the same range, and the first one first: a document that changes between the two answers
 * leaves the range and comes with the next reading.
 */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Keys from "../Keys.ts"
import type { Scanned, ScanQuestion, Source } from "./source.ts"

const merged = <A>(
  first: ReadonlyArray<Watermark.Row<A>>,
  second: ReadonlyArray<Watermark.Row<A>>,
): ReadonlyArray<Watermark.Row<A>> => {
  const ids = new Set(first.map((row) => row.id))
  return [...first, ...second.filter((row) => !ids.has(row.id))]
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const make = <A>(first: Source<A>, second: Source<A>): Source<A> => ({
  read: (question) =>
    Effect.gen(function* () {
      const one = yield* first.read(question)
      const two = yield* second.read(question)
      const serverTime = one.serverTime ?? two.serverTime
      return {
        rows: merged(one.rows, two.rows),
        more: one.more || two.more,
        ...(serverTime === undefined ? {} : { serverTime }),
      }
    }),

  scan: (question) => scanBoth(first, second, question),

  byIds: (ids) =>
    Effect.gen(function* () {
      const found = yield* first.byIds(ids)
      const there = new Set(found.map((row) => row.id))
      const left = ids.filter((id) => !there.has(id))
      return left.length === 0 ? found : merged(found, yield* second.byIds(left))
    }),

  found: (ids) =>
    Effect.gen(function* () {
      const found = yield* first.found(ids)
      const there = new Set(found.map(({ id }) => id))
      const left = ids.filter((id) => !there.has(id))
      return left.length === 0 ? found : [...found, ...(yield* second.found(left))]
    }),
})

/**
 * Asks both up to one end. The end of a page is among the rows of its question, so a form that is asked up to the other's
 * end can only end earlier: then the other is asked again up to there. Nothing is compared here, for the order of the
 * keys is the server's.
 */
const scanBoth = <A>(
  first: Source<A>,
  second: Source<A>,
  question: ScanQuestion,
): Effect.Effect<Scanned<A>, ConnectorError> =>
  Effect.gen(function* () {
    const upTo = (source: Source<A>, end: string | undefined) =>
      source.scan({ ...question, ...(end === undefined ? {} : { upToId: end }) })
    let one = yield* upTo(first, question.upToId)
    let end = one.upToId ?? question.upToId
    let two = yield* upTo(second, end)
    while (two.upToId !== undefined) {
      end = two.upToId
      one = yield* upTo(first, end)
      if (one.upToId === undefined) break
      // Something came between, and the first form is not whole up to there any more.
      end = one.upToId
      two = yield* upTo(second, end)
    }
    const serverTime = one.serverTime ?? two.serverTime
    return {
      rows: endLast(merged(one.rows, two.rows), end),
      ...(end === undefined || end === question.upToId ? {} : { upToId: end }),
      ...(serverTime === undefined ? {} : { serverTime }),
    }
  })

/** By id, and the one that the next page goes on behind at the end. */
const endLast = <A>(
  rows: ReadonlyArray<Watermark.Row<A>>,
  end: string | undefined,
): ReadonlyArray<Watermark.Row<A>> => {
  const sorted = [...rows].sort((a, b) => byCodeUnit(Keys.sortKey(a.id), Keys.sortKey(b.id)))
  return [...sorted.filter((row) => row.id !== end), ...sorted.filter((row) => row.id === end)]
}
