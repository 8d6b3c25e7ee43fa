/** Sign-in by cookie, sign-out, seats and idle sessions; and the session that a bearer token opens. */
import * as Json from "@mortise/core/Json"
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import { isObject } from "./Apply.ts"
import * as Errors from "./Errors.ts"
import type { AccessToken, Grant, Session, User } from "./State.ts"
import type { AcumaticaWorld } from "./World.ts"

/** Scope under which sessions are counted per cookie. */
export const CONCURRENT = "api:concurrent_access"

export interface Entered {
  readonly session: Session
  /** Cookies of a session that this request opened. */
  readonly cookies: ReadonlyArray<string>
}

const cookie = (request: TwinRequest, name: string): string | undefined => {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [key = "", value = ""] = part.trim().split("=")
    if (key === name) return value
  }
  return undefined
}

export const cookiesOf = (session: Session): ReadonlyArray<string> => [
  `ASP.NET_SessionId=${session.id}; path=/; HttpOnly; SameSite=Lax`,
  `.ASPXAUTH=${session.id.replaceAll("-", "").toUpperCase()}; path=/; HttpOnly; SameSite=Lax`,
  `UserBranch=${session.branch}; path=/`,
  "Locale=TimeZone=GMTE0000U&Culture=en-US; path=/",
]

/** Ends the sessions that nobody used for too long, and those whose token has gone. */
export const expire = (world: AcumaticaWorld): void => {
  const idleSince = world.now() - world.knobs.idleMinutes * 60_000
  for (const session of [...world.state.sessions.values()]) {
    if (session.usedAt <= idleSince || orphaned(world, session)) world.state.sessions.delete(session.id)
  }
}

/** With `api` alone the session dies with its token; a refreshed one keeps it. */
const orphaned = (world: AcumaticaWorld, session: Session): boolean => {
  const grant = session.grant === undefined ? undefined : world.state.grants.get(session.grant)
  if (grant === undefined || grant.scopes.includes("offline_access") || session.byCookie) return false
  const tokens = [...world.state.tokens.values()].filter((one) => one.grant === grant.id)
  return tokens.every((one) => one.expiresAt <= world.now())
}

const seatsTaken = (world: AcumaticaWorld): boolean =>
  world.license.seats !== undefined && world.state.sessions.size >= world.license.seats

export const noSeat = (world: AcumaticaWorld): Errors.Refusal =>
  new Errors.Refusal(world.knobs.seatsRefusal === 429 ? Errors.declined() : Errors.loginLimit())

const open = (world: AcumaticaWorld, given: Omit<Session, "id" | "usedAt">): Session => {
  if (seatsTaken(world)) throw noSeat(world)
  const session: Session = { ...given, id: world.guid(), usedAt: world.now() }
  world.state.sessions.set(session.id, session)
  return session
}

export const checkPassword = (world: AcumaticaWorld, name: string, password: string): User | undefined => {
  const user = world.state.users.find((one) => one.name === name)
  if (user === undefined || user.failures >= world.knobs.lockoutAfter) return undefined
  if (user.password === password) {
    user.failures = 0
    return user
  }
  user.failures += 1
  return undefined
}

const tenantFor = (world: AcumaticaWorld, wanted: string): string => {
  const names = world.tenantNames()
  const [first = ""] = names
  // A site with one tenant takes any name.
  if (wanted === "" || names.length === 1) return first
  if (names.includes(wanted)) return wanted
  if (world.knobs.wrongTenant === "default") return first
  throw Errors.refuse(500, {
    exceptionMessage: `Unknown tenant '${wanted}'.`,
    exceptionType: "PX.Data.PXUndefinedCompanyException",
  })
}

const textOf = (body: { readonly [name: string]: Json.Json }, name: string): string => {
  const value = body[name]
  return typeof value === "string" ? value : ""
}

export const login = (world: AcumaticaWorld, request: TwinRequest): TwinReply => {
  const body = Json.parse(request.body)
  if (!isObject(body)) throw Errors.malformed("credentials", "An object is expected.")
  const tenant = tenantFor(world, textOf(body, "tenant") || textOf(body, "company"))
  const user = checkPassword(world, textOf(body, "name"), textOf(body, "password"))
  if (user === undefined || (user.tenants.length > 0 && !user.tenants.includes(tenant))) {
    throw Errors.refuse(world.knobs.badCredentials, { exceptionMessage: "Invalid credentials. Please try again." })
  }
  expire(world)
  const branch = textOf(body, "branch") || (world.tenant(tenant).branches[0] ?? "MAIN")
  const session = open(world, { tenant, user: user.name, branch, byCookie: true })
  return { status: 204, headers: { "set-cookie": cookiesOf(session) }, changed: false }
}

/** IIS wants a length. A request in process shows no host, and there `fetch` hides the length that it would send. */
const lengthMissing = (request: TwinRequest): boolean =>
  !request.headers.has("content-length") && (request.headers.has("host") || request.headers.has("transfer-encoding"))

export const logout = (world: AcumaticaWorld, request: TwinRequest): TwinReply => {
  if (lengthMissing(request)) return Errors.page(411, "Length Required")
  expire(world)
  const bearer = bearerOf(request)
  if (bearer !== undefined && liveToken(world, bearer) === undefined) throw Errors.notSignedIn()
  const session = current(world, request)
  if (session !== undefined) world.state.sessions.delete(session.id)
  return { status: 204 }
}

export const bearerOf = (request: TwinRequest): string | undefined =>
  /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1]

/** The token and its grant, if both are good now. */
export const liveToken = (world: AcumaticaWorld, bearer: string): [AccessToken, Grant] | undefined => {
  const token = world.state.tokens.get(bearer)
  const grant = token === undefined ? undefined : world.state.grants.get(token.grant)
  if (token === undefined || grant === undefined) return undefined
  return token.revoked || token.expiresAt <= world.now() ? undefined : [token, grant]
}

/** The open session that a request belongs to. */
const current = (world: AcumaticaWorld, request: TwinRequest): Session | undefined => {
  const id = cookie(request, "ASP.NET_SessionId")
  const bearer = bearerOf(request)
  if (bearer === undefined) return id === undefined ? undefined : ofCookie(world, id, undefined)
  const grant = world.state.tokens.get(bearer)?.grant
  if (grant === undefined) return undefined
  const byCookie = id === undefined ? undefined : ofCookie(world, id, grant)
  return byCookie ?? [...world.state.sessions.values()].find((one) => one.grant === grant && !one.byCookie)
}

const ofCookie = (world: AcumaticaWorld, id: string, grant: string | undefined): Session | undefined => {
  const session = world.state.sessions.get(id)
  return session !== undefined && session.grant === grant ? session : undefined
}

const openForBearer = (world: AcumaticaWorld, bearer: string): Entered => {
  const live = liveToken(world, bearer)
  if (live === undefined) throw Errors.notSignedIn()
  const [, grant] = live
  const byCookie = grant.scopes.includes(CONCURRENT)
  const branch = world.tenant(grant.tenant).branches[0] ?? "MAIN"
  const session = open(world, { tenant: grant.tenant, user: grant.user, branch, grant: grant.id, byCookie })
  return { session, cookies: byCookie ? cookiesOf(session) : [] }
}

/** The session of a request, opened on the first use of a token; 401 without one. */
export const enter = (world: AcumaticaWorld, request: TwinRequest): Entered => {
  expire(world)
  const bearer = bearerOf(request)
  if (bearer !== undefined && liveToken(world, bearer) === undefined) throw Errors.notSignedIn()
  const session = current(world, request)
  if (session !== undefined) {
    session.usedAt = world.now()
    return { session, cookies: [] }
  }
  if (bearer === undefined) throw Errors.notSignedIn()
  return openForBearer(world, bearer)
}

/** Whether a request is signed in, without opening anything. */
export const peek = (world: AcumaticaWorld, request: TwinRequest): Session | undefined => {
  expire(world)
  const bearer = bearerOf(request)
  return bearer !== undefined && liveToken(world, bearer) === undefined ? undefined : current(world, request)
}
