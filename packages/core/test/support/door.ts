/** A server in process for tests of the pipeline: answers are scripted, requests are written down. */
import type { Reason } from "@mortise/core/ConnectorError"
import {
  Duplicate,
  Forbidden,
  Locked,
  NotFound,
  QuotaExhausted,
  Throttled,
  Unauthorized,
  Unavailable,
} from "@mortise/core/ConnectorError"
import * as Pipeline from "@mortise/core/Pipeline"
import type * as RateLimit from "@mortise/core/RateLimit"
import * as StaticAuth from "@mortise/core/StaticAuth"
import * as Effect from "effect/Effect"

export type Answer = (request: Request, init: RequestInit) => Response | Promise<Response>

export interface Door {
  readonly fetch: typeof globalThis.fetch
  readonly requests: Array<Request>
  readonly inits: Array<RequestInit>
}

/** Answers in the given order; the last one again and again. */
export const door = (...answers: ReadonlyArray<Answer>): Door => {
  const requests: Array<Request> = []
  const inits: Array<RequestInit> = []
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const request = input instanceof Request ? input : new Request(input)
    requests.push(request)
    inits.push(init)
    const answer = answers[Math.min(requests.length, answers.length) - 1]
    if (answer === undefined) throw new Error("the test's door has no answer")
    return answer(request, init)
  }
  return { fetch, requests, inits }
}

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  () =>
    new Response(typeof body === "string" ? body : JSON.stringify(body), {
      status,
      headers: { "content-type": "application/json", ...headers },
    })

export const status = (code: number, headers: Record<string, string> = {}): Answer =>
  json({ message: "no" }, code, headers)

export const transport =
  (code: string): Answer =>
  () => {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("secret-host:443"), { code }) })
  }

/** No answer until the request is aborted. */
export const hang: Answer = (_request, init) =>
  new Promise((_resolve, reject) => {
    init.signal?.addEventListener("abort", () => reject(init.signal?.reason), { once: true })
  })

const byStatus: Record<number, (exchange: Pipeline.Exchange) => Reason> = {
  401: () => new Unauthorized({ message: "the token was refused" }),
  403: () => new Forbidden({ message: "the right is missing" }),
  404: () => new NotFound({ message: "not there" }),
  409: () => new Duplicate({ message: "it is there already" }),
  423: () => new Locked({ message: "locked" }),
  402: () => new QuotaExhausted({ message: "the day is spent", resetsAt: "2026-01-02T00:00:00Z" }),
}

export const classify = (exchange: Pipeline.Exchange): Reason | undefined => {
  if (exchange.status < 400) return undefined
  const retryAfter = Pipeline.retryAfter(exchange)
  const told = retryAfter === undefined ? {} : { retryAfter }
  if (exchange.status === 429) return new Throttled({ message: "too many requests", policy: "burst", ...told })
  if (exchange.status >= 500) return new Unavailable({ message: "broken", status: exchange.status, ...told })
  return byStatus[exchange.status]?.(exchange) ?? new NotFound({ message: `status ${exchange.status}` })
}

export const unlimited: RateLimit.Limiter = { take: () => Effect.void, feedback: () => Effect.void }

export const pipeline = (options: Partial<Pipeline.Options> & { readonly fetch: typeof globalThis.fetch }) =>
  Pipeline.make({
    system: "acme",
    baseUrl: new URL("https://api.acme.test"),
    auth: StaticAuth.none,
    limiter: unlimited,
    classify,
    ...options,
  })
