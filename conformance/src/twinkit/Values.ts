/**
 * Values between wire and world. On the wire they have the vendor's types; in the world numbers stand by their text, so
 * that no digit is lost and a dump is plain JSON.
 */
import * as Json from "@mortise/core/Json"
import type { Field, Fields, Row, Value } from "./Declaration.ts"
import { Refused } from "./Problems.ts"

type Members = { readonly [name: string]: unknown }

const INTEGER = /^-?\d+$/
const DECIMAL = /^-?\d+(?:\.\d+)?$/
const DATE = /^\d{4}-\d{2}-\d{2}$/

const invalid = (field: string, message: string): never => {
  throw new Refused({ code: "invalid", field, message: `${field} ${message}` })
}

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Json.JsonNumber)

const scaled = (path: string, digits: string, scale: number | undefined): string => {
  const fraction = digits.split(".")[1]?.length ?? 0
  return scale !== undefined && fraction > scale ? invalid(path, `has more than ${scale} decimals`) : digits
}

const numberOf = (path: string, value: unknown, pattern: RegExp): string => {
  if (!(value instanceof Json.JsonNumber) || !pattern.test(value.text)) return invalid(path, "is no such number")
  return value.text
}

const textOf = (path: string, value: unknown, field: Extract<Field, { readonly type: "text" }>): string => {
  if (typeof value !== "string") return invalid(path, "is no text")
  if (field.maxLength !== undefined && value.length > field.maxLength) {
    return invalid(path, `is longer than ${field.maxLength} characters`)
  }
  return field.choices === undefined || field.choices.includes(value) ? value : invalid(path, "is none of the choices")
}

const dateOf = (path: string, value: unknown): string =>
  typeof value === "string" && DATE.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : invalid(path, "is no date")

const instantOf = (path: string, value: unknown): string =>
  typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : invalid(path, "is no time")

/** A value as it was sent; refused when it is not what the field takes. */
export const taken = (path: string, value: unknown, field: Field, excess: "refuse" | "ignore"): Value => {
  if (value === null) return field.required === true ? invalid(path, "cannot be empty") : null
  switch (field.type) {
    case "text":
      return textOf(path, value, field)
    case "integer":
      return numberOf(path, value, INTEGER)
    case "number":
      return scaled(path, numberOf(path, value, DECIMAL), field.scale)
    case "decimal":
      return typeof value === "string" && DECIMAL.test(value)
        ? scaled(path, value, field.scale)
        : invalid(path, "is no decimal as text")
    case "boolean":
      return typeof value === "boolean" ? value : invalid(path, "is neither true nor false")
    case "date":
      return dateOf(path, value)
    case "dateTime":
      return instantOf(path, value)
    case "object":
      return isMembers(value) ? members(path, value, field.fields, excess) : invalid(path, "is no object")
    case "list":
      return Array.isArray(value)
        ? value.map((each: unknown, at) =>
            isMembers(each) ? whole(`${path}.${at}`, each, field.of, excess) : invalid(`${path}.${at}`, "is no object"),
          )
        : invalid(path, "is no list")
  }
}

const isReadOnly = (field: Field): boolean => field.readOnly === true || field.derive !== undefined

/** The members that were sent, of those that are declared. */
export const members = (path: string, sent: Members, fields: Fields, excess: "refuse" | "ignore"): Row => {
  const row: { [field: string]: Value } = {}
  for (const [name, value] of Object.entries(sent)) {
    const at = path === "" ? name : `${path}.${name}`
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field !== undefined && !isReadOnly(field)) row[name] = taken(at, value, field, excess)
    else if (excess === "refuse") invalid(at, field === undefined ? "is unknown" : "cannot be written")
  }
  return row
}

/** A record from nothing: with its defaults, and refused when something required is missing. */
export const whole = (path: string, sent: Members, fields: Fields, excess: "refuse" | "ignore"): Row =>
  completed(path, members(path, sent, fields, excess), fields)

export const completed = (path: string, row: Row, fields: Fields): Row => {
  const filled: { [field: string]: Value } = {}
  for (const [name, field] of Object.entries(fields)) {
    const given = row[name]
    filled[name] = given === undefined ? (field.default ?? null) : given
    if (field.required === true && filled[name] === null) {
      const at = path === "" ? name : `${path}.${name}`
      throw new Refused({ code: "missing", field: at, message: `${at} is required` })
    }
  }
  return filled
}

/** A value of the world as it is sent. */
export const shown = (value: Value, field: Field): unknown => {
  if (value === null) return null
  if ((field.type === "integer" || field.type === "number") && typeof value === "string") {
    return Json.number(value) ?? value
  }
  if (field.type === "object" && isMembers(value)) return shownAll(value as Row, field.fields)
  if (field.type === "list" && Array.isArray(value)) return value.map((each) => shownAll(each as Row, field.of))
  return value
}

export const shownAll = (row: Row, fields: Fields): Members =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, shown(row[name] ?? null, field)]))

/** A value as a test writes it: numbers may be numbers. */
export const seeded = (value: unknown): Value => {
  if (typeof value === "number" || typeof value === "bigint") return String(value)
  if (value instanceof Json.JsonNumber) return value.text
  if (Array.isArray(value)) return value.map(seeded)
  if (isMembers(value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, seeded(each)]))
  if (value === undefined) return null
  return value as Value
}
