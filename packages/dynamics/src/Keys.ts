/**
 * Keys in addresses: `/CustomersV3(dataAreaId='usmf',CustomerAccount='C1')`. Texts stand in quotes, a quote inside is
 * doubled and all of it encoded; members of an enumeration stand in quotes behind its name; numbers, dates and GUIDs are
 * bare. The template of the path says which is which. Blanks at either end belong to the key.
 */
import { shape } from "@mortise/core/ConnectorError"
import { keys, type Resource } from "./Sets.ts"

const BARE = [
  /^-?\d{1,28}(?:\.\d{1,28})?$/,
  /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/,
]
const MEMBER = /^\w+$/

const isControl = (char: string): boolean => char < " " || char === "\u007f"

/** Text as a literal of OData, quotes and all. Throws for control characters, which no key of the vendor has. */
export const literal = (value: string): string => {
  if ([...value].some(isControl)) throw new TypeError(`a key holds a control character: ${shape(value)}`)
  return `'${value.replaceAll("'", "''")}'`
}

const part = (name: string, before: string, value: unknown): string => {
  const text = String(value)
  if (before.endsWith("'")) {
    const isMember = /[\w.]'$/.test(before)
    if (isMember && !MEMBER.test(text)) throw new TypeError(`${name} is no member of an enumeration: ${shape(value)}`)
    return encodeURIComponent(literal(text).slice(1, -1))
  }
  if (!BARE.some((form) => form.test(text))) {
    throw new TypeError(`${name} is no number, date or GUID: ${shape(value)}`)
  }
  return encodeURIComponent(text)
}

/** The path with its keys. Throws where a part is missing: the vendor would take it for another record or for many. */
export const serialize = (template: string, values: Record<string, unknown>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string, at: number) => {
    const value = values[name]
    if (value === undefined || value === null) throw new TypeError(`${name} is missing in the key`)
    return part(name, template.slice(0, at), value)
  })

const toCode = (value: string): string =>
  value.replace(/[%/]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

const fromCode = (value: string): string => value.replace(/%(25|2F)/g, (_, code) => (code === "25" ? "%" : "/"))

const NOON = "T12:00:00Z"

/**
 * Our id of a record: the values of its key behind the company, joined by a slash, with `%` and `/` inside a value
 * written as percent codes and days without their noon.
 */
export const join = (resource: Resource, values: ReadonlyArray<string>): string =>
  values
    .map((value, index) => toCode(keys[resource][index]?.type === "date" ? value.replace(NOON, "") : value))
    .join("/")

/** True for text that can stand in a key or a condition: no control characters, no halves of a character. */
export const isPlain = (value: string): boolean => value.isWellFormed() && ![...value].some(isControl)

const FORMS = { text: /^/, integer: /^-?\d{1,19}$/, decimal: BARE[0] as RegExp, date: /^\d{4}-\d{2}-\d{2}$/ } as const

/** The key values of an id as they are on the wire; undefined when it is none of this set's. */
export const split = (resource: Resource, id: string): ReadonlyArray<string> | undefined => {
  const parts = keys[resource]
  const values = id.split("/").map(fromCode)
  const isWhole = values.length === parts.length && values.every((value) => value !== "" && isPlain(value))
  if (!isWhole || !parts.every(({ type }, index) => FORMS[type].test(values[index] ?? ""))) return undefined
  return values.map((value, index) => (parts[index]?.type === "date" ? `${value}${NOON}` : value))
}
