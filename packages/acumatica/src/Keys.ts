/**
 * Ids. A record is named by the keys of its form (`Invoice`, `INV000046`), which people know and which last; the GUID
 * that the vendor calls `id` may change from session to session. Our id is the key values joined by a slash, with `%`,
 * `/` and `|` inside a value written as percent codes.
 */
import { keys, type Resource } from "./Versions.ts"

const toCode = (value: string): string =>
  value.replace(/[%/|]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

const fromCode = (value: string): string =>
  value.replace(/%(25|2F|7C)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

/** The id of key values in the order of the form. */
export const join = (values: ReadonlyArray<string>): string => values.map(toCode).join("/")

/** The key values of an id; undefined when it does not have as many as the entity has keys. */
export const split = (resource: Resource, id: string): ReadonlyArray<string> | undefined => {
  const values = id.split("/").map(fromCode)
  return values.length === keys[resource].length && values.every((value) => value !== "") ? values : undefined
}

/** Key values in an address. A value with a slash or bar cannot stand there (the vendor splits on both). */
export const path = (values: ReadonlyArray<string>): string => values.map(encodeURIComponent).join("/")

export const fitsPath = (values: ReadonlyArray<string>): boolean => values.every((value) => !/[/|]/.test(value))
