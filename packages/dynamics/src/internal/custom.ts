/**
 * A tenant's own fields. They are properties like any other; in a record they are plain JSON, as the generated types have
 * them: numbers as text with all their digits, all else as the service writes it, and null for what is empty. Only those
 * that the options name are read or written.
 */
import { type Issue, shape } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import * as Json from "@mortise/core/Json"
import * as Option from "effect/Option"
import type { CustomFields, CustomType } from "../Config.ts"
import type { Reader } from "./Reader.ts"
import type { Body } from "./records.ts"

type Plain = string | null | undefined

// How the service writes that there is none.
const NO_DATE = { Date: "1900-01-01T12:00:00Z", DateTime: "1900-01-01T00:00:00Z" } as const

const numbered = (type: CustomType): boolean => type === "Decimal" || type === "Int"
const dated = (type: CustomType): type is "Date" | "DateTime" => type === "Date" || type === "DateTime"

const readAs = (reader: Reader<{ readonly [name: string]: unknown }>, name: string, type: CustomType): Plain => {
  if (numbered(type)) {
    const decimal = reader.decimal(name)
    return decimal === undefined || decimal === null ? decimal : Decimal.format(decimal)
  }
  const text = reader.text(name)
  return dated(type) && text?.startsWith("1900-01-01T") === true ? null : text
}

/** What the record holds of these fields; undefined when it was told of none. */
export const read = (reader: Reader<never>, fields: CustomFields): { readonly [name: string]: Plain } | undefined => {
  const own = reader as unknown as Reader<{ readonly [name: string]: unknown }>
  const found = Object.entries(fields).map(([name, type]) => [name, readAs(own, name, type)] as const)
  const told = found.filter(([, value]) => value !== undefined)
  return told.length === 0 ? undefined : Object.fromEntries(told)
}

const decimalOf = (value: unknown): Decimal.Decimal | undefined =>
  typeof value === "string" ? Option.getOrUndefined(Decimal.parse(value)) : undefined

const DAY = /^\d{4}-\d{2}-\d{2}$/
const FORMS: { readonly [T in Exclude<CustomType, "Decimal">]: RegExp } = {
  String: /^/,
  Int: /^-?\d{1,19}$/,
  Enum: /^\w+$/,
  Date: /^\d{4}-\d{2}-\d{2}(?:T12:00:00Z)?$/,
  DateTime: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?Z$/,
}

const fits = (type: CustomType, value: unknown): boolean =>
  type === "Decimal" ? decimalOf(value) !== undefined : typeof value === "string" && FORMS[type].test(value)

const faultOf = (type: CustomType | undefined, value: unknown): string | undefined => {
  if (type === undefined) return "is not among the configured fields; name it with its type in `custom`"
  if (value === null)
    return type === "String" || dated(type) ? undefined : "cannot be cleared; only texts and dates can"
  return fits(type, value) ? undefined : `is no ${type} (${shape(value)})`
}

/** What cannot be written of a patch's own fields. */
export const faults = (values: { readonly [name: string]: unknown }, fields: CustomFields): ReadonlyArray<Issue> =>
  Object.entries(values).flatMap(([name, value]) => {
    const fault = value === undefined ? undefined : faultOf(fields[name], value)
    return fault === undefined ? [] : [{ path: ["custom", name], message: fault }]
  })

const normalOf = (type: CustomType | undefined, value: unknown): unknown => {
  const decimal = type !== undefined && numbered(type) ? decimalOf(value) : undefined
  if (decimal !== undefined) return Decimal.format(decimal)
  return type === "Date" && typeof value === "string" && DAY.test(value) ? `${value}T12:00:00Z` : value
}

/** As `read` would give it back, for comparing. */
export const normal = (values: { readonly [name: string]: unknown }, fields: CustomFields) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, normalOf(fields[name], value)]))

const sent = (type: CustomType, value: unknown): unknown => {
  if (value === null) return dated(type) ? NO_DATE[type] : ""
  const normal = normalOf(type, value)
  return numbered(type) ? new Json.JsonNumber({ text: String(normal) }) : normal
}

/** The members of a body. */
export const body = (values: { readonly [name: string]: unknown }, fields: CustomFields): Body =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const type = fields[name]
      return type === undefined || value === undefined ? [] : [[name, sent(type, value)]]
    }),
  )
