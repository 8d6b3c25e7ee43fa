/**
 * The Acumatica connector.
 *
 * ```ts
 * const acumatica = yield* Acumatica.make({
 *   url: "https://erp.example.com/acme",
 *   tenant: "Acme",
 *   credentials: { type: "oauth", clientId, clientSecret, refreshToken },
 *   licence: { requestsPerMinute: 150 },
 * })
 * yield* acumatica.ports.Account.changes().pipe(Stream.runForEach(page => …))
 * ```
 */

import type * as Connector from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entities from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as Pipeline from "@mortise/core/Pipeline"
import type * as Port from "@mortise/core/Port"
import * as RateLimit from "@mortise/core/RateLimit"
import type * as Scope from "@mortise/core/Scope"
import * as StateStore from "@mortise/core/StateStore"
import * as StaticAuth from "@mortise/core/StaticAuth"
import type { LocalDate } from "@mortise/core/Values"
import * as WriteTurns from "@mortise/core/WriteTurns"
import * as Clock from "effect/Clock"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import * as Check from "./Check.ts"
import * as Client from "./Client.ts"
import * as Configs from "./Config.ts"
import * as Errors from "./Errors.ts"
import * as Instance from "./Instance.ts"
import type { Context as Shared } from "./internal/Context.ts"
import * as Limits from "./Limits.ts"
import * as Prepare from "./Prepare.ts"
import * as Ports from "./ports/index.ts"
import * as Session from "./Session.ts"
import * as Settings from "./Settings.ts"
import { type Base, contractOf, type Version } from "./Versions.ts"
import * as Wrapping from "./Wrapping.ts"

/** The tenant's own fields by entity, where they are known as types. */
export type Customs = { readonly [entity: string]: Entity.Custom }
type CustomOf<Custom extends Customs, Name extends string> = Name extends keyof Custom ? Custom[Name] : Entity.Custom

/** The ports, with the tenant's own fields of each entity as `Custom` types them. */
export type AcumaticaPorts<Custom extends Customs = Customs> = {
  readonly Account: Port.Port<typeof Entities.Account, CustomOf<Custom, "Account">>
  readonly Contact: Port.Port<typeof Entities.Contact, CustomOf<Custom, "Contact">>
  readonly Product: Port.Port<typeof Entities.Product, CustomOf<Custom, "Product">>
  readonly Order: Port.Port<typeof Entities.Order, CustomOf<Custom, "Order">>
  readonly Invoice: Port.Port<typeof Entities.Invoice, CustomOf<Custom, "Invoice">>
  readonly Payment: Port.Port<typeof Entities.Payment, CustomOf<Custom, "Payment">>
}

export interface Service<Custom extends Customs = Customs, V extends Version = Base>
  extends Connector.Connector<AcumaticaPorts<Custom>, Client.Client<V>> {}

export class Acumatica extends Context.Service<Acumatica, Service>()("@mortise/acumatica/Acumatica") {}

/** One tenant of one instance, and one branch of it where documents are kept apart. */
export const scopeOf = (settings: Settings.Settings): Scope.Scope => ({
  system: "acumatica",
  instance: `${settings.url.host}${settings.url.pathname.replace(/\/+$/, "")}#${settings.tenant}`,
  ...(settings.branch === undefined ? {} : { company: settings.branch }),
})

/** Refused writes that are searched for before they are sent again take as long as the server may be at work. */
const deadlineOf = (settings: Settings.Settings): Duration.Duration =>
  Duration.sum(Duration.times(settings.lateCommit, 2), Duration.minutes(15))

const pipelineOptions = (settings: Settings.Settings, limiter: RateLimit.Limiter) => ({
  system: "acumatica",
  baseUrl: settings.url,
  limiter,
  classify: Errors.classify,
  json: "exact" as const,
  timeout: settings.timeout,
  deadline: deadlineOf(settings),
  readOnly: settings.readOnly,
  headers: {
    accept: "application/json",
    ...settings.headers,
    ...(settings.branch === undefined ? {} : { "PX-CbApiBranch": settings.branch }),
  },
  ...(settings.fetch === undefined ? {} : { fetch: settings.fetch }),
})

/** Keeps how far the server's clock is from ours, by the dates of its answers. */
const serverClock = () => {
  let skew = 0
  const note = (exchange: Pipeline.Exchange): undefined => {
    if (exchange.serverTime !== undefined) skew = exchange.serverTime - exchange.receivedAt
    return undefined
  }
  return { note, now: Effect.map(Clock.currentTimeMillis, (now) => now + skew) }
}

const dayIn =
  (zone: string) =>
  (millis: number): LocalDate =>
    DateTime.formatIsoDate(DateTime.makeZonedUnsafe(millis, { timeZone: zone })) as LocalDate

const heavyMemory = (): Shared["heavy"] => {
  const known = new Set<string>()
  return { has: (question) => known.has(question), add: (question) => void known.add(question) }
}

/**
 * Opens a connector. The instance is asked which versions it serves, and refused with `VersionMismatch` when the pinned
 * one is not among them. The session ends with the scope.
 *
 * A tenant's own fields are named in `config.custom`; `make<Own>(config)` types them on read and write.
 */
export const make = <Custom extends Customs = Customs, const V extends Version = Base>(
  config: Configs.AcumaticaConfig<V>,
): Effect.Effect<Service<Custom, V>, ConnectorError, StateStore.StateStore | EffectScope.Scope> =>
  Effect.gen(function* () {
    const settings = yield* Settings.make(config)
    const store = yield* StateStore.StateStore
    const scope = scopeOf(settings)
    const clock = serverClock()
    const limiter = yield* RateLimit.make({
      system: "acumatica",
      limits: Limits.of(settings.licence ?? {}, settings.serialCalls),
    })
    const shared = { ...pipelineOptions(settings, limiter), feedback: clock.note }
    const open = yield* Pipeline.make({ ...shared, auth: StaticAuth.none })
    yield* Effect.flatMap(Instance.instance(open, settings), (found) => Instance.verify(found, settings))
    const auth = yield* Session.make(settings, { open, store, scope })
    const pipeline = yield* Pipeline.make({ ...shared, auth })
    const client = Client.make({ url: settings.url, version: settings.version as V, pipeline })
    const context: Shared = {
      settings,
      scope,
      store,
      codec: Wrapping.codec(contractOf(settings.version)),
      records: Client.records(client as unknown as Client.Client),
      now: clock.now,
      today: Effect.map(clock.now, dayIn(settings.timeZone)),
      alone: yield* WriteTurns.make(store, settings.lateCommit),
      heavy: heavyMemory(),
      concurrency: settings.serialCalls ? 1 : (settings.licence?.concurrentRequests ?? 1),
    }
    return {
      system: "acumatica",
      apiVersion: settings.version,
      scope,
      readOnly: settings.readOnly,
      // The types of a tenant's own fields are a promise of the caller's, given with their names in `config.custom`.
      ports: Ports.make(context) as unknown as AcumaticaPorts<Custom>,
      client,
      check: Check.check(context, open),
      prepare: Prepare.prepare(context),
    }
  })

export const layer = (config: Configs.AcumaticaConfig): Layer.Layer<Acumatica, ConnectorError, StateStore.StateStore> =>
  Layer.effect(Acumatica, make(config))

/** With the configuration from Effect's `Config`, see `Config.fromEnvironment`. */
export const layerConfig = (
  config: Config.Config<Configs.AcumaticaConfig> = Configs.fromEnvironment,
): Layer.Layer<Acumatica, ConnectorError | Config.ConfigError, StateStore.StateStore> =>
  Layer.effect(
    Acumatica,
    Effect.gen(function* () {
      return yield* make(yield* config)
    }),
  )
