/**
 * Adopting records that were there before us. A first write may name natural keys to match by: a company's domain, a
 * contact's email, a product's SKU. One match without a key of ours is adopted: it is written by its id, our key with it.
 * A match that carries another key of ours, or several matches, are told as candidates, and nothing is written. A name
 * alone proposes and never decides.
 *
 * Matches are searched (an email is read directly, HubSpot keeps it unique) and then read fresh, since search lags.
 */
import type { Candidate, ConnectorError } from "@mortise/core/ConnectorError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Client } from "./Client.ts"
import * as Identity from "./Identity.ts"
import * as Fields from "./internal/Fields.ts"
import type * as Mapping from "./internal/Mapping.ts"
import * as Records from "./internal/Records.ts"
import * as Session from "./internal/Session.ts"
import * as Table from "./internal/Table.ts"

/** A record to write that no key leads to. */
export interface Seeker {
  readonly trace: string
  readonly key: string | undefined
  /** The natural keys that may be used, by canonical field. */
  readonly by: ReadonlyArray<string>
  readonly writes: Fields.Writes
}

export type Match =
  | { readonly _tag: "None" }
  | { readonly _tag: "One"; readonly record: Records.Raw }
  | { readonly _tag: "Ambiguous"; readonly candidates: ReadonlyArray<Candidate> }

/** Bytes of the values of one IN filter: the whole body may hold 3,000 characters, however HubSpot counts them. */
const VALUES = 1_500

const utf8 = new TextEncoder()

const portions = (values: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const cut: Array<Array<string>> = []
  let size = VALUES
  for (const value of values) {
    const own = utf8.encode(value).length + 3
    size += own
    if (size > VALUES || (cut.at(-1)?.length ?? 0) >= 100) {
      cut.push([])
      size = own
    }
    cut.at(-1)?.push(value)
  }
  return cut
}

/** Records by the value of a property that is not unique, the value folded. */
export const search = Effect.fnUntraced(function* (
  client: Client,
  type: Mapping.ObjectType,
  by: { readonly property: string; readonly values: ReadonlyArray<string> },
  properties: ReadonlyArray<string>,
): Effect.fn.Return<ReadonlyMap<string, ReadonlyArray<Records.Raw>>, ConnectorError> {
  const found = new Map<string, Array<Records.Raw>>()
  const wanted = [...new Set(by.values.map((value) => Fields.normal("folded", value)))].filter((value) => value !== "")
  for (const values of portions(wanted)) {
    const filter = { propertyName: by.property, operator: "IN" as const, values: [...values] }
    const records = yield* Records.searchAll(client, type, [[filter]], [by.property, ...properties])
    for (const record of records) {
      const value = Fields.normal("folded", record.properties[by.property])
      found.set(value, [...(found.get(value) ?? []), record])
    }
  }
  return found
})

interface Hit {
  readonly id: string
  readonly field: string
  readonly decides: boolean
}

/** The property that a canonical field matches by, and whether a match by it decides. */
const naturalOf = (
  mapping: Mapping.Any,
  field: string,
): (Mapping.Natural & { readonly decides: boolean }) | undefined => {
  const natural = mapping.naturalKeys.find((each) => each.field === field)
  if (natural !== undefined) return { ...natural, decides: true }
  const [property, ...more] = mapping.fields[field]?.properties ?? []
  if (property === undefined || more.length > 0) return undefined
  return { field, property: property.name, by: "search", decides: false }
}

/** The fields that a record may be looked for by: natural keys decide, any other property of its own only proposes. */
export const adoptable = (mapping: Mapping.Any): ReadonlyArray<string> =>
  [...mapping.naturalKeys.map(({ field }) => field), ...Object.keys(mapping.fields)].filter(
    (field, index, all) => all.indexOf(field) === index && naturalOf(mapping, field) !== undefined,
  )

const naturalValue = (natural: Mapping.Natural, writes: Fields.Writes): string | undefined => {
  const value = Fields.normal("folded", writes[natural.property])
  return value === "" || natural.ignore?.(value) === true ? undefined : value
}

/** What each seeker matches, by trace. */
const hits = Effect.fnUntraced(function* (
  session: Session.Session,
  mapping: Mapping.Any,
  seekers: ReadonlyArray<Seeker>,
): Effect.fn.Return<ReadonlyMap<string, ReadonlyArray<Hit>>, ConnectorError> {
  const found = new Map<string, Array<Hit>>()
  for (const field of new Set(seekers.flatMap(({ by }) => by))) {
    const natural = naturalOf(mapping, field)
    if (natural === undefined) continue
    const asking = seekers.flatMap((seeker) => {
      const value = seeker.by.includes(field) ? naturalValue(natural, seeker.writes) : undefined
      return value === undefined ? [] : [{ seeker, value }]
    })
    const values = [...new Set(asking.map(({ value }) => value))]
    if (values.length === 0) continue
    const matches = yield* look(session, mapping.type, natural, values)
    for (const { seeker, value } of asking) {
      const same = ({ properties }: Records.Raw) => properties[natural.property] === seeker.writes[natural.property]
      const records = (matches.get(value) ?? []).filter((raw) => natural.exact !== true || same(raw))
      const more = records.map(({ id }) => ({ id, field, decides: natural.decides }))
      found.set(seeker.trace, [...(found.get(seeker.trace) ?? []), ...more])
    }
  }
  return found
})

const look = Effect.fnUntraced(function* (
  session: Session.Session,
  type: Mapping.ObjectType,
  natural: Mapping.Natural,
  values: ReadonlyArray<string>,
): Effect.fn.Return<ReadonlyMap<string, ReadonlyArray<Records.Raw>>, ConnectorError> {
  const { property } = natural
  const searched = search(session.client, type, { property, values }, [])
  if (natural.by === "search") return yield* searched
  return yield* Records.byKey(session.client, type, { property, keys: values }, []).pipe(
    Effect.map((records) => new Map([...records].map(([value, raw]) => [value, [raw]]))),
    // Some portals are reported to refuse email as a key.
    Effect.catchIf(
      ({ reason }) => reason._tag === "Unsupported",
      () => searched,
    ),
  )
})

const labelOf = (raw: Records.Raw): string | undefined => {
  const names = ["name", "dealname", "email", "mortise_number"]
  return names
    .map((name) => raw.properties[name])
    .find((text): text is string => typeof text === "string" && text !== "")
}

const candidate = (raw: Records.Raw, key: string | undefined, by: ReadonlyArray<Hit>): Candidate => {
  const label = labelOf(raw)
  return {
    id: raw.id,
    matchedBy: [...new Set(by.map(({ field }) => field))],
    ...(label === undefined ? {} : { label }),
    ...(key === undefined ? {} : { key }),
  }
}

/** The key of ours that a record carries; a text that we did not write counts as somebody's key as well. */
export const keyOf = (session: Session.Session, raw: Records.Raw): string | undefined => {
  const carried = Fields.value(raw.properties, session.keyProperty)
  return typeof carried === "string" ? (Identity.decode(carried) ?? carried) : undefined
}

/** The keys that records are known by, by id: what they carry and, where HubSpot keeps none, what the store tells. */
const keysOf = Effect.fnUntraced(function* (
  session: Session.Session,
  mapping: Mapping.Any,
  records: Iterable<Records.Raw>,
): Effect.fn.Return<ReadonlyMap<string, string>, ConnectorError> {
  const keys = new Map<string, string>()
  const inStore = Session.carrier(session, mapping).kind !== "property"
  for (const raw of records) {
    const key = keyOf(session, raw) ?? (inStore ? (yield* Table.keysOf(session, mapping.type, raw))[0] : undefined)
    if (key !== undefined) keys.set(raw.id, key)
  }
  return keys
})

const claimName = (mapping: Mapping.Any, property: string, value: string) => `${mapping.type}|${property}|${value}`

const naturals = (mapping: Mapping.Any, { by, writes }: Seeker): ReadonlyArray<readonly [string, string]> =>
  by.flatMap((field) => {
    const natural = mapping.naturalKeys.find((each) => each.field === field)
    const value = natural === undefined ? undefined : naturalValue(natural, writes)
    if (natural === undefined || value === undefined) return []
    const own = natural.exact === true ? (writes[natural.property] ?? value) : value
    return [[field, claimName(mapping, natural.property, own)]]
  })

/** Notes the natural keys of a record that is being written, until search shows them. */
export const claim = (
  session: Session.Session,
  mapping: Mapping.Any,
  seeker: Seeker,
  id: string | undefined,
  now: number,
) => {
  if (seeker.key === undefined) return
  for (const [, name] of naturals(mapping, seeker)) {
    session.claims.put(name, { key: seeker.key, ...(id === undefined ? {} : { id }) }, now)
  }
}

/** What somebody else wrote a moment ago under one of these natural keys. */
const claimed = (
  session: Session.Session,
  mapping: Mapping.Any,
  seeker: Seeker,
  now: number,
): ReadonlyArray<Candidate> =>
  naturals(mapping, seeker).flatMap(([field, name]) => {
    const found = session.claims.of(name, now)
    if (found === undefined || found.key === seeker.key) return []
    const label = found.id === undefined ? { label: "being written in this call" } : {}
    return [{ id: found.id ?? "", key: found.key, matchedBy: [field], ...label }]
  })

const decide = (
  session: Session.Session,
  mapping: Mapping.Any,
  seeker: Seeker,
  matched: {
    readonly hits: ReadonlyArray<Hit>
    readonly records: ReadonlyMap<string, Records.Raw>
    readonly keys: ReadonlyMap<string, string>
  },
  now: number,
): Match => {
  const ids = [...new Set(matched.hits.map(({ id }) => matched.records.get(id)?.id ?? ""))].filter((id) => id !== "")
  const candidates = ids.map((id) => {
    const raw = matched.records.get(id) as Records.Raw
    const by = matched.hits.filter((hit) => matched.records.get(hit.id)?.id === id)
    return { raw, by, told: candidate(raw, matched.keys.get(raw.id), by) }
  })
  const others = claimed(session, mapping, seeker, now).filter(({ id }) => !ids.includes(id) || id === "")
  const [only, ...more] = candidates
  if (only === undefined && others.length === 0) return { _tag: "None" }
  const free = only !== undefined && (only.told.key === undefined || only.told.key === seeker.key)
  const taken = only !== undefined && claimed(session, mapping, seeker, now).some(({ id }) => id === only.raw.id)
  if (only !== undefined && more.length === 0 && others.length === 0 && free && !taken) {
    if (only.by.some(({ decides }) => decides)) return { _tag: "One", record: only.raw }
  }
  return { _tag: "Ambiguous", candidates: [...candidates.map(({ told }) => told), ...others] }
}

/** What is to become of each seeker, decided in their order: a record is adopted once. */
export const match = Effect.fnUntraced(function* (
  session: Session.Session,
  mapping: Mapping.Any,
  seekers: ReadonlyArray<Seeker>,
  properties: ReadonlyArray<string>,
): Effect.fn.Return<ReadonlyMap<string, Match>, ConnectorError> {
  const found = yield* hits(session, mapping, seekers)
  const ids = [...found.values()].flatMap((list) => list.map(({ id }) => id))
  const names = [session.keyProperty, "name", "email", ...properties]
  const records = yield* Records.byId(session.client, mapping.type, ids, names)
  const keys = yield* keysOf(session, mapping, new Set(records.values()))
  const now = yield* Clock.currentTimeMillis
  const matches = new Map<string, Match>()
  for (const seeker of seekers) {
    const result = decide(session, mapping, seeker, { hits: found.get(seeker.trace) ?? [], records, keys }, now)
    if (result._tag !== "Ambiguous") {
      claim(session, mapping, seeker, result._tag === "One" ? result.record.id : undefined, now)
    }
    matches.set(seeker.trace, result)
  }
  return matches
})
