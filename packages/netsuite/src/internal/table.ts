/** A source that is one table of the account's queries, with the rows of other tables that belong to its records. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type { Instant } from "@mortise/core/Values"
import type * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import * as Identity from "../Identity.ts"
import * as Limits from "../Limits.ts"
import * as Query from "../Query.ts"
import * as Tables from "../Tables.ts"
import * as Asking from "./asking.ts"
import type { Context } from "./Context.ts"
import * as Custom from "./custom.ts"
import type { Facts, Mapping } from "./Mapping.ts"
import * as Reader from "./Reader.ts"
import type { Row } from "./Records.ts"
import * as rows from "./rows.ts"
import type { Found, Source } from "./source.ts"
import * as Subsidiary from "./subsidiary.ts"

export type Held<E extends Entity.Any> = Found<Entity.Record<E>> & { readonly wire: rows.Wire }

export interface Table<E extends Entity.Any> extends Source<Entity.Record<E>> {
  readonly found: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  /** The records that a condition finds, at most `limit` of them. */
  readonly where: (condition: Filter.Filter, limit: number) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
}

/** Rows of another table by the record that they belong to. */
type Rows = ReadonlyMap<string, ReadonlyArray<Reader.Reader>>

const ID = "id"
/** The stamp as it is shown; by another name than the column, which is what rows are ordered by. */
const STAMP = "modified"

const aliasesOf = (columns: ReadonlyArray<Query.Column>): ReadonlyArray<Query.Column> => [
  ...new Map(columns.map((column) => [column.alias, column])).values(),
]

export const make = <E extends Entity.Any>(
  context: Context,
  mapping: Mapping<E>,
  fields: ReadonlyArray<string>,
  /** False: whatever their subsidiary, for what is known by our key is ours wherever it was moved to. */
  isOfSubsidiary = true,
): Table<E> => {
  const { settings } = context
  const { members, parts, table } = mapping
  const custom = settings.custom[mapping.entity.name] ?? {}
  const carrier = Identity.column(settings, mapping.entity.name)
  const keys = [Query.plain(ID), Query.stamp(Tables.MODIFIED, STAMP), Query.plain(carrier)]
  const columns = aliasesOf([
    ...mapping.always,
    ...fields.flatMap((field) => members[field]?.columns ?? []),
    ...Custom.columns(custom),
  ])
  const partNames = [...new Set(fields.flatMap((field) => members[field]?.part ?? []))]
  const fixed = Filter.all(mapping.where, isOfSubsidiary ? Subsidiary.condition(settings, table) : undefined)
  const ask = Asking.every(context)

  const load = (found: ReadonlyMap<string, Reader.Reader>) =>
    Effect.forEach(partNames, (name) =>
      Effect.map(parts[name]?.load(ask, found) ?? Effect.succeed<Rows>(new Map()), (byId) => [name, byId] as const),
    )

  /** The rows as readers, with what other tables say of them. */
  const wires = (found: ReadonlyArray<Row>, asked: ReadonlySet<string>) =>
    Effect.gen(function* () {
      const zone = yield* context.zones.current
      const bare = new Map(found.map((row) => [row[ID] ?? "", Reader.make(row, asked)]))
      const loaded = bare.size === 0 ? [] : yield* load(bare)
      return found.flatMap((row): ReadonlyArray<rows.Wire> => {
        const id = row[ID]
        if (!id) return []
        const own = Object.fromEntries(loaded.map(([name, byId]) => [name, byId.get(id) ?? []]))
        const stamp = zone.toInstant(row[STAMP] ?? "")
        return [{ id, stamp, carried: row[carrier] ?? undefined, reader: Reader.make(row, asked, own), raw: row }]
      })
    })

  const list = (
    where: Filter.Filter | undefined,
    orderBy: ReadonlyArray<Query.Order>,
    { limit }: { readonly limit: number },
  ) =>
    Effect.flatMap(
      Asking.page(context, { from: table, keys, columns, where: Filter.all(fixed, where), orderBy, limit }),
      ({ asked, more, rows: found }) => Effect.map(wires(found, asked), (all) => ({ all, more })),
    )

  const factsFor = (all: ReadonlyArray<rows.Wire>): Effect.Effect<Facts, ConnectorError> =>
    Effect.gen(function* () {
      const ids = (column: string) => [...new Set(all.flatMap(({ reader }) => reader.text(column) ?? []))]
      const codes = yield* context.codes.covering({ currencies: ids("currency"), terms: ids("terms") })
      return { settings, codes, today: yield* context.today }
    })

  const toRows = (all: ReadonlyArray<rows.Wire>) =>
    Effect.map(factsFor(all), (facts) => all.map((wire) => rows.row(mapping, wire, { facts, custom, fields })))

  const toHeld = (all: ReadonlyArray<rows.Wire>): Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError> =>
    Effect.map(factsFor(all), (facts) =>
      all.map((wire) => {
        const { carried, id } = wire
        const { issues, record } = rows.readable(mapping, wire, { facts, custom, fields })
        return { id, record, issues, wire, ...(carried === undefined ? {} : { carried }) }
      }),
    )

  const batch = ({ all, more }: { readonly all: ReadonlyArray<rows.Wire>; readonly more: boolean }) =>
    Effect.map(toRows(all), (found): Watermark.Batch<Entity.Record<E>> => ({ rows: found, more }))

  const from = (stamp: Instant | undefined) =>
    stamp === undefined
      ? Effect.succeed(undefined)
      : Effect.map(context.zones.current, (zone) => Filter.stamped(Tables.MODIFIED, ">=", zone.toLocal(stamp)))

  const read: Table<E>["read"] = ({ from: stamp, limit }) =>
    Effect.flatMap(from(stamp), (where) =>
      Effect.flatMap(list(where, [Tables.MODIFIED, ID], { limit }), (answer) =>
        batch({ ...answer, all: ascending(answer.all) }),
      ),
    )

  const readAt: Table<E>["readAt"] = ({ afterId, limit, stamp }) =>
    Effect.gen(function* () {
      const zone = yield* context.zones.current
      const next = new Date(Date.parse(stamp) + 1000).toISOString() as Instant
      const where = Filter.all(
        Filter.stamped(Tables.MODIFIED, ">=", zone.toLocal(stamp)),
        Filter.stamped(Tables.MODIFIED, "<", zone.toLocal(next)),
        afterId === undefined ? undefined : Filter.after(ID, afterId),
      )
      return yield* batch(yield* list(where, [ID], { limit }))
    })

  const scan: Table<E>["scan"] = ({ afterId, from: stamp, limit, where }) =>
    Effect.gen(function* () {
      const condition = Filter.all(
        yield* from(stamp),
        where,
        afterId === undefined ? undefined : Filter.after(ID, afterId),
      )
      const { all, more } = yield* list(condition, [ID], { limit })
      const last = all.at(-1)?.id
      return { rows: yield* toRows(all), ...(more && last !== undefined ? { upToId: last } : {}) }
    })

  /** Ids of another form are of no record of this account. */
  const wiresByIds = (ids: ReadonlyArray<string>) =>
    Effect.map(
      Effect.forEach(Asking.chunks(ids.filter(Filter.isId), Limits.ARGUMENTS), (some) =>
        Effect.map(list(Filter.ids(ID, some), [ID], { limit: Limits.PAGE_SIZE }), ({ all }) => all),
      ),
      (found) => found.flat(),
    )

  return {
    read,
    readAt,
    scan,
    byIds: (ids) => Effect.flatMap(wiresByIds(ids), toRows),
    found: (ids) => Effect.flatMap(wiresByIds(ids), toHeld),
    where: (condition, limit) => Effect.flatMap(list(condition, [ID], { limit }), ({ all }) => toHeld(all)),
  }
}

/**
 * Stamps in the order of the rows. Where summer time ends, an hour comes twice and what is shown of it runs back: a row of
 * the second time is put at the end of the first, and the overlap reads both again.
 */
const ascending = (all: ReadonlyArray<rows.Wire>): ReadonlyArray<rows.Wire> => {
  let last: Instant | undefined
  return all.map((wire) => {
    if (wire.stamp === undefined) return wire
    if (last !== undefined && wire.stamp < last) return { ...wire, stamp: last }
    last = wire.stamp
    return wire
  })
}
