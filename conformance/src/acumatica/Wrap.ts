/** The wire form of a value in contracts 3, 4 and 5, and back. */
import * as Json from "@mortise/core/Json"
import type { Knobs } from "./Knobs.ts"
import * as Money from "./Money.ts"
import type { Cell } from "./Record.ts"
import { day, stamp } from "./Record.ts"
import type { Scalar, ScalarMember } from "./Shapes.ts"

export type Contract = 3 | 4 | 5

/** 17 and 18 are contract 3, 20 to 25 contract 4, 26 contract 5. */
export const contractOf = (version: string): Contract => {
  const release = Number(version.split(".")[0])
  return release <= 18 ? 3 : release <= 25 ? 4 : 5
}

const NUMERIC: ReadonlySet<Scalar> = new Set(["Decimal", "Int", "Short", "Byte", "Long"])

/** The number of a record that was not saved. */
export const NEW = "<NEW>"

const offset = (minutes: number): string => {
  const size = Math.abs(minutes)
  const pad = (part: number) => String(part).padStart(2, "0")
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

/** Milliseconds of a date, a local time or a time with offset; what has no offset is in the profile's zone. */
export const instantOf = (text: string, zoneMinutes: number): number => {
  const zoned = /(?:Z|[+-]\d\d:\d\d)$/.test(text)
  const whole = text.includes("T") ? text : `${text}T00:00:00`
  return Date.parse(zoned ? whole : `${whole}${offset(zoneMinutes)}`)
}

/** The value as JSON, without its wrapper. */
export const bare = (cell: Cell, type: Scalar, dateOnly: boolean, zoneMinutes: number): unknown => {
  if (typeof cell !== "string") return cell
  if (NUMERIC.has(type)) return new Json.JsonNumber({ text: cell })
  if (type !== "DateTime") return cell
  if (dateOnly) return `${cell}T00:00:00${offset(zoneMinutes)}`
  const millis = Date.parse(cell)
  // A script in the database may have left what is no time; it is shown as it stands.
  if (Number.isNaN(millis)) return cell
  return new Date(millis + zoneMinutes * 60_000).toISOString().replace("Z", offset(zoneMinutes))
}

const select = (cell: string, casing: Knobs["selectCasing"]): unknown =>
  casing === "lower" ? { id: cell, description: cell } : { ID: cell, Description: cell }

/** Null and empty text are `{}`. */
export const wrap = (cell: Cell, member: ScalarMember, knobs: Knobs): Record<string, unknown> => {
  if (cell === null || cell === "" || (cell === NEW && NUMERIC.has(member.type))) return {}
  if (member.type === "StringSingleSelect" && typeof cell === "string") {
    return { value: select(cell, knobs.selectCasing) }
  }
  return { value: bare(cell, member.type, member.dateOnly, knobs.zoneMinutes) }
}

export type Unwrapped =
  | { readonly tag: "leave" }
  | { readonly tag: "value"; readonly cell: Cell }
  | { readonly tag: "bad"; readonly message: string }

const bad = (expected: string): Unwrapped => ({ tag: "bad", message: `Could not convert the value to ${expected}.` })

const value = (cell: Cell): Unwrapped => ({ tag: "value", cell })

const number = (input: Json.Json, type: Scalar): Unwrapped => {
  const text = input instanceof Json.JsonNumber ? input.text : typeof input === "string" ? input.trim() : undefined
  if (text === undefined || !Money.isDecimal(text)) return bad(type)
  if (type !== "Decimal" && !/^-?\d+$/.test(text)) return bad(type)
  return value(text)
}

const dateTime = (input: Json.Json, dateOnly: boolean, zoneMinutes: number): Unwrapped => {
  if (typeof input !== "string") return bad("DateTime")
  const bareDate = /^\d{4}-\d\d-\d\d$/.test(input)
  const millis = instantOf(input, zoneMinutes)
  if (Number.isNaN(millis)) return bad("DateTime")
  if (dateOnly) return value(bareDate ? input : day(millis, zoneMinutes))
  return value(stamp(millis))
}

/** The JSON value as a cell. Empty text is null: the vendor shows both as `{}`. */
export const cellFrom = (input: Json.Json, type: Scalar, dateOnly: boolean, zoneMinutes: number): Unwrapped => {
  if (input === null) return value(null)
  if (NUMERIC.has(type)) return number(input, type)
  if (type === "DateTime") return dateTime(input, dateOnly, zoneMinutes)
  if (type === "Boolean") return typeof input === "boolean" ? value(input) : bad("Boolean")
  if (type === "StringSingleSelect" && typeof input === "object" && !Array.isArray(input)) {
    const one = input as { readonly [name: string]: Json.Json }
    const id = one["id"] ?? one["ID"]
    return typeof id === "string" ? value(id) : bad("String")
  }
  return typeof input === "string" ? value(input === "" ? null : input) : bad("String")
}

/** `{}` and `{"value": null}` do what the knobs say; anything but a wrapper is refused. */
export const unwrap = (input: Json.Json, member: ScalarMember, knobs: Knobs): Unwrapped => {
  if (input === null || typeof input !== "object" || Array.isArray(input) || input instanceof Json.JsonNumber) {
    return { tag: "bad", message: "A value stands in an object with the member value." }
  }
  const { value: inner } = input as { readonly value?: Json.Json }
  if (inner === undefined) return knobs.emptyOnWrite === "clear" ? value(null) : { tag: "leave" }
  if (inner === null) return knobs.nullOnWrite === "clear" ? value(null) : { tag: "leave" }
  return cellFrom(inner, member.type, member.dateOnly, knobs.zoneMinutes)
}
