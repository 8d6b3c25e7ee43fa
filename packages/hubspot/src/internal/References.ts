/**
 * From references to record ids, for many records at once: by id, else by our key, else by the number that the business
 * knows a record by. Ids and keys are read fresh; numbers are searched, and so a parent made a moment ago may not be
 * found by its number yet.
 */
import type { Candidate, ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Adopt from "../Adopt.ts"
import * as Identity from "../Identity.ts"
import * as Fields from "./Fields.ts"
import type * as Mapping from "./Mapping.ts"
import * as Records from "./Records.ts"
import * as Registry from "./Registry.ts"
import * as Session from "./Session.ts"
import * as Table from "./Table.ts"

/** A reference in encoded form. */
export interface Ref {
  readonly id?: string
  readonly key?: string
  readonly number?: string
}

export interface Want {
  readonly type: Mapping.ObjectType
  readonly ref: Ref
}

export type Resolved =
  | { readonly _tag: "Found"; readonly id: string }
  | { readonly _tag: "Missing" }
  | { readonly _tag: "Several"; readonly candidates: ReadonlyArray<Candidate> }

const MISSING: Resolved = { _tag: "Missing" }

/** How a reference is told in errors: what it was named by, not what it holds besides. */
export const told = ({ id, key, number }: Ref): string =>
  id !== undefined
    ? `id ${id}`
    : key !== undefined
      ? `key ${key}`
      : number !== undefined
        ? `number ${number}`
        : "nothing"

export interface Resolver {
  readonly resolve: (want: Want) => Resolved
}

interface Found {
  readonly byId: ReadonlyMap<string, Records.Raw>
  readonly byKey: ReadonlyMap<string, Records.Raw>
  readonly byNumber: ReadonlyMap<string, ReadonlyArray<Records.Raw>>
}

const present = (values: ReadonlyArray<string | undefined>): ReadonlyArray<string> => [
  ...new Set(values.filter((value): value is string => value !== undefined && value !== "")),
]

/** Records of our keys, whatever carries them on this type. */
export const byKeys = Effect.fnUntraced(function* (
  session: Session.Session,
  mapping: Pick<Mapping.Any, "standIn"> & { readonly type: Mapping.ObjectType },
  keys: ReadonlyArray<string>,
  properties: ReadonlyArray<string>,
): Effect.fn.Return<ReadonlyMap<string, Records.Raw>, ConnectorError> {
  const found = new Map<string, Records.Raw>()
  if (keys.length === 0) return found
  yield* session.catalog.properties(mapping.type)
  const carrier = Session.carrier(session, mapping as Mapping.Any)
  if (carrier.kind === "property") {
    const carried = new Map(keys.flatMap((key) => [[Identity.encode(key) ?? "", key] as const]))
    carried.delete("")
    const by = { property: carrier.property, keys: [...carried.keys()] }
    const records = yield* Records.byKey(session.client, mapping.type, by, properties)
    for (const [text, raw] of records) found.set(carried.get(text) as string, raw)
    return found
  }
  if (carrier.kind === "unprepared") return found
  const ids = new Map<string, string>()
  for (const key of keys) {
    const id = yield* Table.idOf(session, mapping.type, key)
    if (id !== undefined) ids.set(key, id)
  }
  const records = yield* Records.byId(session.client, mapping.type, [...ids.values()], properties)
  for (const [key, id] of ids) {
    const raw = records.get(id)
    if (raw !== undefined) found.set(key, raw)
  }
  return found
})

const byNumbers = Effect.fnUntraced(function* (
  session: Session.Session,
  type: Mapping.ObjectType,
  numbers: ReadonlyArray<string>,
): Effect.fn.Return<Found["byNumber"], ConnectorError> {
  const property = Registry.of(type).number
  if (property === undefined || numbers.length === 0) return new Map()
  const found = yield* Adopt.search(session.client, type, { property, values: numbers }, [property])
  // HubSpot's search knows no case; two numbers that differ in it are two records.
  const named = (number: string) =>
    (found.get(Fields.normal("folded", number)) ?? []).filter((raw) => raw.properties[property] === number)
  return new Map(numbers.map((number) => [number, named(number)]))
})

const load = Effect.fnUntraced(function* (
  session: Session.Session,
  type: Mapping.ObjectType,
  refs: ReadonlyArray<Ref>,
): Effect.fn.Return<Found, ConnectorError> {
  const byId = yield* Records.byId(session.client, type, present(refs.map(({ id }) => id)), [])
  const open = refs.filter(({ id }) => id === undefined || !byId.has(id))
  const byKey = yield* byKeys(session, { ...Registry.of(type), type }, present(open.map(({ key }) => key)), [])
  const rest = open.filter(({ key }) => key === undefined || !byKey.has(key))
  return { byId, byKey, byNumber: yield* byNumbers(session, type, present(rest.map(({ number }) => number))) }
})

const one = ({ byId, byKey, byNumber }: Found, { id, key, number }: Ref): Resolved => {
  const record = (id === undefined ? undefined : byId.get(id)) ?? (key === undefined ? undefined : byKey.get(key))
  if (record !== undefined) return { _tag: "Found", id: record.id }
  const several = number === undefined ? [] : (byNumber.get(number) ?? [])
  const [first] = several
  if (first === undefined) return MISSING
  if (several.length === 1) return { _tag: "Found", id: first.id }
  return { _tag: "Several", candidates: several.map((raw) => ({ id: raw.id, matchedBy: ["number"] })) }
}

/** Looks all of them up, a batch read or two a type. */
export const resolver = Effect.fnUntraced(function* (
  session: Session.Session,
  wants: ReadonlyArray<Want>,
): Effect.fn.Return<Resolver, ConnectorError> {
  const found = new Map<Mapping.ObjectType, Found>()
  for (const type of new Set(wants.map((want) => want.type))) {
    const refs = wants.filter((want) => want.type === type).map(({ ref }) => ref)
    found.set(type, yield* load(session, type, refs))
  }
  return {
    resolve: ({ ref, type }) => {
      const known = found.get(type)
      return known === undefined ? MISSING : one(known, ref)
    },
  }
})
