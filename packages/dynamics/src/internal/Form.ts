/** One entity set as the place where records of an entity are found and written. */

import type { ConnectorError, Issue } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type { Reference } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { KeyField } from "../Config.ts"
import * as Filter from "../Filter.ts"
import * as Keys from "../Keys.ts"
import { keys, type Resource, type Wire } from "../Sets.ts"
import type { Context } from "./Context.ts"
import * as Custom from "./custom.ts"
import type { WrittenMapping } from "./Mapping.ts"
import * as Questions from "./questions.ts"
import type { Body, Step } from "./records.ts"
import * as rows from "./rows.ts"
import * as single from "./single.ts"
import type { Natural, Pointer, Writer } from "./Writer.ts"

export type { Held } from "./single.ts"

type Held<E extends Entity.Any> = single.Held<E>

/** The writes of one record. */
export interface Put {
  /** Absent when only lines change. */
  readonly header?: Step
  readonly lines: (parent: object) => ReadonlyArray<Step>
  /** What the lines hang on, where it is known before the header is written. */
  readonly parent?: object
}

export type Sent<E extends Entity.Any> =
  /** `rest`: the lines of a new header are still to be written. */
  { readonly saved: Held<E> | undefined; readonly rest: boolean } | { readonly found: Held<E> }

export interface Form<E extends Entity.Any> {
  readonly resource: Resource
  readonly carrier: KeyField
  readonly writer: Writer<E, Resource>
  /** By what stands in the carrier, any number of texts. */
  readonly carrying: (texts: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  readonly byId: (id: string) => Effect.Effect<Option.Option<Held<E>>, ConnectorError>
  /** Another company that has a record of this id, for a message. */
  readonly elsewhere: (id: string) => Effect.Effect<string | undefined, ConnectorError>
  /** The id of a record with this number. */
  readonly idOf: (number: string) => string
  readonly natural: (natural: Natural) => Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError>
  readonly encode: (
    patch: Entity.Patch<E>,
    options: {
      readonly existing?: Held<E>
      readonly idOf: (entity: Pointer["entity"], reference: Reference) => string
      /** What to write into the carrier. */
      readonly carry?: string
      /** The number of a new record, where it is chosen by who makes it. */
      readonly number?: string
    },
  ) => Effect.Effect<{ readonly put: Put } | { readonly issues: ReadonlyArray<Issue> }, ConnectorError>
  readonly send: (
    put: Put,
    lookup: Effect.Effect<Option.Option<Held<E>>, ConnectorError>,
  ) => Effect.Effect<Sent<E>, ConnectorError>
}

export interface FormOptions<E extends Entity.Any, R extends Resource> {
  readonly context: Context
  readonly mapping: WrittenMapping<E, R>
  readonly writer: Writer<E, R>
  readonly fields: ReadonlyArray<string>
}

/** A look-up that meets more than two of one key has seen enough. */
const TOP_PER_KEY = 3

const noLines = (): ReadonlyArray<Step> => []

export const make = <E extends Entity.Any, R extends Resource>(options: FormOptions<E, R>): Form<E> => {
  const { context, fields, mapping, writer } = options
  const { records, settings } = context
  const { carrier, resource } = mapping
  const custom = settings.custom[mapping.entity.name] ?? {}
  const { wires } = single.make(context, mapping, fields)
  const prefix = mapping.prefix ?? ""

  const listed = (filter: Filter.Filter, top: number) => Effect.flatMap(wires.list(filter, top), wires.held)

  /** One key that many records carry must not hide the others: an answer that is full is asked for again key by key. */
  const ask = (
    some: readonly [Filter.Filter, ...ReadonlyArray<Filter.Filter>],
  ): Effect.Effect<ReadonlyArray<Held<E>>, ConnectorError> =>
    Effect.flatMap(listed(Filter.any(...some), some.length * TOP_PER_KEY), (found) =>
      some.length === 1 || found.length < some.length * TOP_PER_KEY
        ? Effect.succeed(found)
        : Effect.map(
            Effect.forEach(some, (one) => ask([one])),
            (all) => all.flat(),
          ),
    )

  const carrying: Form<E>["carrying"] = (texts) => {
    const conditions = [...new Set(texts)].map((text) => Filter.equals(carrier.name, text))
    return Effect.map(Effect.forEach(Questions.fitting(conditions, wires.questionLength), ask), (found) => found.flat())
  }

  const byId: Form<E>["byId"] = (id) =>
    Effect.flatMap(wires.byId(id), (found) =>
      Option.isNone(found)
        ? Effect.succeed(Option.none())
        : Effect.map(wires.held([found.value]), ([first]) => Option.fromUndefinedOr(first)),
    )

  const elsewhere: Form<E>["elsewhere"] = (id) => {
    const values = id.startsWith(prefix) ? Keys.split(resource, id.slice(prefix.length)) : undefined
    if (values === undefined || !Questions.isExact(values)) return Effect.succeed(undefined)
    const question = { select: ["dataAreaId"], filter: Questions.isKey(resource, values), top: 1 }
    return Effect.map(records.list(resource, question), ({ rows: found }) => found[0]?.dataAreaId ?? undefined)
  }

  const natural: Form<E>["natural"] = (by) =>
    "id" in by
      ? Effect.map(byId(by.id), Option.toArray)
      : Effect.map(listed(by.filter, TOP_PER_KEY), (found) => found.filter(({ record }) => by.holds(record as never)))

  const customerFor = (patch: Entity.Patch<E>, isNew: boolean, idOf: (reference: Reference) => string) => {
    const reference = writer.customerOf?.(patch, isNew)
    if (reference === undefined) return Effect.succeed(undefined)
    const key = Keys.split("CustomersV3", idOf(reference))
    if (key === undefined) return Effect.succeed(undefined)
    return Effect.map(records.get("CustomersV3", key, { select: CUSTOMER }), Option.getOrUndefined)
  }

  const headerOf = (body: Body, existing: Held<E> | undefined): Step | undefined => {
    if (existing === undefined) return { _tag: "Create", set: resource, body }
    if (Object.keys(body).length === 0) return undefined
    const key = rows.keyValues(resource, existing.wire) ?? []
    const etag = existing.etag === undefined ? {} : { etag: existing.etag }
    return { _tag: "Update", set: resource, key, body, ...etag }
  }

  const encode: Form<E>["encode"] = (patch, { carry, existing, idOf, number }) =>
    Effect.gen(function* () {
      const customer = yield* customerFor(patch, existing === undefined, (reference) => idOf("Account", reference))
      const facts = {
        settings,
        facts: yield* context.facts,
        idOf,
        ...(existing === undefined ? {} : { existing: existing.wire as Wire<R> }),
        ...(customer === undefined ? {} : { customer }),
      }
      const first = existing === undefined ? writer.initial(patch, facts) : { body: {} }
      const rest = writer.encode(patch, facts)
      if (first.issues !== undefined || rest.issues !== undefined)
        return { issues: [...(first.issues ?? []), ...(rest.issues ?? [])] }
      const body: Body = {
        ...(number === undefined ? {} : { [keys[resource][0].name]: number }),
        ...first.body,
        ...rest.body,
        ...Custom.body(patch.custom ?? {}, custom),
        ...(carry === undefined ? {} : { [carrier.name]: carry }),
      }
      const header = headerOf(body, existing)
      const parent = existing?.wire ?? (number === undefined ? undefined : body)
      const put: Put = {
        lines: rest.lines ?? noLines,
        ...(header === undefined ? {} : { header }),
        ...(parent === undefined ? {} : { parent }),
      }
      return { put }
    })

  const heldOf = (wire: object | undefined): Effect.Effect<Held<E> | undefined, ConnectorError> =>
    wire === undefined || rows.keyValues(resource, wire) === undefined
      ? Effect.succeed(undefined)
      : Effect.map(wires.held([wire as Wire<R>]), ([held]) => held)

  /** What is told together is applied together; the lines of a header without a number have to wait for it. */
  const send: Form<E>["send"] = (put, lookup) =>
    Effect.gen(function* () {
      const header = put.header === undefined ? [] : [put.header]
      const lines = put.parent === undefined ? [] : put.lines(put.parent)
      const [first, ...others] = [...header, ...lines]
      if (first === undefined) return { saved: undefined, rest: false }
      const answer =
        others.length === 0 ? yield* records.send(first, lookup) : yield* records.changeset([first, ...others], lookup)
      if ("found" in answer) return answer
      const saved = Array.isArray(answer.saved) ? answer.saved[0] : answer.saved
      const held = first._tag === "Create" && first.set === resource ? yield* heldOf(saved) : undefined
      return { saved: held, rest: put.parent === undefined && held !== undefined && put.lines(held.wire).length > 0 }
    })

  return {
    resource,
    carrier,
    writer: writer as unknown as Writer<E, Resource>,
    carrying,
    byId,
    elsewhere,
    idOf: (number) => `${prefix}${Keys.join(resource, [number])}`,
    natural,
    encode,
    send,
  }
}

/** What a document takes over from its customer. */
const CUSTOMER = [
  "dataAreaId",
  "CustomerAccount",
  "PartyNumber",
  "SalesCurrencyCode",
  "LanguageId",
  "InvoiceAccount",
  "SiteId",
  "WarehouseId",
]
