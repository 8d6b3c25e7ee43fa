import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as Clock from "effect/Clock"
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import { HttpResponse, http } from "msw"
import { setupServer } from "msw/node"
import { describe, expect, it } from "vitest"
import * as Twin from "../src/twin/Twin.ts"
import * as VirtualClock from "../src/VirtualClock.ts"

const START = Date.UTC(2026, 0, 1)
const make = () => VirtualClock.make({ start: START })

const succeeded = <A, E>(result: Exit.Exit<A, E> | VirtualClock.Stuck): A => {
  if (result instanceof VirtualClock.Stuck) throw result
  if (Exit.isFailure(result)) throw new Error(String(result.cause))
  return result.value
}

describe("the virtual clock", () => {
  it("lets thirty days pass at once when everybody sleeps", async () => {
    const clock = make()
    const seen = succeeded(await clock.run(Effect.andThen(Effect.sleep("30 days"), Clock.currentTimeMillis)))
    expect(seen - START).toBe(30 * 86_400_000)
    expect(clock.now()).toBe(seen)
  })

  it("wakes only the earliest sleeper, one at a time, in the order in which they lay down", async () => {
    const clock = make()
    const woken: Array<string> = []
    const sleeper = (name: string, millis: number) =>
      Effect.gen(function* () {
        yield* Effect.sleep(millis)
        woken.push(`${name}@${clock.now() - START}`)
        yield* Effect.sleep(1)
        woken.push(`${name}@${clock.now() - START}`)
      })
    succeeded(
      await clock.run(
        Effect.all([sleeper("late", 10), sleeper("first", 5), sleeper("second", 5)], { concurrency: "unbounded" }),
      ),
    )
    expect(woken).toEqual(["first@5", "second@5", "first@6", "second@6", "late@10", "late@11"])
  })

  it("does not wake a timeout while a fiber is still computing over many turns", async () => {
    const clock = make()
    const busy = Effect.gen(function* () {
      for (let i = 0; i < 500; i++) yield* Effect.yieldNow
      return "computed"
    })
    expect(succeeded(await clock.run(Effect.timeout(busy, "1 second")))).toBe("computed")
    expect(clock.now()).toBe(START)
  })

  it("waits for WebCrypto, which runs off the thread", async () => {
    const clock = make()
    const derive = Effect.gen(function* () {
      const crypto = yield* WebCrypto.WebCrypto
      const salt = crypto.getRandomValues(new Uint8Array(16))
      const key = yield* Effect.promise(() => crypto.subtle.importKey("raw", salt, "PBKDF2", false, ["deriveBits"]))
      const bits = { name: "PBKDF2", hash: "SHA-256", salt, iterations: 100_000 }
      return yield* Effect.promise(() => crypto.subtle.deriveBits(bits, key, 256))
    })
    expect(succeeded(await clock.run(Effect.timeout(derive, "1 milli"))).byteLength).toBe(32)
    expect(clock.now()).toBe(START)
  })

  it("waits for a reply over a socket, body and all", async () => {
    const clock = make()
    const server = createServer((_request, response) => {
      response.write("slow ")
      setTimeout(() => response.end("body"), 20)
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const fetch = clock.trackFetch(globalThis.fetch)
    const read = Effect.promise(async () => (await fetch(url)).text())
    expect(succeeded(await clock.run(Effect.timeout(read, "1 milli")))).toBe("slow body")
    server.close()
  })

  it("times out a request over a socket whose twin waits on this clock", async () => {
    const clock = make()
    const server = createServer((_request, response) => {
      void clock.sleep(60_000).then(() => response.end("late"))
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const fetch = clock.trackFetch(globalThis.fetch)
    const read = (timeout: number) =>
      Effect.timeoutOption(
        Effect.promise((signal) => fetch(url, { signal })),
        timeout,
      )
    expect(succeeded(await clock.run(read(30_000)))._tag).toBe("None")
    expect(clock.now() - START).toBe(30_000)
    expect(succeeded(await clock.run(read(90_000)))._tag).toBe("Some")
    server.closeAllConnections()
    server.close()
  })

  it("waits for a reply over a socket though a request given up before still stands at its twin", async () => {
    const clock = make()
    const server = createServer((request, response) => {
      if (request.url === "/late") void clock.sleep(3_600_000).then(() => response.end("late"))
      else setTimeout(() => response.end("soon"), 20)
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const fetch = clock.trackFetch(globalThis.fetch)
    const read = (path: string) => Effect.promise(async (signal) => (await fetch(url + path, { signal })).text())
    expect(succeeded(await clock.run(Effect.timeoutOption(read("/late"), "1 minute")))._tag).toBe("None")
    expect(succeeded(await clock.run(Effect.timeout(read("/soon"), "1 milli")))).toBe("soon")
    void clock.sleep(Number.POSITIVE_INFINITY)
    expect(succeeded(await clock.run(Effect.timeout(read("/soon"), "1 milli")))).toBe("soon")
    server.closeAllConnections()
    server.close()
  })

  it("times out an intercepted request that is never answered, and calls it stuck without a timeout", async () => {
    const clock = make()
    const server = setupServer(
      http.get("https://twin.test/", async () => {
        await clock.sleep(Number.POSITIVE_INFINITY)
        return HttpResponse.text("never")
      }),
    )
    server.listen()
    const fetch = clock.trackFetch(globalThis.fetch)
    const read = Effect.promise((signal) => fetch("https://twin.test/", { signal }))
    expect(succeeded(await clock.run(Effect.timeoutOption(read, "1 minute")))._tag).toBe("None")
    expect(clock.now() - START).toBe(60_000)
    const verdict = await clock.run(read)
    expect(verdict).toMatchObject({ _tag: "Stuck", why: "nothingLeft", at: START + 60_000, openRequests: 1 })
    server.close()
  })

  it("sees through every door that a twin hangs", async () => {
    const clock = make()
    const twin = Twin.make(
      {
        name: "still",
        origin: "https://still.test",
        world: { dump: () => null, load: () => {} },
        quirks: [],
        handle: () => ({ status: 200, body: "alive" }),
      },
      { clock },
    )
    const server = setupServer(...twin.handlers)
    server.listen({ onUnhandledFrame: "bypass" })
    const served = await twin.serve()
    const fetch = clock.trackFetch(globalThis.fetch)
    for (const [door, url] of [
      [twin.fetch, "https://still.test/"],
      [clock.trackFetch(twin.fetch), "https://still.test/"],
      [fetch, "https://still.test/"],
      [fetch, served.url],
    ] as const) {
      const read = Effect.promise(async (signal) => (await door(url, { signal })).text())
      expect(succeeded(await clock.run(Effect.timeout(read, "1 minute")))).toBe("alive")
      const before = clock.now()
      twin.faults.deal({ at: () => true, fault: { kind: "hang", applied: false } })
      expect(succeeded(await clock.run(Effect.timeoutOption(read, "1 minute")))._tag).toBe("None")
      expect(clock.now() - before).toBe(60_000)
    }
    await served.close()
    server.close()
  })

  it("calls a program stuck that waits for nothing, and lets it stand", async () => {
    const clock = make()
    let finalized = false
    const verdict = await clock.run(
      Effect.ensuring(
        Effect.never,
        Effect.sync(() => (finalized = true)),
      ),
    )
    expect(verdict).toBeInstanceOf(VirtualClock.Stuck)
    expect(finalized).toBe(false)
  })

  it("dies with the verdict inside provide", async () => {
    const clock = make()
    const exit = await Effect.runPromiseExit(clock.provide(Effect.never))
    expect(String(Exit.isFailure(exit) && exit.cause)).toContain("no sleeper and no work")
  })

  it("ends an endless loop at the limit of virtual time", async () => {
    const clock = make()
    const verdict = await clock.run(Effect.repeat(Effect.void, Schedule.spaced("1 hour")), { limit: "1 day" })
    expect(verdict).toMatchObject({ _tag: "Stuck", why: "limit", at: START + 86_400_000 })
  })

  it("shows its sleepers, forgets an interrupted one, and moves by hand when nobody drives it", async () => {
    const clock = make()
    const fiber = Effect.runForkWith(clock.context)(Effect.sleep("1 minute"))
    let twin = 0
    void clock.sleep(90_000).then(() => (twin = clock.now()))
    await clock.settle()
    expect(clock.sleepers()).toEqual([
      { at: START + 60_000, who: "fiber" },
      { at: START + 90_000, who: "twin" },
    ])
    await Effect.runPromise(Fiber.interrupt(fiber))
    expect(clock.sleepers().map((sleeper) => sleeper.who)).toEqual(["twin"])
    await clock.advance("1 minute")
    expect([clock.now() - START, twin]).toEqual([60_000, 0])
    await clock.advance("1 hour")
    expect([clock.now() - START, twin - START]).toEqual([3_660_000, 90_000])
  })

  it("stands still while counted work is open", async () => {
    const clock = make()
    const real = Effect.promise(() => clock.work(new Promise((resolve) => setTimeout(() => resolve("done"), 15))))
    expect(succeeded(await clock.run(Effect.timeout(real, "1 milli")))).toBe("done")
    const hidden = clock.working(Effect.promise(() => new Promise((resolve) => setTimeout(() => resolve(1), 15))))
    expect(succeeded(await clock.run(Effect.timeout(hidden, "1 milli")))).toBe(1)
    expect(clock.now()).toBe(START)
  })

  it("wakes 20,000 sleepers, each at its time", async () => {
    const clock = make()
    const naps = Effect.repeat(Effect.sleep("1 second"), { times: 199 })
    succeeded(
      await clock.run(
        Effect.all(
          Array.from({ length: 100 }, () => naps),
          { concurrency: "unbounded" },
        ),
      ),
    )
    expect(clock.now() - START).toBe(200_000)
  })
})
