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

  /** It was committed, as this process or, after a cut, the cursor of the store tells. */
  confirmed(): void {
    if (this.#pending !== undefined) this.#committed.push(...this.#pending.changes)
    this.#pending = undefined
  }

  /** A new process found this cursor: the page that was in the air when the last one ended was committed, or was not. */
  resumed(cursor: Change.Cursor | undefined): void {
    if (cursor !== undefined && JSON.stringify(cursor) === JSON.stringify(this.#pending?.cursor)) this.confirmed()
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

/** Reads from the store's cursor until it has caught up, committing page by page. */
export const readOn = (port: Port.Any, ledger: Ledger, options: Port.ChangesOptions<never> = {}): Program<void> =>
  Effect.gen(function* () {
    const store = yield* StateStore
    const { stream } = Reading.of(port.scope, port.entity.name, options as Reading.Selection)
    const cursor = Option.getOrUndefined(yield* store.cursor(stream))
    ledger.resumed(cursor)
    const asked = { ...options, ...(cursor === undefined ? {} : { cursor }) }
    yield* Stream.runForEach(port.changes(asked as never), (page) =>
      Effect.gen(function* () {
        ledger.offered(page)
        yield* store.commit({ page })
        ledger.confirmed()
      }),
    )
  })
