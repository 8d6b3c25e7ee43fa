/**
 * Pages by key out of lists that promise no order. A list is asked for the records after a key; when it answers with
 * more than a page, an upper bound is drawn from what came and the list is asked again, until a question is answered in
 * full. What is handed on is always the whole set between two keys, whatever the order of the rows was.
 *
 * Which key is greater is for the server to say: its collation may fold case or pass over dashes. Our own order only
 * guesses at a bound that halves the rest; that the last bound is never drawn again makes every round smaller.
 */

import { ConnectorError, Decode } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"

/** A list that can be bounded by one key field. */
export interface Keyed<W> {
  readonly operation: string
  readonly field: string
  readonly literal: (key: string) => string
  readonly keyOf: (row: W) => string
  readonly compare: (a: string, b: string) => number
  readonly ask: (condition: Filter.Filter | undefined, top: number) => Effect.Effect<ReadonlyArray<W>, ConnectorError>
}

export interface Question {
  readonly after?: string
  readonly upTo?: string
  readonly limit: number
}

/** `upTo` is the key up to which the page is whole; absent, nothing is left. */
export interface Page<W> {
  readonly rows: ReadonlyArray<W>
  readonly upTo?: string
}

// Each round leaves about half of what lay below the bound; a server that answers more rounds than this with a full list
// does not filter by the key at all.
const ROUNDS = 64

const isAscending = <W>(keyed: Keyed<W>, rows: ReadonlyArray<W>): boolean =>
  rows.every((row, index) => {
    const before = rows[index - 1]
    return before === undefined || keyed.compare(keyed.keyOf(before), keyed.keyOf(row)) < 0
  })

/** The bound for the next question: the end of the page where the rows stand in order, else the middle. */
const boundOf = <W>(
  keyed: Keyed<W>,
  rows: ReadonlyArray<W>,
  { limit, last }: { readonly limit: number; readonly last: string | undefined },
): string | undefined => {
  const keys = rows.map(keyed.keyOf).filter((key) => key !== "" && key !== last)
  const index = isAscending(keyed, rows) ? limit - 1 : Math.ceil(limit / 2) - 1
  return keys.sort(keyed.compare)[Math.max(0, Math.min(index, keys.length - 1))]
}

export const page = <W>(keyed: Keyed<W>, { after, limit, upTo }: Question): Effect.Effect<Page<W>, ConnectorError> =>
  Effect.gen(function* () {
    let bound = upTo
    for (let round = 0; round < ROUNDS; round++) {
      const condition = Filter.all(
        after === undefined ? undefined : Filter.compare(keyed.field, "gt", keyed.literal(after)),
        bound === undefined ? undefined : Filter.compare(keyed.field, "le", keyed.literal(bound)),
      )
      const rows = yield* keyed.ask(condition, limit + 1)
      if (rows.length <= limit) return ordered(keyed, rows, bound)
      bound = boundOf(keyed, rows, { limit, last: bound }) ?? bound
    }
    const message = `the list does not heed conditions on ${keyed.field}; it cannot be read in pages`
    return yield* Effect.fail(
      new ConnectorError({
        system: "acumatica",
        operation: keyed.operation,
        reason: new Decode({ message, issues: [] }),
      }),
    )
  })

/** In the order of the keys, the bound last: by the server's own order nothing of the page lies behind it. */
const ordered = <W>(keyed: Keyed<W>, rows: ReadonlyArray<W>, bound: string | undefined): Page<W> => {
  const sorted = [...rows].sort((a, b) => keyed.compare(keyed.keyOf(a), keyed.keyOf(b)))
  if (bound === undefined) return { rows: sorted }
  const last = sorted.filter((row) => keyed.keyOf(row) === bound)
  return { rows: [...sorted.filter((row) => keyed.keyOf(row) !== bound), ...last], upTo: bound }
}
