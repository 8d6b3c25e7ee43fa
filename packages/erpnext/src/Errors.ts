/**
 * From the site's answers to the reasons that are the same for every vendor. Only the status and the class of the
 * exception tell: texts are translated, and a traceback may be left out. Of what the site says, the message that it meant
 * for people is taken over, as plain text and short; tracebacks and statements never are.
 */
import {
  Conflict,
  Decode,
  Duplicate,
  Forbidden,
  Invalid,
  type Issue,
  Locked,
  MissingReference,
  NotFound,
  type Reason,
  Throttled,
  Unauthorized,
  Unavailable,
} from "@mortise/core/ConnectorError"
import { type Exchange, retryAfter } from "@mortise/core/Pipeline"
import * as Duration from "effect/Duration"

type Members = { readonly [name: string]: unknown }

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const textAt = (value: unknown, name: string): string | undefined => {
  const member = isObject(value) ? value[name] : undefined
  return typeof member === "string" && member !== "" ? member : undefined
}

/** What went wrong, as far as an answer of either API tells. */
export interface Fault {
  /** `UniqueValidationError`. */
  readonly type: string | undefined
  /** What was said to people, tidied. */
  readonly message: string | undefined
  /** The last line of the traceback behind the class, for names of fields; never shown. */
  readonly detail: string
}

/** Plain text of one line: no markup, nothing long, nothing that looks like the server's inside. */
const tidy = (text: string): string | undefined => {
  const plain = text
    .replace(/<[^>]*>/g, " ")
    .replace(/\p{Cc}|\s+/gu, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 200)
  return plain === "" || /traceback|\bselect\b.*\bfrom\b|`tab/i.test(plain) ? undefined : plain
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `_server_messages` is a JSON text of a list of JSON texts; the last one is the refusal, those before it are notes. */
const serverMessage = (body: unknown): string | undefined => {
  const list = jsonOf(textAt(body, "_server_messages") ?? "")
  const last: unknown = Array.isArray(list) ? list.at(-1) : undefined
  const note = typeof last === "string" ? (jsonOf(last) ?? last) : last
  return typeof note === "string" ? note : textAt(note, "message")
}

/** `frappe.exceptions.UniqueValidationError: ...`: what v14 says where it has no `exc_type`. */
const EXCEPTION = /^(?:[\w]+\.)*(\w+(?:Error|Exception|Stopped|Mode|Overloaded|Expired|\w))(?::\s*([\s\S]*))?$/

const split = (exception: string | undefined) => {
  const match = exception === undefined ? null : EXCEPTION.exec(exception.trim())
  return { type: match?.[1], detail: match?.[2] ?? "" }
}

export const faultOf = (body: unknown): Fault => {
  const errors = isObject(body) ? body["errors"] : undefined
  // The first queued note may be attached to an error of v2; only its type is to be relied upon.
  const second: unknown = Array.isArray(errors) ? errors[0] : undefined
  const from = second === undefined ? body : second
  const { detail, type } = split(textAt(from, "exception"))
  const said = second === undefined ? serverMessage(body) : textAt(second, "message")
  return {
    type: textAt(from, second === undefined ? "exc_type" : "type") ?? type,
    message: tidy(said ?? textAt(body, "_error_message") ?? ""),
    detail,
  }
}

const isHtml = (exchange: Exchange): boolean =>
  /text\/html/i.test(exchange.headers.get("content-type") ?? "") || /^\s*<(?:!doctype|html)/i.test(exchange.text)

/** What is left of the site's window, in seconds: said with every answer of a site that meters, also without a wait. */
const reset = (exchange: Exchange): Duration.Duration | undefined => {
  const left = exchange.headers.get("x-ratelimit-reset")
  return left !== null && /^\d{1,9}$/.test(left) ? Duration.seconds(Number(left)) : undefined
}

const throttled = (exchange: Exchange, message: string): Throttled => {
  const after = retryAfter(exchange) ?? reset(exchange)
  return new Throttled({ message, policy: "site", ...(after === undefined ? {} : { retryAfter: after }) })
}

const unavailable = (exchange: Exchange, message: string): Unavailable => {
  const after = retryAfter(exchange)
  return new Unavailable({ message, status: exchange.status, ...(after === undefined ? {} : { retryAfter: after }) })
}

/** `[Item, SVC-2]: item_group, stock_uom`: the fields that a mandatory error names. */
const missingFields = (detail: string): ReadonlyArray<Issue> =>
  (/:\s*([a-z0-9_, ]+)$/.exec(detail)?.[1] ?? "")
    .split(",")
    .map((field) => field.trim())
    .filter((field) => field !== "")
    .map((field) => ({ path: [field], message: "is missing" }))

const worded = ({ message, type }: Fault): string => (message === undefined ? `${type}` : `${message} (${type})`)

const invalid = (fault: Fault, issues: ReadonlyArray<Issue> = []): Invalid =>
  new Invalid({ message: worded(fault), issues })

/** What a link to nothing names: `Could not find Customer Group: X`. In whatever language, it stands behind the colon. */
const linked = ({ message }: Fault): string =>
  /:\s*([^:]+)$/
    .exec(message ?? "")?.[1]
    ?.trim()
    .slice(0, 140) ?? "unknown"

/** Reasons by the class of the exception. */
const byType: { readonly [type: string]: (fault: Fault, exchange: Exchange) => Reason } = {
  AuthenticationError: () => new Unauthorized({ message: "the credentials were refused, or have expired" }),
  SessionExpired: () => new Unauthorized({ message: "the session has ended" }),
  PermissionError: () =>
    new Forbidden({
      message: "the user has no role for this doctype, or no right to this document",
      missing: ["role"],
    }),
  DoesNotExistError: () => new NotFound({ message: "no such document" }),
  PageDoesNotExistError: () => new NotFound({ message: "no such address" }),
  DuplicateEntryError: () => new Duplicate({ message: "a document of this name is there" }),
  NameError: () => new Duplicate({ message: "a document of this name is there" }),
  UniqueValidationError: () => new Duplicate({ message: "another document has the same value in a unique field" }),
  TimestampMismatchError: () => new Conflict({ message: "the document was changed since it was read" }),
  DocumentLockedError: () => new Locked({ message: "a background job holds the document" }),
  // The transaction was rolled back: nothing was written.
  QueryDeadlockError: () => new Locked({ message: "the database was busy with the same rows" }),
  QueryTimeoutError: () => new Locked({ message: "the database was busy with the same rows" }),
  MandatoryError: (fault) => invalid(fault, missingFields(fault.detail)),
  LinkValidationError: (fault) =>
    new MissingReference({ message: worded(fault), field: "link", reference: linked(fault) }),
  TooManyRequestsError: (_, exchange) => throttled(exchange, "the site's time for this window is spent"),
  RateLimitExceededError: (_, exchange) => throttled(exchange, "this method is called too often"),
  SessionStopped: (_, exchange) => unavailable(exchange, "the site is in maintenance"),
  InReadOnlyMode: (_, exchange) => unavailable(exchange, "the site takes no writes for now"),
  QueueOverloaded: (_, exchange) => unavailable(exchange, "the site's queue is full"),
}

/**
 * Python's own exceptions: bad input that nobody checked, told as 500. The transaction was rolled back, and the same input
 * will fail again. The database's own are not among them: a connection that broke at the commit looks the same.
 */
const BARE = new Set([
  "AttributeError",
  "TypeError",
  "ValueError",
  "KeyError",
  "IndexError",
  "JSONDecodeError",
  "DataError",
  "InvalidOperation",
])

const byStatus: { readonly [status: number]: (fault: Fault, exchange: Exchange) => Reason } = {
  400: (fault) => invalid({ ...fault, type: fault.type ?? "bad request" }),
  401: () => new Unauthorized({ message: "the credentials were refused, or have expired" }),
  403: () => new Forbidden({ message: "not allowed", missing: ["role"] }),
  404: () => new NotFound({ message: "no such document or address" }),
  409: () => new Duplicate({ message: "a document of this name is there" }),
  410: (fault) => invalid({ ...fault, type: fault.type ?? "gone" }),
  413: () => new Invalid({ message: "the request is larger than the site takes", issues: [] }),
  415: () => new Invalid({ message: "the site does not take this kind of body", issues: [] }),
  417: (fault) => invalid({ ...fault, type: fault.type ?? "refused" }),
  429: (_, exchange) => throttled(exchange, "too many requests"),
  501: (fault) => invalid({ ...fault, type: fault.type ?? "not implemented" }),
  508: () => new Locked({ message: "the database was busy with the same rows" }),
}

/** A page instead of JSON comes from a proxy, from a site that is not there, or from one that is down. */
const page = (exchange: Exchange): Reason => {
  const { status } = exchange
  // A hoster that has had enough of us says so in its own words.
  if (status === 429 || status === 403) return throttled(exchange, `a page came instead of JSON (status ${status})`)
  if (status === 401) return new Unauthorized({ message: "something before the site wants other credentials" })
  if (status === 413) return new Invalid({ message: "the request is larger than the site takes", issues: [] })
  return unavailable(exchange, `a page came instead of JSON (status ${status}); is this the host of the site?`)
}

/** The reason for which an answer is a failure; undefined when it is a success. */
export const classify = (exchange: Exchange): Reason | undefined => {
  const { body, status } = exchange
  if (status < 400) return undefined
  if (!isObject(body)) {
    if (status === 429) return throttled(exchange, "too many requests")
    return isHtml(exchange) || status >= 500
      ? page(exchange)
      : (byStatus[status]?.(faultOf({}), exchange) ?? unread(status))
  }
  const fault = faultOf(body)
  const known = fault.type === undefined ? undefined : byType[fault.type]
  if (known !== undefined) return known(fault, exchange)
  const direct = byStatus[status]
  if (direct !== undefined) return direct(fault, exchange)
  if (status === 500 && fault.type !== undefined && BARE.has(fault.type))
    return new Invalid({ message: `the site broke on this input (${fault.type})`, issues: [] })
  if (status >= 500) return unavailable(exchange, `the site failed (${fault.type ?? `status ${status}`})`)
  return unread(status)
}

const unread = (status: number): Decode => new Decode({ message: `unexpected status ${status}`, issues: [] })
