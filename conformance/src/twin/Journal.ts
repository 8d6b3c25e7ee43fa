/** What reached a twin and what it answered, in order. Rules and tests read their evidence from it. */
import type * as Doors from "./Doors.ts"

export interface JournalLine {
  /** Counts the requests that reached this twin, from 1. */
  readonly index: number
  /** Milliseconds since the epoch by the twin's clock. */
  readonly at: number
  readonly method: string
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly requestBody: string
  /** Absent while the request is in the twin, and for ever when no answer was given. */
  status?: number
  responseBody?: string
  responseHeaders?: Readonly<Record<string, string>>
  /** True when the world was changed. */
  changed: boolean
  /** The faults that were dealt to this request. */
  readonly faults: Array<string>
}

export interface Journal {
  readonly lines: ReadonlyArray<JournalLine>
  /** Requests so far, cleared lines included. */
  readonly count: () => number
  /** Lines that changed the world. */
  readonly writes: () => ReadonlyArray<JournalLine>
  readonly where: (predicate: (line: JournalLine) => boolean) => ReadonlyArray<JournalLine>
  /** Forgets the lines; the count goes on. */
  readonly clear: () => void
}

/** The journal as the kernel writes it. */
export interface Writer extends Journal {
  readonly open: (incoming: Doors.Incoming, at: number) => JournalLine
  readonly close: (line: JournalLine, reply: Doors.Reply) => void
}

type Headers = Iterable<readonly [name: string, value: string | ReadonlyArray<string>]>

const SECRET_HEADERS = ["authorization", "cookie", "proxy-authorization", "set-cookie"]

/** Transcripts are shown to people and kept in reports, so what opens a door never enters them. */
const redacting =
  (secret: ReadonlySet<string>) =>
  (headers: Headers): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Array.from(headers, ([name, value]) => [name, secret.has(name.toLowerCase()) ? "<redacted>" : String(value)]),
    )

const SECRET_MEMBERS =
  /("?(?:access_token|refresh_token|id_token|client_secret|client_assertion|code_verifier|password|code)"?\s*[=:]\s*"?)[^"&\s,}]+/g

const withoutSecrets = (text: string): string => text.replace(SECRET_MEMBERS, "$1<redacted>")

const TOKEN_PATH = /\/(oauth2?|identity|auth)\/|\.oauth2\./

/** What a vendor has of its own to be kept out of the journal, beside what usually is. */
export interface Secret {
  /** Headers in which keys are sent. */
  readonly headers?: ReadonlyArray<string>
  /** Paths under which tokens are had. */
  readonly paths?: ReadonlyArray<string>
}

export const make = ({ headers = [], paths = [] }: Secret = {}): Writer => {
  const redacted = redacting(new Set([...SECRET_HEADERS, ...headers.map((name) => name.toLowerCase())]))
  const isTokenExchange = ({ pathname }: URL) => TOKEN_PATH.test(pathname) || paths.includes(pathname)
  const lines: Array<JournalLine> = []
  let count = 0
  return {
    lines,
    count: () => count,
    writes: () => lines.filter((line) => line.changed),
    where: (predicate) => lines.filter(predicate),
    clear: () => {
      lines.length = 0
    },
    open: (incoming, at) => {
      count += 1
      const line: JournalLine = {
        index: count,
        at,
        method: incoming.method,
        url: incoming.url.href,
        requestHeaders: redacted(incoming.headers),
        requestBody: isTokenExchange(incoming.url) ? withoutSecrets(incoming.body) : incoming.body,
        changed: false,
        faults: [],
      }
      lines.push(line)
      return line
    },
    close: (line, reply) => {
      line.status = reply.status
      line.responseHeaders = redacted(Object.entries(reply.headers))
      line.responseBody = isTokenExchange(new URL(line.url)) ? withoutSecrets(reply.text) : reply.text
    },
  }
}
