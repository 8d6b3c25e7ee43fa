import * as VirtualClock from "@mortise/conformance/VirtualClock"
import { ConnectorError, Forbidden, UnknownOutcome } from "@mortise/core/ConnectorError"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import * as WriteTurns from "@mortise/core/WriteTurns"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"

const START = Date.UTC(2026, 0, 1)
const LATE_COMMIT = Duration.minutes(2)

/** What a dead turn takes to run out: the late commit and a minute. */
const RUN_OUT = 180_000

const run = async <A, E>(program: (store: StateStore.Service) => Effect.Effect<A, E>): Promise<A> => {
  const given = Effect.provide(Effect.flatMap(StateStore.StateStore, program), StateStore.layer(MemoryBackend.make()))
  const exit = await VirtualClock.make({ start: START }).run(given)
  if (exit instanceof VirtualClock.Stuck) throw exit
  if (Exit.isSuccess(exit)) return exit.value
  throw Cause.squash(exit.cause)
}

const make = (store: StateStore.Service) => WriteTurns.make(store, LATE_COMMIT)

const elapsed = Effect.map(Clock.currentTimeMillis, (now) => now - START)

/** A write that notes when it came and went, and whether it had waited. */
const write = (log: Array<string>, name: string) => (waited: boolean) =>
  Effect.gen(function* () {
    log.push(`${name} in${waited ? " late" : ""}`)
    yield* Effect.sleep("10 seconds")
    log.push(`${name} out`)
  })

const failing = (reason: Forbidden | UnknownOutcome) => new ConnectorError({ system: "acme", reason })

/** How long the next writer waits for a turn that ended in this way, and whether it is told that it had to. */
const nextAfter = (ended: (alone: WriteTurns.Alone) => Effect.Effect<unknown, ConnectorError>) =>
  run((store) =>
    Effect.gen(function* () {
      yield* Effect.exit(ended(yield* make(store)))
      const since = yield* elapsed
      const other = yield* make(store)
      return yield* other(["key"], (waited) => Effect.map(elapsed, (now) => ({ waited, wait: now - since })))
    }),
  )

describe("turns of writers", () => {
  it("are taken one after the other in one process and among processes, and whoever waited is told", async () => {
    const log: Array<string> = []
    await run((store) =>
      Effect.gen(function* () {
        const [one, two] = [yield* make(store), yield* make(store)]
        const writes = [one(["key"], write(log, "a")), one(["key"], write(log, "b")), two(["key"], write(log, "c"))]
        yield* Effect.all(writes, { concurrency: "unbounded" })
      }),
    )
    expect(log[0]).toBe("a in")
    expect([...log].sort()).toEqual(["a in", "a out", "b in late", "b out", "c in late", "c out"])
    for (let n = 0; n < log.length; n += 2) expect(log[n + 1]).toBe(`${log[n]?.[0]} out`)
  })

  it("of different keys do not wait for each other", async () => {
    const log: Array<string> = []
    await run((store) =>
      Effect.gen(function* () {
        const alone = yield* make(store)
        yield* Effect.all([alone(["x"], write(log, "a")), alone(["y"], write(log, "b"))], { concurrency: "unbounded" })
      }),
    )
    expect(log).toEqual(["a in", "b in", "a out", "b out"])
  })

  it("are over at once when the outcome is known, a refusal too", async () => {
    expect(await nextAfter((alone) => alone(["key"], () => Effect.void))).toEqual({ waited: false, wait: 0 })
    const refused = failing(new Forbidden({ message: "no" }))
    expect(await nextAfter((alone) => alone(["key"], () => Effect.fail(refused)))).toEqual({ waited: false, wait: 0 })
  })

  it("are over only when the server can no longer be at work, when the outcome is not known", async () => {
    const unknown = failing(new UnknownOutcome({ message: "no answer" }))
    const ends: ReadonlyArray<Effect.Effect<never, ConnectorError>> = [
      Effect.fail(unknown),
      Effect.die("broken"),
      Effect.interrupt,
    ]
    for (const end of ends) {
      const next = await nextAfter((alone) => alone(["key"], () => end))
      expect(next.waited).toBe(true)
      expect(next.wait).toBeGreaterThanOrEqual(RUN_OUT - 1)
      expect(next.wait).toBeLessThanOrEqual(RUN_OUT)
    }
  })

  it("last as long as the write, however long that takes", async () => {
    const waited = await run((store) =>
      Effect.gen(function* () {
        const [one, two] = [yield* make(store), yield* make(store)]
        const long = one(["key"], () => Effect.andThen(Effect.sleep(RUN_OUT + 60_000), elapsed))
        const second = Effect.andThen(
          Effect.sleep("90 seconds"),
          two(["key"], () => elapsed),
        )
        return yield* Effect.all([long, second], { concurrency: "unbounded" })
      }),
    )
    expect(waited[0]).toBe(RUN_OUT + 60_000)
    expect(waited[1]).toBeGreaterThanOrEqual(RUN_OUT + 60_000)
  })

  it("that are lost on the way stop the write, the outcome of which nobody knows then", async () => {
    const log: Array<string> = []
    const error = await run((store) =>
      Effect.gen(function* () {
        const alone = yield* make({ ...store, renew: () => Effect.succeedNone })
        return yield* Effect.flip(
          alone(["key"], () =>
            Effect.andThen(
              Effect.sleep("1 hour"),
              Effect.sync(() => log.push("sent")),
            ),
          ),
        )
      }),
    )
    expect(error).toMatchObject({ system: "store", operation: "lease", reason: { _tag: "UnknownOutcome" } })
    expect(log).toEqual([])
  })

  it("of somebody who does not end are not waited for without end", async () => {
    const [error, wait] = await run((store) =>
      Effect.gen(function* () {
        yield* store.acquire("key", { holder: "slow", ttl: Duration.hours(1) })
        const alone = yield* make(store)
        const failure = yield* Effect.flip(alone(["key"], () => Effect.void))
        return [failure, yield* elapsed] as const
      }),
    )
    expect(error).toMatchObject({ reason: { _tag: "Locked" } })
    expect(wait).toBe(RUN_OUT)
  })
})
