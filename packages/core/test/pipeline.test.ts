import { assert, it } from "@effect/vitest"
import * as Replay from "@mortise/core/Replay"
import * as Effect from "effect/Effect"
import createClient from "openapi-fetch"
import { door, json, pipeline } from "./support/door.ts"

interface Paths {
  "/things": { get: { responses: { 200: { content: { "application/json": { id: string } } } } } }
}

it.effect("hands the typed client an answer that was read whole", () =>
  Effect.gen(function* () {
    const server = door(json({ id: "7" }))
    const calls = yield* pipeline({ fetch: server.fetch })
    const client = createClient<Paths>({ baseUrl: "https://api.acme.test" })
    const reply = yield* calls.call(Replay.read("acme.things.list", "all"), (way) => client.GET("/things", way))
    assert.deepStrictEqual(reply.data, { id: "7" })
    assert.strictEqual(reply.exchange.status, 200)
  }),
)
