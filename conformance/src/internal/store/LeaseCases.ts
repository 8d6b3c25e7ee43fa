/** Promises of leases: one holder at a time, by any number of programs, and numbers that only grow. */
import assert from "node:assert/strict"
import * as Lease from "@mortise/core/Lease"
import type { Service } from "@mortise/core/StateStore"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { failsWith, inVirtualTime, openStore, type StoreCase } from "./Bench.ts"

const ttl = Duration.seconds(30)
const NAME = "refresh of 'hubspot'/1"

const take = (store: Service, holder: string) => store.acquire(NAME, { holder, ttl })

/** Fences in the order in which they were held, and how many held it at once at the most. */
interface Register {
  inside: number
  most: number
  readonly fences: Array<number>
}

const visit = (store: Service, holder: string, register: Register) =>
  Lease.withLease(store, NAME, { holder, ttl, waitFor: "1 hour" }, (lease) =>
    Effect.gen(function* () {
      register.inside++
      register.most = Math.max(register.most, register.inside)
      register.fences.push(lease.fence)
      yield* Effect.sleep(Duration.millis(yield* Random.nextIntBetween(1, 90_000)))
      register.inside--
    }),
  )

export const leaseCases: ReadonlyArray<StoreCase> = [
  {
    name: "gives a lease to one of many who ask at once",
    run: Effect.fnUntraced(function* (bench) {
      const stores = [yield* openStore(bench), yield* openStore(bench)] as const
      const asked = Array.from({ length: 30 }, (_, index) => take(stores[index % 2 === 0 ? 0 : 1], `holder ${index}`))
      const given = (yield* Effect.all(asked, { concurrency: "unbounded" })).filter(Option.isSome)
      assert.equal(given.length, 1)
      assert.equal(given[0]?.value.fence, 1)
    }),
  },
  {
    name: "gives a lease to its holder again with the same fence, and to the next one with a greater",
    run: inVirtualTime(
      Effect.fnUntraced(function* (bench) {
        const store = yield* openStore(bench)
        const first = Option.getOrThrow(yield* take(store, "one"))
        yield* Effect.sleep("20 seconds")
        const again = Option.getOrThrow(yield* take(store, "one"))
        assert.deepEqual([again.fence, again.expiresAt - first.expiresAt], [first.fence, 20_000])
        yield* Effect.sleep("29999 millis")
        assert.ok(Option.isNone(yield* take(store, "two")))
        yield* Effect.sleep("1 milli")
        const next = Option.getOrThrow(yield* take(store, "two"))
        assert.ok(next.fence > again.fence)
        assert.ok(Option.isNone(yield* take(store, "one")))
      }),
    ),
  },
  {
    name: "renews for the holder alone, and only while the lease still runs",
    run: inVirtualTime(
      Effect.fnUntraced(function* (bench) {
        const store = yield* openStore(bench)
        const lease = Option.getOrThrow(yield* take(store, "one"))
        yield* Effect.sleep("20 seconds")
        const renewed = Option.getOrThrow(yield* store.renew(lease, ttl))
        assert.equal(renewed.expiresAt, (yield* Clock.currentTimeMillis) + 30_000)
        assert.ok(Option.isNone(yield* store.renew({ ...lease, holder: "two" }, ttl)))
        assert.ok(Option.isNone(yield* store.renew({ ...lease, fence: lease.fence - 1 }, ttl)))
        yield* Effect.sleep("30 seconds")
        assert.ok(Option.isNone(yield* store.renew(lease, ttl)))
        assert.ok(Option.isSome(yield* take(store, "two")))
        assert.ok(Option.isNone(yield* store.renew(lease, ttl)))
      }),
    ),
  },
  {
    name: "frees a lease that its holder gives back, and not for one who lost it",
    run: inVirtualTime(
      Effect.fnUntraced(function* (bench) {
        const store = yield* openStore(bench)
        const lease = Option.getOrThrow(yield* take(store, "one"))
        yield* store.release(lease)
        const next = Option.getOrThrow(yield* take(store, "one"))
        assert.ok(next.fence > lease.fence)
        yield* store.release(lease)
        assert.ok(Option.isNone(yield* take(store, "two")))
        assert.ok(Option.isSome(yield* store.acquire("another name", { holder: "two", ttl })))
      }),
    ),
  },
  {
    name: "lets twenty workers of two programs in one after the other",
    run: inVirtualTime(
      Effect.fnUntraced(function* (bench) {
        const stores = [yield* openStore(bench), yield* openStore(bench)] as const
        const register: Register = { inside: 0, most: 0, fences: [] }
        const workers = Array.from({ length: 20 }, (_, index) =>
          visit(stores[index % 2 === 0 ? 0 : 1], `worker ${index}`, register),
        )
        yield* Effect.all(workers, { concurrency: "unbounded" }).pipe(Random.withSeed("leases"))
        assert.equal(register.most, 1)
        assert.deepEqual(
          register.fences,
          Array.from({ length: 20 }, (_, index) => index + 1),
        )
      }),
    ),
  },
  {
    name: "lets nobody in who does not want to wait so long",
    run: inVirtualTime(
      Effect.fnUntraced(function* (bench) {
        const store = yield* openStore(bench)
        yield* take(store, "one")
        const impatient = Lease.acquire(store, NAME, { holder: "two", ttl, waitFor: "10 seconds" })
        const before = yield* Clock.currentTimeMillis
        yield* failsWith("Locked", impatient)
        assert.equal((yield* Clock.currentTimeMillis) - before, 10_000)
      }),
    ),
  },
]
