/** Who a request comes from: key and secret, bearer, session cookie, or nobody. */
import type { TwinRequest } from "../twin/Twin.ts"
import { Refusal, thrown, unauthenticated } from "./Errors.ts"
import { GUEST, type Site } from "./Site.ts"
import type { Session, User } from "./State.ts"

/** Seconds for which a session and its cookie last: 170 hours. */
export const SESSION_SECONDS = 612_000

export interface Caller {
  readonly user: string
  readonly session?: Session
  /** A cookie was sent whose session has ended. */
  readonly expired: boolean
}

const byKey = (site: Site, pair: string): User | undefined => {
  const [key = "", secret = ""] = [pair.slice(0, pair.indexOf(":")), pair.slice(pair.indexOf(":") + 1)]
  for (const user of site.state.users.values()) {
    if (key !== "" && user.apiKey === key && user.apiSecret === secret && user.enabled) return user
  }
  return undefined
}

const byBearer = (site: Site, token: string): string | undefined => {
  const found = site.state.tokens.get(token)
  const good = found !== undefined && !found.revoked && found.expiresAt > site.now()
  return good && site.state.users.get(found.user)?.enabled === true ? found.user : undefined
}

const decoded = (base64: string): string => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new Refusal(400, "InvalidAuthorizationToken", { message: "The credentials are not base64", bare: true })
  }
  return Buffer.from(base64, "base64").toString("utf8")
}

/** Wrong, unknown, expired and revoked look alike. */
const byHeader = (site: Site, header: string): string => {
  const [scheme = "", ...rest] = header.trim().split(/\s+/)
  const value = rest.join(" ")
  switch (scheme.toLowerCase()) {
    case "token": {
      const user = value.includes(":") ? byKey(site, value) : undefined
      if (user === undefined) throw unauthenticated()
      return user.name
    }
    case "basic": {
      const user = byKey(site, decoded(value))
      if (user === undefined) throw unauthenticated()
      return user.name
    }
    case "bearer": {
      const user = byBearer(site, value)
      if (user === undefined) throw unauthenticated()
      return user
    }
    default:
      throw unauthenticated()
  }
}

export const cookieOf = (request: TwinRequest): string | undefined =>
  /(?:^|;\s*)sid=([^;]*)/.exec(request.headers.get("cookie") ?? "")?.[1]

/** A live session beats the header. */
export const identify = (site: Site, request: TwinRequest): Caller => {
  const sid = cookieOf(request)
  const session = sid === undefined || sid === GUEST ? undefined : site.state.sessions.get(sid)
  if (session !== undefined && session.expiresAt > site.now()) return { user: session.user, session, expired: false }
  const header = request.headers.get("authorization")
  if (header !== null) return { user: byHeader(site, header), expired: false }
  return { user: GUEST, expired: sid !== undefined && sid !== "" && sid !== GUEST }
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"])

/** Asked for once the session has loaded a page of the desk. */
export const requireCsrf = (request: TwinRequest, { session }: Caller): void => {
  if (session?.csrf === undefined || SAFE.has(request.method)) return
  if (request.headers.get("x-frappe-csrf-token") === session.csrf) return
  throw thrown(400, "CSRFTokenError", "The request does not carry the mark of its session", { bare: true })
}

const GUEST_COOKIES = ["sid=Guest", "system_user=no", "full_name=Guest", "user_id=Guest", "user_image="]

const CLEARED = ["system_user", "full_name", "user_id", "sid", "user_image"]

const dated = (site: Site, seconds: number): string => new Date(site.now() + seconds * 1000).toUTCString()

/** Every reply to a token sets the cookies of a guest; one to wrong credentials clears them as well. */
export const guestCookies = (site: Site, refused: boolean): ReadonlyArray<string> => {
  const set = GUEST_COOKIES.map((cookie, index) =>
    index === 0
      ? `${cookie}; Expires=${dated(site, SESSION_SECONDS)}; Max-Age=${SESSION_SECONDS}; HttpOnly; Path=/; SameSite=Lax`
      : `${cookie}; Path=/; SameSite=Lax`,
  )
  return refused ? [...set, ...CLEARED.map((name) => `${name}=; Expires=${dated(site, -86_400)}; Path=/`)] : set
}

export const sessionCookies = (site: Site, session: Session, fullName: string): ReadonlyArray<string> => [
  `sid=${session.id}; Expires=${dated(site, SESSION_SECONDS)}; Max-Age=${SESSION_SECONDS}; HttpOnly; Path=/; SameSite=Lax`,
  "system_user=yes; Path=/; SameSite=Lax",
  `full_name=${encodeURIComponent(fullName)}; Path=/; SameSite=Lax`,
  `user_id=${encodeURIComponent(session.user)}; Path=/; SameSite=Lax`,
  "user_image=; Path=/; SameSite=Lax",
]

/** After so many wrong passwords the user waits, and is told so by a 500. */
export const login = (site: Site, name: string, password: string): Session => {
  const user = site.state.users.get(name)
  const settings = site.settings("System Settings")
  if (user !== undefined && user.lockedUntil > site.now()) {
    throw thrown(500, "SecurityException", "Too many wrong passwords; the account is locked for a while")
  }
  if (user === undefined || !user.enabled || user.password !== password) {
    if (user !== undefined) {
      user.failures += 1
      if (user.failures >= Number(settings["allow_consecutive_login_attempts"] ?? 10)) {
        user.lockedUntil = site.now() + Number(settings["allow_login_after_fail"] ?? 60) * 1000
        user.failures = 0
      }
    }
    throw thrown(401, "AuthenticationError", "User or password is wrong")
  }
  user.failures = 0
  const session: Session = { id: site.secret(56), user: name, expiresAt: site.now() + SESSION_SECONDS * 1000 }
  site.state.sessions.set(session.id, session)
  return session
}
