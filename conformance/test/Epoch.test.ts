import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import * as Epoch from "../src/Epoch.ts"
import * as VirtualClock from "../src/VirtualClock.ts"

const NAMES = ["ada", "béla", "chiyo", "dmitri"]

/** A vendor with a list of customers: POST adds one under a new number, whatever its name, GET finds by name. */
const vendor = (clock: VirtualClock.VirtualClock, latency = 20) => {
  const rows: Array<string> = []
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const name = new URL(String(input)).searchParams.get("name") ?? ""
    if (init?.method === "POST") rows.push(name)
    const found = rows.filter((row) => row === name).length
    await clock.sleep(latency)
    return Response.json({ found })
  }
  return { rows, fetch: fetch as typeof globalThis.fetch }
}

const ask = (epoch: Epoch.Epoch, name: string, method: string) =>
  Effect.promise(async () => {
    const response = await epoch.fetch(`https://vendor.test/?name=${encodeURIComponent(name)}`, { method })
    return (await response.json()) as { readonly found: number }
  })

/** Writes each name once: remembers in the store what was done, and looks before it writes. */
const careful = (epoch: Epoch.Epoch, onEnd: () => void = () => {}) =>
  Effect.gen(function* () {
    const store = yield* StateStore.make(epoch.backend)
    for (const name of NAMES) {
      if (Option.isSome(yield* store.setting(name))) continue
      const { found } = yield* ask(epoch, name, "GET")
      if (found === 0) yield* ask(epoch, name, "POST")
      yield* Effect.sleep("1 second")
      yield* store.putSetting(name, "done")
    }
    return "finished"
  }).pipe(Effect.ensuring(Effect.sync(onEnd)))

/** The same without the look. */
const careless = (epoch: Epoch.Epoch) =>
  Effect.gen(function* () {
    const store = yield* StateStore.make(epoch.backend)
    for (const name of NAMES) {
      if (Option.isSome(yield* store.setting(name))) continue
      yield* ask(epoch, name, "POST")
      yield* store.putSetting(name, "done")
    }
  })

const stage = (latency?: number) => {
  const clock = VirtualClock.make({ start: 0 })
  const world = vendor(clock, latency)
  const backend = MemoryBackend.make()
  return { clock, world, backend, open: () => Epoch.open({ clock, fetch: world.fetch, backend }) }
}

describe("the crash epoch", () => {
  it("lets a program run through, and counts its requests and writes", async () => {
    const { world, open } = stage()
    const epoch = open()
    expect(await epoch.run(careful(epoch))).toEqual(Exit.succeed("finished"))
    expect(world.rows).toEqual(NAMES)
    expect(epoch.counts()).toEqual({ requests: 8, writes: 5 })
    expect(epoch.ended()).toBeUndefined()
  })

  it("falls silent after the nth request, though the vendor has applied it", async () => {
    const { world, backend, clock, open } = stage()
    const epoch = open()
    let finalized = false
    epoch.cutAt({ kind: "request", nth: 4, when: "after" })
    const end = await epoch.run(careful(epoch, () => (finalized = true)))
    expect(end).toEqual(new Epoch.Cut({ point: { kind: "request", nth: 4, when: "after" }, at: clock.now() }))
    expect(world.rows).toEqual(["ada", "béla"])
    await clock.advance("1 day")
    expect(finalized).toBe(false)
    expect(epoch.counts()).toEqual({ requests: 4, writes: 2 })
    expect(backend.entries().filter((entry) => entry.space === "setting")).toHaveLength(1)
  })

  it("does not let a request out that is cut before it", async () => {
    const { world, open } = stage()
    const epoch = open()
    epoch.cutAt({ kind: "request", nth: 2, when: "before" })
    expect(await epoch.run(careful(epoch))).toBeInstanceOf(Epoch.Cut)
    expect(world.rows).toEqual([])
  })

  it("keeps what the store had written when the cut comes after the transaction, and nothing when before", async () => {
    for (const [when, kept] of [
      ["before", 0],
      ["after", 1],
    ] as const) {
      const { backend, open } = stage()
      const epoch = open()
      epoch.cutAt({ kind: "write", nth: 2, when })
      expect(await epoch.run(careful(epoch))).toBeInstanceOf(Epoch.Cut)
      expect(backend.entries().filter((entry) => entry.space === "setting")).toHaveLength(kept)
    }
  })

  it("takes the timers of the dead with it and leaves those of the twin", async () => {
    const { clock, open } = stage(60_000)
    const epoch = open()
    const running = epoch.run(
      Effect.all([Effect.sleep("1 hour"), ask(epoch, "late", "POST"), Effect.sleep("2 hours")], {
        concurrency: "unbounded",
      }),
    )
    epoch.cut()
    expect(await running).toMatchObject({ _tag: "Cut", point: "byHand" })
    expect(clock.sleepers()).toEqual([{ at: 60_000, who: "twin" }])
  })

  it("never answers the dead: neither door nor store nor clock", async () => {
    const { clock, open } = stage()
    const epoch = open()
    epoch.cut()
    const answered: Array<string> = []
    const touch: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
      Effect.promise(() => epoch.fetch("https://vendor.test/")),
      epoch.backend.get("setting", ["ada"]),
      epoch.backend.scan("setting", { limit: 1 }),
      epoch.backend.transact([]),
      Effect.sleep("1 second"),
      Effect.yieldNow,
    ]
    for (const each of touch) {
      Effect.runForkWith(epoch.context)(
        Effect.ensuring(
          each,
          Effect.sync(() => answered.push("answered")),
        ),
      )
    }
    await clock.advance("1 day")
    expect(answered).toEqual([])
    expect(epoch.counts()).toEqual({ requests: 0, writes: 0 })
  })

  it("shows at every cut point that a careful program mends itself and a careless one does not", async () => {
    const measured = stage().open()
    await measured.run(careful(measured))
    const points = Epoch.cutPoints(measured.counts())
    expect(points).toHaveLength(26)
    const doubled: Array<string> = []
    for (const [name, program] of [
      ["careful", careful],
      ["careless", careless],
    ] as const) {
      for (const point of points) {
        const { world, open } = stage()
        const first = open()
        first.cutAt(point)
        await first.run(program(first))
        const second = open()
        expect(Exit.isExit(await second.run(program(second)))).toBe(true)
        expect(new Set(world.rows)).toEqual(new Set(NAMES))
        if (world.rows.length > NAMES.length) doubled.push(name)
      }
    }
    expect(doubled.filter((name) => name === "careful")).toHaveLength(0)
    expect(doubled.filter((name) => name === "careless").length).toBeGreaterThanOrEqual(NAMES.length)
  })
})
