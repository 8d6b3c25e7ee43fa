/** Records that wait: those whose parent was missing, and those that failed and are tried again. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { ConnectorError } from "../../ConnectorError.ts"
import type * as Relay from "../../Relay.ts"
import { type DeadLetter, type Parked, refKey, StateStore } from "../../StateStore.ts"
import * as Cut from "../batch/Cut.ts"
import { upserted } from "./Decide.ts"
import * as Page from "./Page.ts"
import * as Recover from "./Recover.ts"
import * as Session from "./Session.ts"
import type { Loose, Upserted, Wiring } from "./Wiring.ts"

const AT_ONCE = 100

type Waiter = Pick<Parked, "source" | "version">

/** The records as they are now. One that cannot be read does not keep the others from being read. */
const read = Effect.fnUntraced(function* (wiring: Wiring, waiters: ReadonlyArray<Waiter>) {
  const all = yield* Effect.result(wiring.source.get(waiters.map(({ source }) => source.id)))
  if (Result.isSuccess(all)) return all.success
  if (waiters.length === 1 || all.failure.isRetryable) return yield* all.failure
  const found = new Map<string, { readonly record: unknown }>()
  for (const { source } of waiters) {
    const one = yield* Effect.result(wiring.source.get([source.id]))
    if (Result.isSuccess(one)) for (const [id, record] of one.success) found.set(id, record)
    else if (one.failure.isRetryable) return yield* one.failure
  }
  return found
})

const changesOf = Effect.fnUntraced(function* (wiring: Wiring, waiters: ReadonlyArray<Waiter>) {
  const found = yield* read(wiring, waiters)
  return waiters.flatMap(({ source, version }): ReadonlyArray<Upserted> => {
    const now = found.get(source.id)
    return now === undefined ? [] : [upserted(wiring, source.id, version, now.record as Loose)]
  })
})

/** Those that are gone from the source wait no longer. */
const forget = Effect.fnUntraced(function* (
  wiring: Wiring,
  session: Session.Session,
  waiters: ReadonlyArray<Waiter>,
  changes: ReadonlyArray<Upserted>,
) {
  const store = yield* StateStore
  const there = new Set(changes.map(({ id }) => id))
  const gone = waiters
    .filter(({ source }) => !there.has(source.id))
    .map(({ source }) => ({ relay: wiring.name, source }))
  if (gone.length === 0) return
  yield* store.commit({ unparked: gone, buried: gone, ...Session.fence(session) })
  for (const { source } of gone) {
    session.waiting.parked.delete(refKey(source))
    session.waiting.dead.delete(refKey(source))
  }
})

const step = (summary: Relay.Summary, kind: Relay.Step["kind"], before: number, after: number): Relay.Step => ({
  ...summary,
  // They were counted as read when they came.
  read: 0,
  unparked: kind === "unparked" ? Math.max(0, before - after) : 0,
  parked: kind === "unparked" ? 0 : summary.parked,
  kind,
  caughtUp: true,
})

const takeUp = Effect.fnUntraced(function* (
  wiring: Wiring,
  session: Session.Session,
  waiters: ReadonlyArray<Waiter>,
  kind: Relay.Step["kind"],
) {
  const changes = yield* changesOf(wiring, waiters)
  yield* forget(wiring, session, waiters, changes)
  const before = session.waiting.parked.size
  const { lease, waiting } = session
  const summary = yield* Page.process(wiring, { changes, waiting, lease: lease.current })
  return step(summary, kind, before, session.waiting.parked.size)
})

/** Those whose parent has a link now. */
const ready = Effect.fnUntraced(function* (wiring: Wiring, parked: ReadonlyArray<Parked>) {
  const store = yield* StateStore
  const there = new Set<Parked>()
  for (const entity of new Set(parked.map(({ as }) => as.entity))) {
    const waiters = parked.filter(({ as }) => as.entity === entity)
    const links = yield* store.linksFrom(
      waiters.map(({ waitsFor }) => waitsFor),
      wiring.kind(entity),
    )
    for (const each of waiters) if (links.has(refKey(each.waitsFor))) there.add(each)
  }
  return parked.filter((each) => there.has(each))
})

/** Those that are due and were not tried in this session: what was taken up may be what others waited for. */
const due = Effect.fnUntraced(function* (wiring: Wiring, all: boolean, tried: Set<string>) {
  const store = yield* StateStore
  const parked = yield* store.parked(wiring.name)
  const now = (all ? parked : yield* ready(wiring, parked)).filter(({ source }) => !tried.has(refKey(source)))
  for (const { source } of now) tried.add(refKey(source))
  return now
})

/** Takes up parked records, batch by batch, within a session, until none is due. */
export const unparkIn = (
  wiring: Wiring,
  session: Session.Session,
  all: boolean,
): Stream.Stream<Relay.Step, ConnectorError, StateStore> => {
  const round = (tried: Set<string>): Stream.Stream<Relay.Step, ConnectorError, StateStore> =>
    Stream.unwrap(
      Effect.map(due(wiring, all, tried), (now) =>
        now.length === 0
          ? Stream.empty
          : Stream.fromIterable(Cut.chunks(now, AT_ONCE)).pipe(
              Stream.mapEffect((some) => takeUp(wiring, session, some, "unparked")),
              Stream.concat(round(tried)),
            ),
      ),
    )
  return Stream.suspend(() => round(new Set()))
}

export const unpark = (wiring: Wiring, all: boolean): Stream.Stream<Relay.Step, ConnectorError, StateStore> =>
  Session.within(wiring, (session) => Stream.unwrap(Effect.as(Recover.recover(wiring), unparkIn(wiring, session, all))))

const letters = Effect.fnUntraced(function* (wiring: Wiring) {
  const store = yield* StateStore
  const all: Array<DeadLetter> = []
  while (true) {
    const last = all.at(-1)
    const after = last === undefined ? {} : { after: refKey(last.source) }
    const page = yield* store.deadLetters(wiring.name, { limit: AT_ONCE, ...after })
    all.push(...page)
    if (page.length < AT_ONCE) return all
  }
})

const forgetLinks = Effect.fnUntraced(function* (wiring: Wiring, dead: ReadonlyArray<DeadLetter>) {
  const store = yield* StateStore
  const gone = dead.filter(({ reason }) => reason === "NotFound").map(({ source }) => source)
  if (gone.length > 0) yield* store.commit({ unlink: gone.map((source) => ({ source, target: wiring.targetKind })) })
})

export const replay = (wiring: Wiring, relink: boolean): Stream.Stream<Relay.Step, ConnectorError, StateStore> =>
  Session.within(wiring, (session) =>
    Stream.unwrap(
      Effect.gen(function* () {
        yield* Recover.recover(wiring)
        const dead = yield* letters(wiring)
        if (relink) yield* forgetLinks(wiring, dead)
        return Stream.fromIterable(Cut.chunks(dead, AT_ONCE)).pipe(
          Stream.mapEffect((some) => takeUp(wiring, session, some, "replayed")),
        )
      }),
    ),
  )
