/** Puts the body of a PUT or PATCH on a record: members, linked entities, detail lines, the tenant's own fields. */
import * as Json from "@mortise/core/Json"
import type { CustomDef } from "./Custom.ts"
import * as Custom from "./Custom.ts"
import { LINE_KEYS } from "./Entities.ts"
import * as Errors from "./Errors.ts"
import type { Form, IssueList } from "./forms/Form.ts"
import type { Knobs } from "./Knobs.ts"
import { docTypeLabel } from "./Labels.ts"
import { type Cell, type Row, row } from "./Record.ts"
import { type Pick, pick } from "./Select.ts"
import type { Member, NestedMember, ScalarMember, Shapes } from "./Shapes.ts"
import { type Contract, cellFrom, unwrap } from "./Wrap.ts"

export type JsonObject = { readonly [name: string]: Json.Json }

export interface ApplyContext {
  readonly shapes: Shapes
  readonly version: string
  readonly contract: Contract
  readonly knobs: Knobs
  readonly entity: string
  readonly keys: ReadonlySet<string>
  readonly form: Form
  readonly custom: ReadonlyArray<CustomDef>
  readonly guid: () => string
  readonly issues: IssueList
  readonly sent: Map<Row, Set<string>>
}

export const isObject = (value: Json.Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Json.JsonNumber)

/** Members of every entity that are no fields of its type. */
const COMMON: ReadonlySet<string> = new Set(["id", "rowNumber", "note", "custom", "delete", "_links", "files", "error"])

/** A target's key is not set from the body: numbering and the search did that. */
const settable = (context: ApplyContext, member: ScalarMember, path: string): boolean => {
  if (path === "") {
    if (context.keys.has(member.name) || context.form.derived.has(member.source)) return false
    return context.knobs.discards[context.entity]?.includes(member.name) !== true
  }
  return !context.form.derivedInLines.has(member.source)
}

const setScalar = (context: ApplyContext, target: Row, member: ScalarMember, input: Json.Json, path: string): void => {
  const read = unwrap(input, member, context.knobs)
  if (read.tag === "bad") throw Errors.malformed(`entity.${path === "" ? "" : `${path}.`}${member.name}`, read.message)
  if (read.tag === "leave" || !settable(context, member, path)) return
  const limit = path === "" ? context.form.lengths[member.source] : undefined
  if (limit !== undefined && typeof read.cell === "string" && read.cell.length > limit) {
    context.issues.add(target, member.source, `The value is longer than ${limit} characters.`)
  }
  const cell = member.inverted && typeof read.cell === "boolean" ? !read.cell : read.cell
  target.fields[member.source] = cell
  const columns = context.sent.get(target) ?? new Set<string>()
  context.sent.set(target, columns.add(member.source))
}

const lineKey = (context: ApplyContext, type: string, input: JsonObject): ReadonlyArray<[string, Cell]> | undefined => {
  const shape = context.shapes.of(type, context.version)
  const found: Array<[string, Cell]> = []
  for (const name of LINE_KEYS[type] ?? []) {
    const member = shape.get(name)
    const given = input[name]
    if (member?.kind !== "scalar" || given === undefined) return undefined
    const read = unwrap(given, member, context.knobs)
    if (read.tag !== "value" || read.cell === null) return undefined
    found.push([member.source, name === "DocType" ? docTypeLabel(String(read.cell)) : read.cell])
  }
  return found.length === 0 ? undefined : found
}

/** A line is found by its id, then by its keys; without either it is new. */
const findLine = (context: ApplyContext, lines: ReadonlyArray<Row>, type: string, input: JsonObject) => {
  const id = input["id"]
  if (typeof id === "string") return lines.find((line) => line.id === id)
  const key = lineKey(context, type, input)
  return key === undefined
    ? undefined
    : lines.find((line) => key.every(([column, cell]) => line.fields[column] === cell))
}

const setLines = (context: ApplyContext, target: Row, member: NestedMember, input: Json.Json, path: string): Pick => {
  if (!Array.isArray(input)) throw Errors.malformed(`entity.${member.name}`, "An array is expected.")
  const lines = [...(target.rows[member.source] ?? [])]
  const shown = pick(false)
  shown.only = new Set()
  for (const one of input) {
    if (!isObject(one)) throw Errors.malformed(`entity.${member.name}`, "An object is expected.")
    const found = findLine(context, lines, member.type, one)
    if (one["delete"] === true) {
      if (found !== undefined) lines.splice(lines.indexOf(found), 1)
      continue
    }
    const line = found ?? row(context.guid())
    if (found === undefined) lines.push(line)
    const below = apply(context, line, one, member.type, path === "" ? member.name : `${path}/${member.name}`)
    for (const name of below.fields) shown.fields.add(name)
    for (const [name, inner] of below.nested) shown.nested.set(name, inner)
    for (const name of below.custom) shown.custom.add(name)
    shown.only.add(line.id)
  }
  target.rows[member.source] = lines
  return shown
}

const setLink = (context: ApplyContext, target: Row, member: NestedMember, input: Json.Json, path: string): Pick => {
  if (!isObject(input)) throw Errors.malformed(`entity.${member.name}`, "An object is expected.")
  const linked = member.source.split(".").reduce((at, name) => {
    const next = at.links[name] ?? row("")
    at.links[name] = next
    return next
  }, target)
  return apply(context, linked, input, member.type, path === "" ? member.name : `${path}/${member.name}`)
}

/** A custom field that the tenant does not have is taken and dropped. */
const setCustom = (context: ApplyContext, target: Row, input: Json.Json, path: string, shown: Pick): void => {
  if (!isObject(input)) throw Errors.malformed("entity.custom", "An object is expected.")
  for (const [view, fields] of Object.entries(input)) {
    for (const [field, wrapper] of Object.entries(isObject(fields) ? fields : {})) {
      const def = Custom.find(context.custom, context.entity, path, view, field)
      const value = isObject(wrapper) ? wrapper["value"] : undefined
      if (def === undefined || value === undefined) continue
      const read = cellFrom(value, def.type, false, context.knobs.zoneMinutes)
      if (read.tag !== "value")
        throw Errors.malformed(`entity.custom.${view}.${field}`, "The value cannot be converted.")
      const kept = target.custom[view] ?? {}
      kept[field] = read.cell
      target.custom[view] = kept
      shown.custom.add(`${view}.${field}`)
    }
  }
}

const setNote = (context: ApplyContext, target: Row, input: Json.Json): void => {
  const note = context.contract === 3 ? input : isObject(input) ? input["value"] : undefined
  if (typeof note === "string") target.note = note
}

const setCommon = (context: ApplyContext, target: Row, name: string, input: Json.Json, path: string, shown: Pick) => {
  if (name === "note") setNote(context, target, input)
  if (name === "custom") setCustom(context, target, input, path, shown)
}

const setMember = (context: ApplyContext, target: Row, member: Member, input: Json.Json, path: string, shown: Pick) => {
  if (member.kind === "scalar") {
    setScalar(context, target, member, input, path)
    shown.fields.add(member.name)
  } else if (member.kind === "rows") {
    shown.nested.set(member.name, setLines(context, target, member, input, path))
  } else {
    shown.nested.set(member.name, setLink(context, target, member, input, path))
  }
}

/** Gives what was sent, which is what the answer shows. */
export const apply = (context: ApplyContext, target: Row, body: JsonObject, type: string, path = ""): Pick => {
  const shown = pick(false)
  const shape = context.shapes.of(type, context.version)
  for (const [name, input] of Object.entries(body)) {
    const member = shape.get(name)
    if (member !== undefined) setMember(context, target, member, input, path, shown)
    else if (COMMON.has(name)) setCommon(context, target, name, input, path, shown)
    else if (context.knobs.unknownMembers === "reject") {
      throw Errors.malformed(`entity.${path === "" ? "" : `${path}.`}${name}`, "The member is not known.")
    }
  }
  return shown
}
