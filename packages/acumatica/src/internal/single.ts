/** A source that is one entity of the endpoint. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Question, Wire } from "../Client.ts"
import { NOT_OPTIMIZABLE } from "../Errors.ts"
import * as Filter from "../Filter.ts"
import * as Keys from "../Keys.ts"
import { keys, modifiedField, type Resource } from "../Versions.ts"
import { attempt, type Wrapped } from "../Wrapping.ts"
import type { Context } from "./Context.ts"
import * as Custom from "./custom.ts"
import type { Facts, Mapping } from "./Mapping.ts"
import * as Reader from "./Reader.ts"
import * as rows from "./rows.ts"
import * as selection from "./selection.ts"
import type { Found, Scanned, ScanQuestion, Source } from "./source.ts"
import * as types from "./types.ts"

/** What is asked for a set of our fields: in lists, and of a single record. */
export interface Questions {
  readonly list: Question
  readonly record: Question
  /** A key list: enough to know the record, its stamp and our reference. */
  readonly keys: Question
}

export const questions = <E extends Entity.Any, R extends Resource>(
  context: Context,
  mapping: Mapping<E, R>,
  fields: ReadonlyArray<string>,
): Questions => {
  const { codec, settings } = context
  const stamp = modifiedField(settings.version, mapping.resource)
  const { carrier } = mapping
  const always = [
    ...keys[mapping.resource],
    ...(stamp === undefined ? [] : [stamp]),
    ...(carrier?.type === "member" ? [carrier.name] : []),
  ]
  const custom = [
    ...Object.keys(settings.custom[mapping.entity.name] ?? {}),
    ...(carrier?.type === "custom" ? [carrier.viewAndField] : []),
    ...fields
      .flatMap((field) => mapping.members[field] ?? [])
      .flatMap((path) => (path.startsWith("$custom/") ? [path.slice(8)] : [])),
  ]
  const members = Object.fromEntries(
    Object.entries(mapping.members).map(([field, paths]) => [
      field,
      paths?.filter((path) => !path.startsWith("$custom/")),
    ]),
  )
  const base = { always, members, fields, custom: [...new Set(custom)], contract: codec.contract }
  return {
    list: selection.question({ ...base, without: mapping.oneByOne }),
    record: selection.question(base),
    keys: {
      select: always,
      custom: base.custom.filter((name) => carrier?.type === "custom" && name === carrier.viewAndField),
    },
  }
}

export const make = <E extends Entity.Any, R extends Resource>(
  context: Context,
  mapping: Mapping<E, R>,
  fields: ReadonlyArray<string>,
  facts: Effect.Effect<Facts, ConnectorError>,
): Source<Entity.Record<E>> & { readonly wires: Wires<E, R> } => {
  const { codec, records, settings } = context
  const { resource } = mapping
  const asked = questions(context, mapping, fields)
  const stamp = modifiedField(settings.version, resource)
  const custom = settings.custom[mapping.entity.name] ?? {}
  const oneByOne = mapping.oneByOne.some((link) => asked.record.select?.some((path) => path.startsWith(`${link}/`)))
  const heavyKey = `${resource}|${(asked.list.expand ?? []).join(",")}|${(asked.list.custom ?? []).join(",")}`
  const memo: types.Paged<R>["memo"] = {}
  type Row = Watermark.Row<Entity.Record<E>>

  const listKeys = (filter: Filter.Filter | undefined, top: number) =>
    records.list(resource, { ...asked.keys, ...(filter === undefined ? {} : { filter }), top })

  /** A list with all that was asked for; where the vendor cannot do that, a list of the keys, and it is remembered. */
  const list = (filter: Filter.Filter | undefined, top: number) =>
    Effect.suspend(() =>
      context.heavy.has(heavyKey)
        ? listKeys(filter, top)
        : records.list(resource, { ...asked.list, ...(filter === undefined ? {} : { filter }), top }).pipe(
            Effect.catch((error) => {
              const heavy = error.reason._tag === "Unsupported" && error.reason.feature === NOT_OPTIMIZABLE
              if (!heavy) return Effect.fail(error)
              context.heavy.add(heavyKey)
              return listKeys(filter, top)
            }),
          ),
    )

  const needsRead = (wire: Wire[R]): boolean =>
    context.heavy.has(heavyKey) ||
    (oneByOne && (mapping.needsDetails === undefined || mapping.needsDetails(Reader.make(codec, wire))))

  /** The record itself, where the list could not bring all of it. One that went away meanwhile is left out. */
  const complete = (wire: Wire[R]): Effect.Effect<ReadonlyArray<Wire[R]>, ConnectorError> => {
    const values = rows.keyValues(codec, resource, wire)
    if (values === undefined || !needsRead(wire)) return Effect.succeed([wire])
    return Effect.map(records.get(resource, values, asked.record), (found) =>
      Option.isSome(found) ? [found.value] : [],
    )
  }

  const completeAll = (wires: ReadonlyArray<Wire[R]>) =>
    Effect.map(Effect.forEach(wires, complete, { concurrency: context.concurrency }), (all) => all.flat())

  const belonging = (wires: ReadonlyArray<Wire[R]>, known: Facts) =>
    wires.filter((wire) => mapping.belongs?.(Reader.make(codec, wire), known) !== false)

  const toRows = (wires: ReadonlyArray<Wire[R]>): Effect.Effect<ReadonlyArray<Row>, ConnectorError> =>
    Effect.map(facts, (known) =>
      belonging(wires, known).map((wire) => rows.row(codec, mapping, wire, { facts: known, custom, fields })),
    )

  const read: Source<Entity.Record<E>>["read"] = ({ limit, ...range }) =>
    Effect.gen(function* () {
      const filter = stamp === undefined ? undefined : Filter.within(stamp, range)
      const { exchange, rows: wires } = yield* list(filter, limit + 1)
      const more = wires.length > limit
      const whole = more ? wires : yield* completeAll(wires)
      return {
        rows: yield* toRows(whole),
        more,
        ...(exchange.serverTime === undefined ? {} : { serverTime: exchange.serverTime }),
      }
    })

  const scan = (question: ScanQuestion): Effect.Effect<Scanned<Entity.Record<E>>, ConnectorError> =>
    Effect.gen(function* () {
      const told: { serverTime?: number } = {}
      const ranged = stamp === undefined ? undefined : Filter.within(stamp, question.range ?? {})
      // Customer keeps its stamp and its key in two views, and a filter over both finds nothing without saying so. Its
      // keys are scanned alone there, and the stamps compared here.
      const split = resource === "Customer" && ranged !== undefined
      const condition = Filter.all(split ? undefined : ranged, question.where?.(resource))
      const ask = (filter: Filter.Filter | undefined, top: number) =>
        Effect.map(list(filter, top), (answer) => {
          if (answer.exchange.serverTime !== undefined) told.serverTime ??= answer.exchange.serverTime
          return answer.rows
        })
      const pages = yield* types.page({ codec, resource, condition, ask, memo }, question)
      const inRange = split ? pages.rows.filter((wire) => mayBeWithin(wire, question.range ?? {})) : pages.rows
      const found = yield* toRows(yield* completeAll(inRange))
      if (found.length === 0 && pages.upToId !== undefined) return yield* scan({ ...question, afterId: pages.upToId })
      return { rows: found, ...(pages.upToId === undefined ? {} : { upToId: pages.upToId }), ...told }
    })

  /** A stamp that cannot be read may lie anywhere. */
  const mayBeWithin = (wire: Wire[R], { before, from }: Watermark.Range): boolean => {
    const at = rows.stampOf(codec, settings, resource, wire)
    return at === undefined || ((from === undefined || at >= from) && (before === undefined || at < before))
  }

  const byId = (id: string) => {
    const values = Keys.split(resource, id)
    return values === undefined ? Effect.succeed(Option.none<Wire[R]>()) : records.get(resource, values, asked.record)
  }

  const wiresByIds = (ids: ReadonlyArray<string>) =>
    Effect.map(Effect.forEach(ids, byId, { concurrency: context.concurrency }), (found) =>
      found.flatMap((each) => (Option.isSome(each) ? [each.value] : [])),
    )

  const carriedBy = (wire: Wire[R]): string | undefined => {
    const { carrier } = mapping
    if (carrier === undefined) return undefined
    const members = wire as { readonly [name: string]: Wrapped }
    const value =
      carrier.type === "member" ? members[carrier.name] : Custom.wrapped(members["custom"], carrier.viewAndField)
    return attempt([], [], () => codec.text(value)) ?? undefined
  }

  const held: Wires<E, R>["held"] = (found) =>
    Effect.map(facts, (known) =>
      belonging(found, known).flatMap((wire) => {
        const id = rows.idOf(codec, resource, wire)
        if (id === undefined) return []
        const { issues, record } = rows.readable(codec, mapping, wire, { facts: known, custom, fields })
        const carried = carriedBy(wire)
        return [{ id, record, issues, wire: wire as object, ...(carried === undefined ? {} : { carried }) }]
      }),
    )

  const questionLength = lengthOf(asked.list)
  return {
    read,
    scan,
    byIds: (ids) => Effect.flatMap(wiresByIds(ids), toRows),
    found: (ids) => Effect.flatMap(wiresByIds(ids), held),
    wires: { list, complete: completeAll, byId, held, questionLength },
  }
}

/** What a question takes of an address, beside its filter. */
const lengthOf = ({ custom = [], expand = [], select = [] }: Question): number =>
  encodeURIComponent(`$select=${select}&$expand=${expand}&$custom=${custom}&$filter=&$top=1000`).length

/** The records as they are on the wire, for those who write. */
export interface Wires<E extends Entity.Any, R extends Resource> {
  /** The length of a list's question without its filter. */
  readonly questionLength: number
  readonly list: (
    filter: Filter.Filter | undefined,
    top: number,
  ) => Effect.Effect<{ readonly rows: ReadonlyArray<Wire[R]> }, ConnectorError>
  readonly complete: (wires: ReadonlyArray<Wire[R]>) => Effect.Effect<ReadonlyArray<Wire[R]>, ConnectorError>
  readonly byId: (id: string) => Effect.Effect<Option.Option<Wire[R]>, ConnectorError>
  readonly held: (
    wires: ReadonlyArray<Wire[R]>,
  ) => Effect.Effect<ReadonlyArray<Found<Entity.Record<E>> & { readonly wire: object }>, ConnectorError>
}
