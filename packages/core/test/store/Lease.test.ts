import * as VirtualClock from "@mortise/conformance/VirtualClock"
import { ConnectorError, Unavailable } from "@mortise/core/ConnectorError"
import * as Lease from "@mortise/core/Lease"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"

const inTime = <A, E>(body: (store: StateStore.Service) => Effect.Effect<A, E>) => {
  const clock = VirtualClock.make({ start: 0 })
  return Effect.runPromise(
    clock.provide(Effect.flatMap(StateStore.make(MemoryBackend.make()), body) as Effect.Effect<A, E>),
  )
}
const options = (holder: string, waitFor?: Duration.Input): Lease.Options => ({
  holder,
  ttl: "30 seconds",
  ...(waitFor === undefined ? {} : { waitFor }),
})
const now = Clock.currentTimeMillis
const reasonOf = (exit: Exit.Exit<unknown, ConnectorError>) =>
  Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause))?.reason._tag : "succeeded"
const takenBy = (store: StateStore.Service, holder: string) =>
  Effect.map(store.acquire("job", { holder, ttl: Duration.seconds(30) }), Option.isSome)

describe("a lease around an effect", () => {
  it("keeps others out for as long as the work takes, far beyond its time to live", async () => {
    const seen = await inTime((store) =>
      Effect.gen(function* () {
        const work = yield* Effect.forkChild(
          Lease.withLease(store, "job", options("one"), () => Effect.as(Effect.sleep("1 hour"), "done")),
        )
        yield* Effect.sleep("59 minutes")
        const early = yield* takenBy(store, "two")
        const result = yield* Fiber.join(work)
        return { early, result, late: yield* takenBy(store, "two") }
      }),
    )
    expect(seen).toEqual({ early: false, result: "done", late: true })
  })

  it("is free at once when the work fails, dies or is interrupted", async () => {
    for (const work of [Effect.fail("no"), Effect.die("no"), Effect.interrupt]) {
      const free = await inTime((store) =>
        Effect.gen(function* () {
          yield* Effect.exit(Lease.withLease(store, "job", options("one"), () => work))
          return yield* takenBy(store, "two")
        }),
      )
      expect(free).toBe(true)
    }
  })

  it("takes over from a dead holder when its time has run out, and not before", async () => {
    const taken = await inTime((store) =>
      Effect.gen(function* () {
        yield* store.acquire("job", { holder: "dead", ttl: Duration.seconds(30) })
        return yield* Lease.withLease(store, "job", options("heir", "5 minutes"), (lease) =>
          Effect.map(now, (at) => ({ at, fence: lease.fence })),
        )
      }),
    )
    expect(taken.fence).toBe(2)
    expect(taken.at).toBeGreaterThanOrEqual(30_000)
    expect(taken.at).toBeLessThan(33_000)
  })

  it("stops the work with a conflict when somebody else has taken over", async () => {
    const seen = await inTime((store) =>
      Effect.gen(function* () {
        let stopped = false
        const work = yield* Effect.forkChild(
          Effect.exit(
            Lease.withLease(store, "job", options("slow"), () =>
              Effect.onInterrupt(Effect.never, () => Effect.sync(() => (stopped = true))),
            ),
          ),
        )
        yield* Effect.sleep("1 second")
        const held = Option.getOrThrow(yield* store.acquire("job", { holder: "slow", ttl: Duration.seconds(30) }))
        yield* store.release(held)
        yield* takenBy(store, "quick")
        const exit = yield* Fiber.join(work)
        return { reason: reasonOf(exit), stopped, stillQuick: !(yield* takenBy(store, "slow")) }
      }),
    )
    expect(seen).toEqual({ reason: "Conflict", stopped: true, stillQuick: true })
  })

  const away = new ConnectorError({ system: "store", reason: new Unavailable({ message: "away" }) })

  it("lives through a store that is away for less than the time to live", async () => {
    const seen = await inTime((store) => {
      const flaky: StateStore.Service = {
        ...store,
        renew: (lease, ttl) => Effect.flatMap(now, (at) => (at < 25_000 ? Effect.fail(away) : store.renew(lease, ttl))),
      }
      return Effect.exit(Lease.withLease(flaky, "job", options("one"), () => Effect.sleep("2 minutes")))
    })
    expect(Exit.isSuccess(seen)).toBe(true)
  })

  it("stops the work before its lease runs out when the store stays away or hangs", async () => {
    for (const renew of [Effect.fail(away), Effect.never]) {
      const seen = await inTime((store) =>
        Effect.gen(function* () {
          const dead: StateStore.Service = { ...store, renew: () => renew }
          const exit = yield* Effect.exit(Lease.withLease(dead, "job", options("one"), () => Effect.never))
          return { exit: Exit.isFailure(exit), at: yield* now }
        }),
      )
      expect(seen.exit).toBe(true)
      expect(seen.at).toBeLessThanOrEqual(30_000)
    }
  })

  it("leaves no lease behind when somebody stops waiting for it", async () => {
    const seen = await inTime((store) =>
      Effect.gen(function* () {
        yield* takenBy(store, "first")
        const waiting = yield* Effect.forkChild(
          Lease.withLease(store, "job", options("second", "1 hour"), () => Effect.never),
        )
        yield* Effect.sleep("10 seconds")
        yield* Fiber.interrupt(waiting)
        yield* Effect.sleep("1 hour")
        return yield* takenBy(store, "third")
      }),
    )
    expect(seen).toBe(true)
  })

  it("fails at once with a typed error when it should not wait at all", async () => {
    const seen = await inTime((store) =>
      Effect.gen(function* () {
        yield* takenBy(store, "first")
        const exit = yield* Effect.exit(Lease.withLease(store, "job", options("second"), () => Effect.void))
        return { reason: reasonOf(exit), at: yield* now }
      }),
    )
    expect(seen).toEqual({ reason: "Locked", at: 0 })
  })
})
