/** Values between the wire and the world, by kind. */
import * as Json from "@mortise/core/Json"
import { type Field, type Model, NAMESPACE } from "./Model.ts"
import * as Money from "./Money.ts"
import { type Cell, NO_DAY, NO_INSTANT } from "./Record.ts"

export const isNumber = (field: Field): boolean =>
  field.kind === "decimal" || field.kind === "int64" || field.kind === "int32"

export const isTime = (field: Field): boolean =>
  field.kind === "date" || field.kind === "instant" || field.kind === "when"

/** What a field shows that nobody has set. */
export const empty = (model: Model, field: Field): Cell => {
  switch (field.kind) {
    case "decimal":
    case "int64":
    case "int32":
      return "0"
    case "date":
      return NO_DAY
    case "instant":
    case "when":
      return NO_INSTANT
    case "guid":
      return "00000000-0000-0000-0000-000000000000"
    case "boolean":
      return "false"
    case "enum":
      return model.enumeration(field.enumeration ?? "").unset
    default:
      return ""
  }
}

export const render = (field: Field, cell: Cell): unknown => {
  if (cell === null) return null
  if (isNumber(field)) return new Json.JsonNumber({ text: cell })
  return field.kind === "boolean" ? cell === "true" : cell
}

/** Annotation of a value under full metadata; text has none. */
export const annotation = (field: Field): string | undefined => {
  if (field.kind === "decimal") return "#Decimal"
  if (field.kind === "int64") return "#Int64"
  if (isTime(field)) return "#DateTimeOffset"
  if (field.kind === "guid") return "#Guid"
  return field.kind === "enum" ? `#${NAMESPACE}.${field.enumeration}` : undefined
}

const DAY = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?)(Z|[+-]\d{2}:\d{2})?)?$/

/** A day as the service keeps it, at noon, whatever time came with it. */
const dayOf = (text: string): string | undefined => {
  const [, date] = DAY.exec(text) ?? []
  return date === undefined || Number.isNaN(Date.parse(`${date}T12:00:00Z`)) ? undefined : `${date}T12:00:00Z`
}

const instantOf = (text: string): string | undefined => {
  const [, date, time, zone] = DAY.exec(text) ?? []
  const millis = date === undefined ? Number.NaN : Date.parse(`${date}T${time ?? "00:00:00"}${zone ?? "Z"}`)
  return Number.isNaN(millis) ? undefined : `${new Date(millis).toISOString().slice(0, 19)}Z`
}

const wholeOf = (text: string, bits: bigint): string | undefined => {
  if (!/^-?\d{1,19}$/.test(text)) return undefined
  const value = BigInt(text)
  const limit = 1n << (bits - 1n)
  return value >= -limit && value < limit ? value.toString() : undefined
}

const numberOf = (field: Field, value: Json.JsonNumber): Cell | undefined => {
  if (field.kind === "int32") return wholeOf(value.text, 32n)
  if (field.kind === "int64") return wholeOf(value.text, 64n)
  return Money.isDecimal(value.text) ? Money.sum([value.text]) : undefined
}

/** A value of a body; undefined when it does not fit its field. Text is given as it stands, null empties it. */
export const read = (model: Model, field: Field, value: Json.Json): Cell | undefined => {
  if (value === null) return field.nullable ? empty(model, field) : undefined
  if (isNumber(field)) return value instanceof Json.JsonNumber ? numberOf(field, value) : undefined
  if (field.kind === "boolean") return typeof value === "boolean" ? String(value) : undefined
  if (typeof value !== "string") return undefined
  if (field.kind === "date") return dayOf(value)
  if (isTime(field)) return instantOf(value)
  if (field.kind === "enum")
    return model.enumeration(field.enumeration ?? "").members.includes(value) ? value : undefined
  return value
}

/** The same for seeds, where amounts are text. */
export const seeded = (model: Model, field: Field, value: string | number | boolean | null): Cell | undefined => {
  const isAmount = isNumber(field) && (typeof value === "string" || typeof value === "number")
  return read(model, field, isAmount ? new Json.JsonNumber({ text: String(value) }) : (value as Json.Json))
}

export const typeName = (field: Field): string => {
  if (field.kind === "enum") return `${NAMESPACE}.${field.enumeration}`
  const names = { text: "String", decimal: "Decimal", int64: "Int64", int32: "Int32", guid: "Guid", binary: "Binary" }
  if (field.kind === "boolean") return "Edm.Boolean"
  return `Edm.${isTime(field) ? "DateTimeOffset" : names[field.kind as keyof typeof names]}`
}
