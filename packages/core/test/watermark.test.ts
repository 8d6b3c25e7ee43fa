import * as Change from "@mortise/core/Change"
import * as Reading from "@mortise/core/Reading"
import type * as StateStore from "@mortise/core/StateStore"
import * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import {
  errorOf,
  type Item,
  idsOf,
  item,
  pagesOf,
  READING,
  readAll,
  readSome,
  run,
  storeOf,
  Table,
} from "./support/table.ts"

const NOW = "2026-01-14T10:00:00.000Z"

const common = (store: Pick<StateStore.Service, "marks">, pageSize: number) =>
  ({
    reading: READING,
    store,
    pageSize,
    granularityMillis: 1,
    lag: "30 seconds",
    overlap: "0 seconds",
  }) as const

type Some<Options> = { readonly [K in keyof Options]?: Options[K] }

const keyset = (
  table: Table,
  store: Pick<StateStore.Service, "marks">,
  pageSize: number,
  change: Some<Watermark.KeysetOptions<Item>> = {},
) => Watermark.keyset<Item>({ ...common(store, pageSize), read: table.byStamp, readAt: table.atStamp, ...change })

const window = (
  table: Table,
  store: Pick<StateStore.Service, "marks">,
  pageSize: number,
  change: Some<Watermark.WindowOptions<Item>> = {},
) =>
  Watermark.window<Item>({
    ...common(store, pageSize),
    keyed: "granule",
    read: table.inRange,
    scan: table.inRange,
    ...change,
  })

const at = (seconds: number) => new Date(Date.parse("2026-01-14T09:00:00.000Z") + seconds * 1000).toISOString()
const many = (count: number, stampOf: (index: number) => string): ReadonlyArray<Item> =>
  Array.from({ length: count }, (_, index) => item(`r${String(index).padStart(5, "0")}`, stampOf(index)))

describe("keyset", () => {
  it("reads N records in the fewest pages that their ties allow, each once", async () => {
    const table = new Table(
      many(1000, (index) => at(index)),
      NOW,
    )
    const pages = await readAll(keyset(table, await storeOf(), 100), await storeOf())
    assert.strictEqual(new Set(idsOf(pages)).size, 1000)
    assert.strictEqual(idsOf(pages).length, 1000)
    assert.isAtMost(table.log.length, 11)
  })

  it("asks once when nothing happened, and delivers an empty page that moves the cursor", async () => {
    const store = await storeOf()
    const table = new Table(
      many(5, (index) => at(index)),
      NOW,
    )
    const [first] = (await readAll(keyset(table, store, 10), store)).slice(-1)
    table.log.length = 0
    table.now += 60_000
    const pages = await readAll(keyset(table, store, 10), store)
    assert.deepStrictEqual(
      pages.map(({ changes, caughtUp }) => [changes.length, caughtUp]),
      [[0, true]],
    )
    assert.deepStrictEqual(table.log, ["read 2026-01-14T09:59:30.000Z"])
    assert.notDeepEqual(pages[0]?.cursor, first?.cursor)
  })

  it("scans a stamp by id when it holds more rows than a page, and goes on behind it", async () => {
    const table = new Table([...many(25, () => at(5)), item("z", at(6)), item("a", at(4))], NOW)
    const pages = await readAll(keyset(table, await storeOf(), 10), await storeOf())
    assert.strictEqual(new Set(idsOf(pages)).size, 27)
    assert.deepStrictEqual(table.log, [
      "read all",
      `read ${at(5)}`,
      `at ${at(5)} `,
      `at ${at(5)} r00009`,
      `at ${at(5)} r00019`,
      "read 2026-01-14T09:00:05.001Z",
    ])
  })

  it("resumes in the middle of such a scan when the stamp is settled", async () => {
    const store = await storeOf()
    const table = new Table(
      many(25, () => at(5)),
      NOW,
    )
    await readSome(keyset(table, store, 10), store, 1)
    table.log.length = 0
    const rest = await readAll(keyset(table, store, 10), store)
    assert.strictEqual(idsOf(rest).length, 15)
    assert.strictEqual(table.log[0], `at ${at(5)} r00009`)
  })

  it("starts such a scan again when a late commit may still fall behind it", async () => {
    const store = await storeOf()
    const stamp = "2026-01-14T09:59:59.000Z"
    const table = new Table(
      many(25, () => stamp),
      NOW,
    )
    await readSome(keyset(table, store, 10), store, 1)
    table.put(item("r00003b", stamp))
    table.now += 60_000
    const rest = await readAll(keyset(table, store, 10), store)
    assert.include(idsOf(rest), "r00003b")
    assert.strictEqual(idsOf(rest).length, 16)
    table.now += 60_000
    assert.deepStrictEqual(idsOf(await readAll(keyset(table, store, 10), store)), [])
  })

  it("ends though the source changes faster than it is read", async () => {
    const table = new Table(
      many(30, (index) => at(index)),
      NOW,
    )
    let serial = 0
    const read: typeof table.byStamp = (question) => {
      for (let each = 0; each < 20; each++) {
        table.now += 100
        table.put(item(`n${serial++}`, new Date(table.now).toISOString()))
      }
      return table.byStamp(question)
    }
    const store = await storeOf()
    const pages = await readAll(keyset(table, store, 10, { read }), store)
    assert.isBelow(pages.length, 12)
    assert.isTrue(pages.at(-1)?.caughtUp)
    const told = new Set(idsOf(pages))
    for (const each of many(30, at)) assert.isTrue(told.has(each.id))
  })

  it("refuses a source that is not in order, that stamps between the steps or that is no instant", async () => {
    const store = await storeOf()
    const cases: ReadonlyArray<readonly [ReadonlyArray<Item>, string]> = [
      [[item("a", at(2)), item("b", at(1))], "stamp"],
      [[item("a", "2026-01-14T09:00:00.0005Z")], "granularityMillis"],
      [[item("a", "yesterday")], "stamp"],
    ]
    for (const [rows, field] of cases) {
      const read = () =>
        Effect.succeed({
          rows: rows.map((each) => Watermark.record(each.id, each, each.text, { stamp: each.stamp })),
          more: false,
          serverTime: Date.parse(NOW),
        })
      const error = await errorOf(keyset(new Table([], NOW), store, 10, { read }))
      assert.strictEqual(error.reason._tag, "Decode")
      assert.strictEqual(error.reason._tag === "Decode" && error.reason.issues[0]?.path[0], field)
    }
  })

  it("refuses a source that promises more and gives nothing", async () => {
    const read = () => Effect.succeed({ rows: [], more: true, serverTime: Date.parse(NOW) })
    const error = await errorOf(keyset(new Table([], NOW), await storeOf(), 10, { read }))
    assert.strictEqual(error.reason._tag, "Decode")
  })

  it("finds out a source that serves a page again, also where the order of its ids is its own secret", async () => {
    const store = await storeOf()
    const table = new Table(
      many(30, () => at(0)),
      NOW,
    )
    const again = table.atStamp({ stamp: at(0) as never, limit: 10 })
    const compareIds = (id: string, before: string) => (id === before ? 0 : 1)
    const error = await errorOf(keyset(table, store, 10, { readAt: () => again, compareIds }))
    assert.match(error.message, /does not come after the one ahead of it/)
  })

  it("reads stamps of microseconds without losing their last digits", async () => {
    const store = await storeOf()
    const stamp = (micros: number) => `2026-01-14T09:00:00.${String(micros).padStart(6, "0")}Z`
    const table = new Table(
      many(9, (index) => stamp(index)),
      NOW,
    )
    const pages = await readAll(keyset(table, store, 4, { granularityMillis: 0.001 }), store)
    assert.strictEqual(idsOf(pages).length, 9)
    assert.include(table.log, `read ${stamp(3)}`)
  })

  it("knows a stamp by its time, however many digits an answer writes", async () => {
    const store = await storeOf()
    const table = new Table([item("a", "2026-01-14T09:59:59Z")], NOW)
    await readAll(keyset(table, store, 4), store)
    table.rows = [item("a", "2026-01-14T09:59:59.000Z")]
    assert.deepStrictEqual(idsOf(await readAll(keyset(table, store, 4), store)), [])
  })
})

describe("window", () => {
  it("needs at most three questions for each page of an unordered source", async () => {
    for (const stampOf of [at, (index: number) => at(index * index), (index: number) => at(Math.floor(index / 40))]) {
      const table = new Table(many(1200, stampOf), "2026-02-14T10:00:00.000Z")
      const pages = await readAll(window(table, await storeOf(), 100), await storeOf())
      assert.strictEqual(idsOf(pages).length, 1200)
      assert.strictEqual(new Set(idsOf(pages)).size, 1200)
      assert.isAtMost(table.log.length, 36)
    }
  })

  it("scans by id from the start where the source can, in the fewest pages", async () => {
    const table = new Table(many(1200, at), NOW)
    const pages = await readAll(window(table, await storeOf(), 100, { keyed: "always" }), await storeOf())
    assert.strictEqual(idsOf(pages).length, 1200)
    assert.isAtMost(table.log.length, 14)
  })

  it("resumes in the middle of a long scan", async () => {
    const store = await storeOf()
    const table = new Table(many(500, at), NOW)
    await readSome(window(table, store, 100, { keyed: "always" }), store, 3)
    table.log.length = 0
    const rest = await readAll(window(table, store, 100, { keyed: "always" }), store)
    assert.strictEqual(idsOf(rest).length, 200)
    assert.include(table.log[0], "r00299")
  })

  it("turns to cutting when the ids of a long scan do not ascend", async () => {
    const table = new Table(many(300, at), NOW)
    const scan: typeof table.inRange = (question) =>
      Effect.map(table.inRange(question), (answer) => {
        const long = Date.parse(question.before ?? NOW) - Date.parse(question.from ?? at(0)) > 1
        return long ? { ...answer, rows: [...answer.rows].reverse() } : answer
      })
    const pages = await readAll(window(table, await storeOf(), 50, { keyed: "always", scan }), await storeOf())
    assert.strictEqual(new Set(idsOf(pages)).size, 300)
    assert.strictEqual(idsOf(pages).length, 300)
  })

  it("refuses ids that do not ascend on one stamp", async () => {
    const table = new Table(
      many(30, () => at(1)),
      NOW,
    )
    const scan: typeof table.inRange = (question) =>
      Effect.map(table.inRange(question), (answer) => ({ ...answer, rows: [...answer.rows].reverse() }))
    const error = await errorOf(window(table, await storeOf(), 10, { scan }))
    assert.strictEqual(error.reason._tag === "Decode" && error.reason.issues[0]?.path[0], "id")
  })

  it("finds out a source that serves the same page whatever range is asked for", async () => {
    const table = new Table(
      many(40, () => at(5)),
      NOW,
    )
    let asked = 0
    const read: typeof table.inRange = (question) => {
      asked += 1
      return Effect.map(table.inRange({ limit: question.limit }), (answer) => ({ ...answer, more: true }))
    }
    const error = await errorOf(window(table, await storeOf(), 10, { read, scan: read }))
    assert.strictEqual(error.reason._tag, "Decode")
    assert.isAtMost(asked, 80)
  })

  it("finds its way through an answer that is no fair sample", async () => {
    const table = new Table(
      many(400, (index) => (index < 390 ? at(3599) : at(index))),
      NOW,
    )
    const read: typeof table.inRange = (question) =>
      table.answer(
        "unfair",
        question.limit,
        (a, b) => (a.stamp < b.stamp ? 1 : -1),
        (each) =>
          (question.from === undefined || each.stamp >= question.from) &&
          (question.before === undefined || each.stamp < question.before),
      )
    const pages = await readAll(window(table, await storeOf(), 20, { read }), await storeOf())
    assert.strictEqual(new Set(idsOf(pages)).size, 400)
    assert.isAtMost(table.log.length, 160)
  })
})

describe("a cursor", () => {
  const reader = async () => keyset(new Table(many(5, at), NOW), await storeOf(), 10)

  it("is small plain JSON that passes its schema", async () => {
    const table = new Table(
      many(50, () => at(5)),
      NOW,
    )
    for (const page of await pagesOf(keyset(table, await storeOf(), 10))) {
      const text = JSON.stringify(page.cursor)
      assert.isBelow(text.length, 400)
      assert.deepStrictEqual(Schema.decodeUnknownSync(Change.Cursor)(JSON.parse(text)), page.cursor)
    }
  })

  it("of another tenant, entity, selection or strategy is refused by that name", async () => {
    const [page] = await pagesOf(await reader())
    const cursor = page?.cursor as Change.Cursor
    const foreign: ReadonlyArray<readonly [string, Change.Cursor]> = [
      ["scope", Reading.cursor(Reading.of({ system: "acme", instance: "two" }, "Thing"), "keyset", cursor.state)],
      ["entity", Reading.cursor(Reading.of({ system: "acme", instance: "one" }, "Other"), "keyset", cursor.state)],
      [
        "selection",
        Reading.cursor(
          Reading.of({ system: "acme", instance: "one" }, "Thing", { fields: ["a"] }),
          "keyset",
          cursor.state,
        ),
      ],
      ["strategy", Reading.cursor(READING, "window", cursor.state)],
    ]
    for (const [field, each] of foreign) {
      const error = await errorOf(await reader(), { cursor: each })
      assert.strictEqual(error.reason._tag, "Invalid")
      assert.deepStrictEqual(error.reason._tag === "Invalid" && error.reason.issues.map(({ path }) => path), [
        ["cursor", field],
      ])
    }
  })

  it("that is malformed is refused, and the message names where and not what", async () => {
    const bad: ReadonlyArray<readonly [unknown, string]> = [
      [{ v: 2 }, "cursor"],
      ["s3cret", "cursor"],
      [Reading.cursor(READING, "keyset", { from: "s3cret" }), "state"],
      [Reading.cursor(READING, "keyset", { from: at(1), scan: { before: 5 } }), "state"],
      [Reading.cursor(READING, "keyset", null), "state"],
    ]
    for (const [cursor, where] of bad) {
      const error = await errorOf(await reader(), { cursor: cursor as Change.Cursor })
      assert.strictEqual(error.reason._tag, "Invalid")
      assert.include(error.message, where)
      assert.notInclude(error.message, "s3cret")
    }
  })

  it("does not care in which order the fields were named", () => {
    const of = (fields: ReadonlyArray<string>) => Reading.of({ system: "a", instance: "b" }, "E", { fields }).selection
    assert.strictEqual(of(["b", "a"]), of(["a", "b", "a"]))
    assert.notStrictEqual(of([]), Reading.of({ system: "a", instance: "b" }, "E").selection)
  })

  it("keeps two readers of one entity apart in the store", () => {
    const of = (reader: string) => Reading.of({ system: "a", instance: "b" }, "E", { reader }).stream
    assert.notStrictEqual(of("one"), of("two"))
    assert.strictEqual(of("default"), Reading.of({ system: "a", instance: "b" }, "E").stream)
  })
})

describe("the source's clock", () => {
  it("has to be told", async () => {
    const table = new Table(many(3, at), NOW)
    const read: typeof table.byStamp = (question) =>
      Effect.map(table.byStamp(question), ({ rows, more }) => ({ rows, more }))
    const error = await errorOf(keyset(table, await storeOf(), 10, { read }))
    assert.strictEqual(error.reason._tag === "Decode" && error.reason.issues[0]?.path[0], "serverTime")
  })

  it("that went back is followed, so that nothing stamped by it is lost", async () => {
    for (const serverTime of [true, false]) {
      const store = await storeOf()
      const table = new Table(many(3, at), NOW)
      const change = serverTime ? { serverTime: Effect.sync(() => table.now) } : {}
      await readAll(keyset(table, store, 10, change), store)
      table.now = Date.parse("2026-01-14T09:10:00.000Z")
      table.put(item("late", "2026-01-14T09:09:59.000Z"))
      assert.deepStrictEqual(idsOf(await readAll(keyset(table, store, 10, change), store)), ["late"])
    }
  })
})

describe("since", () => {
  it("leaves out what is older, also on later readings", async () => {
    const store = await storeOf()
    const table = new Table([item("old", "2026-01-14T09:59:58.000Z"), item("new", "2026-01-14T09:59:59.000Z")], NOW)
    const since = "2026-01-14T09:59:59.000Z" as Watermark.From["since"] & string
    const first = await pagesOf(keyset(table, store, 10), { since })
    assert.deepStrictEqual(idsOf(first), ["new"])
    for (const page of first) await run(store.commit({ page }))
    assert.deepStrictEqual(idsOf(await readAll(keyset(table, store, 10), store)), [])
  })

  it("that is no instant is refused", async () => {
    const error = await errorOf(keyset(new Table([], NOW), await storeOf(), 10), { since: "2026-13-01" as never })
    assert.strictEqual(error.reason._tag === "Invalid" && error.reason.issues[0]?.path[0], "since")
  })
})
