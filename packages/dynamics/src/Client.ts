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
import { ConnectorError, Transport, UnknownOutcome } from "@mortise/core/ConnectorError"
import * as ContentHash from "@mortise/core/ContentHash"
import type * as Pipeline from "@mortise/core/Pipeline"
import type * as Replay from "@mortise/core/Replay"
import type { TypedApi } from "@mortise/core/TypedApi"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import createClient from "openapi-fetch"
import * as Batch from "./Batch.ts"
import * as Errors from "./Errors.ts"
import type { paths as Standard } from "./generated/api.ts"
import * as Keys from "./Keys.ts"
import { BATCH_OPERATIONS, RETRY_AFTER } from "./Limits.ts"
import * as Operations from "./Operations.ts"

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
  /** Operations that are applied together or not at all; after an ambiguous failure `lookup` decides. */
  readonly changeset: <B>(
    operations: ReadonlyArray<Batch.Operation>,
    lookup: Effect.Effect<Option.Option<B>, ConnectorError>,
  ) => Effect.Effect<Batch.Answered | { readonly found: B }, ConnectorError>
  /**
   * Operations that stand each for itself, in one request; an answer or an error for each, in their order. One that was
   * throttled is sent again alone. It fails as a whole only while nothing was answered.
   */
  readonly batch: (operations: ReadonlyArray<Batch.Operation>) => Effect.Effect<ReadonlyArray<Outcome>, ConnectorError>
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

const POST_ATTEMPTS = 4
/** OData 4.0, 8.2.8.3: without it a service stops at the first operation that fails. */
const CONTINUE = "odata.continue-on-error"

/** A batch as a call: the boundary is made of what it holds, so that the same batch is the same request. */
const posting =
  (url: string, groups: ReadonlyArray<Batch.Group>): Pipeline.Send<ReadonlyArray<Batch.Answered>> =>
  async ({ fetch, signal }) => {
    const { body, type } = Batch.encode(groups, ContentHash.ofJson(groups.map((group) => JSON.stringify(group))))
    const headers = { accept: "multipart/mixed", "content-type": type, "odata-version": "4.0", prefer: CONTINUE }
    const response = await fetch(new Request(url, { method: "POST", headers, body, signal }))
    const text = await response.text()
    if (!response.ok) return { error: text, response }
    const date = Date.parse(response.headers.get("date") ?? "")
    const at = Number.isNaN(date) ? { receivedAt: 0 } : { receivedAt: date, serverTime: date }
    return { data: Batch.decode({ headers: response.headers, text, ...at }), response }
  }

const errorOf = (answer: Errors.Answer): ConnectorError | undefined => {
  const reason = Errors.reasonOf(answer)
  return reason === undefined
    ? undefined
    : new ConnectorError({ system: "dynamics", operation: Operations.batch.name, reason })
}

type Outcome = Errors.Answer | ConnectorError

/** As many at once as a batch takes. What a failure cuts off is told beside what was answered before it. */
const inBatches = (
  pipeline: Pipeline.Pipeline,
  url: string,
  operations: ReadonlyArray<Batch.Operation>,
): Effect.Effect<ReadonlyArray<Outcome>, ConnectorError> =>
  Effect.gen(function* () {
    const results: Array<Outcome> = []
    for (let start = 0; start < operations.length; start += BATCH_OPERATIONS) {
      const some = operations.slice(start, start + BATCH_OPERATIONS)
      const { failed, outcomes } = yield* together(pipeline, url, some, start === 0)
      results.push(...outcomes)
      if (failed) return [...results, ...operations.slice(results.length).map(notSent)]
    }
    return results
  })

/** Sends operations together, then those that were throttled again. `first`: nothing that was answered can be lost. */
const together = (
  pipeline: Pipeline.Pipeline,
  url: string,
  operations: ReadonlyArray<Batch.Operation>,
  first: boolean,
): Effect.Effect<{ readonly outcomes: ReadonlyArray<Outcome>; readonly failed: boolean }, ConnectorError> =>
  Effect.gen(function* () {
    const outcomes: Array<Outcome> = []
    let open = operations.map((_, index) => index)
    for (let attempt = 1; open.length > 0; attempt++) {
      const asked = open.map((index) => operations[index] as Batch.Operation)
      const reply = yield* Effect.result(pipeline.once(Operations.batch, posting(url, asked)))
      if (reply._tag === "Failure") {
        if (first && attempt === 1) return yield* Effect.fail(reply.failure)
        for (const index of open) outcomes[index] = reply.failure
        return { outcomes, failed: true }
      }
      const throttled: Array<number> = []
      let wait = Duration.zero
      open.forEach((index, at) => {
        const answer = reply.success.data[at]?.answers[0]
        const error = answer === undefined ? undefined : errorOf(answer)
        outcomes[index] = error ?? answer ?? missing()
        if (error?.reason._tag !== "Throttled") return
        throttled.push(index)
        wait = Duration.max(wait, error.retryAfter ?? RETRY_AFTER)
      })
      open = attempt < POST_ATTEMPTS ? throttled : []
      if (open.length > 0) yield* Effect.sleep(wait)
    }
    return { outcomes, failed: false }
  })

const notSent = (): ConnectorError =>
  new ConnectorError({
    system: "dynamics",
    operation: Operations.batch.name,
    reason: new Transport({ message: "not sent, for an earlier part of the batch failed", sent: false }),
  })

/** Nobody can tell what became of an operation that the answer does not speak of. */
const missing = (): ConnectorError =>
  new ConnectorError({
    system: "dynamics",
    operation: Operations.batch.name,
    reason: new UnknownOutcome({ message: "the answer has no part for this operation" }),
  })

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
    changeset: (operations, lookup) =>
      Effect.map(
        pipeline.keyed(Operations.changeset, posting(`${root}/$batch`, [{ changeset: operations }]), lookup),
        (reply) => ("found" in reply ? reply : (reply.data[0] ?? { answers: [] })),
      ),
    batch: (operations) => inBatches(pipeline, `${root}/$batch`, operations),
  }
}
