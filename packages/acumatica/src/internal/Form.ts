/**
 * One form of the ERP as the place where records of an entity are found and written. It hides which entity of the
 * endpoint it is: a port may have two of them.
 */

import type { ConnectorError, Issue } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type { Reference } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Body, Wire } from "../Client.ts"
import * as Filter from "../Filter.ts"
import { KEYS_PER_QUESTION, QUERY_LENGTH } from "../Limits.ts"
import { keys, type Resource } from "../Versions.ts"
import type { Context } from "./Context.ts"
import * as Custom from "./custom.ts"
import type { Carrier, Facts, Mapping } from "./Mapping.ts"
import * as rows from "./rows.ts"
import * as single from "./single.ts"
import type { Found, Source } from "./source.ts"
import type { Natural, Pointer, Writer } from "./Writer.ts"

/** A record that was found, in our terms and in the vendor's. */
export interface Held<E extends Entity.Any> extends Found<Entity.Record<E>> {
  readonly wire: object
}

export interface Put {
  readonly body: Body
  /** Finds the record to update; none is inserted. */
  readonly filter?: Filter.Filter
  /** Refused by the server when the record is not there, or when it is. */
  readonly precondition: "exists" | "missing"
}

export interface Form<E extends Entity.Any> {
  readonly resource: Resource
  readonly carrier: Carrier | undefined
  readonly writer: Writer<E, Resource>
  readonly source: (fields: ReadonlyArray<string>) => Source<Entity.Record<E>>
  /** By what stands in the carrier, any number of texts. */
  readonly carrying: (texts: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  readonly byId: (id: string) => Effect.Effect<Option.Option<Held<E>>, ConnectorError>
  readonly natural: (natural: Natural) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  readonly encode: (
    patch: Entity.Patch<E>,
    options: {
      readonly existing?: Held<E>
      readonly idOf: (entity: Pointer["entity"], reference: Reference) => string
      /** What to write into the carrier. */
      readonly carry?: string
      /** What names a new record, where its key is chosen by who makes it. */
      readonly named?: string
    },
  ) => Effect.Effect<{ readonly put: Put } | { readonly issues: ReadonlyArray<Issue> }, ConnectorError>
  /** The id of the saved record, or what the look-up found. */
  readonly put: <B>(
    put: Put,
    lookup: Effect.Effect<Option.Option<B>, ConnectorError>,
  ) => Effect.Effect<{ readonly id: string | undefined } | { readonly found: B }, ConnectorError>
}

export interface FormOptions<E extends Entity.Any, R extends Resource> {
  readonly context: Context
  readonly mapping: Mapping<E, R>
  readonly writer: Writer<E, R>
  readonly fields: ReadonlyArray<string>
  readonly facts: Effect.Effect<Facts, ConnectorError>
}

/** A look-up that meets more than two of one key has seen enough. */
const TOP_PER_KEY = 3

const encoded = (text: string): number => encodeURIComponent(text).length + " or ".length * 3

/** Cuts conditions so that a question with so much beside them fits into an address. */
const fitting = (conditions: ReadonlyArray<Filter.Filter>, beside: number) => {
  const parts: Array<Array<Filter.Filter>> = []
  let room = 0
  for (const condition of conditions) {
    const last = parts.at(-1)
    const size = encoded(condition)
    if (last === undefined || size > room || last.length === KEYS_PER_QUESTION) {
      parts.push([condition])
      room = QUERY_LENGTH - beside - size
    } else {
      last.push(condition)
      room -= size
    }
  }
  return parts
}

export const make = <E extends Entity.Any, R extends Resource>(options: FormOptions<E, R>): Form<E> => {
  const { context, facts, fields, mapping, writer } = options
  const { codec, records, settings } = context
  const { carrier, resource } = mapping
  const custom = settings.custom[mapping.entity.name] ?? {}
  const { wires } = single.make(context, mapping, fields, facts)

  const listed = (filter: Filter.Filter, top: number) =>
    Effect.flatMap(wires.list(filter, top), ({ rows: found }) => Effect.flatMap(wires.complete(found), wires.held))

  const carries = (text: string): Filter.Filter | undefined => {
    if (carrier === undefined) return undefined
    return carrier.type === "member"
      ? Filter.equals(carrier.name, text)
      : Filter.customEquals(carrier.viewAndField, text)
  }

  /** One key that many records carry must not hide the others: an answer that is full is asked for again key by key. */
  const ask = (some: ReadonlyArray<Filter.Filter>): Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError> =>
    Effect.flatMap(listed(Filter.any(some), some.length * TOP_PER_KEY), (found) =>
      some.length === 1 || found.length < some.length * TOP_PER_KEY
        ? Effect.succeed(found)
        : Effect.map(
            Effect.forEach(some, (one) => ask([one])),
            (all) => all.flat(),
          ),
    )

  const carrying: Form<E>["carrying"] = (texts) => {
    const conditions = [...new Set(texts)].flatMap((text) => carries(text) ?? [])
    return Effect.map(Effect.forEach(fitting(conditions, wires.questionLength), ask), (found) => found.flat())
  }

  const byId: Form<E>["byId"] = (id) =>
    Effect.flatMap(wires.byId(id), (found) =>
      Option.isNone(found)
        ? Effect.succeed(Option.none())
        : Effect.map(wires.held([found.value]), ([first]) => Option.fromUndefinedOr(first)),
    )

  const natural: Form<E>["natural"] = (by) =>
    "id" in by ? Effect.map(byId(by.id), Option.toArray) : listed(by.filter, TOP_PER_KEY)

  const keyMembers = (wire: object): Body =>
    Object.fromEntries(keys[resource].map((name) => [name, (wire as { readonly [n: string]: unknown })[name]]))

  const encode: Form<E>["encode"] = (patch, { carry, existing, idOf, named }) =>
    Effect.gen(function* () {
      const known = {
        codec,
        settings,
        idOf,
        ...(existing === undefined ? {} : { existing: existing.wire as Wire[R] }),
      }
      if (writer.guard !== undefined) yield* writer.guard(patch, known)
      const first =
        existing === undefined ? writer.initial(patch, known) : { body: keyMembers(existing.wire) as Wire[R] }
      const rest = writer.encode(patch, known)
      if (first.issues !== undefined) return { issues: first.issues }
      if (rest.issues !== undefined) return { issues: rest.issues }
      const carried = carry === undefined || carrier === undefined ? undefined : carry
      const beside = carried !== undefined && carrier?.type === "custom" ? carrier.viewAndField : undefined
      const outside = Custom.body(
        { ...patch.custom, ...(beside === undefined ? {} : { [beside]: carried }) },
        { ...custom, ...(beside === undefined ? {} : { [beside]: "String" }) },
      )
      const body: Body = {
        ...(named === undefined ? {} : { [keys[resource][0]]: codec.wrap.text(named) }),
        ...(first.body as Body),
        ...(rest.body as Body),
        ...(carried !== undefined && carrier?.type === "member" ? { [carrier.name]: codec.wrap.text(carried) } : {}),
        ...(Object.keys(outside).length === 0 ? {} : { custom: outside }),
      }
      const filter = existing === undefined && carried !== undefined ? carries(carried) : undefined
      const precondition = existing === undefined ? "missing" : "exists"
      return { put: { body, precondition, ...(filter === undefined ? {} : { filter }) } }
    })

  const put: Form<E>["put"] = ({ body, filter, precondition }, lookup) =>
    Effect.map(
      records.put(resource, body, {
        question: { select: keys[resource], ...(filter === undefined ? {} : { filter }) },
        precondition,
        lookup,
      }),
      (answer) => ("found" in answer ? answer : { id: rows.idOf(codec, resource, (answer.saved ?? {}) as object) }),
    )

  return {
    resource,
    carrier,
    writer: writer as unknown as Writer<E, Resource>,
    source: (asked) => single.make(context, mapping, asked, facts),
    carrying,
    byId,
    natural,
    encode,
    put,
  }
}
