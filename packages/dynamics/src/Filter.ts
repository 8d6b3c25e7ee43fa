/**
 * Conditions for `$filter`, of the operators that Finance & Operations documents: no `in`, no `has`, no functions. Values
 * come from outside and are untrusted: every literal is made here, so that a value cannot end its literal and change the
 * question. A star anywhere in a text is a wildcard and cannot be escaped: what such a condition finds has to be
 * compared once more, see `isExact`.
 */
import * as Keys from "./Keys.ts"

/** A condition as text. Only this module makes one. */
export type Filter = string & { readonly Filter: unique symbol }

const filter = (text: string): Filter => text as Filter

/** A literal as text. */
export type Literal = string & { readonly Literal: unique symbol }

const made = (text: string): Literal => text as Literal

export const text = (value: string): Literal => made(Keys.literal(value))

/** A point in time, or the day of an AX date, `2026-07-01T12:00:00Z`. Undefined for what is no date. */
export const instant = (value: string): Literal | undefined =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?(?:Z|[+-]\d{2}:\d{2})$/.test(value) ? made(value) : undefined

/** A whole or decimal number by its digits; undefined for anything else. */
export const number = (digits: string): Literal | undefined =>
  /^-?\d{1,28}(?:\.\d{1,28})?$/.test(digits) ? made(digits) : undefined

const NAMESPACE = "Microsoft.Dynamics.DataEntities"

/** A member of an enumeration; it can only be compared by `eq` and `ne`. */
export const member = (enumeration: string, name: string): Literal | undefined =>
  /^\w+$/.test(enumeration) && /^\w+$/.test(name) ? made(`${NAMESPACE}.${enumeration}'${name}'`) : undefined

export type Comparison = "eq" | "ne" | "gt" | "ge" | "lt" | "le"

type Named = { readonly [field: string]: unknown }

/** `R`: the record, whose fields these are. */
export const compare = <R extends object = Named>(
  field: keyof R & string,
  comparison: Comparison,
  literal: Literal,
): Filter => filter(`${field} ${comparison} ${literal}`)

export const equals = <R extends object = Named>(field: keyof R & string, value: string): Filter =>
  compare<R>(field, "eq", text(value))

/** False when the text holds a wildcard, so that `equals` finds others beside it. */
export const isExact = (value: string): boolean => !value.includes("*")

/** All hold. Absent ones are left out; none at all gives undefined. */
export const all = (...parts: ReadonlyArray<Filter | undefined>): Filter | undefined => {
  const present = parts.filter((each) => each !== undefined)
  return present.length === 0 ? undefined : filter(present.join(" and "))
}

/** One holds. In brackets, so that it can stand among those that all hold. */
export const any = (first: Filter, ...others: ReadonlyArray<Filter>): Filter =>
  others.length === 0 ? first : filter(`(${[first, ...others].join(" or ")})`)
