/** How NetSuite words its refusals. A `Refusal` is thrown where it arises and becomes the reply at the door. */
import type { TwinReply } from "../twin/Twin.ts"

export class Refusal extends Error {
  readonly reply: TwinReply
  constructor(reply: TwinReply) {
    super(`refused with ${reply.status}`)
    this.reply = reply
  }
}

export interface Detail {
  readonly detail: string
  readonly code?: string
  readonly path?: string
  readonly queryParam?: string
  readonly header?: string
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  429: "Bad Request",
  500: "Internal Server Error",
}

const SECTIONS: Readonly<Record<number, string>> = {
  400: "#sec10.4.1",
  401: "#sec10.4.2",
  403: "#sec10.4.4",
  404: "#sec10.4.5",
  405: "#sec10.4.6",
  500: "#sec10.5.1",
}

const detailOf = ({ code, detail, header, path, queryParam }: Detail) => ({
  detail,
  ...(path === undefined ? {} : { "o:errorPath": path }),
  ...(queryParam === undefined ? {} : { "o:errorQueryParam": queryParam }),
  ...(header === undefined ? {} : { "o:errorHeader": header }),
  ...(code === undefined ? {} : { "o:errorCode": code }),
})

export const reply = (
  status: number,
  details: ReadonlyArray<Detail>,
  more: {
    readonly title?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly topLevel?: Readonly<Record<string, string>>
  } = {},
): TwinReply => ({
  status,
  headers: { "content-type": "application/vnd.oracle.resource+json; type=error; charset=UTF-8", ...more.headers },
  body: {
    type: `https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html${SECTIONS[status] ?? ""}`,
    title: more.title ?? TITLES[status] ?? "Error",
    status,
    ...more.topLevel,
    "o:errorDetails": details.map(detailOf),
  },
})

export const refuse = (status: number, ...details: ReadonlyArray<Detail>): Refusal =>
  new Refusal(reply(status, details))

const ACCESSING = "Error while accessing a resource."

/** One code for duplicates, permissions, locks and values: the text alone tells them apart. */
export const userError = (text: string, path?: string): Refusal =>
  refuse(400, { detail: `${ACCESSING} ${text}`, code: "USER_ERROR", ...(path === undefined ? {} : { path }) })

export const duplicate = (what: "entity" | "record"): Refusal => userError(`This ${what} already exists.`)

export const locked = (): Refusal => userError("This record has been locked by a user defined workflow.")

export const missing = (labels: ReadonlyArray<string>): Refusal =>
  userError(`Please enter value(s) for: ${labels.join(", ")}`)

export const badValue = (code: "USER_ERROR" | "INVALID_CONTENT", value: string, field: string, path: string): Refusal =>
  refuse(400, {
    detail: `${ACCESSING} Invalid Field Value ${value} for the following field: ${field}.`,
    code,
    path,
  })

export const noPermission = (status: 400 | 403): Refusal =>
  status === 400
    ? refuse(400, { detail: "Your current role does not have permission to perform this action.", code: "USER_ERROR" })
    : refuse(403, { detail: "Your current role does not have permission.", code: "INSUFFICIENT_PERMISSION" })

export const gone = (): Refusal =>
  refuse(404, { detail: "Record does not exist. Provide a valid record instance ID.", code: "NONEXISTENT_ID" })

export const notServed = (path: string): Refusal =>
  refuse(404, { detail: `There is no resource under ${path}.`, code: "NOT_FOUND" })

export const notAllowed = (detail = "The method is not allowed here."): Refusal =>
  refuse(405, { detail, code: "METHOD_NOT_ALLOWED" })

export const badRequest = (text: string): Refusal => refuse(400, { detail: text, code: "INVALID_REQUEST" })

export const badParameter = (text: string, queryParam: string): Refusal =>
  refuse(400, { detail: text, code: "INVALID_PARAMETER", queryParam })

export const unexpected = (id: string): TwinReply =>
  reply(500, [{ detail: `An unexpected error occurred. Error ID: ${id}`, code: "UNEXPECTED_ERROR" }])

/** 429 with the title of a 400, and no time to come back. */
export const tooMany = (retryAfter?: string): TwinReply =>
  reply(429, [{ detail: "Concurrent request limit exceeded. Request blocked.", code: "CONCURRENCY_LIMIT_EXCEEDED" }], {
    topLevel: { "o:errorCode": "USER_ERROR" },
    ...(retryAfter === undefined ? {} : { headers: { "retry-after": retryAfter } }),
  })

export const notSignedIn = (account: string): TwinReply =>
  reply(
    401,
    [
      {
        detail: "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI.",
        code: "INVALID_LOGIN",
      },
    ],
    {
      headers: {
        "www-authenticate": `Bearer realm="${account}", error="invalid_token", error_description="Invalid login attempt."`,
      },
    },
  )

export const badAuthorization = (account: string): TwinReply =>
  reply(400, [{ detail: "The Authorization header is malformed." }], {
    headers: { "www-authenticate": `Bearer realm="${account}", error="invalid_request"` },
  })

export const page = (status: number, title: string): TwinReply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
})
