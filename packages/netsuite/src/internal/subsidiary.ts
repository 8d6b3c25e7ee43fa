/**
 * The records of the configured subsidiary. Customers and contacts have it as a column; the header of a document has not, in
 * most accounts, and is found by its first line; items belong to several and are not told apart by them.
 */

import * as Filter from "../Filter.ts"
import type { Settings } from "../Settings.ts"
import * as Tables from "../Tables.ts"

const COLUMN = "subsidiary"

/** The condition on a table; undefined where there is none to make. */
export const condition = ({ subsidiary }: Settings, table: string): Filter.Filter | undefined => {
  if (subsidiary === undefined || table === "item") return undefined
  const own = Filter.id(COLUMN, subsidiary)
  if (table !== "transaction") return own
  const { key, table: from } = Tables.SIDE.line
  const where = Filter.all(Filter.equals("mainline", "T"), own) as Filter.Filter
  return Filter.within("id", { from, column: key, where })
}
