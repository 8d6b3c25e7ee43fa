import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as Effect from "effect/Effect"
import { describe, it } from "vitest"
import * as StoreSuite from "../src/StoreSuite.ts"

StoreSuite.describeStore("the memory backend", {
  describe,
  it,
  bench: Effect.sync(() => {
    const backend = MemoryBackend.make()
    return {
      open: Effect.succeed(backend),
      bytes: Effect.sync(() =>
        Buffer.from(
          backend
            .entries()
            .map((entry) => `${entry.key}\n${entry.value}`)
            .join("\n"),
        ),
      ),
    }
  }),
})
