import * as VirtualClock from "@mortise/conformance/VirtualClock"
import { ConnectorError, Forbidden } from "@mortise/core/ConnectorError"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import * as Turns from "@mortise/core/Turns"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"

const open = () => {
  const clock = VirtualClock.make({ start: Date.UTC(2026, 0, 1) })
  const backend = MemoryBackend.make()
  const run = async <A, E>(program: Effect.Effect<A, E, StateStore.StateStore>): Promise<A> => {
    const exit = await clock.run(Effect.provide(program, StateStore.layer(backend)))
    if (exit instanceof VirtualClock.Stuck) throw exit
    if (Exit.isSuccess(exit)) return exit.value
    throw Cause.squash(exit.cause)
  }
  return { clock, run }
}

/** One that notes when it came and went, and whether it had waited. */
const worker = (log: Array<string>, name: string) => (waited: boolean) =>
  Effect.gen(function* () {
    log.push(`${name} in${waited ? " late" : ""}`)
    yield* Effect.sleep("10 seconds")
    log.push(`${name} out`)
  })

/** Several, each a process of its own on one store. */
const several = (count: number, options: Parameters<typeof Turns.make>[1] = {}) =>
  Effect.flatMap(StateStore.StateStore, (store) =>
    Effect.forEach(Array.from({ length: count }), () => Turns.make(store, options)),
  )

describe("turns", () => {
  it("are taken one after the other by fibers of one process, and whoever waited is told", async () => {
    const log: Array<string> = []
    await open().run(
      Effect.gen(function* () {
        const [one] = yield* several(1)
        const both = ["a", "b"].map((name) => one?.alone(["key"], worker(log, name)) ?? Effect.void)
        yield* Effect.all(both, { concurrency: "unbounded" })
      }),
    )
    expect(log).toEqual(["a in", "a out", "b in late", "b out"])
  })

  it("are taken one after the other by processes, and other names do not wait", async () => {
    const log: Array<string> = []
    await open().run(
      Effect.gen(function* () {
        const all = yield* several(3)
        const works = all.map((turns, n) => turns.alone([n === 2 ? "other" : "key"], worker(log, `p${n}`)))
        yield* Effect.all(works, { concurrency: "unbounded" })
      }),
    )
    expect(log.slice(0, 2)).toEqual(["p0 in", "p2 in"])
    expect(log.slice(-2)).toEqual(["p1 in late", "p1 out"])
  })

  it("over several names are held together, and two that want them in another order both get on", async () => {
    const log: Array<string> = []
    await open().run(
      Effect.gen(function* () {
        const [one, two] = yield* several(2)
        const both = [one?.alone(["x", "y", "x"], worker(log, "a")), two?.alone(["y", "x"], worker(log, "b"))]
        yield* Effect.all(
          both.map((each) => each ?? Effect.void),
          { concurrency: "unbounded" },
        )
      }),
    )
    expect(log).toEqual(["a in", "a out", "b in late", "b out"])
  })

  it("end with the work, whatever becomes of it", async () => {
    const error = new ConnectorError({ system: "acme", reason: new Forbidden({ message: "no" }) })
    const seen = await open().run(
      Effect.gen(function* () {
        const [one, two] = yield* several(2)
        const failed = yield* Effect.flip(one?.alone(["key"], () => Effect.fail(error)) ?? Effect.fail(error))
        const after = yield* two?.alone(["key"], (waited) => Effect.succeed(waited)) ?? Effect.succeed(true)
        return [failed, after]
      }),
    )
    expect(seen).toEqual([error, false])
  })

  it("of one who died are free again after a while, and are not waited for without end", async () => {
    const bench = open()
    const waited = await bench.run(
      Effect.gen(function* () {
        const store = yield* StateStore.StateStore
        yield* store.acquire("key", { holder: "dead", ttl: Duration.minutes(2) })
        const [one] = yield* several(1)
        return yield* one?.alone(["key"], (late) => Effect.succeed(late)) ?? Effect.succeed(false)
      }),
    )
    expect(waited).toBe(true)
    expect(bench.clock.now() - Date.UTC(2026, 0, 1)).toBeGreaterThanOrEqual(120_000)

    const error = await open().run(
      Effect.gen(function* () {
        const store = yield* StateStore.StateStore
        yield* store.acquire("key", { holder: "slow", ttl: Duration.hours(1) })
        const [one] = yield* several(1, { patience: Duration.seconds(5) })
        return yield* Effect.flip(one?.alone(["key"], () => Effect.void) ?? Effect.void)
      }),
    )
    expect(error).toMatchObject({ reason: { _tag: "Locked" } })
  })
})
