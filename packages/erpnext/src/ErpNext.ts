/**
 * The ERPNext connector.
 *
 * ```ts
 * const erpnext = yield* ErpNext.make({
 *   url: "https://erp.example.com",
 *   company: "Acme Inc",
 *   credentials: { type: "keyPair", key, secret },
 * })
 * yield* erpnext.prepare() // the Custom Fields that carry our keys
 * yield* erpnext.ports.Account.changes().pipe(Stream.runForEach(page => …))
 * ```
 */

import type * as Connector from "@mortise/core/Connector"
import { ConnectorError, NotFound } from "@mortise/core/ConnectorError"
import type * as Entities from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as Pipeline from "@mortise/core/Pipeline"
import type * as Port from "@mortise/core/Port"
import * as RateLimit from "@mortise/core/RateLimit"
import type * as Scope from "@mortise/core/Scope"
import * as StateStore from "@mortise/core/StateStore"
import * as Clock from "effect/Clock"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as EffectScope from "effect/Scope"
import * as Auth from "./Auth.ts"
import * as Check from "./Check.ts"
import * as Client from "./Client.ts"
import * as Configs from "./Config.ts"
import * as Errors from "./Errors.ts"
import * as Catalog from "./internal/Catalog.ts"
import type { Context as Shared } from "./internal/Context.ts"
import * as Countries from "./internal/countries.ts"
import { type AnyDoctype, type AnyDocuments, textOf } from "./internal/Doc.ts"
import * as Limits from "./Limits.ts"
import * as Prepare from "./Prepare.ts"
import * as Ports from "./ports/index.ts"
import * as Settings from "./Settings.ts"
import * as Site from "./Site.ts"
import * as SiteTime from "./SiteTime.ts"
import type { Base, Version } from "./Versions.ts"

/** The site's own fields by entity, where they are known as types. */
export type Customs = { readonly [entity: string]: Entity.Custom }
type CustomOf<Custom extends Customs, Name extends string> = Name extends keyof Custom ? Custom[Name] : Entity.Custom

/** The ports, with the site's own fields of each entity as `Custom` types them. */
export type ErpNextPorts<Custom extends Customs = Customs> = {
  readonly Account: Port.Port<typeof Entities.Account, CustomOf<Custom, "Account">>
  readonly Contact: Port.Port<typeof Entities.Contact, CustomOf<Custom, "Contact">>
  readonly Product: Port.Port<typeof Entities.Product, CustomOf<Custom, "Product">>
  readonly Order: Port.Port<typeof Entities.Order, CustomOf<Custom, "Order">>
  readonly Invoice: Port.Port<typeof Entities.Invoice, CustomOf<Custom, "Invoice">>
  readonly Payment: Port.Port<typeof Entities.Payment, CustomOf<Custom, "Payment">>
}

/** The doctypes of a version. */
export type Doctypes<V extends Version> = V extends "v16" ? Client.Entities16 : Client.Entities

export interface Service<Custom extends Customs = Customs, V extends Version = Base>
  extends Connector.Connector<ErpNextPorts<Custom>, Client.Client<Doctypes<V>>> {}

export class ErpNext extends Context.Service<ErpNext, Service>()("@mortise/erpnext/ErpNext") {}

/** One company of one site. */
export const scopeOf = (settings: Settings.Settings): Scope.Scope => ({
  system: "erpnext",
  instance: settings.url.host,
  company: settings.company,
})

const pipelineOptions = (settings: Settings.Settings, limiter: RateLimit.Limiter) => ({
  system: "erpnext",
  baseUrl: settings.url,
  limiter,
  classify: Errors.classify,
  json: "exact" as const,
  timeout: settings.timeout,
  readOnly: settings.readOnly,
  headers: { accept: "application/json", ...settings.headers },
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

/** The company's own currency, asked for when it is needed first. */
const currencyOf = (settings: Settings.Settings, documents: AnyDocuments): Shared["currency"] => {
  const known: { currency?: string } = {}
  const missing = new ConnectorError({
    system: "erpnext",
    operation: "erpnext.Company.get",
    reason: new NotFound({
      message: `the site has no company ${settings.company}, or our user may not see it`,
      entity: "Company",
      id: settings.company,
    }),
  })
  return Effect.suspend(() => {
    if (known.currency !== undefined) return Effect.succeed(known.currency)
    return Effect.flatMap(documents.get("Company", settings.company), (found) => {
      const currency = Option.isSome(found) ? textOf(found.value, "default_currency") : undefined
      if (currency === undefined) return Effect.fail(missing)
      known.currency = currency
      return Effect.succeed(currency)
    })
  })
}

/**
 * Opens a connector. The site is asked which release it is, and refused with `VersionMismatch` when that is not the pinned
 * one; its time zone, by which all its stamps are read; and whether our user may see what was deleted.
 *
 * The site's own fields are found in its doctypes; `make<Custom>(config)` types them on read and write.
 */
export const make = <Custom extends Customs = Customs, const V extends Version = Base>(
  config: Configs.ErpNextConfig<V>,
): Effect.Effect<Service<Custom, V>, ConnectorError, StateStore.StateStore | EffectScope.Scope> =>
  Effect.gen(function* () {
    const settings = yield* Settings.make(config)
    const store = yield* StateStore.StateStore
    const scope = scopeOf(settings)
    const clock = serverClock()
    const limiter = yield* RateLimit.make({ system: "erpnext", limits: Limits.of(settings.limits ?? {}) })
    const auth = yield* Auth.make(settings, { scope, store })
    const shared = { ...pipelineOptions(settings, limiter), auth, feedback: clock.note }
    const pipeline = yield* Pipeline.make(shared)
    // Doctypes are hundreds of kilobytes of flags, which need no exact digits.
    const described = yield* Pipeline.make({ ...shared, json: "native" })
    const client = Client.make<Doctypes<V> & object>(pipeline, settings.url, settings.endpoints)
    const { documents } = Client.make<AnyDoctype>(pipeline, settings.url, settings.endpoints)
    const found = yield* Site.site(client)
    yield* Site.verify(found, settings)
    const time = yield* SiteTime.make(found.timeZone)
    const context: Shared = {
      settings,
      scope,
      documents,
      store,
      time,
      catalog: Catalog.make(Client.make(described, settings.url)),
      countries: Countries.make(settings.countries),
      currency: currencyOf(settings, documents),
      now: clock.now,
      today: Effect.map(clock.now, time.day),
      deletions: yield* Site.seesDeletions(documents),
      concurrency: settings.limits?.concurrentRequests ?? Limits.CONCURRENCY,
    }
    return {
      system: "erpnext",
      apiVersion: settings.version,
      scope,
      readOnly: settings.readOnly,
      // The types of a site's own fields are a promise of the caller's: the generator writes them from the site's doctypes.
      ports: Ports.make(context) as unknown as ErpNextPorts<Custom>,
      client: client as unknown as Client.Client<Doctypes<V>>,
      check: Check.check(context, client),
      prepare: Prepare.prepare(context),
    }
  })

export const layer = (config: Configs.ErpNextConfig): Layer.Layer<ErpNext, ConnectorError, StateStore.StateStore> =>
  Layer.effect(ErpNext, make(config))

/** With the configuration from Effect's `Config`, see `Config.fromEnvironment`. */
export const layerConfig = (
  config: Config.Config<Configs.ErpNextConfig> = Configs.fromEnvironment,
): Layer.Layer<ErpNext, ConnectorError | Config.ConfigError, StateStore.StateStore> =>
  Layer.effect(
    ErpNext,
    Effect.gen(function* () {
      return yield* make(yield* config)
    }),
  )
