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
import * as Pipeline from "@mortise/core/Pipeline"
import * as RateLimit from "@mortise/core/RateLimit"
import type * as Scope from "@mortise/core/Scope"
import * as StateStore from "@mortise/core/StateStore"
import * as StaticAuth from "@mortise/core/StaticAuth"
import type { LocalDate } from "@mortise/core/Values"
import * as Clock from "effect/Clock"
import * as EffectConfig from "effect/Config"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import * as Check from "./Check.ts"
import * as Client from "./Client.ts"
import type * as Config from "./Config.ts"
import * as Errors from "./Errors.ts"
import * as Instance from "./Instance.ts"
import type { Context as Shared } from "./internal/Context.ts"
import * as Turns from "./internal/Turns.ts"
import * as Limits from "./Limits.ts"
import * as Prepare from "./Prepare.ts"
import * as Ports from "./ports/index.ts"
import * as Session from "./Session.ts"
import * as Settings from "./Settings.ts"
import { type Base, contractOf, type Version } from "./Versions.ts"
import * as Wrapping from "./Wrapping.ts"

export type Acumatica<V extends Version = Base> = Connector.Connector<Ports.Ports, Client.Client<V>>

/** The connector as a service, with the types of the base version. */
export class Service extends Context.Service<Service, Acumatica>()("@mortise/acumatica/Acumatica") {}

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
 */
export const make = <const V extends Version = Base>(
  options: Config.Options<V>,
): Effect.Effect<Acumatica<V>, ConnectorError, StateStore.StateStore | EffectScope.Scope> =>
  Effect.gen(function* () {
    const settings = yield* Settings.make(options)
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
      alone: yield* Turns.make(store, settings.lateCommit),
      heavy: heavyMemory(),
      concurrency: settings.serialCalls ? 1 : (settings.licence?.concurrentRequests ?? 1),
    }
    return {
      system: "acumatica",
      apiVersion: settings.version,
      scope,
      readOnly: settings.readOnly,
      ports: Ports.make(context),
      client,
      check: Check.check(context, open),
      prepare: Prepare.prepare(context),
    }
  })

/** The service, opened with options that the program has. */
export const layer = (options: Config.Options): Layer.Layer<Service, ConnectorError, StateStore.StateStore> =>
  Layer.effect(Service, make(options))

const fromEnvironment = EffectConfig.all({
  url: EffectConfig.String("ACUMATICA_URL"),
  tenant: EffectConfig.String("ACUMATICA_TENANT"),
  clientId: EffectConfig.String("ACUMATICA_CLIENT_ID"),
  clientSecret: EffectConfig.Redacted("ACUMATICA_CLIENT_SECRET"),
  refreshToken: EffectConfig.Redacted("ACUMATICA_REFRESH_TOKEN"),
})

/**
 * The service, opened with `ACUMATICA_URL`, `_TENANT`, `_CLIENT_ID`, `_CLIENT_SECRET` and `_REFRESH_TOKEN` of the
 * environment, and further options.
 */
export const layerConfig = (options: Omit<Partial<Config.Options>, "credentials"> = {}) =>
  Layer.effect(
    Service,
    Effect.flatMap(fromEnvironment, ({ tenant, url, ...grant }) =>
      make({ url, tenant, ...options, credentials: { type: "oauth", ...grant } }),
    ),
  )
