import { describe, expect, it } from "@effect/vitest"
import * as Json from "@mortise/core/Json"
import * as JsonApi from "@mortise/core/JsonApi"
import * as Pipeline from "@mortise/core/Pipeline"
import * as RateLimit from "@mortise/core/RateLimit"
import * as Replay from "@mortise/core/Replay"
import * as StaticAuth from "@mortise/core/StaticAuth"
import * as Statuses from "@mortise/core/Statuses"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Answer } from "./support/door.ts"
import { door, json, transport } from "./support/door.ts"

const baseUrl = new URL("https://api.acme.example/v1/")
const read = Replay.read("acme.get", "api")

const told = Statuses.classify((body) => {
  const { error } = body as { readonly error: { readonly text: string; readonly field?: string; readonly id?: string } }
  return { message: error.text, field: error.field, existingId: error.id }
})

const open = (...answers: ReadonlyArray<Answer>) => {
  const { fetch, requests } = door(...answers)
  const limiter = RateLimit.unlimited
  const made = Pipeline.make({
    ...{ system: "acme", baseUrl, auth: StaticAuth.none, limiter, fetch, json: "exact", retries: 1 },
    classify: told,
  })
  return { requests, api: Effect.map(made, (pipeline) => JsonApi.make({ pipeline, baseUrl })) }
}

describe("a JSON API without a description", () => {
  it.effect("is called by segments and parameters that cannot lead elsewhere", () =>
    Effect.gen(function* () {
      const { api, requests } = open(json({ id: 1 }))
      const { read: get } = yield* api
      yield* get(read, ["things", "a/b?c=d#e", "ü"], { name: "x&y=z", page: 2, none: undefined })
      expect(requests[0]?.url).toBe("https://api.acme.example/v1/things/a%2Fb%3Fc%3Dd%23e/%C3%BC?name=x%26y%3Dz&page=2")
      for (const climbing of ["..", ".", ""]) {
        expect((yield* Effect.flip(get(read, ["things", climbing]))).reason._tag).toBe("Invalid")
      }
      expect(requests).toHaveLength(1)
    }),
  )

  it.effect("keeps the digits of numbers both ways", () =>
    Effect.gen(function* () {
      const { api, requests } = open(json('{"amount":12345678901234567890.10}'))
      const { write } = yield* api
      const amount = new Json.JsonNumber({ text: "0.10" })
      const reply = yield* write<{ readonly amount: Json.JsonNumber }>(Replay.write("acme.put", "api", "safe"), ["a"], {
        method: "PUT",
        body: { amount },
        headers: { "if-match": "1" },
      })
      expect(String(reply.data.amount)).toBe("12345678901234567890.10")
      const request = requests[0] as Request
      expect([request.method, request.headers.get("if-match")]).toEqual(["PUT", "1"])
      expect(yield* Effect.promise(() => request.text())).toBe('{"amount":0.10}')
    }),
  )

  it.live("repeats a safe write, and never one that is not", () =>
    Effect.gen(function* () {
      for (const [replay, sent] of [
        ["safe", 2],
        ["never", 1],
      ] as const) {
        const { api, requests } = open(transport("ECONNRESET"), json({}))
        const { write } = yield* api
        const end = yield* Effect.result(write(Replay.write("acme.write", "api", replay), ["things"], { body: {} }))
        expect(requests).toHaveLength(sent)
        expect(end._tag === "Failure" ? end.failure.reason._tag : "ok").toBe(sent === 2 ? "ok" : "UnknownOutcome")
      }
    }),
  )

  it.effect("takes an answer without a body for one", () =>
    Effect.gen(function* () {
      const { api } = open(() => new Response(null, { status: 204 }))
      const { write } = yield* api
      const { data } = yield* write(Replay.write("acme.delete", "api", "safe"), ["things", "1"], { method: "DELETE" })
      expect(data).toBeUndefined()
    }),
  )
})

describe("reasons by status", () => {
  const reasonOf = (status: number, error: object = { text: "no" }, headers: Record<string, string> = {}) =>
    Effect.gen(function* () {
      const { api } = open(json({ error }, status, headers))
      const once = Replay.write("acme.write", "api", "never")
      return (yield* Effect.flip((yield* api).write(once, ["things"], { body: {} }))).reason
    })

  it.effect("are those of HTTP, with the field and the vendor's words", () =>
    Effect.gen(function* () {
      const field = { text: "name  is\nmissing", field: "lines.0.name" }
      expect(yield* reasonOf(422, field)).toMatchObject({
        _tag: "Invalid",
        message: "name is missing",
        issues: [{ path: ["lines", "0", "name"] }],
      })
      expect(yield* reasonOf(409, { text: "taken", field: "code", id: "7" })).toMatchObject({
        _tag: "Duplicate",
        field: "code",
        existingId: "7",
      })
      const plain = [
        [400, "Invalid"],
        [401, "Unauthorized"],
        [403, "Forbidden"],
        [404, "NotFound"],
        [410, "NotFound"],
        [409, "Conflict"],
        [412, "Conflict"],
      ] as const
      for (const [status, tag] of plain) expect((yield* reasonOf(status))._tag, String(status)).toBe(tag)
    }),
  )

  it("tell how long to wait, and stand for themselves where nothing is told", () => {
    const exchange = (status: number, body?: unknown): Pipeline.Exchange => ({
      method: "GET",
      url: baseUrl,
      status,
      headers: new Headers({ "retry-after": "7" }),
      text: "",
      body,
      unparsable: false,
      receivedAt: 0,
    })
    const waits = [429, 423, 503, 408].map((status) => {
      const reason = Statuses.reason(exchange(status))
      return [reason?._tag, reason !== undefined && "retryAfter" in reason ? reason.retryAfter : undefined]
    })
    const seven = Duration.seconds(7)
    expect(waits).toEqual([
      ["Throttled", seven],
      ["Locked", seven],
      ["Unavailable", seven],
      ["Unavailable", seven],
    ])
    expect(told(exchange(404, "not an object"))).toMatchObject({ message: "answered with status 404" })
    expect([200, 204, 302].map((status) => told(exchange(status)))).toEqual([undefined, undefined, undefined])
    expect(told(exchange(422, { error: { text: "x".repeat(1000) } }))?.message).toHaveLength(300)
  })
})
