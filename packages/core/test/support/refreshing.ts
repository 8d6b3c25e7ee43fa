/** A process of its own that wants a token from a store which it shares: told to go, it asks with many fibers. */
import * as OAuth from "@mortise/core/OAuth"
import * as SqliteStore from "@mortise/sqlite/SqliteStore"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const [path = "", url = "", sealKey = ""] = process.argv.slice(2)

const go = Effect.callback<void>((resume) => {
  process.once("message", () => resume(Effect.void))
  process.send?.("ready")
})

const program = Effect.gen(function* () {
  const store = yield* SqliteStore.make({ path, sealKey: Redacted.make(sealKey) })
  const auth = yield* OAuth.refreshToken({
    system: "acme",
    tokenUrl: new URL("/token", url),
    clientId: "client-1",
    initial: Redacted.make("refresh-0"),
    storage: { store, name: "acme/tokens" },
  })
  yield* go
  const headers = yield* Effect.forEach(Array.from({ length: 50 }), () => auth.headers, { concurrency: "unbounded" })
  const tokens = new Set(headers.map((each) => each["authorization"]))
  yield* Effect.sync(() => process.send?.([...tokens]))
}).pipe(Effect.scoped)

await Effect.runPromise(program)
process.disconnect()
