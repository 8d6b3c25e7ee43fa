/** Records that wait: those whose parent was missing, and those that failed and are tried again. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { ConnectorError } from "../../ConnectorError.ts"
import type * as Relay from "../../Relay.ts"
import { type Parked, refKey, StateStore } from "../../StateStore.ts"
import { upserted } from "./Decide.ts"
import * as Page from "./Page.ts"
import * as Recover from "./Recover.ts"
import * as Session from "./Session.ts"
import * as Watch from "./Watch.ts"
import type { Loose, Upserted, Wiring } from "./Wiring.ts"

/** Records taken up at once, and read from the store at once. */
const AT_ONCE = 100
const PAGE = 500

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
  if (gone.length > 0) yield* store.commit({ unparked: gone, buried: gone, ...Session.fence(session) })
})

type Kind = Exclude<Relay.Step["kind"], "page">

const step = (summary: Relay.Summary, kind: Kind, taken: number): Relay.Step => ({
  ...summary,
  unparked: kind === "unparked" ? taken - summary.parked : 0,
  parked: kind === "unparked" ? 0 : summary.parked,
  kind,
  caughtUp: true,
})

const takeUp = Effect.fnUntraced(function* (
  wiring: Wiring,
  session: Session.Session,
  waiters: ReadonlyArray<Waiter>,
  kind: Kind,
) {
  yield* Session.renew(wiring, session)
  const changes = yield* changesOf(wiring, waiters)
  yield* forget(wiring, session, waiters, changes)
  return step(yield* Page.process(wiring, { changes, lease: session.lease.current }), kind, changes.length)
})

interface Walk {
  readonly after?: string
  readonly limit: number
}
type Read<A, R> = (walk: Walk) => Effect.Effect<ReadonlyArray<A>, ConnectorError, R>

/**
 * All of what waits, in pages and in the order of its sources. What is taken off on the way, and what is put back,
 * changes nothing of what is still to come.
 */
const pages = <A extends Pick<Waiter, "source">, R>(
  read: Read<A, R>,
): Stream.Stream<ReadonlyArray<A>, ConnectorError, R> =>
  Stream.paginate({ limit: PAGE } as Walk, (walk) =>
    Effect.map(read(walk), (page) => {
      const last = page.length < PAGE ? undefined : page.at(-1)
      const next = Option.map(Option.fromUndefinedOr(last), ({ source }) => ({ limit: PAGE, after: refKey(source) }))
      return [[page], next]
    }),
  )

const parkedPages = (wiring: Wiring) =>
  pages((walk) => Effect.flatMap(StateStore, (store) => store.parked(wiring.name, walk)))

const deadPages = (wiring: Wiring) =>
  pages((walk) => Effect.flatMap(StateStore, (store) => store.deadLetters(wiring.name, walk)))

/** Those whose parent has a link now. */
const due = Effect.fnUntraced(function* (wiring: Wiring, parked: ReadonlyArray<Parked>) {
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

type Steps = Stream.Stream<Relay.Step, ConnectorError, StateStore>

const batches = <A extends Waiter>(
  wiring: Wiring,
  session: Session.Session,
  kind: Kind,
  found: Stream.Stream<ReadonlyArray<A>, ConnectorError, StateStore>,
): Steps =>
  found.pipe(
    Stream.flattenIterable,
    Stream.grouped(AT_ONCE),
    Stream.mapEffect((some) => takeUp(wiring, session, some, kind).pipe(Watch.span(wiring, "page", { kind }))),
  )

/**
 * Takes up parked records, batch by batch, within a session, until none is due: what was taken up may be what others
 * waited for. With `all` the first round tries every one of them.
 */
const rounds = (wiring: Wiring, session: Session.Session, all: boolean): Steps =>
  Stream.suspend(() => {
    let took = false
    const parked = parkedPages(wiring)
    const found = all ? parked : Stream.mapEffect(parked, (page) => due(wiring, page))
    return batches(wiring, session, "unparked", found).pipe(
      Stream.tap(() =>
        Effect.sync(() => {
          took = true
        }),
      ),
      Stream.concat(Stream.suspend(() => (took ? rounds(wiring, session, false) : Stream.empty))),
    )
  })

/** At the end of a run. */
export const unparkIn = (wiring: Wiring, session: Session.Session): Steps =>
  rounds(wiring, session, false).pipe(Watch.around(wiring, "unpark"))

export const unpark = (wiring: Wiring, all: boolean): Steps =>
  Session.within(wiring, (session) =>
    Stream.unwrap(Effect.as(Recover.recover(wiring), rounds(wiring, session, all))),
  ).pipe(Watch.whole(wiring, "unpark"))

/** Links of dead letters whose target is gone end, all before the first one is written anew: one may point to another. */
const forgetLinks = (wiring: Wiring, session: Session.Session) =>
  Stream.runForEach(
    deadPages(wiring),
    Effect.fnUntraced(function* (dead) {
      const store = yield* StateStore
      const gone = dead.filter(({ reason }) => reason === "NotFound")
      const unlink = gone.map(({ source }) => ({ source, target: wiring.targetKind }))
      if (unlink.length > 0) yield* store.commit({ unlink, ...Session.fence(session) })
    }),
  )

export const replay = (wiring: Wiring, relink: boolean): Steps =>
  Session.within(wiring, (session) =>
    Stream.unwrap(
      Effect.gen(function* () {
        yield* Recover.recover(wiring)
        if (relink) yield* forgetLinks(wiring, session)
        return batches(wiring, session, "replayed", deadPages(wiring))
      }),
    ),
  ).pipe(Watch.whole(wiring, "replay"))
