import * as OAuth from "@mortise/core/OAuth"
import type { StoreBackend } from "@mortise/core/StoreBackend"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import { assert, describe, it } from "vitest"
import { inVirtualTime } from "./support/limited.ts"
import { calls, everywhere, NAME, processOn, setting } from "./support/processes.ts"
import { clientOf, initial, type TokenServer } from "./support/tokens.ts"

describe("a token that has expired", () => {
  it("is replaced by one request though 200 fibers wait for it", async () => {
    const { clock, server, backend } = setting()
    await inVirtualTime(
      Effect.gen(function* () {
        const { auth } = yield* processOn(server, backend)
        const call = yield* calls(server, auth)
        yield* call
        yield* Effect.sleep("2 hours")
        yield* everywhere(200, call)
      }),
      clock,
    )
    assert.strictEqual(server.asked.length, 2, "one for the first token, one when it had expired")
    assert.strictEqual(server.used.filter((use) => use.status === 200).length, 201)
  })

  it("is replaced by one request though two processes on one store want it at once", async () => {
    const { clock, server, backend } = setting()
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const a = yield* processOn(server, backend)
        const b = yield* processOn(server, backend)
        const both = Effect.all([everywhere(20, a.auth.headers), everywhere(20, b.auth.headers)], { concurrency: 2 })
        const first = yield* both
        yield* Effect.sleep("2 hours")
        return { first, second: yield* both }
      }),
      clock,
    )
    assert.strictEqual(server.asked.length, 2)
    assert.strictEqual(new Set(value.first.flat().map((headers) => headers["authorization"])).size, 1)
    assert.strictEqual(new Set(value.second.flat().map((headers) => headers["authorization"])).size, 1)
  })

  it("is replaced by one request though three processes on a slow store want it, over 150 seeds", async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const { clock, server, backend } = setting({ latency: 5 })
      const slowly = <A, E>(effect: Effect.Effect<A, E>, most: number) =>
        Effect.flatMap(Random.nextIntBetween(0, most), (millis) => Effect.delay(effect, Duration.millis(millis)))
      const slow: StoreBackend = {
        get: (space, keys) => slowly(backend.get(space, keys), 150),
        scan: (space, options) => slowly(backend.scan(space, options), 150),
        transact: (ops) => slowly(backend.transact(ops), 5),
      }
      const { value } = await inVirtualTime(
        Effect.gen(function* () {
          const each = yield* Effect.forEach([1, 2, 3], () => processOn(server, slow))
          return yield* Effect.forEach(each, ({ auth }) => slowly(auth.headers, 300), { concurrency: "unbounded" })
        }).pipe(Random.withSeed(seed)),
        clock,
      )
      assert.strictEqual(server.asked.length, 1, `seed ${seed}`)
      assert.strictEqual(new Set(value.map((headers) => headers["authorization"])).size, 1)
    }
  })

  it("is replaced ahead of its end, and not at every call when its life is shorter than the window", async () => {
    const long = setting()
    await inVirtualTime(
      Effect.gen(function* () {
        const { auth } = yield* processOn(long.server, long.backend)
        yield* auth.headers
        yield* Effect.sleep("57 minutes")
        yield* auth.headers
        assert.strictEqual(long.server.asked.length, 1)
        yield* Effect.sleep("90 seconds")
        yield* auth.headers
        assert.strictEqual(long.server.asked.length, 2)
      }),
      long.clock,
    )
    const short = setting({ lifetime: "60" })
    await inVirtualTime(
      Effect.gen(function* () {
        const auth = yield* OAuth.clientCredentials(clientOf(short.server))
        for (let second = 0; second < 50; second++) {
          yield* auth.headers
          yield* Effect.sleep("1 second")
        }
      }),
      short.clock,
    )
    assert.strictEqual(short.server.asked.length, 2)
  })

  it("serves on when a refresh ahead of time fails, until it really ends", async () => {
    const { clock, server } = setting()
    await inVirtualTime(
      Effect.gen(function* () {
        const auth = yield* OAuth.clientCredentials(clientOf(server))
        const first = yield* auth.headers
        yield* Effect.sleep("3500 seconds")
        server.next.push(...Array.from({ length: 12 }, () => ({ status: 503, body: {} })))
        assert.deepStrictEqual(yield* auth.headers, first)
        const asked = server.asked.length
        assert.deepStrictEqual(yield* auth.headers, first)
        assert.strictEqual(server.asked.length, asked, "the endpoint is not asked at every call meanwhile")
        server.next.length = 0
        yield* Effect.sleep("101 seconds")
        assert.notDeepEqual(yield* auth.headers, first)
      }),
      clock,
    )
  })
})

describe("a rotated refresh token", () => {
  it("is in the store before the first request that uses the new access token", async () => {
    const { clock, server, backend } = setting()
    const seen: Array<{ readonly used: string; readonly stored: string | undefined }> = []
    await inVirtualTime(
      Effect.gen(function* () {
        const { auth, store } = yield* processOn(server, backend)
        const watched: TokenServer = {
          ...server,
          fetch: async (input, init) => {
            const request = input instanceof Request ? input : new Request(input, init)
            const stored = await Effect.runPromise(Effect.provideContext(store.token(NAME), clock.context))
            const token = Option.getOrUndefined(stored)
            seen.push({
              used: request.headers.get("authorization") ?? "",
              stored: token?.refreshToken === undefined ? undefined : Redacted.value(token.refreshToken),
            })
            return server.fetch(input, init)
          },
        }
        const call = yield* calls(watched, auth)
        yield* call
        yield* Effect.sleep("2 hours")
        yield* everywhere(10, call)
      }),
      clock,
    )
    const expected = (use: { used: string }) => use.used.replace("Bearer access-", "refresh-")
    assert.strictEqual(seen.length, 11)
    for (const use of seen) assert.strictEqual(use.stored, expected(use))
    assert.deepStrictEqual([...new Set(seen.map((use) => use.used))], ["Bearer access-1", "Bearer access-2"])
  })

  it("stands nowhere in the store in plain", async () => {
    const { clock, server, backend } = setting()
    await inVirtualTime(
      Effect.gen(function* () {
        const { auth } = yield* processOn(server, backend)
        yield* auth.headers
      }),
      clock,
    )
    const bytes = JSON.stringify(backend.entries())
    assert.isAbove(bytes.length, 50)
    assert.notMatch(bytes, /access-1|refresh-1|refresh-0/)
  })

  it("survives the interruption of everybody who waits for it", async () => {
    const { clock, server, backend } = setting()
    await inVirtualTime(
      Effect.gen(function* () {
        const { auth } = yield* processOn(server, backend)
        const waiting = yield* Effect.forkChild(everywhere(5, auth.headers))
        yield* Effect.sleep("50 millis")
        yield* Fiber.interrupt(waiting)
        yield* Effect.sleep("10 seconds")
        yield* auth.headers
      }),
      clock,
    )
    assert.strictEqual(server.asked.length, 1)
  })

  it("whose answer was lost is told as such: the store is read, the question repeated once, then consent is needed", async () => {
    const { clock, server, backend } = setting()
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const { auth } = yield* processOn(server, backend)
        server.next.push("lost")
        return yield* Effect.flip(auth.headers)
      }),
      clock,
    )
    assert.strictEqual(value.reason._tag, "Unauthorized")
    assert.match(value.message, /answer of the token endpoint was lost.*authorise again/)
    assert.strictEqual(server.asked.length, 2)
  })

  it("is taken from the store when another process got it while our answer was lost", async () => {
    const { clock, server, backend } = setting()
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const a = yield* processOn(server, backend)
        server.next.push("lost")
        const waiting = yield* Effect.forkChild(a.auth.headers)
        yield* Effect.sleep("101 millis")
        // Somebody without the lease (a person at the console) stores a good set meanwhile.
        server.refreshTokens.add("refresh-9")
        yield* a.store.putToken(NAME, {
          accessToken: Redacted.make("access-9"),
          refreshToken: Redacted.make("refresh-9"),
          expiresAt: (yield* Clock.currentTimeMillis) + 3_600_000,
          generation: 1,
        })
        return yield* Fiber.join(waiting)
      }),
      clock,
    )
    assert.strictEqual(value["authorization"], "Bearer access-9")
    assert.strictEqual(server.asked.length, 1)
  })
})

describe("a grant that is refused", () => {
  it("is asked for once, however many call and however often", async () => {
    const { clock, server, backend } = setting()
    server.refreshTokens.clear()
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const { auth } = yield* processOn(server, backend)
        const call = yield* calls(server, auth)
        const exits = yield* everywhere(50, Effect.exit(call))
        yield* Effect.sleep("1 hour")
        return { exits, error: yield* Effect.flip(call) }
      }),
      clock,
    )
    assert.strictEqual(server.asked.length, 1)
    assert.strictEqual(server.used.length, 0)
    assert.isTrue(value.exits.every(Exit.isFailure))
    assert.strictEqual(value.error.reason._tag, "Unauthorized")
    assert.include(value.error.message, "invalid_grant")
  })

  it("is asked for again when a new consent has been given", async () => {
    const { clock, server, backend } = setting()
    server.refreshTokens.clear()
    await inVirtualTime(
      Effect.gen(function* () {
        const { auth } = yield* processOn(server, backend)
        yield* Effect.flip(auth.headers)
        server.refreshTokens.add("refresh-new")
        yield* auth.adopt(Redacted.make("refresh-new"))
        assert.deepStrictEqual(yield* auth.headers, { authorization: "Bearer access-1" })
      }),
      clock,
    )
    assert.strictEqual(server.asked.length, 2)
  })

  it("gives way to a refresh token of another consent that a restart hands in, and to no other", async () => {
    const { clock, server, backend } = setting()
    await inVirtualTime(
      Effect.gen(function* () {
        yield* (yield* processOn(server, backend)).auth.headers
        server.refreshTokens.clear()
        yield* Effect.sleep("2 hours")
        yield* Effect.flip((yield* processOn(server, backend)).auth.headers)
        assert.strictEqual(server.asked.length, 2, "the one handed in is where the stored one came from")
        server.refreshTokens.add("refresh-new")
        const { auth } = yield* processOn(server, backend, { initial: Redacted.make("refresh-new") })
        assert.deepStrictEqual(yield* auth.headers, { authorization: "Bearer access-2" })
        yield* Effect.sleep("2 hours")
        assert.deepStrictEqual(yield* auth.headers, { authorization: "Bearer access-3" })
      }),
      clock,
    )
    const shown = server.asked.map((form) => form.get("refresh_token"))
    assert.deepStrictEqual(shown, ["refresh-0", "refresh-1", "refresh-1", "refresh-new", "refresh-2"])
  })

  it("gives way to one that the endpoint does not repeat, which then serves on", async () => {
    const { clock, server, backend } = setting({ rotates: false })
    await inVirtualTime(
      Effect.gen(function* () {
        yield* (yield* processOn(server, backend)).auth.headers
        server.refreshTokens.clear()
        server.refreshTokens.add("refresh-new")
        yield* Effect.sleep("2 hours")
        const { auth } = yield* processOn(server, backend, { initial: Redacted.make("refresh-new") })
        yield* auth.headers
        yield* Effect.sleep("2 hours")
        assert.deepStrictEqual(yield* auth.headers, { authorization: "Bearer access-3" })
      }),
      clock,
    )
    const shown = server.asked.map((form) => form.get("refresh_token"))
    assert.deepStrictEqual(shown, ["refresh-0", "refresh-0", "refresh-new", "refresh-new"])
  })

  it("is seen by the vendor's own shape, HubSpot's first and Frappe's too", async () => {
    for (const [status, body] of [
      [400, { status: "BAD_REFRESH_TOKEN", message: "missing or unknown refresh token: refresh-0" }],
      [403, { exc_type: "PermissionError", exception: "secret trace refresh-0" }],
      [401, { error: "invalid_client", error_description: "refresh-0" }],
    ] as const) {
      const { clock, server } = setting()
      server.next.push({ status, body })
      const { value } = await inVirtualTime(
        Effect.gen(function* () {
          const auth = yield* OAuth.refreshToken({ ...clientOf(server), ...initial })
          yield* Effect.flip(auth.headers)
          return yield* Effect.flip(auth.headers)
        }),
        clock,
      )
      assert.strictEqual(value.reason._tag, "Unauthorized")
      assert.strictEqual(server.asked.length, 1)
      assert.notInclude(value.message, "refresh-0")
    }
  })

  it("may be told apart by the connector, where a vendor's 400 passes", async () => {
    const { clock, server } = setting()
    server.next.push({ status: 400, body: { error: "temporarily_unavailable" } })
    await inVirtualTime(
      Effect.gen(function* () {
        const auth = yield* OAuth.refreshToken({
          ...clientOf(server),
          ...initial,
          classify: (answer) => (answer.code === "temporarily_unavailable" ? "passing" : undefined),
        })
        yield* auth.headers
      }),
      clock,
    )
    assert.strictEqual(server.asked.length, 2)
  })

  it("without any refresh token is Unauthorized and asks nobody", async () => {
    const { clock, server } = setting()
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const auth = yield* OAuth.refreshToken(clientOf(server))
        return yield* Effect.flip(auth.headers)
      }),
      clock,
    )
    assert.strictEqual(value.reason._tag, "Unauthorized")
    assert.strictEqual(server.asked.length, 0)
  })
})

describe("a 401", () => {
  it("makes one refresh and one repeat", async () => {
    const { clock, server, backend } = setting()
    await inVirtualTime(
      Effect.gen(function* () {
        const { auth } = yield* processOn(server, backend)
        const call = yield* calls(server, auth)
        yield* call
        server.revokeAccess()
        yield* call
      }),
      clock,
    )
    assert.strictEqual(server.asked.length, 2)
    assert.deepStrictEqual(
      server.used.map((use) => use.status),
      [200, 401, 200],
    )
  })

  it("of 100 calls at once makes one refresh, and each is repeated once", async () => {
    const { clock, server, backend } = setting()
    await inVirtualTime(
      Effect.gen(function* () {
        const { auth } = yield* processOn(server, backend)
        const call = yield* calls(server, auth)
        yield* call
        server.revokeAccess()
        yield* everywhere(100, call)
      }),
      clock,
    )
    assert.strictEqual(server.asked.length, 2)
    assert.strictEqual(server.used.filter((use) => use.status === 401).length, 100)
    assert.strictEqual(server.used.filter((use) => use.status === 200).length, 101)
  })

  it("that stays after a refresh is Unauthorized, without refreshing at every call", async () => {
    const { clock, server, backend } = setting()
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const { auth } = yield* processOn(server, backend)
        const call = yield* calls(server, auth)
        yield* call
        server.closed = true
        const error = yield* Effect.flip(call)
        for (let again = 0; again < 20; again++) yield* Effect.flip(call)
        return error
      }),
      clock,
    )
    assert.strictEqual(value.reason._tag, "Unauthorized")
    assert.strictEqual(server.asked.length, 2)
    assert.strictEqual(server.used.length, 1 + 2 + 20)
  })

  it("in one process uses what another process has fetched already", async () => {
    const { clock, server, backend } = setting()
    await inVirtualTime(
      Effect.gen(function* () {
        const a = yield* processOn(server, backend)
        const b = yield* processOn(server, backend)
        const [callA, callB] = [yield* calls(server, a.auth), yield* calls(server, b.auth)]
        yield* callA
        yield* callB
        server.revokeAccess()
        yield* callA
        yield* callB
      }),
      clock,
    )
    assert.strictEqual(server.asked.length, 2)
  })
})
