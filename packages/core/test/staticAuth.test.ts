import { describe, expect, it } from "@effect/vitest"
import * as StaticAuth from "@mortise/core/StaticAuth"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const pair = (key: string, secret: string) =>
  StaticAuth.keyPair("frappe", { key: Redacted.make(key), secret: Redacted.make(secret) })

describe("credentials that do not change", () => {
  it.effect("are a bearer token, a key of a header, user and password, a pair of key and secret, or nothing", () =>
    Effect.gen(function* () {
      const bearer = yield* StaticAuth.bearer("acme", Redacted.make("t0ken"))
      expect(yield* bearer.headers).toEqual({ authorization: "Bearer t0ken" })
      expect(yield* (yield* pair("k3y", "s3cret")).headers).toEqual({ authorization: "token k3y:s3cret" })
      const key = yield* StaticAuth.header("acme", "X-Api-Key", Redacted.make("k3y"))
      expect(yield* key.headers).toEqual({ "x-api-key": "k3y" })
      const basic = yield* StaticAuth.basic("acme", "ann", Redacted.make("pass wörd"))
      expect(yield* basic.headers).toEqual({ authorization: "Basic YW5uOnBhc3Mgd8O2cmQ=" })
      expect(yield* StaticAuth.none.headers).toEqual({})
      expect(yield* bearer.refused({ authorization: "Bearer t0ken" })).toBe(false)
    }),
  )

  it.effect("that no header can carry are refused by their name, and stand in no message", () =>
    Effect.gen(function* () {
      const wrong = [
        [StaticAuth.bearer("acme", Redacted.make("t0ken\n")), "token"],
        [StaticAuth.bearer("acme", Redacted.make("")), "token"],
        [pair("k3y key", "s3cret"), "key"],
        [StaticAuth.header("acme", "x-api-key", Redacted.make("k3y k3y")), "key"],
        [StaticAuth.basic("acme", "ann:lee", Redacted.make("s3cret")), "user"],
        [pair("k3y", "s3crét"), "secret"],
      ] as const
      for (const [made, field] of wrong) {
        const error = yield* Effect.flip(made)
        expect(error.reason).toMatchObject({ _tag: "Invalid", issues: [{ path: [field] }] })
        expect(JSON.stringify(error) + String(error)).not.toMatch(/t0ken|k3y|s3cr/)
      }
    }),
  )
})
