/**
 * Tokens that keep themselves fresh. One refresh is made however many fibers wait for it and, where the tokens stand in
 * the state store, however many processes. It is made ahead of expiry, and once when the server refuses a token. What a
 * refresh gives is stored before any request uses it. A refused grant is `Unauthorized` at once and is not asked again
 * until the stored tokens change.
 *
 * ```ts
 * const auth = yield* OAuth.clientCredentials({
 *   system: "dynamics",
 *   tokenUrl: new URL("https://login.example.com/oauth2/v2.0/token"),
 *   clientId: "…",
 *   clientSecret: yield* Config.Redacted("CLIENT_SECRET"),
 *   scopes: ["https://example.com/.default"],
 * })
 * ```
 */
import * as Clock from "effect/Clock"
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Auth from "./Auth.ts"
import { ConnectorError, Invalid } from "./ConnectorError.ts"
import { ask, type Form } from "./internal/oauth/endpoint.ts"
import { type Keeper, keeper, type Plan } from "./internal/oauth/keeper.ts"
import * as pkce from "./internal/oauth/pkce.ts"
import * as shelves from "./internal/oauth/shelf.ts"
import { secure } from "./internal/origin.ts"
import * as Jwt from "./Jwt.ts"
import type { Service, TokenSet } from "./StateStore.ts"

/** What a token endpoint answered when it gave no token. */
export interface Answer {
  readonly status: number
  /** The vendor's word for the fault: `error` of RFC 6749, or what stands in its place. */
  readonly code?: string
  readonly body: unknown
}

/** A client that is registered with a token endpoint. */
export interface Client {
  readonly system: string
  /** https, or http on loopback. Redirects are not followed. */
  readonly tokenUrl: URL
  readonly clientId: string
  readonly clientSecret?: Redacted.Redacted<string>
  /**
   * Where the client names itself, with its secret: members of the form, or HTTP Basic. `assertion`: nowhere, for a signed
   * assertion does. Defaults to the form.
   */
  readonly clientAuth?: "form" | "basic" | "assertion"
  /** Sent with every question: `audience`, `resource`. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof globalThis.fetch
  /** For one question. Defaults to 30 s. */
  readonly timeout?: Duration.Duration
  /** Of tokens whose answer names none. Defaults to 1 h. */
  readonly lifetime?: Duration.Duration
  /**
   * Whether an answer without a token is final. Undefined leaves it to the rule: 4xx is, but for 408, 425 and 429;
   * nothing else is.
   */
  readonly classify?: (answer: Answer) => "rejected" | "passing" | undefined
}

export interface Options extends Client {
  /** Where tokens are kept, sealed, under which name. Without it they live and end with this process. */
  readonly storage?: { readonly store: Service; readonly name: string }
  /** So long before expiry a token is replaced. Defaults to 2 min, and to the last quarter of shorter lives. */
  readonly window?: Duration.Duration
}

/** Credentials for a pipeline, with what the end of a session needs. */
export interface OAuth extends Auth.Auth {
  /** The tokens in hand; asks nobody. For signing out. */
  readonly held: Effect.Effect<Option.Option<TokenSet>>
  /** Takes a refresh token that was got elsewhere, by a new consent, in place of the stored one. */
  readonly adopt: (refreshToken: Redacted.Redacted<string>) => Effect.Effect<void, ConnectorError>
}

const DEFAULT_WINDOW = Duration.minutes(2)
const DEFAULT_TIMEOUT = Duration.seconds(30)

const planFor = Effect.fnUntraced(function* (options: Options, grant: Pick<Plan, "form" | "rotates" | "handedIn">) {
  yield* secure(options.system, "tokenUrl", options.tokenUrl)
  const crypto = yield* WebCrypto.WebCrypto
  // A lease outlives three questions that time out, so that no second process asks while the first still may.
  const ttl = Duration.sum(Duration.times(options.timeout ?? DEFAULT_TIMEOUT, 3), Duration.seconds(30))
  const shelf =
    options.storage === undefined
      ? shelves.inMemory(options.system)
      : shelves.inStore(options.storage.store, { name: options.storage.name, holder: crypto.randomUUID(), ttl })
  const window = options.window ?? DEFAULT_WINDOW
  return { client: options, shelf, window, patience: Duration.times(ttl, 1.5), ...grant } satisfies Plan
})

const faceOf = ({ headers, refused, held, accept }: Keeper): OAuth => ({
  headers,
  refused,
  held,
  adopt: (refreshToken) =>
    // No access token came along: one that expired at the dawn of time makes the next call fetch one.
    accept({ accessToken: Redacted.make(""), refreshToken, expiresAt: 0 }),
})

const oauth = (plan: Plan): OAuth => faceOf(keeper(plan))

const scopeOf = (scopes: ReadonlyArray<string> | undefined): Form =>
  scopes === undefined || scopes.length === 0 ? {} : { scope: scopes.join(" ") }

/** The client's own right: id and secret for a token, again and again. */
export const clientCredentials = (
  options: Options & { readonly scopes?: ReadonlyArray<string> },
): Effect.Effect<OAuth, ConnectorError> => {
  const form = Effect.succeed(Option.some({ grant_type: "client_credentials", ...scopeOf(options.scopes) }))
  return Effect.map(planFor(options, { form: () => form, rotates: false }), oauth)
}

const byRefreshToken = (initial?: Redacted.Redacted<string>): Pick<Plan, "form" | "rotates" | "handedIn"> => ({
  rotates: true,
  ...(initial === undefined ? {} : { handedIn: initial }),
  form: (held) => {
    const token = held?.refreshToken ?? initial
    return Effect.succeed(
      Option.map(Option.fromUndefinedOr(token), (refresh_token) => ({ grant_type: "refresh_token", refresh_token })),
    )
  },
})

/**
 * Tokens of a consent that was given elsewhere. `initial` counts while the store holds none; and when the stored ones
 * are refused and come from another consent, it is taken for a new one.
 */
export const refreshToken = (
  options: Options & { readonly initial?: Redacted.Redacted<string> },
): Effect.Effect<OAuth, ConnectorError> => Effect.map(planFor(options, byRefreshToken(options.initial)), oauth)

/** A consent that is under way. `state` and `verifier` are kept until the browser comes back. */
export interface Consent {
  /** Where to send the person's browser. */
  readonly url: URL
  readonly state: Redacted.Redacted<string>
  readonly verifier: Redacted.Redacted<string>
}

/** What the browser brought back, and what was kept. */
export interface Returned {
  readonly code: Redacted.Redacted<string>
  readonly state: string
  readonly consent: Pick<Consent, "state" | "verifier">
}

export interface AuthorizationCode extends OAuth {
  /** A consent with PKCE (S256) and a state of 43 characters. */
  readonly begin: Effect.Effect<Consent>
  /** Trades the code for tokens and stores them. `Unauthorized` when the state is not the one of the consent. */
  readonly exchange: (returned: Returned) => Effect.Effect<void, ConnectorError>
}

/** A person's consent, then refreshes. */
export const authorizationCode = Effect.fnUntraced(function* (
  options: Options & {
    readonly authorizeUrl: URL
    readonly redirectUri: string
    readonly scopes?: ReadonlyArray<string>
    /** Members of the authorize url beside the standard ones, `optional_scope`, `prompt`. */
    readonly authorizeParameters?: Readonly<Record<string, string>>
  },
) {
  yield* secure(options.system, "authorizeUrl", options.authorizeUrl)
  const plan = yield* planFor(options, byRefreshToken())
  const kept = keeper(plan)
  const begin = pkce.begin({
    authorizeUrl: options.authorizeUrl,
    parameters: {
      ...options.authorizeParameters,
      response_type: "code",
      client_id: options.clientId,
      redirect_uri: options.redirectUri,
      ...(scopeOf(options.scopes) as Record<string, string>),
    },
  })
  const exchange: AuthorizationCode["exchange"] = Effect.fnUntraced(function* ({ code, state, consent }) {
    yield* pkce.verifyState(options.system, state, consent.state)
    const form: Form = {
      grant_type: "authorization_code",
      code,
      redirect_uri: options.redirectUri,
      code_verifier: consent.verifier,
    }
    const grant = yield* Effect.mapError(ask(options, form), (refusal) => refusal.error)
    yield* kept.accept(grant)
  })
  return { ...faceOf(kept), begin, exchange } satisfies AuthorizationCode
})

/** A token for a signed assertion: no secret travels. */
export interface JwtOptions extends Options {
  readonly key: Jwt.Key
  /** Defaults to the client id. */
  readonly issuer?: string
  readonly subject?: string
  /** Defaults to the token url. */
  readonly audience?: string
  readonly scopes?: ReadonlyArray<string>
  /** How long the assertion is good for. Defaults to 5 min. */
  readonly validity?: Duration.Duration
  /** More claims; they win over the standard ones. */
  readonly claims?: Readonly<Record<string, unknown>>
  /**
   * How the assertion is shown: as the client's proof beside `client_credentials` (RFC 7523 2.2, NetSuite), or as the
   * grant itself (RFC 7523 2.1). Defaults to `client`.
   */
  readonly as?: "client" | "grant"
}

const CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
const JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"

/** Signs a new assertion for every question. */
export const jwtAssertion = Effect.fnUntraced(function* (options: JwtOptions) {
  const validity = Duration.toMillis(options.validity ?? Duration.minutes(5))
  if (!(validity > 0)) {
    const message = "`validity` must be longer than 0"
    const reason = new Invalid({ message, issues: [{ path: ["validity"], message }] })
    return yield* Effect.fail(new ConnectorError({ system: options.system, reason }))
  }
  const crypto = yield* WebCrypto.WebCrypto
  const signer = yield* Jwt.signer(options.system, options.key)
  const assertion = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    signer.sign({
      iss: options.issuer ?? options.clientId,
      sub: options.subject ?? options.issuer ?? options.clientId,
      aud: options.audience ?? options.tokenUrl.href,
      iat: Math.floor(now / 1000),
      exp: Math.floor((now + validity) / 1000),
      jti: crypto.randomUUID(),
      ...options.claims,
    }),
  )
  const formOf = (signed: Redacted.Redacted<string>): Form =>
    options.as === "grant"
      ? { grant_type: JWT_GRANT, assertion: signed, ...scopeOf(options.scopes) }
      : {
          grant_type: "client_credentials",
          client_assertion_type: CLIENT_ASSERTION,
          client_assertion: signed,
          ...scopeOf(options.scopes),
        }
  const form = () => Effect.map(assertion, (signed) => Option.some(formOf(signed)))
  return oauth(yield* planFor(options, { form, rotates: false }))
})
