/**
 * Runs one source port into one target port: what changed in the one is written to the other, the owner's fields only.
 *
 * A page is read, its writes are announced, sent, and settled; then cursor, links, journal, dead letters and parked
 * records are committed in one transaction. Whatever happens in between, a later run looks up by key what was announced
 * before it sends anything, and reads the page again: no second record, and none lost.
 *
 * Own writes that come back as changes are recognised and dropped. A record whose parent is not there yet is parked and
 * taken up when the parent has come. What fails for good is a dead letter that can be replayed. What the target could
 * not take for now (a limit, a closed door, a lost answer) ends the run with that error; run it again and it goes on.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ConnectorError } from "./ConnectorError.ts"
import type * as Entity from "./Entity.ts"
import * as Before from "./internal/relay/Before.ts"
import * as Run from "./internal/relay/Run.ts"
import * as Summaries from "./internal/relay/Summary.ts"
import * as Waiting from "./internal/relay/Waiting.ts"
import * as Wiring from "./internal/relay/Wiring.ts"
import type * as Ownership from "./Ownership.ts"
import type * as Port from "./Port.ts"
import type { JournalEntry, StateStore } from "./StateStore.ts"
import type { Instant } from "./Values.ts"

/** How a field that points to a record of the source becomes one that points to a record of the target. */
export interface ReferenceRule {
  /** The entity of the source that is pointed to. */
  readonly entity: string
  /**
   * The entity of the target that the field then points to. Absent: what the target's entity says of this path in its
   * `references`, else one of the same name.
   */
  readonly to?: string
  /**
   * When that record has no link yet: `wait` parks this one until it has (the default); `key` names it by its external
   * key and parks when the target does not know it; `drop` leaves the reference out.
   */
  readonly missing?: "wait" | "key" | "drop"
}

/** What a relay did, in numbers. */
export interface Summary {
  /** Changes read, of every kind. */
  readonly read: number
  readonly created: number
  readonly updated: number
  /** Written, where the target does not tell which of the two. */
  readonly written: number
  readonly unchanged: number
  /** Records of which nothing was left to write. */
  readonly notOwned: number
  readonly echoes: number
  /** Records that the mapping left out. */
  readonly skipped: number
  readonly parked: number
  readonly unparked: number
  readonly deleted: number
  readonly merged: number
  /** Records of the target whose source was merged into one that has a record of its own; see {@link Relay}. */
  readonly orphaned: number
  readonly undecodable: number
  /** Dead letters, by the tag of their reason. */
  readonly rejected: Readonly<Record<string, number>>
}

/** One page, or one batch of records taken up again. */
export interface Step extends Summary {
  readonly kind: "page" | "unparked" | "replayed"
  readonly caughtUp: boolean
}

export interface Options<
  T extends Ownership.Table,
  From extends Entity.Any,
  To extends Entity.Any,
  W extends Ownership.Side,
  S extends Ownership.Side,
  C = Entity.Custom,
  D = Entity.Custom,
> {
  /** Names the reading, the intents, the journal and the dead letters in the store. Never change it. */
  readonly name: string
  readonly source: Port.Port<From, C>
  readonly target: Port.Port<To, D>
  readonly table: T
  /** On behalf of which side it writes, and into the system of which. */
  readonly direction: Ownership.Direction<W, S>
  /** The fields to write, references still as the source has them. `undefined` leaves the record out. */
  readonly map: Ownership.Mapping<T, From, To, W, S, C>
  /**
   * By the path of the reference in the mapped record: `company`, `contacts[]`, `lines[].product`, `applied[].invoice`.
   * A reference without a rule is written as it is.
   */
  readonly references?: { readonly [path: string]: string | ReferenceRule }
  /** Other names by which records of the source point to this one, such as its number. */
  readonly aliases?: (record: Entity.Record<From, C>, id: string) => ReadonlyArray<string>
  /** Natural keys by which an existing record of the target may be adopted on first write. */
  readonly adoptBy?: ReadonlyArray<Entity.FieldName<To>>
  /** Stands for the source's scope in external keys, which some carriers hold only 40 or 50 characters of. */
  readonly keyScope?: string
  /** The fields to read. Absent: all that the source delivers. */
  readonly fields?: ReadonlyArray<Entity.FieldName<From>>
  readonly where?: ReadonlyArray<Port.Condition<From>>
  /** Where to begin, when there is no cursor yet. */
  readonly since?: Instant
  /** What becomes of the target when the record is deleted in the source. `keep` (the default) only writes it down. */
  readonly onDelete?: "keep" | "archive"
  /**
   * What a version is compared with, to see whether there is anything to write. `hash` (the default): with what was
   * written last; a version that maps to the same fields costs no request, and what somebody changed by hand in the
   * target stays. `read`: with the target as it is now; the owner's value is put back wherever it differs, at the price
   * of a read for each version. Only versions that the reading delivers are compared: to go over all records once, run
   * a relay of another name, which begins its reading anew and knows the same links.
   */
  readonly verify?: "hash" | "read"
  /** True when a hand-over of the ownership table has happened for a record. */
  readonly happened?: (event: string, record: Entity.Record<From, C>) => boolean
  /** Reads the next page while this one is written. Pages are committed in order all the same. */
  readonly readAhead?: boolean
  /**
   * Reads every record before it is written and keeps the replaced values in the journal, sealed; {@link before} opens
   * them. Costs a read for each batch, and needs a store with a seal key.
   */
  readonly undo?: boolean
  /** Only one holder at a time runs this relay; another one fails with `Locked`. */
  readonly lease?: { readonly holder: string; readonly ttl: Duration.Duration }
}

/**
 * A relay neither merges nor deletes records of the target by itself. When the source merges two records that both are
 * in the target, the survivor goes on with its own, and the other stays as it is, no longer linked and no longer
 * written: an orphan. It is counted in the summary, told in a warning, and stands in the journal as `orphaned`, with the
 * record of the target, its former source and what that was merged into, so that a person can merge or archive it. It is
 * no dead letter, since there is nothing that a replay could write.
 */
export interface Relay {
  readonly name: string
  /** Page by page, until the reading has caught up and nothing parked can be taken up. */
  readonly steps: Stream.Stream<Step, ConnectorError, StateStore>
  readonly run: Effect.Effect<Summary, ConnectorError, StateStore>
  /** Takes up what is parked and whose parent has come. A run does so at its end. `all`: tries every one of them. */
  readonly unpark: (options?: { readonly all?: boolean }) => Effect.Effect<Summary, ConnectorError, StateStore>
  /** Tries the dead letters again, each as its record is now. `relink`: forgets links to targets that are gone. */
  readonly replay: (options?: { readonly relink?: boolean }) => Effect.Effect<Summary, ConnectorError, StateStore>
}

/** The fields that a write replaced, in encoded form, from its line of the journal; undefined where none were kept. */
export const before = (
  entry: JournalEntry,
): Effect.Effect<Readonly<Record<string, unknown>> | undefined, ConnectorError, StateStore> => Before.open(entry)

const total = <E, R>(steps: Stream.Stream<Step, E, R>): Effect.Effect<Summary, E, R> =>
  Stream.runFold(steps, () => Summaries.none, Summaries.add)

export const make = <
  T extends Ownership.Table,
  From extends Entity.Any,
  To extends Entity.Any,
  const W extends Ownership.Side,
  const S extends Ownership.Side,
  C = Entity.Custom,
  D = Entity.Custom,
>(
  options: Options<T, From, To, W, S, C, D>,
): Relay => {
  const wiring = Wiring.make(options)
  const steps = Run.steps(wiring)
  return {
    name: options.name,
    steps,
    run: total(steps),
    unpark: (how) => total(Waiting.unpark(wiring, how?.all === true)),
    replay: (how) => total(Waiting.replay(wiring, how?.relink === true)),
  }
}
