import * as Epoch from "@mortise/conformance/Epoch"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import { ConnectorError, Unavailable } from "@mortise/core/ConnectorError"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import type { Op, StoreBackend } from "@mortise/core/StoreBackend"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import * as Keys from "../../src/internal/store/keys.ts"
import * as Layout from "../../src/internal/store/layout.ts"

const ERP = "acumatica/1/main"
const CRM = "hubspot/1/"
const ref = (scope: string, id: string): StateStore.RecordRef => ({ scope, entity: "Account", id })

const commitOf = (page: number, rows: number): StateStore.Commit => {
  const ids = Array.from({ length: rows }, (_, index) => `${page}-${index}`)
  return {
    page: {
      stream: "s",
      cursor: { v: 1, scope: ERP, entity: "Account", selection: "", strategy: "keyset", state: page },
      delta: { marks: ids.map((id) => ({ id, version: id })) },
    },
    links: ids.map((id) => ({ source: ref(ERP, id), target: ref(CRM, id), key: id })),
    journal: ids.map((id) => ({ relay: "r", at: page, source: ref(ERP, id), decision: "created" })),
    settled: [{ relay: "r", key: String(page) }],
  }
}

const PAGES = 4
const ROWS = 3

/** Reads on from the cursor: announces a page, then commits it. */
const relay = (backend: StoreBackend) =>
  Effect.gen(function* () {
    const store = yield* StateStore.make(backend)
    const cursor = yield* store.cursor("s")
    const from = Option.match(cursor, { onNone: () => 0, onSome: ({ state }) => Number(state) })
    for (let page = from + 1; page <= PAGES; page++) {
      const source = ref(ERP, String(page))
      yield* store.announce([{ relay: "r", key: String(page), source, entity: "Account", hash: "", announcedAt: 0 }])
      yield* Effect.sleep("1 second")
      yield* store.commit(commitOf(page, ROWS))
    }
  })

describe("a store on any backend", () => {
  it("holds whole pages only, wherever its program is cut, and the same in the end", async () => {
    const clock = VirtualClock.make({ start: 0 })
    const silent = (() => Promise.reject(new Error("no requests here"))) as typeof globalThis.fetch
    const open = (backend: StoreBackend) => Epoch.open({ clock, fetch: silent, backend })
    const whole = MemoryBackend.make()
    const measured = open(whole)
    expect(await measured.run(relay(measured.backend))).toEqual(Exit.void)
    const points = Epoch.cutPoints(measured.counts())
    expect(points).toHaveLength(2 * (1 + 2 * PAGES))
    for (const point of points) {
      const backend = MemoryBackend.make()
      const first = open(backend)
      first.cutAt(point)
      expect(await first.run(relay(first.backend))).toBeInstanceOf(Epoch.Cut)
      const page = Number(
        JSON.parse(backend.entries().find((each) => each.space === "cursor")?.value ?? '{"state":0}').state,
      )
      for (const space of ["mark", "link", "back"]) {
        expect(backend.entries().filter((each) => each.space === space)).toHaveLength(page * ROWS)
      }
      const second = open(backend)
      expect(await second.run(relay(second.backend))).toEqual(Exit.void)
      expect(backend.entries()).toEqual(whole.entries())
    }
  })

  it("commits a page of 500 marks, 500 links and 500 lines in a few milliseconds of the processor", async () => {
    const times = await Effect.runPromise(
      Effect.gen(function* () {
        const store = yield* StateStore.make(MemoryBackend.make())
        const measured: Array<number> = []
        for (let page = 1; page <= 31; page++) {
          const before = process.cpuUsage()
          yield* store.commit(commitOf(page, 500))
          const used = process.cpuUsage(before)
          measured.push((used.user + used.system) / 1000)
        }
        return measured.sort((a, b) => a - b)
      }),
    )
    expect(times[15]).toBeLessThan(25)
  })

  it("gives up with a typed error when others are ahead every time", async () => {
    const clock = VirtualClock.make({ start: 0 })
    let attempts = 0
    const memory = MemoryBackend.make()
    const contended: StoreBackend = {
      ...memory,
      transact: (ops) =>
        ops.some((op) => op._tag === "Put" && op.space === "journal")
          ? Effect.sync(() => ++attempts < 0)
          : memory.transact(ops),
    }
    const program = Effect.flatMap(StateStore.make(contended), (store) => Effect.flip(store.commit(commitOf(1, 1))))
    const exit = await clock.run(program)
    expect(exit).toMatchObject({ _tag: "Success", value: { reason: { _tag: "Unavailable" }, isRetryable: true } })
    expect(attempts).toBe(100)
    expect(clock.now()).toBeLessThan(10_000)
  })

  it("hands on what the backend says went wrong, and writes nothing more", async () => {
    const away = new ConnectorError({ system: "store", reason: new Unavailable({ message: "the database is away" }) })
    const memory = MemoryBackend.make()
    const program = Effect.gen(function* () {
      yield* StateStore.make(memory)
      const store = yield* StateStore.make({ ...memory, transact: () => Effect.fail(away) })
      return yield* Effect.flip(store.commit(commitOf(1, 1)))
    })
    expect(await Effect.runPromise(program)).toBe(away)
    expect(memory.entries().map((each) => each.space)).toEqual(["meta"])
  })

  it("shows a short page of what waits for a record only at the end, whatever old entries its index holds", async () => {
    const memory = MemoryBackend.make()
    const parent = ref(ERP, "parent")
    const waiter = (id: string): StateStore.Parked => ({
      relay: "r",
      source: ref(ERP, id),
      version: "1",
      waitsFor: parent,
      as: { scope: CRM, entity: "Company" },
      at: 0,
    })
    const waiting = Effect.gen(function* () {
      const store = yield* StateStore.make(memory)
      yield* store.commit({ parked: ["2", "5", "8"].map(waiter) })
      const old = ["0", "1", "3", "4", "7", "9"].map((id): Op => {
        const name = StateStore.refKey(ref(ERP, id))
        const key = Keys.join("r", StateStore.refKey(parent), name)
        return { _tag: "Put", space: Keys.SPACE.waits, key, value: JSON.stringify(name) }
      })
      yield* memory.transact(old)
      const first = yield* store.parked("r", { waitsFor: parent, limit: 2 })
      const after = StateStore.refKey(ref(ERP, "5"))
      return [...first, ...(yield* store.parked("r", { waitsFor: parent, limit: 2, after }))]
    })
    expect((await Effect.runPromise(waiting)).map(({ source }) => source.id)).toEqual(["2", "5", "8"])
  })

  it("names the entry that is damaged", async () => {
    const memory = MemoryBackend.make()
    const program = Effect.gen(function* () {
      const store = yield* StateStore.make(memory)
      yield* memory.transact([{ _tag: "Put", space: "cursor", key: "s", value: "{ half of a cur" }])
      return yield* Effect.flip(store.cursor("s"))
    })
    const { reason } = await Effect.runPromise(program)
    expect(reason).toMatchObject({ _tag: "Decode", issues: [{ path: ["cursor", "s"] }] })
  })
})

describe("the layout of a store", () => {
  const put = (key: string, value: string): Op => ({ _tag: "Put", space: "test", key, value })
  const upper = Effect.fnUntraced(function* (backend: StoreBackend) {
    const entries = yield* backend.scan("test", { limit: 100 })
    return entries.map(({ key, value }) => put(key, value.toUpperCase()))
  })
  const LATER: Layout.Layout = {
    version: 3,
    migrations: [
      { from: 1, ops: upper },
      { from: 2, ops: () => Effect.succeed([put("added", "by 2")]) },
    ],
  }
  const version = (backend: MemoryBackend.MemoryBackend) =>
    backend.entries().find((each) => each.space === "meta" && each.key === "layout")?.value

  it("is brought up to date step by step, once, though two programs open the store at once", async () => {
    const backend = MemoryBackend.make()
    await Effect.runPromise(Layout.open(backend, Layout.CURRENT))
    await Effect.runPromise(backend.transact([put("a", "x")]))
    const slow: StoreBackend = { ...backend, get: (...args) => Effect.tap(backend.get(...args), () => Effect.yieldNow) }
    const opening = [Layout.open(slow, LATER), Layout.open(slow, LATER)]
    await Effect.runPromise(Effect.all(opening, { concurrency: 2 }))
    expect(version(backend)).toBe("3")
    expect(
      backend
        .entries()
        .filter((each) => each.space === "test")
        .map((each) => each.value),
    ).toEqual(["X", "by 2"])
  })

  it("is left at the last whole step when a later one fails", async () => {
    const backend = MemoryBackend.make()
    await Effect.runPromise(Layout.open(backend, Layout.CURRENT))
    const failing: Layout.Layout = {
      version: 3,
      migrations: [
        { from: 1, ops: () => Effect.succeed([put("a", "x")]) },
        {
          from: 2,
          ops: () => Effect.fail(new ConnectorError({ system: "store", reason: new Unavailable({ message: "away" }) })),
        },
      ],
    }
    expect(Exit.isFailure(await Effect.runPromiseExit(Layout.open(backend, failing)))).toBe(true)
    expect(version(backend)).toBe("2")
  })

  it("refuses versions that it does not know, older and newer ones", async () => {
    for (const [found, layout] of [
      ["7", LATER],
      ["0", LATER],
      ["1", { version: 2, migrations: [] }],
    ] as const) {
      const backend = MemoryBackend.make()
      await Effect.runPromise(backend.transact([{ _tag: "Put", space: "meta", key: "layout", value: found }]))
      const error = await Effect.runPromise(Effect.flip(Layout.open(backend, layout)))
      expect(error.reason).toMatchObject({ _tag: "VersionMismatch", found: [found] })
      expect(version(backend)).toBe(found)
    }
  })
})
