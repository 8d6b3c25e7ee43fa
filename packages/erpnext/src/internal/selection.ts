/** What is asked of the site for a set of our fields: columns, child tables with theirs, and what stands beside. */
import type { Members } from "./Mapping.ts"

export interface Selection {
  readonly columns: ReadonlyArray<string>
  readonly tables: ReadonlyMap<string, ReadonlyArray<string>>
  readonly sides: ReadonlyArray<string>
}

/** Columns that are asked for whatever the fields are. */
const ALWAYS = ["name", "modified", "docstatus"]

export const of = (members: Members, fields: ReadonlyArray<string>, more: ReadonlyArray<string> = []): Selection => {
  const paths = fields.flatMap((field) => members[field] ?? [])
  const columns = new Set([...ALWAYS, ...more])
  const tables = new Map<string, Array<string>>()
  const sides = new Set<string>()
  for (const path of new Set(paths)) {
    const [table = "", column] = path.split("/")
    if (path.startsWith("@")) sides.add(path)
    else if (column === undefined) columns.add(table)
    else tables.set(table, [...(tables.get(table) ?? []), column])
  }
  return { columns: [...columns], tables, sides: [...sides] }
}
