/** A connector on a twin, with one virtual clock for both. */

import * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import type { Twin } from "@mortise/conformance/twin/Twin"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import type * as Change from "@mortise/core/Change"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Port from "@mortise/core/Port"
import * as StateStore from "@mortise/core/StateStore"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import type * as EffectScope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Acumatica from "../../src/Acumatica.ts"
import type * as Config from "../../src/Config.ts"
import type { Base, Version } from "../../src/Versions.ts"

/** A store that may keep tokens. The key is made up and seals nothing but this test. */
export const memory = () =>
  StateStore.layerMemory({ sealKey: Redacted.make("dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMTI=") })

export const START = Date.UTC(2026, 0, 15, 12)

export type AcumaticaTwinOf = Twin<AcumaticaTwin.AcumaticaWorld>

export interface Bench {
  readonly clock: VirtualClock.VirtualClock
  readonly twin: AcumaticaTwinOf
  readonly world: AcumaticaTwin.AcumaticaWorld
}

export const make = (options: Omit<AcumaticaTwin.Options, "clock"> = {}): Bench => {
  const clock = VirtualClock.make({ start: START })
  const twin = AcumaticaTwin.make({ clock, ...options })
  return { clock, twin, world: twin.world }
}

const { CREDENTIALS, INSTANCE_PATH, ORIGIN, TENANT } = AcumaticaTwin

/** Options for a sign-in by cookie, with room in the limits: a test that is about limits says so. */
export const options = <V extends Version = Base>(
  bench: Bench,
  more: Partial<Config.AcumaticaConfig<V>> = {},
): Config.AcumaticaConfig<V> => ({
  url: `${ORIGIN}${INSTANCE_PATH}`,
  tenant: TENANT,
  credentials: { type: "cookie", name: CREDENTIALS.name, password: Redacted.make(CREDENTIALS.password) },
  licence: { requestsPerMinute: null },
  baseCurrency: "USD",
  fetch: bench.twin.fetch,
  ...more,
})

/** Options for a connected application to which somebody consented. */
export const oauth = (bench: Bench, more: Partial<Config.AcumaticaConfig> = {}): Config.AcumaticaConfig => {
  const { refreshToken } = AcumaticaTwin.consent(bench.world, CREDENTIALS.clientId)
  return options(bench, {
    credentials: {
      type: "oauth",
      clientId: CREDENTIALS.clientId,
      clientSecret: Redacted.make(CREDENTIALS.clientSecret),
      refreshToken: Redacted.make(refreshToken),
    },
    ...more,
  })
}

type Opened<V extends Version> = Acumatica.Service<Acumatica.Customs, V>

/** Opens a connector; the scope closes it. */
export const open = (config: Config.AcumaticaConfig) => Acumatica.make(config)

/** Opens a connector, uses it and closes it again; throws what failed. */
export const use = async <A, V extends Version = Base>(
  bench: Bench,
  config: Config.AcumaticaConfig<V>,
  body: (connector: Opened<V>) => Effect.Effect<A, ConnectorError, StateStore.StateStore | EffectScope.Scope>,
  store = memory(),
): Promise<A> => {
  const program = Effect.scoped(Effect.flatMap(Acumatica.make(config), body)).pipe(Effect.provide(store))
  const exit = await bench.clock.run(program, { limit: "2 days" })
  if (exit instanceof VirtualClock.Stuck) throw exit
  if (Exit.isSuccess(exit)) return exit.value
  throw Cause.squash(exit.cause)
}

/** How opening or using a connector failed. */
export const failure = async <V extends Version = Base>(
  bench: Bench,
  config: Config.AcumaticaConfig<V>,
  body: (
    connector: Opened<V>,
  ) => Effect.Effect<unknown, ConnectorError, StateStore.StateStore | EffectScope.Scope> = () => Effect.void,
): Promise<ConnectorError> => {
  const program = Effect.scoped(Effect.flip(Effect.flatMap(Acumatica.make(config), body)))
  const exit = await bench.clock.run(Effect.provide(program, memory()), { limit: "2 days" })
  if (exit instanceof VirtualClock.Stuck) throw exit
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error("it did not fail")
}

type Rec<E extends Entity.Any> = Entity.Record<E>

/** Reads to the end, committing every page. */
export const readAll = <E extends Entity.Any>(
  port: Port.Port<E>,
  from: Port.ChangesOptions<E> = {},
): Effect.Effect<
  { readonly changes: ReadonlyArray<Change.Change<Rec<E>>>; readonly cursor: Change.Cursor; readonly pages: number },
  ConnectorError,
  StateStore.StateStore
> =>
  Effect.gen(function* () {
    const store = yield* StateStore.StateStore
    const changes: Array<Change.Change<Rec<E>>> = []
    let last: Change.Page<Rec<E>> | undefined
    let pages = 0
    yield* Stream.runForEach(port.changes(from), (page) =>
      Effect.gen(function* () {
        changes.push(...page.changes)
        pages += 1
        last = page
        yield* store.commit({ page })
      }),
    )
    if (last === undefined) return yield* Effect.die("a reading without a page")
    return { changes, cursor: last.cursor, pages }
  })

export const upserted = <A>(changes: ReadonlyArray<Change.Change<A>>): ReadonlyArray<Change.Upserted<A>> =>
  changes.filter((change) => change._tag === "Upserted")

/** Requests that reached the twin, as `GET /Customer`. */
export const requests = (bench: Bench): ReadonlyArray<string> =>
  bench.twin.journal.lines.map((line) => {
    const path = new URL(line.url).pathname.replace(/^.*\/entity\/Default\/[\d.]+/, "").replace(/^\/AcmeERP/, "")
    return `${line.method} ${decodeURIComponent(path)}`
  })

export const queryOf = (line: { readonly url: string }): URLSearchParams => new URL(line.url).searchParams
