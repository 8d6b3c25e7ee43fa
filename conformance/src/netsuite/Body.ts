/** Reads a body of the record API, or a seed, against the shape of its record. */
import * as Json from "@mortise/core/Json"
import * as Amount from "./Amount.ts"
import * as Errors from "./Errors.ts"
import * as Labels from "./Labels.ts"
import * as Patch from "./Patch.ts"
import type { Cell, Doc } from "./Record.ts"
import type { Member, Shape } from "./Shapes.ts"
import * as Types from "./Types.ts"
import type { NetSuiteWorld } from "./World.ts"
import * as Zone from "./Zone.ts"

type JsonObject = { readonly [key: string]: unknown }

interface Reading {
  readonly world: NetSuiteWorld
  readonly type: string
  /** Names that the shape has not, with where they stand. */
  readonly unknown: Array<string>
}

/** Members that every resource may carry and nobody may write. */
const IGNORED: ReadonlySet<string> = new Set(["links", "refName", "id", "totalResults", "count", "hasMore", "offset"])

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Json.JsonNumber)

const plain = (value: unknown): string | undefined => {
  if (typeof value === "string") return value
  if (typeof value === "number") return String(value)
  return value instanceof Json.JsonNumber ? value.text : undefined
}

const bad = ({ world }: Reading, value: unknown, path: string): Errors.Refusal => {
  const shown =
    plain(value) ?? (isObject(value) ? (plain(value["id"] ?? value["externalId"] ?? value["refName"]) ?? "{}") : "{}")
  return Errors.badValue(world.knobs.badValueCode, shown, path.split(".").at(-1) ?? path, path)
}

const scalar = (reading: Reading, kind: string, value: unknown, path: string): Cell => {
  if (kind === "boolean") {
    if (typeof value === "boolean") return value
    throw bad(reading, value, path)
  }
  const text = plain(value)
  if (text === undefined) throw bad(reading, value, path)
  switch (kind) {
    case "integer":
      if (!/^-?\d+$/.test(text)) throw bad(reading, value, path)
      return text
    case "number":
      if (!Amount.isDecimal(text)) throw bad(reading, value, path)
      return Amount.sum([text])
    case "date":
      if (!Zone.isDay(text)) throw bad(reading, value, path)
      return text
    case "dateTime": {
      const millis = Zone.parseStamp(text)
      if (millis === undefined) throw bad(reading, value, path)
      return String(millis)
    }
    default:
      return text === "" ? null : text
  }
}

/** Whether a record is what a reference of this kind may name. `salesRep` is typed as a customer and holds an employee. */
const fits = (doc: Doc, to: string, member: string): boolean => {
  if (member === "salesRep") return doc.type === "employee"
  return Types.find(to) === undefined || doc.type === to
}

const reference = (
  reading: Reading,
  value: unknown,
  { table, to }: { readonly table: string | undefined; readonly to: string },
  path: string,
): Cell => {
  const member = path.split(".").at(-1) ?? ""
  const named = isObject(value) ? value : { id: value }
  const [id, externalId, refName] = [plain(named["id"]), plain(named["externalId"]), plain(named["refName"])]
  const where = member === "salesRep" ? "entities" : table
  if (where === undefined) {
    if (id === undefined) throw bad(reading, value, path)
    return id
  }
  const rows = reading.world.table(where)
  const found =
    id !== undefined
      ? rows.latest(id)
      : externalId !== undefined
        ? rows.byExternal(externalId)
        : [...rows.values()].find((doc) => reading.world.nameOf(doc) === refName)
  if (found === undefined || !fits(found, to, member)) throw bad(reading, value, path)
  return found.id
}

const enumId = (reading: Reading, value: unknown, ids: ReadonlyArray<string>, path: string): Cell => {
  const member = path.split(".").at(-1) ?? ""
  const word = isObject(value) ? plain(value["id"] ?? value["refName"]) : plain(value)
  const id = word === undefined ? undefined : Labels.idOf(reading.type, member, word, ids)
  if (id !== undefined) return id
  if (word !== undefined && ids.length === 0) return word
  throw bad(reading, value, path)
}

const itemsOf = (value: unknown): ReadonlyArray<unknown> | null | undefined => {
  if (value === null || Array.isArray(value)) return value
  const items = isObject(value) ? value["items"] : undefined
  return items === null || Array.isArray(items) ? items : undefined
}

const rowsOf = (reading: Reading, member: Member & { readonly kind: "sub" | "refs" }, value: unknown, path: string) => {
  const items = itemsOf(value)
  if (items === undefined) throw bad(reading, value, path)
  if (items === null) return null
  return items.map((item, index): Patch.Patch => {
    const at = `${path}.items[${index}]`
    if (member.kind === "sub") return object(reading, member.of, item, at)
    return { ...Patch.empty(), fields: { id: reference(reading, item, member, at) } }
  })
}

const take = (
  reading: Reading,
  into: Patch.Patch,
  name: string,
  member: Member,
  value: unknown,
  path: string,
): void => {
  if (member.kind === "sub" || member.kind === "refs") into.subs[name] = rowsOf(reading, member, value, path)
  else if (member.kind === "part") into.parts[name] = value === null ? null : object(reading, member.of, value, path)
  else if (value === null) into.fields[name] = null
  else if (member.kind === "ref") into.fields[name] = reference(reading, value, member, path)
  else if (member.kind === "enum") into.fields[name] = enumId(reading, value, member.ids, path)
  else into.fields[name] = scalar(reading, member.kind, value, path)
}

const object = (reading: Reading, shape: Shape, value: unknown, path: string): Patch.Patch => {
  if (!isObject(value)) throw bad(reading, value, path)
  const patch = Patch.empty()
  for (const [name, one] of Object.entries(value)) {
    if (one === undefined || name.startsWith("$")) continue
    const at = path === "" ? name : `${path}.${name}`
    const member = shape.members.get(name)
    if (member !== undefined && !(path === "" && name === "id")) take(reading, patch, name, member, one, at)
    else if (!IGNORED.has(name)) reading.unknown.push(at)
  }
  return patch
}

export interface Read {
  readonly patch: Patch.Patch
  readonly unknown: ReadonlyArray<string>
}

/** Throws the refusal of a value that does not hold; names that are not known are told. */
export const read = (world: NetSuiteWorld, type: string, value: unknown): Read => {
  const reading: Reading = { world, type, unknown: [] }
  const patch = object(reading, world.shapes.of(type), value, "")
  return { patch, unknown: reading.unknown }
}

export const parse = (body: string): unknown => {
  try {
    return Json.parse(body)
  } catch {
    throw Errors.badRequest("Invalid content in the request body: it is not valid JSON.")
  }
}
