/**
 * Reads the members of one document, names them in issues, and never lets one bad member hide the others. A member that
 * the document does not have is null: single reads leave nulls out, and lists show what was asked for.
 */
import { type Issue, shape } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import { JsonNumber } from "@mortise/core/Json"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import { DECIMAL_PLACES } from "../Limits.ts"
import type { Doc } from "./Doc.ts"

export interface Reader {
  readonly text: (name: string) => string | null
  readonly decimal: (name: string) => Decimal.Decimal | null
  readonly flag: (name: string) => boolean
  /** Rows of a table, or of what stands beside the document; none where there are none. */
  readonly rows: (name: string) => ReadonlyArray<Reader>
  readonly raw: (name: string) => unknown
  readonly issues: Array<Issue>
}

/** A save answers with what it computed in doubles, 0.09999999999999964; the column keeps nine places of it. */
const stored = (value: Decimal.Decimal): Decimal.Decimal =>
  value.scale > DECIMAL_PLACES ? BigDecimal.round(value, { scale: DECIMAL_PLACES }) : value

const decimalOf = (value: unknown): Decimal.Decimal | undefined =>
  typeof value === "string" || value instanceof JsonNumber
    ? Option.getOrUndefined(Option.map(Decimal.parse(value), stored))
    : undefined

/** Checks are integers; some single reads show them as text. */
const isOn = (value: unknown): boolean => value === true || String(value ?? "0") === "1"

export const make = (doc: Doc, path: ReadonlyArray<string> = [], issues: Array<Issue> = []): Reader => ({
  text: (name) => {
    const value = doc[name]
    if (value === undefined || value === null || value === "") return null
    if (typeof value === "string") return value
    if (value instanceof JsonNumber) return value.text
    issues.push({ path: [...path, name], message: `expected a text, found ${shape(value)}` })
    return null
  },
  decimal: (name) => {
    const value = doc[name]
    if (value === undefined || value === null || value === "") return null
    const decimal = decimalOf(value)
    if (decimal !== undefined) return decimal
    issues.push({ path: [...path, name], message: `expected a number, found ${shape(value)}` })
    return null
  },
  flag: (name) => isOn(doc[name]),
  rows: (name) => {
    const rows = doc[name]
    if (!Array.isArray(rows)) return []
    return rows.map((row: unknown, index) => make((row ?? {}) as Doc, [...path, name, String(index)], issues))
  },
  raw: (name) => doc[name],
  issues,
})

/** The members that are known; those that were not told stay out. */
export const known = <T extends { readonly [name: string]: unknown }>(
  members: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } => {
  const entries = Object.entries(members).filter(([, member]) => member !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

/** A link as a reference: the name is both its id and the number that people know. */
export const link = (name: string | null) => (name === null ? null : { id: name, number: name })
