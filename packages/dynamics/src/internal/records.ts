/**
 * The calls that ports are made of. All sets have the same routes; the calls are typed by one of them and the answer by
 * the set.
 */
import { ConnectorError, Decode, shape } from "@mortise/core/ConnectorError"
import * as NextLinks from "@mortise/core/NextLinks"
import type { Exchange, Pipeline, Send } from "@mortise/core/Pipeline"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Batch from "../Batch.ts"
import type { Client, Entities } from "../Client.ts"
import type * as Filter from "../Filter.ts"
import * as Keys from "../Keys.ts"
import * as Operations from "../Operations.ts"
import * as Routes from "../Routes.ts"
import { keys, type LineSet, named, type Resource, type Wire } from "../Sets.ts"
import type { Settings } from "../Settings.ts"

type AnySet = keyof Entities

/** What is asked of a list or a record. */
export interface Question {
  readonly select?: ReadonlyArray<string>
  /** Navigations of the first level: `SalesOrderLines($select=…)`. */
  readonly expand?: ReadonlyArray<string>
}

export interface ListQuestion extends Question {
  readonly filter?: Filter.Filter
  readonly orderBy?: ReadonlyArray<string>
  readonly top?: number
}

/** The members of a value that was built for sending; its names are checked where it is built. */
export type Body = { readonly [member: string]: unknown }

export interface Listed<S extends AnySet> {
  readonly rows: ReadonlyArray<Wire<S>>
  /** The service has more rows for this question. */
  readonly more: boolean
  readonly exchange: Exchange
}

/** A write of one record, to be sent alone or in a changeset. */
export type Step =
  | { readonly _tag: "Create"; readonly set: Resource | LineSet; readonly body: Body }
  | {
      readonly _tag: "Update"
      readonly set: Resource | LineSet
      readonly key: ReadonlyArray<string>
      readonly etag?: string
      readonly body: Body
    }
  | {
      readonly _tag: "Remove"
      readonly set: Resource | LineSet
      readonly key: ReadonlyArray<string>
      readonly etag?: string
    }

export interface Records {
  readonly list: <S extends AnySet>(set: S, question: ListQuestion) => Effect.Effect<Listed<S>, ConnectorError>
  /** Every row, along the links of the service. For what is small, or bounded by its condition. */
  readonly all: <S extends AnySet>(
    set: S,
    question: ListQuestion,
  ) => Effect.Effect<ReadonlyArray<Wire<S>>, ConnectorError>
  /** By the values of its key behind the company; none when it is not there. */
  readonly get: <R extends Resource>(
    set: R,
    key: ReadonlyArray<string>,
    question: Question,
  ) => Effect.Effect<Option.Option<Wire<R>>, ConnectorError>
  /** Sends a create, an update or a removal. `lookup` decides after an ambiguous failure whether it is sent again. */
  readonly send: <B>(
    step: Step,
    lookup: Effect.Effect<Option.Option<B>, ConnectorError>,
  ) => Effect.Effect<{ readonly saved: object | undefined } | { readonly found: B }, ConnectorError>
  /** Sends several as one changeset. */
  readonly changeset: <B>(
    steps: ReadonlyArray<Step>,
    lookup: Effect.Effect<Option.Option<B>, ConnectorError>,
  ) => Effect.Effect<{ readonly saved: ReadonlyArray<object | undefined> } | { readonly found: B }, ConnectorError>
}

// The one route that stands for all.
type Route = "/CustomersV3"
type RecordRoute = "/CustomersV3(dataAreaId='{dataAreaId}',CustomerAccount='{CustomerAccount}')"
type Path = { readonly dataAreaId: string; readonly CustomerAccount: string }

/** Sets that all companies share. */
const SHARED: ReadonlySet<string> = new Set(["AllProducts", "LegalEntities", "Ledgers", "DimensionIntegrationFormats"])

const query = (set: string, { expand, filter, orderBy, select, top }: ListQuestion) => {
  const joined = (names: ReadonlyArray<string> | undefined) =>
    names === undefined || names.length === 0 ? undefined : names.join(",")
  const options = {
    "cross-company": SHARED.has(set) ? undefined : true,
    $select: joined(select),
    $expand: joined(expand),
    $filter: filter,
    $orderby: joined(orderBy),
    $top: top,
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

const unexpected = (operation: string, expected: string, found: unknown) =>
  Effect.fail(
    new ConnectorError({
      system: "dynamics",
      operation,
      reason: new Decode({ message: `expected ${expected}, found ${shape(found)}`, issues: [] }),
    }),
  )

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const orNone = <A>(effect: Effect.Effect<A, ConnectorError>): Effect.Effect<Option.Option<A>, ConnectorError> =>
  effect.pipe(
    Effect.map(Option.some),
    Effect.catch((error) => (error.reason._tag === "NotFound" ? Effect.succeed(Option.none()) : Effect.fail(error))),
  )

/** A raw read of an address of the environment, through the pipeline. */
export const read =
  (url: URL): Send<unknown> =>
  async ({ fetch, signal }) => {
    const response = await fetch(new Request(url, { headers: { accept: "application/json" }, signal }))
    return { data: await response.json(), response }
  }

export const make = (settings: Settings, client: Client, pipeline: Pipeline): Records => {
  const { api } = client
  const nameOf = (set: string): string => named(settings.sets, set)
  const route = (set: string): Route => `/${nameOf(set)}` as Route
  const recordRoute = (set: Resource | LineSet): RecordRoute => Routes.record(nameOf(set), set) as RecordRoute

  const pathOf = (set: Resource | LineSet, values: ReadonlyArray<string>): Path => {
    const parts = keys[set].map((part, index) => [part.name, values[index]])
    return Object.fromEntries([["dataAreaId", settings.company], ...parts]) as Path
  }

  const page = <S extends AnySet>(operation: string, data: unknown, exchange: Exchange) => {
    const rows = isObject(data) ? data["value"] : undefined
    if (!isObject(data) || !Array.isArray(rows)) return unexpected(operation, "a list of records", data)
    const next = data["@odata.nextLink"]
    return Effect.succeed({
      rows: rows as ReadonlyArray<Wire<S>>,
      exchange,
      more: typeof next === "string" && next !== "",
      next: typeof next === "string" ? next : undefined,
    })
  }

  const first = <S extends AnySet>(set: S, question: ListQuestion) => {
    const operation = Operations.set(set).list
    return Effect.flatMap(
      client.call(operation, (_, door) => api.GET(route(set), { ...door, params: { query: query(set, question) } })),
      ({ data, exchange }) => page<typeof set>(operation.name, data, exchange),
    )
  }

  const all: Records["all"] = (set, question) => {
    const operation = Operations.set(set).list
    const start = new URL(`${Routes.data(settings.url)}${route(set)}`)
    const fetch = (url: URL) =>
      url === start
        ? first(set, question)
        : Effect.flatMap(pipeline.call(operation, read(url)), ({ data, exchange }) =>
            page<typeof set>(operation.name, data, exchange),
          )
    return NextLinks.all({
      system: "dynamics",
      operation: operation.name,
      first: start,
      aliases: settings.aliases ?? [],
      fetch: (url) => Effect.map(fetch(url), ({ next, rows }) => ({ items: rows, next })),
    }) as ReturnType<typeof all<typeof set>>
  }

  const get: Records["get"] = (set, values, question) => {
    const operation = Operations.set(set).get
    const { $expand, $select } = query(set, question) as { readonly $expand?: string; readonly $select?: string }
    const options = { ...($select === undefined ? {} : { $select }), ...($expand === undefined ? {} : { $expand }) }
    return orNone(
      Effect.flatMap(
        client.call(operation, (_, door) =>
          api.GET(recordRoute(set), { ...door, params: { path: pathOf(set, values), query: options } }),
        ),
        ({ data }) =>
          isObject(data)
            ? Effect.succeed(data as unknown as Wire<typeof set>)
            : unexpected(operation.name, "a record", data),
      ),
    )
  }

  const create = <B>(
    step: Extract<Step, { _tag: "Create" }>,
    lookup: Effect.Effect<Option.Option<B>, ConnectorError>,
  ) =>
    Effect.map(
      client.keyed(
        Operations.set(step.set).create,
        (_, door) => api.POST(route(step.set), { ...door, body: withCompany(step.body) as never }),
        lookup,
      ),
      (reply) => ("found" in reply ? reply : { saved: reply.data as object | undefined }),
    )

  const withCompany = (body: Body): Body => ({ dataAreaId: settings.company, ...body })

  const send: Records["send"] = (step, lookup) => {
    if (step._tag === "Create") return create(step, lookup)
    const operations = Operations.set(step.set)
    const path = pathOf(step.set, step.key)
    const header = step.etag === undefined ? {} : { "If-Match": step.etag }
    if (step._tag === "Remove")
      return Effect.map(
        orNone(
          client.call(operations.remove, (_, door) =>
            api.DELETE(recordRoute(step.set), { ...door, params: { path, header } }),
          ),
        ),
        () => ({ saved: undefined }),
      )
    return Effect.map(
      client.call(operations.update, (_, door) =>
        api.PATCH(recordRoute(step.set), { ...door, params: { path, header }, body: step.body as never }),
      ),
      () => ({ saved: undefined }),
    )
  }

  const operationOf = (step: Step): Batch.Operation => {
    const root = Routes.data(settings.url)
    const across = "?cross-company=true"
    if (step._tag === "Create")
      return { method: "POST", url: `${root}${route(step.set)}${across}`, body: withCompany(step.body) }
    const url = `${root}${Keys.serialize(recordRoute(step.set), pathOf(step.set, step.key))}${across}`
    const etag = step.etag === undefined ? {} : { etag: step.etag }
    return step._tag === "Remove"
      ? { method: "DELETE", url, ...etag }
      : { method: "PATCH", url, body: step.body, ...etag }
  }

  const changeset: Records["changeset"] = (steps, lookup) =>
    Effect.map(client.changeset(steps.map(operationOf), lookup), (reply) =>
      "found" in reply ? reply : { saved: reply.answers.map(({ body }) => (isObject(body) ? body : undefined)) },
    )

  return {
    list: (set, question) => first(set, question) as ReturnType<Records["list"]> as never,
    all,
    get,
    send,
    changeset,
  }
}
