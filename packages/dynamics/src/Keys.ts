/**
 * Keys in addresses: `/CustomersV3(dataAreaId='usmf',CustomerAccount='C1')`. Texts stand in quotes, a quote inside is
 * doubled and all of it encoded; members of an enumeration stand in quotes behind its name; numbers, dates and GUIDs are
 * bare. The template of the path says which is which. Blanks at either end belong to the key.
 */
import { shape } from "@mortise/core/ConnectorError"

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
