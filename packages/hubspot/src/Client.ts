/**
 * The typed client: `openapi-fetch` over our own descriptions, as the innermost step of the pipeline. Calls are written
 * with the date-versioned path; the configured routes decide which version is asked.
 *
 * ```ts
 * const { data } = yield* client.call(Operations.owners.list, (api, door) =>
 *   api.GET("/crm/owners/2026-09", { ...door, params: { query: { limit: 100 } } }),
 * )
 * ```
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Pipeline from "@mortise/core/Pipeline"
import type * as Replay from "@mortise/core/Replay"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import createClient, { type Client as OpenApiClient } from "openapi-fetch"
import type { paths as Settled } from "./generated/v2026_03.ts"
import type { components, paths as Newest } from "./generated/v2026_09.ts"
import * as Routes from "./Routes.ts"

type SettledFamilies = `/crm/associations/2026-03/${string}` | `/oauth/2026-03/${string}`

/** Objects, single associations, properties, pipelines, owners and account at 2026-09; the settled rest at 2026-03. */
export type Paths = Omit<Newest, `/crm/associations/${string}` | `/oauth/${string}`> &
  Pick<Settled, Extract<keyof Settled, SettledFamilies>>

export type Api = OpenApiClient<Paths>
export type Schemas = components["schemas"]

/** What an `openapi-fetch` call has to be handed, so that it goes through the pipeline. */
export type Door = Parameters<Pipeline.Send<unknown>>[0]
export type Send<A> = (api: Api, door: Door) => ReturnType<Pipeline.Send<A>>

export interface Client {
  /** The bare client, for its types; without a door it does not send. */
  readonly api: Api
  /** A read, or a write that is idempotent by nature. */
  readonly call: <A>(
    operation: Replay.Operation<"safe">,
    send: Send<A>,
  ) => Effect.Effect<Pipeline.Reply<A>, ConnectorError>
  /** A write that is looked up by its key before it is sent again. */
  readonly keyed: <A, B>(
    operation: Replay.Operation<"keyed">,
    send: Send<A>,
    lookup: Effect.Effect<Option.Option<B>, ConnectorError>,
  ) => Effect.Effect<Pipeline.Reply<A> | { readonly found: B }, ConnectorError>
  /** Any call, not repeated once it may have reached HubSpot. */
  readonly once: <A>(operation: Replay.Operation, send: Send<A>) => Effect.Effect<Pipeline.Reply<A>, ConnectorError>
}

const refuse = (): Promise<Response> => Promise.reject(new TypeError("call through the pipeline: pass the door"))

/** HubSpot's descriptions print lists of a query exploded, its documents joined by commas; the latter is sent. */
const lists = { array: { style: "form", explode: false } } as const

const METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH"] as const

/** The same client, with every path template turned into that of the configured routes. */
const routed = (api: Api, routes: Routes.Routes): Api => {
  const calls = METHODS.map((method) => {
    const call = api[method] as (path: string, init: unknown) => unknown
    return [method, (path: string, init: unknown) => call(Routes.map(routes, path), init)]
  })
  return { ...api, ...Object.fromEntries(calls) }
}

export const make = (pipeline: Pipeline.Pipeline, baseUrl: URL, routes: Routes.Routes): Client => {
  const api = routed(createClient<Paths>({ baseUrl: baseUrl.origin, fetch: refuse, querySerializer: lists }), routes)
  return {
    api,
    call: (operation, send) => pipeline.call(operation, (door) => send(api, door)),
    keyed: (operation, send, lookup) => pipeline.keyed(operation, (door) => send(api, door), lookup),
    once: (operation, send) => pipeline.once(operation, (door) => send(api, door)),
  }
}
