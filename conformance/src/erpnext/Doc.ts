/** Documents as the twin keeps them: columns that hold something, and child tables. */

/** Text, dates and decimals are text; integers and checks are numbers; what is null is not there. */
export type Value = string | number | null
export type Columns = Record<string, Value>

export interface Doc {
  readonly doctype: string
  readonly columns: Columns
  readonly tables: Record<string, Array<Columns>>
}

export const copy = (doc: Doc): Doc => ({
  doctype: doc.doctype,
  columns: { ...doc.columns },
  tables: Object.fromEntries(Object.entries(doc.tables).map(([name, rows]) => [name, rows.map((one) => ({ ...one }))])),
})

/** The text of a column, empty for null. */
export const text = (columns: Columns, name: string): string => {
  const value = columns[name]
  return value === undefined || value === null ? "" : String(value)
}

export const decimal = (columns: Columns, name: string): string => {
  const value = text(columns, name)
  return value === "" ? "0" : value
}

export const integer = (columns: Columns, name: string): number => Number(columns[name] ?? 0)

export const isSet = (columns: Columns, name: string): boolean => integer(columns, name) === 1

export const given = (columns: Columns, name: string): boolean => text(columns, name) !== ""

export const nameOf = (doc: Doc): string => text(doc.columns, "name")

export const docstatus = (doc: Doc): number => integer(doc.columns, "docstatus")

export const rows = (doc: Doc, table: string): Array<Columns> => doc.tables[table] ?? []
