/**
 * The twin of an Acumatica instance: several versions of the contract-based endpoint over one world, with sign-in,
 * tokens, seats, limits and long operations.
 *
 * ```ts
 * const twin = AcumaticaTwin.make({ clock })
 * twin.world.seed("Customer", [{ CustomerID: "C1", CustomerName: "Blauwal GmbH" }])
 * twin.fetch(`${twin.origin}${AcumaticaTwin.INSTANCE_PATH}/entity`)
 * ```
 */
import type { Fault } from "../twin/Faults.ts"
import * as Twin from "../twin/Twin.ts"
import * as Actions from "./Actions.ts"
import * as Endpoint from "./Endpoint.ts"
import * as Errors from "./Errors.ts"
import type { Knobs } from "./Knobs.ts"
import { License, type LicenseLimits } from "./License.ts"
import * as OAuth from "./OAuth.ts"
import { QUIRKS } from "./Quirks.ts"
import * as Sessions from "./Sessions.ts"
import * as Spec from "./Spec.ts"
import type { ConnectedApp, Session, User } from "./State.ts"
import { AcumaticaWorld } from "./World.ts"

export { consent } from "./OAuth.ts"
export { make as spec } from "./Spec.ts"
export { AcumaticaWorld }

export const ORIGIN = "https://acme.acumatica.example"
export const INSTANCE_PATH = "/AcmeERP"
export const TENANT = "Acme"

/** Versions of `Default` that an instance of 2025 R2 or 2026 R1 may serve. 26.200.001 is served when it is asked for. */
export const VERSIONS: ReadonlyArray<string> = [
  "18.200.001",
  "20.200.001",
  "22.200.001",
  "23.200.001",
  "24.200.001",
  "25.200.001",
]

/** What a client signs in with unless the options say otherwise. */
export const CREDENTIALS = {
  name: "integration",
  password: "twin-password",
  clientId: `0a1b2c3d-1111-4222-a333-444455556666@${TENANT}`,
  clientSecret: "twin-client-secret",
  redirectUri: "https://integration.example/callback",
} as const

export interface Options {
  readonly clock: Twin.TwinClock
  readonly seed?: number
  readonly origin?: string
  /** Where the instance lives under its host; empty for none. */
  readonly instancePath?: string
  readonly versions?: ReadonlyArray<string>
  readonly tenants?: ReadonlyArray<string>
  readonly users?: ReadonlyArray<Omit<User, "failures">>
  readonly apps?: ReadonlyArray<ConnectedApp>
  /** Ten seats and no other limit unless told. */
  readonly license?: LicenseLimits
  readonly knobs?: Partial<Knobs>
  /** Made once for twins that are made by the hundred; each makes its own unless told. */
  readonly spec?: Spec.Spec
  readonly beforeReply?: Twin.Options["beforeReply"]
}

interface Instance {
  readonly world: AcumaticaWorld
  readonly license: License
  readonly spec: Spec.Spec
  readonly origin: string
  readonly path: string
  readonly versions: ReadonlyArray<string>
  /** The requests of a session run one after the other. */
  readonly tails: Map<string, Promise<unknown>>
}

const BUILD = "25.201.0213"

const appOf = (tenant: string): ConnectedApp => ({
  id: CREDENTIALS.clientId.split("@")[0] ?? "",
  secret: CREDENTIALS.clientSecret,
  tenant,
  redirectUris: [CREDENTIALS.redirectUri],
  refreshDays: 30,
})

const worldOf = (options: Options): AcumaticaWorld => {
  const tenants = options.tenants ?? [TENANT]
  const world = new AcumaticaWorld({
    clock: options.clock,
    seed: options.seed ?? 1,
    tenants,
    license: options.license ?? { seats: 10 },
    knobs: options.knobs ?? {},
  })
  const users = options.users ?? [{ name: CREDENTIALS.name, password: CREDENTIALS.password, tenants: [] }]
  world.state.users = users.map((one) => ({ ...one, failures: 0 }))
  world.state.apps = [...(options.apps ?? tenants.map(appOf))]
  return world
}

const endpointList = (instance: Instance, session: Session | undefined): Twin.TwinReply => {
  const { knobs } = instance.world
  const custom = session === undefined ? [] : instance.world.tenant(session.tenant).endpoints
  const known = [...instance.versions.map((version) => ({ name: "Default", version })), ...custom]
  const before = knobs.endpointHref === "absolute" ? instance.origin : ""
  const endpoints = known.map(({ name, version }) => ({
    name,
    version,
    href: `${before}${instance.path}/entity/${name}/${version}/`,
  }))
  if (knobs.endpointList === "array") return Errors.json(200, endpoints)
  return Errors.json(200, { version: { acumaticaBuildVersion: BUILD, databaseVersion: BUILD }, endpoints })
}

/** Version of `Default` behind an endpoint: its own, or the one that a custom endpoint extends. */
const resolve = (instance: Instance, session: Session, name: string, version: string): string => {
  if (name === "Default" && instance.versions.includes(version)) return version
  const custom = instance.world.tenant(session.tenant).endpoints
  const found = custom.find((one) => one.name === name && one.version === version)
  if (found === undefined) throw Errors.notFound(`The endpoint ${name}/${version}`)
  return found.extends
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw Errors.malformed("path", "The address is not valid.")
  }
}

const swagger = (instance: Instance, version: string): Twin.TwinReply => {
  const document = instance.spec.document(version)
  if (document === undefined) throw Errors.notFound("The description")
  return Errors.json(200, {
    openapi: "3.0.1",
    info: { title: version === "system" ? version : `Default/${version}` },
    ...document,
  })
}

const entityRequest = (
  instance: Instance,
  session: Session,
  request: Twin.TwinRequest,
  segments: ReadonlyArray<string>,
): Twin.TwinReply => {
  const [name = "", version = "", ...rest] = segments
  const served = resolve(instance, session, name, version)
  const endpointPath = `/entity/${name}/${version}`
  if (rest.length === 1 && rest[0] === "swagger.json") return swagger(instance, served)
  if (instance.world.knobs.unknownMembers === "reject") {
    instance.spec.check(served, instance.path + endpointPath, request)
  }
  return Endpoint.handle({
    world: instance.world,
    session,
    request,
    origin: instance.origin,
    instancePath: instance.path,
    endpointPath,
    version: served,
    segments: rest,
  })
}

/** Waits for the session's other requests, then for the license. */
const inSession = (instance: Instance, session: Session, work: () => Twin.TwinReply): Promise<Twin.TwinReply> => {
  const before = instance.tails.get(session.id) ?? Promise.resolve()
  const { processingMillis } = instance.world.knobs
  const mine = before.then(async () => {
    const reply = await instance.license.admit(async () => {
      if (processingMillis > 0) await instance.world.clock.sleep(processingMillis)
      return answering(instance, work)
    })
    return reply ?? Errors.declined()
  })
  const tail = mine.finally(() => {
    if (instance.tails.get(session.id) === tail) instance.tails.delete(session.id)
  })
  instance.tails.set(session.id, tail)
  return mine
}

const answering = (instance: Instance, work: () => Twin.TwinReply): Twin.TwinReply => {
  try {
    instance.world.settle()
    Actions.settle(instance.world)
    return work()
  } catch (refusal) {
    if (refusal instanceof Errors.Refusal) return refusal.reply
    throw refusal
  }
}

const identity = (instance: Instance, request: Twin.TwinRequest, path: string): Twin.TwinReply => {
  const { world } = instance
  if (path === "/identity/.well-known/openid-configuration") return OAuth.discovery(instance.origin + instance.path)
  if (path === "/identity/connect/userinfo") return OAuth.userInfo(world, request)
  if (path === "/identity/connect/authorize" && request.method === "GET") return OAuth.authorize(world, request)
  if (request.method !== "POST") return Errors.page(404, "Not Found")
  const problem = instance.spec.problem("system", instance.path, request)
  // Which grants are served is the identity server's own answer.
  if (problem !== undefined && !problem.path.includes("grant_type")) return OAuth.refused(400, "invalid_request")
  if (path === "/identity/connect/token") return OAuth.token(world, request)
  if (path === "/identity/connect/revocation") return OAuth.revoke(world, request)
  return Errors.page(404, "Not Found")
}

const unhealthy = (instance: Instance): Twin.TwinReply | undefined => {
  const { unhealthy: how } = instance.world.knobs
  if (how === "html") return Errors.page(200, "Site is being upgraded")
  if (how === "redirect") return { status: 302, headers: { location: `${instance.path}/ui/error` } }
  return undefined
}

const underEntity = (instance: Instance, request: Twin.TwinRequest, path: string) => {
  const { world } = instance
  if (path === "/entity/auth/logout" && request.method === "POST") return Sessions.logout(world, request)
  if (path === "/entity/auth/login" && request.method === "POST") {
    instance.spec.check("system", instance.path, request)
    return Sessions.login(world, request)
  }
  if (path === "/entity/swagger.json") return swagger(instance, "system")
  if (path === "/entity" || path === "/entity/") return endpointList(instance, Sessions.peek(world, request))
  const segments = path.split("/").slice(2).map(decoded)
  const { cookies, session } = Sessions.enter(world, request)
  const reply = inSession(instance, session, () => entityRequest(instance, session, request, segments))
  return cookies.length === 0
    ? reply
    : reply.then((one) => ({ ...one, headers: { ...one.headers, "set-cookie": cookies } }))
}

const route = async (instance: Instance, request: Twin.TwinRequest): Promise<Twin.TwinReply> => {
  if (!request.path.startsWith(`${instance.path}/`)) return Errors.page(404, "Not Found")
  const path = request.path.slice(instance.path.length)
  const ill = unhealthy(instance)
  if (ill !== undefined) return ill
  try {
    if (path.startsWith("/identity/")) return identity(instance, request, path)
    if (path === "/entity" || path.startsWith("/entity/")) return await underEntity(instance, request, path)
    return Errors.page(404, "Not Found")
  } catch (refusal) {
    if (refusal instanceof Errors.Refusal) return refusal.reply
    throw refusal
  }
}

/** The server puts its own clock on every reply. */
const dated = (instance: Instance, reply: Twin.TwinReply): Twin.TwinReply => ({
  ...reply,
  headers: { ...reply.headers, date: new Date(instance.world.now()).toUTCString() },
})

const wordFault = (fault: Fault): Twin.TwinReply | undefined => {
  if (fault.kind === "throttle") {
    const after = fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter }
    return { ...Errors.declined(), headers: { "content-type": "text/plain", ...after } }
  }
  if (fault.kind === "unauthorized") return Errors.notSignedIn().reply
  if (fault.kind === "errorAfter" || fault.kind === "errorBefore") {
    return Errors.httpError(fault.status, { exceptionMessage: "An unhandled exception has occurred." })
  }
  return undefined
}

export const vendor = (options: Options): Twin.Vendor<AcumaticaWorld> => {
  const world = worldOf(options)
  const instance: Instance = {
    world,
    license: new License(world),
    spec: options.spec ?? Spec.make(),
    origin: options.origin ?? ORIGIN,
    path: options.instancePath ?? INSTANCE_PATH,
    versions: options.versions ?? VERSIONS,
    tails: new Map(),
  }
  return {
    name: "acumatica",
    origin: instance.origin,
    world,
    quirks: QUIRKS,
    handle: async (request) => dated(instance, await route(instance, request)),
    wordFault: (fault) => {
      const worded = wordFault(fault)
      return worded === undefined ? undefined : dated(instance, worded)
    },
  }
}

export const make = (options: Options): Twin.Twin<AcumaticaWorld> =>
  Twin.make(vendor(options), {
    clock: options.clock,
    seed: options.seed ?? 1,
    ...(options.beforeReply === undefined ? {} : { beforeReply: options.beforeReply }),
  })
