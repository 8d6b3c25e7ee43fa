/** Which record a schema of NetSuite's catalog is about: the schema itself seldom says. */
import { netsuiteRecords } from "../facts/names.ts"
import { fail } from "../internal/fail.ts"
import { isObject, type JsonObject, objectsOf, textOf } from "../internal/json.ts"
import { isOwnName, namedIn, partsOf } from "../internal/words.ts"

/** `customer-addressBookElement` belongs to customer; what has no dash and no such ending is a record. */
export const isRecordName = (name: string): boolean =>
  !name.includes("-") && !name.startsWith("ns") && !/(?:Collection|SelectOptions)$/.test(name)

export const CATALOG = /\/metadata-catalog\/([\w-]+)\/?$/

const lastPart = (address: string): string => address.replace(/\/+$/, "").replace(/^.*\//, "")

/** By its own id, or by the address that it gives for itself. */
const told = (schema: JsonObject): string | undefined => {
  const ids = ["$id", "id", "x-ns-record-type", "x-ns-type"].flatMap((member) => textOf(schema[member]) ?? [])
  const links = objectsOf(schema["links"]).flatMap(({ href }) => CATALOG.exec(textOf(href) ?? "")?.[1] ?? [])
  return [...ids.map(lastPart), ...links].find((name) => name !== "")
}

/** What an account made itself; parts of a record, which are asked for one by one too. */
const OWN = /^custom(?:list|record|segment|transaction)\w*$/i
const PART = /^[a-z]\w*-[\w-]*(?:Collection|Element|SelectOptions)$/

/** By a part of the path: a name that other files use, or a known one among other words, or any that is one word. */
const inPath = (part: string, known: ReadonlyMap<string, string>): string | undefined => {
  const stem = part.replace(/\.schema$/, "")
  if (known.get(stem) === stem || OWN.test(stem) || PART.test(stem)) return stem
  const [only, ...others] = namedIn(stem, known)
  if (only !== undefined) return others.length === 0 ? only : undefined
  return /^[a-z][A-Za-z0-9]*$/.test(stem) && isOwnName(stem) ? stem : undefined
}

/** The names that references of the catalog lead to. */
export const referred = (node: unknown, found: Set<string> = new Set()): ReadonlySet<string> => {
  if (Array.isArray(node)) for (const each of node) referred(each, found)
  if (!isObject(node)) return found
  const name = CATALOG.exec(textOf(node["$ref"]) ?? "")?.[1]
  if (name !== undefined) found.add(name)
  for (const value of Object.values(node)) referred(value, found)
  return found
}

/** The record of a schema; `others` are the names that the files of this reading refer to. */
export const nameOf = (schema: JsonObject, file: string, others: ReadonlySet<string>): string => {
  const known = new Map([...netsuiteRecords, ...others].map((name) => [name, name]))
  const notes = Object.entries(schema).flatMap(([member, value]) =>
    member.startsWith("x-ns-") && typeof value === "string" ? [value] : [],
  )
  const titled = [...notes, textOf(schema["title"]) ?? ""].map((text) => namedIn(text, known))
  const byTitle = titled.find((names) => names.length === 1)?.[0]
  const byPath = partsOf(file).flatMap((part) => inPath(part, known) ?? [])
  const found = told(schema) ?? byTitle ?? byPath[0]
  if (found !== undefined) return found
  return fail(
    "NotADescription",
    `${file} does not say which record it describes; call it after that, customer.json`,
    file,
  )
}
