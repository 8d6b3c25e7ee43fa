/**
 * `$batch` in its multipart form. A changeset is applied as a whole or not at all; operations beside it stand for
 * themselves. The answer of the batch is 200 even where a part failed, and a changeset that failed answers with one part
 * for all of its operations.
 */
import * as Json from "@mortise/core/Json"
import type { Answer } from "./Errors.ts"

/** One request inside a batch. */
export interface Operation {
  readonly method: "POST" | "PATCH" | "DELETE"
  readonly url: string
  /** Sent as `If-Match`. */
  readonly etag?: string
  readonly body?: unknown
}

/** Several operations that are applied together, or one for itself. */
export type Group = { readonly changeset: ReadonlyArray<Operation> } | Operation

/** The answers to one group: one for each operation of a changeset, or a single failure for all of them. */
export interface Answered {
  readonly answers: ReadonlyArray<Answer>
}

const END = "\r\n"

const request = ({ body, etag, method, url }: Operation, id: number): string =>
  [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    `Content-ID: ${id}`,
    "",
    `${method} ${url} HTTP/1.1`,
    "Accept: application/json",
    ...(body === undefined ? [] : ["Content-Type: application/json; charset=utf-8"]),
    ...(etag === undefined ? [] : [`If-Match: ${etag}`]),
    "",
    body === undefined ? "" : Json.stringify(body),
  ].join(END)

const multipart = (boundary: string, parts: ReadonlyArray<string>): string =>
  [...parts.map((part) => `--${boundary}${END}${part}`), `--${boundary}--`, ""].join(END)

/** A batch as a body, with its type. JSON has no raw line break, so that no value can end a part. */
export const encode = (
  groups: ReadonlyArray<Group>,
  boundary: string,
): { readonly type: string; readonly body: string } => {
  let id = 0
  const parts = groups.map((group, index) => {
    if (!("changeset" in group)) {
      id += 1
      return request(group, id)
    }
    const inner = `changeset_${boundary}_${index}`
    const operations = group.changeset.map((operation) => {
      id += 1
      return request(operation, id)
    })
    return [`Content-Type: multipart/mixed; boundary=${inner}`, "", multipart(inner, operations)].join(END)
  })
  const outer = `batch_${boundary}`
  return { type: `multipart/mixed; boundary=${outer}`, body: multipart(outer, parts) }
}

/** Thrown for an answer that is not the multipart it should be; it says nothing of what was applied. */
export class Malformed extends Error {
  override readonly name = "Malformed"
}

const split = (text: string): readonly [head: string, body: string] => {
  const at = /\r?\n\r?\n/.exec(text)
  return at === null ? [text, ""] : [text.slice(0, at.index), text.slice(at.index + at[0].length)]
}

const headersOf = (head: string): Headers => {
  const headers = new Headers()
  for (const line of head.split(/\r?\n/)) {
    const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line.trim()) ?? []
    if (name !== undefined && value !== undefined) headers.append(name, value)
  }
  return headers
}

const boundaryOf = (type: string | null): string | undefined => {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type ?? "") ?? []
  return quoted ?? plain
}

const partsOf = (text: string, boundary: string): ReadonlyArray<string> => {
  const pieces = `\n${text}`.split(`\n--${boundary}`)
  if (pieces.length < 2 || !/^--/.test(pieces.at(-1) ?? "")) throw new Malformed("the answer ends before its last part")
  return pieces.slice(1, -1).map((piece) => piece.replace(/^[ \t]*\r?\n/, ""))
}

const bodyOf = (text: string): unknown => {
  if (text.trim() === "") return undefined
  try {
    return Json.parse(text)
  } catch {
    return undefined
  }
}

const answerOf = (part: string, at: Pick<Answer, "receivedAt" | "serverTime">): Answer => {
  const [, http] = split(part)
  const [head, text] = split(http.trimStart())
  const [, status] = /^HTTP\/\d\.\d\s+(\d{3})/.exec(head) ?? []
  if (status === undefined) throw new Malformed("a part has no status")
  const body = bodyOf(text)
  return { ...at, status: Number(status), headers: headersOf(head), text, ...(body === undefined ? {} : { body }) }
}

/** The answers of a batch, one a group. Throws {@link Malformed}. */
export const decode = (
  whole: Pick<Answer, "headers" | "text" | "receivedAt" | "serverTime">,
): ReadonlyArray<Answered> => {
  const boundary = boundaryOf(whole.headers.get("content-type"))
  if (boundary === undefined) throw new Malformed("the answer is not multipart")
  const { receivedAt, serverTime } = whole
  const at = { receivedAt, ...(serverTime === undefined ? {} : { serverTime }) }
  return partsOf(whole.text, boundary).map((part) => {
    const [head, body] = split(part)
    const inner = boundaryOf(headersOf(head).get("content-type"))
    return {
      answers: inner === undefined ? [answerOf(part, at)] : partsOf(body, inner).map((each) => answerOf(each, at)),
    }
  })
}
