/**
 * Reads an answer whole and hands it on twice: as the {@link Exchange} that is classified, and as something that looks
 * like a `Response` to `openapi-fetch`, whose `json()` gives the body that was parsed here, exactly if so wished.
 */

import * as Json from "../Json.ts"
import type { Exchange } from "../Pipeline.ts"

type Mode = "native" | "exact"

const parse = (text: string, mode: Mode): unknown => (mode === "exact" ? Json.parse(text) : JSON.parse(text))

const bodyOf = (text: string, mode: Mode): Pick<Exchange, "body" | "unparsable"> => {
  if (text.trim() === "") return { unparsable: false }
  try {
    return { body: parse(text, mode), unparsable: false }
  } catch {
    return { unparsable: true }
  }
}

/**
 * True when fewer bytes came than were promised. Engines notice that on a socket; an answer that comes by another way
 * (a proxy that rewrote the body, a handler in process) is measured here, and only when it could not be parsed.
 */
const isCutShort = (text: string, headers: Headers): boolean => {
  const promised = Number(headers.get("content-length") ?? "")
  if (!Number.isInteger(promised) || headers.has("content-encoding")) return false
  const BYTE_ORDER_MARK = 3
  return new TextEncoder().encode(text).length + BYTE_ORDER_MARK < promised
}

export class CutShort extends Error {
  override readonly name = "CutShort"
}

/** Reads the body to its end. Throws {@link CutShort} for a body that is shorter than its `content-length`. */
export const read = async (
  request: Request,
  response: Response,
  options: { readonly mode: Mode; readonly now: () => number },
): Promise<Exchange> => {
  const text = await response.text()
  const { headers } = response
  const body = request.method === "HEAD" ? { unparsable: false } : bodyOf(text, options.mode)
  if (body.unparsable && isCutShort(text, headers)) throw new CutShort("the body ended early")
  const date = headers.get("date")
  const serverTime = date === null ? Number.NaN : Date.parse(date)
  return {
    method: request.method,
    get url() {
      return new URL(request.url)
    },
    status: response.status,
    headers,
    text,
    ...body,
    receivedAt: options.now(),
    ...(Number.isNaN(serverTime) ? {} : { serverTime }),
  }
}

/** `openapi-fetch` calls `json()` only when a length is told, and parses the text itself otherwise. */
const withLength = (exchange: Exchange): Headers => {
  if (exchange.text === "" || exchange.headers.has("content-length")) return exchange.headers
  const headers = new Headers(exchange.headers)
  headers.set("content-length", String(exchange.text.length))
  headers.delete("transfer-encoding")
  return headers
}

/** The answer as a `Response`. `wasText` tells whether the caller asked for the text: then it need not be JSON. */
export const facade = (exchange: Exchange): { readonly response: Response; readonly wasText: () => boolean } => {
  const { status } = exchange
  let asked = false
  const text = async () => {
    asked = true
    return exchange.text
  }
  const json = async () => {
    if (exchange.unparsable) throw new SyntaxError("the body is not JSON")
    return exchange.body
  }
  const whole: Pick<Response, "status" | "statusText" | "ok" | "headers" | "url" | "redirected" | "type"> & {
    readonly json: () => Promise<unknown>
    readonly text: () => Promise<string>
  } = {
    status,
    statusText: "",
    ok: status >= 200 && status < 300,
    headers: withLength(exchange),
    get url() {
      return exchange.url.href
    },
    redirected: false,
    type: "basic",
    json,
    text,
  }
  // The stream members of a Response are left out on purpose: the body was read, and these are what clients use.
  return { response: whole as Response, wasText: () => asked && whole.ok }
}

/** What kind of thing came instead of JSON, for messages: never its content. */
export const kindOf = (exchange: Exchange): string => {
  const start = exchange.text.trimStart().slice(0, 200).toLowerCase()
  if (start.startsWith("<!doctype html") || start.startsWith("<html")) return "an HTML page"
  if (start.startsWith("<")) return "XML"
  return `text of ${exchange.text.length} characters that is not JSON`
}
