/**
 * The connector of Dynamics 365 Finance & Operations.
 *
 * ```ts
 * const dynamics = yield* Dynamics.make({
 *   url: "https://contoso.operations.dynamics.com",
 *   company: "usmf",
 *   credentials: { tenantId, clientId, clientSecret },
 *   accounts: { group: "30" },
 * })
 * yield* dynamics.ports.Account.changes().pipe(Stream.runForEach(page => …))
 * ```
 */

import type * as Connector from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entities from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as OAuth from "@mortise/core/OAuth"
import * as Pipeline from "@mortise/core/Pipeline"
import type * as Port from "@mortise/core/Port"
import * as RateLimit from "@mortise/core/RateLimit"
import type * as Scope from "@mortise/core/Scope"
import * as StateStore from "@mortise/core/StateStore"
import * as WriteTurns from "@mortise/core/WriteTurns"
import * as Clock from "effect/Clock"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Check from "./Check.ts"
import * as Client from "./Client.ts"
import * as Configs from "./Config.ts"
import * as Errors from "./Errors.ts"
import type { paths as Standard } from "./generated/api.ts"
import type { Context as Shared } from "./internal/Context.ts"
import * as Facts from "./internal/facts.ts"
import * as Records from "./internal/records.ts"
import * as Stamped from "./internal/stamped.ts"
import * as Limits from "./Limits.ts"
import * as Prepare from "./Prepare.ts"
import * as Ports from "./ports/index.ts"
import * as Routes from "./Routes.ts"
import type { Resource, Stamped as StampedResource } from "./Sets.ts"
import * as Settings from "./Settings.ts"

/** The tenant's own fields by entity, where they are known as types. */
export type Customs = { readonly [entity: string]: Entity.Custom }
type CustomOf<Custom extends Customs, Name extends string> = Name extends keyof Custom ? Custom[Name] : Entity.Custom

/** The ports, with the tenant's own fields of each entity as `Custom` types them. */
export type DynamicsPorts<Custom extends Customs = Customs> = {
  readonly Account: Port.Port<typeof Entities.Account, CustomOf<Custom, "Account">>
  readonly Contact: Port.Port<typeof Entities.Contact, CustomOf<Custom, "Contact">>
  readonly Product: Port.Port<typeof Entities.Product, CustomOf<Custom, "Product">>
  readonly Order: Port.Port<typeof Entities.Order, CustomOf<Custom, "Order">>
  readonly Invoice: Port.Port<typeof Entities.Invoice, CustomOf<Custom, "Invoice">>
  readonly Payment: Port.Port<typeof Entities.Payment, CustomOf<Custom, "Payment">>
}

/** `P`: the `paths` that were generated from a tenant's own `$metadata`. */
export interface Service<Custom extends Customs = Customs, P extends object = Standard>
  extends Connector.Connector<DynamicsPorts<Custom>, Client.Client<P>> {}

export class Dynamics extends Context.Service<Dynamics, Service>()("@mortise/dynamics/Dynamics") {}

/** One legal entity of one environment. */
export const scopeOf = (settings: Settings.Settings): Scope.Scope => ({
  system: "dynamics",
  instance: `${settings.url.host}${settings.url.pathname.replace(/\/+$/, "")}`,
  company: settings.company,
})

/** Refused writes that are searched for before they are sent again take as long as the server may be at work. */
const deadlineOf = (settings: Settings.Settings): Duration.Duration =>
  Duration.sum(Duration.times(settings.lateCommit, 2), Duration.minutes(15))

const fetchOf = ({ fetch }: Settings.Settings) => (fetch === undefined ? {} : { fetch })

/** The client's own right, for the environment alone. Asked for again when it ends; there is no refresh token. */
const authOf = (settings: Settings.Settings) => {
  const { credentials } = settings
  const audience = Routes.audience(new URL(credentials.resource ?? settings.url))
  return OAuth.clientCredentials({
    system: "dynamics",
    tokenUrl: Routes.token(credentials),
    clientId: credentials.clientId,
    clientSecret: credentials.clientSecret,
    ...(credentials.endpoint === "v1" ? { parameters: { resource: audience } } : { scopes: [`${audience}/.default`] }),
    ...fetchOf(settings),
  })
}

/** Keeps how far the server's clock is from ours, by the dates of its answers. */
const serverClock = () => {
  let skew = 0
  const note = (exchange: Pipeline.Exchange): undefined => {
    if (exchange.serverTime !== undefined) skew = exchange.serverTime - exchange.receivedAt
    return undefined
  }
  return { note, now: Effect.map(Clock.currentTimeMillis, (now) => now + skew) }
}

const pipelineOf = (settings: Settings.Settings, feedback: (exchange: Pipeline.Exchange) => undefined) =>
  Effect.gen(function* () {
    const limits = Limits.of(settings.concurrency, settings.userLimits === true)
    return yield* Pipeline.make({
      system: "dynamics",
      baseUrl: settings.url,
      auth: yield* authOf(settings),
      limiter: yield* RateLimit.make({ system: "dynamics", limits }),
      classify: Errors.classify,
      correlationId: Errors.correlationId,
      feedback,
      json: "exact",
      timeout: settings.timeout,
      deadline: deadlineOf(settings),
      readOnly: settings.readOnly,
      headers: { accept: "application/json", ...settings.headers },
      ...fetchOf(settings),
    })
  })

const SETS = {
  Account: "CustomersV3",
  Product: "ReleasedProductsV2",
  Order: "SalesOrderHeadersV2",
} as const satisfies { readonly [entity: string]: StampedResource }

/** The stamped sets that were asked for and can be read; the others are crawled. */
const stampedOf = (settings: Settings.Settings, records: Records.Records) =>
  Effect.map(
    Effect.filter(settings.stamped ?? [], (entity) => Stamped.probe(records, settings.company, SETS[entity])),
    (found): ReadonlySet<Resource> => new Set(found.map((entity) => SETS[entity])),
  )

/**
 * Opens a connector. Nothing is asked of the environment until it is used, but for the stamps that `stamped` names.
 *
 * A tenant's own fields are named in `config.custom`; `make<Own, Paths>(config)` types them on read and write, and the
 * client by the tenant's generated `paths`.
 */
export const make = <Custom extends Customs = Customs, P extends object = Standard>(
  config: Configs.DynamicsConfig,
): Effect.Effect<Service<Custom, P>, ConnectorError, StateStore.StateStore> =>
  Effect.gen(function* () {
    const settings = yield* Settings.make(config)
    const store = yield* StateStore.StateStore
    const clock = serverClock()
    const pipeline = yield* pipelineOf(settings, clock.note)
    const client = Client.make<P>(pipeline, settings.url)
    const shared = client as unknown as Client.Client
    const records = Records.make(settings, shared, pipeline)
    const context: Shared = {
      settings,
      scope: scopeOf(settings),
      store,
      records,
      now: clock.now,
      facts: yield* Facts.make(settings, { client: shared, records, now: clock.now }),
      stamped: yield* stampedOf(settings, records),
      alone: yield* WriteTurns.make(store, settings.lateCommit),
      concurrency: settings.concurrency,
    }
    return {
      system: "dynamics",
      apiVersion: settings.applicationVersion,
      scope: context.scope,
      readOnly: settings.readOnly,
      // The types of a tenant's own fields are a promise of the caller's, given with their names in `config.custom`.
      ports: Ports.make(context) as unknown as DynamicsPorts<Custom>,
      client,
      check: Check.check(context, pipeline),
      prepare: Prepare.prepare(context, pipeline),
    }
  })

export const layer = (config: Configs.DynamicsConfig): Layer.Layer<Dynamics, ConnectorError, StateStore.StateStore> =>
  Layer.effect(Dynamics, make(config))

/** With the configuration from Effect's `Config`, see `Config.fromEnvironment`. */
export const layerConfig = (
  config: Config.Config<Configs.DynamicsConfig> = Configs.fromEnvironment,
): Layer.Layer<Dynamics, ConnectorError | Config.ConfigError, StateStore.StateStore> =>
  Layer.effect(
    Dynamics,
    Effect.gen(function* () {
      return yield* make(yield* config)
    }),
  )
