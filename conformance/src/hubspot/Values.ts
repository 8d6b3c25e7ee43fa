/**
 * Property values on the wire and in store. Everything is text; numbers keep the digits that were sent. HubSpot: guide
 * "Properties" and the 2023 changelog on value validation.
 */
import { JsonNumber } from "@mortise/core/Json"
import type { BadValue } from "./Errors.ts"
import type { PropertyDefinition } from "./State.ts"

const DAY = 86_400_000

const iso = (millis: number): string => new Date(millis).toISOString()

/** Milliseconds since the epoch of an ISO text with zone, or of epoch milliseconds in digits. */
export const parseInstant = (text: string): number | undefined => {
  if (/^-?\d+$/.test(text)) return Number(text)
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/.test(text)) return undefined
  const millis = Date.parse(text)
  return Number.isNaN(millis) ? undefined : millis
}

type Checked = { readonly value: string } | { readonly code: string; readonly says: string }

const date = (text: string): Checked => {
  const bad = { code: "INVALID_DATE", says: "was not a valid date" }
  const millis = parseInstant(text)
  if (millis === undefined || Math.abs(millis) > 8.64e15 || millis % DAY !== 0) return bad
  const value = iso(millis).slice(0, 10)
  // 2026-02-31 parses as the third of March in some engines.
  return text.includes("-", 1) && !text.startsWith(value) ? bad : { value }
}

const datetime = (text: string): Checked => {
  const millis = parseInstant(text)
  return millis === undefined || Math.abs(millis) > 8.64e15
    ? { code: "INVALID_DATE", says: "was not a valid date" }
    : { value: iso(millis) }
}

const numeric = (text: string): Checked =>
  /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)
    ? { value: text }
    : { code: "INVALID_INTEGER", says: "was not a valid number" }

const bool = (text: string): Checked =>
  text === "true" || text === "false"
    ? { value: text }
    : { code: "INVALID_OPTION", says: "was not one of the allowed options" }

const enumeration = (definition: PropertyDefinition, text: string, before: string | undefined): Checked => {
  const multiple = definition.fieldType === "checkbox"
  const parts = multiple ? text.split(";").filter((part) => part !== "") : [text]
  const allowed = new Set(definition.options.map((option) => option.value))
  if (parts.some((part) => !allowed.has(part))) {
    return { code: "INVALID_OPTION", says: "was not one of the allowed options" }
  }
  // A leading semicolon adds to what is there.
  const kept = multiple && text.startsWith(";") ? (before?.split(";") ?? []) : []
  return { value: [...new Set([...kept, ...parts])].join(";") }
}

const EMAIL = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]+$/

const plain = (definition: PropertyDefinition, text: string): Checked => {
  if (definition.name !== "email") return { value: text }
  return EMAIL.test(text) ? { value: text.toLowerCase() } : { code: "INVALID_EMAIL", says: "is invalid" }
}

const check = (definition: PropertyDefinition, text: string, before: string | undefined): Checked => {
  switch (definition.type) {
    case "date":
      return date(text)
    case "datetime":
      return datetime(text)
    case "number":
      return numeric(text)
    case "bool":
      return bool(text)
    case "enumeration":
      return enumeration(definition, text, before)
    default:
      return plain(definition, text)
  }
}

/** Text of a value as it was sent; undefined for what no property can hold. */
const textOf = (sent: unknown): string | undefined =>
  typeof sent === "string"
    ? sent
    : sent instanceof JsonNumber
      ? sent.text
      : typeof sent === "boolean" || typeof sent === "number"
        ? String(sent)
        : undefined

/** The value to store, `""` to clear, or why not. */
export const normalise = (
  definition: PropertyDefinition | undefined,
  name: string,
  sent: unknown,
  before: string | undefined,
): string | BadValue => {
  if (definition === undefined) {
    return { name, code: "PROPERTY_DOESNT_EXIST", message: `Property "${name}" does not exist` }
  }
  if (definition.readOnlyValue) {
    return { name, code: "READ_ONLY_VALUE", message: `"${name}" is a read only property; its value cannot be set.` }
  }
  const text = textOf(sent)
  if (text === undefined) return { name, code: "INVALID_VALUE", message: `${name} needs a text value` }
  if (text === "") return ""
  const checked = check(definition, text, before)
  return "value" in checked ? checked.value : { name, code: checked.code, message: `${text} ${checked.says}.` }
}
