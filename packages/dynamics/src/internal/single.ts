/** A source that is one entity set. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Filter from "../Filter.ts"
import * as Keys from "../Keys.ts"
import { keys, type Resource, type Wire } from "../Sets.ts"
import type { Context } from "./Context.ts"
import type { Beside, Facts, Mapping } from "./Mapping.ts"
import * as Order from "./order.ts"
import * as Questions from "./questions.ts"
import type { Question } from "./records.ts"
import * as rows from "./rows.ts"
import * as selection from "./selection.ts"
import type { Found, Source } from "./source.ts"

/** A record that was found, in our terms and in the vendor's. */
export interface Held<E extends Entity.Any> extends Found<Entity.Record<E>> {
  readonly wire: object
  readonly etag?: string
}

/** The records as they are on the wire, for those who write. */
export interface Wires<E extends Entity.Any, R extends Resource> {
  readonly list: (filter: Filter.Filter, top: number) => Effect.Effect<ReadonlyArray<Wire<R>>, ConnectorError>
  readonly byId: (id: string) => Effect.Effect<Option.Option<Wire<R>>, ConnectorError>
  readonly held: (wires: ReadonlyArray<Wire<R>>) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  /** What a question of these fields takes of an address, beside its conditions. */
  readonly questionLength: number
}

/** What is asked for a set of our fields. */
const questionOf = <E extends Entity.Any, R extends Resource>(
  context: Context,
  mapping: Mapping<E, R>,
  fields: ReadonlyArray<string>,
): Question => {
  const always = [
    "dataAreaId",
    ...keys[mapping.resource].map(({ name }) => name),
    ...(mapping.carrier === undefined ? [] : [mapping.carrier.name]),
    ...(mapping.always ?? []),
    ...Object.keys(context.settings.custom[mapping.entity.name] ?? {}),
  ]
  return selection.question({ always, members: mapping.members, fields })
}

const NOTHING: Beside = {}

export const make = <E extends Entity.Any, R extends Resource>(
  context: Context,
  mapping: Mapping<E, R>,
  fields: ReadonlyArray<string>,
): Source<Entity.Record<E>> & { readonly wires: Wires<E, R> } => {
  const { records, settings } = context
  const { resource } = mapping
  const prefix = mapping.prefix ?? ""
  const asked = questionOf(context, mapping, fields)
  const custom = settings.custom[mapping.entity.name] ?? {}
  const company = Filter.equals("dataAreaId", settings.company)
  const order = Order.of(settings.order, resource)
  const needed = (mapping.beside?.fields ?? []).filter((field) => fields.includes(field))

  const beside = (wires: ReadonlyArray<Wire<R>>, facts: Facts): Effect.Effect<Beside, ConnectorError> =>
    mapping.beside === undefined || needed.length === 0 || wires.length === 0
      ? Effect.succeed(NOTHING)
      : mapping.beside.read(records, wires, facts, needed)

  const options = (wires: ReadonlyArray<Wire<R>>) =>
    Effect.gen(function* () {
      const facts = yield* context.facts
      return { facts, beside: yield* beside(wires, facts), custom, fields }
    })

  const toRows = (wires: ReadonlyArray<Wire<R>>) =>
    Effect.map(options(wires), (known) => wires.map((wire) => rows.row(mapping, wire, known)))

  const isOurs = (wire: Wire<R>): boolean =>
    (wire.dataAreaId === undefined || wire.dataAreaId?.toLowerCase() === settings.company) &&
    mapping.belongs?.(wire) !== false

  /** Of another company, or another entity, there is nothing to say. */
  const ours = (wires: ReadonlyArray<Wire<R>>) => wires.filter(isOurs)

  const list = (filter: Filter.Filter, top: number) =>
    Effect.map(
      records.list(resource, {
        ...asked,
        filter: Filter.all(company, filter) as Filter.Filter,
        orderBy: Questions.orderBy(resource),
        top,
      }),
      (answer) => ours(answer.rows),
    )

  const scan: Source<Entity.Record<E>>["scan"] = ({ afterId, limit }) =>
    Effect.gen(function* () {
      const after = afterId === undefined ? undefined : Keys.split(resource, afterId.slice(prefix.length))
      const behind = after === undefined ? undefined : Questions.afterKey(resource, after)
      const { more, rows: wires } = yield* records.list(resource, {
        ...asked,
        filter: Filter.all(company, mapping.condition, behind) as Filter.Filter,
        orderBy: Questions.orderBy(resource),
        top: limit,
      })
      const found = yield* toRows(ours(wires))
      // A star in the key widens the condition, and what was read before comes again.
      const fresh = after !== undefined && !Questions.isExact(after) ? behindOnly(found, afterId ?? "") : found
      return { rows: inOrder(fresh), more: more || wires.length >= limit }
    })

  const sortKey = (id: string): string => order.key(id.slice(prefix.length))

  const behindOnly = <A extends { readonly id: string }>(found: ReadonlyArray<A>, id: string): ReadonlyArray<A> =>
    found.filter((row) => sortKey(row.id) > sortKey(id))

  const inOrder = <A extends { readonly id: string }>(found: ReadonlyArray<A>): ReadonlyArray<A> =>
    [...found].sort((a, b) => (sortKey(a.id) < sortKey(b.id) ? -1 : 1))

  const valuesOf = (id: string): ReadonlyArray<string> | undefined =>
    id.startsWith(prefix) ? Keys.split(resource, id.slice(prefix.length)) : undefined

  const byId = (id: string): Effect.Effect<Option.Option<Wire<R>>, ConnectorError> => {
    const values = valuesOf(id)
    return values === undefined
      ? Effect.succeed(Option.none())
      : Effect.map(records.get(resource, values, asked), Option.filter(isOurs))
  }

  const each = (ids: ReadonlyArray<string>) =>
    Effect.map(Effect.forEach(ids, byId, { concurrency: context.concurrency }), (found) =>
      found.flatMap((one) => Option.toArray(one)),
    )

  const questionLength = Questions.lengthOf(asked)

  /** One record by its address, several by conditions. */
  const wiresByIds = (ids: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<Wire<R>>, ConnectorError> =>
    Effect.gen(function* () {
      const known = ids.map((id) => ({ id, values: valuesOf(id) }))
      const plain = known.flatMap(({ values }) => (values !== undefined && Questions.isExact(values) ? [values] : []))
      if (plain.length < 2) return yield* each(ids)
      const conditions = plain.map((values) => Questions.isKey(resource, values))
      const listed = yield* Effect.forEach(
        Questions.fitting(conditions, questionLength + encodeURIComponent(company).length),
        (some) => list(Filter.any(...some), some.length),
        { concurrency: context.concurrency },
      )
      const starred = known.flatMap(({ id, values }) =>
        values !== undefined && !Questions.isExact(values) ? [id] : [],
      )
      return [...listed.flat(), ...(yield* each(starred))]
    })

  const carriedBy = (wire: Wire<R>): string | undefined => {
    const value = (wire as { readonly [name: string]: unknown })[mapping.carrier?.name ?? ""]
    return typeof value === "string" ? value : undefined
  }

  const held: Wires<E, R>["held"] = (wires) =>
    Effect.map(options(wires), (known) =>
      wires.flatMap((wire) => {
        const id = rows.idOf(mapping as never, wire)
        if (id === undefined) return []
        const { issues, record } = rows.readable(mapping, wire, known)
        const carried = carriedBy(wire)
        const { revision } = record as { readonly revision?: string }
        const etag = (wire as { readonly "@odata.etag"?: string })["@odata.etag"]
        return [
          {
            id,
            record,
            issues,
            wire: wire as object,
            ...(revision === undefined ? {} : { revision }),
            ...(carried === undefined ? {} : { carried }),
            ...(etag === undefined ? {} : { etag }),
          },
        ]
      }),
    )

  return {
    order,
    scan,
    byIds: (ids) => Effect.flatMap(wiresByIds(ids), toRows),
    found: (ids) => Effect.flatMap(wiresByIds(ids), held),
    wires: { list, byId, held, questionLength },
  }
}
