/**
 * The typed client: documents by their doctype, and beside them every route that is described, through `openapi-fetch` as
 * the innermost step of the pipeline.
 *
 * ```ts
 * const rows = yield* client.documents.list("Sales Invoice", {
 *   fields: ["name", "outstanding_amount"],
 *   where: [["modified", ">=", since]],
 *   orderBy: [["modified", "asc"], ["name", "asc"]],
 *   limit: 100,
 * })
 * ```
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Pipeline from "@mortise/core/Pipeline"
import type * as Replay from "@mortise/core/Replay"
import type { TypedApi } from "@mortise/core/TypedApi"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import createClient from "openapi-fetch"
import * as Documents from "./Documents.ts"
import type { paths } from "./generated/api.ts"
import type { Entities } from "./generated/v15/entities.ts"
import * as Routes from "./Routes.ts"
import type { Endpoints } from "./Versions.ts"

/** Documents by their doctype, of v15; those of v16 are `Entities16`. */
export type { Entities } from "./generated/v15/entities.ts"
export type { Entities as Entities16 } from "./generated/v16/entities.ts"

export type Api = TypedApi<paths>

/** What an `openapi-fetch` call has to be handed, so that it goes through the pipeline. */
export type Door = Parameters<Pipeline.Send<unknown>>[0]
export type Send<A> = (api: Api, door: Door) => ReturnType<Pipeline.Send<A>>

/** `E`: the `Entities` that were generated from a site's own doctypes. */
export interface Client<E extends object = Entities> {
  readonly documents: Documents.Documents<E>
  /** The bare client; without the door of the pipeline it does not send. */
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
  /** Any call, not repeated once it may have reached the site. */
  readonly once: <A>(operation: Replay.Operation, send: Send<A>) => Effect.Effect<Pipeline.Reply<A>, ConnectorError>
}

const refuse = (): Promise<Response> => Promise.reject(new TypeError("call through the pipeline: pass the door"))

export const make = <E extends object = Entities>(
  pipeline: Pipeline.Pipeline,
  baseUrl: URL,
  endpoints: Endpoints = "resource",
): Client<E> => {
  const options = { baseUrl: baseUrl.origin, fetch: refuse, pathSerializer: Routes.serialize }
  const api = createClient<paths>(options) as unknown as Api
  return {
    documents: Documents.make<E>(pipeline, api, endpoints),
    api,
    call: (operation, send) => pipeline.call(operation, (door) => send(api, door)),
    keyed: (operation, send, lookup) => pipeline.keyed(operation, (door) => send(api, door), lookup),
    once: (operation, send) => pipeline.once(operation, (door) => send(api, door)),
  }
}
