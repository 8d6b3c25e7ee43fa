/**
 * How the world keeps a record: plain JSON, so that a world can be dumped and loaded. Amounts and whole numbers are
 * decimal text, stamps are UTC text of one width (they compare as text), dates are `YYYY-MM-DD`.
 */
export type Cell = string | boolean | null

export interface Row {
  readonly id: string
  readonly fields: Record<string, Cell>
  /** Linked entities, `MainContact`. */
  readonly links: Record<string, Row>
  /** Detail lines, `Details`. */
  readonly rows: Record<string, Array<Row>>
  /** The tenant's own fields: data view, then field. */
  readonly custom: Record<string, Record<string, Cell>>
  note: string
}

/** A top-level record. */
export interface Doc extends Row {
  created: string
  /** What the modified field of its form shows. */
  modified: string
  /** The stamp of the business account behind a customer, which other edits move. */
  accountModified?: string
}

export const row = (id: string): Row => ({ id, fields: {}, links: {}, rows: {}, custom: {}, note: "" })

export const stamp = (millis: number): string => new Date(millis).toISOString()

export const day = (millis: number, zoneMinutes: number): string =>
  new Date(millis + zoneMinutes * 60_000).toISOString().slice(0, 10)

export const text = (of: Row, field: string): string => {
  const cell = of.fields[field]
  return typeof cell === "string" ? cell : ""
}

export const flag = (of: Row, field: string): boolean => of.fields[field] === true

export const lines = (of: Row, member: string): ReadonlyArray<Row> => of.rows[member] ?? []

/** A linked entity, made when it is not there yet. */
export const link = (of: Row, name: string): Row => {
  const existing = of.links[name]
  if (existing !== undefined) return existing
  const made = row("")
  of.links[name] = made
  return made
}
