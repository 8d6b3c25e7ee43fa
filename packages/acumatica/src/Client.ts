/**
 * The typed client of the pinned endpoint version and the pipeline that it is called through. The ports use the
 * functions below; what they do not cover is called raw:
 *
 * `client.pipeline.call(operation, (door) => client.api.GET("/Customer", { ...door, params: { query: { $top: 1 } } }))`
 */

import { ConnectorError, Decode, shape } from "@mortise/core/ConnectorError"
import type { Exchange, Pipeline } from "@mortise/core/Pipeline"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import createClient, { type Client as OpenApiClient } from "openapi-fetch"
import * as Filter from "./Filter.ts"
import type { paths as v18 } from "./generated/v18.ts"
import type { paths as v20 } from "./generated/v20.ts"
import type { paths as v22 } from "./generated/v22.ts"
import type { paths as v23 } from "./generated/v23.ts"
import type { components, paths as v24 } from "./generated/v24.ts"
import type { paths as v25 } from "./generated/v25.ts"
import * as Keys from "./Keys.ts"
import * as Operations from "./Operations.ts"
import * as Routes from "./Routes.ts"
import { type Base, keys, type Resource, type Version } from "./Versions.ts"

interface Paths {
  readonly "18.200.001": v18
  readonly "20.200.001": v20
  readonly "22.200.001": v22
  readonly "23.200.001": v23
  readonly "24.200.001": v24
  readonly "25.200.001": v25
}

/** Records on the wire, by entity, as the base version has them. */
export type Wire = { readonly [R in Resource]: components["schemas"][R] }
export type Schemas = components["schemas"]

export interface Client<V extends Version = Base> {
  /** Calls have to be given the door of the pipeline; on its own it sends nothing. */
  readonly api: OpenApiClient<Paths[V]>
  readonly pipeline: Pipeline
}

/** What is asked of a list or a record. */
export interface Question {
  /** Members by path: `CustomerID`, `MainContact/Email`. */
  readonly select?: ReadonlyArray<string>
  readonly expand?: ReadonlyArray<string>
  /** Fields outside the contract, `View.Field`. */
  readonly custom?: ReadonlyArray<string>
}

export interface ListQuestion extends Question {
  readonly filter?: Filter.Filter
  readonly top: number
}

/** The members of a value that was built for sending; its names are checked where it is built. */
export type Body = { readonly [member: string]: unknown }

const doorless = (): Promise<Response> =>
  Promise.reject(new TypeError("call through the pipeline and hand on its door: { ...door, params }"))

export const make = <V extends Version>(options: {
  readonly url: URL
  readonly version: V
  readonly pipeline: Pipeline
}): Client<V> => ({
  api: createClient<Paths[V]>({
    baseUrl: Routes.entities(options.url, options.version),
    fetch: doorless,
    pathSerializer: Routes.serialize,
  }),
  pipeline: options.pipeline,
})

const joined = (names: ReadonlyArray<string> | undefined): string | undefined =>
  names === undefined || names.length === 0 ? undefined : names.join(",")

type Query = {
  readonly $select?: string
  readonly $expand?: string
  readonly $custom?: string
  readonly $filter?: string
  readonly $top?: number
}

const query = (question: Question & Partial<ListQuestion>): Query => {
  const entries = {
    $select: joined(question.select),
    $expand: joined(question.expand),
    $custom: joined(question.custom),
    $filter: question.filter,
    $top: question.top,
  }
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))
}

// All entities have the same four routes with the same parameters; only their schemas differ. The calls are typed by
// one of them and the answer by the entity.
type AnyRoute = "/Customer"
const route = (resource: Resource): AnyRoute => `/${resource}` as AnyRoute

export interface Listed<R extends Resource> {
  readonly rows: ReadonlyArray<Wire[R]>
  readonly exchange: Exchange
}

/** The four calls that ports are made of. */
export interface Records {
  readonly list: <R extends Resource>(resource: R, question: ListQuestion) => Effect.Effect<Listed<R>, ConnectorError>
  /** By the values of its keys; none when it is not there. */
  readonly get: <R extends Resource>(
    resource: R,
    values: ReadonlyArray<string>,
    question: Question,
  ) => Effect.Effect<Option.Option<Wire[R]>, ConnectorError>
  readonly schema: <R extends Resource>(resource: R) => Effect.Effect<Wire[R], ConnectorError>
  /**
   * Finds by filter, id or keys and updates, else inserts. `lookup` decides after an ambiguous failure whether it is
   * sent again.
   */
  readonly put: <R extends Resource, B>(
    resource: R,
    body: Body,
    options: {
      readonly question: Question & { readonly filter?: Filter.Filter }
      readonly precondition: "exists" | "missing"
      readonly lookup: Effect.Effect<Option.Option<B>, ConnectorError>
    },
  ) => Effect.Effect<{ readonly saved: Wire[R] } | { readonly found: B }, ConnectorError>
}

const orNone = <A>(effect: Effect.Effect<A, ConnectorError>): Effect.Effect<Option.Option<A>, ConnectorError> =>
  effect.pipe(
    Effect.map(Option.some),
    Effect.catch((error) => (error.reason._tag === "NotFound" ? Effect.succeed(Option.none()) : Effect.fail(error))),
  )

const unexpected = (operation: string, expected: string, found: unknown) =>
  Effect.fail(
    new ConnectorError({
      system: "acumatica",
      operation,
      reason: new Decode({ message: `expected ${expected}, found ${shape(found)}`, issues: [] }),
    }),
  )

export const records = (client: Client): Records => {
  const { api, pipeline } = client

  const list: Records["list"] = (resource, question) => {
    const operation = Operations.of(resource).list
    return Effect.flatMap(
      pipeline.call(operation, (door) => api.GET(route(resource), { ...door, params: { query: query(question) } })),
      ({ data, exchange }) =>
        Array.isArray(data)
          ? Effect.succeed({ rows: data as unknown as Listed<typeof resource>["rows"], exchange })
          : unexpected(operation.name, "a list of records", data),
    )
  }

  const getAt = <R extends Resource>(resource: R, ids: string, question: Question) => {
    const operation = Operations.of(resource).get
    return Effect.flatMap(
      pipeline.call(operation, (door) =>
        api.GET(`${route(resource)}/{ids}`, { ...door, params: { path: { ids }, query: query(question) } }),
      ),
      ({ data }) =>
        typeof data === "object" && data !== null && !Array.isArray(data)
          ? Effect.succeed(data as unknown as Wire[R])
          : unexpected(operation.name, "a record", data),
    )
  }

  /** A key that cannot stand in an address: the record's own id is asked for first. */
  const idByKeys = (resource: Resource, values: ReadonlyArray<string>) =>
    Effect.map(
      list(resource, {
        filter: Filter.all(
          ...keys[resource].map((field, index) => Filter.equals(field, values[index] ?? "")),
        ) as Filter.Filter,
        select: keys[resource],
        top: 1,
      }),
      ({ rows }) => rows[0]?.id,
    )

  const get: Records["get"] = (resource, values, question) =>
    Keys.fitsPath(values)
      ? orNone(getAt(resource, Keys.path(values), question))
      : Effect.flatMap(idByKeys(resource, values), (id) =>
          id === undefined ? Effect.succeed(Option.none()) : orNone(getAt(resource, encodeURIComponent(id), question)),
        )

  const schema: Records["schema"] = (resource) =>
    Effect.map(
      pipeline.call(Operations.of(resource).schema, (door) => api.GET(`${route(resource)}/$adHocSchema`, { ...door })),
      ({ data }) => data as unknown as Wire[typeof resource],
    )

  const put: Records["put"] = (resource, body, { lookup, precondition, question }) =>
    Effect.map(
      pipeline.keyed(
        Operations.of(resource).put,
        (door) =>
          api.PUT(route(resource), {
            ...door,
            params: {
              query: query(question),
              header: precondition === "exists" ? { "If-Match": "*" as const } : { "If-None-Match": "*" as const },
            },
            body: body as never,
          }),
        lookup,
      ),
      (reply) => ("found" in reply ? reply : { saved: reply.data as unknown as Wire[typeof resource] }),
    )

  return { list, get, schema, put }
}
