/** A server on loopback that answers as a test wants and remembers what it was asked. */
import * as http from "node:http"
import type { AddressInfo } from "node:net"

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export interface Server {
  readonly url: string
  readonly asked: ReadonlyArray<Asked>
  readonly close: () => Promise<void>
}

export type Answer = (request: Asked, response: http.ServerResponse) => void

export const json =
  (value: unknown, status = 200): Answer =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/json" })
    response.end(JSON.stringify(value))
  }

export const text =
  (body: string, type: string, status = 200): Answer =>
  (_, response) => {
    response.writeHead(status, { "content-type": type })
    response.end(body)
  }

export const redirect =
  (location: string, status = 302): Answer =>
  (_, response) => {
    response.writeHead(status, { location })
    response.end()
  }

/** Answers in turn; the last one stays. */
export const inTurn = (...answers: ReadonlyArray<Answer>): Answer => {
  let turn = 0
  return (request, response) => {
    const answer = answers[Math.min(turn, answers.length - 1)]
    turn += 1
    answer?.(request, response)
  }
}

/** Says that there is more than comes, and hangs up. */
export const cutOff =
  (body: string, type: string): Answer =>
  (_, response) => {
    response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(body) * 2 })
    response.write(body, () => response.destroy())
  }

/** `routes` by method and path, or by path alone; a path is compared without its query. */
export const serve = async (routes: Readonly<Record<string, Answer>>): Promise<Server> => {
  const asked: Array<Asked> = []
  const server = http.createServer(async (message, response) => {
    let body = ""
    for await (const chunk of message) body += chunk
    const request = { method: message.method ?? "", url: message.url ?? "", headers: message.headers, body }
    asked.push(request)
    const path = request.url.split("?")[0] ?? ""
    const answer = routes[`${request.method} ${path}`] ?? routes[path] ?? json({ message: "no such route" }, 404)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
