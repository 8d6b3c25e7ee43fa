/**
 * Reading what changed: by search, in the order of the modified stamp. Every page asks anew from the last stamp seen, so
 * that the cap of 10,000 results of one query is never met and no offset shifts; more records on one stamp than a page
 * holds are read by id. Search lags behind writes, so the next reading starts a minute before this one did.
 *
 * Search never shows archived records: they are listed apart, at an interval, and told as deletions. A survivor of a merge lists the ids
 * that it took in.
 *
 * HubSpot: guide "Search the CRM" (order, cap, lag); guide "Using object APIs" (archived, merge).
 */
import { Decode, Invalid, Unsupported } from "@mortise/core/ConnectorError"
import * as ContentHash from "@mortise/core/ContentHash"
import type * as Entity from "@mortise/core/Entity"
import type * as Pipeline from "@mortise/core/Pipeline"
import type * as Port from "@mortise/core/Port"
import * as Reading from "@mortise/core/Reading"
import * as Watermark from "@mortise/core/Watermark"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Errors from "./Errors.ts"
import * as Decoding from "./internal/Decode.ts"
import * as LineSweep from "./internal/LineSweep.ts"
import * as Lines from "./internal/Lines.ts"
import type * as Mapping from "./internal/Mapping.ts"
import * as Records from "./internal/Records.ts"
import * as Select from "./internal/Select.ts"
import type * as Session from "./internal/Session.ts"
import * as Where from "./internal/Where.ts"
import * as Limits from "./Limits.ts"

type Row<E extends Entity.Any> = Watermark.Row<Entity.Record<E>>

/** Something that is no record, or a record without a stamp that can be read. */
const misfit = (found: unknown, index: number): Watermark.Row<never> => {
  const id = (found as { readonly id?: unknown } | null)?.id
  const name = typeof id === "string" && id !== "" ? id : `unnamed ${index}`
  const message = "a result of the search is not a record with an id, properties and a modified stamp"
  const issues = [{ path: [String(index)], message }]
  return Watermark.undecodable(name, new Decode({ message, issues }), { hash: ContentHash.ofJson(found ?? null) })
}

const rowsOf = <E extends Entity.Any>(
  session: Session.Session,
  mapping: Mapping.Mapping<E>,
  selection: Select.Selection,
  results: ReadonlyArray<unknown>,
) =>
  Effect.gen(function* () {
    const raws = results.map(Records.raw)
    const ids = raws.flatMap((raw) => (raw === undefined ? [] : [raw.id]))
    const around = yield* Decoding.surroundings(session, selection, ids)
    const decode = Decoding.decoder(mapping.entity)
    return raws.flatMap((raw, index): ReadonlyArray<Row<E>> => {
      const stamp = raw === undefined ? undefined : Decoding.stampOf(mapping, raw)
      if (raw === undefined || stamp === undefined) return [misfit(results[index], index)]
      const merged = Records.mergedInto(raw)
      const told = merged.length === 0 ? [] : [Watermark.merged(merged, raw.id, { stamp })]
      const encoded = Decoding.encodedForm(session, selection, raw, around)
      const record = decode(encoded)
      if (Result.isFailure(record)) {
        const hash = ContentHash.ofJson(raw.properties)
        return [...told, Watermark.undecodable(raw.id, record.failure, { stamp, hash })]
      }
      const hash = ContentHash.ofRecord(mapping.entity, record.success)
      return [...told, Watermark.record(raw.id, record.success, hash, { stamp })]
    })
  })

/** HubSpot's clock, by which the next reading starts. */
const clockOf = ({ serverTime }: Pipeline.Exchange) => (serverTime === undefined ? {} : { serverTime })

/** Room for properties and conditions in a search body, beside order and place. */
const ROOM = Limits.SEARCH_BODY - 800

/**
 * More properties than the body of a search holds are read by id, page by page. The stamp stays the one that the search
 * saw, since by it the reading goes on. A record that was archived in between is left to the archived ones.
 */
const widened = (
  session: Session.Session,
  mapping: Mapping.Any,
  properties: ReadonlyArray<string>,
  results: ReadonlyArray<unknown>,
) => {
  const ids = results.flatMap((result) => Records.raw(result)?.id ?? [])
  return Effect.map(Records.batchRead(session.client, mapping.type, { ids, properties }), (records) => {
    const byId = new Map(records.map((record) => [record.id, record]))
    return results.flatMap((result) => {
      const raw = Records.raw(result)
      const whole = raw === undefined ? undefined : byId.get(raw.id)
      if (raw === undefined) return [result]
      if (whole === undefined) return []
      return [{ ...whole, properties: { ...whole.properties, [mapping.modified]: raw.properties[mapping.modified] } }]
    })
  })
}

const batchOf = <E extends Entity.Any>(
  session: Session.Session,
  mapping: Mapping.Mapping<E>,
  selection: Select.Selection,
  {
    data,
    exchange,
  }: Pipeline.Reply<{ readonly results: ReadonlyArray<unknown>; readonly paging?: { readonly next?: unknown } }>,
) =>
  Effect.map(rowsOf(session, mapping, selection, data.results), (rows) => ({
    rows,
    more: data.paging?.next !== undefined,
    ...clockOf(exchange),
  }))

const millis = (instant: string): string => String(Date.parse(instant))

/** Archived since `from`. HubSpot lists them by id and cannot filter: all are read, now and then, and sifted here. */
const archivedSweep = (session: Session.Session, mapping: Mapping.Any): Watermark.SideTableSweep<never> => ({
  _tag: "SideTable",
  name: "archived",
  every: session.deletionsEvery,
  changed: ({ from, next }) =>
    Effect.map(
      Records.archivedPage(session.client, mapping.type, {
        properties: [mapping.modified],
        ...(next === undefined ? {} : { after: next }),
      }),
      ({ data, exchange }) => {
        const after = data.paging?.next?.after
        const rows = data.results
          .map(Records.raw)
          .filter((raw) => raw !== undefined && Date.parse(raw.archivedAt ?? "") >= Date.parse(from))
          .map((raw) => Watermark.deleted((raw as Records.Raw).id, stampOfArchive(raw as Records.Raw)))
        return { rows, ...clockOf(exchange), ...(after === undefined ? {} : { next: after }) }
      },
    ),
})

/** Where lines are asked for. A reading with conditions finds by its search what they hold for, and is not widened. */
const lineSweeps = <E extends Entity.Any>(
  session: Session.Session,
  mapping: Mapping.Mapping<E>,
  selection: Select.Selection,
  conditions: ReadonlyArray<Records.Filter>,
): ReadonlyArray<Watermark.SideTableSweep<Entity.Record<E>>> => {
  if (!Select.withLines(selection) || conditions.length > 0) return []
  const properties = Select.properties(selection)
  const read = (ids: ReadonlyArray<string>) =>
    Effect.flatMap(Records.batchRead(session.client, mapping.type, { ids, properties }), (raws) =>
      rowsOf(session, mapping, selection, raws),
    )
  return [LineSweep.make(session, mapping, read)]
}

const stampOfArchive = ({ archivedAt }: Records.Raw) =>
  archivedAt === undefined ? {} : { stamp: new Date(Date.parse(archivedAt)).toISOString() }

const refuse = (mapping: Mapping.Any, fields: ReadonlyArray<string>) => {
  const message = `${mapping.entity.name} has no readable field ${fields.join(", ")}`
  const issues = fields.map((field) => ({ path: ["fields", field], message }))
  return Errors.fail(`${mapping.type}.changes`, new Invalid({ message, issues }))
}

/** The `changes` of a port. */
export const make =
  <E extends Entity.Any>(
    session: Session.Session,
    mapping: Mapping.Mapping<E>,
    custom: ReadonlyArray<string>,
  ): Port.Port<E>["changes"] =>
  (options = {}) =>
    Stream.unwrap(
      Effect.gen(function* () {
        const selection = Select.of(mapping, { keyProperty: session.keyProperty, custom }, options.fields)
        const unknown = Select.unknown(selection)
        if (unknown.length > 0) return Stream.fail(refuse(mapping, unknown))
        const conditions = yield* Where.filters(session, mapping, options.where ?? [])
        if (conditions instanceof Unsupported) {
          return Stream.fail(Errors.fail(`${mapping.type}.changes`, conditions))
        }
        const reader = crawl(session, mapping, selection, conditions, options)
        return reader({
          ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
          ...(options.since === undefined ? {} : { since: options.since }),
        })
      }),
    )

const crawl = <E extends Entity.Any>(
  session: Session.Session,
  mapping: Mapping.Mapping<E>,
  selection: Select.Selection,
  conditions: ReadonlyArray<Records.Filter>,
  options: Port.ChangesOptions<E>,
): Watermark.Reader<Entity.Record<E>> => {
  const properties = Select.properties(selection)
  const { modified, type } = mapping
  const wide = JSON.stringify([properties, conditions]).length > ROOM
  const ask = (filters: ReadonlyArray<Records.Filter>, sort: string, limit: number) =>
    Effect.flatMap(
      Records.searchPage(session.client, type, {
        groups: filters.length + conditions.length === 0 ? [] : [[...filters, ...conditions]],
        properties: wide ? [modified] : properties,
        sort,
        limit,
      }),
      (reply) =>
        wide
          ? Effect.flatMap(widened(session, mapping, properties, reply.data.results), (results) =>
              batchOf(session, mapping, selection, { ...reply, data: { ...reply.data, results } }),
            )
          : batchOf(session, mapping, selection, reply),
    )
  return Watermark.keyset<Entity.Record<E>>({
    reading: Reading.of(session.scope, mapping.entity.name, options),
    store: session.store,
    pageSize: Limits.SEARCH_PAGE,
    granularityMillis: 1,
    lag: session.indexLag,
    overlap: Duration.zero,
    compareIds: Lines.byNumber,
    read: ({ from, limit }) =>
      ask(
        from === undefined ? [] : [{ propertyName: modified, operator: "GTE", value: millis(from) }],
        modified,
        limit,
      ),
    readAt: ({ afterId, limit, stamp }) =>
      ask(
        [
          { propertyName: modified, operator: "EQ", value: millis(stamp) },
          ...(afterId === undefined ? [] : [{ propertyName: "hs_object_id", operator: "GT" as const, value: afterId }]),
        ],
        "hs_object_id",
        limit,
      ),
    sweeps: [archivedSweep(session, mapping), ...lineSweeps(session, mapping, selection, conditions)],
  })
}
