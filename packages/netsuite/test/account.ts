/** An account in process: answers are scripted, what was asked is written down. */
import { NotFound, Unavailable } from "@mortise/core/ConnectorError"
import * as Pipeline from "@mortise/core/Pipeline"
import * as StaticAuth from "@mortise/core/StaticAuth"
import * as Effect from "effect/Effect"
import * as Client from "../src/Client.ts"

export interface Asked {
  readonly method: string
  readonly url: URL
  readonly type: string | null
  readonly headers: Headers
  readonly body: string
}

export const HOST = new URL("https://1234567-sb1.suitetalk.api.netsuite.com")

export const account = (...answers: ReadonlyArray<() => Response>) => {
  const asked: Array<Asked> = []
  const fetch: typeof globalThis.fetch = async (input) => {
    const request = new Request(input)
    const { headers, method, url } = request
    asked.push({ method, url: new URL(url), type: headers.get("content-type"), headers, body: await request.text() })
    const answer = answers[asked.length - 1]
    if (answer === undefined) throw new Error("the account was asked more often than the test says")
    return answer()
  }
  const client = Effect.map(
    Pipeline.make({
      system: "netsuite",
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
  (status: number, body?: string, headers: Record<string, string> = {}): (() => Response) =>
  () =>
    new Response(body ?? null, {
      status,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    })
