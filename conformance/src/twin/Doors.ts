/**
 * The three ways into a twin, over the same handlers: interception of the global `fetch`, a call in process, and a
 * loopback port. Faults of the connection look at each door as they do on a real one.
 */
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import { getResponse, HttpResponse, http as mswHttp, type RequestHandler } from "msw"
import type { Served } from "./Twin.ts"

export interface Incoming {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: string
}

export interface Reply {
  readonly _tag: "Reply"
  readonly status: number
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string>>>
  readonly text: string
  /** Half of the body, then the connection drops. */
  readonly truncated: boolean
  /** The twin's time when it answered. */
  readonly date?: number
}

export type Answer = Reply | { readonly _tag: "Reset" } | { readonly _tag: "Refused" }

type Answerer = (incoming: Incoming) => Promise<Answer>

const headersOf = (reply: Reply): Headers => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(reply.headers)) {
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one)
  }
  if (reply.date !== undefined && !headers.has("date")) headers.set("date", new Date(reply.date).toUTCString())
  return headers
}

const mayHaveBody = (status: number): boolean => status !== 204 && status !== 205 && status !== 304

const half = (text: string): string => text.slice(0, Math.floor(text.length / 2))

const brokenBody = (text: string): ReadableStream<Uint8Array> => {
  const chunks = [new TextEncoder().encode(half(text))]
  return new ReadableStream({
    pull(controller) {
      const next = chunks.shift()
      if (next === undefined) controller.error(failure("UND_ERR_SOCKET", "terminated"))
      else controller.enqueue(next)
    },
  })
}

const toResponse = (reply: Reply): Response => {
  const headers = headersOf(reply)
  if (!mayHaveBody(reply.status)) return new Response(null, { status: reply.status, headers })
  headers.set("content-length", String(new TextEncoder().encode(reply.text).length))
  return new Response(reply.truncated ? brokenBody(reply.text) : reply.text, { status: reply.status, headers })
}

/** The error of a `fetch` whose connection failed, as Node words it. */
const failure = (code: string, message: string): TypeError =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) })

const codes = { Reset: "ECONNRESET", Refused: "ECONNREFUSED" } as const

/** Carries the kind of a connection failure to the door in process: MSW's own network error has no code. */
const FAILURE_HEADER = "x-twin-connection"

const handlersWith = (
  origins: ReadonlyArray<string>,
  answer: Answerer,
  fail: (given: Exclude<Answer, Reply>) => Response,
): ReadonlyArray<RequestHandler> =>
  origins.map((origin) =>
    mswHttp.all(`${origin}/*`, async ({ request }) => {
      const given = await answer({
        method: request.method,
        url: new URL(request.url),
        headers: request.headers,
        body: await request.text(),
      })
      return given._tag === "Reply" ? toResponse(given) : fail(given)
    }),
  )

/** For `setupServer(...)`. A failed connection is MSW's network error: a `TypeError` without a code. */
export const handlers = (origins: ReadonlyArray<string>, answer: Answerer): ReadonlyArray<RequestHandler> =>
  handlersWith(origins, answer, () => HttpResponse.error())

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = () => reject(signal.reason)
    if (signal.aborted) fail()
    else signal.addEventListener("abort", fail, { once: true })
  })

/** `fetch` without a socket. Follows no redirect; another host than the twin's cannot be reached. */
export const inProcess = (origins: ReadonlyArray<string>, answer: Answerer): typeof globalThis.fetch => {
  const list = [
    ...handlersWith(
      origins,
      answer,
      (given) => new HttpResponse(null, { status: 599, headers: { [FAILURE_HEADER]: codes[given._tag] } }),
    ),
  ]
  return async (input, init) => {
    const request = new Request(input, init)
    const response = await Promise.race([getResponse(list, request), aborted(request.signal)])
    if (response === undefined) throw failure("ENOTFOUND", "no such host among the twins")
    const code = response.headers.get(FAILURE_HEADER)
    if (code !== null) throw failure(code, "connection failed")
    return response
  }
}

const read = async (message: http.IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString("utf8")
}

const incomingHeaders = (message: http.IncomingMessage): Headers => {
  const headers = new Headers()
  for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) {
    headers.append(message.rawHeaders[i] as string, message.rawHeaders[i + 1] as string)
  }
  return headers
}

const send = (response: http.ServerResponse, answer: Answer): void => {
  if (answer._tag !== "Reply") {
    response.socket?.destroy()
    return
  }
  const headers = headersOf(answer)
  const cookies = headers.getSetCookie()
  headers.delete("set-cookie")
  const bytes = Buffer.from(mayHaveBody(answer.status) ? answer.text : "", "utf8")
  for (const [name, value] of headers) response.setHeader(name, value)
  if (cookies.length > 0) response.setHeader("set-cookie", cookies)
  if (mayHaveBody(answer.status)) response.setHeader("content-length", bytes.length)
  response.writeHead(answer.status)
  if (answer.truncated) response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy())
  else response.end(bytes)
}

/** Serves the twin on 127.0.0.1; the vendor sees its own origin in every url. */
export const serve = async (origin: string, answer: Answerer, port = 0): Promise<Served> => {
  const server = http.createServer((request, response) => {
    const handle = async () =>
      send(
        response,
        await answer({
          method: request.method ?? "GET",
          url: new URL(`${origin}${request.url ?? "/"}`),
          headers: incomingHeaders(request),
          body: await read(request),
        }),
      )
    handle().catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" })
      response.end(`the twin failed: ${error instanceof Error ? error.stack : String(error)}`)
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
