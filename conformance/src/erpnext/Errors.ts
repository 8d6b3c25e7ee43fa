/**
 * How the site words its refusals, in both APIs. A `Refusal` is thrown where it arises and becomes the reply at the door.
 * The texts are our own: the server's are translatable, and only status and class may be relied on.
 */
import type { TwinReply } from "../twin/Twin.ts"

export interface Note {
  readonly message: string
  readonly title?: string
  readonly indicator?: string
  readonly raise_exception?: number
  readonly alert?: number
  readonly __frappe_exc_id?: string
}

export interface Details {
  /** Module of the class; empty for what Python itself raises. */
  readonly module?: string
  readonly message?: string
  /** Shown notes; a thrown message is one of them unless told otherwise. */
  readonly notes?: ReadonlyArray<Note>
  /** Raised before the handler could note an exception: neither `exception` nor `exc`. */
  readonly bare?: boolean
  /** Raised in the code of the app that is installed on the framework. */
  readonly app?: boolean
  /** `_error_message`. */
  readonly hint?: string
  readonly sessionExpired?: boolean
  /** Raised by the web framework below, which answers with a page whatever is asked for. */
  readonly page?: boolean
}

export class Refusal extends Error {
  readonly status: number
  readonly type: string
  readonly details: Details

  constructor(status: number, type: string, details: Details = {}) {
    super(details.message ?? type)
    this.status = status
    this.type = type
    this.details = details
  }
}

const FRAPPE = "frappe.exceptions"

/** A message that the server throws: it is note and exception at once. */
export const thrown = (
  status: number,
  type: string,
  message: string,
  { title = "Message", ...details }: Details & { readonly title?: string } = {},
): Refusal => {
  const note: Note = { message, title, indicator: "red", raise_exception: 1 }
  return new Refusal(status, type, { module: FRAPPE, message, ...details, notes: [...(details.notes ?? []), note] })
}

export const invalid = (message: string, details: Details & { readonly title?: string } = {}): Refusal =>
  thrown(417, "ValidationError", message, details)

/** The same, from a rule of ERPNext rather than of the framework. */
export const refusedByApp = (message: string, details: Details = {}): Refusal =>
  invalid(message, { app: true, ...details })

export const missing = (doctype: string, name: string): Refusal =>
  thrown(404, "DoesNotExistError", `There is no ${doctype} ${name}`)

/** A route that is not there, or a second delete: the class alone. */
export const absent = (): Refusal => new Refusal(404, "DoesNotExistError", { module: FRAPPE })

/** What nobody caught: Python's own errors and the database's. */
export const crash = (type: string, message: string, details: Details = {}): Refusal =>
  new Refusal(500, type, { module: "", message, ...details })

export const databaseError = (code: number, message: string): Refusal =>
  new Refusal(500, "OperationalError", { module: "pymysql.err", message: `(${code}, "${message}")` })

export const unauthenticated = (): Refusal => new Refusal(401, "AuthenticationError", { module: FRAPPE })

const plain = (message: string): Note => ({ message, title: "Message" })

const noAccess = (user: string, doctype: string): string =>
  `User <strong>${user}</strong> has no right to documents of <strong>${doctype}</strong>`

/** A list. */
export const listForbidden = (user: string, doctype: string): Refusal =>
  new Refusal(403, "PermissionError", {
    module: FRAPPE,
    notes: [plain(noAccess(user, doctype))],
    hint: `No permission for ${doctype}`,
  })

/** Before a document was loaded: a create, or the read of one that is not there. */
export const doctypeForbidden = (user: string, doctype: string): Refusal =>
  new Refusal(403, "PermissionError", {
    module: FRAPPE,
    bare: true,
    notes: [plain(noAccess(user, doctype))],
    hint: `No permission for ${doctype}`,
  })

/** A document that is there. */
export const documentForbidden = (user: string, doctype: string): Refusal =>
  new Refusal(403, "PermissionError", {
    module: FRAPPE,
    notes: [plain(`${noAccess(user, doctype)}<br>User <strong>${user}</strong> has no right to this document`)],
  })

/** Another right than reading, on a document that is there. */
export const actionForbidden = (user: string, action: string, doctype: string, name: string): Refusal =>
  thrown(403, "PermissionError", `${user} may not ${action} ${doctype}: ${name}`, {
    notes: [plain(`User <strong>${user}</strong> has no right to this document: ${doctype} - ${name}`)],
  })

export interface Wording {
  readonly api: 1 | 2
  /** System Settings `allow_error_traceback`. */
  readonly tracebacks: boolean
  /** v14 names the class only where the server threw it on purpose. */
  readonly namesClass: boolean
  readonly excId: () => string
}

const exceptionText = ({ details, type }: Refusal): string => {
  const name = details.module === "" ? type : `${details.module ?? FRAPPE}.${type}`
  return details.message === undefined ? name : `${name}: ${details.message}`
}

const traceback = (refusal: Refusal): string =>
  `Traceback (most recent call last):\n  File "apps/frappe/frappe/app.py", line 1, in application\n${exceptionText(refusal)}\n`

const shown = (refusal: Refusal, wording: Wording): boolean =>
  wording.tracebacks && refusal.status !== 404 && refusal.details.bare !== true

/** Notes travel as JSON in JSON. */
export const serverMessages = (notes: ReadonlyArray<Note>): string =>
  JSON.stringify(notes.map((one) => JSON.stringify(one)))

/** A note as v2 shows it. */
export const plainNote = ({ indicator, message, title }: Note): Note => ({
  message,
  ...(title === undefined ? {} : { title }),
  ...(indicator === undefined ? {} : { indicator }),
})

const first = (refusal: Refusal, notes: ReadonlyArray<Note>, wording: Wording): unknown => {
  const expired = refusal.details.sessionExpired === true ? { session_expired: 1 } : {}
  const exception = shown(refusal, wording)
    ? {
        exception: exceptionText(refusal),
        exc: JSON.stringify([traceback(refusal)]),
        ...(refusal.details.app === true ? { _exc_source: "erpnext (app)" } : {}),
      }
    : {}
  const named = wording.namesClass || notes.some((one) => one.raise_exception === 1) ? { exc_type: refusal.type } : {}
  return {
    ...expired,
    ...named,
    ...exception,
    ...(notes.length === 0 ? {} : { _server_messages: serverMessages(notes) }),
    ...(refusal.details.hint === undefined ? {} : { _error_message: refusal.details.hint }),
  }
}

/** The first note goes with the error, whether it is about it or not. */
const second = (refusal: Refusal, notes: ReadonlyArray<Note>, wording: Wording): unknown => {
  const [note, ...rest] = notes.map(plainNote)
  return {
    errors: [
      { type: refusal.type, ...(shown(refusal, wording) ? { exception: traceback(refusal).trimEnd() } : {}), ...note },
    ],
    ...(rest.length === 0 ? {} : { messages: rest }),
  }
}

/** `before`: notes that the request had collected when it failed. */
export const reply = (refusal: Refusal, before: ReadonlyArray<Note>, wording: Wording): TwinReply => {
  const notes = [...before, ...(refusal.details.notes ?? [])].map((one) =>
    one.raise_exception === 1 ? { ...one, __frappe_exc_id: wording.excId() } : one,
  )
  return json(refusal.status, wording.api === 1 ? first(refusal, notes, wording) : second(refusal, notes, wording))
}

/** The site names no charset. */
export const json = (status: number, body: unknown): TwinReply => ({
  status,
  headers: { "content-type": "application/json" },
  body,
})

export const page = (status: number, title: string): TwinReply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", "x-page-name": "message" },
  body: `<!DOCTYPE html><html><head><meta name="title" content="${title}"><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
})
