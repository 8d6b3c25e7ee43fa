/**
 * Where HubSpot keeps no key of ours: creates that were sent before and of which nobody knows what became. What they
 * made is found by the number of the record; while they may still be under way nothing is sent again.
 */
import { Ambiguous, type ConnectorError, UnknownOutcome } from "@mortise/core/ConnectorError"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Adopt from "../Adopt.ts"
import * as Errors from "../Errors.ts"
import * as Records from "./Records.ts"
import * as Table from "./Table.ts"
import { type Draft, reject, type Work } from "./Work.ts"

/** How long a create whose answer was lost may still come about: as long as a call may take, and search may lag. */
const SETTLE = Duration.minutes(5)

/** What search shows of a create whose answer was lost. */
const lost = Effect.fnUntraced(function* (work: Work, draft: Draft) {
  const { mapping, session } = work
  const property = mapping.number
  const value = property === undefined ? undefined : draft.writes[property]
  if (property === undefined || value === undefined || value === "") return []
  const shown = yield* Adopt.search(session.client, mapping.type, { property, values: [value] }, [])
  const ids = [...shown.values()].flat().map(({ id }) => id)
  const found: Array<Records.Raw> = []
  for (const raw of new Set((yield* Records.byId(session.client, mapping.type, ids, work.properties)).values())) {
    if (raw.properties[property] !== value) continue
    const keys = yield* Table.keysOf(session, mapping.type, raw)
    if (keys.length === 0 || keys.includes(draft.key ?? "")) found.push(raw)
  }
  return found
})

/** Finds what such creates made, and holds back what may still come about. */
export const settle = Effect.fnUntraced(function* (
  work: Work,
  drafts: ReadonlyArray<Draft>,
  found: Map<string, Records.Raw>,
): Effect.fn.Return<void, ConnectorError> {
  if (work.carrier.kind !== "store") return
  const { mapping, operation, session } = work
  const until = Duration.toMillis(Duration.sum(SETTLE, session.indexLag))
  for (const draft of drafts) {
    const { key, trace } = draft
    if (found.has(trace) || key === undefined) continue
    const since = yield* Table.pendingSince(session, mapping.type, key)
    if (since === undefined) continue
    const [only, ...more] = yield* lost(work, draft)
    if (only !== undefined && more.length === 0) {
      yield* Table.settle(session, mapping.type, key, only.id)
      found.set(trace, only)
    } else if (only !== undefined) {
      const candidates = [only, ...more].map(({ id }) => ({ id, matchedBy: [mapping.number ?? ""] }))
      const message = "an answer was lost, and several records could be what it was about; a person has to decide"
      reject(work, trace, new Ambiguous({ message, candidates }))
    } else if ((yield* Clock.currentTimeMillis) < since + until) {
      const message = "a create of this record was sent and its answer was lost; it is not sent again until it shows"
      const error = Errors.fail(operation, new UnknownOutcome({ message, key }))
      work.decided.set(trace, { trace, outcome: { _tag: "Unknown", error } })
    }
  }
})
