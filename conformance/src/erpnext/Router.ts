/** The way of a request through the site: the door, the limiter, the caller, the route, the transaction. */
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import * as Access from "./Access.ts"
import {
  absent,
  json,
  missing,
  page,
  plainNote,
  Refusal,
  reply,
  serverMessages,
  thrown,
  type Wording,
} from "./Errors.ts"
import * as Methods from "./methods/Methods.ts"
import * as OAuth from "./OAuth.ts"
import type { Queries } from "./query/Query.ts"
import * as RateLimit from "./RateLimit.ts"
import * as Request from "./Request.ts"
import * as Resources from "./Resources.ts"
import { GUEST, type Site } from "./Site.ts"

const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"])

/** A page where the caller asks for text, and for no JSON beside it. */
const wantsText = (request: TwinRequest): boolean => {
  const accept = request.headers.get("accept") ?? ""
  return accept.startsWith("text") && !accept.includes("application/json")
}

const wording = (site: Site): Wording => ({
  api: site.api,
  tracebacks:
    site.settings("System Settings")["allow_error_traceback"] === 1 &&
    !(site.release.errors.hidesTracebacks && site.user === GUEST),
  namesClass: site.release.errors.namesClass,
  excId: site.excId,
})

const refused = (site: Site, request: TwinRequest, refusal: Refusal): TwinReply => {
  if (refusal.details.page === true || wantsText(request))
    return page(refusal.status, refusal.status === 404 ? "Not Found" : refusal.type)
  return reply(refusal, site.notes, wording(site))
}

/** Notes that were left go with a success. */
const withNotes = (site: Site, given: TwinReply): TwinReply => {
  if (site.notes.length === 0 || typeof given.body !== "object" || given.body === null) return given
  const told =
    site.api === 1 ? { _server_messages: serverMessages(site.notes) } : { messages: site.notes.map(plainNote) }
  return { ...given, body: { ...given.body, ...told } }
}

const OAUTH = "frappe.integrations.oauth2."

const result = (site: Site, value: unknown): TwinReply =>
  json(200, value === undefined ? {} : { [site.api === 1 ? "message" : "data"]: value })

const call = (resource: Resources.Call, request: TwinRequest, name: string): TwinReply => {
  const { params, queries, site } = resource
  switch (name) {
    case `${OAUTH}get_token`:
      return OAuth.token(site, request)
    case `${OAUTH}revoke_token`:
      return OAuth.revoke(site, request)
    case `${OAUTH}introspect_token`:
      return OAuth.introspect(site, request)
    case `${OAUTH}authorize`:
    case `${OAUTH}approve`:
      return OAuth.authorize(site, request)
    case `${OAUTH}openid_configuration`:
      return json(200, OAuth.discovery(site))
    case `${OAUTH}openid_profile`:
      return json(200, { sub: site.user, name: site.user, email: site.user })
    case "frappe.desk.form.load.getdoctype":
      Methods.requireSignedIn(site, name)
      return json(200, Methods.getdoctype(site, Request.text(params, "doctype")))
    default:
      return result(site, Methods.find(site, name, request.method)(site, params, queries))
  }
}

const session = (site: Site, request: TwinRequest, params: Request.Params, name: string): TwinReply | undefined => {
  if (name === "login") {
    const { body, cookies } = Methods.login(site, params)
    return { ...json(200, body), headers: { "content-type": "application/json", "set-cookie": cookies } }
  }
  if (name !== "logout") return undefined
  const sid = Access.cookieOf(request)
  if (sid !== undefined) site.state.sessions.delete(sid)
  return json(200, {})
}

const method = (resource: Resources.Call, request: TwinRequest, parts: ReadonlyArray<string>): TwinReply => {
  const { params, site } = resource
  const name = parts.join("/")
  const signing = session(site, request, params, name)
  if (signing !== undefined) return signing
  const [doctype = "", own = ""] = parts
  if (site.api === 2 && parts.length === 2 && site.shape(doctype) !== undefined) {
    throw thrown(403, "PermissionError", `${doctype} has no function ${own} that is open to calls by name`)
  }
  return call(resource, request, name)
}

interface Address {
  readonly api: 1 | 2
  readonly kind: string
  readonly parts: ReadonlyArray<string>
}

/** `/api/v1/...` is `/api/...` by another name from v15 on. */
export const address = (site: Site, path: string): Address | undefined => {
  const [, api, ...rest] = Request.segments(path)
  if (api !== "api") return undefined
  const [version = ""] = rest
  if (/^v[12]$/.test(version)) {
    if (!site.release.v2) return { api: 1, kind: "", parts: [] }
    return { api: version === "v2" ? 2 : 1, kind: rest[1] ?? "", parts: rest.slice(2) }
  }
  return { api: 1, kind: version, parts: rest.slice(1) }
}

const routed = (site: Site, queries: Queries, request: TwinRequest, { api, kind, parts }: Address): TwinReply => {
  const params = Request.params(request)
  const resource: Resources.Call = { site, queries, method: request.method, params, body: Request.body(request) }
  if (kind === "method" && parts.length > 0) return method(resource, request, parts)
  if (parts[0] === undefined || parts[0] === "") throw absent()
  guard(site, parts[0])
  if (api === 1 && kind === "resource") return Resources.first(resource, parts)
  if (api === 2 && kind === "document") return Resources.second(resource, parts)
  if (api === 2 && kind === "doctype") return Resources.doctype(resource, parts)
  throw absent()
}

/** A doctype that the site does not have. */
const guard = (site: Site, doctype: string): void => {
  if (site.shape(doctype) === undefined) throw missing("DocType", doctype)
}

/** A page of the desk gives the session the mark that its unsafe requests need from then on. */
const desk = (site: Site, { session: open }: Access.Caller): TwinReply => {
  if (open === undefined) return { status: 302, headers: { location: "/login" } }
  const csrf = open.csrf ?? site.secret(56)
  site.state.sessions.set(open.id, { ...open, csrf })
  return {
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: `<!DOCTYPE html><script>frappe.csrf_token = "${csrf}";</script>`,
  }
}

const wellKnown = (site: Site): TwinReply =>
  site.release.query === "new"
    ? json(200, OAuth.discovery(site))
    : { status: 301, headers: { location: `/api/method/${OAUTH}openid_configuration` } }

const outside = (site: Site, request: TwinRequest, caller: Access.Caller): TwinReply => {
  if (request.path === "/.well-known/openid-configuration") return wellKnown(site)
  if (/^\/app(\/|$)/.test(request.path)) return desk(site, caller)
  return page(404, "Not Found")
}

const maintenance = (site: Site, request: TwinRequest): void => {
  const { maintenance: state } = site.knobs
  if (state === "on") throw new Refusal(503, "SessionStopped", { message: "The session was stopped" })
  if (state === "readable" && UNSAFE.has(request.method)) {
    throw thrown(503, "InReadOnlyMode", "The site is in maintenance and can only be read", {
      title: "In Read Only Mode",
    })
  }
}

const deadlock = (site: Site, request: TwinRequest): void => {
  if (site.knobs.deadlocks <= 0 || !UNSAFE.has(request.method)) return
  site.knobs.deadlocks -= 1
  throw thrown(500, "QueryDeadlockError", "The database gave up waiting for a lock", { bare: true })
}

const throttled = (site: Site, request: TwinRequest, headers: Readonly<Record<string, string>>): TwinReply => {
  const told = wantsText(request)
    ? { status: 429, headers: { "content-type": "text/plain; charset=utf-8" }, body: "Too Many Requests" }
    : reply(new Refusal(429, "TooManyRequestsError"), [], wording(site))
  return { ...told, headers: { ...told.headers, ...headers } }
}

/** A session that has ended is told so. */
const expiredToo = (refusal: Refusal): Refusal =>
  new Refusal(refusal.status, refusal.type, { ...refusal.details, sessionExpired: true })

const asUser = (site: Site, queries: Queries, request: TwinRequest, where: Address | undefined): TwinReply => {
  const caller = Access.identify(site, request)
  site.user = caller.user
  try {
    if (where === undefined) return outside(site, request, caller)
    Access.requireCsrf(request, caller)
    deadlock(site, request)
    return routed(site, queries, request, where)
  } catch (refusal) {
    if (refusal instanceof Refusal && caller.expired && refusal.status === 403) throw expiredToo(refusal)
    throw refusal
  }
}

/** Every reply to somebody without a session sets the cookies of a guest. */
const withCookies = (site: Site, request: TwinRequest, given: TwinReply): TwinReply => {
  const sid = Access.cookieOf(request)
  const known = sid !== undefined && site.state.sessions.has(sid)
  if (known || given.headers?.["set-cookie"] !== undefined || site.knobs.maintenance === "on") return given
  return { ...given, headers: { ...given.headers, "set-cookie": Access.guestCookies(site, given.status === 401) } }
}

const attempt = (
  site: Site,
  queries: Queries,
  request: TwinRequest,
): { readonly given: TwinReply; readonly changed: boolean } => {
  const where = address(site, request.path)
  site.api = where?.api ?? 1
  site.user = GUEST
  site.notes = []
  let changed = false
  try {
    maintenance(site, request)
    const given = site.store.transaction(
      () => {
        const answer = asUser(site, queries, request, where)
        changed = UNSAFE.has(request.method) && site.store.dirty
        return answer
      },
      // What a GET wrote is taken back.
      () => UNSAFE.has(request.method),
    )
    return { given: withNotes(site, given), changed }
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    site.readCustomFields()
    return { given: refused(site, request, refusal), changed: false }
  }
}

const TOO_LARGE = page(413, "Request Entity Too Large")

const wrongHost = (site: Site, request: TwinRequest): boolean => {
  const asked = request.headers.get("x-frappe-site-name")
  return asked !== null && asked !== new URL(site.origin).hostname
}

/** One request from beginning to end; nothing else of the site runs meanwhile. */
export const handle = (site: Site, queries: Queries, request: TwinRequest): TwinReply => {
  if (wrongHost(site, request)) return page(404, "Site not found")
  if (Buffer.byteLength(request.body) > site.knobs.maxBody) return TOO_LARGE
  site.api = address(site, request.path)?.api ?? 1
  const { headers, refused: over } = RateLimit.take(site)
  if (over) return throttled(site, request, headers)
  const { changed, given } = attempt(site, queries, request)
  site.webhooks.settle(changed)
  const answered = withCookies(site, request, given)
  return { ...answered, headers: { ...answered.headers, ...headers }, changed }
}
