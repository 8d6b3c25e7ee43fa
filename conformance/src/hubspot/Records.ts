/** Creating, changing, archiving and finding records, one at a time. Called inside a transaction of the store. */
import * as Associations from "./Associations.ts"
import * as Errors from "./Errors.ts"
import { type Call, foldKey } from "./Hub.ts"
import * as ObjectRules from "./ObjectRules.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import type { StoredRecord } from "./State.ts"
import * as Values from "./Values.ts"
import * as WriteRules from "./WriteRules.ts"

export type Sent = Readonly<Record<string, unknown>>

/** How a record comes to be written: it decides the words of a refused email. */
export type Via = "create" | "update" | "upsert"

const missing = (type: ObjectType): Errors.Refusal =>
  Errors.notFound(`No ${type.singular} with this id was found; ids are usually numeric.`)

/** A live record by id; merged-away ids lead to the survivor. */
export const byId = (call: Call, type: ObjectType, id: string, archived = false): StoredRecord => {
  const record = call.hub.store.table(type.name).get(id)
  if (record === undefined || (record.archivedAt !== undefined) !== archived) throw missing(type)
  return record
}

/** By a unique property; undefined when nobody has the value. */
export const byKey = (call: Call, type: ObjectType, property: string, value: string, archived = false) =>
  call.hub.isUnique(type.name, property)
    ? call.hub.store.table(type.name).owner(property, foldKey(property, value), archived)
    : undefined

/** The key of a write has to be unique here and writable. */
export const requireKey = (call: Call, type: ObjectType, property: string): void => {
  if (!call.hub.isUnique(type.name, property)) throw Errors.nonUnique(type.id, property)
  if (call.hub.book.active(type.name, property)?.readOnlyValue === true) {
    const message = `"${property}" is a read only property; its value cannot be set.`
    throw Errors.badValues(call.hub.portal.portalId, [{ name: property, code: "READ_ONLY_VALUE", message }])
  }
}

const applySent = (call: Call, type: ObjectType, before: StoredRecord | undefined, sent: Sent): ObjectRules.Values => {
  const values: ObjectRules.Values = { ...before?.properties }
  const bad: Array<Errors.BadValue> = []
  for (const [name, raw] of Object.entries(sent)) {
    const outcome = Values.normalise(call.hub.book.active(type.name, name), name, raw, values[name])
    if (typeof outcome !== "string") bad.push(outcome)
    else if (outcome === "") delete values[name]
    else values[name] = outcome
  }
  if (bad.length > 0) throw Errors.badValues(call.hub.portal.portalId, bad)
  return values
}

const emailTaken = (call: Call, type: ObjectType, via: Via, id: string, value: string, owner: string) => {
  if (via === "create" && !call.hub.knobs.emailUniquenessRace) {
    return Errors.conflict(`Contact already exists. Existing ID: ${owner}`)
  }
  const coordinates = `portalId=${call.hub.portal.portalId}, objectTypeId=${type.id}, propertyName=email, value=${value}`
  return Errors.validation(
    `Cannot set PropertyValueCoordinates{${coordinates}} on ${id}. ${owner} already has that value.`,
  )
}

const taken = (call: Call, name: string, value: string): Errors.Refusal =>
  Errors.badValues(call.hub.portal.portalId, [
    { name, code: "CONFLICTING_UNIQUE_VALUE", message: `The value ${value} of ${name} is already in use.` },
  ])

const checkUnique = (
  call: Call,
  type: ObjectType,
  via: Via,
  id: string,
  values: ObjectRules.Values,
  sent: Sent,
): void => {
  const table = call.hub.store.table(type.name)
  for (const name of call.hub.book.unique(type.name)) {
    const value = values[name]
    if (value === undefined || !(name in sent)) continue
    const key = foldKey(name, value)
    const owner =
      table.owner(name, key) ?? (call.hub.knobs.archivedUniqueBlocks ? table.owner(name, key, true) : undefined)
    if (owner === undefined || owner.id === id) continue
    throw name === "email" ? emailTaken(call, type, via, id, value, owner.id) : taken(call, name, value)
  }
}

const HISTORY = 20

const historyOf = (before: StoredRecord, values: ObjectRules.Values, now: number): StoredRecord["history"] => {
  const changed = Object.keys({ ...before.properties, ...values }).filter(
    (name) => before.properties[name] !== values[name],
  )
  if (changed.length === 0) return before.history
  const history: Record<string, ReadonlyArray<readonly [string, number]>> = { ...before.history }
  for (const name of changed) {
    const old = before.properties[name]
    const past = history[name] ?? (old === undefined ? [] : [[old, before.createdAt] as const])
    history[name] = [...past, [values[name] ?? "", now] as const].slice(-HISTORY)
  }
  return history
}

export const create = (
  call: Call,
  type: ObjectType,
  sent: Sent,
  associations: ReadonlyArray<Associations.Input>,
  via: Via = "create",
): StoredRecord => {
  const values = applySent(call, type, undefined, sent)
  ObjectRules.apply(type.name, { call, before: undefined, values })
  WriteRules.enforce(call, type.name, true, values)
  const id = call.hub.store.freshId()
  checkUnique(call, type, via, id, values, sent)
  const record: StoredRecord = { id, properties: values, createdAt: call.now, updatedAt: call.now }
  call.hub.store.put(type.name, record)
  for (const input of associations) Associations.addTyped(call, { type: type.name, id }, input)
  ObjectRules.settle(call, type.name, undefined, record)
  return record
}

export const update = (
  call: Call,
  type: ObjectType,
  before: StoredRecord,
  sent: Sent,
  via: Via = "update",
): StoredRecord => {
  const values = applySent(call, type, before, sent)
  ObjectRules.apply(type.name, { call, before, values })
  WriteRules.enforce(call, type.name, false, values)
  checkUnique(call, type, via, before.id, values, sent)
  const history = historyOf(before, values, call.now)
  const record: StoredRecord = {
    ...before,
    properties: values,
    updatedAt: call.now,
    ...(history === undefined ? {} : { history }),
  }
  call.hub.store.put(type.name, record)
  ObjectRules.settle(call, type.name, before, record)
  return record
}

/** Archiving twice is once. The associations of an archived record read as empty. */
export const archive = (call: Call, type: ObjectType, record: StoredRecord): void => {
  if (record.archivedAt !== undefined) return
  ObjectRules.mayArchive(call, type.name, record)
  call.hub.store.put(type.name, { ...record, archivedAt: call.now, updatedAt: call.now })
  Associations.dropAll(call, { type: type.name, id: record.id })
}

/** Back from the archive, as a user does it in the app. */
export const restore = (call: Call, type: ObjectType, record: StoredRecord): StoredRecord => {
  const { archivedAt: _, ...rest } = record
  const live: StoredRecord = { ...rest, updatedAt: call.now }
  call.hub.store.put(type.name, live)
  return live
}
