/** Promises of the ordered map and its transaction. */
import assert from "node:assert/strict"
import type { Entry, StoreBackend } from "@mortise/core/StoreBackend"
import * as Effect from "effect/Effect"
import { check, put, remove, type StoreCase, walkPages } from "./Bench.ts"

/** In ascending order by code unit. The emoji (U+D83D...) comes before U+E000 and U+FF5E, unlike in UTF-8. */
const ORDERED = [
  "",
  "\u0000",
  "\u0000\u0000",
  "\u0001",
  "\n",
  " ",
  '"',
  "%",
  "%_",
  "'",
  "'; DROP TABLE entry; --",
  "10",
  "9",
  "A",
  "Z",
  "\\",
  "_",
  "a",
  "a\u0000",
  "a\u0000b",
  "ab",
  "z",
  "\u007f",
  "Ä",
  "ä",
  "Ā",
  "Ж",
  "א",
  "中",
  "\ud7ff",
  "\ud83d",
  "\ud83d\ude00",
  "\ud83d\ude00a",
  "\ud83d\ude01",
  "\ude00",
  "\ue000",
  "\uffff",
] as const

const shuffled = <A>(items: ReadonlyArray<A>): ReadonlyArray<A> =>
  items
    .map((item, index) => ({ item, rank: (index * 7919) % 37 }))
    .sort((a, b) => a.rank - b.rank)
    .map((each) => each.item)

const keysOf = (entries: ReadonlyArray<Entry>) => entries.map((entry) => entry.key)

const fill = (backend: StoreBackend, keys: ReadonlyArray<string>) =>
  backend.transact(keys.map((key) => put(key, `value of ${JSON.stringify(key)}`)))

const inRange = (low: number, count: number) => Array.from({ length: count }, (_, index) => low + index)

/** Adds one to a number, whatever others do at the same time; each of them can be ahead only so often. */
const countUp = Effect.fnUntraced(function* (backend: StoreBackend) {
  for (let tries = 0; tries < 1000; tries++) {
    const text = (yield* backend.get("test", ["counter"])).get("counter")
    yield* Effect.yieldNow
    if (yield* backend.transact([check("counter", text ?? null), put("counter", String(Number(text ?? 0) + 1))])) return
  }
  assert.fail("a check never held")
})

export const backendCases: ReadonlyArray<StoreCase> = [
  {
    name: "gives back what was put, and nothing for keys that are not there",
    run: Effect.fnUntraced(function* (bench) {
      const backend = yield* bench.open
      assert.equal((yield* backend.get("test", ["a"])).size, 0)
      assert.equal(yield* backend.transact([put("a", "1"), put("b", "")]), true)
      assert.deepEqual(
        yield* backend.get("test", ["b", "c", "a", "a"]),
        new Map([
          ["a", "1"],
          ["b", ""],
        ]),
      )
      assert.equal((yield* backend.get("test", [])).size, 0)
    }),
  },
  {
    name: "keeps spaces apart",
    run: Effect.fnUntraced(function* (bench) {
      const backend = yield* bench.open
      yield* backend.transact([put("a", "1", "one"), put("a", "2", "two"), put("b", "3", "on")])
      yield* backend.transact([remove("a", "two")])
      assert.deepEqual(yield* backend.scan("one", { limit: 10 }), [{ key: "a", value: "1" }])
      assert.deepEqual(yield* backend.scan("two", { limit: 10 }), [])
    }),
  },
  {
    name: "orders keys by code unit, astral, accented, empty and halved ones too, and loses none",
    run: Effect.fnUntraced(function* (bench) {
      const backend = yield* bench.open
      yield* fill(backend, shuffled(ORDERED))
      const found = yield* backend.scan("test", { limit: 1000 })
      assert.deepEqual(keysOf(found), ORDERED)
      for (const { key, value } of found) assert.equal(value, `value of ${JSON.stringify(key)}`)
      const got = yield* backend.get("test", ORDERED)
      assert.equal(got.size, ORDERED.length)
    }),
  },
  {
    name: "walks every key once in pages of any size",
    run: Effect.fnUntraced(function* (bench) {
      const backend = yield* bench.open
      yield* fill(backend, shuffled(ORDERED))
      for (const limit of [1, 2, 7, 36, 37, 38]) {
        const walked = yield* walkPages<Entry>(limit, (last) =>
          backend.scan("test", last === undefined ? { limit } : { limit, after: last.key }),
        )
        assert.deepEqual(keysOf(walked), ORDERED)
      }
    }),
  },
  {
    name: "scans by prefix to the letter, with no sign for a wildcard",
    run: Effect.fnUntraced(function* (bench) {
      const backend = yield* bench.open
      yield* fill(backend, ORDERED)
      for (const prefix of ORDERED) {
        for (const after of [undefined, "", prefix, `${prefix}\u0000`, "\uffff"]) {
          const options = { prefix, limit: 1000, ...(after === undefined ? {} : { after }) }
          const expected = ORDERED.filter((key) => key.startsWith(prefix) && (after === undefined || key > after))
          assert.deepEqual(keysOf(yield* backend.scan("test", options)), expected)
        }
      }
    }),
  },
  {
    name: "holds values of a megabyte, of any text",
    run: Effect.fnUntraced(function* (bench) {
      const backend = yield* bench.open
      const values = ["x".repeat(1_048_576), "שלום 中文 😀\u0000'\"\\\n".repeat(50_000), "\u0000", " "]
      yield* backend.transact(values.map((value, index) => put(String(index), value)))
      const found = yield* backend.get(
        "test",
        values.map((_, index) => String(index)),
      )
      for (const [index, value] of values.entries()) assert.ok(found.get(String(index)) === value, `value ${index}`)
    }),
  },
  {
    name: "writes all of a transaction or nothing of it",
    run: Effect.fnUntraced(function* (bench) {
      const backend = yield* bench.open
      yield* backend.transact([put("kept", "old"), put("gone", "old")])
      const before = yield* backend.scan("test", { limit: 10 })
      const refused = [put("kept", "new"), remove("gone"), put("more", "new"), check("kept", "something else")]
      assert.equal(yield* backend.transact(refused), false)
      assert.deepEqual(yield* backend.scan("test", { limit: 10 }), before)
    }),
  },
  {
    name: "checks against what stood before the transaction, wherever the check stands in it",
    run: Effect.fnUntraced(function* (bench) {
      const backend = yield* bench.open
      assert.equal(yield* backend.transact([put("a", "1"), check("a", null)]), true)
      assert.equal(yield* backend.transact([put("a", "2"), check("a", "2")]), false)
      assert.equal(yield* backend.transact([remove("a"), check("a", "1"), put("b", "1")]), true)
      assert.equal(yield* backend.transact([check("a", ""), put("c", "1")]), false)
      assert.deepEqual(keysOf(yield* backend.scan("test", { limit: 10 })), ["b"])
    }),
  },
  {
    name: "lets the last of several operations on one key count, and takes an empty transaction",
    run: Effect.fnUntraced(function* (bench) {
      const backend = yield* bench.open
      assert.equal(yield* backend.transact([]), true)
      yield* backend.transact([put("a", "1"), put("a", "2"), remove("b"), put("b", "1"), put("c", "1"), remove("c")])
      assert.deepEqual(
        yield* backend.get("test", ["a", "b", "c"]),
        new Map([
          ["a", "2"],
          ["b", "1"],
        ]),
      )
    }),
  },
  {
    name: "orders keys rightly after many were deleted and put again",
    run: Effect.fnUntraced(function* (bench) {
      const backend = yield* bench.open
      const keys = inRange(100, 300).map(String)
      for (let round = 0; round < 4; round++) {
        yield* fill(backend, shuffled(keys))
        yield* backend.scan("test", { limit: 1 })
        yield* backend.transact(keys.filter((_, index) => index % 3 !== round % 3).map((key) => remove(key)))
        yield* backend.transact([put("250", "again"), put("099", "first"), remove("099")])
        const left = keys.filter((key, index) => index % 3 === round % 3 || key === "250")
        assert.deepEqual(keysOf(yield* backend.scan("test", { limit: 1000 })), left)
        yield* backend.transact(keys.map((key) => remove(key)))
      }
    }),
  },
  {
    name: "takes thousands of operations in one transaction and thousands of keys in one question",
    run: Effect.fnUntraced(function* (bench) {
      const backend = yield* bench.open
      const keys = inRange(10_000, 5_000).map(String)
      yield* fill(backend, keys)
      assert.equal((yield* backend.get("test", keys)).size, 5_000)
      assert.equal((yield* backend.scan("test", { limit: 10_000 })).length, 5_000)
    }),
  },
  {
    name: "loses no count when two connections count up at once by check and set",
    run: Effect.fnUntraced(function* (bench) {
      const one = yield* bench.open
      const other = yield* bench.open
      const writers = inRange(0, 20).map((index) => Effect.repeat(countUp(index % 2 === 0 ? one : other), { times: 4 }))
      yield* Effect.all(writers, { concurrency: "unbounded" })
      assert.equal((yield* other.get("test", ["counter"])).get("counter"), "100")
    }),
  },
  {
    name: "never shows half of another connection's transaction",
    run: Effect.fnUntraced(function* (bench) {
      const writer = yield* bench.open
      const reader = yield* bench.open
      const keys = inRange(0, 50).map(String)
      const write = Effect.forEach(inRange(1, 20), (round) =>
        Effect.andThen(writer.transact(keys.map((key) => put(key, String(round)))), Effect.yieldNow),
      )
      const read = Effect.gen(function* () {
        for (let look = 0; look < 40; look++) {
          const found = new Set((yield* reader.get("test", keys)).values())
          const scanned = new Set((yield* reader.scan("test", { limit: 100 })).map((entry) => entry.value))
          assert.ok(found.size <= 1 && scanned.size <= 1, "values of two transactions side by side")
          yield* Effect.yieldNow
        }
      })
      yield* Effect.all([write, read], { concurrency: "unbounded" })
      assert.equal((yield* reader.get("test", keys)).get("0"), "20")
    }),
  },
  {
    name: "has everything again after it was closed and opened",
    run: Effect.fnUntraced(function* (bench) {
      yield* Effect.scoped(Effect.flatMap(bench.open, (backend) => fill(backend, ORDERED)))
      const found = yield* Effect.scoped(Effect.flatMap(bench.open, (backend) => backend.scan("test", { limit: 1000 })))
      assert.deepEqual(keysOf(found), ORDERED)
    }),
  },
]
