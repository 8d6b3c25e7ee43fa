/** Creates, changes, upserts by an external id, deletes; with what makes the vendor refuse one. */
import * as Json from "@mortise/core/Json"
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import type { Collection, Fields, Row, Value } from "./Declaration.ts"
import { Refused } from "./Problems.ts"
import * as Show from "./Show.ts"
import * as Values from "./Values.ts"
import type { Kept, State } from "./World.ts"

type Members = { readonly [name: string]: unknown }

const bodyOf = ({ body }: TwinRequest): Members => {
  let parsed: unknown
  try {
    parsed = Json.parse(body)
  } catch {
    throw new Refused({ code: "invalid", message: "the body is not JSON" })
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new Refused({ code: "invalid", message: "the body is no object" })
  }
  return parsed as Members
}

const clash = (state: State, name: string, row: Row, own: string | undefined): void => {
  const { fields } = state.collection(name)
  for (const [field, { unique }] of Object.entries(fields)) {
    const value = row[field]
    if (unique !== true || value === null || value === undefined) continue
    const other = state.current(name).find((kept) => kept.id !== own && kept.row[field] === value)
    if (other === undefined) continue
    throw new Refused({ code: "duplicate", field, message: `${field} is taken`, existingId: other.id })
  }
}

const dangling = (state: State, path: string, value: Value, fields: Fields): void => {
  for (const [name, field] of Object.entries(fields)) {
    const held = (value as Row | null)?.[name] ?? null
    const at = path === "" ? name : `${path}.${name}`
    if (held === null) continue
    if (field.references !== undefined && state.find(field.references, String(held)) === undefined) {
      throw new Refused({ code: "reference", field: at, message: `${at} points to nothing` })
    }
    if (field.type === "object") dangling(state, at, held, field.fields)
    if (field.type === "list") {
      for (const [index, each] of (held as ReadonlyArray<Value>).entries()) {
        dangling(state, `${at}.${index}`, each, field.of)
      }
    }
  }
}

const reply = (state: State, name: string, status: number, kept: Kept): TwinReply => {
  const collection = state.collection(name)
  return {
    status,
    headers: Show.headers(collection, kept),
    body: Show.record(collection, kept),
    changed: true,
  }
}

const excessOf = ({ declaration }: State) => declaration.excess ?? "refuse"

/** What the client sends without being a field: its key, and the version that it has read. */
const withoutMarks = ({ key, revision }: Collection, sent: Members): Members => {
  const { [key.assigned === "client" ? key.field : ""]: _, [revision?.field ?? ""]: __, ...rest } = sent
  return rest
}

const put = (state: State, name: string, id: string, row: Row): Kept => {
  clash(state, name, row, id)
  dangling(state, "", row, state.collection(name).fields)
  return state.put(name, id, row)
}

const make = (state: State, name: string, sent: Members, preset: Row = {}): Kept => {
  const collection = state.collection(name)
  const { fields, key } = collection
  const row = { ...Values.members("", withoutMarks(collection, sent), fields, excessOf(state)), ...preset }
  const whole = Values.completed("", row, fields)
  clash(state, name, whole, undefined)
  dangling(state, "", whole, fields)
  if (key.assigned !== "client") return state.put(name, state.nextId(name), whole)
  const own = sent[key.field]
  if (typeof own !== "string" || own === "") {
    throw new Refused({ code: "missing", field: key.field, message: `${key.field} is required` })
  }
  if (state.find(name, own) !== undefined) {
    throw new Refused({ code: "duplicate", field: key.field, message: `${key.field} is taken`, existingId: own })
  }
  return state.put(name, own, whole)
}

export const create = (state: State, name: string, request: TwinRequest): TwinReply =>
  reply(state, name, 201, make(state, name, bodyOf(request)))

const existing = (state: State, name: string, id: string): Kept => {
  const kept = state.find(name, id)
  if (kept === undefined) throw new Refused({ code: "notFound", message: `${name} ${id} is not there` })
  return kept
}

/** A write that names another version than the one that stands is refused. */
const refuseStale = ({ revision }: Collection, kept: Kept, request: TwinRequest, sent: Members): void => {
  const match = revision?.etag === true ? request.headers.get("if-match") : null
  const told = revision?.field === undefined ? undefined : sent[revision.field]
  const isStale =
    (match !== null && match !== "*" && match !== Show.etag(kept)) ||
    (told instanceof Json.JsonNumber && told.text !== String(kept.revision))
  if (isStale) throw new Refused({ code: "stale", message: "the record has changed meanwhile" })
}

const change = (state: State, name: string, kept: Kept, request: TwinRequest, preset: Row = {}): Kept => {
  const collection = state.collection(name)
  const { fields, update } = collection
  const sent = bodyOf(request)
  refuseStale(collection, kept, request, sent)
  const row = { ...Values.members("", withoutMarks(collection, sent), fields, excessOf(state)), ...preset }
  const replaces = typeof update === "object" && update.replace === true
  const kepts = Object.fromEntries(
    Object.entries(kept.row).filter(([field]) => !replaces || fields[field]?.readOnly === true),
  )
  return put(state, name, kept.id, Values.completed("", { ...kepts, ...row }, fields))
}

export const update = (state: State, name: string, id: string, request: TwinRequest): TwinReply =>
  reply(state, name, 200, change(state, name, existing(state, name, id), request))

export const upsert = (state: State, name: string, value: string, request: TwinRequest): TwinReply => {
  const field = state.collection(name).upsertBy?.field ?? ""
  const kept = state.current(name).find(({ row }) => row[field] === value)
  const preset = { [field]: value }
  if (kept === undefined) return reply(state, name, 201, make(state, name, bodyOf(request), preset))
  return reply(state, name, 200, change(state, name, kept, request, preset))
}

export const remove = (state: State, name: string, id: string, request: TwinRequest): TwinReply => {
  refuseStale(state.collection(name), existing(state, name, id), request, {})
  state.remove(name, id)
  return { status: 204, changed: true }
}

export const read = (state: State, name: string, id: string): TwinReply => {
  const kept = existing(state, name, id)
  const collection = state.collection(name)
  return { status: 200, headers: Show.headers(collection, kept), body: Show.record(collection, kept) }
}
