/**
 * A JSON API without a description, called through a pipeline: paths by their segments, each encoded by itself, so that
 * no id or key can lead a request elsewhere.
 *
 * ```ts
 * const api = JsonApi.make({ pipeline, baseUrl })
 * const { data } = yield* api.read<Customer>(Replay.read("ledgerette.customers.get", "api"), ["customers", id])
 * ```
 */
import * as Effect from "effect/Effect"
import type { ConnectorError } from "./ConnectorError.ts"
import * as Json from "./Json.ts"
import type * as Pipeline from "./Pipeline.ts"
import type * as Replay from "./Replay.ts"

/** Absent members are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface Body {
  readonly method?: "POST" | "PUT" | "PATCH" | "DELETE"
  readonly query?: Query
  /** Sent as JSON; a `Json.JsonNumber` by its text. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface JsonApi {
  readonly read: <A>(
    operation: Replay.Operation<"safe">,
    path: ReadonlyArray<string>,
    query?: Query,
  ) => Effect.Effect<Pipeline.Reply<A>, ConnectorError>
  /**
   * Sends a write, as a POST unless told. One that is declared `safe` is sent again after an ambiguous failure; any other
   * ends in `UnknownOutcome`, and whoever called it looks before sending it again.
   */
  readonly write: <A>(
    operation: Replay.Operation,
    path: ReadonlyArray<string>,
    body?: Body,
  ) => Effect.Effect<Pipeline.Reply<A>, ConnectorError>
}

/** A segment of dots would climb, encoded or not. */
const encoded = (segment: string): string => {
  if (segment === "" || /^\.{1,2}$/.test(segment)) throw new RangeError("a path segment is empty or climbs")
  return encodeURIComponent(segment)
}

/** The address of a path below the base url. Throws `RangeError` for a segment that no path can hold. */
export const address = (baseUrl: URL, path: ReadonlyArray<string>, query: Query = {}): URL => {
  const url = new URL(baseUrl)
  url.pathname = [url.pathname.replace(/\/+$/, ""), ...path.map(encoded)].join("/")
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

/** The call itself, for a pipeline's `call`, `keyed` and `once`. */
export const send =
  <A>(baseUrl: URL, method: string, path: ReadonlyArray<string>, sent: Omit<Body, "method"> = {}): Pipeline.Send<A> =>
  async ({ fetch }) => {
    const { body, headers, query } = sent
    const request = new Request(address(baseUrl, path, query), {
      method,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: Json.stringify(body) }),
    })
    const response = await fetch(request)
    return response.ok ? { data: (await response.json()) as A, response } : { response }
  }

/** The body alone. */
export const data = <A, E, R>(reply: Effect.Effect<Pipeline.Reply<A>, E, R>): Effect.Effect<A, E, R> =>
  Effect.map(reply, (each) => each.data)

const isSafe = (operation: Replay.Operation): operation is Replay.Operation<"safe"> => operation.replay === "safe"

export const make = (options: { readonly pipeline: Pipeline.Pipeline; readonly baseUrl: URL }): JsonApi => {
  const { baseUrl, pipeline } = options
  return {
    read: (operation, path, query = {}) => pipeline.call(operation, send(baseUrl, "GET", path, { query })),
    write: <A>(operation: Replay.Operation, path: ReadonlyArray<string>, { method = "POST", ...sent }: Body = {}) =>
      Effect.suspend(() => {
        const sending = send<A>(baseUrl, method, path, sent)
        return isSafe(operation) ? pipeline.call(operation, sending) : pipeline.once(operation, sending)
      }),
  }
}
