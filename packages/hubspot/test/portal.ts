/** A connector on a twin of a portal, in process and in virtual time. */
import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import type * as Change from "@mortise/core/Change"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import type * as Entity from "@mortise/core/Entity"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as StateStore from "@mortise/core/StateStore"
import * as BigDecimal from "effect/BigDecimal"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { HubSpotConfig } from "../src/Config.ts"
import * as HubSpot from "../src/HubSpot.ts"

/** 32 bytes in base64. */
const SEAL_KEY = Redacted.make(Buffer.alloc(32, 7).toString("base64"))

export const START = Date.UTC(2026, 10, 2, 9)

export interface Options extends Omit<HubSpotTwin.VendorOptions, "clock"> {
  readonly backend?: MemoryBackend.MemoryBackend
}

export const open = (options: Options = {}) => {
  const clock = VirtualClock.make({ start: START })
  const twin = HubSpotTwin.make({ clock, ...options })
  const backend = options.backend ?? MemoryBackend.make()

  const exit = <A>(
    program: Effect.Effect<A, ConnectorError, StateStore.StateStore | Scope.Scope>,
  ): Promise<Exit.Exit<A, ConnectorError>> =>
    clock
      .run(program.pipe(Effect.scoped, Effect.provide(StateStore.layer(backend, { sealKey: SEAL_KEY }))), {
        limit: "2 days",
      })
      .then((result) => {
        if (result instanceof VirtualClock.Stuck) throw result
        return result
      })

  const run = async <A>(program: Effect.Effect<A, ConnectorError, StateStore.StateStore | Scope.Scope>): Promise<A> => {
    const result = await exit(program)
    if (Exit.isSuccess(result)) return result.value
    throw Cause.squash(result.cause)
  }

  const fails = async <A>(
    program: Effect.Effect<A, ConnectorError, StateStore.StateStore | Scope.Scope>,
  ): Promise<ConnectorError> =>
    run(Effect.flip(program) as Effect.Effect<ConnectorError, ConnectorError, StateStore.StateStore | Scope.Scope>)

  const configured = (config: Partial<HubSpotConfig> = {}): HubSpotConfig => ({
    credentials: { token: Redacted.make(twin.world.token) },
    fetch: twin.fetch,
    ...config,
  })

  const connect = (config: Partial<HubSpotConfig> = {}) => HubSpot.make(configured(config))

  /** A connector whose properties are there. */
  const ready = (config: Partial<HubSpotConfig> = {}) =>
    Effect.tap(connect(config), (hubspot) => (hubspot.readOnly ? Effect.void : Effect.asVoid(hubspot.prepare())))

  /** Search has seen everything, and the lag of readings has passed. */
  const later = Effect.sleep(Duration.minutes(2))

  return {
    clock,
    twin,
    world: twin.world,
    journal: twin.journal,
    backend,
    run,
    exit,
    fails,
    connect,
    ready,
    later,
    configured,
  }
}

export type Portal = ReturnType<typeof open>

export const key = (entity: string, id: string) => `acumatica/acme/main|${entity}|${id}`

/** All changes of one reading, committed page by page. */
export const readAll = <E extends Entity.Any>(port: Port.Port<E>, options: Port.ChangesOptions<E> = {}) =>
  Effect.gen(function* () {
    const store = yield* StateStore.StateStore
    const pages: Array<Change.Page<Entity.Record<E>>> = []
    yield* Stream.runForEach(port.changes(options), (page) => {
      pages.push(page)
      return store.commit({ page })
    })
    return { pages, changes: pages.flatMap((page) => page.changes), cursor: pages.at(-1)?.cursor as Change.Cursor }
  })

export const upserted = <A>(changes: ReadonlyArray<Change.Change<A>>) =>
  changes.flatMap((change) => (change._tag === "Upserted" ? [change] : []))

export const tags = (outcomes: ReadonlyArray<Outcome.Outcome>) => outcomes.map(({ _tag }) => _tag)

export const reasonOf = (outcome: Outcome.Outcome | undefined) =>
  outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined

export const idOf = (outcome: Outcome.Outcome | undefined): string =>
  outcome !== undefined && "id" in outcome && outcome.id !== undefined
    ? outcome.id
    : `none (${JSON.stringify(outcome)})`

/** Decimals as their text, so that equal values are equal. */
export const plain = (value: unknown): unknown => {
  if (BigDecimal.isBigDecimal(value)) return Decimal.format(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}
