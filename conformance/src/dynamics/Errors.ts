/**
 * How the service words its refusals: one generic envelope whose message says nothing, and the reason inside it. A `Refusal`
 * is thrown where it arises and becomes the reply at the door.
 */
import type { TwinReply } from "../twin/Twin.ts"

export class Refusal extends Error {
  readonly reply: TwinReply
  constructor(reply: TwinReply) {
    super(`refused with ${reply.status}`)
    this.reply = reply
  }
}

export const CONTENT_TYPE = "application/json; odata.metadata=minimal"

export const json = (status: number, body: unknown, headers: TwinReply["headers"] = {}): TwinReply => ({
  status,
  headers: { "content-type": CONTENT_TYPE, "odata-version": "4.0", ...headers },
  body,
})

const WRITE = "Microsoft.Dynamics.Platform.Integration.Services.OData.AxODataWriteException"
const QUERY = "Microsoft.OData.ODataException"

/** Internals and paths that no client should pass on. */
const trace = (type: string): string =>
  [
    `   at ${type.replace(/Exception$/, "")}.Update(AxODataContext context) in E:\\AosService\\PackagesLocalDirectory\\bin\\ODataWriter.cs:line 412`,
    "   at Microsoft.Dynamics.Platform.Integration.Services.OData.AxODataDelayedWriter.SaveChanges()",
  ].join("\r\n")

export const envelope = (message: string, type = WRITE): unknown => ({
  error: {
    code: "",
    message: "An error has occurred.",
    innererror: { message, type, stacktrace: trace(type) },
  },
})

export const refuse = (status: number, message: string, type = WRITE): Refusal =>
  new Refusal(json(status, envelope(message, type)))

export const badQuery = (message: string): Refusal =>
  refuse(400, `The query specified in the URI is not valid. ${message}`, QUERY)

export const badBody = (message: string): Refusal => refuse(400, message, QUERY)

/** Of a key that is not there, and alike of one in another company. */
export const nothingToUpdate = (): Refusal => refuse(400, "No resources were found when selecting for update.")

export const notFound = (what: string): Refusal => refuse(404, `${what} not found.`, QUERY)

export const noSuchSet = (name: string): Refusal =>
  refuse(404, `No HTTP resource was found that matches '${name}'.`, QUERY)

export const forbidden = (set: string): Refusal => refuse(403, `Access denied to entity ${set}.`)

export const updateConflict = (status: number, table: string): Refusal =>
  refuse(
    status,
    `Cannot edit a record in ${table}. An update conflict occurred due to another user process deleting the record or changing one or more fields in the record.`,
  )

export type Severity = "Info" | "Warning" | "Error"
export type Issue = readonly [severity: Severity, text: string]

const infolog = (type: string, issues: ReadonlyArray<Issue>): string =>
  `Write failed for table row of type '${type}Entity'. Infolog: ${issues.map(([severity, one]) => `${severity}: ${one}`).join("; ")}.`

export const invalid = (type: string, table: string, issues: ReadonlyArray<Issue>): Refusal =>
  refuse(400, infolog(type, [...issues, ["Warning", `validateWrite failed on data source '${table} (${table})'`]]))

/** Not a 409: the text alone tells. */
export const alreadyExists = (type: string, table: string, key: string, status: number): Refusal =>
  refuse(
    status,
    infolog(type, [["Info", `Cannot create a record in ${table} (${table}). ${key}.\nThe record already exists.`]]),
  )

export const unauthorized = (): TwinReply => ({
  status: 401,
  headers: { "www-authenticate": 'Bearer authorization_uri="https://login.windows.net/common"' },
})

export const BUSY =
  "This request could not be processed at this time due to system experiencing high resource utilization."

export const throttled = (retryAfter: string | undefined, message = BUSY): TwinReply =>
  json(429, { error: { code: "", message } }, retryAfter === undefined ? {} : { "retry-after": retryAfter })

export const page = (status: number, title: string): TwinReply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h2>${title}</h2></body></html>`,
})
