/** A record as answers show it. HubSpot: guide "Using object APIs". */
import type { Call } from "./Hub.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import type { StoredRecord } from "./State.ts"

export const iso = (millis: number): string => new Date(millis).toISOString()

/** A property's value, stamps and id included; undefined when there is none. */
export const propertyOf = (type: ObjectType, record: StoredRecord, name: string): string | undefined => {
  if (name === "hs_object_id") return record.id
  if (name === type.modifiedProperty) return iso(record.updatedAt)
  if (type.createdProperty.includes(name)) return iso(record.createdAt)
  return record.properties[name]
}

/** The value's history, newest first. */
const historyOf = (type: ObjectType, record: StoredRecord, name: string) => {
  const value = propertyOf(type, record, name)
  const past = record.history?.[name] ?? []
  const rows = past.length > 0 || value === undefined ? past : [[value, record.createdAt] as const]
  return [...rows].reverse().map(([one, at]) => ({
    value: one,
    timestamp: iso(at),
    sourceType: "INTEGRATION",
  }))
}

export interface Selection {
  /** Absent or empty: the type's defaults. */
  readonly properties?: ReadonlyArray<string>
  readonly history?: ReadonlyArray<string>
}

const isDefined = (call: Call, type: ObjectType, name: string): boolean =>
  call.hub.book.active(type.name, name) !== undefined

/** Undefined properties are dropped without a word, empty ones are null, all values are text. */
export const view = (call: Call, type: ObjectType, record: StoredRecord, selection: Selection = {}) => {
  const asked = selection.properties ?? []
  const names = asked.length === 0 && (selection.history ?? []).length === 0 ? type.defaults : asked
  const properties: Record<string, string | null> = {}
  for (const name of names) {
    if (isDefined(call, type, name)) properties[name] = propertyOf(type, record, name) ?? null
  }
  const history = (selection.history ?? []).filter((name) => isDefined(call, type, name))
  for (const name of history) properties[name] = propertyOf(type, record, name) ?? null
  return {
    id: record.id,
    properties,
    createdAt: iso(record.createdAt),
    updatedAt: iso(record.updatedAt),
    archived: record.archivedAt !== undefined,
    ...(record.archivedAt === undefined ? {} : { archivedAt: iso(record.archivedAt) }),
    ...(history.length === 0
      ? {}
      : { propertiesWithHistory: Object.fromEntries(history.map((name) => [name, historyOf(type, record, name)])) }),
  }
}

export type RecordView = ReturnType<typeof view>

/** The answer to a write: the type's defaults and what was sent. */
export const written = (call: Call, type: ObjectType, record: StoredRecord, sent: Iterable<string>): RecordView =>
  view(call, type, record, { properties: [...new Set([...type.defaults, ...sent])] })
