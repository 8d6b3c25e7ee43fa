/** A connector on a twin, with one virtual clock for both. */

import * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
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
import type * as Config from "../../src/Config.ts"
import * as ErpNext from "../../src/ErpNext.ts"
import * as SiteTime from "../../src/SiteTime.ts"
import type { Version } from "../../src/Versions.ts"

/** A store that may keep tokens. The key is made up and seals nothing but this test. */
export const memory = () =>
  StateStore.layerMemory({ sealKey: Redacted.make("dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMTI=") })

/** 04:54 in New York, where the twin's site stands. */
export const START = Date.UTC(2026, 10, 20, 9, 54)
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export interface Bench {
  readonly clock: VirtualClock.VirtualClock
  readonly twin: Twin<ErpNextTwin.ErpNextWorld>
  readonly world: ErpNextTwin.ErpNextWorld
}

export const { COMPANY, KEY, LIMITED, ORIGIN, SECOND } = ErpNextTwin

/** Compiled once for all tests of a file. */
const validator = ErpNextTwin.validator()

const KEYED = ["Customer", "Contact", "Address", "Sales Order", "Sales Invoice"]
const LINES = ["Sales Order Item", "Sales Invoice Item"]

/** The fields that `prepare` makes. */
export const prepared = (world: ErpNextTwin.ErpNextWorld): void => {
  const field = (dt: string, fieldname: string, unique: 0 | 1) => ({
    dt,
    fieldname,
    label: fieldname,
    fieldtype: "Data",
    unique,
    no_copy: 1,
  })
  world.seed("Custom Field", [
    ...KEYED.map((dt) => field(dt, "mortise_key", 1)),
    ...LINES.map((dt) => field(dt, "mortise_line_key", 0)),
  ])
}

/** A site with our fields, unless told that `prepare` has not run. */
export const make = (
  options: Partial<ErpNextTwin.Options> & { readonly start?: number; readonly unprepared?: boolean } = {},
): Bench => {
  const { start = START, unprepared = false, ...rest } = options
  const clock = VirtualClock.make({ start })
  const twin = ErpNextTwin.make({ clock, validator, ...rest })
  if (!unprepared) prepared(twin.world)
  return { clock, twin, world: twin.world }
}

/** Options for the user who may do anything: a test that is about rights or limits says so. */
export const options = <V extends Version = "v15">(
  bench: Bench,
  more: Partial<Config.ErpNextConfig<V>> = {},
): Config.ErpNextConfig<V> => ({
  url: ORIGIN,
  company: COMPANY.name,
  credentials: { type: "keyPair", key: Redacted.make(KEY.apiKey), secret: Redacted.make(KEY.apiSecret) },
  products: { group: "Services", unit: "Nos" },
  fetch: bench.twin.fetch,
  ...more,
})

export const pair = (key: string, secret: string) => ({ key: Redacted.make(key), secret: Redacted.make(secret) })

/** The credentials of the user with few roles. */
export const limited = { type: "keyPair" as const, ...pair(LIMITED.apiKey, LIMITED.apiSecret) }

type Opened<V extends Version> = ErpNext.Service<ErpNext.Customs, V>

/** Opens a connector, uses it and closes it again; throws what failed. */
export const use = async <A, V extends Version = "v15">(
  bench: Bench,
  config: Config.ErpNextConfig<V>,
  body: (connector: Opened<V>) => Effect.Effect<A, ConnectorError, StateStore.StateStore | EffectScope.Scope>,
  store = memory(),
): Promise<A> => {
  const program = Effect.scoped(Effect.flatMap(ErpNext.make(config), body)).pipe(Effect.provide(store))
  const exit = await bench.clock.run(program, { limit: "2 days" })
  if (exit instanceof VirtualClock.Stuck) throw exit
  if (Exit.isSuccess(exit)) return exit.value
  throw Cause.squash(exit.cause)
}

/** How opening or using a connector failed. */
export const failure = async <V extends Version = "v15">(
  bench: Bench,
  config: Config.ErpNextConfig<V>,
  body: (
    connector: Opened<V>,
  ) => Effect.Effect<unknown, ConnectorError, StateStore.StateStore | EffectScope.Scope> = () => Effect.void,
): Promise<ConnectorError> => {
  const program = Effect.scoped(Effect.flip(Effect.flatMap(ErpNext.make(config), body)))
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

export const ids = (changes: ReadonlyArray<Change.Change<unknown>>): ReadonlyArray<string> =>
  upserted(changes).map(({ id }) => id)

/** Requests that reached the twin since the journal had so many lines, as `GET /api/resource/Customer`. */
export const requests = (bench: Bench, from = 0): ReadonlyArray<string> =>
  bench.twin.journal.lines.slice(from).map((line) => `${line.method} ${decodeURIComponent(new URL(line.url).pathname)}`)

/** Those that change something. */
export const writes = (bench: Bench, from = 0): ReadonlyArray<string> =>
  requests(bench, from).filter((line) => !line.startsWith("GET ") && !line.endsWith("frappe.client.get_list"))

/** The wall clock of the site at a moment. */
export const wall = (millis: number): Promise<string> =>
  Effect.runPromise(SiteTime.make(ErpNextTwin.ZONE)).then((time) =>
    new Date(time.least(millis)).toISOString().replace("T", " ").replace("Z", "000"),
  )
