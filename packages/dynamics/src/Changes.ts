/**
 * Reading. The data entities have no stamp, so every record is laid beside the last crawl: its values and its ETag, for
 * the ETag covers the tables that the vendor joins and neither emails nor lines. Where it is asked for and can be had, the
 * stamp of the `BiEntities` is read instead; that is quicker, and blind to what a crawl finds.
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
import type { Order } from "./internal/order.ts"
import type { Source } from "./internal/source.ts"
import * as Stamped from "./internal/stamped.ts"
import { LAG, OVERLAP, STAMP_MILLIS, STAMPED_PAGE } from "./Limits.ts"
import type { Stamped as StampedResource } from "./Sets.ts"

export interface Readable<E extends Entity.Any> {
  readonly context: Context
  readonly entity: E
  /** The set whose stamps are read. */
  readonly stamped?: StampedResource
  readonly source: (fields: ReadonlyArray<string>) => Source<Entity.Record<E>>
  readonly fields: ReadonlyArray<string>
}

type Rec<E extends Entity.Any> = Entity.Record<E>

const snapshotOf = <E extends Entity.Any>(
  { context }: Readable<E>,
  reading: Reading.Reading,
  source: Source<Rec<E>>,
): Watermark.Reader<Rec<E>> => {
  const read = Watermark.snapshot<Rec<E>>({
    reading,
    store: context.store,
    pageSize: context.settings.pageSize,
    scan: ({ after, limit }) =>
      Effect.map(source.scan({ limit, ...(after === undefined ? {} : { afterId: after }) }), ({ more, rows }) => ({
        rows: rows.map((row) => ({
          id: row.id,
          row,
          ...(row.revision === undefined ? {} : { revision: row.revision }),
        })),
        more,
      })),
    fetch: source.byIds,
    sort: source.order,
  })
  return (from = {}) => read(from.cursor === undefined ? from : { ...from, cursor: placed(from.cursor, source.order) })
}

/** A place in another order than this one says nothing: the comparison begins anew, and tells every record once more. */
const placed = (cursor: Change.Cursor, { id, key }: Order): Change.Cursor => {
  const { after } = (cursor.state ?? {}) as { readonly after?: unknown }
  return typeof after === "string" && key(id(after)) !== after ? { ...cursor, state: {} } : cursor
}

const keysetOf = <E extends Entity.Any>(
  { context }: Readable<E>,
  resource: StampedResource,
  reading: Reading.Reading,
  source: Source<Rec<E>>,
): Watermark.Reader<Rec<E>> =>
  Watermark.keyset<Rec<E>>({
    reading,
    store: context.store,
    pageSize: Math.min(context.settings.pageSize, STAMPED_PAGE),
    granularityMillis: STAMP_MILLIS,
    lag: LAG,
    overlap: OVERLAP,
    ...Stamped.reads(context, resource, source),
    compareIds: (a, b) => {
      const [left, right] = [source.order.key(a), source.order.key(b)]
      return left < right ? -1 : left > right ? 1 : 0
    },
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

/** Conditions are looked at here: not every field of a set can be filtered, and none says so before it is tried. */
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
    const operation = `dynamics.${readable.entity.name}.changes`
    const refused = Asked.refusal(readable.entity, readable.fields, options, operation)
    if (refused !== undefined) return Stream.fail(refused)
    const where = options.where ?? []
    const fields = options.fields ?? readable.fields
    const asked = [...new Set([...fields, ...where.map((condition) => condition.field)])]
    const reading = Reading.of(readable.context.scope, readable.entity.name, options)
    const source = readable.source(asked)
    const read =
      readable.stamped === undefined
        ? snapshotOf(readable, reading, source)
        : keysetOf(readable, readable.stamped, reading, source)
    const pages = read({
      ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
      ...(options.since === undefined ? {} : { since: options.since }),
    })
    return where.length === 0 ? pages : Stream.map(pages, narrowed(where))
  }
