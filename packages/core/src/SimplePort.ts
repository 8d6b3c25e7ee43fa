/**
 * A whole port from a few small calls: how to read a record, look for one, create one, change one. The rest, which is
 * where connectors go wrong, is done here and the same for all: the look before every write, the comparison with a fresh
 * read, turns among writers of one key, adoption, the look after an answer was lost, an outcome for each input, and the
 * reading of changes.
 *
 * ```ts
 * const port = yield* SimplePort.make<typeof Account, Customer>({
 *   entity: Account, scope, store, identity: { carrier: "storeOnly" },
 *   readable: ["name", "email"], writable: ["name", "email"], notClearable: ["name"],
 *   idOf: (row) => String(row.id),
 *   fieldsOf: (row) => ({ name: row.name, email: row.email }),
 *   get: (id) => body(api.read(read("get"), ["customers", id])),
 *   lookFor: { email: (email) => rows(api.read(read("list"), ["customers"], { email })) },
 *   create: (fields) => body(api.write(Replay.write("create", "api", "never"), ["customers"], { body: fields })),
 *   update: (id, fields) => body(api.write(write("update"), ["customers", id], { method: "PATCH", body: fields })),
 *   reading: { strategy: "window", ... },
 * })
 * ```
 *
 * Where the vendor has a field for our key (`carrier`), the key decides which record is meant. Where it has none
 * (`storeOnly`), links in the state store do, and a create is announced there before it is sent. What a lost create made
 * is then found by the natural keys in `lookFor`, or, without any, by all that was sent among what was written since; until
 * it has surely come or surely not (`settle`), nothing is sent again. With the store lost, a record is known again by its natural keys only, and only to a write that names them in
 * `adoptBy`; any other write is refused as `Ambiguous` instead of making a second record.
 */

import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ConnectorError } from "./ConnectorError.ts"
import * as Covers from "./Covers.ts"
import type * as Entity from "./Entity.ts"
import type * as Features from "./Features.ts"
import * as Finding from "./internal/simple/Find.ts"
import * as Links from "./internal/simple/Links.ts"
import * as Reads from "./internal/simple/Read.ts"
import * as Writes from "./internal/simple/Write.ts"
import type * as Outcome from "./Outcome.ts"
import type * as Port from "./Port.ts"
import type * as Scope from "./Scope.ts"
import type * as StateStore from "./StateStore.ts"
import * as Turns from "./Turns.ts"
import type { Instant } from "./Values.ts"
import type * as Watermark from "./Watermark.ts"

/** One answer of the vendor's list. */
export interface Answer<Raw> {
  readonly rows: ReadonlyArray<Raw>
  /** The vendor has more for the same question; when it cannot tell, true for a full answer. */
  readonly more: boolean
  /** The vendor's clock, from the `Date` header: `exchange.serverTime`. */
  readonly serverTime?: number | undefined
}

type Read<Question, Raw> = (question: Question) => Effect.Effect<Answer<Raw>, ConnectorError>

/** Fields to ask of the vendor, where it can leave others out. */
interface Selected {
  readonly fields: ReadonlyArray<string>
  readonly limit: number
}

interface Stamped {
  /** The stamp's name on the wire, for the report. */
  readonly field: string
  readonly granularityMillis: number
  readonly zone?: Features.Modified["zone"]
  /** How long a committed write may stay invisible to the list. */
  readonly lag: Duration.Input
  /** A margin on top of the lag. Defaults to 1 s. */
  readonly overlap?: Duration.Input
  /** Edits that do not move the stamp, in words. */
  readonly blindTo?: ReadonlyArray<string>
}

/** How changes are found; `Watermark` tells which strategy fits which list. */
export type Reading<Raw> =
  | (Stamped & {
      readonly strategy: "window"
      /** Rows of this range, from inclusive, before exclusive, in any order. */
      readonly read: Read<Watermark.Range & Selected, Raw>
      /** The same in ascending order of the id, those after `afterId`. */
      readonly scan: Read<Watermark.Range & Selected & { readonly afterId?: string }, Raw>
    })
  | (Stamped & {
      readonly strategy: "keyset"
      /** Rows from this stamp on (inclusive), in ascending order of the stamp. */
      readonly read: Read<{ readonly from?: Instant } & Selected, Raw>
      /** Rows of exactly this stamp in ascending order of the id, those after `afterId`. */
      readonly readAt: Read<{ readonly stamp: Instant; readonly afterId?: string } & Selected, Raw>
    })
  | {
      readonly strategy: "snapshot"
      /** All rows in ascending order of the id, those after `after`. */
      readonly scan: Read<{ readonly after?: string } & Selected, Raw>
    }

/** The order of ids in lists, and a text by which they sort in that order. */
export interface IdOrder {
  readonly compare: (a: string, b: string) => number
  readonly sort: { readonly key: (id: string) => string; readonly id: (key: string) => string }
}

export type Identity<Raw> =
  /** The vendor has no field for our key. */
  | { readonly carrier: "storeOnly" }
  | (Omit<Features.Identity, "carrier"> & {
      readonly carrier: Exclude<Features.Identity["carrier"], "storeOnly">
      readonly field: string
      /** The key as the record carries it, encoded; undefined for a record without one. */
      readonly carriedBy: (raw: Raw) => string | null | undefined
      /** The records that carry this text; never through a delayed index. */
      readonly carrying: (text: string) => Effect.Effect<ReadonlyArray<Raw>, ConnectorError>
    })

/** What a write is told beside the fields. */
export interface Writing<Raw> {
  /** Our key as the carrier holds it; to be written along. Absent where nothing is to be written. */
  readonly carry?: string
  /** The record as it was read a moment ago; absent for a create. */
  readonly held?: Raw
  /** For an `If-Match`, where the vendor has revisions and the record was read with one. */
  readonly revision?: string
}

/** A vendor's record in the encoded form of the contract: decimals as text, dates as ISO text. Absent: not known. */
export type Fields<E extends Entity.Any> = { readonly [F in Entity.FieldName<E> | "custom"]?: unknown }

export interface Options<E extends Entity.Any, Raw> {
  readonly entity: E
  readonly scope: Scope.Scope
  readonly store: StateStore.Service
  readonly identity: Identity<Raw>
  readonly readable: ReadonlyArray<Entity.FieldName<E>>
  readonly writable?: ReadonlyArray<Entity.FieldName<E>>
  /** Writable fields for which `null` is `Unsupported`. */
  readonly notClearable?: ReadonlyArray<Entity.FieldName<E>>
  /** Fields that the vendor derives and may change on its own when others are written, by its names. */
  readonly derives?: ReadonlyArray<string>
  readonly absent?: Features.Features<E>["absent"]

  readonly idOf: (raw: Raw) => string
  readonly fieldsOf: (raw: Raw) => Fields<E>
  /** The modified stamp as an `Instant` in UTC; needed by the strategies that go by one. */
  readonly stampOf?: (raw: Raw) => string | undefined
  readonly revisionOf?: (raw: Raw) => string | undefined

  /** A fresh read, never through a delayed index. A record that is not there is `NotFound`. */
  readonly get: (id: string, fields: ReadonlyArray<string>) => Effect.Effect<Raw, ConnectorError>
  /** Rows that may hold this value of a natural key; what does not is sorted out here. */
  readonly lookFor?: {
    readonly [F in Entity.FieldName<E>]?: (value: string) => Effect.Effect<ReadonlyArray<Raw>, ConnectorError>
  }
  /** Sent once; the answer is the new record. An ambiguous failure is looked into here, not in the call. */
  readonly create?: (fields: Entity.Patch<E>, writing: Writing<Raw>) => Effect.Effect<Raw, ConnectorError>
  /** Only the fields that differ are given. By its nature it may be sent again: declare it `safe`. */
  readonly update?: (
    id: string,
    fields: Entity.Patch<E>,
    writing: Writing<Raw>,
  ) => Effect.Effect<Raw | undefined, ConnectorError>
  readonly archive?: (id: string) => Effect.Effect<unknown, ConnectorError>
  /** Where the vendor keeps a value in another form than it was sent in: true when they mean the same. */
  readonly same?: { readonly [F in Entity.FieldName<E>]?: (wanted: unknown, found: unknown) => boolean }

  readonly reading: Reading<Raw>
  readonly pageSize: number
  /** The order of ids in the vendor's lists. Defaults to the order of the text by code unit. */
  readonly ids?: IdOrder
  /**
   * How long a create whose answer was lost may still come about, and how long a lookup may lag behind it. Until then it
   * is looked for and not sent again. Defaults to 5 min.
   */
  readonly settle?: Duration.Input
  /** Records written at once. Defaults to 1. */
  readonly concurrency?: number
}

/** Ids that are whole numbers without a sign. */
export const numericIds: IdOrder = {
  compare: (a, b) => {
    const [x, y] = [BigInt(a), BigInt(b)]
    return x < y ? -1 : x > y ? 1 : 0
  },
  sort: { key: (id) => id.padStart(20, "0"), id: (key) => key.replace(/^0+(?=\d)/, "") },
}

/** A key without a carrier of the vendor's is as long and as free as the store takes it. */
const STORE_ONLY: Features.Identity = {
  carrier: "storeOnly",
  alphabet: /[\s\S]/u,
  caseFolding: "none",
  maxLength: 3072,
  changedBody: "updates",
}

const identityOf = <Raw>(identity: Identity<Raw>): Features.Identity => {
  if (identity.carrier === "storeOnly") return STORE_ONLY
  const { carriedBy: _, carrying: __, ...facts } = identity
  return facts
}

const features = <E extends Entity.Any, Raw>(options: Options<E, Raw>): Features.Features<E> => ({
  identity: identityOf(options.identity),
  modified: Reads.modified(options.reading),
  reads: true,
  creates: options.create !== undefined,
  updates: options.update !== undefined,
  existingOnly: true,
  archives: options.archive !== undefined,
  deletions: options.reading.strategy === "snapshot",
  merges: false,
  revisions: options.revisionOf !== undefined,
  batchSize: 1,
  pageSize: options.pageSize,
  readable: options.readable,
  writable: options.writable ?? [],
  notClearable: options.notClearable ?? [],
  derives: options.derives ?? [],
  ...(options.absent === undefined ? {} : { absent: options.absent }),
})

const archived = (error: ConnectorError, id: string): Outcome.Outcome =>
  error.reason._tag === "NotFound" ? { _tag: "Unchanged", id } : Writes.outcomeOf(error)

export const make = <E extends Entity.Any, Raw>(options: Options<E, Raw>): Effect.Effect<Port.Port<E>> =>
  Effect.gen(function* () {
    const turns = yield* Turns.make(options.store)
    const links = Links.make(options.store, options.scope, options.entity.name)
    const facts = features(options)
    const reads = Reads.make(options)
    const finder = Finding.make({ options, identity: identityOf(options.identity), links, reads })
    const port: Port.Port<E> = {
      entity: options.entity,
      scope: options.scope,
      features: facts,
      changes: reads.changes,
      get: (ids, asked) => finder.get(ids, asked?.fields ?? options.readable),
      find: finder.find,
      upsert: Writes.make({ options, features: facts, finder, links, turns }),
    }
    const { archive } = options
    if (archive === undefined) return port
    const one = (id: string): Effect.Effect<Outcome.Outcome> =>
      Effect.match(archive(id), {
        onSuccess: (): Outcome.Outcome => ({ _tag: "Updated", id }),
        onFailure: (error) => archived(error, id),
      })
    return { ...port, archive: (ids) => Effect.forEach([...ids], one) }
  })

/** How records are compared; for a `same` that is about a part of a field. */
export const covers = Covers.exactly
