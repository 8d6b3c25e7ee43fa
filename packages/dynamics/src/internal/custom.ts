/**
 * A tenant's own fields. They are properties like any other; in a record they are plain JSON: texts, booleans, days as
 * `2026-07-01`, and decimals as text without needless zeros. Only those that the options name are read or written.
 */
import { type Issue, shape } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import * as Option from "effect/Option"
import type { CustomFields, CustomType } from "../Config.ts"
import { flag } from "./body.ts"
import type { Reader } from "./Reader.ts"
import type { Body } from "./records.ts"

type Plain = string | boolean | number | null | undefined

const readAs = (reader: Reader<{ readonly [name: string]: unknown }>, name: string, type: CustomType): Plain => {
  if (typeof type === "object") return reader.text(name)
  if (type === "Flag") return reader.flag(name)
  if (type === "Int") return reader.integer(name)
  if (type === "Date") return reader.day(name)
  if (type === "DateTime") return reader.instant(name)
  if (type === "String") return reader.text(name)
  const decimal = reader.decimal(name)
  return decimal === undefined || decimal === null ? decimal : Decimal.format(decimal)
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

const fits = (type: CustomType, value: unknown): boolean => {
  if (typeof type === "object") return typeof value === "string" && /^\w+$/.test(value)
  if (type === "Flag") return typeof value === "boolean"
  if (type === "Int") return Number.isSafeInteger(value)
  if (type === "Decimal") return decimalOf(value) !== undefined
  if (type === "Date") return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)
  if (type === "DateTime") return typeof value === "string" && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)
  return typeof value === "string"
}

const faultOf = (type: CustomType | undefined, value: unknown): string | undefined => {
  if (type === undefined) return "is not among the configured fields; name it with its type in `custom`"
  if (value === null)
    return type === "String" || type === "Date" || type === "DateTime"
      ? undefined
      : "cannot be cleared; only texts and dates can"
  const name = typeof type === "object" ? type.enumeration : type
  return fits(type, value) ? undefined : `is no ${name} (${shape(value)})`
}

/** What cannot be written of a patch's own fields. */
export const faults = (values: { readonly [name: string]: unknown }, fields: CustomFields): ReadonlyArray<Issue> =>
  Object.entries(values).flatMap(([name, value]) => {
    const fault = value === undefined ? undefined : faultOf(fields[name], value)
    return fault === undefined ? [] : [{ path: ["custom", name], message: fault }]
  })

/** As `read` would give it back, for comparing. */
export const normal = (values: { readonly [name: string]: unknown }, fields: CustomFields) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const decimal = fields[name] === "Decimal" ? decimalOf(value) : undefined
      return [name, decimal === undefined ? value : Decimal.format(decimal)]
    }),
  )

// How the service writes that there is none.
const NO_DAY = "1900-01-01T12:00:00Z"
const NO_INSTANT = "1900-01-01T00:00:00Z"

const sent = (type: CustomType, value: unknown): unknown => {
  if (type === "Date") return value === null ? NO_DAY : `${value as string}T12:00:00Z`
  if (type === "DateTime") return value ?? NO_INSTANT
  if (type === "Flag") return flag(value as boolean)
  if (type === "Decimal") return Decimal.toJson(decimalOf(value) as Decimal.Decimal)
  return value ?? ""
}

/** The members of a body. */
export const body = (values: { readonly [name: string]: unknown }, fields: CustomFields): Body =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const type = fields[name]
      return type === undefined || value === undefined ? [] : [[name, sent(type, value)]]
    }),
  )
