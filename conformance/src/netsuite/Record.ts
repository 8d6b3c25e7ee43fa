/**
 * How the world keeps a record: plain JSON, so that a world can be dumped and loaded. Amounts and whole numbers are
 * decimal text, references and enums are the text of their id, dates are `YYYY-MM-DD`, stamps are milliseconds as text.
 */
export type Cell = string | boolean | null

export interface Row {
  readonly fields: Record<string, Cell>
  /** Subrecords, `billingAddress`. */
  readonly parts: Record<string, Row>
}

/** A row of a sublist. */
export interface Line extends Row {
  /** Never given twice within one sublist of one record. */
  readonly key: string
}

export interface Doc extends Row {
  readonly id: string
  readonly type: string
  readonly subs: Record<string, ReadonlyArray<Line>>
  readonly created: number
  /** Exact; what is shown of it is floored. */
  modified: number
  /** The last key that was given to a line. */
  lastLine: number
  /** A workflow holds the record: it cannot be loaded. */
  locked: boolean
}

export const row = (): Row => ({ fields: {}, parts: {} })

export const line = (key: string): Line => ({ key, ...row() })

export const doc = (type: string, id: string, now: number): Doc => ({
  ...row(),
  id,
  type,
  subs: {},
  created: now,
  modified: now,
  lastLine: 0,
  locked: false,
})

export const text = (of: Row, field: string): string => {
  const cell = of.fields[field]
  return typeof cell === "string" ? cell : ""
}

export const flag = (of: Row, field: string): boolean => of.fields[field] === true

export const lines = (of: Doc, sub: string): ReadonlyArray<Line> => of.subs[sub] ?? []

export const copy = (of: Doc): Doc => structuredClone(of)
