/**
 * The machine behind every port's `upsert`: any number of records in, one outcome each out, in the order of the inputs.
 *
 * It refuses what cannot be sent, folds doubles of a record into one write, cuts batches by the vendor's limits, maps
 * what came back to each record by its trace and never by its position, and splits a batch that failed as a whole to
 * find the record at fault in O(log n) calls. What a connector brings is how to look (`prepare`), how to send (`send`)
 * and, where it can, how to look again after an answer was lost (`lookup`).
 */
import * as Effect from "effect/Effect"
import type { ConnectorError } from "./ConnectorError.ts"
import type * as Entity from "./Entity.ts"
import type * as Features from "./Features.ts"
import * as Count from "./internal/batch/Count.ts"
import * as Fold from "./internal/batch/Fold.ts"
import * as Run from "./internal/batch/Run.ts"
import * as Stop from "./internal/batch/Stop.ts"
import * as Validate from "./internal/batch/Validate.ts"
import type * as Outcome from "./Outcome.ts"
import type * as Port from "./Port.ts"

export { fault } from "./internal/batch/Fault.ts"

/** One write to send. Several inputs of the same record are one item. */
export interface Item<E extends Entity.Any, C = Entity.Custom> extends Port.Write<E, C> {
  /** Names the write within this call. Results are matched by it; hand it to the vendor where it takes one. */
  readonly trace: string
  /** Positions of the inputs that were folded into this write. */
  readonly inputs: ReadonlyArray<number>
}

/** What became of an item. */
export interface Result {
  readonly trace: string
  readonly outcome: Outcome.Outcome
}

/** An item with what `prepare` found out about it: the id that it has in the target, its references resolved. */
export interface Ready<E extends Entity.Any, C = Entity.Custom, P = undefined> {
  readonly item: Item<E, C>
  readonly trace: string
  readonly ready: P
}

/** Either decided without a write, or ready to be sent. */
export type Prepared<P> = Result | { readonly trace: string; readonly ready: P }

export interface Limits {
  /** Records of one write request. */
  readonly records: number
  /** Bytes of one write request, as `sizeOf` counts them. */
  readonly bytes?: number
  /** Items that are prepared together. Defaults to `records`. */
  readonly prepare?: number
}

/**
 * What a failure of a whole request says about its records.
 * - `record`: one of them is at fault and nothing was applied; look for it.
 * - `every`: each of them is refused for good, and nothing was applied.
 * - `door`: nothing was applied and nothing will be for now; the rest is not attempted.
 * - `ambiguous`: it may have been applied.
 */
export type Fault = "record" | "every" | "door" | "ambiguous"

export interface Options<E extends Entity.Any, C = Entity.Custom, P = undefined> {
  /** For errors: the vendor and the operation. */
  readonly system: string
  readonly operation: string
  readonly entity: E
  readonly records: ReadonlyArray<Port.Write<E, C>>
  readonly limits: Limits
  /** Bytes that an item adds to a request, on the wire. Needed where `limits.bytes` is given. */
  readonly sizeOf?: (ready: Ready<E, C, P>) => number
  /** Keys that the carrier does not hold, fields that the port cannot write or clear are refused before any request. */
  readonly features?: Pick<
    Features.Features<E>,
    "identity" | "writable" | "notClearable" | "revisions" | "existingOnly"
  > & {
    /** The natural keys by which the port can look for a record to adopt; absent where it can by all of the entity's. */
    readonly adoptable?: ReadonlyArray<string>
  }
  /**
   * Reads only: decides what needs no write (`Unchanged`, a missing reference, an ambiguous match) and tells how the
   * rest is to be sent. An item that it does not name is `NotAttempted`.
   */
  readonly prepare?: (items: ReadonlyArray<Item<E, C>>) => Effect.Effect<ReadonlyArray<Prepared<P>>, ConnectorError>
  /** Items of different lanes never share a request: one to create, one to update by id, one to update by key. */
  readonly lane?: (ready: Ready<E, C, P>) => string
  /**
   * One request. Results in any order, matched by trace; an item without a result is `Unknown`. It fails only when the
   * request failed as a whole; with a `record` or `every` failure nothing of it may have been applied. `Unavailable` is
   * taken for a write that may have been applied, unless it says `applied: false`, as `Pipeline` does where it knows.
   */
  readonly send: (batch: ReadonlyArray<Ready<E, C, P>>) => Effect.Effect<ReadonlyArray<Result>, ConnectorError>
  /**
   * Looks up what may have been written. `Written` (or the like) for what is there, `NotAttempted` for what surely is
   * not; items that it does not name stay `Unknown`.
   */
  readonly lookup?: (batch: ReadonlyArray<Ready<E, C, P>>) => Effect.Effect<ReadonlyArray<Result>, ConnectorError>
  /** Reads a failure of a whole request; undefined leaves it to {@link fault}. */
  readonly judge?: (error: ConnectorError) => Fault | undefined
  /** Requests at once. Defaults to 1. */
  readonly concurrency?: number
  /** As they came to the port. */
  readonly upsert?: Pick<Port.UpsertOptions, "deadline" | "signal">
}

/** Runs an upsert. Never fails; an empty list sends nothing. */
export const run = <E extends Entity.Any, C = Entity.Custom, P = undefined>(
  options: Options<E, C, P>,
): Effect.Effect<ReadonlyArray<Outcome.Outcome>> =>
  Effect.suspend(() => {
    const refused = Validate.all(options)
    const { items, clashes } = Fold.fold(options, refused)
    const ledger = Run.ledger(items, options.concurrency ?? 1)
    return Stop.bounded(options.upsert ?? {}, Run.all(options, ledger)).pipe(
      Effect.map((stopped) => Run.outcomes(options, { ledger, refused, clashes, stopped })),
      Effect.tap((outcomes) => Count.outcomes(options, outcomes)),
    )
  })
