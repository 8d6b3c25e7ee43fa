/** A connector on a twin, with one virtual clock for both. */

import * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"
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
import * as Stream from "effect/Stream"
import type * as Config from "../../src/Config.ts"
import * as Dynamics from "../../src/Dynamics.ts"

export const START = Date.UTC(2026, 0, 15, 12)
export const COMPANY = "usmf"

export interface Bench {
  readonly clock: VirtualClock.VirtualClock
  readonly twin: Twin<DynamicsTwin.DynamicsWorld>
  readonly world: DynamicsTwin.DynamicsWorld
}

export const make = (options: Omit<DynamicsTwin.Options, "clock"> = {}): Bench => {
  const clock = VirtualClock.make({ start: START })
  const twin = DynamicsTwin.make({ clock, ...options })
  return { clock, twin, world: twin.world }
}

const { CREDENTIALS, ORIGIN } = DynamicsTwin

export const credentials: Config.Credentials = {
  tenantId: CREDENTIALS.tenantId,
  clientId: CREDENTIALS.clientId,
  clientSecret: Redacted.make(CREDENTIALS.clientSecret),
}

/** Options for the twin's first company, with what a new customer needs. */
export const options = (bench: Bench, more: Partial<Config.DynamicsConfig> = {}): Config.DynamicsConfig => ({
  url: ORIGIN,
  company: COMPANY,
  credentials,
  accounts: { group: "10" },
  fetch: bench.twin.fetch,
  ...more,
})

type Body<A> = (connector: Dynamics.Service) => Effect.Effect<A, ConnectorError, StateStore.StateStore>

/** Opens a connector and uses it; throws what failed. */
export const use = async <A>(
  bench: Bench,
  config: Config.DynamicsConfig,
  body: Body<A>,
  store = StateStore.layerMemory(),
): Promise<A> => {
  const program = Effect.flatMap(Dynamics.make(config), body).pipe(Effect.provide(store))
  const exit = await bench.clock.run(program, { limit: "2 days" })
  if (exit instanceof VirtualClock.Stuck) throw exit
  if (Exit.isSuccess(exit)) return exit.value
  throw Cause.squash(exit.cause)
}

/** How opening or using a connector failed. */
export const failure = async (
  bench: Bench,
  config: Config.DynamicsConfig,
  body: Body<unknown> = () => Effect.void,
): Promise<ConnectorError> => {
  const program = Effect.flip(Effect.flatMap(Dynamics.make(config), body))
  const exit = await bench.clock.run(Effect.provide(program, StateStore.layerMemory()), { limit: "2 days" })
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

/** Requests that reached the environment, as `GET /CustomersV3`; what signs in is left out. */
export const requests = (bench: Bench): ReadonlyArray<string> =>
  bench.twin.journal.lines.flatMap((line) => {
    const { pathname } = new URL(line.url)
    return /\/oauth2\//.test(pathname) ? [] : [`${line.method} ${decodeURIComponent(pathname.replace(/^\/data/, ""))}`]
  })

export const queryOf = (line: { readonly url: string }): URLSearchParams => new URL(line.url).searchParams
