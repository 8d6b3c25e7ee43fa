/**
 * The twin of an ERPNext site on Frappe REST: documents of any doctype in both APIs, methods, keys, tokens and sessions,
 * series, drafts and submissions, payments, webhooks and the limiter, as v15 does it, and v14, 15.55 and v16 where told.
 *
 * ```ts
 * const twin = ErpNextTwin.make({ clock })
 * twin.world.seed("Customer", [{ customer_name: "Blauwal GmbH" }])
 * const reply = await twin.fetch(`${twin.origin}/api/resource/Customer`, {
 *   headers: { authorization: `token ${ErpNextTwin.KEY.apiKey}:${ErpNextTwin.KEY.apiSecret}` },
 * })
 * ```
 */
import { documents } from "../generated/erpnext.ts"
import type { Fault } from "../twin/Faults.ts"
import * as SpecValidator from "../twin/SpecValidator.ts"
import * as Twin from "../twin/Twin.ts"
import { controllers } from "./controllers/Controllers.ts"
import * as Errors from "./Errors.ts"
import type { Knobs } from "./Knobs.ts"
import { QUIRKS } from "./Quirks.ts"
import { Queries } from "./query/Query.ts"
import type { Name } from "./Release.ts"
import * as Router from "./Router.ts"
import * as Setup from "./Setup.ts"
import { ADMINISTRATOR, Site } from "./Site.ts"
import { Webhooks } from "./Webhooks.ts"
import { ErpNextWorld } from "./World.ts"

export type { Doc } from "./Doc.ts"
export type { Knobs } from "./Knobs.ts"
export type { Name as ReleaseName } from "./Release.ts"
export type { CompanySetup, UserSetup } from "./Setup.ts"
export { signature } from "./Webhooks.ts"
export { ErpNextWorld }

export const ORIGIN = "https://erp.example.test"

/** The first company; its accounts bear the suffix ` - TTC`. */
export const COMPANY: Setup.CompanySetup = {
  name: "Twin Test Co",
  abbr: "TTC",
  currency: "USD",
  country: "United States",
}
/** The second one. */
export const SECOND: Setup.CompanySetup = { name: "Zweigwerk GmbH", abbr: "ZWG", currency: "EUR", country: "Germany" }

export const ZONE = "America/New_York"

/** Of a user who may do anything. */
export const KEY = {
  user: ADMINISTRATOR,
  apiKey: "twin0admin0key0",
  apiSecret: "twin0admin0secr",
  password: "twin-password",
} as const

/** Of a user with few roles, as an integration should have. */
export const LIMITED = {
  user: "sync@example.com",
  apiKey: "twin0limit0key0",
  apiSecret: "twin0limit0secr",
  password: "twin-password",
} as const

const USERS: ReadonlyArray<Setup.UserSetup> = [
  {
    name: KEY.user,
    fullName: "Administrator",
    roles: ["System Manager"],
    password: KEY.password,
    apiKey: KEY.apiKey,
    apiSecret: KEY.apiSecret,
  },
  {
    name: LIMITED.user,
    fullName: "Sync",
    roles: ["Sales User", "Accounts User"],
    password: LIMITED.password,
    apiKey: LIMITED.apiKey,
    apiSecret: LIMITED.apiSecret,
  },
]

export interface Options {
  readonly clock: Twin.TwinClock
  readonly seed?: number
  readonly origin?: string
  /** v15 unless told. */
  readonly release?: Name
  /** The first one is the one that documents get when they name none. */
  readonly companies?: ReadonlyArray<Setup.CompanySetup>
  readonly zone?: string
  readonly users?: ReadonlyArray<Setup.UserSetup>
  readonly knobs?: Partial<Knobs>
  /** Made once for twins that are made by the hundred; each makes its own unless told. */
  readonly validator?: SpecValidator.SpecValidator
  readonly beforeReply?: Twin.Options["beforeReply"]
}

/** Holds requests against the description in `specs/`. Keeps what it compiled. */
export const validator = (): SpecValidator.SpecValidator =>
  SpecValidator.make(Object.values(documents).map((document) => ({ prefix: "", document, spanning: ["name"] })))

const siteOf = (options: Options): Site => {
  const site = new Site({
    clock: options.clock,
    seed: options.seed ?? 1,
    release: options.release ?? "v15",
    origin: options.origin ?? ORIGIN,
    knobs: options.knobs ?? {},
    webhooks: new Webhooks(),
    controllers,
  })
  Setup.run(site, {
    companies: options.companies ?? [COMPANY, SECOND],
    zone: options.zone ?? ZONE,
    users: options.users ?? USERS,
  })
  return site
}

/** Writes down what the description does not know; how the site takes it is the site's business. */
const inspect = (world: ErpNextWorld, check: SpecValidator.SpecValidator, request: Twin.TwinRequest): void => {
  if (!request.path.startsWith("/api/")) return
  const problem = check.check(request)
  if (problem !== undefined) world.misfits.push({ ...problem, request: request.index })
}

const wordFault = (site: Site, fault: Fault, api: 1 | 2): Twin.TwinReply | undefined => {
  const wording: Errors.Wording = { api, tracebacks: false, namesClass: true, excId: site.excId }
  const word = (status: number, type: string) => Errors.reply(new Errors.Refusal(status, type), [], wording)
  if (fault.kind === "throttle") {
    const told = word(429, "TooManyRequestsError")
    return fault.retryAfter === undefined
      ? told
      : { ...told, headers: { ...told.headers, "retry-after": fault.retryAfter } }
  }
  if (fault.kind === "unauthorized") return word(401, "AuthenticationError")
  if (fault.kind === "errorBefore" && fault.status === 403) return word(403, "PermissionError")
  if (fault.kind === "errorBefore" && fault.status === 500) return word(500, "QueryDeadlockError")
  return undefined
}

/** The server puts its own clock on every reply. */
const dated = (site: Site, reply: Twin.TwinReply): Twin.TwinReply => ({
  ...reply,
  headers: { ...reply.headers, date: new Date(site.now()).toUTCString() },
})

export const vendor = (options: Options): Twin.Vendor<ErpNextWorld> => {
  const site = siteOf(options)
  const world = new ErpNextWorld(site)
  const queries = new Queries()
  const check = options.validator ?? validator()
  return {
    name: "erpnext",
    origin: site.origin,
    world,
    quirks: QUIRKS,
    handle: (request) => {
      inspect(world, check, request)
      site.store.release(site.now())
      return dated(site, Router.handle(site, queries, request))
    },
    wordFault: (fault, request) => {
      const worded = wordFault(site, fault, Router.address(site, request.path)?.api ?? 1)
      return worded === undefined ? undefined : dated(site, worded)
    },
  }
}

export const make = (options: Options): Twin.Twin<ErpNextWorld> =>
  Twin.make(vendor(options), {
    clock: options.clock,
    seed: options.seed ?? 1,
    ...(options.beforeReply === undefined ? {} : { beforeReply: options.beforeReply }),
  })
