/**
 * Fields of the account's own. A query shows all of them as text; in a record they have the form that the types generated
 * from the account's catalogue promise: numbers as text with all their digits, list values as `{ id }`. Only those that the
 * options name with their type are read or written.
 */
import type { Issue } from "@mortise/core/ConnectorError"
import { shape } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import * as Json from "@mortise/core/Json"
import type { CustomFields, CustomType } from "../Config.ts"
import * as Query from "../Query.ts"
import { numeral } from "./numeral.ts"

export type Own = { readonly [field: string]: unknown }

export const columns = (fields: CustomFields): ReadonlyArray<Query.Column> =>
  Object.entries(fields).map(([name, type]) => (type === "date" ? Query.day(name) : Query.plain(name)))

/** Without needless zeros, so that one number is one text. */
const plainNumeral = (text: string): string | undefined => {
  const value = numeral(text)
  return value === undefined ? undefined : Decimal.format(value)
}

/** A value of a query as a record has it; undefined when the text is none of the type. */
export const read = (type: CustomType, text: string): unknown => {
  switch (type) {
    case "boolean":
      return text === "T" ? true : text === "F" ? false : undefined
    case "decimal":
    case "integer":
      return plainNumeral(text)
    case "reference":
      return { id: text }
    default:
      return text
  }
}

const numberOf = (value: unknown): string | undefined => (typeof value === "string" ? plainNumeral(value) : undefined)

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))

const idOf = (value: unknown): string | undefined => {
  const id = (value as { readonly id?: unknown } | null | undefined)?.id
  return typeof id === "string" && id !== "" ? id : undefined
}

const FITS: { readonly [T in CustomType]: (value: unknown) => boolean } = {
  text: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  decimal: (value) => numberOf(value) !== undefined,
  integer: (value) => /^-?\d+$/.test(numberOf(value) ?? ""),
  date: (value) => typeof value === "string" && isDay(value),
  reference: (value) => idOf(value) !== undefined,
}

const faultOf = (type: CustomType | undefined, value: unknown): string | undefined => {
  if (type === undefined) return "is not among the configured fields; name it with its type in `custom`"
  return value === null || FITS[type](value) ? undefined : `is no ${type} (${shape(value)})`
}

/** What cannot be written of a patch's own fields. */
export const faults = (values: Own, fields: CustomFields): ReadonlyArray<Issue> =>
  Object.entries(values).flatMap(([name, value]) => {
    const fault = value === undefined ? undefined : faultOf(fields[name], value)
    return fault === undefined ? [] : [{ path: ["custom", name], message: fault }]
  })

const isNumber = (type: CustomType | undefined): boolean => type === "decimal" || type === "integer"

const plain = (type: CustomType | undefined, value: unknown): unknown => {
  if (value === null || type === undefined) return value
  if (isNumber(type)) return numberOf(value)
  return type === "reference" ? { id: idOf(value) } : value
}

/** As {@link read} would give it back, for comparing. */
export const normal = (values: Own, fields: CustomFields): Own =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, plain(fields[name], value)]],
    ),
  )

/** As the record API takes it. */
export const body = (values: Own, fields: CustomFields): Own =>
  Object.fromEntries(
    Object.entries(normal(values, fields)).map(([name, value]) => [
      name,
      isNumber(fields[name]) && typeof value === "string" ? Json.number(value) : value,
    ]),
  )
