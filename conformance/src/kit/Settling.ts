/** What scenarios and rules of reading have in common: reading on from the store, and what was really committed. */
import type * as Change from "@mortise/core/Change"
import * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Reading from "@mortise/core/Reading"
import { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Program } from "./Subject.ts"

/** True when every record is in the target. */
export const settled = (outcomes: ReadonlyArray<Outcome.Outcome>): boolean => outcomes.every(Outcome.isSettled)

/** What was delivered on pages that were committed, over all processes of a run. */
export class Ledger {
  readonly #committed: Array<Change.Change<unknown>> = []
  #pending: Change.Page<unknown> | undefined

  /** A page was delivered, and is about to be committed. */
  offered(page: Change.Page<unknown>): void {
    this.#pending = page
  }

  /** It was committed. */
  confirmed(): void {
    if (this.#pending !== undefined) this.#committed.push(...this.#pending.changes)
    this.#pending = undefined
  }

  /** The page that was in the air when the last process ended, if there was one. */
  get inTheAir(): Change.Page<unknown> | undefined {
    return this.#pending
  }

  /** It never was committed. */
  dropped(): void {
    this.#pending = undefined
  }

  get changes(): ReadonlyArray<Change.Change<unknown>> {
    return this.#committed
  }

  /** The ids of the records that were delivered, each as often as it was. */
  get ids(): ReadonlyArray<string> {
    return this.#committed.flatMap((change) => (change._tag === "Upserted" ? [change.id] : []))
  }

  /** Versions that were delivered more than once though their page was committed. */
  get twice(): ReadonlyArray<string> {
    const seen = new Set<string>()
    return this.#committed.flatMap((change) => {
      if (change._tag !== "Upserted") return []
      const version = `${change.id} ${change.version}`
      return seen.size === seen.add(version).size ? [version] : []
    })
  }
}

/**
 * Whether the store holds what a page leaves behind. Its cursor alone does not tell: a crawl begins and ends at the same
 * one.
 */
const isCommitted = ({ cursor, delta, stream }: Change.Page<unknown>): Program<boolean> =>
  Effect.gen(function* () {
    const store = yield* StateStore
    const found = Option.getOrUndefined(yield* store.cursor(stream))
    if (JSON.stringify(found) !== JSON.stringify(cursor)) return false
    const put = delta.snapshotPut ?? []
    const removed = delta.snapshotRemove ?? []
    const marks = yield* store.marks(
      stream,
      delta.marks.map(({ id }) => id),
    )
    const rows = yield* store.snapshot(stream, [...put.map(({ id }) => id), ...removed])
    return (
      delta.marks.every(({ id, version }) => marks.get(id) === version) &&
      put.every(({ hash, id, revision }) => rows.get(id)?.hash === hash && rows.get(id)?.revision === revision) &&
      removed.every((id) => !rows.has(id))
    )
  })

/** Reads from the store's cursor until it has caught up, committing page by page. */
export const readOn = (port: Port.Any, ledger: Ledger, options: Port.ChangesOptions<never> = {}): Program<void> =>
  Effect.gen(function* () {
    const store = yield* StateStore
    const { stream } = Reading.of(port.scope, port.entity.name, options as Reading.Selection)
    const cursor = Option.getOrUndefined(yield* store.cursor(stream))
    const page = ledger.inTheAir
    if (page !== undefined) {
      if (yield* isCommitted(page)) ledger.confirmed()
      else ledger.dropped()
    }
    const asked = { ...options, ...(cursor === undefined ? {} : { cursor }) }
    yield* Stream.runForEach(port.changes(asked as never), (page) =>
      Effect.gen(function* () {
        ledger.offered(page)
        yield* store.commit({ page })
        ledger.confirmed()
      }),
    )
  })
