/** A port made of small calls, on a register of companies that has a field for our key, versions and archived records. */
import * as TwinKit from "@mortise/conformance/TwinKit"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import { Account } from "@mortise/core/Entities"
import * as JsonApi from "@mortise/core/JsonApi"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import type * as Outcome from "@mortise/core/Outcome"
import * as Pipeline from "@mortise/core/Pipeline"
import type * as Port from "@mortise/core/Port"
import * as RateLimit from "@mortise/core/RateLimit"
import * as Replay from "@mortise/core/Replay"
import * as SimplePort from "@mortise/core/SimplePort"
import * as StateStore from "@mortise/core/StateStore"
import * as StaticAuth from "@mortise/core/StaticAuth"
import * as Statuses from "@mortise/core/Statuses"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

export const START = Date.UTC(2026, 10, 2, 9)
const ORIGIN = "https://register.example"

const declaration: TwinKit.Declaration = {
  name: "register",
  origin: ORIGIN,
  auth: { scheme: "none" },
  paging: { style: "keyset", after: "after", size: "size", default: 3, most: 3, more: "more", items: "data" },
  collections: {
    firms: {
      key: { field: "id", assigned: "text", prefix: "F" },
      fields: {
        name: { type: "text", required: true },
        email: { type: "text" },
        ref: { type: "text" },
        archived: { type: "boolean", default: false },
      },
      filters: ["ref", "email"],
      sort: "sort",
      modified: { field: "at", granularityMillis: 1000, from: "from", before: "before" },
      revision: { field: "version", etag: true },
      delete: { flag: "archived" },
    },
  },
}

interface Firm {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly ref: string | null
  readonly version: number
  readonly at: string
}

interface Listed {
  readonly data: ReadonlyArray<Firm>
  readonly more: boolean
}

type Options = SimplePort.Options<typeof Account, Firm>

const scope = { system: "register", instance: "register.example" }

const optionsOf = (api: JsonApi.JsonApi, store: StateStore.Service): Options => {
  const list = (query: JsonApi.Query) => api.read<Listed>(Replay.read("register.list", "api"), ["firms"], query)
  const rows = (query: JsonApi.Query) =>
    Effect.map(list(query), ({ data, exchange }) => ({
      rows: data.data,
      more: data.more,
      serverTime: exchange.serverTime,
    }))
  const write = <R extends Replay.Class>(name: string, replay: R) => Replay.write(`register.${name}`, "api", replay)
  return {
    entity: Account,
    scope,
    store,
    identity: {
      carrier: "findThenWrite",
      field: "ref",
      alphabet: /[a-z0-9.-]/,
      caseFolding: "lower",
      maxLength: 80,
      changedBody: "updates",
      carriedBy: ({ ref }) => ref,
      carrying: (ref) => Effect.map(list({ ref }), ({ data }) => data.data),
    },
    readable: ["name", "email"],
    writable: ["name", "email"],
    notClearable: ["name"],
    idOf: ({ id }) => id,
    fieldsOf: ({ email, name }) => ({ name, email }),
    stampOf: ({ at }) => at,
    revisionOf: ({ version }) => String(version),
    get: (id) => JsonApi.data(api.read(Replay.read("register.get", "api"), ["firms", id])),
    lookFor: { email: (email) => Effect.map(list({ email }), ({ data }) => data.data) },
    create: ({ email, name }, { carry }) =>
      JsonApi.data(api.write(write("create", "never"), ["firms"], { body: { name, email, ref: carry } })),
    update: (id, { email, name }, { carry, revision }) =>
      JsonApi.data(
        api.write(write("update", "safe"), ["firms", id], {
          method: "PATCH",
          body: { name, email, ref: carry },
          headers: { "if-match": `"${revision}"` },
        }),
      ),
    archive: (id) => api.write(write("archive", "safe"), ["firms", id], { method: "DELETE" }),
    reading: {
      strategy: "keyset",
      field: "at",
      granularityMillis: 1000,
      lag: 0,
      read: ({ from, limit }) => rows({ from, size: limit, sort: "at" }),
      readAt: ({ afterId, limit, stamp }) => {
        const before = new Date(Date.parse(stamp) + 1000).toISOString()
        return rows({ from: stamp, before, size: limit, after: afterId })
      },
    },
    pageSize: 3,
  }
}

/** The options of a port that lists everything, for a source without stamps. */
export const snapshot = (options: Options, api: JsonApi.JsonApi): Options => ({
  ...options,
  reading: {
    strategy: "snapshot",
    scan: ({ after, limit }) =>
      Effect.map(
        api.read<Listed>(Replay.read("register.scan", "api"), ["firms"], { after, size: limit }),
        ({ data: { data, more } }) => ({ rows: data, more }),
      ),
  },
})

export const open = (change: (options: Options, api: JsonApi.JsonApi) => Options = (options) => options) => {
  const clock = VirtualClock.make({ start: START })
  const twin = TwinKit.make(declaration, { clock })
  const backend = MemoryBackend.make()
  const connect = Effect.gen(function* () {
    const store = yield* StateStore.StateStore
    const baseUrl = new URL(ORIGIN)
    const limiter = RateLimit.unlimited
    const classify = Statuses.classify()
    const doors = { system: "register", baseUrl, auth: StaticAuth.none, limiter, classify, fetch: twin.fetch }
    const api = JsonApi.make({ baseUrl, pipeline: yield* Pipeline.make(doors) })
    return yield* SimplePort.make(change(optionsOf(api, store), api))
  })
  const run = async <A>(
    program: (port: Port.Port<typeof Account>) => Effect.Effect<A, ConnectorError, StateStore.StateStore>,
  ): Promise<A> => {
    const exit = await clock.run(Effect.flatMap(connect, program).pipe(Effect.provide(StateStore.layer(backend))), {
      limit: "1 day",
    })
    if (exit instanceof VirtualClock.Stuck) throw exit
    if (Exit.isSuccess(exit)) return exit.value
    throw Cause.squash(exit.cause)
  }
  return { clock, twin, world: twin.world, run }
}

export const tags = (outcomes: ReadonlyArray<Outcome.Outcome>): ReadonlyArray<string> =>
  outcomes.map((outcome) => ("error" in outcome ? `${outcome._tag}(${outcome.error.reason._tag})` : outcome._tag))
