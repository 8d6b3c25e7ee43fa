/** A connector on a twin, with one virtual clock for both. */

import type { Knobs } from "@mortise/conformance/netsuite/Knobs"
import * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import type { Twin } from "@mortise/conformance/twin/Twin"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import type * as Change from "@mortise/core/Change"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as StateStore from "@mortise/core/StateStore"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import type * as EffectScope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as Config from "../../src/Config.ts"
import * as NetSuite from "../../src/NetSuite.ts"

/** A store that may keep tokens. The key is made up and seals nothing but this test. */
export const memory = () =>
  StateStore.layerMemory({ sealKey: Redacted.make("dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMTI=") })

export const START = Date.UTC(2026, 0, 15, 12)
export const SUBSIDIARY = "2"

export interface Bench {
  readonly clock: VirtualClock.VirtualClock
  readonly twin: Twin<NetSuiteTwin.NetSuiteWorld>
  readonly world: NetSuiteTwin.NetSuiteWorld
}

/** Descriptions are compiled once for all twins of a file. */
const shared: { spec?: ReturnType<typeof NetSuiteTwin.spec> } = {}

export const make = (
  options: Omit<NetSuiteTwin.Options, "clock" | "knobs"> & { readonly knobs?: Partial<Knobs> } = {},
): Bench => {
  const clock = VirtualClock.make({ start: START })
  shared.spec ??= NetSuiteTwin.spec()
  const twin = NetSuiteTwin.make({ clock, spec: shared.spec, ...options })
  return { clock, twin, world: twin.world }
}

const { CREDENTIALS } = NetSuiteTwin

/** Options with room in the limits and a zone that is known: a test that is about either says so. */
export const options = (bench: Bench, more: Partial<Config.NetSuiteConfig> = {}): Config.NetSuiteConfig => ({
  account: NetSuiteTwin.ACCOUNT,
  subsidiary: SUBSIDIARY,
  credentials: {
    type: "certificate",
    clientId: CREDENTIALS.clientId,
    certificateId: CREDENTIALS.certificateId,
    privateKey: Redacted.make(NetSuiteTwin.privateKey()),
    algorithm: CREDENTIALS.algorithm,
  },
  concurrency: 5,
  timeZone: "Etc/GMT+8",
  fetch: bench.twin.fetch,
  ...more,
})

/** Opens a connector; the scope closes it. */
export const open = (config: Config.NetSuiteConfig) => NetSuite.make(config)

type Needs = StateStore.StateStore | EffectScope.Scope

/** Opens a connector, uses it and closes it again; throws what failed. */
export const use = async <A>(
  bench: Bench,
  config: Config.NetSuiteConfig,
  body: (connector: NetSuite.Service) => Effect.Effect<A, ConnectorError, Needs>,
  store = memory(),
): Promise<A> => {
  const program = Effect.scoped(Effect.flatMap(NetSuite.make(config), body)).pipe(Effect.provide(store))
  const exit = await bench.clock.run(program, { limit: "2 days" })
  if (exit instanceof VirtualClock.Stuck) throw exit
  if (Exit.isSuccess(exit)) return exit.value
  throw Cause.squash(exit.cause)
}

/** How opening or using a connector failed. */
export const failure = async (
  bench: Bench,
  config: Config.NetSuiteConfig,
  body: (connector: NetSuite.Service) => Effect.Effect<unknown, ConnectorError, Needs> = () => Effect.void,
): Promise<ConnectorError> => {
  const program = Effect.scoped(Effect.flip(Effect.flatMap(NetSuite.make(config), body)))
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

export const tags = (outcomes: ReadonlyArray<Outcome.Outcome>) => outcomes.map((outcome) => outcome._tag)

export const reasonOf = (outcome: Outcome.Outcome | undefined) =>
  outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined

const REST = "/services/rest"

/** Requests that reached the twin, as `PUT /record/v1/customer/eid:x`, without those for tokens. */
export const requests = (bench: Bench): ReadonlyArray<string> =>
  bench.twin.journal.lines.flatMap((line) => {
    const path = decodeURIComponent(new URL(line.url).pathname).replace(REST, "")
    return path.startsWith("/auth/") ? [] : [`${line.method} ${path}`]
  })

/** The writes of records that reached the twin. */
export const writes = (bench: Bench) =>
  bench.twin.journal.lines.filter(
    ({ method, url }) => method !== "GET" && new URL(url).pathname.startsWith(`${REST}/record/`),
  )

/** The queries that reached the twin. */
export const queries = (
  bench: Bench,
): ReadonlyArray<{ readonly q: string; readonly params?: ReadonlyArray<unknown> }> =>
  bench.twin.journal.lines.flatMap(({ requestBody, url }) =>
    url.includes("/suiteql") ? [JSON.parse(requestBody)] : [],
  )

export const bodyOf = (line: { readonly requestBody: string } | undefined) => JSON.parse(line?.requestBody ?? "{}")
