/**
 * The rows of a contact's tables of addresses and numbers. Each row is sent whole; the one that is meant is marked, and rows
 * of other values stay as they are.
 */

import type { Issue } from "@mortise/core/ConnectorError"
import { type Doc, textOf } from "./Doc.ts"

/** What is wanted: absent is untouched, null takes it away. */
export interface Wanted {
  readonly email?: string | null
  readonly phone?: string | null
  readonly mobile?: string | null
}

export const rowsOf = (existing: Doc | undefined, table: string): ReadonlyArray<Doc> =>
  (existing?.[table] ?? []) as ReadonlyArray<Doc>

const isOn = (row: Doc, mark: string): boolean => String(row[mark] ?? "0") === "1"

interface Marked {
  readonly field: string
  /** The column that holds the value, and the one that says that this row is the one. */
  readonly column: string
  readonly mark: string
}

const EMAIL: Marked = { field: "email", column: "email_id", mark: "is_primary" }
const PHONE: Marked = { field: "phone", column: "phone", mark: "is_primary_phone" }
const MOBILE: Marked = { field: "mobile", column: "phone", mark: "is_primary_mobile_no" }

/**
 * The table in which the value is the marked one. A row that has it already is marked; else the marked row takes it, or a
 * new one. Rows of other values stay as they are.
 */
const marked = (rows: ReadonlyArray<Doc>, { column, mark }: Marked, value: string): ReadonlyArray<Doc> => {
  const same = rows.findIndex((row) => textOf(row, column)?.toLowerCase() === value.toLowerCase())
  const old = rows.findIndex((row) => isOn(row, mark))
  const at = same >= 0 ? same : old
  const others = rows.map((row, index) => (index === at || !isOn(row, mark) ? row : { ...row, [mark]: 0 }))
  if (at < 0) return [...others, { [column]: value, [mark]: 1 }]
  return others.map((row, index) => (index === at ? { ...row, [column]: value, [mark]: 1 } : row))
}

/** A number that is marked for both uses keeps the other one. */
const unmarked = (rows: ReadonlyArray<Doc>, { mark }: Marked): ReadonlyArray<Doc> =>
  rows.flatMap((row) => {
    if (!isOn(row, mark)) return [row]
    const left = { ...row, [mark]: 0 }
    return isOn(left, PHONE.mark) || isOn(left, MOBILE.mark) ? [left] : []
  })

/** The number of one use; a row that serves both is left to the other use. */
const numbered = (rows: ReadonlyArray<Doc>, use: Marked, other: Marked, value: string): ReadonlyArray<Doc> => {
  const shared = rows.findIndex((row) => isOn(row, use.mark) && isOn(row, other.mark))
  const held = shared >= 0 && textOf(rows[shared] as Doc, use.column) !== value
  const free = held ? rows.map((row, index) => (index === shared ? { ...row, [use.mark]: 0 } : row)) : rows
  return marked(free, use, value)
}

export const emailsOf = ({ email }: Wanted, rows: ReadonlyArray<Doc>) => {
  if (email === undefined) return undefined
  return email === null ? unmarked(rows, EMAIL) : marked(rows, EMAIL, email)
}

export const phonesOf = ({ mobile, phone }: Wanted, rows: ReadonlyArray<Doc>) => {
  if (phone === undefined && mobile === undefined) return undefined
  const first =
    phone === undefined ? rows : phone === null ? unmarked(rows, PHONE) : numbered(rows, PHONE, MOBILE, phone)
  if (mobile === undefined) return first
  return mobile === null ? unmarked(first, MOBILE) : numbered(first, MOBILE, PHONE, mobile)
}

/** The last address cannot be taken away while others are there: the site would make one of them the first. */
export const clearing = ({ email }: Wanted, rows: ReadonlyArray<Doc>): ReadonlyArray<Issue> =>
  email === null && rows.some((row) => !isOn(row, EMAIL.mark))
    ? [{ path: ["email"], message: "the contact has further addresses, one of which would take its place" }]
    : []
