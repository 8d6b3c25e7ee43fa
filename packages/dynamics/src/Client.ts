/**
 * The typed client: `openapi-fetch` over our own descriptions, as the innermost step of the pipeline. Paths are entity
 * sets and keys as the service has them; a tenant's own sets and fields are typed where its `paths` are given.
 *
 * ```ts
 * const { data } = yield* client.call(Operations.set("CustomersV3").get, (api, door) =>
 *   api.GET("/CustomersV3(dataAreaId='{dataAreaId}',CustomerAccount='{CustomerAccount}')", {
 *     ...door,
 *     params: { path: { dataAreaId: "usmf", CustomerAccount: "C1" } },
 *   }),
 * )
 * ```
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Pipeline from "@mortise/core/Pipeline"
import type * as Replay from "@mortise/core/Replay"
import type { TypedApi } from "@mortise/core/TypedApi"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import createClient from "openapi-fetch"
import type { paths as Standard } from "./generated/api.ts"
import * as Keys from "./Keys.ts"

/** A record as it is read, created and updated, by its entity set. */
export type { Entities } from "./generated/entities.ts"

export type Api<P extends object = Standard> = TypedApi<P>

/** What an `openapi-fetch` call has to be handed, so that it goes through the pipeline. */
export type Door = Parameters<Pipeline.Send<unknown>>[0]
export type Send<A, P extends object = Standard> = (api: Api<P>, door: Door) => ReturnType<Pipeline.Send<A>>

/** `P`: the `paths` that were generated from a tenant's own `$metadata`. */
export interface Client<P extends object = Standard> {
  /** The bare client; without the door of the pipeline it does not send. */
  readonly api: Api<P>
  /** A read, or a write that is idempotent by nature. */
  readonly call: <A>(
    operation: Replay.Operation<"safe">,
    send: Send<A, P>,
  ) => Effect.Effect<Pipeline.Reply<A>, ConnectorError>
  /** A write that is looked up by its key before it is sent again. */
  readonly keyed: <A, B>(
    operation: Replay.Operation<"keyed">,
    send: Send<A, P>,
    lookup: Effect.Effect<Option.Option<B>, ConnectorError>,
  ) => Effect.Effect<Pipeline.Reply<A> | { readonly found: B }, ConnectorError>
  /** Any call, not repeated once it may have reached the environment. */
  readonly once: <A>(operation: Replay.Operation, send: Send<A, P>) => Effect.Effect<Pipeline.Reply<A>, ConnectorError>
}

const refuse = (): Promise<Response> => Promise.reject(new TypeError("call through the pipeline: pass the door"))

interface Given {
  readonly body?: unknown
  readonly params?: { readonly path?: { readonly dataAreaId?: unknown }; readonly query?: object }
}
type Call = (path: string, init: Given) => unknown

const namesCompany = ({ body, params }: Given): boolean =>
  params?.path?.dataAreaId !== undefined || (typeof body === "object" && body !== null && "dataAreaId" in body)

/**
 * A call that names a company crosses companies: without the flag the service looks only into the default company of the
 * user, and says of a record of any other that it is not there.
 */
const acrossCompanies =
  (call: Call): Call =>
  (path, init) => {
    if (!namesCompany(init)) return call(path, init)
    const query = { "cross-company": true, ...init.params?.query }
    return call(path, { ...init, params: { ...init.params, query } })
  }

const METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH"] as const

/** `baseUrl` is the address of the environment; OData is served at `/data` below it. */
export const make = <P extends object = Standard>(pipeline: Pipeline.Pipeline, baseUrl: URL): Client<P> => {
  const root = `${baseUrl.origin}${baseUrl.pathname.replace(/\/+$/, "")}/data`
  const client = createClient<P>({ baseUrl: root, fetch: refuse, pathSerializer: Keys.serialize })
  const calls = METHODS.map((method) => [method, acrossCompanies(client[method] as unknown as Call)])
  const api = Object.fromEntries(calls) as Api<P>
  return {
    api,
    call: (operation, send) => pipeline.call(operation, (door) => send(api, door)),
    keyed: (operation, send, lookup) => pipeline.keyed(operation, (door) => send(api, door), lookup),
    once: (operation, send) => pipeline.once(operation, (door) => send(api, door)),
  }
}
