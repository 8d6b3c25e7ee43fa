/**
 * The token endpoints. HubSpot: OAuth guide and the deprecation of v1. v1 fails with a code in `status`, the others with
 * `error` and `error_description`.
 */
import { createHash } from "node:crypto"
import type { TwinReply } from "../twin/Twin.ts"
import type { Call } from "./Hub.ts"
import { ACCESS_TOKEN_SECONDS, type Grant, type Tokens } from "./Tokens.ts"

export interface App {
  readonly appId: number
  readonly clientId: string
  readonly clientSecret: string
}

interface Installation {
  readonly clientId: string
  readonly scopes: ReadonlyArray<string>
  readonly userId: number
}

interface Code extends Installation {
  readonly redirectUri?: string
  /** PKCE: base64url of the SHA-256 of the verifier. */
  readonly challenge?: string
}

export interface OAuthDump {
  readonly apps: ReadonlyArray<App>
  readonly codes: ReadonlyArray<readonly [string, Code]>
  readonly refresh: ReadonlyArray<readonly [string, Installation]>
}

type Form = Readonly<Record<string, string>>

class Denied extends Error {
  readonly dated: string
  readonly v1: string
  constructor(dated: string, v1: string, message: string) {
    super(message)
    this.dated = dated
    this.v1 = v1
  }
}

const token = (random: () => number, length: number): string => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("")
}

const pkceHolds = (code: Code, verifier: string | undefined): boolean =>
  code.challenge === undefined ||
  (verifier !== undefined && createHash("sha256").update(verifier).digest("base64url") === code.challenge)

export class OAuth {
  readonly #apps = new Map<string, App>()
  readonly #codes = new Map<string, Code>()
  readonly #refresh = new Map<string, Installation>()
  readonly #tokens: Tokens

  constructor(tokens: Tokens) {
    this.#tokens = tokens
  }

  register(app: App): void {
    this.#apps.set(app.clientId, app)
  }

  /** What the authorise page hands to the redirect uri when a user installs the app. */
  authorise(code: Code, random: () => number): string {
    const value = token(random, 36)
    this.#codes.set(value, code)
    return value
  }

  /** A refresh token without the way over the browser. */
  install(installation: Installation, random: () => number): string {
    const value = token(random, 60)
    this.#refresh.set(value, installation)
    return value
  }

  /** An access token of an installed app, as a refresh gives it. */
  grant(installation: Installation, now: number, random: () => number): Grant {
    const app = this.#apps.get(installation.clientId)
    if (app === undefined) throw new Error(`no app ${installation.clientId}`)
    const grant: Grant = {
      token: token(random, 120),
      kind: "oauth",
      appId: app.appId,
      scopes: installation.scopes,
      userId: installation.userId,
      clientId: app.clientId,
      expiresAt: now + ACCESS_TOKEN_SECONDS * 1_000,
    }
    this.#tokens.add(grant)
    return grant
  }

  #client(form: Form): App {
    const app = this.#apps.get(form["client_id"] ?? "")
    if (app === undefined) throw new Denied("invalid_client", "BAD_CLIENT_ID", "The client id is not known.")
    if (app.clientSecret !== form["client_secret"]) {
      throw new Denied("invalid_client", "BAD_CLIENT_SECRET", "The client secret does not fit the client id.")
    }
    return app
  }

  #byCode(form: Form): readonly [Installation, string | undefined] {
    const app = this.#client(form)
    const value = form["code"] ?? ""
    const code = this.#codes.get(value)
    if (code === undefined || code.clientId !== app.clientId) {
      throw new Denied("invalid_grant", "BAD_AUTH_CODE", "The authorization code is missing, used or expired.")
    }
    if (code.redirectUri !== undefined && code.redirectUri !== form["redirect_uri"]) {
      throw new Denied("invalid_grant", "BAD_REDIRECT_URI", "The redirect uri is not the one of the authorization.")
    }
    if (!pkceHolds(code, form["code_verifier"])) {
      throw new Denied("invalid_grant", "BAD_AUTH_CODE", "The code verifier does not fit the challenge.")
    }
    this.#codes.delete(value)
    return [{ clientId: code.clientId, scopes: code.scopes, userId: code.userId }, undefined]
  }

  #byRefresh(form: Form): readonly [Installation, string] {
    const app = this.#client(form)
    const value = form["refresh_token"] ?? ""
    const installation = this.#refresh.get(value)
    if (installation === undefined || installation.clientId !== app.clientId) {
      throw new Denied("invalid_grant", "BAD_REFRESH_TOKEN", "The refresh token is missing, revoked or expired.")
    }
    return [installation, value]
  }

  /** A refresh answers with the same refresh token, unless the portal rotates them. */
  #refreshFor(call: Call, installation: Installation, used: string | undefined): string {
    if (used !== undefined && !call.hub.knobs.rotateRefreshTokens) return used
    if (used !== undefined) this.#refresh.delete(used)
    return this.install(installation, call.random)
  }

  token(call: Call, form: Form, uuid: () => string): TwinReply {
    return denials(call, uuid, () => {
      const grants: Readonly<Record<string, () => readonly [Installation, string | undefined]>> = {
        authorization_code: () => this.#byCode(form),
        refresh_token: () => this.#byRefresh(form),
      }
      const find = grants[form["grant_type"] ?? ""]
      if (find === undefined)
        throw new Denied("unsupported_grant_type", "BAD_GRANT_TYPE", "This grant type is not supported.")
      const [installation, used] = find()
      const grant = this.grant(installation, call.now, call.random)
      const basic = {
        token_type: "bearer",
        access_token: grant.token,
        refresh_token: this.#refreshFor(call, installation, used),
        expires_in: ACCESS_TOKEN_SECONDS,
      }
      if (call.family === "v1") return { status: 200, body: basic }
      const { portalId } = call.hub.portal
      const more = { token_use: "access_token", hub_id: portalId, user_id: grant.userId, scopes: grant.scopes }
      return { status: 200, body: { ...basic, ...more } }
    })
  }

  /** Refuses tokens of private apps, which have a door of their own. */
  introspect(call: Call, form: Form, uuid: () => string): TwinReply {
    return denials(call, uuid, () => {
      const app = this.#client(form)
      const value = form["token"] ?? ""
      const shared = { token: value, token_type: "bearer", client_id: app.clientId, app_id: app.appId }
      const where = { hub_id: call.hub.portal.portalId, hub_domain: `portal-${call.hub.portal.portalId}.example` }
      const installation = this.#refresh.get(value)
      if (installation !== undefined && installation.clientId === app.clientId) {
        const { scopes, userId: user_id } = installation
        return { status: 200, body: { active: true, ...shared, ...where, token_use: "refresh_token", user_id, scopes } }
      }
      const grant = this.#tokens.get(value)
      if (grant !== undefined && grant.kind !== "oauth") {
        throw new Denied(
          "unsupported_token_type",
          "BAD_TOKEN_TYPE",
          "Tokens of private apps are not introspected here.",
        )
      }
      const left = (grant?.expiresAt ?? 0) - call.now
      if (grant === undefined || grant.clientId !== app.clientId || left <= 0)
        return { status: 200, body: { active: false } }
      const facts = { token_use: "access_token", user_id: grant.userId, scopes: grant.scopes }
      const expires_in = Math.floor(left / 1_000)
      return {
        status: 200,
        body: { active: true, ...shared, ...where, ...facts, expires_in, is_private_distribution: false },
      }
    })
  }

  /** RFC 7009: an unknown token is no error. Access tokens that live go on to live. */
  revoke(call: Call, form: Form, uuid: () => string): TwinReply {
    return denials(call, uuid, () => {
      this.#client(form)
      const value = form["token"] ?? ""
      this.#refresh.delete(value)
      if (this.#tokens.get(value)?.kind === "oauth") this.#tokens.remove(value)
      return { status: 204 }
    })
  }

  /** Every account takes the app out: no refresh token is good any more. */
  uninstall(): void {
    this.#refresh.clear()
  }

  dump(): OAuthDump {
    return { apps: [...this.#apps.values()], codes: [...this.#codes], refresh: [...this.#refresh] }
  }

  load(dump: OAuthDump): void {
    this.#apps.clear()
    this.#codes.clear()
    this.#refresh.clear()
    for (const app of dump.apps) this.register(app)
    for (const [value, code] of dump.codes) this.#codes.set(value, code)
    for (const [value, installation] of dump.refresh) this.#refresh.set(value, installation)
  }
}

const denials = (call: Call, uuid: () => string, body: () => TwinReply): TwinReply => {
  try {
    return body()
  } catch (error) {
    if (!(error instanceof Denied)) throw error
    const { dated, message, v1 } = error
    return call.family === "v1"
      ? { status: 400, body: { status: v1, message, correlationId: uuid() } }
      : { status: 400, body: { error: dated, error_description: message } }
  }
}
