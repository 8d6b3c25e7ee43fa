import { inspect } from "node:util"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import * as OAuth from "@mortise/core/OAuth"
import * as Replay from "@mortise/core/Replay"
import * as Telemetry from "@mortise/core/Telemetry"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { assert, describe, it } from "vitest"
import { door, json, pipeline, status, transport } from "./support/door.ts"
import { inVirtualTime, START } from "./support/limited.ts"
import { clientOf, tokenServer } from "./support/tokens.ts"
import { watched } from "./support/watched.ts"

const SECRETS = [
  "access-1",
  "access-2",
  "refresh-0",
  "refresh-1",
  "s3cret-of-the-client",
  "body-of-the-answer",
  "header-of-ours",
  "c1t1zen",
]

const inTime = async <A, E>(effect: Effect.Effect<A, E>, clock = VirtualClock.make({ start: START })) =>
  (await inVirtualTime(watched(effect), clock)).value

describe("what can be watched from outside", () => {
  it("has the documented names", async () => {
    const server = door(status(429, { "retry-after": "2" }), status(503), json({}))
    const { metrics, spans } = await inTime(
      Effect.flatMap(pipeline({ fetch: server.fetch }), ({ call }) =>
        call(Replay.read("acme.things.list", "search"), async ({ fetch }) => {
          const response = await fetch(new Request("https://api.acme.test/things"))
          return { data: await response.json(), response }
        }),
      ),
    )
    const counts = new Map<string, number>(
      metrics.flatMap((metric) =>
        metric.type === "Counter"
          ? [[`${metric.id} ${JSON.stringify(metric.attributes)}`, Number(metric.state.count)] as const]
          : [],
      ),
    )
    const at = { system: "acme", operation: "acme.things.list" }
    const requests = (outcome: string) => `mortise.requests ${JSON.stringify({ ...at, traffic: "search", outcome })}`
    assert.strictEqual(counts.get(requests("ok")), 1)
    assert.strictEqual(counts.get(requests("Throttled")), 1)
    assert.strictEqual(counts.get(requests("Unavailable")), 1)
    assert.strictEqual(counts.get(`mortise.retries ${JSON.stringify({ ...at, reason: "Throttled" })}`), 1)
    assert.strictEqual(
      counts.get(`mortise.throttled ${JSON.stringify({ system: "acme", traffic: "search", policy: "burst" })}`),
      1,
    )
    assert.deepStrictEqual(
      spans.map((span) => span.name),
      ["mortise.acme.things.list"],
    )
    assert.strictEqual(Telemetry.spanName("hubspot", "owners.list"), "mortise.hubspot.owners.list")
  })

  it("holds no token, no header, no body and no query, whatever goes wrong", async () => {
    const clock = VirtualClock.make({ start: START })
    const vendor = tokenServer(clock)
    const html = json("<html>body-of-the-answer access-1</html>")
    const answers = [
      status(401),
      html,
      json('{"body-of-the-answer": 1}', 500),
      transport("ECONNRESET"),
      json("body-of-the-answer", 404),
    ]
    const { exit, spans, lines, metrics } = await inTime(
      Effect.gen(function* () {
        const auth = yield* OAuth.refreshToken({ ...clientOf(vendor), initial: Redacted.make("refresh-0") })
        for (const answer of answers) {
          const options = { fetch: door(answer).fetch, auth, headers: { "x-key": "header-of-ours" } }
          const calls = yield* pipeline(options)
          const error = yield* Effect.flip(
            calls.once(Replay.write("acme.people.create", "any", "never"), async ({ fetch }) => {
              const request = new Request("https://api.acme.test/people?ssn=c1t1zen", {
                method: "POST",
                body: "c1t1zen",
              })
              const response = await fetch(request)
              return { data: await response.json(), response }
            }),
          )
          yield* Effect.logError("the write failed", error)
        }
        yield* Effect.sleep("2 minutes")
        vendor.next.push({ status: 400, body: { error: "invalid_grant", error_description: "refresh-1" } })
        yield* auth.refused(yield* auth.headers)
      }),
      clock,
    )
    assert.strictEqual(exit._tag, "Failure")
    assert.isAbove(spans.length, 5)
    assert.isAbove(lines.length, 4)
    const all = { depth: Number.POSITIVE_INFINITY, maxStringLength: null, maxArrayLength: null }
    const seen = [...spans, ...lines, ...metrics, exit].map((each) => inspect(each, all)).join("\n")
    assert.include(seen, "UnknownOutcome")
    for (const secret of SECRETS) assert.notInclude(seen, secret)
  })
})
