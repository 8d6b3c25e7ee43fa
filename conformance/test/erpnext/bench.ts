/** A small client for the tests of the twin: signs with key and secret, speaks JSON, keeps every digit. */
import * as Json from "@mortise/core/Json"
import * as ErpNextTwin from "../../src/erpnext/ErpNextTwin.ts"
import * as VirtualClock from "../../src/VirtualClock.ts"

/** 04:54 in New York. */
export const START = Date.UTC(2026, 10, 20, 9, 54)

export const token = ({ apiKey, apiSecret }: { readonly apiKey: string; readonly apiSecret: string }): string =>
  `token ${apiKey}:${apiSecret}`

/** Compiled once for all tests of a file. */
const validator = ErpNextTwin.validator()

export class Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: unknown

  constructor(response: Response, text: string) {
    this.status = response.status
    this.headers = response.headers
    this.text = text
    this.body = /json/.test(response.headers.get("content-type") ?? "") ? Json.parse(text) : undefined
  }

  /** A member by its path, `data.items.0.rate`; numbers as their text. */
  at(path: string): unknown {
    let at: unknown = this.body
    for (const part of path.split(".")) {
      at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[part] : undefined
    }
    return at instanceof Json.JsonNumber ? at.text : at
  }

  /** A member of every row of a list. */
  each(name: string): ReadonlyArray<unknown> {
    const rows = this.at("data") ?? this.at("message")
    return Array.isArray(rows) ? rows.map((_, index) => new Sub(rows[index]).at(name)) : []
  }

  /** The notes that came with the answer. */
  get notes(): ReadonlyArray<{ readonly message: string; readonly title?: string; readonly raise_exception?: number }> {
    const told = this.at("_server_messages")
    return typeof told === "string" ? (JSON.parse(told) as ReadonlyArray<string>).map((one) => JSON.parse(one)) : []
  }

  get type(): unknown {
    return this.at("exc_type") ?? this.at("errors.0.type")
  }
}

class Sub {
  readonly row: unknown
  constructor(row: unknown) {
    this.row = row
  }
  at(name: string): unknown {
    const value = (this.row as Record<string, unknown>)[name]
    return value instanceof Json.JsonNumber ? value.text : value
  }
}

export interface Call {
  readonly headers?: Record<string, string>
  readonly query?: Record<string, unknown>
  readonly body?: unknown
}

const address = (path: string, query: Record<string, unknown>): string => {
  const entries = Object.entries(query).map(([name, value]) => [
    name,
    typeof value === "string" ? value : Json.stringify(value),
  ])
  const text = new URLSearchParams(entries as Array<[string, string]>).toString()
  return text === "" ? path : `${path}?${text}`
}

export const open = (options: Partial<ErpNextTwin.Options> = {}) => {
  const clock = VirtualClock.make({ start: START })
  const twin = ErpNextTwin.make({ clock, validator, ...options })
  const send = async (method: string, path: string, { body, headers = {}, query = {} }: Call = {}): Promise<Answer> => {
    const response = await twin.fetch(`${twin.origin}${address(path, query)}`, {
      method,
      redirect: "manual",
      headers: {
        accept: "application/json",
        ...("authorization" in headers || "cookie" in headers ? {} : { authorization: token(ErpNextTwin.KEY) }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : Json.stringify(body) }),
    })
    return new Answer(response, await response.text())
  }
  const resource = (doctype: string, name?: string) =>
    `/api/resource/${encodeURIComponent(doctype)}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`
  return {
    clock,
    twin,
    world: twin.world,
    send,
    list: (doctype: string, query: Record<string, unknown> = {}) => send("GET", resource(doctype), { query }),
    get: (doctype: string, name: string) => send("GET", resource(doctype, name)),
    post: (doctype: string, body: unknown) => send("POST", resource(doctype), { body }),
    put: (doctype: string, name: string, body: unknown) => send("PUT", resource(doctype, name), { body }),
    remove: (doctype: string, name: string) => send("DELETE", resource(doctype, name)),
    call: (method: string, body: unknown) => send("POST", `/api/method/${method}`, { body }),
  }
}

export const bearer = (accessToken: string): Record<string, string> => ({ authorization: `Bearer ${accessToken}` })

export const limited: Record<string, string> = { authorization: token(ErpNextTwin.LIMITED) }
