/**
 * Conditions in the vendor's subset of OData 3. Values come from outside and are untrusted: every literal is made here,
 * quotes doubled, so that a key cannot end its literal and change the question. The client encodes the whole for the
 * address, the `+` of an offset above all.
 */
import type { Instant } from "@mortise/core/Values"

/** A condition as text. Only this module makes one. */
export type Filter = string & { readonly Filter: unique symbol }

const filter = (text: string): Filter => text as Filter

/** Text in quotes; a quote inside is doubled. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** A point in time with its offset spelt out. */
export const instant = (value: Instant): string => `datetimeoffset'${value.replace(/Z$/, "+00:00")}'`

type Comparison = "eq" | "ne" | "gt" | "ge" | "lt" | "le"

export const compare = (field: string, comparison: Comparison, literal: string): Filter =>
  filter(`${field} ${comparison} ${literal}`)

export const equals = (field: string, value: string): Filter => compare(field, "eq", text(value))

/** A field outside the contract, by its view and name. */
export const customEquals = (viewAndField: string, value: string): Filter =>
  filter(`cf.String(f=${text(viewAndField)}) eq ${text(value)}`)

/** All hold. Absent ones are left out; none at all gives undefined. */
export const all = (...parts: ReadonlyArray<Filter | undefined>): Filter | undefined => {
  const present = parts.filter((part) => part !== undefined)
  return present.length === 0 ? undefined : filter(present.map(group).join(" and "))
}

/** One holds. */
export const any = (parts: ReadonlyArray<Filter>): Filter => filter(parts.map(group).join(" or "))

const group = (part: Filter): string => (/ (?:or|and) /.test(part) ? `(${part})` : part)

/** From inclusive, before exclusive. */
export const within = (
  field: string,
  range: { readonly from?: Instant; readonly before?: Instant },
): Filter | undefined =>
  all(
    range.from === undefined ? undefined : compare(field, "ge", instant(range.from)),
    range.before === undefined ? undefined : compare(field, "lt", instant(range.before)),
  )
