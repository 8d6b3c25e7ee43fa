/**
 * How the world keeps a record: plain JSON, so that a world can be dumped and loaded. Amounts and whole numbers are decimal
 * text, dates and instants stand in the form of the wire, members of enumerations by their names. What a record does not
 * hold shows the empty value of its kind.
 */
export type Cell = string | null

/** A row of one of the tables that an entity joins: its version and its id; `[0, 0]` where the join found none. */
export type Source = [version: number, recId: number]

export interface Doc {
  readonly id: string
  /** Lower case; empty for what all companies share. */
  readonly company: string
  readonly fields: Record<string, Cell>
  readonly sources: Array<Source>
  created: string
  /** Of the first table alone, which is what `SysModifiedDateTime` shows. */
  modified: string
}

export const text = (doc: Doc, field: string): string => doc.fields[field] ?? ""

/** Instants have seconds, no more. */
export const stamp = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`

export const day = (millis: number): string => `${new Date(millis).toISOString().slice(0, 10)}T12:00:00Z`

/** A day as the service keeps it, from a date with or without a time. */
export const noon = (date: string): string => `${date.slice(0, 10)}T12:00:00Z`

export const NO_DAY = "1900-01-01T12:00:00Z"
export const NO_INSTANT = "1900-01-01T00:00:00Z"

/** A day so many days later. */
export const daysAfter = (date: string, days: number): string => day(Date.parse(date) + days * 86_400_000)

export const isNone = (date: string): boolean => date === "" || date.startsWith("1900-01-01")

export const recId = (doc: Doc): string => String(doc.sources[0]?.[1] ?? 0)
