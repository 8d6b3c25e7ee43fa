/**
 * Reading what changed: pages in the order of the stamp, each asked for behind the last one, so that neither the rows that
 * a query can reach nor rows that move meanwhile lose anything. More rows on one stamp than a page holds are read by id;
 * a mass update stamps thousands of records with one minute.
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
import * as Zone from "./internal/Zone.ts"

/** Stamps were seen on whole minutes only; a second is what they are shown to, so finer ones are no surprise. */
const SHOWN_MILLIS = 1000

export interface Readable<E extends Entity.Any> {
  readonly context: Context
  readonly entity: E
  readonly source: (fields: ReadonlyArray<string>) => Source<Entity.Record<E>>
  readonly fields: ReadonlyArray<string>
  readonly sweeps?: (
    source: Source<Entity.Record<E>>,
    fields: ReadonlyArray<string>,
  ) => ReadonlyArray<Watermark.Sweep<Entity.Record<E>>>
}

type Rec<E extends Entity.Any> = Entity.Record<E>

/** Ids are integers and count up. */
const byNumber = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

const readerOf = <E extends Entity.Any>(
  readable: Readable<E>,
  reading: Reading.Reading,
  fields: ReadonlyArray<string>,
): Effect.Effect<Watermark.Reader<Rec<E>>, ConnectorError> => {
  const { context } = readable
  const { records, settings, store } = context
  const source = readable.source(fields)
  return Effect.map(context.zones.renewed, (zone) => {
    const read = Watermark.keyset<Rec<E>>({
      reading,
      store,
      pageSize: settings.pageSize,
      granularityMillis: SHOWN_MILLIS,
      lag: settings.lag,
      overlap: zone.overlap,
      runsBack: zone.runsBack,
      shown: { text: zone.toLocal, stamp: zone.toInstant },
      // Oracle recommends it for this; it needs no permission. It is cut to the minute, which only reads more again.
      serverTime: records.serverTime,
      read: source.read,
      readAt: source.readAt,
      compareIds: byNumber,
      ...(readable.sweeps === undefined ? {} : { sweeps: readable.sweeps(source, fields) }),
    })
    return (from) => Zone.throughout(zone)(read(from))
  })
}

const valuesOf = (value: unknown): ReadonlyArray<unknown> => {
  if (typeof value !== "object" || value === null) return [value]
  return ["code", "raw", "id", "number", "name"].map((name) => (value as { readonly [n: string]: unknown })[name])
}

const holds = <E extends Entity.Any>(record: Rec<E>, condition: Port.Condition<E>): boolean => {
  const wanted = typeof condition.is === "object" ? condition.is : [condition.is]
  const values = valuesOf((record as { readonly [name: string]: unknown })[condition.field])
  return values.some((value) => wanted.some((each) => each === value))
}

/** Conditions are looked at here: they are told in our words, of which many are derived. */
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
    const { context, entity } = readable
    const refused = Asked.refusal(entity, readable.fields, options, `netsuite.${entity.name}.changes`)
    if (refused !== undefined) return Stream.fail(refused)
    const fields = options.fields ?? readable.fields
    const where = options.where ?? []
    const asked = [...new Set([...fields, ...where.map((condition) => condition.field)])]
    const reading = Reading.of(context.scope, entity.name, options)
    const pages = Stream.unwrap(
      Effect.map(readerOf(readable, reading, asked), (read) =>
        read({
          ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
          ...(options.since === undefined ? {} : { since: options.since }),
        }),
      ),
    )
    return where.length === 0 ? pages : Stream.map(pages, narrowed(where))
  }
