/**
 * The twin of a Finance & Operations environment and of the Entra tenant before it: entity sets in OData v4 over one world of
 * several companies, batches, actions, metadata and business events.
 *
 * ```ts
 * const twin = DynamicsTwin.make({ clock })
 * twin.world.seed("CustomersV3", [{ OrganizationName: "Contoso", CustomerGroupId: "30", SalesCurrencyCode: "USD" }], "usmf")
 * const authorization = `Bearer ${DynamicsTwin.token(twin.world)}`
 * twin.fetch(`${twin.origin}/data/CustomersV3?cross-company=true`, { headers: { authorization } })
 * ```
 */
import type { Fault } from "../twin/Faults.ts"
import * as Twin from "../twin/Twin.ts"
import * as Actions from "./Actions.ts"
import * as Address from "./Address.ts"
import * as Batch from "./Batch.ts"
import * as Entra from "./Entra.ts"
import * as Errors from "./Errors.ts"
import type { Knobs } from "./Knobs.ts"
import * as Metadata from "./Metadata.ts"
import type { OwnField } from "./Model.ts"
import { QUIRKS } from "./Quirks.ts"
import * as Read from "./Read.ts"
import type { App, User } from "./State.ts"
import * as Throttle from "./Throttle.ts"
import type { View } from "./View.ts"
import { DynamicsWorld } from "./World.ts"
import * as Write from "./Write.ts"

export type { Delivery } from "./BusinessEvents.ts"
export type { Knobs } from "./Knobs.ts"
export type { OwnField } from "./Model.ts"
export type { Doc } from "./Record.ts"
export type { SeedRecord } from "./Seeding.ts"
export type { App, Company, User } from "./State.ts"
export { DynamicsWorld }

export const ORIGIN = "https://contoso.operations.dynamics.com"
/** Where tokens are had, unless a client is told the environment's own origin. */
export const LOGIN_ORIGIN = "https://login.microsoftonline.com"
export const TENANT = "7b2f6a10-5c7e-4c39-9d0e-8a1f3c5b7d21"

/** What a client signs in with unless the options say otherwise. */
export const CREDENTIALS = {
  tenantId: TENANT,
  clientId: "3f0c9a5e-1d2b-4e6f-8a7c-5b4d3e2f1a09",
  clientSecret: "twin~client.secret",
} as const

/** The user that the application is mapped to. */
export const USER = "integration"

export interface Options {
  readonly clock: Twin.TwinClock
  readonly seed?: number
  readonly origin?: string
  /** Below which OData is served: `/namespaces/AXSF` on premises. */
  readonly basePath?: string
  readonly tenant?: string
  readonly apps?: ReadonlyArray<App>
  readonly users?: ReadonlyArray<User>
  readonly versions?: Actions.Versions
  /** `standard` unless told: two companies, `usmf` and `demf`. */
  readonly chart?: "standard" | "none"
  readonly fields?: ReadonlyArray<OwnField>
  /** Sets that this version does not have. */
  readonly absent?: ReadonlyArray<string>
  readonly knobs?: Partial<Knobs>
  readonly beforeReply?: Twin.Options["beforeReply"]
}

interface Environment extends Entra.Directory {
  readonly root: string
  readonly basePath: string
  readonly versions: Actions.Versions
}

/** 10.0.47 */
const VERSIONS: Actions.Versions = { application: "10.0.2428.63", platform: "7.0.7904.40" }

const APP: App = {
  clientId: CREDENTIALS.clientId,
  secret: CREDENTIALS.clientSecret,
  principal: true,
  priority: "high",
}

const worldOf = (options: Options): DynamicsWorld => {
  const chart = options.chart ?? "standard"
  const world = new DynamicsWorld({
    clock: options.clock,
    seed: options.seed ?? 1,
    knobs: options.knobs ?? {},
    fields: options.fields ?? [],
    absent: options.absent ?? [],
    chart,
  })
  const company = world.state.companies[0]?.id ?? "dat"
  world.state.apps = [...(options.apps ?? [APP])]
  world.state.users = [...(options.users ?? [{ id: USER, company, forbidden: [] }])]
  const [first] = world.state.users
  world.seed(
    "SysAADClients",
    world.state.apps.map(({ clientId }) => ({ AADClientId: clientId, Name: "Integration", UserId: first?.id ?? "" })),
  )
  return world
}

/** A set as this version, this role and this environment let it be seen. */
const viewOf = (environment: Environment, caller: Entra.Caller, name: string): View => {
  const view = environment.world.findView(name)
  const { bi } = environment.world.knobs
  if (view === undefined || (view.set.bi && bi === "absent")) throw Errors.noSuchSet(name)
  const forbidden = caller.user.forbidden.includes(name) || (view.set.bi && bi === "forbidden")
  if (forbidden) throw Errors.forbidden(name)
  return view
}

const dispatch = (scene: Read.Scene): Twin.TwinReply => {
  const keyed = scene.address.key !== undefined
  if (scene.address.rest.length > 0 && !(keyed && scene.request.method === "GET")) {
    throw Errors.notFound(`Resource for the segment '${scene.address.rest.join("/")}'`)
  }
  switch (scene.request.method) {
    case "GET":
      return keyed ? Read.one(scene) : Read.list(scene)
    case "POST":
      if (keyed) throw Errors.refuse(405, "The requested resource does not support http method 'POST'.")
      return Write.create(scene)
    case "PATCH":
    case "PUT":
      return Write.update(scene)
    case "DELETE":
      return Write.remove(scene)
    default:
      throw Errors.refuse(405, `The requested resource does not support http method '${scene.request.method}'.`)
  }
}

const underData = (
  environment: Environment,
  caller: Entra.Caller,
  request: Twin.TwinRequest,
  batched: boolean,
): Twin.TwinReply => {
  const { root, versions, world } = environment
  const path = request.path.slice(`${environment.basePath}/data/`.length)
  if (path === "$metadata") {
    return { status: 200, headers: { "content-type": "application/xml" }, body: Metadata.csdl(world.model) }
  }
  const address = Address.parse(path)
  const action = Actions.nameOf(address)
  if (action !== undefined && request.method === "POST") {
    return Actions.invoke({ world, address, body: request.body, root, versions }, action)
  }
  const view = viewOf(environment, caller, address.set)
  const company = caller.user.company.toLowerCase()
  return dispatch({ view, address, request, root, company, batched })
}

/** Some versions nest the reason one level deeper and set a code. */
const shaped = (world: DynamicsWorld, reply: Twin.TwinReply): Twin.TwinReply => {
  const error = (reply.body as { readonly error?: { readonly innererror?: { readonly message: string } } } | undefined)
    ?.error
  if (world.knobs.errorShape === "innererror" || error?.innererror === undefined) return reply
  const { message } = error.innererror
  const internalexception = { message, type: "System.Exception", stacktrace: "" }
  const innererror = { message: "An error has occurred.", type: "", stacktrace: "", internalexception }
  return { ...reply, body: { error: { code: "BadRequest", message: "An error has occurred.", innererror } } }
}

const answering = (environment: Environment, work: () => Twin.TwinReply): Twin.TwinReply => {
  try {
    return work()
  } catch (refusal) {
    if (!(refusal instanceof Errors.Refusal)) throw refusal
    return shaped(environment.world, refusal.reply)
  }
}

const batch = (environment: Environment, caller: Entra.Caller, request: Twin.TwinRequest): Twin.TwinReply => {
  const { world } = environment
  const throttled = new Set(world.knobs.throttledParts)
  world.knobs.throttledParts = []
  return Batch.handle({
    request,
    root: environment.root,
    atomically: (work) => world.atomically(work),
    guid: () => world.guid(),
    dispatch: (part, place) => {
      if (throttled.has(place)) throw new Errors.Refusal(Errors.throttled(world.knobs.retryAfter))
      if (!part.path.startsWith(`${environment.basePath}/data/`)) throw Errors.notFound("Resource")
      return underData(environment, caller, part, true)
    },
  })
}

const TOKEN = /^\/([^/]+)\/oauth2\/(v2\.0\/)?token$/

const route = (environment: Environment, request: Twin.TwinRequest): Twin.TwinReply => {
  const { basePath, world } = environment
  const [token, tenant = "", v2] = TOKEN.exec(request.path) ?? []
  if (token !== undefined && request.method === "POST") {
    return Entra.token(environment, request, tenant, v2 === undefined ? "v1" : "v2")
  }
  if (!request.path.startsWith(`${basePath}/`)) return Errors.page(404, "Not Found")
  const path = request.path.slice(basePath.length)
  const caller = Entra.caller(environment, request)
  if (caller === undefined) return Errors.unauthorized()
  const busy = Throttle.refusal(world, caller)
  if (busy !== undefined) return busy
  world.settle()
  return answering(environment, () => {
    if (path === "/data/$batch") return batch(environment, caller, request)
    if (path.startsWith("/data/")) return world.atomically(() => underData(environment, caller, request, false))
    if (path.startsWith("/metadata/")) {
      return Metadata.json(
        world.model,
        environment.root.replace(/data$/, "metadata"),
        path.slice("/metadata/".length),
        request,
      )
    }
    return Errors.page(404, "Not Found")
  })
}

/** The server's clock, and what support asks for, stand on every reply. */
const dressed = ({ world }: Environment, reply: Twin.TwinReply): Twin.TwinReply => ({
  ...reply,
  headers: { ...reply.headers, date: new Date(world.now()).toUTCString(), "ms-dyn-aid": world.guid().toLowerCase() },
})

const wordFault = (fault: Fault): Twin.TwinReply | undefined => {
  if (fault.kind === "throttle") return Errors.throttled(fault.retryAfter)
  if (fault.kind === "unauthorized") return Errors.unauthorized()
  if (fault.kind === "errorAfter" || fault.kind === "errorBefore") {
    return Errors.json(fault.status, Errors.envelope("An unexpected error has occurred."))
  }
  return undefined
}

const environmentOf = (options: Options, world: DynamicsWorld): Environment => {
  const origin = options.origin ?? ORIGIN
  const basePath = options.basePath ?? ""
  return {
    world,
    tenant: options.tenant ?? TENANT,
    environment: origin.toLowerCase(),
    root: `${origin}${basePath}/data`,
    basePath,
    versions: options.versions ?? VERSIONS,
  }
}

export const vendor = (options: Options): Twin.Vendor<DynamicsWorld> => {
  const world = worldOf(options)
  const environment = environmentOf(options, world)
  return {
    name: "dynamics",
    origin: options.origin ?? ORIGIN,
    alsoAt: [LOGIN_ORIGIN],
    world,
    quirks: QUIRKS,
    handle: async (request) => {
      const { processingMillis } = world.knobs
      if (processingMillis > 0) await world.clock.sleep(processingMillis)
      return dressed(environment, route(environment, request))
    },
    wordFault: (fault) => {
      const worded = wordFault(fault)
      return worded === undefined ? undefined : dressed(environment, worded)
    },
  }
}

export const make = (options: Options): Twin.Twin<DynamicsWorld> =>
  Twin.make(vendor(options), {
    clock: options.clock,
    seed: options.seed ?? 1,
    ...(options.beforeReply === undefined ? {} : { beforeReply: options.beforeReply }),
  })

/** A token of the standard application, without a request. */
export const token = (world: DynamicsWorld, environment = ORIGIN): string =>
  Entra.issue({ world, tenant: TENANT, environment: environment.toLowerCase() }, CREDENTIALS.clientId)
