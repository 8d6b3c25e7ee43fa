/** What a crawl of very many records holds: a page, however many came before it. The store keeps nothing here either. */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import type * as Change from "@mortise/core/Change"
import * as StateStore from "@mortise/core/StateStore"
import type { StoreBackend } from "@mortise/core/StoreBackend"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"

const COUNT = 1_000_000
const PAGE = 10_000
const STOP = 37

const number = (at: number) => `C-${String(at).padStart(8, "0")}`

/** A company of so many customers, each made when it is asked for; all else is answered by the twin. */
const company =
  (twin: typeof globalThis.fetch): typeof globalThis.fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const { pathname, searchParams } = new URL(request.url)
    if (!pathname.endsWith("/CustomersV3")) return twin(request)
    const after = /CustomerAccount gt 'C-(\d{8})'/.exec(searchParams.get("$filter") ?? "")?.[1]
    const first = after === undefined ? 0 : Number(after) + 1
    const length = Math.min(Number(searchParams.get("$top")), COUNT - first)
    const value = Array.from({ length }, (_, index) => ({
      "@odata.etag": `W/"${first + index}"`,
      dataAreaId: Bench.COMPANY,
      CustomerAccount: number(first + index),
      PartyType: "Organization",
      OrganizationName: `Customer ${first + index}`,
    }))
    return Response.json({ value }, { headers: { date: new Date(Bench.START).toUTCString() } })
  }

/** Counts the rows that it is told, and keeps the last cursor alone. */
const forgetting = () => {
  const kept = { rows: 0, cursor: undefined as Change.Cursor | undefined }
  const backend: StoreBackend = {
    get: () => Effect.succeed(new Map()),
    scan: () => Effect.succeed([]),
    transact: (ops) =>
      Effect.sync(() => {
        kept.rows += ops.filter(({ _tag, space }) => _tag === "Put" && space === "snapshot").length
        return true
      }),
  }
  return { backend, kept }
}

const collected = (): number => {
  setFlagsFromString("--expose-gc")
  ;(runInNewContext("gc") as () => void)()
  return process.memoryUsage().heapUsed
}

it("a crawl of 1,000,000 customers goes on where it stopped, and holds no more at its end than at its start", async () => {
  const bench = Bench.make()
  const config = Bench.options(bench, { pageSize: PAGE, fetch: company(bench.twin.fetch) })
  const { backend, kept } = forgetting()
  const sizes: Array<number> = []
  let next = 0
  let pages = 0

  /** In a process of its own, from the last cursor that was committed. */
  const crawl = (most: number) =>
    Bench.use(
      bench,
      config,
      ({ ports }) =>
        Effect.gen(function* () {
          const store = yield* StateStore.StateStore
          const from = kept.cursor === undefined ? {} : { cursor: kept.cursor }
          const read = ports.Account.changes({ fields: ["name"], ...from })
          yield* Stream.runForEach(Stream.take(read, most), (page) => {
            for (const change of page.changes) {
              if (change._tag === "Upserted" && change.id === number(next)) next += 1
              else throw new Error(`expected ${number(next)}, found ${change._tag}`)
            }
            if (pages++ % 9 === 2) sizes.push(collected())
            kept.cursor = page.cursor
            return store.commit({ page })
          })
        }),
      StateStore.layer(backend),
    )

  await crawl(STOP)
  expect(next).toBe(STOP * PAGE)
  await crawl(Number.POSITIVE_INFINITY)
  expect(next).toBe(COUNT)
  expect(kept.rows).toBe(COUNT)
  const [first = 0, ...later] = sizes
  expect(later.length).toBeGreaterThan(9)
  expect((Math.max(...later) - first) / 1024 / 1024).toBeLessThan(16)
})
