/**
 * From the vendor's answers to the reasons that are the same for every vendor. One code, `USER_ERROR`, stands for a
 * duplicate, a lack of rights, a lock and a bad value alike: status, code and text together tell which. Texts are matched
 * by fragments, for they differ by release; echoed values are not taken over.
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
  Unsupported,
} from "@mortise/core/ConnectorError"
import { type Exchange, retryAfter } from "@mortise/core/Pipeline"
import type { Operation } from "@mortise/core/Replay"

type Members = { readonly [name: string]: unknown }

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined)

/** One line, short, without what stands before every refusal. */
const tidy = (text: string): string =>
  text
    .replace(/^Error while accessing a resource\.\s*/i, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300)

export interface Fault {
  readonly code: string
  readonly message: string
  /** `item.items[0].item` as the names of its members. */
  readonly path: ReadonlyArray<string>
}

const pathOf = (path: string): ReadonlyArray<string> =>
  path
    .replace(/^\$\.?/, "")
    .replace(/\[(\d+)\]/g, ".$1")
    .split(".")
    .filter((name) => name !== "")

const faultOf = (detail: unknown): ReadonlyArray<Fault> => {
  if (!isObject(detail)) return []
  const path = pathOf(textOf(detail["o:errorPath"]) ?? textOf(detail["o:errorQueryParam"]) ?? "")
  return [{ code: textOf(detail["o:errorCode"]) ?? "", message: tidy(textOf(detail["detail"]) ?? ""), path }]
}

/** What an answer complains of; several things may be wrong at once. An older form has one fault without details. */
export const faultsOf = (body: unknown): ReadonlyArray<Fault> => {
  if (!isObject(body)) return []
  const details = body["o:errorDetails"]
  const found = Array.isArray(details) ? details.flatMap(faultOf) : []
  if (found.length > 0) return found
  const flat = faultOf({ ...body, detail: body["detail"] ?? body["title"] })
  return flat.filter(({ code, message }) => code !== "" || message !== "")
}

/** `Unsupported.feature` of a column that the account or the role does not have: `column.` and its name. */
const COLUMN = "column."

/** The column that a query failed on, when that is what the error says. */
export const missingColumn = (reason: Reason): string | undefined =>
  reason._tag === "Unsupported" && reason.feature.startsWith(COLUMN) ? reason.feature.slice(COLUMN.length) : undefined

const noColumn = (column: string) =>
  new Unsupported({
    message: `the account has no column ${column.slice(0, 60)}, or the role may not see it`,
    feature: `${COLUMN}${column.toLowerCase()}`,
    mend: "give the role its permission, or switch its feature on",
  })

const noTable = (table: string) =>
  new Forbidden({
    message: `the role may not read ${table.slice(0, 60)}, or the account does not have it`,
    missing: [table.toLowerCase()],
  })

const issueOf = ({ message, path }: Fault): Issue => ({ path: [...path], message })

const invalid = (faults: ReadonlyArray<Fault>): Invalid => {
  const texts = faults.map(({ message, path }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
  const message = texts
    .filter((text) => text !== "")
    .join("; ")
    .slice(0, 500)
  return new Invalid({ message: message || "the request was refused", issues: faults.map(issueOf) })
}

/** Members that point to another record. */
const REFERENCES =
  /(?:^|\.)(?:item|entity|customer|company|currency|terms|subsidiary|doc|priceLevel|currencyPage|parent)$/

/** `Invalid Field Value 9999 for the following field: item`; the value is an id and no secret. */
const BAD_VALUE = /Invalid Field Value (\S{1,40}) for the following field: (\w+)/i

const badValue = (fault: Fault, match: RegExpMatchArray, all: ReadonlyArray<Fault>): Reason => {
  const [, value = "unknown", field = ""] = match
  const path = fault.path.length === 0 ? field : fault.path.join(".")
  if (!REFERENCES.test(field) && !REFERENCES.test(path)) return invalid(all)
  return new MissingReference({
    message: `${path} points to a record that is not there`,
    field: path,
    reference: value,
  })
}

type Judge = (fault: Fault, match: RegExpMatchArray, all: ReadonlyArray<Fault>) => Reason

/** What a refusal means, by a fragment of its text, in the order in which they are tried. */
const BY_TEXT: ReadonlyArray<readonly [RegExp, Judge]> = [
  [/(?:Field|column) '?([\w.]+)'? (?:was|for record \S+ was) not found/i, (_, [, name = ""]) => noColumn(bare(name))],
  [/Unknown identifier '?([\w.]+)'?/i, (_, [, name = ""]) => noColumn(bare(name))],
  [/Record '?(\w+)'? (?:was|for \S+ was) not found/i, (_, [, name = ""]) => noTable(name)],
  [/locked by/i, ({ message }) => new Locked({ message })],
  [/already exists|has already been used|must be unique/i, ({ message }) => new Duplicate({ message })],
  [/has been changed/i, ({ message }) => new Conflict({ message })],
  [/permission|not authorized|insufficient privilege/i, ({ message }) => new Forbidden({ message })],
  [BAD_VALUE, badValue],
]

const bare = (name: string): string => name.slice(name.lastIndexOf(".") + 1)

/** Codes that say it alone. Those of other interfaces are taken as synonyms. */
const BY_CODE: { readonly [code: string]: (fault: Fault) => Reason } = {
  INSUFFICIENT_PERMISSION: ({ message }) => new Forbidden({ message: message || "the role lacks a permission" }),
  INVALID_LOGIN: () => new Unauthorized({ message: "the token or its role was refused; see the Login Audit Trail" }),
  NONEXISTENT_ID: ({ message }) => new NotFound({ message: message || "no such record" }),
  RCRD_DSNT_EXIST: ({ message }) => new NotFound({ message: message || "no such record" }),
  RCRD_HAS_BEEN_CHANGED: ({ message }) => new Conflict({ message: message || "the record has been changed" }),
  DUP_ENTITY: ({ message }) => new Duplicate({ message: message || "the record is there already" }),
  DUP_RCRD: ({ message }) => new Duplicate({ message: message || "the record is there already" }),
}

/** A repeat of a job's key, which names the first one in `Location`: it was submitted. */
export const IDEMPOTENCY = "IDEMPOTENCY_ERROR"
export const isRepeatedJob = (exchange: Exchange): boolean =>
  exchange.status === 400 && faultsOf(exchange.body).some(({ code }) => code === IDEMPOTENCY)

const refused = (exchange: Exchange): Reason => {
  if (/error="?invalid_request/i.test(exchange.headers.get("www-authenticate") ?? "")) {
    const message = "the account takes the authorization for malformed"
    return new Invalid({ message, issues: [{ path: ["Authorization"], message }] })
  }
  const faults = faultsOf(exchange.body)
  for (const [pattern, judge] of BY_TEXT) {
    for (const fault of faults) {
      const match = pattern.exec(fault.message)
      if (match !== null) return judge(fault, match, faults)
    }
  }
  const coded = faults.find(({ code }) => Object.hasOwn(BY_CODE, code))
  return coded === undefined ? invalid(faults) : (BY_CODE[coded.code]?.(coded) ?? invalid(faults))
}

const messageOf = (exchange: Exchange, otherwise: string): string =>
  faultsOf(exchange.body).find(({ message }) => message !== "")?.message ?? otherwise

const throttled = (exchange: Exchange): Throttled => {
  const after = retryAfter(exchange)
  const message = "more requests are in flight than the account allows"
  // NetSuite documents no Retry-After; it is obeyed if it comes.
  return new Throttled({ message, policy: "inFlight", ...(after === undefined ? {} : { retryAfter: after }) })
}

const unavailable = (exchange: Exchange, message: string): Unavailable => {
  const after = retryAfter(exchange)
  return new Unavailable({ message, status: exchange.status, ...(after === undefined ? {} : { retryAfter: after }) })
}

const isHtml = (exchange: Exchange): boolean =>
  /text\/html/i.test(exchange.headers.get("content-type") ?? "") || /^\s*<(?:!doctype|html)/i.test(exchange.text)

const BY_STATUS: Readonly<Record<number, (exchange: Exchange, operation: Operation) => Reason>> = {
  400: refused,
  401: () => new Unauthorized({ message: "the token or its role was refused; see the Login Audit Trail" }),
  403: (exchange) => new Forbidden({ message: messageOf(exchange, "the role lacks a permission") }),
  404: (exchange) => new NotFound({ message: messageOf(exchange, "no such record, or not visible to the role") }),
  405: (_, operation) =>
    new Unsupported({ message: `${operation.name} is not served by this release`, feature: operation.name }),
  409: (exchange) => new Conflict({ message: messageOf(exchange, "the record is busy") }),
  412: (exchange) => new Conflict({ message: messageOf(exchange, "the record has been changed") }),
  429: throttled,
}

/** Statuses that say what they say, whatever page comes with them. */
const CLEAR = new Set([401, 405, 429])

/** The reason for which an answer is a failure; undefined when it is a success. */
export const classify = (exchange: Exchange, operation: Operation): Reason | undefined => {
  const { status } = exchange
  if (status < 400) {
    if (status >= 300) return undefined
    return isHtml(exchange) ? unavailable(exchange, "an HTML page came instead of JSON") : undefined
  }
  if (isHtml(exchange) && !CLEAR.has(status))
    return unavailable(exchange, `an HTML page came instead of JSON (status ${status})`)
  if (isRepeatedJob(exchange)) return undefined
  const direct = BY_STATUS[status]
  if (direct !== undefined) return direct(exchange, operation)
  if (status >= 500) return unavailable(exchange, messageOf(exchange, `status ${status}`))
  return new Decode({ message: `unexpected status ${status}`, issues: [] })
}

/** The vendor's id of an exchange, for its support. Seen in answers of live accounts; not documented. */
export const correlationId = (exchange: Exchange): string | undefined =>
  exchange.headers.get("x-n-operationid") ?? /Error ID: ([\w-]{1,60})/.exec(exchange.text)?.[1]
