/**
 * `$batch`, multipart/mixed: what stands alone succeeds or fails alone; a changeset is written whole or not at all, and a
 * failed one answers with one part. The outer status says nothing of the parts.
 */
import * as Json from "@mortise/core/Json"
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import * as Errors from "./Errors.ts"

/** Microsoft: batches hold at most so many operations. */
export const LIMIT = 5_000

interface Part {
  readonly headers: Headers
  readonly body: string
}

interface Operation {
  readonly id: string | undefined
  readonly request: TwinRequest
}

type Item =
  | { readonly tag: "alone"; readonly operation: Operation }
  | { readonly tag: "changeset"; readonly operations: ReadonlyArray<Operation> }

export interface BatchCall {
  readonly request: TwinRequest
  /** Address of the environment, to which relative addresses of parts are joined. */
  readonly root: string
  /** Deals with one operation and throws its refusal. `place` counts the operations of the batch from 0. */
  readonly dispatch: (request: TwinRequest, place: number) => TwinReply
  readonly atomically: <A>(work: () => A) => A
  readonly guid: () => string
}

const malformed = (says: string): Errors.Refusal => Errors.badBody(`The batch request is malformed: ${says}.`)

const boundaryOf = (type: string | null): string => {
  const [, quoted, bare] = /^multipart\/mixed\s*;.*?boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type ?? "") ?? []
  const boundary = quoted ?? bare
  if (boundary === undefined) throw malformed("the content type has no boundary")
  return boundary
}

const lines = (text: string): string => text.replaceAll("\r\n", "\n")

const splitHead = (text: string): Part => {
  const source = text.replace(/^\n/, "")
  const end = source.indexOf("\n\n")
  const head = end < 0 ? source : source.slice(0, end)
  const headers = new Headers()
  for (const line of head.split("\n")) {
    const at = line.indexOf(":")
    if (at > 0) headers.append(line.slice(0, at).trim(), line.slice(at + 1).trim())
  }
  return { headers, body: end < 0 ? "" : source.slice(end + 2) }
}

const partsOf = (body: string, boundary: string): ReadonlyArray<Part> => {
  const pieces = `\n${lines(body)}`.split(`\n--${boundary}`)
  if (!(pieces.at(-1) ?? "").startsWith("--")) throw malformed("the last boundary is missing")
  return pieces.slice(1, -1).map(splitHead)
}

const operationOf = (call: BatchCall, part: Part): Operation => {
  const source = part.body.replace(/^\n+/, "")
  const [first = "", ...rest] = source.split("\n")
  const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(first.trim()) ?? []
  if (method === undefined || target === undefined) throw malformed("a part is no request")
  const inner = splitHead(rest.join("\n"))
  const url = new URL(target, `${call.root}/`)
  for (const [name, value] of call.request.headers) if (name === "authorization") inner.headers.set(name, value)
  const request = {
    ...call.request,
    method,
    url,
    path: url.pathname,
    headers: inner.headers,
    body: inner.body.replace(/\n+$/, ""),
  }
  return { id: part.headers.get("content-id") ?? undefined, request }
}

const itemOf = (call: BatchCall, part: Part): Item => {
  const type = part.headers.get("content-type")
  if (type?.startsWith("multipart/mixed") !== true) return { tag: "alone", operation: operationOf(call, part) }
  const operations = partsOf(part.body, boundaryOf(type)).map((one) => operationOf(call, one))
  if (operations.some(({ request }) => request.method === "GET")) throw malformed("a changeset holds a read")
  return { tag: "changeset", operations }
}

const textOf = (reply: TwinReply): string =>
  reply.body === undefined ? "" : typeof reply.body === "string" ? reply.body : Json.stringify(reply.body)

const TITLES: { readonly [status: number]: string } = {
  200: "OK",
  201: "Created",
  204: "No Content",
  400: "Bad Request",
  404: "Not Found",
  412: "Precondition Failed",
  429: "Too Many Requests",
  500: "Internal Server Error",
}

const render = (id: string | undefined, reply: TwinReply): string => {
  const body = textOf(reply)
  const headers = Object.entries(reply.headers ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}: ${name === "content-type" ? `${one}; charset=utf-8` : one}`),
  )
  return [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    ...(id === undefined ? [] : [`Content-ID: ${id}`]),
    "",
    `HTTP/1.1 ${reply.status} ${TITLES[reply.status] ?? "Error"}`,
    ...headers,
    "",
    body,
  ].join("\r\n")
}

interface Answered {
  readonly text: string
  readonly changed: boolean
}

const alone = (call: BatchCall, { id, request }: Operation, place: number): Answered => {
  try {
    const reply = call.atomically(() => call.dispatch(request, place))
    return { text: render(id, reply), changed: reply.changed === true }
  } catch (refusal) {
    if (!(refusal instanceof Errors.Refusal)) throw refusal
    return { text: render(id, refusal.reply), changed: false }
  }
}

const changeset = (call: BatchCall, operations: ReadonlyArray<Operation>, first: number): Answered => {
  let at = 0
  try {
    const replies = call.atomically(() =>
      operations.map(({ request }, place) => {
        at = place
        return call.dispatch(request, first + place)
      }),
    )
    const boundary = `changesetresponse_${call.guid().toLowerCase()}`
    const parts = replies.map((reply, place) => `--${boundary}\r\n${render(operations[place]?.id, reply)}\r\n`)
    const text = `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${parts.join("")}--${boundary}--`
    return { text, changed: replies.some((reply) => reply.changed === true) }
  } catch (refusal) {
    if (!(refusal instanceof Errors.Refusal)) throw refusal
    return { text: render(operations[at]?.id, refusal.reply), changed: false }
  }
}

export const handle = (call: BatchCall): TwinReply => {
  if (call.request.method !== "POST") return Errors.page(405, "Method Not Allowed")
  const boundary = boundaryOf(call.request.headers.get("content-type"))
  const items = partsOf(call.request.body, boundary).map((part) => itemOf(call, part))
  const counts = items.map((item) => (item.tag === "alone" ? 1 : item.operations.length))
  if (counts.reduce((sum, one) => sum + one, 0) > LIMIT) throw malformed(`it holds more than ${LIMIT} operations`)
  let place = 0
  const answered = items.map((item, index) => {
    const first = place
    place += counts[index] ?? 0
    return item.tag === "alone" ? alone(call, item.operation, first) : changeset(call, item.operations, first)
  })
  const outer = `batchresponse_${call.guid().toLowerCase()}`
  const body = `${answered.map(({ text }) => `--${outer}\r\n${text}\r\n`).join("")}--${outer}--\r\n`
  return {
    status: 200,
    headers: { "content-type": `multipart/mixed; boundary=${outer}`, "odata-version": "4.0" },
    body,
    changed: answered.some(({ changed }) => changed),
  }
}
