/** Readings without `timeZone`, when what is found of the zone is not the same from one to the next. */
import type { Knobs } from "@mortise/conformance/netsuite/Knobs"
import type * as Change from "@mortise/core/Change"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import type * as NetSuite from "../src/NetSuite.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const { HOUR } = Seeds
const REFUSAL = {
  "o:errorDetails": [
    {
      detail: "Error while accessing a resource. Your current role does not have permission to perform this action.",
      "o:errorCode": "USER_ERROR",
    },
  ],
}

/** Thirty customers, and a role that may lose the right to read one by the record API, by which the zone is measured. */
const stage = (knobs: Partial<Knobs>) => {
  const bench = Bench.make({ knobs })
  bench.world.seed(
    "customer",
    Array.from({ length: 30 }, (_, index) =>
      Seeds.customer(index, { $modified: Bench.START - 400 * HOUR + index * HOUR }),
    ),
  )
  const role = { seesRecords: true }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (role.seesRecords || request.method !== "GET" || !/record\/v1\/(customer|contact)\/\d+/.test(request.url))
      return bench.twin.fetch(request)
    return Response.json({ status: 400, ...REFUSAL }, { status: 400 })
  }
  const { timeZone: _, ...config } = Bench.options(bench, { pageSize: 5, fetch })
  return { bench, config: { ...config, fetch }, role }
}

type Stage = ReturnType<typeof stage>

/** The ids that pages bring, each page committed; `between` runs after the first. */
const read = (
  { ports: { Account } }: NetSuite.Service,
  options: {
    readonly cursor?: Change.Cursor
    readonly pages?: number
    readonly between?: Effect.Effect<unknown, ConnectorError>
  } = {},
) =>
  Effect.gen(function* () {
    const store = yield* StateStore.StateStore
    const told = new Set<string>()
    let cursor = options.cursor
    let count = 0
    const pages = Account.changes(cursor === undefined ? {} : { cursor })
    yield* Stream.runForEach(Stream.take(pages, options.pages ?? 1000), (page) =>
      Effect.gen(function* () {
        for (const change of Bench.upserted(page.changes)) told.add(change.id)
        cursor = page.cursor
        yield* store.commit({ page })
        count += 1
        if (count === 1 && options.between !== undefined) yield* options.between
      }),
    )
    return { told, cursor: cursor as Change.Cursor }
  })

/** Two processes, of which each finds what the role lets it find. */
const resumed = async ({ bench, config, role }: Stage, sees: readonly [first: boolean, second: boolean]) => {
  const store = Bench.memory()
  role.seesRecords = sees[0]
  const first = await Bench.use(bench, config, (connector) => read(connector, { pages: 3 }), store)
  role.seesRecords = sees[1]
  const second = await Bench.use(bench, config, (connector) => read(connector, { cursor: first.cursor }), store)
  return new Set([...first.told, ...second.told]).size
}

describe("a reading without a configured zone", () => {
  it("goes by one zone from its first page to its last, whatever another one finds meanwhile", async () => {
    const { bench, config, role } = stage({ zoneMinutes: -480 })
    const { told } = await Bench.use(bench, config, (connector) => {
      const blind = Effect.sync(() => {
        role.seesRecords = false
      })
      return read(connector, { between: Effect.andThen(blind, Stream.runDrain(connector.ports.Order.changes())) })
    })
    expect(told.size).toBe(30)
  })

  it("skips nothing when it goes on under another zone than it began", async () => {
    for (const zoneMinutes of [-480, 540])
      for (const sees of [
        [true, false],
        [false, true],
      ] as const)
        expect(await resumed(stage({ zoneMinutes }), sees), JSON.stringify({ zoneMinutes, sees })).toBe(30)
  })

  it("does not give up a zone that was measured because it cannot be measured again", async () => {
    const { bench, config, role } = stage({ zoneMinutes: -480 })
    const levels = await Bench.use(bench, config, ({ check }) =>
      Effect.gen(function* () {
        const before = yield* check
        role.seesRecords = false
        return [...before, ...(yield* check)]
          .filter(({ message }) => message.includes("zone"))
          .map(({ level }) => level)
      }),
    )
    expect(levels).toEqual(["ok", "ok"])
  })

  it("reads on when a workflow has locked the record by which the zone is measured", async () => {
    const { bench, config } = stage({ zoneMinutes: -480 })
    const newest = [...bench.world.all("customer")].at(-1)
    bench.world.lock("customer", newest?.id ?? "")
    const { told } = await Bench.use(bench, config, (connector) => read(connector))
    expect(told.size).toBe(30)
  })

  it("waits for an account that does not answer, and takes no zone for unknown meanwhile", async () => {
    const { bench, config } = stage({ zoneMinutes: -480 })
    const refusing: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      return request.url.includes("/record/v1/customer/") ? new Response("", { status: 503 }) : config.fetch(request)
    }
    const error = await Bench.failure(bench, { ...config, fetch: refusing }, (connector) => read(connector))
    expect(error.reason._tag).toBe("Unavailable")
  })
})
