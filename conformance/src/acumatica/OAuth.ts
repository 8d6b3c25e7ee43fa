/** The identity server: authorization code with PKCE, password and refresh grants, rotation, revocation. */
import * as crypto from "node:crypto"
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import * as Errors from "./Errors.ts"
import { bearerOf, checkPassword, liveToken } from "./Sessions.ts"
import type { ConnectedApp, Grant } from "./State.ts"
import type { AcumaticaWorld } from "./World.ts"

/** Life of an access token in seconds, the same for every app. Acumatica: OAuth pages. */
export const LIFETIME = 3600
const CODE_LIFETIME = 300_000
const DAY = 86_400_000

const SCOPES: ReadonlySet<string> = new Set([
  "api",
  "api:concurrent_access",
  "offline_access",
  "openid",
  "profile",
  "email",
  "phone",
])

export const refused = (status: number, error: string): TwinReply => Errors.json(status, { error })

/** Opaque and not guessable from outside; from the seed, so that histories repeat. */
const secret = (world: AcumaticaWorld, kind: string): string =>
  crypto.createHash("sha256").update(`${kind} ${world.guid()}`).digest("base64url")

const sameText = (a: string, b: string): boolean =>
  crypto.timingSafeEqual(crypto.createHash("sha256").update(a).digest(), crypto.createHash("sha256").update(b).digest())

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const clientCredentials = (request: TwinRequest, form: URLSearchParams): readonly [id: string, secret: string] => {
  const basic = /^Basic\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1]
  if (basic === undefined) return [form.get("client_id") ?? "", form.get("client_secret") ?? ""]
  const [id = "", ...rest] = Buffer.from(basic, "base64").toString("utf8").split(":")
  return [decode(id), decode(rest.join(":"))]
}

/** `GUID@Tenant` chooses the tenant; a suffix that no tenant has is an unknown client. */
export const findApp = (world: AcumaticaWorld, clientId: string): ConnectedApp | undefined =>
  world.state.apps.find((app) => `${app.id}@${app.tenant}` === clientId && world.findTenant(app.tenant) !== undefined)

/** A new access token, and in place of the refresh token before it a new one. */
const fresh = (world: AcumaticaWorld, grant: Grant) => {
  const accessToken = secret(world, "access")
  const expiresAt = world.now() + LIFETIME * 1000
  world.state.tokens.set(accessToken, { token: accessToken, grant: grant.id, expiresAt, revoked: false })
  if (grant.scopes.includes("offline_access")) grant.refresh = secret(world, "refresh")
  return { accessToken, refreshToken: grant.refresh }
}

const issue = (world: AcumaticaWorld, grant: Grant): TwinReply => {
  const { accessToken, refreshToken } = fresh(world, grant)
  return Errors.json(200, {
    access_token: accessToken,
    token_type: "Bearer",
    scope: grant.scopes.join(" "),
    ...(refreshToken === undefined ? {} : { expires_in: LIFETIME, refresh_token: refreshToken }),
    ...(grant.scopes.includes("openid") ? { id_token: secret(world, "identity") } : {}),
  })
}

const newGrant = (world: AcumaticaWorld, app: ConnectedApp, user: string, scopes: ReadonlyArray<string>): Grant => {
  const grant: Grant = {
    id: world.guid(),
    client: `${app.id}@${app.tenant}`,
    tenant: app.tenant,
    user,
    scopes,
    startedAt: world.now(),
    revoked: false,
  }
  world.state.grants.set(grant.id, grant)
  return grant
}

/** A grant as if somebody had consented in a browser: what a connected app stores before it runs for the first time. */
export const consent = (
  world: AcumaticaWorld,
  clientId: string,
  scopes: ReadonlyArray<string> = ["api", "offline_access"],
): { readonly accessToken: string; readonly refreshToken: string } => {
  const app = findApp(world, clientId)
  const user = world.state.users[0]
  if (app === undefined || user === undefined) throw new RangeError(`no connected app ${clientId}`)
  const { accessToken, refreshToken } = fresh(world, newGrant(world, app, user.name, scopes))
  return { accessToken, refreshToken: refreshToken ?? "" }
}

const scopesOf = (text: string | null): ReadonlyArray<string> | undefined => {
  const scopes = (text ?? "").split(" ").filter((one) => one !== "")
  return scopes.length > 0 && scopes.every((one) => SCOPES.has(one)) ? scopes : undefined
}

const byPassword = (world: AcumaticaWorld, app: ConnectedApp, form: URLSearchParams): TwinReply => {
  const scopes = scopesOf(form.get("scope"))
  if (scopes === undefined) return refused(400, "invalid_scope")
  const user = checkPassword(world, form.get("username") ?? "", form.get("password") ?? "")
  return user === undefined ? refused(400, "invalid_grant") : issue(world, newGrant(world, app, user.name, scopes))
}

const verifies = (challenge: string | undefined, verifier: string | null): boolean =>
  challenge === undefined ||
  crypto
    .createHash("sha256")
    .update(verifier ?? "")
    .digest("base64url") === challenge

const byCode = (world: AcumaticaWorld, app: ConnectedApp, form: URLSearchParams): TwinReply => {
  const code = world.state.codes.get(form.get("code") ?? "")
  if (code === undefined) return refused(400, "invalid_grant")
  world.state.codes.delete(code.code)
  const good =
    code.client === `${app.id}@${app.tenant}` &&
    code.redirectUri === form.get("redirect_uri") &&
    code.expiresAt > world.now() &&
    verifies(code.challenge, form.get("code_verifier"))
  return good ? issue(world, newGrant(world, app, code.user, code.scopes)) : refused(400, "invalid_grant")
}

/** The refresh token before the last one never works again. */
const byRefresh = (world: AcumaticaWorld, app: ConnectedApp, form: URLSearchParams): TwinReply => {
  const wanted = form.get("refresh_token") ?? ""
  const grant = [...world.state.grants.values()].find((one) => one.refresh !== undefined && one.refresh === wanted)
  const good =
    grant !== undefined &&
    !grant.revoked &&
    grant.client === `${app.id}@${app.tenant}` &&
    world.now() < grant.startedAt + app.refreshDays * DAY
  return good ? issue(world, grant) : refused(400, "invalid_grant")
}

export const token = (world: AcumaticaWorld, request: TwinRequest): TwinReply => {
  const form = new URLSearchParams(request.body)
  const [id, given] = clientCredentials(request, form)
  const app = findApp(world, id)
  if (app === undefined || !sameText(app.secret, given)) return refused(400, "invalid_client")
  switch (form.get("grant_type")) {
    case "password":
      return byPassword(world, app, form)
    case "authorization_code":
      return byCode(world, app, form)
    case "refresh_token":
      return byRefresh(world, app, form)
    case "client_credentials":
      return refused(400, "unauthorized_client")
    default:
      return refused(400, "unsupported_grant_type")
  }
}

const redirect = (to: string, members: Readonly<Record<string, string>>): TwinReply => {
  const url = new URL(to)
  for (const [name, value] of Object.entries(members)) url.searchParams.set(name, value)
  return { status: 302, headers: { location: url.href } }
}

/** The first user that may enter the tenant consents at once: the twin has no page to click on. */
export const authorize = (world: AcumaticaWorld, request: TwinRequest): TwinReply => {
  const query = request.url.searchParams
  const app = findApp(world, query.get("client_id") ?? "")
  const back = query.get("redirect_uri") ?? ""
  if (app === undefined || !app.redirectUris.includes(back))
    return Errors.page(400, "Unknown client or redirect address")
  const state = query.get("state") === null ? {} : { state: query.get("state") as string }
  const scopes = scopesOf(query.get("scope"))
  if (query.get("response_type") !== "code") return redirect(back, { error: "unsupported_response_type", ...state })
  if (scopes === undefined) return redirect(back, { error: "invalid_scope", ...state })
  const user = world.state.users.find((one) => one.tenants.length === 0 || one.tenants.includes(app.tenant))
  if (user === undefined) return redirect(back, { error: "access_denied", ...state })
  const challenge = query.get("code_challenge")
  const code = secret(world, "code")
  world.state.codes.set(code, {
    code,
    client: `${app.id}@${app.tenant}`,
    user: user.name,
    scopes,
    redirectUri: back,
    ...(challenge === null ? {} : { challenge }),
    expiresAt: world.now() + CODE_LIFETIME,
  })
  return redirect(back, { code, ...state })
}

/** Ends the token, not the session: the seat stays taken until sign-out or the idle limit. */
export const revoke = (world: AcumaticaWorld, request: TwinRequest): TwinReply => {
  const form = new URLSearchParams(request.body)
  const [id, given] = clientCredentials(request, form)
  const app = findApp(world, id)
  if (app === undefined || !sameText(app.secret, given)) return refused(400, "invalid_client")
  const wanted = form.get("token") ?? ""
  const access = world.state.tokens.get(wanted)
  if (access !== undefined) access.revoked = true
  const grant = [...world.state.grants.values()].find((one) => one.refresh === wanted && wanted !== "")
  if (grant !== undefined) grant.revoked = true
  return { status: 200 }
}

export const userInfo = (world: AcumaticaWorld, request: TwinRequest): TwinReply => {
  const bearer = bearerOf(request)
  const live = bearer === undefined ? undefined : liveToken(world, bearer)
  if (live === undefined) return { status: 401, headers: { "www-authenticate": "Bearer" } }
  return Errors.json(200, { sub: live[1].user, preferred_username: live[1].user })
}

/** `base` is the address of the instance. */
export const discovery = (base: string): TwinReply =>
  Errors.json(200, {
    issuer: `${base}/identity`,
    authorization_endpoint: `${base}/identity/connect/authorize`,
    token_endpoint: `${base}/identity/connect/token`,
    userinfo_endpoint: `${base}/identity/connect/userinfo`,
    revocation_endpoint: `${base}/identity/connect/revocation`,
    grant_types_supported: ["authorization_code", "implicit", "password", "refresh_token"],
    scopes_supported: [...SCOPES],
    code_challenge_methods_supported: ["S256"],
  })
