/**
 * Reading by the right field of each entity and version: a window over the stamp where the version has one, a snapshot
 * where it has none. Lists have no documented order, so a window that is too full is cut, and more rows on one stamp than
 * a page holds are scanned by key.
 */

import * as Asked from "@mortise/core/Asked"
import type * as Change from "@mortise/core/Change"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Port from "@mortise/core/Port"
import * as Reading from "@mortise/core/Reading"
import * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Context } from "./internal/Context.ts"
import type { Source } from "./internal/source.ts"
import * as Keys from "./Keys.ts"

/** Acumatica: stamps are shown to the millisecond. */
export const GRANULARITY_MILLIS = 1

export interface Readable<E extends Entity.Any> {
  readonly context: Context
  readonly entity: E
  /** True when every form behind the source has a stamp in the pinned version. */
  readonly stamped: boolean
  readonly source: (fields: ReadonlyArray<string>) => Source<Entity.Record<E>>
  readonly fields: ReadonlyArray<string>
  readonly sweeps?: (
    source: Source<Entity.Record<E>>,
    fields: ReadonlyArray<string>,
  ) => ReadonlyArray<Watermark.Sweep<Entity.Record<E>>>
}

type Rec<E extends Entity.Any> = Entity.Record<E>

const windowOf = <E extends Entity.Any>(
  readable: Readable<E>,
  reading: Reading.Reading,
  source: Source<Rec<E>>,
  fields: ReadonlyArray<string>,
): Watermark.Reader<Rec<E>> => {
  const { context } = readable
  const { settings } = context
  return Watermark.window<Rec<E>>({
    reading,
    store: context.store,
    pageSize: settings.pageSize,
    granularityMillis: GRANULARITY_MILLIS,
    lag: settings.lag,
    overlap: settings.overlap,
    read: source.read,
    scan: ({ afterId, limit, ...range }) =>
      Effect.map(
        source.scan({ range, limit, ...(afterId === undefined ? {} : { afterId }) }),
        ({ rows, serverTime, upToId }) => ({
          rows,
          more: upToId !== undefined,
          ...(serverTime === undefined ? {} : { serverTime }),
        }),
      ),
    keyed: "granule",
    compareIds: asGiven,
    ...(readable.sweeps === undefined ? {} : { sweeps: readable.sweeps(source, fields) }),
  })
}

/**
 * A scan goes by the server's collation, which we do not know: the order in which ids are handed on is the order. That
 * every page goes on behind the last one is seen to by `keyset`.
 */
const asGiven = (id: string, before: string): number => (id === before ? 0 : 1)

const snapshotOf = <E extends Entity.Any>(
  { context }: Readable<E>,
  reading: Reading.Reading,
  source: Source<Rec<E>>,
): Watermark.Reader<Rec<E>> =>
  Watermark.snapshot<Rec<E>>({
    reading,
    store: context.store,
    pageSize: context.settings.pageSize,
    scan: ({ after, limit }) =>
      Effect.map(source.scan({ limit, ...(after === undefined ? {} : { afterId: after }) }), ({ rows, upToId }) => ({
        rows: rows.map((row) => ({
          id: row.id,
          row,
          ...(row.content._tag === "Record" ? { hash: row.content.hash } : {}),
        })),
        more: upToId !== undefined,
      })),
    fetch: source.byIds,
    sort: { key: Keys.sortKey, id: Keys.fromSortKey },
  })

const valuesOf = (value: unknown): ReadonlyArray<unknown> => {
  if (typeof value !== "object" || value === null) return [value]
  return ["code", "raw", "id", "number", "name"].map((name) => (value as { readonly [n: string]: unknown })[name])
}

const holds = <E extends Entity.Any>(record: Rec<E>, condition: Port.Condition<E>): boolean => {
  const wanted = typeof condition.is === "object" ? condition.is : [condition.is]
  const values = valuesOf((record as { readonly [name: string]: unknown })[condition.field])
  return values.some((value) => wanted.some((each) => each === value))
}

/** Conditions are looked at here: the vendor's filters are too uneven to leave them to it. */
const narrowed =
  <E extends Entity.Any>(where: ReadonlyArray<Port.Condition<E>>) =>
  (page: Change.Page<Rec<E>>): Change.Page<Rec<E>> => ({
    ...page,
    changes: page.changes.filter(
      (change) => change._tag !== "Upserted" || where.every((condition) => holds(change.record, condition)),
    ),
  })

/** The `changes` of a port. */
export const changes =
  <E extends Entity.Any>(readable: Readable<E>): Port.Port<E>["changes"] =>
  (options = {}): Stream.Stream<Change.Page<Rec<E>>, ConnectorError> => {
    const refused = Asked.refusal(
      readable.entity,
      readable.fields,
      options,
      `acumatica.${readable.entity.name}.changes`,
    )
    if (refused !== undefined) return Stream.fail(refused)
    const fields = options.fields ?? readable.fields
    const where = options.where ?? []
    const asked = [...new Set([...fields, ...where.map((condition) => condition.field)])]
    const reading = Reading.of(readable.context.scope, readable.entity.name, options)
    const source = readable.source(asked)
    const read = readable.stamped ? windowOf(readable, reading, source, asked) : snapshotOf(readable, reading, source)
    const pages = read({
      ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
      ...(options.since === undefined ? {} : { since: options.since }),
    })
    return where.length === 0 ? pages : Stream.map(pages, narrowed(where))
  }
