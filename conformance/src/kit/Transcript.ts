/**
 * What was asked and answered in a run, as reports show it: some of the exchanges, long bodies cut, and nothing in them
 * that opens a door.
 */
import type { JournalLine } from "../twin/Journal.ts"

export interface Exchange {
  /** Counts the requests that reached the twin, from 1. */
  readonly index: number
  /** Virtual milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  readonly url: string
  /** Those that differ between requests: not what every client sends. */
  readonly headers: Readonly<Record<string, string>>
  readonly request: string
  /** Absent when no answer was given. */
  readonly status?: number
  readonly response?: string
  /** True when the world was changed. */
  readonly changed: boolean
  /** The faults that were dealt to the request. */
  readonly faults: ReadonlyArray<string>
}

export interface Transcript {
  readonly exchanges: ReadonlyArray<Exchange>
  /** So many more were made, between those that are shown. */
  readonly omitted: number
}

export const empty: Transcript = { exchanges: [], omitted: 0 }

/** How much is shown. How it began says little, how it ended says most; and always something of what met a fault. */
export interface Most {
  readonly first: number
  readonly faulted: number
  readonly last: number
}

/** Of what went well, and of what did not. */
export const BRIEF: Most = { first: 3, faulted: 3, last: 6 }
export const LONG: Most = { first: 6, faulted: 10, last: 24 }

const BODY = 600
const URL_LENGTH = 1_000

const OF_EVERY_CLIENT = new Set(["accept-encoding", "accept-language", "connection", "sec-fetch-mode", "user-agent"])

const SECRET_NAME =
  "access_?token|refresh_?token|id_?token|client_?secret|client_?assertion|code_?verifier|pass_?word|api_?key|api_?secret"

/** By the names that secrets go by: in JSON, in JSON within JSON, in forms and in queries. */
const NAMED = new RegExp(
  [
    `("(?:${SECRET_NAME})"\\s*:\\s*")(?:\\\\.|[^"\\\\])+`,
    `(\\\\"(?:${SECRET_NAME})\\\\"\\s*:\\s*\\\\")(?:[^"\\\\]|\\\\(?!"))+`,
    `((?:${SECRET_NAME})=)[^&\\s"'<>]+`,
  ].join("|"),
  "gi",
)

const BEARER = /\b(bearer(?:\s+|%20|\+))[\w~+/.=-]{8,}|\b(basic(?:\s+|%20|\+))[\w+/]{16,}={0,2}/gi

const SECRET_HEADER = /^(authorization|proxy-authorization|cookie|set-cookie)$|api-?key|secret|token$/i

const REDACTED = "<redacted>"

/** The forms in which a value may stand in a text. */
const formsOf = (secret: string): ReadonlyArray<string> => [
  ...new Set([
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64"),
  ]),
]

/** Takes out what is known to be secret, and what goes by the name of a secret. */
export const redaction = (secrets: Iterable<string>): ((text: string) => string) => {
  // A longer secret may begin with a shorter one.
  const forms = [...secrets].flatMap(formsOf).sort((a, b) => b.length - a.length)
  return (text) => {
    const known = forms.reduce((left, form) => left.replaceAll(form, REDACTED), text)
    return known
      .replace(NAMED, (_, json?: string, inner?: string, form?: string) => `${json ?? inner ?? form}${REDACTED}`)
      .replace(BEARER, (_, bearer?: string, basic?: string) => `${bearer ?? basic}${REDACTED}`)
  }
}

/** Never between the halves of a surrogate pair: a report has to be well-formed. */
const short = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most).toWellFormed()}… (${text.length - most} more characters)`

/** Redacted first: what is cut through the middle of a secret is not recognised any more. */
const exchange = (line: JournalLine, redact: (text: string) => string): Exchange => ({
  index: line.index,
  at: line.at,
  method: line.method,
  url: short(redact(line.url), URL_LENGTH),
  headers: Object.fromEntries(
    Object.entries(line.requestHeaders)
      .filter(([name]) => !OF_EVERY_CLIENT.has(name))
      .map(([name, value]) => [name, SECRET_HEADER.test(name) ? REDACTED : short(redact(value), BODY)]),
  ),
  request: short(redact(line.requestBody), BODY),
  ...(line.status === undefined ? {} : { status: line.status }),
  ...(line.responseBody === undefined ? {} : { response: short(redact(line.responseBody), BODY) }),
  changed: line.changed,
  faults: [...line.faults],
})

export const of = (lines: ReadonlyArray<JournalLine>, most: Most, secrets: Iterable<string> = []): Transcript => {
  const redact = redaction(secrets)
  const faulted = lines.filter(
    ({ faults }, at) => faults.length > 0 && at >= most.first && at < lines.length - most.last,
  )
  const shown = new Set([...lines.slice(0, most.first), ...faulted.slice(0, most.faulted), ...lines.slice(-most.last)])
  const kept = lines.filter((line) => shown.has(line))
  return { exchanges: kept.map((line) => exchange(line, redact)), omitted: lines.length - kept.length }
}
