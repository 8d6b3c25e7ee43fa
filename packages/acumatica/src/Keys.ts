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

/** Parts the values where ids are put in order: lower than anything that a key is made of. */
const LOWEST = "\u0001"

/** Text that sorts as the key values do; `A/1` lies between `A.1` and `A1`, which its id `A%2F1` does not. */
export const sortKey = (id: string): string => id.split("/").map(fromCode).join(LOWEST)

/** The id that a {@link sortKey} was made of. */
export const fromSortKey = (key: string): string => key.split(LOWEST).map(toCode).join("/")

/** Key values in an address. */
export const path = (values: ReadonlyArray<string>): string => values.map(encodeURIComponent).join("/")

// Acumatica splits an address on slash and bar. ASP.NET refuses the others in a path (requestPathInvalidCharacters of
// httpRuntime), and IIS cuts dots and blanks off its end.
const SPLIT_OR_REFUSED = /[/|\\<>*%&:?#+"\p{Cc}]|[. ]$/u

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/**
 * True when the values can stand in an address and mean nothing else there: a single GUID is read as an id, a dollar
 * sign begins a word of the vendor's, and dots walk up the path.
 */
export const fitsPath = (values: ReadonlyArray<string>): boolean =>
  values.every((value) => !SPLIT_OR_REFUSED.test(value) && !value.startsWith("$")) &&
  !(values.length === 1 && GUID.test(values[0] ?? ""))
