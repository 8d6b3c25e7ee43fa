import * as VirtualClock from "@mortise/conformance/VirtualClock"
import type * as Auth from "@mortise/core/Auth"
import { JsonNumber } from "@mortise/core/Json"
import type * as Pipeline from "@mortise/core/Pipeline"
import * as RateLimit from "@mortise/core/RateLimit"
import * as Replay from "@mortise/core/Replay"
import * as StaticAuth from "@mortise/core/StaticAuth"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import createClient from "openapi-fetch"
import { assert, describe, it } from "vitest"
import { type Door, door, hang, json, pipeline, status, transport, unlimited } from "./support/door.ts"
import { inVirtualTime, START } from "./support/limited.ts"

interface Paths {
  "/things": {
    get: { responses: { 200: { content: { "application/json": unknown } } } }
    post: {
      requestBody: { content: { "application/json": unknown } }
      responses: { 200: { content: { "application/json": unknown } } }
    }
    head: { responses: { 200: { content?: never } } }
  }
}
const client = createClient<Paths>({ baseUrl: "https://api.acme.test" })
const read = Replay.read("acme.things.list", "any")

const get = (server: Door, options: Partial<Pipeline.Options> = {}) =>
  Effect.flatMap(pipeline({ fetch: server.fetch, ...options }), ({ call }) =>
    call(read, (way) => client.GET("/things", way)),
  )
const value = async <A, E>(effect: Effect.Effect<A, E>) => (await inVirtualTime(effect)).value
const failure = <A, E>(effect: Effect.Effect<A, E>) => value(Effect.flip(effect))

describe("the base url", () => {
  for (const url of [
    "http://api.acme.test",
    "ftp://api.acme.test",
    "https://user:pw@api.acme.test",
    "http://127.0.0.1.evil.test",
  ]) {
    it(`${url} is Invalid, and the message does not repeat it`, async () => {
      const error = await failure(pipeline({ fetch: door().fetch, baseUrl: new URL(url) }))
      assert.strictEqual(error.reason._tag, "Invalid")
      assert.notInclude(error.message, "acme.test")
      assert.notInclude(error.message, "pw")
    })
  }
  for (const url of ["https://api.acme.test", "http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:9"]) {
    it(`${url} is good`, async () => {
      assert.isFunction((await value(pipeline({ fetch: door().fetch, baseUrl: new URL(url) }))).call)
    })
  }
})

describe("a request", () => {
  it("to another origin is refused and not sent", async () => {
    const server = door(json({}))
    const calls = await value(
      pipeline({ fetch: server.fetch, auth: await value(StaticAuth.bearer("acme", Redacted.make("t0ken"))) }),
    )
    const error = await failure(
      calls.call(read, async ({ fetch }) => {
        const response = await fetch(new Request("https://evil.test/things"))
        return { data: await response.json(), response }
      }),
    )
    assert.strictEqual(error.reason._tag, "Invalid")
    assert.strictEqual(server.requests.length, 0)
  })

  it("follows no redirect, not even at home, and gives nobody its credentials", async () => {
    for (const location of ["https://evil.test/", "https://api.acme.test/login"]) {
      const server = door(status(302, { location }))
      const error = await failure(get(server))
      assert.strictEqual(error.reason._tag, "Decode")
      assert.include(error.message, "302")
      assert.notInclude(error.message, "evil")
      assert.strictEqual(server.requests.length, 1)
      assert.strictEqual(server.inits[0]?.redirect, "manual")
    }
  })

  it("carries the pipeline's headers and the credentials of its attempt; its own headers win over the pipeline's", async () => {
    const server = door(json({}))
    const auth = await value(StaticAuth.bearer("acme", Redacted.make("t0ken")))
    const calls = await value(
      pipeline({ fetch: server.fetch, auth, headers: { "x-app": "pipeline", "x-other": "pipeline" } }),
    )
    await value(
      calls.call(read, (way) =>
        client.GET("/things", { ...way, headers: { "x-app": "own", authorization: "forged" } }),
      ),
    )
    const sent = server.requests[0]?.headers
    assert.strictEqual(sent?.get("authorization"), "Bearer t0ken")
    assert.strictEqual(sent?.get("x-app"), "own")
    assert.strictEqual(sent?.get("x-other"), "pipeline")
  })

  it("that cannot be built is Invalid and not sent", async () => {
    const server = door(json({}))
    const calls = await value(pipeline({ fetch: server.fetch }))
    const error = await failure(
      calls.call(read, () => {
        throw new URIError("URI malformed: secret")
      }),
    )
    assert.strictEqual(error.reason._tag, "Invalid")
    assert.notInclude(error.message, "secret")
    assert.strictEqual(server.requests.length, 0)
  })

  it("passes limit and credentials again at every attempt", async () => {
    const server = door(status(503), status(503), json({}))
    const asked = { limit: 0, auth: [] as Array<string> }
    const auth: Auth.Auth = {
      headers: Effect.sync(() => ({ authorization: `Bearer ${server.requests.length}` })),
      refused: () => Effect.succeed(false),
    }
    const limiter: RateLimit.Limiter = {
      take: () => Effect.sync(() => void asked.limit++),
      feedback: () => Effect.void,
    }
    await value(get(server, { auth, limiter }))
    assert.strictEqual(asked.limit, 3)
    assert.deepStrictEqual(
      server.requests.map((request) => request.headers.get("authorization")),
      ["Bearer 0", "Bearer 1", "Bearer 2"],
    )
  })

  it("carries the credentials of the moment in which it is sent, not of the one in which it began to wait", async () => {
    const server = door(json({}))
    let current = "old"
    const auth: Auth.Auth = {
      headers: Effect.sync(() => ({ authorization: current })),
      refused: () => Effect.succeed(false),
    }
    const take = Effect.andThen(
      Effect.sleep("40 seconds"),
      Effect.sync(() => {
        current = "new"
      }),
    )
    await value(get(server, { auth, limiter: { ...unlimited, take: () => take } }))
    assert.strictEqual(server.requests[0]?.headers.get("authorization"), "new")
  })

  it("tells the limiter what the answer says, and of every 429", async () => {
    const told: Array<RateLimit.Feedback> = []
    const limiter: RateLimit.Limiter = { ...unlimited, feedback: (_, each) => Effect.sync(() => void told.push(each)) }
    const server = door(status(429, { "retry-after": "3" }), json({}, 200, { "x-left": "7" }))
    await value(
      get(server, {
        limiter,
        feedback: ({ headers }) => (headers.has("x-left") ? { remaining: Number(headers.get("x-left")) } : undefined),
      }),
    )
    assert.deepStrictEqual(told, [{ throttled: true, retryAfter: Duration.seconds(3) }, { remaining: 7 }])
  })

  it("with a spent allowance fails at once with the time of its reset, and tells the limiter", async () => {
    const told: Array<RateLimit.Feedback> = []
    const limiter: RateLimit.Limiter = { ...unlimited, feedback: (_, each) => Effect.sync(() => void told.push(each)) }
    const server = door(status(402))
    const error = await failure(get(server, { limiter }))
    assert.strictEqual(error.reason._tag, "QuotaExhausted")
    assert.deepStrictEqual(told, [{ throttled: true, quota: true, quotaResetsAt: "2026-01-02T00:00:00Z" }])
    assert.strictEqual(server.requests.length, 1)
  })
})

describe("a body", () => {
  it("keeps every digit where the pipeline is exact", async () => {
    const text = '{"amount":12345678901234567890.10,"rows":[{"n":1e2}]}'
    for (const headers of [{}, { "content-length": String(text.length) }] as Array<Record<string, string>>) {
      const exact = await value(get(door(json(text, 200, headers)), { json: "exact" }))
      assert.deepStrictEqual(exact.data, {
        amount: new JsonNumber({ text: "12345678901234567890.10" }),
        rows: [{ n: new JsonNumber({ text: "1e2" }) }],
      })
    }
    const native = await value(get(door(json(text))))
    assert.deepStrictEqual(native.data, { amount: 12345678901234567000, rows: [{ n: 100 }] })
  })

  it("may be missing: 204, an empty 200, white space, HEAD", async () => {
    for (const answer of [
      () => new Response(null, { status: 204 }),
      () => new Response("", { status: 200 }),
      () => new Response("", { status: 200, headers: { "content-length": "0" } }),
      () => new Response(" \r\n", { status: 200 }),
    ]) {
      assert.isUndefined((await value(get(door(answer)))).data)
    }
    const server = door(() => new Response(null, { status: 200, headers: { "content-length": "512" } }))
    const calls = await value(pipeline({ fetch: server.fetch }))
    assert.isUndefined((await value(calls.call(read, (way) => client.HEAD("/things", way)))).data)
  })

  it("may begin with a byte order mark", async () => {
    const server = door(() => new Response(new Uint8Array([0xef, 0xbb, 0xbf, ...Buffer.from('{"a":1}')])))
    assert.deepStrictEqual((await value(get(server))).data, { a: 1 })
  })

  for (const [what, body, said] of [
    ["an HTML page", "<!DOCTYPE html><html>secret</html>", /HTML page/],
    ["XML", "<?xml version='1.0'?><secret/>", /XML/],
    ["broken JSON", '{"a": "secret"', /14 characters that is not JSON/],
    ["plain text", "secret", /6 characters/],
  ] as const) {
    it(`that is ${what} with status 200 is Decode, without its content`, async () => {
      const error = await failure(get(door(json(body))))
      assert.strictEqual(error.reason._tag, "Decode")
      assert.match(error.message, said)
      assert.notInclude(JSON.stringify(error), "secret")
    })
  }

  it("may be text where the caller asks for text", async () => {
    const calls = await value(pipeline({ fetch: door(json("plain words")).fetch }))
    const reply = await value(calls.call(read, (way) => client.GET("/things", { ...way, parseAs: "text" })))
    assert.strictEqual(reply.data, "plain words")
  })

  it("that breaks off is no answer: a read is repeated", async () => {
    const cut = () =>
      new Response(
        new ReadableStream({
          start: (controller) => {
            controller.enqueue(Buffer.from('{"a":'))
            controller.error(new TypeError("terminated", { cause: { code: "UND_ERR_SOCKET" } }))
          },
        }),
      )
    const short = json('{"a": 1, "b"', 200, { "content-length": "400" })
    const server = door(cut, short, json({ a: 1 }))
    assert.deepStrictEqual((await value(get(server))).data, { a: 1 })
    assert.strictEqual(server.requests.length, 3)
  })

  it("of an error reaches the typed client too", async () => {
    const calls = await value(pipeline({ fetch: door(status(404)).fetch, classify: () => undefined }))
    let seen: unknown
    await value(
      calls.call(read, async (way) => {
        const answer = await client.GET("/things", way)
        seen = answer.error
        return answer
      }),
    )
    assert.deepStrictEqual(seen, { message: "no" })
  })
})

describe("an exchange", () => {
  it("tells our time, the server's time and the correlation id", async () => {
    const server = door(json({}, 200, { date: "Thu, 01 Jan 2026 00:00:09 GMT" }))
    const { exchange } = await value(get(server))
    assert.strictEqual(exchange.receivedAt, START)
    assert.strictEqual(exchange.serverTime, START + 9000)
    const error = await failure(
      get(door(status(404, { "x-id": "c-77" })), { correlationId: ({ headers }) => headers.get("x-id") ?? undefined }),
    )
    assert.strictEqual(error.correlationId, "c-77")
    assert.strictEqual(error.operation, "acme.things.list")
  })

  it("with a date to come back at is measured by the server's clock, whatever ours says", async () => {
    const date = "Thu, 01 Jan 2026 10:00:00 GMT"
    const server = door(status(429, { date, "retry-after": "Thu, 01 Jan 2026 10:00:30 GMT" }), json({}))
    const { millis } = await inVirtualTime(get(server))
    assert.strictEqual(millis, 30_000)
  })
})

describe("time", () => {
  it("aborts an attempt that takes too long, and a read is tried again", async () => {
    const server = door(hang, json({ a: 1 }))
    const { value: reply, millis } = await inVirtualTime(get(server, { timeout: Duration.seconds(7) }))
    assert.deepStrictEqual(reply.data, { a: 1 })
    assert.isTrue(server.inits[0]?.signal?.aborted)
    assert.isAtLeast(millis, 7000)
  })

  it("ends a call at its deadline, whatever it waits for", async () => {
    const server = door(hang)
    const { value: error, millis } = await inVirtualTime(
      Effect.flip(get(server, { timeout: Duration.seconds(20), deadline: Duration.seconds(30) })),
    )
    assert.strictEqual(error.reason._tag, "Transport")
    assert.isAtMost(millis, 30_000)
    const stuckAuth: Auth.Auth = { headers: Effect.never, refused: () => Effect.succeed(false) }
    const waiting = await inVirtualTime(Effect.flip(get(server, { auth: stuckAuth, deadline: Duration.seconds(30) })))
    assert.strictEqual(waiting.millis, 30_000)
    assert.strictEqual(server.requests.length, 2)
  })

  it("that a vendor asks for beyond the deadline is an error at once, with the wait", async () => {
    const server = door(status(429, { "retry-after": "3600" }))
    const { value: error, millis } = await inVirtualTime(Effect.flip(get(server)))
    assert.strictEqual(error.reason._tag, "Throttled")
    assert.strictEqual(Duration.toSeconds(error.retryAfter ?? Duration.zero), 3600)
    assert.strictEqual(millis, 0)
    assert.strictEqual(server.requests.length, 1)
  })

  it("in front of the rate limit counts: a wait beyond the deadline is Throttled at once", async () => {
    const limiter = await value(
      RateLimit.make({
        system: "acme",
        limits: [{ name: "slow", requests: 1, window: Duration.minutes(30), source: "test" }],
        patience: Duration.hours(2),
      }),
    )
    const server = door(json({}))
    const { millis } = await inVirtualTime(
      Effect.gen(function* () {
        yield* get(server, { limiter })
        const error = yield* Effect.flip(get(server, { limiter }))
        assert.strictEqual(error.reason._tag, "Throttled")
        assert.isAbove(Duration.toMinutes(error.retryAfter ?? Duration.zero), 29)
      }),
    )
    assert.strictEqual(millis, 0)
  })

  it("leaves nothing behind when the caller goes away", async () => {
    const clock = VirtualClock.make({ start: START })
    const server = door(hang)
    await inVirtualTime(
      Effect.gen(function* () {
        const waiting = yield* Effect.forkChild(get(server))
        yield* Effect.sleep("1 second")
        yield* Fiber.interrupt(waiting)
        assert.isTrue(server.inits[0]?.signal?.aborted)
        assert.strictEqual(clock.sleepers().length, 0)
      }),
      clock,
    )
  })

  it("of a caller who goes away while credentials are waited for leaves nothing behind either", async () => {
    const clock = VirtualClock.make({ start: START })
    const auth: Auth.Auth = { headers: Effect.never, refused: () => Effect.succeed(false) }
    await inVirtualTime(
      Effect.gen(function* () {
        const waiting = yield* Effect.forkChild(get(door(hang), { auth }))
        yield* Effect.sleep("1 second")
        assert.strictEqual(clock.sleepers().length, 1)
        yield* Fiber.interrupt(waiting)
        assert.strictEqual(clock.sleepers().length, 0)
      }),
      clock,
    )
  })

  it("of a refused connection is not the end: the request was surely not sent", async () => {
    for (const code of ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]) {
      const server = door(transport(code), json({ a: 1 }))
      assert.deepStrictEqual((await value(get(server))).data, { a: 1 })
      const error = await failure(get(door(transport(code)), { retries: 0 }))
      assert.strictEqual(error.reason._tag === "Transport" && error.reason.sent, false)
      assert.notInclude(JSON.stringify(error), "secret-host")
    }
  })
})
