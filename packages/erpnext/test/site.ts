/** A site in process: answers are scripted, what was asked is written down. */
import { Conflict, NotFound, Unavailable } from "@mortise/core/ConnectorError"
import * as Pipeline from "@mortise/core/Pipeline"
import * as StaticAuth from "@mortise/core/StaticAuth"
import * as Effect from "effect/Effect"
import * as Client from "../src/Client.ts"

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: { readonly [name: string]: string }
  readonly body: string
}

export const HOST = new URL("https://erp.example.test")

export const site = (...answers: ReadonlyArray<() => Response>) => {
  const asked: Array<Asked> = []
  const fetch: typeof globalThis.fetch = async (input) => {
    const request = new Request(input)
    const { pathname, searchParams } = new URL(request.url)
    const query = Object.fromEntries(searchParams)
    asked.push({ method: request.method, path: pathname, query, body: await request.text() })
    const answer = answers[asked.length - 1]
    if (answer === undefined) throw new Error("the site was asked more often than the test says")
    return answer()
  }
  const client = Effect.map(
    Pipeline.make({
      system: "erpnext",
      baseUrl: HOST,
      auth: StaticAuth.none,
      limiter: { take: () => Effect.void, feedback: () => Effect.void },
      json: "exact",
      fetch,
      classify: ({ status }) => {
        if (status < 400) return undefined
        if (status === 404) return new NotFound({ message: "not there" })
        if (status === 417) return new Conflict({ message: "changed since" })
        return new Unavailable({ message: "broken", status })
      },
    }),
    (pipeline) => Client.make(pipeline, HOST),
  )
  return { asked, client }
}

export const answer =
  (status: number, body: string): (() => Response) =>
  () =>
    new Response(body, { status, headers: { "content-type": "application/json" } })

export const lost = (): Response => {
  throw new TypeError("socket hang up")
}
