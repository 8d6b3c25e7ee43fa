/**
 * Two forms of the same documents as one source. The first form wins where both show a document, so that it appears
 * once. Both are asked for the same range, and the first one first: a document that changes between the two answers
 * leaves the range and comes with the next reading.
 */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import type { Scanned, ScanQuestion, Source } from "./source.ts"

const merged = <A>(
  first: ReadonlyArray<Watermark.Row<A>>,
  second: ReadonlyArray<Watermark.Row<A>>,
): ReadonlyArray<Watermark.Row<A>> => {
  const ids = new Set(first.map((row) => row.id))
  return [...first, ...second.filter((row) => !ids.has(row.id))]
}

const byId = <A>(a: Watermark.Row<A>, b: Watermark.Row<A>): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const lower = (a: string | undefined, b: string | undefined): string | undefined => {
  if (a === undefined || b === undefined) return a ?? b
  return a < b ? a : b
}

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
})

/** Asks both up to one end: where one form's page ends earlier, the other is asked again up to there. */
const scanBoth = <A>(
  first: Source<A>,
  second: Source<A>,
  question: ScanQuestion,
): Effect.Effect<Scanned<A>, ConnectorError> =>
  Effect.gen(function* () {
    let end = question.upToId
    let [one, two]: [Scanned<A> | undefined, Scanned<A> | undefined] = [undefined, undefined]
    for (;;) {
      const bounded: ScanQuestion = { ...question, ...(end === undefined ? {} : { upToId: end }) }
      one ??= yield* first.scan(bounded)
      two ??= yield* second.scan(bounded)
      const next = lower(lower(one.upToId, two.upToId), end)
      if (next === end || next === undefined) break
      // A form whose page was whole up to a later id is asked again, up to the common one.
      const [oneEnds, twoEnds] = [one.upToId === next, two.upToId === next]
      end = next
      if (!oneEnds) one = undefined
      if (!twoEnds) two = undefined
      if (oneEnds && twoEnds) break
    }
    const rows = [...merged(one?.rows ?? [], two?.rows ?? [])].sort(byId)
    const serverTime = one?.serverTime ?? two?.serverTime
    const told = serverTime === undefined ? {} : { serverTime }
    return { rows, ...(end === undefined || end === question.upToId ? {} : { upToId: end }), ...told }
  })
