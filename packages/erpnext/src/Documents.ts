/**
 * Documents by their doctype. The routes are the same for all; what a document holds is told by its doctype, so that a
 * field that the site does not have does not compile, and what the server derives cannot be written. A tenant's own
 * doctypes and fields are typed where its `Entities` are given. Both ways to documents answer alike here: `/api/resource`
 * and `/api/v2/document`.
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Pipeline from "@mortise/core/Pipeline"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Api } from "./Client.ts"
import * as Conditions from "./Conditions.ts"
import * as Operations from "./Operations.ts"
import type { Endpoints } from "./Versions.ts"

type Form<E, D extends keyof E, K extends string> = E[D] extends { readonly [N in K]: infer F } ? F : never

/** A document as it is read: what is null is left out. */
export type Read<E, D extends keyof E> = Form<E, D, "read">
/** What a create takes and needs. */
export type Create<E, D extends keyof E> = Form<E, D, "create">
/** What an update takes. A child table is the whole table, and each of its rows is the whole row. */
export type Update<E, D extends keyof E> = Omit<Form<E, D, "update">, "modified">

export type Doctype<E> = keyof E & string

/** Fields that a list can show: child tables are not among them. */
export type Field<E, D extends keyof E> = {
  [K in keyof Read<E, D> & string]: NonNullable<Read<E, D>[K]> extends ReadonlyArray<unknown> ? never : K
}[keyof Read<E, D> & string]

/** A row of a list: each field that was asked for, nulls included. */
export type Row<E, D extends keyof E, F extends Field<E, D>> = {
  readonly [K in F]: Exclude<Read<E, D>[K], undefined> | null
}

export interface Question<E, D extends keyof E, F extends Field<E, D>> {
  readonly fields: ReadonlyArray<F>
  /** All hold. */
  readonly where?: ReadonlyArray<Conditions.Condition<Field<E, D>>>
  /** One holds. */
  readonly orWhere?: ReadonlyArray<Conditions.Condition<Field<E, D>>>
  /** Without it the rows come in no order, and pages overlap. */
  readonly orderBy: ReadonlyArray<Conditions.Order<Field<E, D>>>
  readonly start?: number
  /** At least 1: what 0 means depends on the version. */
  readonly limit: number
}

/** A question that is too long for an address, or is for rows of a child doctype, which are the parent's. */
export interface LongQuestion<E, D extends keyof E, F extends Field<E, D>> extends Question<E, D, F> {
  readonly parent?: string
}

export interface Page<R> {
  readonly rows: ReadonlyArray<R>
  /** The site's clock as the answer tells it, in milliseconds since the epoch. */
  readonly serverTime?: number
}

export interface Documents<E> {
  readonly list: <D extends Doctype<E>, F extends Field<E, D>>(
    doctype: D,
    question: Question<E, D, F>,
  ) => Effect.Effect<ReadonlyArray<Row<E, D, F>>, ConnectorError>
  /** The same with the site's clock. */
  readonly page: <D extends Doctype<E>, F extends Field<E, D>>(
    doctype: D,
    question: Question<E, D, F>,
  ) => Effect.Effect<Page<Row<E, D, F>>, ConnectorError>
  /** A list that is asked for in a body: for hundreds of names, and for rows of child tables. */
  readonly many: <D extends Doctype<E>, F extends Field<E, D>>(
    doctype: D,
    question: LongQuestion<E, D, F>,
  ) => Effect.Effect<ReadonlyArray<Row<E, D, F>>, ConnectorError>
  readonly count: <D extends Doctype<E>>(
    doctype: D,
    where?: ReadonlyArray<Conditions.Condition<Field<E, D>>>,
  ) => Effect.Effect<number, ConnectorError>
  /** None when there is no such document; a role without the right to read is told `Forbidden` in both cases. */
  readonly get: <D extends Doctype<E>>(
    doctype: D,
    name: string,
  ) => Effect.Effect<Option.Option<Read<E, D>>, ConnectorError>
  /** `lookup` decides after an ambiguous failure: a second create makes a second document. */
  readonly create: <D extends Doctype<E>, B>(
    doctype: D,
    values: Create<E, D>,
    lookup: Effect.Effect<Option.Option<B>, ConnectorError>,
  ) => Effect.Effect<{ readonly created: Read<E, D> } | { readonly found: B }, ConnectorError>
  readonly update: <D extends Doctype<E>>(
    doctype: D,
    name: string,
    changes: Update<E, D>,
  ) => Effect.Effect<Read<E, D>, ConnectorError>
  /** Refused when the document was changed since `modified` was read. Not repeated: its own first try moves the stamp. */
  readonly updateIf: <D extends Doctype<E>>(
    doctype: D,
    name: string,
    modified: string,
    changes: Update<E, D>,
  ) => Effect.Effect<Read<E, D>, ConnectorError>
  /** The same; after an ambiguous failure `lookup` decides whether it was applied, and none sends it again. */
  readonly updateIfKnown: <D extends Doctype<E>, B>(
    doctype: D,
    name: string,
    options: {
      readonly modified: string
      readonly changes: Update<E, D>
      readonly lookup: Effect.Effect<Option.Option<B>, ConnectorError>
    },
  ) => Effect.Effect<{ readonly updated: Read<E, D> } | { readonly found: B }, ConnectorError>
  /** False when it was not there. */
  readonly remove: <D extends Doctype<E>>(doctype: D, name: string) => Effect.Effect<boolean, ConnectorError>
}

const unlessMissing = <A, B>(
  effect: Effect.Effect<A, ConnectorError>,
  missing: B,
): Effect.Effect<A | B, ConnectorError> =>
  Effect.catch(effect, (error) => (error.reason._tag === "NotFound" ? Effect.succeed(missing) : Effect.fail(error)))

const present = <T extends object>(query: T) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))

const RESOURCE = "/api/resource/{doctype}"
const RECORD = "/api/resource/{doctype}/{name}"
const DOCUMENTS = "/api/v2/document/{doctype}"
const DOCUMENT = "/api/v2/document/{doctype}/{name}"

type Door = Parameters<Pipeline.Send<unknown>>[0]
type Values = { [field: string]: unknown }

interface Asked {
  readonly fields: string
  readonly filters?: string
  readonly or_filters?: string
  readonly order_by?: string
  readonly start?: number
  readonly limit: number
}

/** The calls of one way to documents. Answers are typed by the doctype; the routes know only that they hold a document. */
interface Way {
  readonly list: (door: Door, doctype: string, asked: Asked) => ReturnType<Pipeline.Send<{ readonly data: unknown }>>
  readonly get: (door: Door, doctype: string, name: string) => ReturnType<Pipeline.Send<{ readonly data: unknown }>>
  readonly create: (door: Door, doctype: string, body: Values) => ReturnType<Pipeline.Send<{ readonly data: unknown }>>
  readonly write: (
    door: Door,
    doctype: string,
    name: string,
    body: Values,
  ) => ReturnType<Pipeline.Send<{ readonly data: unknown }>>
  readonly remove: (door: Door, doctype: string, name: string) => ReturnType<Pipeline.Send<unknown>>
}

const first = (api: Api): Way => ({
  list: (door, doctype, { limit, start, ...query }) =>
    api.GET(RESOURCE, {
      ...door,
      params: { path: { doctype }, query: present({ ...query, limit_start: start, limit_page_length: limit }) },
    }),
  get: (door, doctype, name) => api.GET(RECORD, { ...door, params: { path: { doctype, name } } }),
  create: (door, doctype, body) => api.POST(RESOURCE, { ...door, params: { path: { doctype } }, body }),
  write: (door, doctype, name, body) => api.PUT(RECORD, { ...door, params: { path: { doctype, name } }, body }),
  remove: (door, doctype, name) => api.DELETE(RECORD, { ...door, params: { path: { doctype, name } } }),
})

/** Here a `name` in a create would be obeyed, and a name with `/method/` in it lead elsewhere: none is ever sent. */
const second = (api: Api): Way => ({
  list: (door, doctype, query) =>
    api.GET(DOCUMENTS, { ...door, params: { path: { doctype }, query: present({ ...query }) } }),
  get: (door, doctype, name) => api.GET(DOCUMENT, { ...door, params: { path: { doctype, name } } }),
  create: (door, doctype, body) => api.POST(DOCUMENTS, { ...door, params: { path: { doctype } }, body }),
  write: (door, doctype, name, body) => api.PATCH(DOCUMENT, { ...door, params: { path: { doctype, name } }, body }),
  remove: (door, doctype, name) => api.DELETE(DOCUMENT, { ...door, params: { path: { doctype, name } } }),
})

export const make = <E>(pipeline: Pipeline.Pipeline, api: Api, endpoints: Endpoints = "resource"): Documents<E> => {
  const of = Operations.documents
  const way = endpoints === "document" ? second(api) : first(api)

  const page: Documents<E>["page"] = (doctype, { fields, limit, orWhere, orderBy, start, where }) =>
    Effect.map(
      pipeline.call(of(doctype).list, (door) =>
        way.list(
          door,
          doctype,
          present({
            fields: Conditions.fields(fields),
            filters: Conditions.encode(where),
            or_filters: Conditions.encode(orWhere),
            order_by: Conditions.order(orderBy),
            start,
            limit: Math.max(1, limit),
          }) as unknown as Asked,
        ),
      ),
      ({ data, exchange }) => ({
        rows: (data?.data ?? []) as never,
        ...(exchange.serverTime === undefined ? {} : { serverTime: exchange.serverTime }),
      }),
    )

  return {
    page,

    list: (doctype, question) => Effect.map(page(doctype, question), ({ rows }) => rows),

    many: (doctype, { fields, limit, orderBy, orWhere, parent, start, where }) =>
      Effect.map(
        pipeline.call(of(doctype).list, (door) =>
          api.POST("/api/method/frappe.client.get_list", {
            ...door,
            body: {
              doctype,
              fields: [...Conditions.plainFields(fields)],
              limit_page_length: Math.max(1, limit),
              ...present({
                filters: Conditions.plain(where),
                or_filters: Conditions.plain(orWhere),
                order_by: Conditions.order(orderBy),
                limit_start: start,
                parent,
              }),
            },
          }),
        ),
        ({ data }) => (data?.message ?? []) as never,
      ),

    count: (doctype, where) =>
      Effect.map(
        pipeline.call(of(doctype).count, (door) =>
          api.GET("/api/method/frappe.client.get_count", {
            ...door,
            params: { query: { doctype, ...present({ filters: Conditions.encode(where) }) } },
          }),
        ),
        ({ data }) => Number(data?.message.text ?? 0),
      ),

    get: (doctype, name) =>
      unlessMissing(
        Effect.map(
          pipeline.call(of(doctype).get, (door) => way.get(door, doctype, name)),
          ({ data }) => Option.some(data?.data as never),
        ),
        Option.none(),
      ),

    create: (doctype, values, lookup) =>
      Effect.map(
        pipeline.keyed(of(doctype).create, (door) => way.create(door, doctype, values as Values), lookup),
        (reply) => ("found" in reply ? reply : { created: reply.data?.data as never }),
      ),

    update: (doctype, name, changes) =>
      Effect.map(
        pipeline.call(of(doctype).update, (door) => way.write(door, doctype, name, changes as Values)),
        ({ data }) => data?.data as never,
      ),

    updateIf: (doctype, name, modified, changes) =>
      Effect.map(
        pipeline.once(of(doctype).updateGuarded, (door) =>
          way.write(door, doctype, name, { ...(changes as Values), modified }),
        ),
        ({ data }) => data?.data as never,
      ),

    updateIfKnown: (doctype, name, { changes, lookup, modified }) =>
      Effect.map(
        pipeline.keyed(
          of(doctype).updateGuarded,
          (door) => way.write(door, doctype, name, { ...(changes as Values), modified }),
          lookup,
        ),
        (reply) => ("found" in reply ? reply : { updated: reply.data?.data as never }),
      ),

    remove: (doctype, name) =>
      unlessMissing(
        Effect.as(
          pipeline.call(of(doctype).remove, (door) => way.remove(door, doctype, name)),
          true,
        ),
        false,
      ),
  }
}
