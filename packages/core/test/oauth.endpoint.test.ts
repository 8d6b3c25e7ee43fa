import * as OAuth from "@mortise/core/OAuth"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { assert, describe, it } from "vitest"
import { inVirtualTime } from "./support/limited.ts"
import { everywhere, setting } from "./support/processes.ts"
import { clientOf, type TokenServer } from "./support/tokens.ts"

describe("the token endpoint", () => {
  it("is asked again when it cannot answer now, and its errors carry no secret", async () => {
    const { clock, server } = setting()
    server.next.push({ status: 503, body: "refresh-0" }, "refused")
    await inVirtualTime(
      Effect.gen(function* () {
        const auth = yield* OAuth.clientCredentials({ ...clientOf(server), scopes: ["a", "b"] })
        yield* auth.headers
      }),
      clock,
    )
    assert.strictEqual(server.asked.length, 3)
    assert.strictEqual(server.asked[2]?.get("scope"), "a b")
    assert.strictEqual(server.asked[2]?.get("client_secret"), "s3cret-of-the-client")
  })

  it("gets the secret in the header where it wants it there", async () => {
    const { clock, server } = setting()
    await inVirtualTime(
      Effect.gen(function* () {
        const auth = yield* OAuth.clientCredentials({ ...clientOf(server), clientAuth: "basic" })
        yield* auth.headers
      }),
      clock,
    )
    const basic = server.headersOfAsked[0]?.get("authorization") ?? ""
    assert.strictEqual(Buffer.from(basic.replace("Basic ", ""), "base64").toString(), "client-1:s3cret-of-the-client")
    assert.isNull(server.asked[0]?.get("client_secret"))
  })

  it("over plain http is refused before anything is sent", async () => {
    const { server } = setting()
    const error = await Effect.runPromise(
      Effect.flip(OAuth.clientCredentials({ ...clientOf(server), tokenUrl: new URL("http://login.acme.test/token") })),
    )
    assert.strictEqual(error.reason._tag, "Invalid")
    assert.strictEqual(server.asked.length, 0)
  })

  it("that answers with something else gives Decode, and never its content", async () => {
    for (const body of [{ token: "access-x" }, { access_token: "access-x", token_type: "mac" }, "access-x", null]) {
      const { clock, server } = setting()
      server.next.push({ status: 200, body })
      const { value } = await inVirtualTime(
        Effect.gen(function* () {
          const auth = yield* OAuth.clientCredentials(clientOf(server))
          return yield* Effect.flip(auth.headers)
        }),
        clock,
      )
      assert.strictEqual(value.reason._tag, "Decode")
      assert.notInclude(JSON.stringify(value), "access-x")
    }
  })

  it("is not followed elsewhere", async () => {
    const { clock, server } = setting()
    server.next.push({ status: 307, body: {} })
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const auth = yield* OAuth.clientCredentials(clientOf(server))
        return yield* Effect.flip(auth.headers)
      }),
      clock,
    )
    assert.strictEqual(value.reason._tag, "Decode")
    assert.strictEqual(server.asked.length, 1)
  })
})

describe("a consent", () => {
  const consentOn = (server: TokenServer) =>
    OAuth.authorizationCode({
      ...clientOf(server),
      authorizeUrl: new URL("https://login.acme.test/authorize?tenant=7"),
      redirectUri: "https://us.test/back",
      scopes: ["api", "offline_access"],
    })

  it("goes by PKCE and state, and its tokens are refreshed from then on", async () => {
    const { clock, server } = setting()
    await inVirtualTime(
      Effect.gen(function* () {
        const auth = yield* consentOn(server)
        const consent = yield* auth.begin
        const asked = consent.url.searchParams
        assert.strictEqual(asked.get("code_challenge_method"), "S256")
        assert.strictEqual(asked.get("tenant"), "7")
        assert.strictEqual(asked.get("scope"), "api offline_access")
        assert.isAtLeast(asked.get("state")?.length ?? 0, 43)
        assert.notInclude(consent.url.href, Redacted.value(consent.verifier))
        server.codes.set("code-1", asked.get("code_challenge") ?? "")
        const returned = { code: Redacted.make("code-1"), state: asked.get("state") ?? "", consent }
        yield* auth.exchange(returned)
        assert.deepStrictEqual(yield* auth.headers, { authorization: "Bearer access-1" })
        yield* Effect.sleep("2 hours")
        assert.deepStrictEqual(yield* auth.headers, { authorization: "Bearer access-2" })
      }),
      clock,
    )
    assert.strictEqual(server.asked[0]?.get("redirect_uri"), "https://us.test/back")
  })

  it("that comes back with another state is refused before the code is traded", async () => {
    const { clock, server } = setting()
    const { value } = await inVirtualTime(
      Effect.gen(function* () {
        const auth = yield* consentOn(server)
        const consent = yield* auth.begin
        const forged = { code: Redacted.make("code-1"), state: "0".repeat(43), consent }
        const empty = { ...forged, state: "" }
        yield* Effect.flip(auth.exchange(empty))
        return yield* Effect.flip(auth.exchange(forged))
      }),
      clock,
    )
    assert.strictEqual(value.reason._tag, "Unauthorized")
    assert.strictEqual(server.asked.length, 0)
  })

  it("has no two states or verifiers alike", async () => {
    const { clock, server } = setting()
    const { value } = await inVirtualTime(
      Effect.flatMap(consentOn(server), (auth) => everywhere(50, auth.begin)),
      clock,
    )
    assert.strictEqual(new Set(value.map((consent) => Redacted.value(consent.state))).size, 50)
    assert.strictEqual(new Set(value.map((consent) => Redacted.value(consent.verifier))).size, 50)
  })
})
