/**
 * Tokens: client credentials by a signed statement, authorization code with PKCE, refresh. A confidential client's refresh
 * token lives seven days and is not renewed; a public one's works once. Oracle: help, sections 162755359851, 160855590788,
 * 160855594402.
 */
import * as crypto from "node:crypto"
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import * as Assertion from "./Assertion.ts"
import { json } from "./Call.ts"
import * as Errors from "./Errors.ts"
import type { Spec } from "./Spec.ts"
import type { AccessToken, Integration, RefreshToken } from "./State.ts"
import type { NetSuiteWorld } from "./World.ts"

export const TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
export const AUTHORIZE_PATH = "/app/login/oauth2/authorize.nl"
/** Life of an access token, in seconds. */
export const LIFETIME = 3600
const CODE_LIFETIME = 600_000
const HOUR = 3_600_000
const CONFIDENTIAL_DAYS = 7
const SCOPES: ReadonlySet<string> = new Set(["restlets", "rest_webservices", "suite_analytics"])

/** The code of a refusal. */
class Denied extends Error {}

const refused = (world: NetSuiteWorld, error: string): TwinReply => {
  const isClient = error === "invalid_client"
  const headers = isClient ? { "www-authenticate": `Basic realm="${world.account}"` } : {}
  const reply = json(isClient ? 401 : 400, { error })
  return { ...reply, headers: { ...reply.headers, ...headers } }
}

/** Opaque; from the seed of the world's own counter, so that histories repeat. */
const secret = (world: NetSuiteWorld, kind: string): string =>
  crypto.createHash("sha256").update(`${world.account} ${kind} ${world.nextSecret()}`).digest("base64url")

const sameText = (a: string, b: string): boolean =>
  crypto.timingSafeEqual(crypto.createHash("sha256").update(a).digest(), crypto.createHash("sha256").update(b).digest())

const granted = (world: NetSuiteWorld, clientId: string, scopes: ReadonlyArray<string>): AccessToken => {
  if (!scopes.every((one) => SCOPES.has(one)) || scopes.length === 0) throw new Denied("invalid_scope")
  const token: AccessToken = {
    token: secret(world, "access"),
    clientId,
    scopes,
    expiresAt: world.now() + LIFETIME * 1000,
  }
  world.state.accessTokens = [...world.state.accessTokens.filter((one) => one.expiresAt > world.now()), token]
  return token
}

const byAssertion = (world: NetSuiteWorld, origin: string, form: URLSearchParams): TwinReply => {
  const asserted = Assertion.check(form.get("client_assertion") ?? "", {
    certificates: world.state.certificates,
    audience: origin + TOKEN_PATH,
    now: world.now(),
    knobs: world.knobs,
  })
  if (typeof asserted === "string") throw new Denied(asserted)
  const { token } = granted(world, asserted.certificate.clientId, asserted.scopes)
  const expires_in = world.knobs.expiresIn === "number" ? LIFETIME : String(LIFETIME)
  return json(200, { access_token: token, expires_in, token_type: "Bearer" })
}

const basicOf = (request: TwinRequest): readonly [id: string, secret: string] | undefined => {
  const encoded = /^Basic\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1]
  if (encoded === undefined) return undefined
  const [id = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":")
  return [decodeURIComponent(id), decodeURIComponent(rest.join(":"))]
}

/** A confidential client shows its secret as Basic, a public one names itself in the form. */
const clientOf = (world: NetSuiteWorld, request: TwinRequest, form: URLSearchParams): Integration => {
  const basic = basicOf(request)
  const client = world.state.integrations.find((one) => one.clientId === (basic?.[0] ?? form.get("client_id") ?? ""))
  const { clientSecret } = client ?? {}
  const isKnown =
    clientSecret === undefined ? basic === undefined : basic !== undefined && sameText(basic[1], clientSecret)
  if (client === undefined || !isKnown) throw new Denied("invalid_client")
  return client
}

const newRefresh = (
  world: NetSuiteWorld,
  client: Integration,
  scopes: ReadonlyArray<string>,
  chainEndsAt?: number,
): RefreshToken => {
  const now = world.now()
  const isPublic = client.clientSecret === undefined
  const ends = chainEndsAt ?? now + (isPublic ? world.knobs.publicChainHours * HOUR : CONFIDENTIAL_DAYS * 24 * HOUR)
  const expiresAt = isPublic ? Math.min(ends, now + world.knobs.publicRefreshHours * HOUR) : ends
  const made = { token: secret(world, "refresh"), clientId: client.clientId, scopes, expiresAt, chainEndsAt: ends }
  world.state.refreshTokens.push(made)
  return made
}

/** As the page of the code grant shows it: the lifetime is a text, the type in small letters. */
const answer = (access: AccessToken, refresh: RefreshToken | undefined): TwinReply =>
  json(200, {
    access_token: access.token,
    ...(refresh === undefined ? {} : { refresh_token: refresh.token }),
    expires_in: String(LIFETIME),
    token_type: "bearer",
  })

const verifies = (challenge: string | undefined, verifier: string): boolean =>
  challenge !== undefined && crypto.createHash("sha256").update(verifier).digest("base64url") === challenge

const byCode = (world: NetSuiteWorld, request: TwinRequest, form: URLSearchParams): TwinReply => {
  const client = clientOf(world, request, form)
  const { state } = world
  const code = state.codes.find((one) => one.code === form.get("code"))
  state.codes = state.codes.filter((one) => one !== code)
  const holds =
    code !== undefined &&
    code.clientId === client.clientId &&
    code.expiresAt > world.now() &&
    code.redirectUri === form.get("redirect_uri") &&
    verifies(code.challenge, form.get("code_verifier") ?? "")
  if (!holds) throw new Denied("invalid_grant")
  return answer(granted(world, client.clientId, code.scopes), newRefresh(world, client, code.scopes))
}

const byRefresh = (world: NetSuiteWorld, request: TwinRequest, form: URLSearchParams): TwinReply => {
  const client = clientOf(world, request, form)
  const { state } = world
  const used = state.refreshTokens.find((one) => one.token === form.get("refresh_token"))
  if (used === undefined || used.clientId !== client.clientId || used.expiresAt <= world.now()) {
    throw new Denied("invalid_grant")
  }
  const access = granted(world, client.clientId, used.scopes)
  if (client.clientSecret !== undefined) return answer(access, undefined)
  state.refreshTokens = state.refreshTokens.filter((one) => one !== used)
  return answer(access, newRefresh(world, client, used.scopes, used.chainEndsAt))
}

const GRANTS: ReadonlySet<string> = new Set(["client_credentials", "authorization_code", "refresh_token"])

export const token = (world: NetSuiteWorld, origin: string, request: TwinRequest, spec: Spec): TwinReply => {
  const form = new URLSearchParams(request.body)
  const grant = form.get("grant_type") ?? ""
  if (!GRANTS.has(grant)) return refused(world, grant === "" ? "invalid_request" : "unsupported_grant_type")
  if (spec.problem(request) !== undefined) return refused(world, "invalid_request")
  try {
    if (grant === "client_credentials") return byAssertion(world, origin, form)
    return grant === "authorization_code" ? byCode(world, request, form) : byRefresh(world, request, form)
  } catch (error) {
    if (error instanceof Denied) return refused(world, error.message)
    throw error
  }
}

const back = (to: string, parameters: Readonly<{ [name: string]: string }>): TwinReply => {
  const url = new URL(to)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { status: 302, headers: { location: url.href } }
}

/** The user consents at once: the twin has no page to click on. */
export const authorize = (world: NetSuiteWorld, request: TwinRequest): TwinReply => {
  const query = request.url.searchParams
  const client = world.state.integrations.find((one) => one.clientId === query.get("client_id"))
  const redirectUri = query.get("redirect_uri") ?? ""
  if (client === undefined || !client.redirectUris.includes(redirectUri))
    return Errors.page(400, "Invalid login attempt")
  const state = query.get("state") ?? ""
  const scopes = (query.get("scope") ?? "").split(" ").filter((one) => one !== "")
  const challenge = query.get("code_challenge")
  const isFit =
    query.get("response_type") === "code" &&
    state.length >= 22 &&
    state.length <= 1024 &&
    (challenge === null || query.get("code_challenge_method") === "S256")
  if (!isFit || (challenge === null && client.clientSecret === undefined))
    return back(redirectUri, { error: "invalid_request", state })
  if (scopes.length === 0 || !scopes.every((one) => SCOPES.has(one)))
    return back(redirectUri, { error: "invalid_scope", state })
  const code = secret(world, "code")
  world.state.codes.push({
    code,
    clientId: client.clientId,
    redirectUri,
    scopes,
    ...(challenge === null ? {} : { challenge }),
    expiresAt: world.now() + CODE_LIFETIME,
  })
  return back(redirectUri, { code, state, role: "1010", entity: "17", company: world.account })
}

/** Tokens as if somebody had consented in a browser: what an integration stores before it runs for the first time. */
export const consent = (
  world: NetSuiteWorld,
  clientId: string,
  scopes: ReadonlyArray<string> = ["rest_webservices"],
): { readonly accessToken: string; readonly refreshToken: string } => {
  const client = world.state.integrations.find((one) => one.clientId === clientId)
  if (client === undefined) throw new RangeError(`no integration ${clientId}`)
  return { accessToken: granted(world, clientId, scopes).token, refreshToken: newRefresh(world, client, scopes).token }
}

/** The refusal of a request that is not signed in; undefined for one that is. */
export const refusal = (world: NetSuiteWorld, request: TwinRequest): TwinReply | undefined => {
  const header = request.headers.get("authorization")
  if (header === null) return Errors.notSignedIn(world.account)
  const value = /^Bearer\s+(\S+)$/i.exec(header)?.[1]
  if (value === undefined) return Errors.badAuthorization(world.account)
  const found = world.state.accessTokens.find((one) => one.token === value)
  const holds = found !== undefined && found.expiresAt > world.now() && found.scopes.includes("rest_webservices")
  return holds ? undefined : Errors.notSignedIn(world.account)
}
