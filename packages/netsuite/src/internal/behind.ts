/**
 * Where a question goes on behind a full page. A place in a count of rows would move when somebody takes a line away
 * meanwhile, and rows of documents that nobody touched would come twice or not at all; a place in the keys stays.
 */

import * as Filter from "../Filter.ts"
import type { Row } from "./Records.ts"

/** The rows of a full page that are whole: of its last document, lines may follow. All of them when it is the only one. */
export const wholeOf = (rows: ReadonlyArray<Row>, key: string): ReadonlyArray<Row> => {
  const last = rows.at(-1)?.[key]
  const whole = rows.filter((row) => row[key] !== last)
  return whole.length === 0 ? rows : whole
}

const numberOf = (row: Row, key: string): string | undefined => {
  const value = row[key]
  return value && Number.isFinite(Number(value)) ? value : undefined
}

/** The rows that come after this one in the order of these keys; undefined where one of them is no number. */
export const behind = ([key, ...rest]: ReadonlyArray<string>, row: Row): Filter.Filter | undefined => {
  const value = key === undefined ? undefined : numberOf(row, key)
  if (key === undefined || value === undefined) return undefined
  const after = Filter.after(key, value)
  if (rest.length === 0) return after
  const deeper = behind(rest, row)
  return deeper === undefined
    ? undefined
    : Filter.any([after, Filter.all(Filter.id(key, value), deeper) as Filter.Filter])
}
