/**
 * The typed client: `openapi-fetch` over our own descriptions, as the innermost step of the pipeline. `records` is the
 * record API, with the record types of a tenant's own catalogue where they are given as a type; `services` is what
 * stands beside it.
 *
 * ```ts
 * const { data } = yield* client.call(Operations.records("customer").get, ({ records }, door) =>
 *   records.GET("/customer/{id}", { ...door, params: { path: { id: "eid:hs-company-1" } } }),
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
import type { paths as ServicePaths } from "./generated/system.ts"
import type { paths as RecordPaths } from "./generated/v2026_1/api.ts"
import * as Keys from "./Keys.ts"

/** A record as it is read, created and updated, by its type. */
export type { Entities } from "./generated/v2026_1/entities.ts"
/** The routes of the records that are described here; an account's own have its own fields. */
export type { RecordPaths }

export interface Api<P extends object = RecordPaths> {
  readonly records: TypedApi<P>
  readonly services: TypedApi<ServicePaths>
}

/** What an `openapi-fetch` call has to be handed, so that it goes through the pipeline. */
export type Door = Parameters<Pipeline.Send<unknown>>[0]
export type Send<A, P extends object = RecordPaths> = (api: Api<P>, door: Door) => ReturnType<Pipeline.Send<A>>

/** `P`: the `paths` that were generated from a tenant's own catalogue. */
export interface Client<P extends object = RecordPaths> {
  /** The bare clients; without the door of the pipeline they do not send. */
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
  /** Any call, not repeated once it may have reached NetSuite. */
  readonly once: <A>(operation: Replay.Operation, send: Send<A, P>) => Effect.Effect<Pipeline.Reply<A>, ConnectorError>
}

const refuse = (): Promise<Response> => Promise.reject(new TypeError("call through the pipeline: pass the door"))

const SINGULAR = "application/vnd.oracle.resource+json; type=singular"
const COLLECTION = "application/vnd.oracle.resource+json; type=collection"

const isCollection = (path: string, body: object): boolean =>
  !path.includes("{") && "items" in body && Array.isArray(body.items)

type Call = (path: string, init: { readonly body?: unknown; readonly headers?: object }) => unknown

/** One record and many of them are sent as different media types, which the vendor goes by. */
const withMediaType =
  (call: Call): Call =>
  (path, init) => {
    if (typeof init.body !== "object" || init.body === null) return call(path, init)
    const type = isCollection(path, init.body) ? COLLECTION : SINGULAR
    return call(path, { ...init, headers: { "Content-Type": type, ...init.headers } })
  }

const METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH"] as const

/** `openapi-fetch` with our types, see `TypedApi`. */
const typed = <P extends object>(baseUrl: string, wrap: (call: Call) => Call): TypedApi<P> => {
  const client = createClient<P>({ baseUrl, fetch: refuse, pathSerializer: Keys.serialize })
  const calls = METHODS.map((method) => [method, wrap(client[method] as unknown as Call)])
  return Object.fromEntries(calls) as TypedApi<P>
}

/** `baseUrl` is the host of the account; the routes stand below it. */
export const make = <P extends object = RecordPaths>(pipeline: Pipeline.Pipeline, baseUrl: URL): Client<P> => {
  const rest = `${baseUrl.origin}/services/rest`
  const api: Api<P> = {
    records: typed<P>(`${rest}/record/v1`, withMediaType),
    services: typed<ServicePaths>(rest, (call) => call),
  }
  return {
    api,
    call: (operation, send) => pipeline.call(operation, (door) => send(api, door)),
    keyed: (operation, send, lookup) => pipeline.keyed(operation, (door) => send(api, door), lookup),
    once: (operation, send) => pipeline.once(operation, (door) => send(api, door)),
  }
}
