/**
 * The HubSpot connector: one portal, with a port for each of Company, Contact, Product, Deal, Invoice and Payment.
 *
 * ```ts
 * const hubspot = yield* HubSpot.make({ credentials: { token: yield* Config.Redacted("HUBSPOT_TOKEN") } })
 * yield* hubspot.prepare()
 * const outcomes = yield* hubspot.ports.Company.upsert([
 *   { key: "acumatica/acme/main|Account|C0001", fields: { name: "Åkerlund & Söner AB" }, adoptBy: ["domain"] },
 * ])
 * ```
 */
import type * as Auth from "@mortise/core/Auth"
import type * as Connector from "@mortise/core/Connector"
import { type ConnectorError, Invalid, shape, VersionMismatch } from "@mortise/core/ConnectorError"
import type * as Entities from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as OAuth from "@mortise/core/OAuth"
import * as Pipeline from "@mortise/core/Pipeline"
import type * as Port from "@mortise/core/Port"
import * as RateLimit from "@mortise/core/RateLimit"
import { StateStore, type Service as StoreService } from "@mortise/core/StateStore"
import * as StaticAuth from "@mortise/core/StaticAuth"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Check from "./Check.ts"
import * as Client from "./Client.ts"
import * as Configs from "./Config.ts"
import * as Errors from "./Errors.ts"
import * as Catalog from "./internal/Catalog.ts"
import * as Claims from "./internal/Claims.ts"
import type * as Mapping from "./internal/Mapping.ts"
import * as Ports from "./internal/Ports.ts"
import * as Registry from "./internal/Registry.ts"
import * as Session from "./internal/Session.ts"
import * as Limits from "./Limits.ts"
import * as Operations from "./Operations.ts"
import * as Prepare from "./Prepare.ts"
import * as Invoice from "./ports/Invoice.ts"
import * as Routes from "./Routes.ts"

/** The ports, with the tenant's own properties of each entity as `Custom` types them. */
export type HubSpotPorts<Custom extends Customs = Customs> = {
  readonly Company: Port.Port<typeof Entities.Company, CustomOf<Custom, "Company">>
  readonly Contact: Port.Port<typeof Entities.Contact, CustomOf<Custom, "Contact">>
  readonly Product: Port.Port<typeof Entities.Product, CustomOf<Custom, "Product">>
  readonly Deal: Port.Port<typeof Entities.Deal, CustomOf<Custom, "Deal">>
  readonly Invoice: Port.Port<typeof Entities.Invoice, CustomOf<Custom, "Invoice">>
  readonly Payment: Port.Port<typeof Entities.Payment, CustomOf<Custom, "Payment">>
}

/** The tenant's own fields by entity, where they are known as types. */
export type Customs = { readonly [entity: string]: Entity.Custom }
type CustomOf<Custom extends Customs, Name extends string> = Name extends keyof Custom ? Custom[Name] : Entity.Custom

export interface Service<Custom extends Customs = Customs>
  extends Connector.Connector<HubSpotPorts<Custom>, Client.Client> {
  /** The portal, as it tells of itself. */
  readonly portal: {
    readonly id: string
    readonly timeZone: string | undefined
    readonly companyCurrency: string | undefined
  }
}

export class HubSpot extends Context.Service<HubSpot, Service>()("@mortise/hubspot/HubSpot") {}

const invalid = (field: string, message: string): ConnectorError =>
  Errors.fail("connect", new Invalid({ message: `${field}: ${message}`, issues: [{ path: [field], message }] }))

const baseUrlOf = (config: Configs.HubSpotConfig): Effect.Effect<URL, ConnectorError> =>
  Effect.try({
    try: () => new URL(config.baseUrl ?? Configs.BASE_URL),
    catch: () => invalid("baseUrl", "is not a URL; leave it out or give https://api.hubapi.com"),
  })

const KEY_PROPERTY = /^[a-z][a-z0-9_]{0,99}$/

const unknownVersion = (path: ReadonlyArray<string>, version: unknown): ConnectorError => {
  const message = `is ${shape(version)} and not one of ${Routes.versions.join(", ")}`
  return Errors.fail("connect", new Invalid({ message: `${path.join(".")}: ${message}`, issues: [{ path, message }] }))
}

/** Types do not hold for what comes from a file or the environment. */
const routesOf = (config: Configs.HubSpotConfig): Effect.Effect<Routes.Routes, ConnectorError> => {
  const isKnown = (version: string): boolean => (Routes.versions as ReadonlyArray<string>).includes(version)
  const version = config.version ?? "2026-09"
  if (!isKnown(version)) return Effect.fail(unknownVersion(["version"], version))
  for (const [family, chosen] of Object.entries(config.routes ?? {})) {
    if (chosen !== undefined && !isKnown(chosen)) return Effect.fail(unknownVersion(["routes", family], chosen))
  }
  return Effect.succeed({ ...Routes.of(version), ...config.routes })
}

const authOf = (
  config: Configs.HubSpotConfig,
  baseUrl: URL,
  routes: Routes.Routes,
  store: StoreService,
): Effect.Effect<Auth.Auth, ConnectorError> => {
  const { credentials } = config
  if ("token" in credentials) return StaticAuth.bearer(Errors.SYSTEM, credentials.token)
  const { portalId } = config
  if (credentials.tokenName === undefined && portalId === undefined) {
    const message =
      "is needed with OAuth: tokens are kept by it, and those of two portals must never be taken for each other"
    return Effect.fail(invalid("portalId", message))
  }
  const name = credentials.tokenName ?? `hubspot|${credentials.clientId}|${portalId}`
  return OAuth.refreshToken({
    system: Errors.SYSTEM,
    tokenUrl: new URL(Routes.tokenPath(routes), baseUrl),
    clientId: credentials.clientId,
    clientSecret: credentials.clientSecret,
    storage: { store, name },
    ...(credentials.refreshToken === undefined ? {} : { initial: credentials.refreshToken }),
    ...(config.fetch === undefined ? {} : { fetch: config.fetch }),
  })
}

interface Portal {
  readonly id: string
  readonly timeZone: string | undefined
  readonly companyCurrency: string | undefined
}

/** Every host of HubSpot's tells who the token belongs to: one that has no such page is another host, or a later one. */
const mismatch = (pinned: string): ConnectorError => {
  const message = `the host serves no account details in version ${pinned}; check baseUrl and version`
  return Errors.fail("connect", new VersionMismatch({ message, pinned, found: [] }))
}

/** Which portal the token belongs to. */
const connect = (
  client: Client.Client,
  config: Configs.HubSpotConfig,
  pinned: string,
): Effect.Effect<Portal, ConnectorError> =>
  client
    .call(Operations.account.details, (api, door) => api.GET("/account-info/2026-09/details", { ...door }))
    .pipe(
      Effect.mapError((error) => (error.reason._tag === "NotFound" ? mismatch(pinned) : error)),
      Effect.flatMap(({ data }) => {
        const id = String(data?.portalId ?? "")
        if (id === "") return Effect.fail(invalid("portalId", "the account does not tell its id"))
        if (config.portalId !== undefined && config.portalId !== id) {
          return Effect.fail(invalid("portalId", `the token belongs to portal ${id}, configured is ${config.portalId}`))
        }
        return Effect.succeed({ id, timeZone: data.timeZone, companyCurrency: data.companyCurrency })
      }),
    )

/** Types that not every portal has. HubSpot: guides "Invoices" and "Payments". */
const probe = Effect.fnUntraced(function* (session: Session.Session, config: Configs.HubSpotConfig) {
  const optional: ReadonlyArray<Mapping.ObjectType> =
    config.payments === true ? ["invoices", "commerce_payments"] : ["invoices"]
  if (config.payments !== true) {
    session.unreadable.set("commerce_payments", "payments are opt-in; open the connector with `payments: true`")
  }
  for (const type of optional) {
    yield* session.catalog.refresh(type).pipe(
      Effect.catchIf(
        ({ reason }) => reason._tag === "Forbidden" || reason._tag === "NotFound" || reason._tag === "Unsupported",
        ({ reason }) =>
          Effect.sync(() => session.unreadable.set(type, `this portal has no ${type}: ${reason.message}`)),
      ),
    )
  }
})

/** HubSpot's own invoice status, where the portal lets it be written. */
const invoiceMapping = (session: Session.Session, config: Configs.HubSpotConfig) => {
  const status = session.catalog.known("invoices")?.get(Invoice.NATIVE_STATUS.name)
  const writable = status !== undefined && status.modificationMetadata?.readOnlyValue !== true
  return config.nativeInvoiceStatus === true && writable ? Invoice.withNativeStatus : Invoice.mapping
}

const portsOf = (session: Session.Session, config: Configs.HubSpotConfig): HubSpotPorts => {
  const custom = config.custom ?? {}
  const { Company, Contact, Deal, Payment, Product } = Registry.all
  return {
    Company: Ports.make({ session, mapping: Company, custom: custom.Company ?? [] }),
    Contact: Ports.make({ session, mapping: Contact, custom: custom.Contact ?? [] }),
    Product: Ports.make({ session, mapping: Product, custom: custom.Product ?? [] }),
    Deal: Ports.make({ session, mapping: Deal, custom: custom.Deal ?? [] }),
    Invoice: Ports.make({ session, mapping: invoiceMapping(session, config), custom: custom.Invoice ?? [] }),
    Payment: Ports.make({ session, mapping: Payment, custom: custom.Payment ?? [] }),
  }
}

/** Opens a connector: checks the configuration, asks which portal the token belongs to, and what that portal has. */
export const make = <Custom extends Customs = Customs>(
  config: Configs.HubSpotConfig,
): Effect.Effect<Service<Custom>, ConnectorError, StateStore | Scope.Scope> =>
  Effect.gen(function* () {
    const store = yield* StateStore
    const keyProperty = config.keyProperty ?? Configs.KEY_PROPERTY
    if (!KEY_PROPERTY.test(keyProperty)) {
      return yield* Effect.fail(invalid("keyProperty", "has to be lower-case letters, digits and underscores"))
    }
    const deletionsEvery = config.deletionsEvery ?? Limits.DELETIONS_EVERY
    if (Duration.isGreaterThan(deletionsEvery, Limits.DELETIONS_EVERY_MOST)) {
      return yield* Effect.fail(
        invalid("deletionsEvery", "has to be 30 days or less: HubSpot forgets what was archived"),
      )
    }
    const baseUrl = yield* baseUrlOf(config)
    const routes = yield* routesOf(config)
    const plan = config.plan ?? Configs.PLAN
    // Known once the portal has told it; until then no reset of a daily allowance can be computed.
    const zone: { current: string | undefined } = { current: undefined }
    const pipeline = yield* Pipeline.make({
      system: Errors.SYSTEM,
      baseUrl,
      auth: yield* authOf(config, baseUrl, routes, store),
      limiter: yield* RateLimit.make({ system: Errors.SYSTEM, limits: Limits.of(plan) }),
      classify: Errors.classify(() => zone.current),
      feedback: Errors.feedback,
      correlationId: Errors.correlationId,
      ...(config.fetch === undefined ? {} : { fetch: config.fetch }),
      ...(config.headers === undefined ? {} : { headers: config.headers }),
      ...(config.timeout === undefined ? {} : { timeout: config.timeout }),
      ...(config.deadline === undefined ? {} : { deadline: config.deadline }),
      ...(config.readOnly === undefined ? {} : { readOnly: config.readOnly }),
    })
    const client = Client.make(pipeline, baseUrl, routes)
    const portal = yield* connect(client, config, routes.account)
    zone.current = portal.timeZone
    const indexLag = config.indexLag ?? Limits.INDEX_LAG
    const session: Session.Session = {
      client,
      store,
      keyProperty,
      indexLag,
      deletionsEvery,
      scope: { system: Errors.SYSTEM, instance: portal.id },
      catalog: Catalog.make(client),
      claims: Claims.make(Duration.toMillis(indexLag)),
      companyCurrency: portal.companyCurrency,
      timeZone: portal.timeZone,
      readOnly: config.readOnly ?? false,
      refused: new Set(),
      unreadable: new Map(),
      unwritable: new Map(),
    }
    const served = Object.values(Registry.all)
    yield* Session.loadRefused(session, [...served.map(({ type }) => type), "line_items"])
    yield* probe(session, config)
    return {
      system: Errors.SYSTEM,
      apiVersion: routes.objects,
      scope: session.scope,
      readOnly: session.readOnly,
      // The types of a tenant's own fields are a promise of the caller's, given with their names in `config.custom`.
      ports: portsOf(session, config) as unknown as HubSpotPorts<Custom>,
      client,
      check: Check.make({ session, served, plan, apiVersion: routes.objects }),
      prepare: Prepare.make(session, served),
      portal,
    }
  })

export const layer = (config: Configs.HubSpotConfig): Layer.Layer<HubSpot, ConnectorError, StateStore> =>
  Layer.effect(HubSpot, make(config))

/** With the configuration from Effect's `Config`, see `Config.fromEnvironment`. */
export const layerConfig = (
  config: Config.Config<Configs.HubSpotConfig> = Configs.fromEnvironment,
): Layer.Layer<HubSpot, ConnectorError | Config.ConfigError, StateStore> =>
  Layer.effect(
    HubSpot,
    Effect.gen(function* () {
      return yield* make(yield* config)
    }),
  )
