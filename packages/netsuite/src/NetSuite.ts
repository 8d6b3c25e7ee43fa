/**
 * The NetSuite connector.
 *
 * ```ts
 * const netsuite = yield* NetSuite.make({
 *   account: "1234567_SB1",
 *   subsidiary: "2",
 *   credentials: { type: "certificate", clientId, certificateId, privateKey },
 *   timeZone: "America/Los_Angeles",
 * })
 * yield* netsuite.ports.Account.changes().pipe(Stream.runForEach(page => …))
 * ```
 */

import type * as Connector from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entities from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as Pipeline from "@mortise/core/Pipeline"
import type * as Port from "@mortise/core/Port"
import * as RateLimit from "@mortise/core/RateLimit"
import * as StateStore from "@mortise/core/StateStore"
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
import type * as Configs from "./Config.ts"
import { fromEnvironment } from "./Config.ts"
import * as Errors from "./Errors.ts"
import * as Codes from "./internal/Codes.ts"
import type { Context as Shared } from "./internal/Context.ts"
import * as Governance from "./internal/Governance.ts"
import * as Records from "./internal/Records.ts"
import { scopeOf } from "./internal/scope.ts"
import * as Zone from "./internal/Zone.ts"
import * as Limits from "./Limits.ts"
import * as Prepare from "./Prepare.ts"
import * as Ports from "./ports/index.ts"
import * as Session from "./Session.ts"
import * as Settings from "./Settings.ts"

/** The account's own fields by entity, where they are known as types. */
export type Customs = { readonly [entity: string]: Entity.Custom }
type CustomOf<Custom extends Customs, Name extends string> = Name extends keyof Custom ? Custom[Name] : Entity.Custom

/** The ports, with the account's own fields of each entity as `Custom` types them. */
export type NetSuitePorts<Custom extends Customs = Customs> = {
  readonly Account: Port.Port<typeof Entities.Account, CustomOf<Custom, "Account">>
  readonly Contact: Port.Port<typeof Entities.Contact, CustomOf<Custom, "Contact">>
  readonly Product: Port.Port<typeof Entities.Product, CustomOf<Custom, "Product">>
  readonly Order: Port.Port<typeof Entities.Order, CustomOf<Custom, "Order">>
  readonly Invoice: Port.Port<typeof Entities.Invoice, CustomOf<Custom, "Invoice">>
  readonly Payment: Port.Port<typeof Entities.Payment, CustomOf<Custom, "Payment">>
}

/** `Paths`: those that were generated from the account's own catalogue, for the raw client. */
export interface Service<Custom extends Customs = Customs, Paths extends object = Client.RecordPaths>
  extends Connector.Connector<NetSuitePorts<Custom>, Client.Client<Paths>> {}

export class NetSuite extends Context.Service<NetSuite, Service>()("@mortise/netsuite/NetSuite") {}

/** The release that the descriptions are of. NetSuite serves one release at a time, to every account its own. */
export const VERSION = "2026.1"

export { scopeOf }

/** Writes that are searched for before they are sent again take as long as the server may be at work. */
const deadlineOf = (settings: Settings.Settings): Duration.Duration =>
  Duration.sum(Duration.times(settings.lateCommit, 2), Duration.minutes(15))

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

const lackingMemory = (): Shared["lacking"] => {
  const known = new Set<string>()
  const nameOf = (table: string, column: string) => `${table}.${column}`
  return {
    has: (table, column) => known.has(nameOf(table, column)),
    add: (table, column) => void known.add(nameOf(table, column)),
    all: () => [...known],
  }
}

const pipelineOf = (
  settings: Settings.Settings,
  tools: Pick<Pipeline.Options, "auth" | "limiter" | "feedback">,
): Effect.Effect<Pipeline.Pipeline, ConnectorError> =>
  Pipeline.make({
    ...tools,
    system: "netsuite",
    baseUrl: settings.url,
    classify: Errors.classify,
    correlationId: Errors.correlationId,
    json: "exact",
    timeout: settings.timeout,
    deadline: deadlineOf(settings),
    readOnly: settings.readOnly,
    ...(settings.headers === undefined ? {} : { headers: settings.headers }),
    ...(settings.fetch === undefined ? {} : { fetch: settings.fetch }),
  })

/** Requests at once: configured, or what the account tells, or what every account has. */
const concurrencyOf = (settings: Settings.Settings, tools: Pick<Pipeline.Options, "auth" | "feedback">) =>
  Effect.gen(function* () {
    if (settings.concurrency !== undefined) return Governance.configured(settings.concurrency)
    const limiter = yield* RateLimit.make({ system: "netsuite", limits: Limits.of(1, "asking for the limit itself") })
    const open = yield* pipelineOf(settings, { ...tools, limiter: settings.limiter ?? limiter })
    return yield* Governance.ask(Client.make(open, settings.url))
  })

/**
 * Opens a connector. An account's own fields are named in `config.custom`; `make<Own>(config)` types them on read and
 * write.
 */
export const make = <Custom extends Customs = Customs, Paths extends object = Client.RecordPaths>(
  config: Configs.NetSuiteConfig,
): Effect.Effect<Service<Custom, Paths>, ConnectorError, StateStore.StateStore | EffectScope.Scope> =>
  Effect.gen(function* () {
    const settings = yield* Settings.make(config)
    const store = yield* StateStore.StateStore
    const scope = scopeOf(settings)
    const clock = serverClock()
    const auth = yield* Session.make(settings, { store, scope })
    const shared = { auth, feedback: clock.note }
    const allowed = yield* concurrencyOf(settings, shared)
    const limits = Limits.of(allowed.concurrency, allowed.source)
    const limiter = settings.limiter ?? (yield* RateLimit.make({ system: "netsuite", limits }))
    const pipeline = yield* pipelineOf(settings, { ...shared, limiter })
    const client = Client.make(pipeline, settings.url)
    const records = Records.make(client)
    const context: Shared = {
      settings,
      scope,
      records,
      store,
      codes: Codes.make(records),
      zones: Zone.make(settings, records),
      today: Effect.map(clock.now, dayIn(settings.dayZone)),
      alone: yield* WriteTurns.make(store, settings.lateCommit),
      lacking: lackingMemory(),
      batches: { available: true },
      concurrency: allowed.concurrency,
    }
    return {
      system: "netsuite",
      apiVersion: VERSION,
      scope,
      readOnly: settings.readOnly,
      // The types of an account's own fields are a promise of the caller's, given with their names in `config.custom`; so
      // are those of its routes.
      ports: Ports.make(context) as unknown as NetSuitePorts<Custom>,
      client: client as unknown as Client.Client<Paths>,
      check: Check.check(context, allowed),
      prepare: Prepare.prepare(context),
    }
  })

export const layer = (config: Configs.NetSuiteConfig): Layer.Layer<NetSuite, ConnectorError, StateStore.StateStore> =>
  Layer.effect(NetSuite, make(config))

/** With the configuration from Effect's `Config`, see `Config.fromEnvironment`. */
export const layerConfig = (
  config: Config.Config<Configs.NetSuiteConfig> = fromEnvironment,
): Layer.Layer<NetSuite, ConnectorError | Config.ConfigError, StateStore.StateStore> =>
  Layer.effect(
    NetSuite,
    Effect.gen(function* () {
      return yield* make(yield* config)
    }),
  )
