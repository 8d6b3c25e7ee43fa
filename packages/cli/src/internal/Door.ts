/**
 * Asks one server, and no other. A redirect is followed on the same host only; every request is a read, so it may be
 * sent again; an answer goes to a file as it comes, however large.
 */
import { open } from "node:fs/promises"
import * as Backoff from "@mortise/core/Backoff"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as Result from "effect/Result"
import { type CommandError, commandError } from "../CommandError.ts"
import type { Progress } from "./Progress.ts"

export type Credentials = Readonly<Record<string, string>>

export interface Question {
  readonly url: URL
  readonly accept?: string
  /** What it is, for people: `the description`, `DocType Sales Order`. */
  readonly what: string
  /** What it means when the server has no such thing, where that can be told better than here. */
  readonly unknown?: { readonly statuses: ReadonlyArray<number>; readonly error: CommandError }
}

export interface Door {
  /** Writes the answer to the file. When it fails, what the file holds is of no use. */
  readonly download: (question: Question, file: string) => Effect.Effect<void, CommandError>
  /** An answer in JSON that is not large. */
  readonly json: (question: Question) => Effect.Effect<unknown, CommandError>
  /** As `json`; undefined where the server has it not or does not show it (403, 404). */
  readonly jsonIfAny: (question: Question) => Effect.Effect<unknown, CommandError>
}

export interface Options {
  /** Only this origin is asked. */
  readonly origin: string
  readonly credentials: Effect.Effect<Credentials, CommandError>
  /** The names to set when the server wants other credentials. */
  readonly wanted: string
  readonly fetch: typeof globalThis.fetch
  readonly progress: Progress
  readonly backoff?: Backoff.Backoff
  /** Of one answer, in bytes. Defaults to 1 GB. */
  readonly limit?: number
}

const LIMIT = 1024 * 1024 * 1024
const SMALL = 64 * 1024 * 1024
const REDIRECTS = 5
const ATTEMPTS = 5
/** The metadata of a large instance is put together while one waits; ERP gateways give up after 10 minutes. */
const PATIENCE = Duration.minutes(10)
/** Between two pieces of an answer. */
const STALL = Duration.minutes(2)
const LONGEST_WAIT = Duration.minutes(2)
const BACKOFF: Backoff.Backoff = { base: Duration.seconds(1), cap: Duration.seconds(30) }

/** A fault that may have gone when the same is asked again. */
class Passing extends Data.TaggedError("Passing")<{
  readonly error: CommandError
  readonly after?: Duration.Duration
}> {}

type Fault = CommandError | Passing

const server = (what: string, message: string, hint?: string) => commandError("Server", `${what}: ${message}`, hint)

/** Failures of a connection that the next attempt may not meet. A name that is not known, or a certificate, stays wrong. */
const PASSING_FAILURES: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
])

/** How a connection failed; not the address, which may carry more than its host. */
const broken = (what: string, error: unknown): Fault => {
  const { cause, code, name } = error as { cause?: { code?: unknown }; code?: unknown; name?: unknown }
  const how = String(cause?.code ?? code ?? name ?? "unknown")
  const failure = server(what, `the connection failed (${how}).`)
  return PASSING_FAILURES.has(how) ? new Passing({ error: failure }) : failure
}

const slow = (what: string, patience: Duration.Duration) => () =>
  Effect.fail(new Passing({ error: server(what, `no answer for ${Duration.format(patience)}.`) }))

const STATUSES_OF_REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

const onward = (origin: string, from: URL, location: string | null, what: string): Effect.Effect<URL, CommandError> => {
  const target = location !== null && URL.canParse(location, from.href) ? new URL(location, from.href) : undefined
  if (target === undefined) return Effect.fail(server(what, "a redirect leads nowhere."))
  if (target.origin === origin && target.username === "" && target.password === "") return Effect.succeed(target)
  return Effect.fail(
    commandError(
      "Address",
      `${what}: ${from.host} redirects to ${target.origin}. Another host is not asked, and was sent nothing.`,
      "If that is the right server, name it in --from.",
    ),
  )
}

const refused = ({ wanted }: Options, what: string, status: number): CommandError => {
  const set = `Set ${wanted}, in the environment or in the configuration file.`
  if (status === 401) return commandError("Credentials", `${what}: the server wants other credentials (401).`, set)
  if (status === 403) {
    const hint = `What was sent lacks a right. If nothing was: ${set}`
    return commandError("Credentials", `${what}: the server does not allow it (403).`, hint)
  }
  if (status === 404) return server(what, "the server has no such thing (404).", "Look at --from and --entities.")
  return server(what, `the server answered ${status}, and no description.`)
}

const afterOf = (response: Response): Effect.Effect<Duration.Duration | undefined> => {
  const found = Headers.parseRetryAfter(response.headers.get("retry-after") ?? "")
  if (Result.isFailure(found)) return Effect.undefined
  const told = found.success
  if (told._tag === "Duration") return Effect.succeed(told.duration)
  return Effect.map(Clock.currentTimeMillis, (now) =>
    Duration.millis(Math.max(0, told.dateTime.epochMilliseconds - now)),
  )
}

const discard = (response: Response): Effect.Effect<void> =>
  Effect.promise(async () => response.body?.cancel().catch(() => undefined))

const faultOf = Effect.fnUntraced(function* (options: Options, { unknown, what }: Question, response: Response) {
  yield* discard(response)
  if (unknown?.statuses.includes(response.status) === true) return yield* unknown.error
  const error = refused(options, what, response.status)
  if (!PASSING_STATUSES.has(response.status)) return yield* error
  const after = yield* afterOf(response)
  return yield* new Passing({ error, ...(after === undefined ? {} : { after }) })
})

/** The answer with status 2xx, its body still to be read; or undefined for a status that is `spared`. */
const ask = Effect.fnUntraced(function* (options: Options, question: Question, spared: ReadonlyArray<number>) {
  const { accept = "application/json", what } = question
  const headers = { ...(yield* options.credentials), accept }
  let url = question.url
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    if (url.origin !== options.origin) return yield* commandError("Address", `${what}: ${url.host} is another host.`)
    const response = yield* Effect.tryPromise({
      try: (signal) => options.fetch(url.href, { headers, redirect: "manual", signal }),
      catch: (error): Fault => broken(what, error),
    }).pipe(Effect.timeoutOrElse({ duration: PATIENCE, orElse: slow(what, PATIENCE) }))
    if (STATUSES_OF_REDIRECTS.has(response.status)) {
      yield* discard(response)
      url = yield* onward(options.origin, url, response.headers.get("location"), what)
      continue
    }
    if (response.ok) return response
    if (!spared.includes(response.status)) return yield* faultOf(options, question, response)
    yield* discard(response)
    return undefined
  }
  return yield* server(what, `more than ${REDIRECTS} redirects, one after the other.`)
})

/** A page where a description should be is mostly the one to sign in on. */
const noPage = (options: Options, what: string, response: Response): Effect.Effect<void, CommandError> => {
  if (!/^\s*text\/html/i.test(response.headers.get("content-type") ?? "")) return Effect.void
  const message = `${what}: the server answered with a web page, perhaps the one to sign in on.`
  const error = commandError("Server", message, `Look at the address in --from, and set ${options.wanted}.`)
  return Effect.andThen(discard(response), Effect.fail(error))
}

const eachChunk = Effect.fnUntraced(function* (
  options: Options,
  { limit, response, what }: { readonly response: Response; readonly what: string; readonly limit: number },
  take: (chunk: Uint8Array) => Effect.Effect<unknown, CommandError>,
) {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  let received = 0
  const next = Effect.tryPromise({ try: () => reader.read(), catch: (error): Fault => broken(what, error) }).pipe(
    Effect.timeoutOrElse({ duration: STALL, orElse: slow(what, STALL) }),
  )
  yield* Effect.gen(function* () {
    for (let { done, value } = yield* next; !done && value !== undefined; { done, value } = yield* next) {
      received += value.byteLength
      if (received > limit) {
        return yield* server(what, `the answer is larger than ${limit / 1024 / 1024} MB, which is the limit.`)
      }
      yield* take(value)
      yield* options.progress.received(what, received)
    }
  }).pipe(Effect.ensuring(Effect.promise(async () => reader.cancel().catch(() => undefined))))
})

const written = (what: string, error: unknown): CommandError => {
  const { code } = error as NodeJS.ErrnoException
  return commandError("Output", `${what}: cannot be put into a temporary file (${code ?? "unknown"}).`)
}

const toFile = (options: Options, question: Question, response: Response, file: string) =>
  Effect.acquireUseRelease(
    Effect.tryPromise({ try: () => open(file, "w", 0o600), catch: (error): Fault => written(question.what, error) }),
    (handle) =>
      eachChunk(options, { response, what: question.what, limit: options.limit ?? LIMIT }, (chunk) =>
        Effect.tryPromise({ try: () => handle.writeFile(chunk), catch: (error) => written(question.what, error) }),
      ),
    (handle) => Effect.promise(() => handle.close()),
  )

const toJson = Effect.fnUntraced(function* (options: Options, question: Question, response: Response) {
  const chunks: Array<Uint8Array> = []
  yield* eachChunk(options, { response, what: question.what, limit: SMALL }, (chunk) =>
    Effect.sync(() => chunks.push(chunk)),
  )
  const text = Buffer.concat(chunks).toString("utf8")
  return yield* Effect.try({
    try: () => JSON.parse(text) as unknown,
    catch: (): Fault => server(question.what, "the answer is not JSON, or ends in the middle."),
  })
})

/** Again after a fault that may pass, as soon as the server allows and no sooner. */
const again = <A>(options: Options, attempt: Effect.Effect<A, Fault>, failures = 1): Effect.Effect<A, CommandError> =>
  Effect.catchTag(attempt, "Passing", ({ after, error }) => {
    if (failures >= ATTEMPTS || (after !== undefined && Duration.toMillis(after) > Duration.toMillis(LONGEST_WAIT))) {
      return Effect.fail(error)
    }
    const millis = Effect.map(Backoff.millis(options.backoff ?? BACKOFF, failures), (drawn) =>
      Math.max(drawn, after === undefined ? 0 : Duration.toMillis(after)),
    )
    return Effect.flatMap(millis, (wait) => Effect.delay(again(options, attempt, failures + 1), Duration.millis(wait)))
  })

const NONE: ReadonlyArray<number> = []
const HIDDEN: ReadonlyArray<number> = [403, 404]

export const make = (options: Options): Door => {
  const asking = <A>(
    question: Question,
    spared: ReadonlyArray<number>,
    use: (response: Response) => Effect.Effect<A, Fault>,
  ): Effect.Effect<A | undefined, CommandError> =>
    again(
      options,
      Effect.flatMap(ask(options, question, spared), (response) =>
        response === undefined
          ? Effect.undefined
          : Effect.andThen(noPage(options, question.what, response), use(response)),
      ),
    )
  return {
    download: (question, file) => asking(question, NONE, (response) => toFile(options, question, response, file)),
    json: (question) => asking(question, NONE, (response) => toJson(options, question, response)),
    jsonIfAny: (question) => asking(question, HIDDEN, (response) => toJson(options, question, response)),
  }
}
