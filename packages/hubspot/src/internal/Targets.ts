/** Which record each write means: by linked id, by key, by what stands in for a key, by natural keys. */
import { Ambiguous, type ConnectorError, Duplicate, Invalid, NotFound } from "@mortise/core/ConnectorError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Adopt from "../Adopt.ts"
import * as Records from "./Records.ts"
import * as References from "./References.ts"
import * as Table from "./Table.ts"
import { addressOf, type Draft, open, reject, type Work } from "./Work.ts"

/** Linked ids first, then keys, then the stand-in's value. */
export const targets = Effect.fnUntraced(function* (
  work: Work,
  drafts: ReadonlyArray<Draft>,
): Effect.fn.Return<Map<string, Records.Raw>, ConnectorError> {
  const { mapping, properties, session } = work
  const found = new Map<string, Records.Raw>()
  const linked = drafts.flatMap(({ item }) => (item.id === undefined ? [] : [item.id]))
  const byId = yield* Records.byId(session.client, mapping.type, linked, properties)
  for (const { item, trace } of drafts) {
    const raw = item.id === undefined ? undefined : byId.get(item.id)
    if (raw !== undefined) found.set(trace, raw)
  }
  const rest = drafts.filter(({ trace }) => !found.has(trace))
  const keys = rest.flatMap(({ key }) => (key === undefined ? [] : [key]))
  const byKey = yield* References.byKeys(session, mapping, keys, properties)
  for (const { key, trace } of rest) {
    const raw = key === undefined ? undefined : byKey.get(key)
    if (raw !== undefined) found.set(trace, raw)
  }
  if (work.carrier.kind === "standIn") yield* byStandIn(work, rest, found)
  return found
})

const byStandIn = Effect.fnUntraced(function* (
  work: Work,
  drafts: ReadonlyArray<Draft>,
  found: Map<string, Records.Raw>,
) {
  const seeking = drafts.flatMap((draft) => {
    const address = found.has(draft.trace) || draft.key === undefined ? undefined : addressOf(work, draft)
    return address === undefined ? [] : [{ draft, address }]
  })
  const property = seeking[0]?.address.property
  if (property === undefined) return
  const by = { property, keys: seeking.map(({ address }) => address.value) }
  const records = yield* Records.byKey(work.session.client, work.mapping.type, by, work.properties)
  for (const { address, draft } of seeking) {
    const raw = records.get(address.value)
    if (raw === undefined) continue
    const keys = yield* Table.keysOf(work.session, work.mapping.type, raw)
    const [key] = keys
    if (key === undefined || keys.includes(draft.key ?? "")) found.set(draft.trace, raw)
    else {
      const message = `the record with this ${property} is another one of ours, and a person has to decide`
      reject(work, draft.trace, new Ambiguous({ message, candidates: [{ id: raw.id, key, matchedBy: [property] }] }))
    }
  }
})

/** Records without a key of ours that natural keys lead to. */
export const adopt = Effect.fnUntraced(function* (
  work: Work,
  drafts: ReadonlyArray<Draft>,
  found: Map<string, Records.Raw>,
): Effect.fn.Return<void, ConnectorError> {
  const { mapping, session } = work
  const seekerOf = (draft: Draft): Adopt.Seeker => ({
    trace: draft.trace,
    key: draft.key,
    by: draft.item.adoptBy ?? [],
    writes: draft.writes,
  })
  const now = yield* Clock.currentTimeMillis
  for (const draft of drafts) {
    const raw = found.get(draft.trace)
    if (raw !== undefined && draft.item.adoptBy !== undefined) {
      Adopt.claim(session, mapping, seekerOf(draft), raw.id, now)
    }
  }
  const seekers = drafts
    .filter(({ item, key, trace }) => !found.has(trace) && key !== undefined && (item.adoptBy ?? []).length > 0)
    .map(seekerOf)
  if (seekers.length === 0) return
  for (const [trace, match] of yield* Adopt.match(session, mapping, seekers, work.properties)) {
    if (match._tag === "One") found.set(trace, match.record)
    if (match._tag === "Ambiguous") {
      const { candidates } = match
      const message = `${candidates.length} record(s) could be meant, and a person has to decide`
      reject(work, trace, new Ambiguous({ message, candidates }))
    }
  }
})

/**
 * An id alone leads to a record or to nothing, and so does a write that is not to create; a key that no request can
 * carry leads nowhere.
 */
export const refuseHomeless = (
  work: Work,
  drafts: ReadonlyArray<Draft>,
  found: ReadonlyMap<string, Records.Raw>,
): void => {
  for (const draft of open(work, drafts)) {
    if (found.has(draft.trace)) continue
    const { id } = draft.item
    if (draft.key === undefined || draft.item.create === false) {
      const message =
        draft.key === undefined
          ? "no record has this id; it may have been deleted"
          : "there is no such record, and this write is not to make one"
      reject(
        work,
        draft.trace,
        new NotFound({ message, entity: work.mapping.entity.name, ...(id === undefined ? {} : { id }) }),
      )
    } else if (work.carrier.kind === "standIn" && addressOf(work, draft) === undefined) {
      const { field } = work.carrier
      const message = `is needed: this portal keeps no key of ours, and a new record is found again by ${field} only`
      reject(work, draft.trace, new Invalid({ message: `${field}: ${message}`, issues: [{ path: [field], message }] }))
    }
  }
}

/** Two new records that HubSpot could only tell apart by one value would become one record. */
export const refuseTwins = (
  work: Work,
  drafts: ReadonlyArray<Draft>,
  found: ReadonlyMap<string, Records.Raw>,
): void => {
  if (work.carrier.kind !== "standIn") return
  const { field } = work.carrier
  const seen = new Set<string>()
  for (const draft of open(work, drafts)) {
    const value = found.has(draft.trace) ? undefined : addressOf(work, draft)?.value
    if (value === undefined) continue
    if (seen.has(value)) {
      reject(work, draft.trace, new Duplicate({ message: `another record of this call has the same ${field}`, field }))
    }
    seen.add(value)
  }
}
