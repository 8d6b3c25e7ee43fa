/**
 * The twin of a NetSuite account: records, queries, jobs, catalogue and tokens over one world.
 *
 * ```ts
 * const twin = NetSuiteTwin.make({ clock })
 * twin.world.seed("customer", [{ companyName: "Blauwal GmbH", subsidiary: "2" }])
 * twin.fetch(`${twin.origin}/services/rest/system/v1/serverTime`, { headers: NetSuiteTwin.signedIn(twin) })
 * ```
 */
import type { Fault } from "../twin/Faults.ts"
import * as Twin from "../twin/Twin.ts"
import { type Call, json } from "./Call.ts"
import * as Catalogue from "./Catalogue.ts"
import type { CustomField } from "./Custom.ts"
import * as Errors from "./Errors.ts"
import * as Jobs from "./Jobs.ts"
import * as Key from "./Key.ts"
import type { Knobs } from "./Knobs.ts"
import { governance, Limits } from "./Limits.ts"
import * as OAuth from "./OAuth.ts"
import { QUIRKS } from "./Quirks.ts"
import * as Records from "./Records.ts"
import * as Spec from "./Spec.ts"
import type { Certificate, Integration, Role } from "./State.ts"
import * as SuiteQL from "./suiteql/Endpoint.ts"
import { NetSuiteWorld } from "./World.ts"
import * as Zone from "./Zone.ts"

export { consent } from "./OAuth.ts"
export { make as spec } from "./Spec.ts"
export { NetSuiteWorld }

export const ACCOUNT = "1234567_SB1"
export const ORIGIN = "https://1234567-sb1.suitetalk.api.netsuite.com"

/** What a client signs in with unless the options say otherwise. */
export const CREDENTIALS = {
  accountId: ACCOUNT,
  clientId: "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90",
  certificateId: "twin-certificate-1",
  algorithm: "ES256",
  confidential: { clientId: "twin-confidential", clientSecret: "twin-client-secret" },
  public: { clientId: "twin-public" },
  redirectUri: "https://integration.example/callback",
} as const

const KEY_WORD = "the key of the twin's integration"

/** The private key of the certificate of {@link CREDENTIALS}, PKCS#8 in PEM. */
export const privateKey = (): string => Key.pair(KEY_WORD).privateKey

export interface Options {
  readonly clock: Twin.TwinClock
  readonly seed?: number
  readonly origin?: string
  /** As it stands in the account: upper case, with an underscore. */
  readonly account?: string
  readonly knobs?: Partial<Knobs>
  readonly customFields?: ReadonlyArray<CustomField>
  readonly certificates?: ReadonlyArray<Certificate>
  readonly integrations?: ReadonlyArray<Integration>
  readonly role?: Partial<Role>
  /** Made once for twins that are made by the hundred; each makes its own unless told. */
  readonly spec?: Spec.Spec
  readonly beforeReply?: Twin.Options["beforeReply"]
}

interface Account {
  readonly world: NetSuiteWorld
  readonly limits: Limits
  readonly spec: Spec.Spec
  readonly origin: string
}

const TWO_YEARS = 2 * 365 * 86_400_000

const certificateOf = (world: NetSuiteWorld): Certificate => ({
  id: CREDENTIALS.certificateId,
  clientId: CREDENTIALS.clientId,
  publicKey: Key.pair(KEY_WORD).publicKey,
  validUntil: world.now() + TWO_YEARS,
})

const INTEGRATIONS: ReadonlyArray<Integration> = [
  { ...CREDENTIALS.confidential, redirectUris: [CREDENTIALS.redirectUri] },
  { ...CREDENTIALS.public, redirectUris: [CREDENTIALS.redirectUri] },
]

const worldOf = (options: Options): NetSuiteWorld => {
  const world = new NetSuiteWorld({
    clock: options.clock,
    account: options.account ?? ACCOUNT,
    knobs: options.knobs ?? {},
    customFields: options.customFields ?? [],
  })
  world.state.certificates = [...(options.certificates ?? [certificateOf(world)])]
  world.state.integrations = [...(options.integrations ?? INTEGRATIONS)]
  world.state.role = { ...world.state.role, ...options.role }
  return world
}

/** The refusals that are thrown become replies here. */
const answering = (work: () => Twin.TwinReply): Twin.TwinReply => {
  try {
    return work()
  } catch (refusal) {
    if (refusal instanceof Errors.Refusal) return refusal.reply
    throw refusal
  }
}

const onRecords = (call: Call): Twin.TwinReply =>
  Records.handle(call, call.request.path.slice(Spec.RECORDS.length + 1).split("/"))

const serverTime = ({ world }: Call): Twin.TwinReply =>
  json(200, { serverTime: Zone.utc(world.now(), world.knobs.granularity).replace("Z", ".000Z") })

const CATALOGUE = `${Spec.RECORDS}/metadata-catalog`

const records = (account: Account, call: Call): Twin.TwinReply => {
  const { request, world } = call
  account.spec.check(request, world.knobs)
  if (Jobs.needsJob(request) && !world.knobs.batches) throw Errors.notAllowed()
  if (Jobs.isAsync(request)) return Jobs.submit(call)
  if (Jobs.needsJob(request))
    throw Errors.refuse(400, { detail: "Prefer: respond-async is needed.", code: "INVALID_HEADER", header: "Prefer" })
  return onRecords(call)
}

const services = (account: Account, call: Call): Twin.TwinReply => {
  const { request, world } = call
  const { path } = request
  if (path.startsWith(`${CATALOGUE}/`)) return Catalogue.handle(call, path.slice(CATALOGUE.length + 1))
  if (path === `${Spec.REST}/query/v1/suiteql` && request.method === "POST" && !Jobs.isAsync(request)) {
    account.spec.check(request, world.knobs)
    return SuiteQL.handle(call)
  }
  if (path.startsWith(`${Spec.RECORDS}/`) && path !== CATALOGUE) return records(account, call)
  account.spec.check(request, world.knobs)
  if (path === CATALOGUE) return Catalogue.handle(call)
  if (path === `${Spec.REST}/system/v1/serverTime`) return serverTime(call)
  if (path === `${Spec.REST}/system/v1/governanceLimits`) return governance(call)
  return Jobs.handle(call, path.slice(Jobs.JOBS.length + 1).split("/"))
}

const route = async (account: Account, request: Twin.TwinRequest, random: () => number): Promise<Twin.TwinReply> => {
  const { origin, spec, world } = account
  if (request.path === OAuth.TOKEN_PATH && request.method === "POST") return OAuth.token(world, origin, request, spec)
  if (request.path === OAuth.AUTHORIZE_PATH && request.method === "GET") return OAuth.authorize(world, request)
  if (!request.path.startsWith(`${Spec.REST}/`)) return Errors.page(404, "Not Found")
  const refusal = OAuth.refusal(world, request)
  if (refusal !== undefined) return refusal
  return account.limits.admit(async () => {
    if (world.knobs.processingMillis > 0) await world.clock.sleep(world.knobs.processingMillis)
    const call: Call = { world, request, origin, random }
    world.settle()
    return answering(() => services(account, call))
  })
}

/** What NetSuite calls an exchange, by the number of the request. */
export const operationId = (index: number): string => `5e1f0000-0000-4000-8000-${String(index).padStart(12, "0")}`

/** The server puts its own clock on every reply, and what its support finds the exchange by. */
const stamped = (world: NetSuiteWorld, { index }: Twin.TwinRequest, reply: Twin.TwinReply): Twin.TwinReply => ({
  ...reply,
  headers: { ...reply.headers, date: new Date(world.now()).toUTCString(), "x-n-operationid": operationId(index) },
})

const wordFault = (world: NetSuiteWorld, fault: Fault, request: Twin.TwinRequest): Twin.TwinReply | undefined => {
  if (fault.kind === "throttle") return Errors.tooMany(fault.retryAfter)
  if (fault.kind === "unauthorized") return Errors.notSignedIn(world.account)
  if (fault.kind === "errorBefore" && fault.status === 403) return Errors.noPermission(403).reply
  const isServers = (fault.kind === "errorAfter" || fault.kind === "errorBefore") && fault.status >= 500
  return isServers ? { ...Errors.unexpected(`r${request.index}`), status: fault.status } : undefined
}

export const vendor = (options: Options): Twin.Vendor<NetSuiteWorld> => {
  const world = worldOf(options)
  const account: Account = {
    world,
    limits: new Limits(() => world.knobs),
    spec: options.spec ?? Spec.make(),
    origin: options.origin ?? ORIGIN,
  }
  // What has become due happens before a request is looked at. Tasks are about records, whose answers are never shuffled.
  world.runJobs = () =>
    Jobs.settle(world, (request) =>
      answering(() => onRecords({ world, request, origin: account.origin, random: () => 0 })),
    )
  return {
    name: "netsuite",
    origin: account.origin,
    world,
    quirks: QUIRKS,
    handle: async (request, { random }) => stamped(world, request, await route(account, request, random)),
    wordFault: (fault, request) => {
      const worded = wordFault(world, fault, request)
      return worded === undefined ? undefined : stamped(world, request, worded)
    },
  }
}

export const make = (options: Options): Twin.Twin<NetSuiteWorld> =>
  Twin.make(vendor(options), {
    clock: options.clock,
    seed: options.seed ?? 1,
    ...(options.beforeReply === undefined ? {} : { beforeReply: options.beforeReply }),
  })

/** The header of a request that is signed in, for those who are not about tokens. */
export const signedIn = (twin: Twin.Twin<NetSuiteWorld>): { readonly authorization: string } => ({
  authorization: `Bearer ${OAuth.consent(twin.world, CREDENTIALS.confidential.clientId).accessToken}`,
})
