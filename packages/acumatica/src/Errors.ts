/**
 * From the vendor's answers to the reasons that are the same for every vendor. Statuses alone do not tell: business
 * rules, lists that cannot be optimized, missing records and a lack of seats may all be a 500, told apart by the type or
 * the text of the exception. Stack traces and echoed values are never taken over.
 */
import {
  Conflict,
  Decode,
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
  Unsupported,
} from "@mortise/core/ConnectorError"
import { type Exchange, retryAfter } from "@mortise/core/Pipeline"
import type { Operation } from "@mortise/core/Replay"
import * as Operations from "./Operations.ts"

const { endpoints } = Operations.system

/** `Unsupported.feature` of a list that has to be read one by one. */
export const NOT_OPTIMIZABLE = "list"

type Members = { readonly [name: string]: unknown }

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** `at PX.Data.PXGraph.Persist(Type)`, wherever it stands: from there on it is the server's inside. */
const FRAME = /\s+at\s+[\w.$<>`[\]+]+\s*\([\s\S]*/

/** One line, short, without what looks like a stack frame or a path on the server's disk. */
const tidy = (text: string): string =>
  ` ${text}`
    .replace(FRAME, "")
    .replace(/\s+in\s+[A-Za-z]:\\\S+/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300)

const INNER_DEPTH = 6

/** The messages of an exception and its causes, the outermost first; their types too, for telling them apart. */
const messagesOf = (body: unknown, depth = 0): { readonly texts: ReadonlyArray<string>; readonly types: string } => {
  if (!isObject(body) || depth > INNER_DEPTH) return { texts: [], types: "" }
  const inner = messagesOf(body["innerException"], depth + 1)
  const own = ["exceptionMessage", "message", "messageDetail", "error"].flatMap((name) =>
    typeof body[name] === "string" && body[name] !== "" ? [tidy(body[name])] : [],
  )
  const type = typeof body["exceptionType"] === "string" ? body["exceptionType"] : ""
  return { texts: [...own, ...inner.texts], types: `${type} ${inner.types}` }
}

const isHtml = (exchange: Exchange): boolean =>
  /text\/html/i.test(exchange.headers.get("content-type") ?? "") || /^\s*<(?:!doctype|html)/i.test(exchange.text)

/** The errors of a 422: each stands beside the member that it is about, at any depth. */
export const issuesOf = (body: unknown, path: ReadonlyArray<string> = []): ReadonlyArray<Issue> => {
  if (Array.isArray(body)) return body.flatMap((each: unknown, index) => issuesOf(each, [...path, String(index)]))
  if (!isObject(body)) return []
  const own: ReadonlyArray<Issue> =
    typeof body["error"] === "string" && body["error"] !== "" ? [{ path, message: tidy(body["error"]) }] : []
  const nested = Object.entries(body)
    .filter(([name]) => name !== "error" && name !== "value" && !name.startsWith("_"))
    .flatMap(([name, member]) => issuesOf(member, [...path, name]))
  return [...own, ...nested]
}

const modelIssues = (body: unknown): ReadonlyArray<Issue> => {
  const state = isObject(body) ? body["modelState"] : undefined
  if (!isObject(state)) return []
  return Object.entries(state).flatMap(([field, messages]) =>
    (Array.isArray(messages) ? messages : [messages]).map((message) => ({
      path: field.split("."),
      message: tidy(String(message)),
    })),
  )
}

const REFERENCES = new Set([
  "CustomerID",
  "Customer",
  "InventoryID",
  "BusinessAccount",
  "ReferenceNbr",
  "OrderNbr",
  "ContactID",
  "Terms",
  "CurrencyID",
  "Currency",
])
const MISSING = /cannot be found|does not exist|was not found/i

const at = (body: unknown, path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>((value, name) => (value as Members | undefined)?.[name], body)

/** The record that a 422 misses, when that is what it says. */
const missingReference = (body: unknown, issues: ReadonlyArray<Issue>): MissingReference | undefined => {
  const issue = issues.find(({ path, message }) => REFERENCES.has(path.at(-1) ?? "") && MISSING.test(message))
  if (issue === undefined) return undefined
  const wrapped = at(body, issue.path)
  const value = isObject(wrapped) && typeof wrapped["value"] === "string" ? wrapped["value"].trim() : "unknown"
  return new MissingReference({ message: issue.message, field: issue.path.join("."), reference: value })
}

const refused = (exchange: Exchange): Reason => {
  const issues = issuesOf(exchange.body)
  const missing = missingReference(exchange.body, issues)
  if (missing !== undefined) return missing
  const fields = issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
  return new Invalid({ message: fields.join("; ").slice(0, 500) || "the record was refused", issues })
}

const busy = () => new Locked({ message: "a long operation holds this form in the session; it ends by itself" })

const seats = (exchange: Exchange) => throttled(exchange, "no API seat is free (API Login Limit)", "seats")

const throttled = (exchange: Exchange, message: string, policy: string): Throttled => {
  const after = retryAfter(exchange)
  return new Throttled({ message, policy, ...(after === undefined ? {} : { retryAfter: after }) })
}

const unavailable = (exchange: Exchange, message: string): Unavailable => {
  const after = retryAfter(exchange)
  return new Unavailable({ message, status: exchange.status, ...(after === undefined ? {} : { retryAfter: after }) })
}

interface Fault {
  readonly exchange: Exchange
  readonly message: string
}

/** Exceptions that tell what went wrong, by type or text, in the order in which they are tried. */
const known: ReadonlyArray<readonly [RegExp, (fault: Fault) => Reason]> = [
  [/API Login Limit/i, ({ exchange }) => seats(exchange)],
  [
    /CannotOptimize|BqlDelegate/i,
    ({ message }) =>
      new Unsupported({ message, feature: NOT_OPTIMIZABLE, mend: "read the records one by one, or ask for less" }),
  ],
  [/No entity satisfies the condition/i, ({ message }) => new NotFound({ message })],
  [
    /Invalid credentials/i,
    () => new Unauthorized({ message: "user name or password was refused; nothing is retried" }),
  ],
  [
    /PXUndefinedCompany/i,
    () => new Unauthorized({ message: "the instance has no such tenant; check the tenant's login name" }),
  ],
  [/PXNotLoggedIn|not logged in/i, () => new Unauthorized({ message: "there is no session" })],
  [
    /PXSetupNotEntered/i,
    ({ message }) =>
      new Unsupported({ message, feature: "form", mend: "an administrator has to fill the form's preferences" }),
  ],
  [/long operation|previous operation has not been completed/i, busy],
  [/incompatible types/i, ({ message }) => new Invalid({ message, issues: [] })],
  // Thrown while the form checks what it was given, before anything is saved.
  [
    /PXOuterException|PXSetPropertyException|PXFieldValueProcessing|PXRowPersistingException/i,
    ({ message }) => new Invalid({ message, issues: [] }),
  ],
]

const failed = (exchange: Exchange): Reason => {
  const { texts, types } = messagesOf(exchange.body)
  const all = `${types} ${texts.join(" ")} ${exchange.body === undefined ? exchange.text.slice(0, 500) : ""}`
  const specific = texts.find((text) => !/^an error has occurred\.?$/i.test(text)) ?? texts[0]
  const message = specific ?? `status ${exchange.status}`
  const match = known.find(([pattern]) => pattern.test(all))
  return match === undefined ? unavailable(exchange, message) : match[1]({ exchange, message })
}

const byStatus: Readonly<Record<number, (exchange: Exchange, operation: Operation) => Reason>> = {
  400: (exchange) => {
    const issues = modelIssues(exchange.body)
    const message = messagesOf(exchange.body).texts[0] ?? "the request is malformed"
    return new Invalid({ message, issues })
  },
  401: () => new Unauthorized({ message: "not signed in, or the token was refused" }),
  403: () =>
    new Forbidden({ message: "the user has no right to this form, or its feature is off", missing: ["form access"] }),
  404: (exchange) =>
    new NotFound({ message: messagesOf(exchange.body).texts[0] ?? "no such version, entity or record" }),
  406: () => new Unsupported({ message: "records cannot be posted to a list", feature: "POST", mend: "use PUT" }),
  409: busy,
  411: () =>
    new Invalid({ message: "the request has no length", issues: [{ path: ["Content-Length"], message: "missing" }] }),
  412: (_, operation) =>
    new Conflict({ message: `${operation.name}: the record that the link names is not there, or already exists` }),
  422: refused,
  429: (exchange) =>
    /API Login Limit/i.test(exchange.text)
      ? seats(exchange)
      : throttled(exchange, "the request was declined", "requests"),
}

/** The reason for which an answer is a failure; undefined when it is a success. */
export const classify = (exchange: Exchange, operation: Operation): Reason | undefined => {
  const { status } = exchange
  if (status >= 300 && status < 400) {
    const to = exchange.headers.get("location") ?? ""
    return /\/ui\/error|login/i.test(to)
      ? unavailable(exchange, "the tenant is not healthy (redirected to its error page)")
      : undefined
  }
  // The page of a record that is not there may be that of a site which is just starting. The list of endpoints is there.
  if (status === 404 && operation.name === endpoints.name) return new NotFound({ message: "no such address" })
  const direct = byStatus[status]
  if (direct !== undefined && (status === 429 || status === 401 || !isHtml(exchange)))
    return direct(exchange, operation)
  if (isHtml(exchange)) return unavailable(exchange, `an HTML page came instead of JSON (status ${status})`)
  if (status >= 500) return failed(exchange)
  if (status >= 400) return new Decode({ message: `unexpected status ${status}`, issues: [] })
  return undefined
}
