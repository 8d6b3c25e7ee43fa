/**
 * The site as provider of tokens. A refresh gives a new pair and takes nothing back: the old access token lives to its own
 * expiry and the old refresh token works again. Scopes limit nothing, and no secret is asked for.
 */
import * as crypto from "node:crypto"
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import { text } from "./Doc.ts"
import { doctypeForbidden, json, page } from "./Errors.ts"
import { GUEST, type Site } from "./Site.ts"
import type { Code, Token } from "./State.ts"

export const LIFETIME = 3600
const CODE_LIFETIME = 600_000

const refused = (error: string): TwinReply => json(400, { error })

const issue = (site: Site, client: string, user: string, scope: string): Token => {
  const token: Token = {
    access: site.secret(30),
    refresh: site.secret(30),
    client,
    user,
    scope,
    expiresAt: site.now() + LIFETIME * 1000,
    revoked: false,
  }
  site.state.tokens.set(token.access, token)
  return token
}

const told = (site: Site, token: Token): TwinReply =>
  json(200, {
    access_token: token.access,
    expires_in: LIFETIME,
    token_type: "Bearer",
    scope: token.scope,
    refresh_token: token.refresh,
    ...(token.scope.split(" ").includes("openid")
      ? { id_token: `${site.secret(20)}.${site.secret(60)}.${site.secret(43)}` }
      : {}),
  })

/** The lookup of what is not there ends as a right that a guest lacks. */
const unknown = (doctype: string) => doctypeForbidden(GUEST, doctype)

const verifies = ({ challenge }: Code, verifier: string | null): boolean => {
  if (challenge === undefined) return true
  const given = verifier ?? ""
  const proof = challenge.method === "plain" ? given : crypto.createHash("sha256").update(given).digest("base64url")
  return proof === challenge.value
}

const byCode = (site: Site, client: string, form: URLSearchParams): TwinReply => {
  const code = site.state.codes.get(form.get("code") ?? "")
  if (code === undefined) return refused("invalid_grant")
  site.state.codes.delete(code.code)
  const good =
    code.client === client &&
    code.redirectUri === form.get("redirect_uri") &&
    code.expiresAt > site.now() &&
    verifies(code, form.get("code_verifier"))
  return good ? told(site, issue(site, client, code.user, code.scope)) : refused("invalid_grant")
}

const byRefresh = (site: Site, client: string, form: URLSearchParams): TwinReply => {
  const wanted = form.get("refresh_token") ?? ""
  for (const token of site.state.tokens.values()) {
    if (token.refresh === wanted && token.client === client && !token.revoked) {
      return told(site, issue(site, client, token.user, token.scope))
    }
  }
  throw unknown("OAuth Bearer Token")
}

const byPassword = (site: Site, client: string, form: URLSearchParams): TwinReply => {
  const user = site.state.users.get(form.get("username") ?? "")
  if (user === undefined || user.password !== form.get("password")) return refused("invalid_grant")
  return told(site, issue(site, client, user.name, form.get("scope") ?? "all"))
}

/** Only a form is read. */
export const token = (site: Site, request: TwinRequest): TwinReply => {
  const isForm = /form-urlencoded/.test(request.headers.get("content-type") ?? "")
  const form = new URLSearchParams(isForm ? request.body : "")
  const grants = new Map([
    ["authorization_code", byCode],
    ["refresh_token", byRefresh],
    ["password", byPassword],
  ])
  const grant = form.get("grant_type")
  if (grant === "client_credentials") return refused("unauthorized_client")
  const take = grants.get(grant ?? "")
  if (take === undefined) return refused("unsupported_grant_type")
  const client = form.get("client_id") ?? ""
  if (!site.store.has("OAuth Client", client)) throw unknown("OAuth Client")
  return take(site, client, form)
}

/** Either token of a pair ends the pair. */
export const revoke = (site: Site, request: TwinRequest): TwinReply => {
  const wanted = new URLSearchParams(request.body).get("token") ?? ""
  for (const one of site.state.tokens.values()) if (one.access === wanted || one.refresh === wanted) one.revoked = true
  return json(200, {})
}

export const introspect = (site: Site, request: TwinRequest): TwinReply => {
  const found = site.state.tokens.get(new URLSearchParams(request.body).get("token") ?? "")
  if (found === undefined) return json(200, { active: false })
  const active = !found.revoked && found.expiresAt > site.now()
  return json(200, {
    active,
    client_id: found.client,
    scope: found.scope,
    exp: Math.floor(found.expiresAt / 1000),
    token_type: "Bearer",
  })
}

export const newCode = (site: Site, client: string, user: string, query: URLSearchParams): Code => {
  const challenge = query.get("code_challenge")
  const code: Code = {
    code: site.secret(30),
    client,
    user,
    scope: query.get("scope") ?? "all openid",
    redirectUri: query.get("redirect_uri") ?? "",
    ...(challenge === null
      ? {}
      : {
          challenge: {
            method: query.get("code_challenge_method")?.toLowerCase() === "s256" ? "S256" : "plain",
            value: challenge,
          },
        }),
    expiresAt: site.now() + CODE_LIFETIME,
  }
  site.state.codes.set(code.code, code)
  return code
}

/** A user who is signed in consents at once; a guest is shown the page of the login. */
export const authorize = (site: Site, request: TwinRequest): TwinReply => {
  const query = request.url.searchParams
  const client = site.get("OAuth Client", query.get("client_id") ?? "")
  const back = query.get("redirect_uri") ?? ""
  const known = text(client?.columns ?? {}, "redirect_uris").split(/\s+/)
  if (client === undefined || !known.includes(back)) return page(400, "Unknown client or address")
  if (site.user === GUEST) return page(200, "Login")
  const url = new URL(back)
  url.searchParams.set("code", newCode(site, query.get("client_id") ?? "", site.user, query).code)
  const state = query.get("state")
  if (state !== null) url.searchParams.set("state", state)
  return { status: 302, headers: { location: url.href } }
}

export const discovery = (site: Site): unknown => {
  const at = (method: string) => `${site.origin}/api/method/frappe.integrations.oauth2.${method}`
  return {
    issuer: site.origin,
    authorization_endpoint: at("authorize"),
    token_endpoint: at("get_token"),
    userinfo_endpoint: at("openid_profile"),
    revocation_endpoint: at("revoke_token"),
    introspection_endpoint: at("introspect_token"),
    response_types_supported: ["code", "token", "code id_token", "code token id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["HS256"],
  }
}

/** A pair of tokens as if somebody had consented in a browser. */
export const consent = (site: Site, client: string, user: string, scope = "all openid") => {
  const { access, refresh } = issue(site, client, user, scope)
  return { accessToken: access, refreshToken: refresh }
}
