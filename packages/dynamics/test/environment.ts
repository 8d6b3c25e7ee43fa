/** An environment in process: answers are scripted, what was asked is written down. */
import { NotFound, Unavailable } from "@mortise/core/ConnectorError"
import * as Pipeline from "@mortise/core/Pipeline"
import * as StaticAuth from "@mortise/core/StaticAuth"
import * as Effect from "effect/Effect"
import * as Client from "../src/Client.ts"

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: string
}

export const HOST = new URL("https://contoso.operations.dynamics.com/namespaces/AXSF/")

export const environment = (...answers: ReadonlyArray<() => Response>) => {
  const asked: Array<Asked> = []
  const fetch: typeof globalThis.fetch = async (input) => {
    const request = new Request(input)
    const { pathname, searchParams } = new URL(request.url)
    const { headers, method } = request
    asked.push({ method, path: decodeURIComponent(pathname), query: searchParams, headers, body: await request.text() })
    const answer = answers[asked.length - 1]
    if (answer === undefined) throw new Error("the environment was asked more often than the test says")
    return answer()
  }
  const client = Effect.map(
    Pipeline.make({
      system: "dynamics",
      baseUrl: HOST,
      auth: StaticAuth.none,
      limiter: { take: () => Effect.void, feedback: () => Effect.void },
      json: "exact",
      fetch,
      classify: ({ status }) => {
        if (status < 400) return undefined
        if (status === 404) return new NotFound({ message: "not there" })
        return new Unavailable({ message: "broken", status })
      },
    }),
    (pipeline) => Client.make(pipeline, HOST),
  )
  return { asked, client }
}

export const answer =
  (status: number, body?: string): (() => Response) =>
  () =>
    new Response(body ?? null, {
      status,
      headers: body === undefined ? {} : { "content-type": "application/json; odata.metadata=minimal" },
    })
