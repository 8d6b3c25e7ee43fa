/** One page: decide, announce, write, settle, commit. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as ConnectorError from "../../ConnectorError.ts"
import type * as Outcome from "../../Outcome.ts"
import type * as Port from "../../Port.ts"
import type * as Relay from "../../Relay.ts"
import { type Lease, refKey, StateStore } from "../../StateStore.ts"
import * as Telemetry from "../../Telemetry.ts"
import * as Before from "./Before.ts"
import { type Changes, type Desk, decide, survivors } from "./Decide.ts"
import type * as Draft from "./Draft.ts"
import * as Notes from "./Notes.ts"
import * as Settle from "./Settle.ts"
import * as Summary from "./Summary.ts"
import * as Survey from "./Survey.ts"
import * as Watch from "./Watch.ts"
import type { Page, Wiring } from "./Wiring.ts"

const writeOf = (wiring: Wiring, ready: Draft.Ready): Port.Write<Wiring["target"]["entity"]> => {
  const { facts, fields, key, link } = ready
  const write = {
    ...(link?.key === "" ? {} : { key }),
    ...(link === undefined ? {} : { id: link.target.id }),
    ...(link === undefined && wiring.adoptBy !== undefined ? { adoptBy: wiring.adoptBy } : {}),
    fields,
  }
  wiring.facts.set(write, facts)
  return write
}

const announce = Effect.fnUntraced(function* ({ notes, wiring }: Desk, ready: ReadonlyArray<Draft.Ready>) {
  const store = yield* StateStore
  yield* store.announce(
    ready.map(({ hash, key, source }) => ({
      relay: wiring.name,
      key,
      source,
      entity: wiring.target.entity.name,
      hash,
      announcedAt: notes.at,
    })),
  )
})

/** Keys of ours that are in the target already. Asked only where the owner of a field depends on who made the record. */
const knownKeys = Effect.fnUntraced(function* ({ wiring }: Desk, ready: ReadonlyArray<Draft.Ready>) {
  const unlinked = ready.flatMap(({ key, link }) => (link === undefined ? [key] : []))
  if (!wiring.asksOrigin || unlinked.length === 0) return undefined
  return new Set((yield* wiring.target.find(unlinked)).keys())
})

/** A record that is there and not ours to write is linked all the same, so that others can point to it. */
const linkUnowned = Effect.fnUntraced(function* (
  { notes, survey, wiring }: Desk,
  ready: ReadonlyArray<Draft.Ready>,
  outcomes: ReadonlyArray<Outcome.Outcome>,
) {
  const refused = ready.filter(({ link }, index) => {
    const outcome = outcomes[index]
    return link === undefined && outcome?._tag === "Rejected" && outcome.error.reason._tag === "OwnershipViolation"
  })
  if (refused.length === 0) return
  const found = yield* wiring.target.find(refused.map(({ key }) => key))
  for (const { change, key, source } of refused) {
    const there = found.get(key)
    if (there === undefined) continue
    const link = { source, target: wiring.targetRef(there.id), key }
    survey.links.set(refKey(source), link)
    Settle.links(wiring, notes, change, link)
  }
})

/** The error with which a run ends when a page could not be written whole. */
const unfinished = (
  wiring: Wiring,
  open: ReadonlyArray<Outcome.Outcome>,
): ConnectorError.ConnectorError | undefined => {
  const notAttempted = open.find((outcome) => outcome._tag === "NotAttempted")
  if (notAttempted !== undefined) return notAttempted.error
  const unknown = open.find((outcome) => outcome._tag === "Unknown")
  if (unknown === undefined) return undefined
  const { system } = wiring.target.scope
  const message = `${open.length} writes may have been applied; run again, they are looked up first`
  return new ConnectorError.ConnectorError({
    system,
    operation: `relay ${wiring.name}`,
    ...(unknown.error.correlationId === undefined ? {} : { correlationId: unknown.error.correlationId }),
    reason: new ConnectorError.Unavailable({ message }),
  })
}

/** Writes, and puts every outcome down. */
const send = Effect.fnUntraced(function* (desk: Desk, ready: ReadonlyArray<Draft.Ready>) {
  if (ready.length === 0) return undefined
  yield* announce(desk, ready)
  const known = yield* knownKeys(desk, ready)
  const sealed = yield* Before.seal(desk.wiring, ready)
  const outcomes = yield* desk.wiring.target.upsert(ready.map((each) => writeOf(desk.wiring, each)))
  const open = outcomes.filter((outcome, index) => {
    const each = ready[index] as Draft.Ready
    const wasKnown = known === undefined || known.has(each.key)
    return Settle.settle(desk, each, outcome, { known: wasKnown, sealedBefore: sealed.get(each.key) })
  })
  yield* linkUnowned(desk, ready, outcomes)
  return unfinished(desk.wiring, open)
})

/** Archives what was deleted in the source, where the relay was told to. */
const retire = Effect.fnUntraced(function* ({ notes, survey, tally, wiring }: Desk, changes: Changes) {
  if (wiring.onDelete !== "archive" || wiring.target.archive === undefined) return undefined
  const gone = changes.flatMap((change) => {
    if (change._tag !== "Deleted") return []
    const name = refKey(wiring.ref(change.id))
    const link = notes.links.get(name) ?? survey.links.get(name)
    return link === undefined ? [] : [{ link, version: change.version }]
  })
  if (gone.length === 0) return undefined
  const outcomes = yield* wiring.target.archive(gone.map(({ link }) => link.target.id))
  outcomes.forEach((outcome, index) => {
    const each = gone[index]
    if (each === undefined || outcome._tag !== "Rejected") return
    tally.reject(outcome.error.reason._tag)
    Notes.bury(wiring, notes, each.link.source, each.version, outcome.error.reason)
  })
  return unfinished(wiring, outcomes)
})

/** Every decision is counted by its kind, once it is written down. */
const count = (wiring: Wiring, notes: Notes.Notes): Effect.Effect<void> =>
  Effect.suspend(() => {
    const decisions = new Map<string, number>()
    for (const { decision } of notes.journal) decisions.set(decision, (decisions.get(decision) ?? 0) + 1)
    return Effect.forEach(
      decisions,
      ([decision, times]) =>
        Metric.update(Metric.withAttributes(Telemetry.decisions, { relay: wiring.name, decision }), times),
      { discard: true },
    )
  })

export interface Work {
  readonly changes: Changes
  /** The page to commit with it; absent for records that are taken up again. */
  readonly page?: Page
  readonly lease: Lease | undefined
}

/**
 * Deals with some changes. Fails when the target could not take all of them: then the cursor stays, and what was
 * settled is remembered all the same.
 */
export const process = Effect.fnUntraced(function* (wiring: Wiring, work: Work) {
  const store = yield* StateStore
  const notes = Notes.make(yield* Clock.currentTimeMillis)
  const tally = Summary.tally()
  const extra = yield* survivors(wiring, work.changes)
  const changes = [...work.changes, ...extra]
  const desk: Desk = { wiring, notes, tally, survey: yield* Survey.survey(wiring, changes) }
  // What is taken up again was counted as read when it came.
  if (work.page !== undefined) tally.count("read", work.changes.length)
  const failure = (yield* send(desk, yield* decide(desk, changes))) ?? (yield* retire(desk, changes))
  const fence = work.lease === undefined ? {} : { fence: work.lease }
  const commit = { ...Notes.commit(wiring, notes), ...fence }
  const page = work.page === undefined ? {} : { page: pick(work.page) }
  yield* store.commit(failure === undefined ? { ...commit, ...page } : commit)
  yield* count(wiring, notes)
  const summary: Relay.Summary = tally.summary()
  yield* Watch.told(wiring, summary)
  if (failure !== undefined) return yield* Effect.fail(failure)
  return summary
})

const pick = ({ cursor, delta, stream }: Page): Pick<Page, "cursor" | "delta" | "stream"> => ({ cursor, delta, stream })
