import type * as Auth from "@mortise/core/Auth"
import { ConnectorError, Decode, Throttled, Unauthorized } from "@mortise/core/ConnectorError"
import type * as Pipeline from "@mortise/core/Pipeline"
import * as Replay from "@mortise/core/Replay"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { assert, describe, it } from "vitest"
import { type Answer, door, hang, json, pipeline, status, transport } from "./support/door.ts"
import { inVirtualTime } from "./support/limited.ts"

const URL_OF_THINGS = "https://api.acme.test/things"
const send: Pipeline.Send<unknown> = async ({ fetch }) => {
  const response = await fetch(new Request(URL_OF_THINGS, { method: "POST", body: "{}" }))
  return { data: await response.json(), response }
}

const safe = Replay.write("acme.things.upsert", "any", "safe")
const keyed = Replay.write("acme.things.create", "any", "keyed")
const never = Replay.write("acme.things.release", "any", "never")

const script = (answers: ReadonlyArray<Answer>, options: Partial<Pipeline.Options> = {}) => {
  const server = door(...answers)
  return Effect.map(pipeline({ fetch: server.fetch, timeout: Duration.seconds(5), ...options }), (calls) => ({
    ...calls,
    server,
  }))
}

/** Failures after which the write may stand in the vendor's books. */
const AMBIGUOUS: Readonly<Record<string, Answer>> = {
  "a lost reply": transport("ECONNRESET"),
  "a closed socket": transport("UND_ERR_SOCKET"),
  "a timeout": hang,
  "a 502": status(502),
  "a 503": status(503),
  "a 504": status(504),
  "an HTML page with 200": json("<html></html>"),
  "a body that breaks off": json('{"id":', 200, { "content-length": "90" }),
}
/** Failures after which it surely does not. */
const REFUSED: Readonly<Record<string, Answer>> = {
  "a 429": status(429, { "retry-after": "1" }),
  "a lock": status(423),
  "a refused connection": transport("ECONNREFUSED"),
  "an unknown host": transport("ENOTFOUND"),
}

describe("a write that cannot be looked up", () => {
  for (const [what, answer] of Object.entries(AMBIGUOUS)) {
    it(`is not sent a second time after ${what}`, async () => {
      await inVirtualTime(
        Effect.gen(function* () {
          const { once, server } = yield* script([answer, json({ id: 1 })])
          const error = yield* Effect.flip(once(never, send))
          assert.strictEqual(error.reason._tag, "UnknownOutcome")
          assert.strictEqual(server.requests.length, 1)
        }),
      )
    })
  }
  for (const [what, answer] of Object.entries(REFUSED)) {
    it(`is sent again after ${what}`, async () => {
      await inVirtualTime(
        Effect.gen(function* () {
          const { once, server } = yield* script([answer, json({ id: 1 })])
          assert.deepStrictEqual((yield* once(never, send)).data, { id: 1 })
          assert.strictEqual(server.requests.length, 2)
        }),
      )
    })
  }

  it("is refused for good by an unreadable 3xx or 4xx: that is an answer, and an unreadable 200 or 500 is none", async () => {
    await inVirtualTime(
      Effect.gen(function* () {
        const classify = () => new Decode({ message: "no JSON", issues: [] })
        for (const [code, tag] of [
          [404, "Decode"],
          [302, "Decode"],
          [200, "UnknownOutcome"],
          [500, "UnknownOutcome"],
        ] as const) {
          const { once } = yield* script([json("<html>", code)], { classify })
          assert.strictEqual((yield* Effect.flip(once(never, send))).reason._tag, tag)
        }
      }),
    )
  })
})

describe("a write that is known by its key", () => {
  for (const [what, answer] of Object.entries(AMBIGUOUS)) {
    it(`is looked up after ${what}: found ends the call without a second write`, async () => {
      await inVirtualTime(
        Effect.gen(function* () {
          const { keyed: call, server } = yield* script([answer, json({ id: 1 })])
          const result = yield* call(keyed, send, Effect.succeed(Option.some("r-1")))
          assert.deepStrictEqual(result, { found: "r-1" })
          assert.strictEqual(server.requests.length, 1)
        }),
      )
    })

    it(`is looked up after ${what}: not found, it is sent again`, async () => {
      await inVirtualTime(
        Effect.gen(function* () {
          const { keyed: call, server } = yield* script([answer, json({ id: 1 })])
          const result = yield* call(keyed, send, Effect.succeed(Option.none()))
          assert.isTrue("data" in result)
          assert.strictEqual(server.requests.length, 2)
        }),
      )
    })
  }

  for (const [what, answer] of Object.entries(REFUSED)) {
    it(`is sent again after ${what} without a lookup`, async () => {
      await inVirtualTime(
        Effect.gen(function* () {
          const { keyed: call, server } = yield* script([answer, json({ id: 1 })])
          yield* call(keyed, send, Effect.die("nobody has to look"))
          assert.strictEqual(server.requests.length, 2)
        }),
      )
    })
  }

  it("whose lookup fails is UnknownOutcome, and is not sent again", async () => {
    await inVirtualTime(
      Effect.gen(function* () {
        const { keyed: call, server } = yield* script([status(503), json({ id: 1 })])
        const refusal = new ConnectorError({ system: "acme", reason: new Unauthorized({ message: "no" }) })
        const error = yield* Effect.flip(call(keyed, send, Effect.fail(refusal)))
        assert.strictEqual(error.reason._tag, "UnknownOutcome")
        assert.strictEqual(server.requests.length, 1)
      }),
    )
  })

  it("whose lookup hangs ends at the deadline as UnknownOutcome", async () => {
    const { millis } = await inVirtualTime(
      Effect.gen(function* () {
        const { keyed: call } = yield* script([status(503)], { deadline: Duration.seconds(40) })
        const error = yield* Effect.flip(call(keyed, send, Effect.never))
        assert.strictEqual(error.reason._tag, "UnknownOutcome")
      }),
    )
    assert.strictEqual(millis, 40_000)
  })

  it("waits for a late commit before it looks", async () => {
    await inVirtualTime(
      Effect.gen(function* () {
        let applied = false
        yield* Effect.forkChild(
          Effect.andThen(
            Effect.sleep("20 seconds"),
            Effect.sync(() => {
              applied = true
            }),
          ),
        )
        const { keyed: call, server } = yield* script([status(504), json({ id: 2 })])
        const lookup = Effect.sync(() => (applied ? Option.some("r-1") : Option.none()))
        const result = yield* call(keyed, send, lookup, { settle: Duration.seconds(30) })
        assert.deepStrictEqual(result, { found: "r-1" })
        assert.strictEqual(server.requests.length, 1)
      }),
    )
  })

  it("that is never found and never answered ends as UnknownOutcome, and each sending was looked up before", async () => {
    let lookups = 0
    await inVirtualTime(
      Effect.gen(function* () {
        const { keyed: call, server } = yield* script([status(503)], { retries: 2 })
        const lookup = Effect.sync(() => {
          lookups += 1
          return Option.none()
        })
        const error = yield* Effect.flip(call(keyed, send, lookup))
        assert.strictEqual(error.reason._tag, "UnknownOutcome")
        assert.strictEqual(server.requests.length, 3)
        assert.strictEqual(lookups, 3)
      }),
    )
  })

  it("stays in doubt when a refusal follows the doubt", async () => {
    await inVirtualTime(
      Effect.gen(function* () {
        const { keyed: call } = yield* script([status(503), status(429, { "retry-after": "7200" })])
        const error = yield* Effect.flip(call(keyed, send, Effect.succeed(Option.none())))
        assert.strictEqual(error.reason._tag, "UnknownOutcome")
      }),
    )
  })
})

describe("a write that is idempotent by nature", () => {
  for (const [what, answer] of Object.entries({ ...AMBIGUOUS, ...REFUSED })) {
    if (what === "an HTML page with 200") continue
    it(`is sent again after ${what}`, async () => {
      await inVirtualTime(
        Effect.gen(function* () {
          const { call, server } = yield* script([answer, json({ id: 1 })])
          assert.deepStrictEqual((yield* call(safe, send)).data, { id: 1 })
          assert.strictEqual(server.requests.length, 2)
        }),
      )
    })
  }

  it("ends in UnknownOutcome when one of its attempts may have been applied and none was answered", async () => {
    for (const last of [status(503), status(429, { "retry-after": "9999" }), status(402), status(401)]) {
      await inVirtualTime(
        Effect.gen(function* () {
          const { call } = yield* script([transport("ECONNRESET"), last])
          assert.strictEqual((yield* Effect.flip(call(safe, send))).reason._tag, "UnknownOutcome")
        }),
      )
    }
  })

  it("keeps the plain reason when it surely was not applied", async () => {
    for (const [answer, tag] of [
      [status(429, { "retry-after": "9999" }), "Throttled"],
      [status(409), "Duplicate"],
      [transport("ECONNREFUSED"), "Transport"],
    ] as const) {
      await inVirtualTime(
        Effect.gen(function* () {
          const { call } = yield* script([answer])
          assert.strictEqual((yield* Effect.flip(call(safe, send))).reason._tag, tag)
        }),
      )
    }
  })
})

describe("a read", () => {
  const list = Replay.read("acme.things.list", "any")

  it("is repeated as often as told, with waits that grow and are drawn by chance", async () => {
    const waits = async (seed: number) => {
      const { value, millis } = await inVirtualTime(
        Effect.gen(function* () {
          const { call, server } = yield* script([status(503)], { retries: 6 })
          const error = yield* Effect.flip(call(list, send))
          assert.deepInclude(error.reason, { _tag: "Unavailable", applied: false })
          return server.requests.length
        }).pipe(Random.withSeed(seed)),
      )
      assert.strictEqual(value, 7)
      return millis
    }
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
    const drawn = await Promise.all(seeds.map(waits))
    assert.strictEqual(new Set(drawn).size, 8)
    assert.isTrue(drawn.every((millis) => millis < 250 * (2 ** 6 - 1)))
    assert.deepStrictEqual(await Promise.all(seeds.map(waits)), drawn)
  })

  it("is not repeated after a refusal that stays", async () => {
    for (const code of [403, 404, 409]) {
      await inVirtualTime(
        Effect.gen(function* () {
          const { call, server } = yield* script([status(code)])
          yield* Effect.flip(call(list, send))
          assert.strictEqual(server.requests.length, 1)
        }),
      )
    }
  })
})

describe("a 401", () => {
  const authOf = (answers: ReadonlyArray<boolean>) => {
    const refused: Array<Readonly<Record<string, string>>> = []
    const auth: Auth.Auth = {
      headers: Effect.sync(() => ({ authorization: `Bearer ${refused.length}` })),
      refused: (headers) =>
        Effect.sync(() => {
          refused.push(headers)
          return answers[refused.length - 1] ?? false
        }),
    }
    return { auth, refused }
  }

  it("is told once with the credentials that were refused, and repeated once, for every class", async () => {
    for (const operation of [safe, keyed, never]) {
      await inVirtualTime(
        Effect.gen(function* () {
          const { auth, refused } = authOf([true])
          const { once, server } = yield* script([status(401), json({ id: 1 })], { auth })
          yield* once(operation, send)
          assert.deepStrictEqual(refused, [{ authorization: "Bearer 0" }])
          assert.strictEqual(server.requests[1]?.headers.get("authorization"), "Bearer 1")
        }),
      )
    }
  })

  it("that comes twice is Unauthorized", async () => {
    await inVirtualTime(
      Effect.gen(function* () {
        const { auth, refused } = authOf([true, true])
        const { call, server } = yield* script([status(401)], { auth })
        assert.strictEqual((yield* Effect.flip(call(safe, send))).reason._tag, "Unauthorized")
        assert.strictEqual(server.requests.length, 2)
        assert.strictEqual(refused.length, 1)
      }),
    )
  })

  it("with nothing to replace the credentials by is Unauthorized at once", async () => {
    await inVirtualTime(
      Effect.gen(function* () {
        const { auth } = authOf([false])
        const { call, server } = yield* script([status(401)], { auth })
        assert.strictEqual((yield* Effect.flip(call(safe, send))).reason._tag, "Unauthorized")
        assert.strictEqual(server.requests.length, 1)
      }),
    )
  })
})

describe("a connector that is opened read-only", () => {
  it("sends no write, by whatever way it is called, and reads", async () => {
    await inVirtualTime(
      Effect.gen(function* () {
        const calls = yield* script([json({ id: 1 })], { readOnly: true })
        const errors = [
          yield* Effect.flip(calls.call(safe, send)),
          yield* Effect.flip(calls.keyed(keyed, send, Effect.die("nobody has to look"))),
          yield* Effect.flip(calls.once(never, send)),
        ]
        assert.deepStrictEqual(
          errors.map((error) => error.reason._tag),
          ["Unsupported", "Unsupported", "Unsupported"],
        )
        assert.strictEqual(calls.server.requests.length, 0)
        yield* calls.call(Replay.read("acme.things.list", "any"), send)
        assert.strictEqual(calls.server.requests.length, 1)
      }),
    )
  })
})

describe("the blind retry", () => {
  const throttled = (seconds: number) =>
    new ConnectorError({
      system: "acme",
      reason: new Throttled({ message: "slow", retryAfter: Duration.seconds(seconds) }),
    })

  it("waits as told and stops after its retries", async () => {
    const { value, millis } = await inVirtualTime(
      Effect.gen(function* () {
        let sent = 0
        const effect = Effect.suspend(() => {
          sent += 1
          return Effect.fail(throttled(10))
        })
        yield* Effect.flip(Replay.retry(safe, { retries: 3 })(effect))
        return sent
      }),
    )
    assert.strictEqual(value, 4)
    assert.strictEqual(millis, 30_000)
  })

  it("does not repeat what stays wrong", async () => {
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        let sent = 0
        const effect = Effect.suspend(() => {
          sent += 1
          return Effect.fail(new ConnectorError({ system: "acme", reason: new Unauthorized({ message: "no" }) }))
        })
        yield* Effect.flip(Replay.retry(safe)(effect))
        return sent
      }),
    )
    assert.strictEqual(value, 1)
  })
})
