/** The token endpoints of Entra, v1 and v2, and what the environment makes of a token: who asks, and for which company. */
import * as crypto from "node:crypto"
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import * as Errors from "./Errors.ts"
import { text } from "./Record.ts"
import type { App, User } from "./State.ts"
import type { DynamicsWorld } from "./World.ts"

export interface Directory {
  readonly world: DynamicsWorld
  readonly tenant: string
  /** Address of the environment, lower case, without a slash at the end: what a token has to be for. */
  readonly environment: string
}

/** Life of a token in seconds, one less than an hour as it is told. Ballerina connector, recorded answers. */
export const LIFETIME = 3599

interface Problem {
  readonly status: number
  readonly error: string
  readonly code: number
  readonly says: string
}

const refused = ({ world }: Directory, { code, error, says, status }: Problem): TwinReply => {
  const [trace, correlation] = [world.guid(), world.guid()]
  const timestamp = new Date(world.now()).toISOString().replace("T", " ").slice(0, 19)
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: {
      error,
      error_description: `AADSTS${code}: ${says} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}Z`,
      error_codes: [code],
      timestamp: `${timestamp}Z`,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  }
}

const signature = ({ world }: Directory, text: string): string =>
  crypto.createHmac("sha256", `twin of Entra ${world.seedNumber}`).update(text).digest("base64url")

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")

interface Claims {
  readonly aud: string
  readonly tid: string
  readonly appid: string
  readonly oid?: string
  readonly exp: number
}

/** As long as real ones are: a client must not cut it. */
const PADDING = "0123456789abcdef".repeat(70)

const tokenFor = (directory: Directory, app: App, aud: string): string => {
  const now = Math.floor(directory.world.now() / 1000)
  const claims = {
    aud,
    iss: `https://sts.windows.net/${directory.tenant}/`,
    iat: now,
    nbf: now,
    exp: now + LIFETIME,
    appid: app.clientId,
    ...(app.principal ? { oid: app.clientId } : {}),
    tid: directory.tenant,
    uti: directory.world.guid(),
    xms_rd: PADDING,
  }
  const signed = `${encode({ typ: "JWT", alg: "RS256" })}.${encode(claims)}`
  return `${signed}.${signature(directory, signed)}`
}

/** `scope` of v2 ends in `/.default`; `resource` of v1 is the address itself. */
const audience = (form: URLSearchParams, version: "v1" | "v2"): string | undefined => {
  if (version === "v1") return form.get("resource") ?? undefined
  const scope = form.get("scope")
  return scope?.endsWith("/.default") === true ? scope.slice(0, -"/.default".length) : undefined
}

const sameText = (a: string, b: string): boolean =>
  crypto.timingSafeEqual(crypto.createHash("sha256").update(a).digest(), crypto.createHash("sha256").update(b).digest())

const checkApp = (directory: Directory, app: App | undefined, secret: string): Problem | undefined => {
  if (app === undefined) {
    const says = `Application was not found in the directory '${directory.tenant}'.`
    return { status: 400, error: "unauthorized_client", code: 700016, says }
  }
  if (!sameText(app.secret, secret)) {
    return { status: 401, error: "invalid_client", code: 7000215, says: "Invalid client secret provided." }
  }
  const ended = app.secretEnds !== undefined && app.secretEnds <= directory.world.now()
  const says = "The provided client secret keys are expired."
  return ended ? { status: 401, error: "invalid_client", code: 7000222, says } : undefined
}

export const token = (directory: Directory, request: TwinRequest, tenant: string, version: "v1" | "v2"): TwinReply => {
  const form = new URLSearchParams(request.body)
  if (form.get("grant_type") !== "client_credentials") {
    const says = "The app requested an unsupported grant type."
    return refused(directory, { status: 400, error: "unsupported_grant_type", code: 70003, says })
  }
  if (tenant !== directory.tenant) {
    return refused(directory, {
      status: 400,
      error: "invalid_request",
      code: 90002,
      says: `Tenant '${tenant}' not found.`,
    })
  }
  const app = directory.world.state.apps.find((one) => one.clientId === form.get("client_id"))
  const problem = checkApp(directory, app, form.get("client_secret") ?? "")
  if (app === undefined || problem !== undefined) return refused(directory, problem as Problem)
  const aud = audience(form, version)
  if (aud === undefined || !/^https:\/\/[^/]+/.test(aud)) {
    const says = "The resource is disabled or does not exist."
    return refused(directory, { status: 400, error: "invalid_resource", code: 50001, says })
  }
  const access_token = tokenFor(directory, app, aud)
  const { now } = { now: Math.floor(directory.world.now() / 1000) }
  const v1 = { expires_on: String(now + LIFETIME), not_before: String(now), resource: aud }
  const lifetime = version === "v1" ? String(LIFETIME) : LIFETIME
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store, no-cache" },
    body: {
      token_type: "Bearer",
      expires_in: lifetime,
      ext_expires_in: lifetime,
      ...(version === "v1" ? v1 : {}),
      access_token,
    },
  }
}

const claimsOf = (directory: Directory, bearer: string): Claims | undefined => {
  const [head = "", body = "", mark = ""] = bearer.split(".")
  if (!sameText(signature(directory, `${head}.${body}`), mark)) return undefined
  return JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Claims
}

export interface Caller {
  readonly app: App
  readonly user: User
}

/** Who asks; undefined is 401. The application has to be registered in the environment and mapped to a user. */
export const caller = (directory: Directory, request: TwinRequest): Caller | undefined => {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1]
  const claims = bearer === undefined ? undefined : claimsOf(directory, bearer)
  if (claims === undefined || claims.oid === undefined || claims.tid !== directory.tenant) return undefined
  const { world } = directory
  if (claims.aud !== directory.environment || claims.exp * 1000 <= world.now()) return undefined
  const app = world.state.apps.find((one) => one.clientId === claims.appid)
  const [registered] = world.table("SysAADClients").where("AADClientId", claims.appid)
  const user = world.state.users.find((one) => registered !== undefined && one.id === text(registered, "UserId"))
  return app === undefined || user === undefined ? undefined : { app, user }
}

/** A token without a request, for those who test something else. */
export const issue = (directory: Directory, clientId: string): string => {
  const app = directory.world.state.apps.find((one) => one.clientId === clientId)
  if (app === undefined) throw new RangeError(`no application ${clientId}`)
  return tokenFor(directory, app, directory.environment)
}

export const unauthorized = Errors.unauthorized
