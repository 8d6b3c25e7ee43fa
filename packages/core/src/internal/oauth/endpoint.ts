/** One question to a token endpoint, and what its answer means for the grant. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Headers from "effect/http/Headers"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ConnectorError, Decode, Throttled, Transport, Unauthorized, Unavailable } from "../../ConnectorError.ts"
import type { Answer, Client } from "../../OAuth.ts"
import * as Telemetry from "../../Telemetry.ts"
import { failureOf } from "../transport.ts"

/** What the endpoint gave. Lifetimes are numbers with most vendors and text with some. */
export interface Grant {
  readonly accessToken: Redacted.Redacted<string>
  readonly refreshToken?: Redacted.Redacted<string>
  readonly expiresAt: number
}

/** Why there is no grant. `ambiguous`: the endpoint may have used up the refresh token that it was shown. */
export interface Refusal {
  readonly error: ConnectorError
  readonly rejected: boolean
  readonly ambiguous: boolean
}

export type Form = Readonly<Record<string, string | Redacted.Redacted<string>>>

const DEFAULT_TIMEOUT = Duration.seconds(30)
const DEFAULT_LIFETIME = Duration.hours(1)

const Body = Schema.Struct({
  access_token: Schema.String.check(Schema.isMinLength(1)),
  refresh_token: Schema.optionalKey(Schema.NullOr(Schema.String)),
  expires_in: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.Number, Schema.NumberFromString]))),
  token_type: Schema.optionalKey(Schema.NullOr(Schema.String)),
})

const plain = (value: string | Redacted.Redacted<string>): string =>
  typeof value === "string" ? value : Redacted.value(value)

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const member = (body: unknown, name: string): string | undefined => {
  if (typeof body !== "object" || body === null || !(name in body)) return undefined
  const value = (body as Readonly<Record<string, unknown>>)[name]
  return typeof value === "string" ? value : undefined
}

/** The vendor's word for the fault, if it looks like a code: descriptions may quote what was sent. */
const codeOf = (body: unknown): string | undefined =>
  [member(body, "error"), member(body, "status"), member(body, "exc_type")].find(
    (code) => code !== undefined && /^[A-Za-z0-9_.-]{1,60}$/.test(code),
  )

/** RFC 6749 5.2 answers 400 or 401; others 403. What is neither a refusal for too much nor for now is one for good. */
const isRejection = ({ status }: Answer): boolean =>
  status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429

const credentials = (client: Client): { readonly header: Record<string, string>; readonly form: Form } => {
  const { clientId, clientSecret } = client
  if (client.clientAuth === "assertion") return { header: {}, form: {} }
  if (clientSecret === undefined) return { header: {}, form: { client_id: clientId } }
  if (client.clientAuth !== "basic") return { header: {}, form: { client_id: clientId, client_secret: clientSecret } }
  // RFC 6749 2.3.1: both are form-encoded before they are joined.
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(Redacted.value(clientSecret))}`
  return { header: { authorization: `Basic ${Base64.encode(pair)}` }, form: {} }
}

interface Raw {
  readonly answer: Answer
  readonly retryAfter?: Duration.Duration
}

const post = (client: Client, form: Form, now: () => number, mark: { sent: boolean }, signal: AbortSignal) => {
  const { header, form: own } = credentials(client)
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...own, ...client.parameters, ...form })) body.set(name, plain(value))
  const send = client.fetch ?? globalThis.fetch
  const request = new Request(client.tokenUrl, {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      ...client.headers,
      ...header,
    },
    body: body.toString(),
    redirect: "manual",
  })
  mark.sent = true
  return send(request, { redirect: "manual", signal }).then(async (response): Promise<Raw> => {
    const body = parsed(await response.text())
    const code = codeOf(body)
    const after = Headers.parseRetryAfter(response.headers.get("retry-after") ?? "")
    return {
      answer: { status: response.status, body, ...(code === undefined ? {} : { code }) },
      ...(Result.isSuccess(after) ? { retryAfter: Headers.retryAfterDelay(after.success, now()) } : {}),
    }
  })
}

const refusalOf = (client: Client, { answer, retryAfter }: Raw): Refusal => {
  const { status, code } = answer
  const shown = code === undefined ? `status ${status}` : code
  const told = retryAfter === undefined ? {} : { retryAfter }
  const error = (reason: ConnectorError["reason"]) =>
    new ConnectorError({ system: client.system, operation: "token", reason })
  const verdict = client.classify?.(answer) ?? (isRejection(answer) ? "rejected" : "passing")
  if (verdict === "rejected") {
    const message = `the token endpoint refused the grant (${shown}); authorise again or mend the credentials`
    return { error: error(new Unauthorized({ message })), rejected: true, ambiguous: false }
  }
  if (status === 429) {
    const message = "the token endpoint was asked too often"
    return { error: error(new Throttled({ message, policy: "token", ...told })), rejected: false, ambiguous: false }
  }
  if (status >= 300 && status < 400) {
    const message = `the token endpoint answered with a redirect (${status}), which is not followed`
    return { error: error(new Decode({ message, issues: [] })), rejected: false, ambiguous: false }
  }
  const message = `the token endpoint cannot answer now (${shown})`
  return { error: error(new Unavailable({ message, status, ...told })), rejected: false, ambiguous: status >= 500 }
}

const undecodable = (client: Client, what: string): Refusal => ({
  error: new ConnectorError({
    system: client.system,
    operation: "token",
    reason: new Decode({ message: `the token endpoint's answer ${what}`, issues: [] }),
  }),
  rejected: false,
  ambiguous: true,
})

const grantOf = (client: Client, body: unknown, askedAt: number): Effect.Effect<Grant, Refusal> => {
  const decoded = Schema.decodeUnknownResult(Body)(body)
  if (Result.isFailure(decoded)) {
    // The issue would quote the body, and with it a token.
    return Effect.fail(undecodable(client, "holds no access_token, or members of the wrong kind"))
  }
  const { access_token, refresh_token, expires_in, token_type } = decoded.success
  if (typeof token_type === "string" && token_type.toLowerCase() !== "bearer") {
    return Effect.fail(undecodable(client, "is of a token type other than Bearer"))
  }
  const lifetime =
    typeof expires_in === "number" && Number.isFinite(expires_in) && expires_in > 0
      ? expires_in * 1000
      : Duration.toMillis(client.lifetime ?? DEFAULT_LIFETIME)
  return Effect.succeed({
    accessToken: Redacted.make(access_token),
    ...(typeof refresh_token === "string" && refresh_token !== ""
      ? { refreshToken: Redacted.make(refresh_token) }
      : {}),
    // Counted from before the question, so that a slow answer makes the token look older and not younger.
    expiresAt: askedAt + lifetime,
  })
}

/** Asks once. Nothing is repeated here: whether it may be depends on the grant. */
export const ask = (client: Client, form: Form): Effect.Effect<Grant, Refusal> =>
  Effect.gen(function* () {
    const askedAt = yield* Clock.currentTimeMillis
    const mark = { sent: false }
    const lost = (reason: Transport): Refusal => ({
      error: new ConnectorError({ system: client.system, operation: "token", reason }),
      rejected: false,
      ambiguous: reason.sent,
    })
    const raw = yield* Effect.clockWith((clock) =>
      Effect.tryPromise({
        try: (signal) => post(client, form, () => clock.currentTimeMillisUnsafe(), mark, signal),
        catch: (cause) =>
          lost(
            mark.sent ? failureOf(cause) : new Transport({ message: "no token request could be built", sent: false }),
          ),
      }),
    ).pipe(
      Effect.timeoutOrElse({
        duration: client.timeout ?? DEFAULT_TIMEOUT,
        orElse: () => Effect.fail(lost(new Transport({ message: "the token endpoint did not answer", sent: true }))),
      }),
    )
    const { status, body } = raw.answer
    if (status < 200 || status >= 300) return yield* Effect.fail(refusalOf(client, raw))
    if (body === undefined) return yield* Effect.fail(undecodable(client, "is not JSON"))
    return yield* grantOf(client, body, askedAt)
  }).pipe(
    Effect.tap(() => count(client, "ok")),
    Effect.tapError((refusal) => count(client, refusal.error.reason._tag)),
    Effect.withSpan(Telemetry.spanName(client.system, "token"), { kind: "client" }),
  )

const count = (client: Client, outcome: string): Effect.Effect<void> =>
  Metric.update(Metric.withAttributes(Telemetry.tokenRequests, { system: client.system, outcome }), 1)
