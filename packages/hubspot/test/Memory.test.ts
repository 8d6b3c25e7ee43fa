/** What a long reading holds: a page, however many came before it. The portal and the store keep nothing here. */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import type { MemoryBackend } from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import type { Op, StoreBackend } from "@mortise/core/StoreBackend"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect, it } from "vitest"
import { open, START } from "./portal.ts"

const COUNT = 100_000
const FIRST = START - 30 * 86_400_000
/** Three records on each stamp. */
const stampOf = (at: number) => FIRST + Math.floor(at / 3) * 1_000

const record = (at: number) => ({
  id: String(10_000_000 + at),
  properties: {
    name: `Company ${at} ${"x".repeat(500)}`,
    hs_lastmodifieddate: new Date(stampOf(at)).toISOString(),
    mortise_key: null,
  },
  createdAt: new Date(FIRST).toISOString(),
  updatedAt: new Date(stampOf(at)).toISOString(),
  archived: false,
})

interface Asked {
  readonly limit: number
  readonly filterGroups: ReadonlyArray<{ readonly filters: ReadonlyArray<{ readonly value?: string }> }>
}

/** A portal of so many companies, each made when it is asked for. */
const answer = (body: unknown) => Response.json(body, { headers: { date: new Date(START).toUTCString() } })

const portal: typeof globalThis.fetch = async (input) => {
  const request = input as Request
  const path = new URL(request.url).pathname
  if (path.includes("/account-info/")) return answer({ portalId: 1 })
  if (!path.endsWith("/search")) return answer({ results: [] })
  const { filterGroups, limit } = (await request.json()) as Asked
  const from = Number(filterGroups[0]?.filters[0]?.value ?? FIRST)
  const first = Math.max(0, Math.ceil((from - FIRST) / 1_000) * 3)
  const results = Array.from({ length: Math.min(limit, COUNT - first) }, (_, index) => record(first + index))
  const more = first + results.length < COUNT
  return answer({ total: COUNT - first, results, ...(more ? { paging: { next: { after: "200" } } } : {}) })
}

/** Counts what it is told and remembers the last cursor alone. */
const forgetting = () => {
  const written = { puts: 0 }
  const backend: StoreBackend & Pick<MemoryBackend, "entries"> = {
    get: () => Effect.succeed(new Map()),
    scan: () => Effect.succeed([]),
    transact: (ops: ReadonlyArray<Op>) =>
      Effect.sync(() => {
        written.puts += ops.filter(({ _tag }) => _tag === "Put").length
        return true
      }),
    entries: () => [],
  }
  return { backend, written }
}

const collected = (): number => {
  setFlagsFromString("--expose-gc")
  ;(runInNewContext("gc") as () => void)()
  return process.memoryUsage().heapUsed
}

it("a reading of 100,000 records holds no more at its end than at its start", async () => {
  const { backend, written } = forgetting()
  const { connect, run } = open({ backend })
  const sizes: Array<number> = []
  let [records, pages] = [0, 0]
  await run(
    Effect.gen(function* () {
      const { ports } = yield* connect({ fetch: portal })
      const store = yield* StateStore.StateStore
      yield* Stream.runForEach(ports.Company.changes({ fields: ["name"] }), (page) => {
        records += page.changes.length
        pages += 1
        if (pages % 100 === 10) sizes.push(collected())
        return store.commit({ page })
      })
    }),
  )
  expect(records).toBeGreaterThanOrEqual(COUNT)
  expect(written.puts).toBeGreaterThan(COUNT)
  const [start = 0] = sizes
  console.log(
    `${records} records on ${pages} pages; heap ${sizes.map((size) => (size / 2 ** 20).toFixed(1)).join(", ")} MiB`,
  )
  for (const size of sizes) expect(size - start).toBeLessThan(8 * 2 ** 20)
})
