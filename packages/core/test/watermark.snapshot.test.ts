import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import type * as Change from "@mortise/core/Change"
import type * as StateStore from "@mortise/core/StateStore"
import * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { assert, describe, it } from "vitest"
import { errorOf, READING, readAll, readSome, run, storeOf } from "./support/table.ts"

interface Thing {
  readonly revision: string
  readonly text: string
}

/** Things by id, listed by revision only. */
class Shelf {
  readonly things = new Map<string, Thing>()
  readonly fetched: Array<string> = []
  scans = 0

  put(id: string, revision: string, text: string): void {
    this.things.set(id, { revision, text })
  }

  readonly scan = ({ after, limit }: { readonly after?: string; readonly limit: number }) =>
    Effect.sync(() => {
      this.scans += 1
      const ids = [...this.things.keys()].sort().filter((id) => after === undefined || id > after)
      const rows = ids.slice(0, limit).map((id) => ({ id, revision: this.things.get(id)?.revision ?? "" }))
      return { rows, more: ids.length > rows.length }
    })

  readonly fetch = (ids: ReadonlyArray<string>) =>
    Effect.sync(() => {
      this.fetched.push(...ids)
      return ids.flatMap((id): ReadonlyArray<Watermark.Row<string>> => {
        const thing = this.things.get(id)
        return thing === undefined ? [] : [Watermark.record(id, thing.text, thing.text, { revision: thing.revision })]
      })
    })

  reader(
    store: Pick<StateStore.Service, "snapshotScan">,
    pageSize = 3,
    scan: Watermark.SnapshotOptions<string>["scan"] = this.scan,
  ) {
    return Watermark.snapshot<string>({ reading: READING, store, pageSize, scan, fetch: this.fetch })
  }
}

const tell = (pages: ReadonlyArray<Change.Page<string>>) =>
  pages.flatMap((page) =>
    page.changes.map((change) =>
      change._tag === "Upserted"
        ? `${change.id}=${change.record}`
        : change._tag === "Merged"
          ? `>${change.into}`
          : `-${change.id}`,
    ),
  )

const shelf = (count: number): Shelf => {
  const all = new Shelf()
  for (let index = 0; index < count; index++) all.put(`t${String(index).padStart(2, "0")}`, "1", "a")
  return all
}

describe("snapshot", () => {
  it("reports nothing as deleted that is there, when the order of the source turns out to be another", async () => {
    const store = await storeOf()
    const all = shelf(10)
    const sortedBy = (mark: string) =>
      Watermark.snapshot<string>({
        reading: READING,
        store,
        pageSize: 3,
        scan: all.scan,
        fetch: all.fetch,
        sort: { key: (id) => `${mark}${id}`, id: (key) => key.slice(1) },
      })
    await readAll(sortedBy("m"), store)
    all.things.delete("t04")
    for (const mark of ["z", "a"]) {
      const told = tell(await readAll(sortedBy(mark), store)).filter((each) => each.startsWith("-"))
      assert.deepStrictEqual(told, mark === "z" ? ["-t04"] : [])
    }
    assert.deepStrictEqual(tell(await readAll(sortedBy("a"), store)), [])
  })

  it("delivers what is new, changed and gone since the last crawl, and reads nothing else", async () => {
    const store = await storeOf()
    const all = shelf(10)
    assert.strictEqual(tell(await readAll(all.reader(store), store)).length, 10)
    all.fetched.length = 0
    all.put("t03", "2", "b")
    all.put("t035", "1", "new")
    all.things.delete("t07")
    assert.deepStrictEqual(tell(await readAll(all.reader(store), store)), ["t03=b", "t035=new", "-t07"])
    assert.deepStrictEqual(all.fetched.sort(), ["t03", "t035", "t07"])
    assert.deepStrictEqual(tell(await readAll(all.reader(store), store)), [])
  })

  it("delivers a record that came back after it was gone", async () => {
    const store = await storeOf()
    const all = shelf(4)
    await readAll(all.reader(store), store)
    all.things.delete("t02")
    await readAll(all.reader(store), store)
    all.put("t02", "1", "a")
    assert.deepStrictEqual(tell(await readAll(all.reader(store), store)), ["t02=a"])
  })

  it("keeps still about a revision that changed nothing, and remembers it", async () => {
    const store = await storeOf()
    const all = shelf(4)
    await readAll(all.reader(store), store)
    all.put("t02", "2", "a")
    assert.deepStrictEqual(tell(await readAll(all.reader(store), store)), [])
    all.fetched.length = 0
    await readAll(all.reader(store), store)
    assert.deepStrictEqual(all.fetched, [])
  })

  it("does not report as gone what the list left out and the source still has", async () => {
    const store = await storeOf()
    const all = shelf(9)
    await readAll(all.reader(store), store)
    const forgetful: typeof all.scan = (question) =>
      Effect.map(all.scan(question), ({ rows, more }) => ({ more, rows: rows.filter(({ id }) => id !== "t04") }))
    assert.deepStrictEqual(tell(await readAll(all.reader(store, 3, forgetful), store)), [])
    const empty = () => Effect.succeed({ rows: [], more: false })
    assert.deepStrictEqual(tell(await readAll(all.reader(store, 3, empty), store)), [])
  })

  it("reports as gone everything of a source that is really empty, page by page", async () => {
    const store = await storeOf()
    const all = shelf(10)
    await readAll(all.reader(store), store)
    all.things.clear()
    const pages = await readAll(all.reader(store), store)
    assert.strictEqual(tell(pages).length, 10)
    for (const page of pages) assert.isAtMost(page.changes.length, 3)
  })

  it("stops in the middle of a crawl and goes on from there", async () => {
    const store = await storeOf()
    const all = shelf(10)
    const first = tell(await readSome(all.reader(store), store, 2))
    all.scans = 0
    const rest = tell(await readAll(all.reader(store), store))
    assert.deepStrictEqual(
      [...first, ...rest].sort(),
      [...all.things.keys()].map((id) => `${id}=a`),
    )
    assert.strictEqual(all.scans, 2)
  })

  it("delivers the page again that was not committed", async () => {
    const store = await storeOf()
    const all = shelf(5)
    const [lost] = await run(Stream.runCollect(Stream.take(all.reader(store)(), 1)))
    assert.strictEqual(lost?.changes.length, 3)
    assert.strictEqual(tell(await readAll(all.reader(store), store)).length, 5)
  })

  it("tells a merge once, and no deletion of what it absorbed", async () => {
    const store = await storeOf()
    const all = shelf(4)
    await readAll(all.reader(store), store)
    all.things.delete("t01")
    const fetch: typeof all.fetch = (ids) =>
      Effect.map(all.fetch(ids), (rows) => (ids.includes("t01") ? [...rows, Watermark.merged(["t01"], "t02")] : rows))
    const reader = Watermark.snapshot<string>({ reading: READING, store, pageSize: 3, scan: all.scan, fetch })
    assert.deepStrictEqual(tell(await readAll(reader, store)), [">t02"])
    assert.deepStrictEqual(tell(await readAll(reader, store)), [])
  })

  it("delivers a record that cannot be read once, until its revision moves", async () => {
    const store = await storeOf()
    const all = shelf(3)
    const broken = { _tag: "Decode", message: "amount", issues: [] } as never
    const fetch: typeof all.fetch = (ids) =>
      Effect.map(all.fetch(ids), (rows) =>
        rows.map((row) =>
          row.id === "t01" ? Watermark.undecodable("t01", broken, { revision: row.revision, hash: "x" }) : row,
        ),
      )
    const reader = Watermark.snapshot<string>({ reading: READING, store, pageSize: 3, scan: all.scan, fetch })
    assert.deepStrictEqual(tell(await readAll(reader, store)), ["t00=a", "-t01", "t02=a"])
    assert.deepStrictEqual(tell(await readAll(reader, store)), [])
  })

  it("refuses a list that does not ascend, and one that promises more without a row", async () => {
    const store = await storeOf()
    const back = () => Effect.succeed({ rows: [{ id: "b" }, { id: "a" }], more: false })
    assert.strictEqual((await errorOf(shelf(0).reader(store, 3, back))).reason._tag, "Decode")
    const stuck = () => Effect.succeed({ rows: [], more: true })
    assert.strictEqual((await errorOf(shelf(0).reader(store, 3, stuck))).reason._tag, "Decode")
  })

  it("cannot begin at an instant, and says so", async () => {
    const error = await errorOf(shelf(1).reader(await storeOf()), { since: "2026-01-01T00:00:00.000Z" as never })
    assert.strictEqual(error.reason._tag === "Unsupported" && error.reason.feature, "since")
  })

  it("refuses the cursor of another strategy", async () => {
    const cursor = {
      v: 1,
      scope: "acme/one/",
      entity: "Thing",
      selection: READING.selection,
      strategy: "keyset",
      state: {},
    } as const
    const error = await errorOf(shelf(1).reader(await storeOf()), { cursor })
    assert.deepStrictEqual(error.reason._tag === "Invalid" && error.reason.issues[0]?.path, ["cursor", "strategy"])
  })
})

const collect = (): number => {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
  return process.memoryUsage().heapUsed
}

describe("the memory of a reading", () => {
  const COUNT = 1_000_000
  const name = (index: number) => `k${String(index).padStart(8, "0")}`

  /** Runs a stream of a million records and gives the greatest growth of the heap, in mebibytes. */
  const growth = async (pages: Stream.Stream<Change.Page<string>, unknown>) => {
    const before = collect()
    let most = before
    let seen = 0
    let count = 0
    const watched = Stream.runForEach(pages, (page) =>
      Effect.sync(() => {
        seen += page.changes.length
        if (++count % 250 === 0) most = Math.max(most, collect())
      }),
    )
    await run(watched as Effect.Effect<void>)
    return { seen, mebibytes: (most - before) / 1024 / 1024 }
  }

  it("stays flat over a snapshot of a million keys of which one in a hundred changed", async () => {
    const place = (after: string | undefined) => (after === undefined ? 0 : Number(after.slice(1)) + 1)
    const stretch = <A>(after: string | undefined, limit: number, of: (index: number) => A) => {
      const from = place(after)
      return Array.from({ length: Math.max(0, Math.min(limit, COUNT - from)) }, (_, index) => of(from + index))
    }
    const reader = Watermark.snapshot<string>({
      reading: READING,
      store: {
        snapshotScan: (_, { after, limit }) =>
          Effect.sync(() => stretch(after, limit, (index) => ({ id: name(index), revision: "1", hash: "a" }))),
      },
      pageSize: 1000,
      scan: ({ after, limit }) =>
        Effect.sync(() => {
          const rows = stretch(after, limit, (index) => ({ id: name(index), revision: index % 100 === 0 ? "2" : "1" }))
          return { rows, more: place(after) + rows.length < COUNT }
        }),
      fetch: (ids) => Effect.sync(() => ids.map((id) => Watermark.record(id, "b", "b", { revision: "2" }))),
    })
    const { seen, mebibytes } = await growth(reader())
    assert.strictEqual(seen, COUNT / 100)
    assert.isBelow(mebibytes, 64)
  })

  it("stays flat over a keyset crawl of a million changes", async () => {
    const start = Date.parse("2020-01-01T00:00:00.000Z")
    const rowAt = (index: number) =>
      Watermark.record(name(index), "a", "a", { stamp: new Date(start + index).toISOString() })
    const reader = Watermark.keyset<string>({
      reading: READING,
      store: { marks: () => Effect.succeed(new Map()) },
      pageSize: 1000,
      granularityMillis: 1,
      lag: "1 minute",
      overlap: "0 seconds",
      serverTime: Effect.succeed(Date.parse("2026-01-01T00:00:00.000Z")),
      read: ({ from, limit }) =>
        Effect.sync(() => {
          const first = from === undefined ? 0 : Date.parse(from) - start
          const length = Math.max(0, Math.min(limit, COUNT - first))
          return { rows: Array.from({ length }, (_, index) => rowAt(first + index)), more: first + length < COUNT }
        }),
      readAt: () => Effect.succeed({ rows: [], more: false }),
    })
    const { seen, mebibytes } = await growth(reader())
    assert.strictEqual(seen, COUNT)
    assert.isBelow(mebibytes, 64)
  })
})
