/**
 * The calls that ports are made of. All record types have the same routes with the same parameters, and only their schemas
 * differ: the calls are typed by one of them, and what is written is checked where it is built.
 */

import { ConnectorError, Decode, shape } from "@mortise/core/ConnectorError"
import * as Json from "@mortise/core/Json"
import type { Exchange } from "@mortise/core/Pipeline"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Client } from "../Client.ts"
import * as Keys from "../Keys.ts"
import * as Operations from "../Operations.ts"
import type { Query } from "../Query.ts"

/** The members of a value that was built for sending. */
export type Body = { readonly [member: string]: unknown }

/** A row of a query: every value as text, columns without a value left out. */
export type Row = { readonly [column: string]: string | null | undefined }

/** The record types that are written. */
export type RecordType =
  | "customer"
  | "contact"
  | "inventoryItem"
  | "nonInventorySaleItem"
  | "serviceSaleItem"
  | "salesOrder"
  | "invoice"

type AnyType = "customer"
const route = (type: RecordType): `/${AnyType}` => `/${type}` as `/${AnyType}`

/** A job by its id, as the address of an answer names it. */
const jobOf = (exchange: Exchange): string | undefined =>
  /\/async\/v1\/job\/([\w-]{1,80})\/?$/.exec(exchange.headers.get("location") ?? "")?.[1]

export interface Sending<B> {
  /** Sublists that are sent whole: what is not among them goes. */
  readonly replace: ReadonlyArray<string>
  readonly lookup: Effect.Effect<Option.Option<B>, ConnectorError>
}

export type Sent<B> = { readonly named: Keys.Named | undefined } | { readonly found: B }

export interface Page {
  readonly rows: ReadonlyArray<Row>
  readonly more: boolean
}

export interface Records {
  /** The first rows of a query. Further ones are asked for behind the last of them: an offset moves when rows do. */
  readonly query: (query: Query, page: { readonly limit: number }) => Effect.Effect<Page, ConnectorError>
  /** The server's clock, in milliseconds since the epoch. It may be cut to the minute. */
  readonly serverTime: Effect.Effect<number, ConnectorError>
  /** A record as the record API has it, with its sublists; none when it is not there. */
  readonly get: (
    type: RecordType,
    id: string,
    options?: { readonly fields?: ReadonlyArray<string> },
  ) => Effect.Effect<Option.Option<Body>, ConnectorError>
  /** Creates or updates by external id; which of the two it was is not told. */
  readonly upsert: <B>(
    type: RecordType,
    externalId: string,
    body: Body,
    sending: Sending<B>,
  ) => Effect.Effect<Sent<B>, ConnectorError>
  /** Without an external id; whatever carries our key is in the body. */
  readonly insert: <B>(type: RecordType, body: Body, sending: Sending<B>) => Effect.Effect<Sent<B>, ConnectorError>
  /** Fields of a record; sublists only where they are sent whole, so that sending it again adds nothing. */
  readonly update: (
    type: RecordType,
    id: string,
    body: Body,
    replace: ReadonlyArray<string>,
  ) => Effect.Effect<Sent<never>, ConnectorError>
  /** Submits up to a hundred upserts as one job, and gives its id. The same key again gives the first job's. */
  readonly submit: (
    type: RecordType,
    items: ReadonlyArray<Body>,
    options: { readonly replace: ReadonlyArray<string>; readonly idempotencyKey: string },
  ) => Effect.Effect<string, ConnectorError>
  /** Whether a job has come to its end, however it ended. */
  readonly isDone: (job: string) => Effect.Effect<boolean, ConnectorError>
  /** The members of a record type, or of its lines, in this account and for this role, as its catalogue has them. */
  readonly members: (schema: RecordType | `${RecordType}-itemElement`) => Effect.Effect<Body, ConnectorError>
}

const unexpected = (operation: string, expected: string, found: unknown) =>
  Effect.fail(
    new ConnectorError({
      system: "netsuite",
      operation,
      reason: new Decode({ message: `expected ${expected}, found ${shape(found)}`, issues: [] }),
    }),
  )

const orNone = <A>(effect: Effect.Effect<A, ConnectorError>): Effect.Effect<Option.Option<A>, ConnectorError> =>
  effect.pipe(
    Effect.map(Option.some),
    Effect.catch((error) => (error.reason._tag === "NotFound" ? Effect.succeed(Option.none()) : Effect.fail(error))),
  )

const isObject = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value)

/** Whatever a release makes of a scalar, it is text here. */
const cell = (value: unknown): string | null | undefined => {
  if (value === null || value === undefined || typeof value === "string") return value
  if (value instanceof Json.JsonNumber) return value.text
  return typeof value === "boolean" ? (value ? "T" : "F") : undefined
}

/** Oracle: the casing of keys may change by release. */
const rowOf = (item: unknown): Row =>
  Object.fromEntries(
    Object.entries(isObject(item) ? item : {}).flatMap(([name, value]) =>
      name === "links" ? [] : [[name.toLowerCase(), cell(value)]],
    ),
  )

const namedBy = (exchange: Exchange): Keys.Named | undefined =>
  Keys.fromLocation(exchange.headers.get("location") ?? "")

const HEADERS = { "X-NetSuite-PropertyNameValidation": "Error" } as const

const query = (replace: ReadonlyArray<string>) => (replace.length === 0 ? {} : { replace: replace.join(",") })

const reading = (client: Client): Pick<Records, "query" | "serverTime" | "get" | "members"> => ({
  query: ({ params, q }, { limit }) =>
    Effect.flatMap(
      client.call(Operations.services.suiteql, ({ services }, door) =>
        services.POST("/query/v1/suiteql", {
          ...door,
          params: { query: { limit, offset: 0 }, header: { Prefer: "transient" } },
          body: params.length === 0 ? { q } : { q, params: [...params] },
        }),
      ),
      ({ data }) => {
        const items: unknown = data?.items
        return Array.isArray(items)
          ? Effect.succeed({ rows: items.map(rowOf), more: data?.hasMore === true })
          : unexpected(Operations.services.suiteql.name, "a page of rows", data)
      },
    ),

  serverTime: Effect.flatMap(
    client.call(Operations.services.serverTime, ({ services }, door) => services.GET("/system/v1/serverTime", door)),
    ({ data }) => {
      const time = Date.parse(String(data?.serverTime))
      return Number.isNaN(time)
        ? unexpected(Operations.services.serverTime.name, "a point in time", data?.serverTime)
        : Effect.succeed(time)
    },
  ),

  get: (type, id, { fields } = {}) =>
    orNone(
      Effect.flatMap(
        client.call(Operations.records(type).get, ({ records }, door) =>
          records.GET(`${route(type)}/{id}`, {
            ...door,
            params: {
              path: { id },
              query: fields === undefined ? { expandSubResources: true } : { fields: fields.join(",") },
            },
          }),
        ),
        ({ data }) =>
          isObject(data) ? Effect.succeed(data) : unexpected(Operations.records(type).get.name, "a record", data),
      ),
    ),

  members: (name) =>
    Effect.map(
      client.call(Operations.services.catalogue, ({ services }, door) =>
        services.GET("/record/v1/metadata-catalog", {
          ...door,
          params: { query: { select: name.replace("-itemElement", "") } },
          headers: { accept: "application/swagger+json" },
        }),
      ),
      ({ data }) => {
        const { components } = (data ?? {}) as { readonly components?: { readonly schemas?: Body } }
        const schema = components?.schemas?.[name] as { readonly properties?: Body } | undefined
        return schema?.properties ?? {}
      },
    ),
})

const sentBy = <B>(reply: { readonly exchange: Exchange } | { readonly found: B }): Sent<B> =>
  "found" in reply ? reply : { named: namedBy(reply.exchange) }

const writing = (client: Client): Pick<Records, "upsert" | "insert" | "update"> => ({
  upsert: (type, externalId, body, { lookup, replace }) =>
    Effect.map(
      client.keyed(
        Operations.records(type).upsert,
        ({ records }, door) =>
          records.PUT(`${route(type)}/{id}`, {
            ...door,
            params: { path: { id: `eid:${externalId}` }, query: query(replace), header: HEADERS },
            body: body as never,
          }),
        lookup,
      ),
      sentBy,
    ),

  insert: (type, body, { lookup, replace }) =>
    Effect.map(
      client.keyed(
        Operations.records(type).insert,
        ({ records }, door) =>
          records.POST(route(type), {
            ...door,
            params: { query: query(replace), header: HEADERS },
            body: body as never,
          }),
        lookup,
      ),
      sentBy,
    ),

  update: (type, id, body, replace) =>
    Effect.map(
      client.call(Operations.records(type).updateFields, ({ records }, door) =>
        records.PATCH(`${route(type)}/{id}`, {
          ...door,
          params: { path: { id }, query: query(replace), header: HEADERS },
          body: body as never,
        }),
      ),
      ({ exchange }): Sent<never> => ({ named: namedBy(exchange) }),
    ),
})

const jobs = (client: Client): Pick<Records, "submit" | "isDone"> => ({
  // A lost answer is no doubt: the same key again names the job that was made the first time.
  submit: (type, items, { idempotencyKey, replace }) =>
    Effect.flatMap(
      client.keyed(
        Operations.records(type).upsertMany,
        ({ records }, door) =>
          records.PUT(route(type), {
            ...door,
            params: {
              query: query(replace),
              header: { ...HEADERS, Prefer: "respond-async", "X-NetSuite-Idempotency-Key": idempotencyKey },
            },
            body: { items } as never,
          }),
        Effect.succeed(Option.none<never>()),
      ),
      (reply) => {
        const job = "found" in reply ? undefined : jobOf(reply.exchange)
        return job === undefined
          ? unexpected(Operations.records(type).upsertMany.name, "the address of a job", undefined)
          : Effect.succeed(job)
      },
    ),

  isDone: (jobId) =>
    Effect.map(
      client.call(Operations.services.job, ({ services }, door) =>
        services.GET("/async/v1/job/{jobId}", { ...door, params: { path: { jobId } } }),
      ),
      ({ data }) => data?.completed === true,
    ),
})

export const make = (client: Client): Records => ({ ...reading(client), ...writing(client), ...jobs(client) })
