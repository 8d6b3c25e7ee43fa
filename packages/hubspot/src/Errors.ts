/**
 * What HubSpot's answers mean. Status and category decide where they can; a message is matched only where nothing else
 * tells (the owner of a taken email, a key that is not unique, the limit of searches). Messages of HubSpot's repeat
 * property values and so are never passed on as they are.
 */
import {
  ConnectorError,
  Decode,
  Duplicate,
  Forbidden,
  Invalid,
  type Issue,
  Locked,
  NotFound,
  QuotaExhausted,
  type Reason,
  Throttled,
  Unauthorized,
  Unavailable,
  Unsupported,
} from "@mortise/core/ConnectorError"
import * as Pipeline from "@mortise/core/Pipeline"
import type * as RateLimit from "@mortise/core/RateLimit"
import type * as Duration from "effect/Duration"
import type { components } from "./generated/v2026_09.ts"
import * as Midnight from "./internal/Midnight.ts"
import * as Limits from "./Limits.ts"

export type Failure = components["schemas"]["Failure"]
export type ItemFailure = components["schemas"]["ItemFailure"]

export const SYSTEM = "hubspot"

export const fail = (operation: string, reason: Reason): ConnectorError =>
  new ConnectorError({ system: SYSTEM, operation, reason })

const texts = (value: unknown): ReadonlyArray<string> =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : []

const members = (value: unknown): { readonly [key: string]: unknown } =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as { [key: string]: unknown }) : {}

const text = (value: unknown): string => (typeof value === "string" ? value : "")

/** A failure as it may be told: without emails, quoted values and long numbers. */
const safe = (message: string): string =>
  message
    .replace(/[^\s"'<>=,[\]{}]+@[^\s"'<>,[\]{}]+/g, "<email>")
    .replace(/value=[^,}\]]*/g, "value=<value>")
    .replace(/"(?:localizedErrorMessage|message)":"[^"]*"/g, '"message":"<told apart>"')
    .replace(/\d{5,}/g, "<number>")
    .slice(0, 240)

/** The properties that a refusal is about. */
const propertiesOf = (failure: Failure | ItemFailure): ReadonlyArray<string> => {
  const named = [failure, ...(Array.isArray(failure.errors) ? failure.errors : [])].flatMap((part) =>
    texts(members(members(part)["context"])["propertyName"]),
  )
  const embedded = [...text(failure.message).matchAll(/"name":"([A-Za-z0-9_]+)"/g)].map((match) => match[1] as string)
  return [...new Set([...named, ...embedded])]
}

const codesOf = (failure: Failure | ItemFailure): ReadonlyArray<string> =>
  (Array.isArray(failure.errors) ? failure.errors : []).flatMap((part) => {
    const code = members(part)["code"]
    return typeof code === "string" ? [code] : []
  })

const issuesOf = (failure: Failure | ItemFailure): ReadonlyArray<Issue> => {
  const codes = codesOf(failure)
  const why = codes.length === 0 ? "is refused by HubSpot" : `is refused by HubSpot: ${[...new Set(codes)].join(", ")}`
  return propertiesOf(failure).map((name) => ({ path: [name], message: why }))
}

const invalid = (failure: Failure | ItemFailure, status: number | undefined): Invalid => {
  const issues = issuesOf(failure)
  const about = issues.length === 0 ? "" : ` (${issues.map(({ path }) => path.join(".")).join(", ")})`
  const what = text(failure.category) || `status ${status ?? 400}`
  const codes = codesOf(failure).join(", ")
  return new Invalid({
    message: `${what}${codes === "" ? "" : ` ${codes}`}${about}: ${safe(text(failure.message))}`,
    issues,
  })
}

/** The record that holds a unique value already. In the racing form two ids stand; the second is the owner. */
const ownerOf = (message: string): string | undefined =>
  /Existing ID: (\d+)/i.exec(message)?.[1] ?? /(\d+) already has that value/.exec(message)?.[1]

const duplicate = (failure: Failure | ItemFailure): Duplicate => {
  const message = text(failure.message)
  const existingId = ownerOf(message)
  const field = /propertyName=(\w+)/.exec(message)?.[1] ?? propertiesOf(failure)[0]
  return new Duplicate({
    message: `another record holds the same value${field === undefined ? "" : ` of ${field}`}`,
    ...(field === undefined ? {} : { field }),
    ...(existingId === undefined ? {} : { existingId }),
  })
}

/** A refusal of the input: what is wrong with it. */
const refused = (failure: Failure | ItemFailure, status: number | undefined): Reason => {
  const message = text(failure.message)
  const key = /non-unique \S+ property (\w+)/.exec(message)?.[1]
  if (key !== undefined) {
    return new Unsupported({
      feature: `identity.${key}`,
      message: `${key} is not a unique property in this portal, so no record can be addressed by it`,
      mend: "run prepare(), or choose another key property",
    })
  }
  if (/already has that value/.test(message) || /CONFLICTING_UNIQUE_VALUE/.test(message + codesOf(failure).join())) {
    return duplicate(failure)
  }
  return invalid(failure, status)
}

const forbidden = (failure: Failure | ItemFailure): Forbidden => {
  const scopes = (Array.isArray(failure.errors) ? failure.errors : []).flatMap((part) =>
    texts(members(members(part)["context"])["requiredGranularScopes"]),
  )
  const missing = [...new Set(scopes)]
  return new Forbidden({
    message: missing.length === 0 ? "the right to do this is not granted" : `scopes are missing: ${missing.join(", ")}`,
    ...(missing.length === 0 ? {} : { missing }),
  })
}

const throttled = (failure: Failure, told: Duration.Duration | undefined, resetsAt: string | undefined): Reason => {
  const policy = text(failure.policyName)
  const message = text(failure.message)
  if (policy === "DAILY" || /daily limit/i.test(message)) {
    return new QuotaExhausted({
      message: "the daily allowance of requests is spent",
      ...(resetsAt === undefined ? {} : { resetsAt }),
    })
  }
  const search = policy === "SECONDLY" || (policy === "" && /secondly limit/i.test(message))
  return new Throttled({
    message: search ? "too many searches in a second" : "too many requests in 10 seconds",
    policy: search ? "SECONDLY" : policy || "TEN_SECONDLY_ROLLING",
    retryAfter: told ?? (search ? Limits.SEARCH_WINDOW : Limits.BURST_WINDOW),
  })
}

const unauthorized = (failure: Failure): Unauthorized => {
  const category = text(failure.category)
  return new Unauthorized({
    message:
      category === "EXPIRED_AUTHENTICATION"
        ? "the token has expired or is not a token of HubSpot's; use a fresh one"
        : "the token is missing or refused; check the private app token, service key or OAuth app",
  })
}

const isVendorTrouble = (status: number): boolean => status >= 500 || status === 477

/** HubSpot: guide "Error handling". `timeZone` tells when a daily counter is set back, once it is known. */
export const classify =
  (timeZone: () => string | undefined) =>
  (exchange: Pipeline.Exchange): Reason | undefined => {
    const { status } = exchange
    if (status < 400) return undefined
    const failure = members(exchange.body) as Failure
    const retryAfter = Pipeline.retryAfter(exchange)
    if (isVendorTrouble(status)) {
      const message = status === 477 ? "the portal is being moved" : `HubSpot cannot serve now (status ${status})`
      return new Unavailable({ message, status, ...(retryAfter === undefined ? {} : { retryAfter }) })
    }
    switch (status) {
      case 401:
        return unauthorized(failure)
      case 403:
        return forbidden(failure)
      case 404:
        return new NotFound({ message: `nothing is there (${exchange.unparsable ? "an HTML page" : "status 404"})` })
      case 405:
        return new Unsupported({ feature: exchange.method, message: "this path does not take this method" })
      case 409:
        return duplicate(failure)
      case 423:
        return new Locked({ message: "locked after rapid bulk writes", retryAfter: retryAfter ?? Limits.LOCK })
      case 429: {
        const zone = timeZone()
        const now = exchange.serverTime ?? exchange.receivedAt
        return throttled(failure, retryAfter, zone === undefined ? undefined : Midnight.next(zone, now))
      }
      default:
        return exchange.unparsable
          ? new Decode({ message: `status ${status} with a body that is not JSON`, issues: [] })
          : refused(failure, status)
    }
  }

/** Why one input of a batch failed. */
export const ofItem = (failure: ItemFailure): Reason => {
  switch (text(failure.category)) {
    case "OBJECT_NOT_FOUND":
      return new NotFound({ message: "the record is not there" })
    case "CONFLICT":
    case "OBJECT_ALREADY_EXISTS":
      return duplicate(failure)
    case "MISSING_SCOPES":
      return forbidden(failure)
    case "RATE_LIMITS":
      return new Throttled({ message: "too many requests", retryAfter: Limits.BURST_WINDOW })
    default:
      return refused(failure, undefined)
  }
}

/** The trace ids that a failed input names. */
export const tracesOf = (failure: ItemFailure): ReadonlyArray<string> =>
  [failure, ...(Array.isArray(failure.errors) ? failure.errors : [])].flatMap((part) =>
    texts(members(members(part)["context"])["objectWriteTraceId"]),
  )

/** The ids (or values of the key property) that a failed input names. */
export const idsOf = (failure: ItemFailure): ReadonlyArray<string> => [
  ...texts(members(failure.context)["ids"]),
  ...texts(members(failure.context)["id"]),
  ...(typeof failure.id === "string" ? [failure.id] : []),
]

/** For HubSpot's support. */
export const correlationId = (exchange: Pipeline.Exchange): string | undefined => {
  const own = members(exchange.body)["correlationId"]
  if (exchange.status >= 400 && typeof own === "string") return own
  return exchange.headers.get("x-hubspot-correlation-id") ?? undefined
}

/** What the rate headers tell of the 10 second bucket. Searches and associations carry none. */
export const feedback = (exchange: Pipeline.Exchange): RateLimit.Feedback | undefined => {
  const max = Number(exchange.headers.get("x-hubspot-ratelimit-max") ?? "")
  if (!Number.isInteger(max) || max < 1) return undefined
  return { limit: "hubspot.burst", requests: max }
}
