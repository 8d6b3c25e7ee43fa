/** Processes that keep tokens: each with its own store handle and its own tokens in hand, on one backend. */
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as OAuth from "@mortise/core/OAuth"
import * as Pipeline from "@mortise/core/Pipeline"
import * as Replay from "@mortise/core/Replay"
import * as StateStore from "@mortise/core/StateStore"
import type { StoreBackend } from "@mortise/core/StoreBackend"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { classify, unlimited } from "./door.ts"
import { START } from "./limited.ts"
import { clientOf, initial, type TokenServer, tokenServer } from "./tokens.ts"

export const SEAL = { sealKey: Redacted.make("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=") }
export const NAME = "acme/tokens"

export const setting = (options: Parameters<typeof tokenServer>[1] = {}) => {
  const clock = VirtualClock.make({ start: START })
  return { clock, server: tokenServer(clock, options), backend: MemoryBackend.make() }
}

/** One process: its own store handle on the shared backend, its own tokens in hand. */
export const processOn = (server: TokenServer, backend: StoreBackend, handedIn = initial) =>
  Effect.gen(function* () {
    const store = yield* StateStore.make(backend, SEAL)
    const auth = yield* OAuth.refreshToken({ ...clientOf(server), ...handedIn, storage: { store, name: NAME } })
    return { store, auth }
  })

export const calls = (server: TokenServer, auth: OAuth.OAuth) =>
  Effect.map(
    Pipeline.make({
      system: "acme",
      baseUrl: new URL("https://api.acme.test"),
      auth,
      limiter: unlimited,
      classify,
      fetch: server.fetch,
    }),
    (pipeline) =>
      pipeline.call(Replay.read("acme.things.get", "any"), async ({ fetch }) => {
        const response = await fetch(new Request("https://api.acme.test/things"))
        return { data: await response.json(), response }
      }),
  )

export const everywhere = <A, E>(count: number, effect: Effect.Effect<A, E>) =>
  Effect.forEach(Array.from({ length: count }), () => effect, { concurrency: "unbounded" })
