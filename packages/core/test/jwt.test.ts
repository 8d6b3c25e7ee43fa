import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import * as Jwt from "@mortise/core/Jwt"
import * as OAuth from "@mortise/core/OAuth"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { assert, describe, it } from "vitest"
import { inVirtualTime, START } from "./support/limited.ts"
import { clientOf, tokenServer } from "./support/tokens.ts"

const pemOf = (key: KeyObject) => Redacted.make(key.export({ type: "pkcs8", format: "pem" }).toString())
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
const ec = {
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ES384: generateKeyPairSync("ec", { namedCurve: "P-384" }),
  ES512: generateKeyPairSync("ec", { namedCurve: "P-521" }),
}

const pairOf = (algorithm: Jwt.Algorithm) =>
  algorithm === "ES256" || algorithm === "ES384" || algorithm === "ES512" ? ec[algorithm] : rsa

/** Checks with Node's own crypto, which shares nothing with what signs. */
const isSigned = (token: string, algorithm: Jwt.Algorithm): boolean => {
  const [head = "", body = "", signature = ""] = token.split(".")
  const key = createPublicKey(pairOf(algorithm).publicKey.export({ type: "spki", format: "pem" }).toString())
  const scheme = algorithm.startsWith("PS")
    ? { key, padding: 6, saltLength: Number(algorithm.slice(2)) / 8 }
    : algorithm.startsWith("ES")
      ? { key, dsaEncoding: "ieee-p1363" as const }
      : { key }
  return verify(`sha${algorithm.slice(2)}`, Buffer.from(`${head}.${body}`), scheme, Buffer.from(signature, "base64url"))
}
const part = (token: string, index: number): unknown =>
  JSON.parse(Buffer.from(token.split(".")[index] ?? "", "base64url").toString())

describe("a signed assertion", () => {
  for (const algorithm of ["RS256", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"] as const) {
    it(`is good by ${algorithm}`, async () => {
      const signer = await Effect.runPromise(
        Jwt.signer("acme", { algorithm, pem: pemOf(pairOf(algorithm).privateKey), id: "cert-1" }),
      )
      const token = Redacted.value(await Effect.runPromise(signer.sign({ iss: "me", n: "ä" })))
      assert.isTrue(isSigned(token, algorithm))
      assert.deepStrictEqual(part(token, 0), { alg: algorithm, typ: "JWT", kid: "cert-1" })
      assert.deepStrictEqual(part(token, 1), { iss: "me", n: "ä" })
    })
  }

  it("cannot be made with a key of another kind; the error names the kind and not the key", async () => {
    const pkcs1 = rsa.privateKey.export({ type: "pkcs1", format: "pem" }).toString()
    for (const [pem, said] of [
      [pkcs1, /RSA PRIVATE KEY.*PKCS#8/],
      ["not a key", /without PEM armour/],
      ["-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----", /not base64/],
      ["-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", /does not fit ES256/],
      [Redacted.value(pemOf(rsa.privateKey)), /does not fit ES256/],
    ] as const) {
      const error = await Effect.runPromise(
        Effect.flip(Jwt.signer("acme", { algorithm: "ES256", pem: Redacted.make(pem) })),
      )
      assert.strictEqual(error.reason._tag, "Invalid")
      assert.match(error.message, said)
      assert.notInclude(JSON.stringify(error), pkcs1.split("\n")[1] ?? "-")
    }
  })
})

describe("a token for an assertion", () => {
  const run = async (options: Partial<OAuth.JwtOptions>) => {
    const clock = VirtualClock.make({ start: START })
    const server = tokenServer(clock)
    await inVirtualTime(
      Effect.gen(function* () {
        const auth = yield* OAuth.jwtAssertion({
          ...clientOf(server),
          key: { algorithm: "ES256", pem: pemOf(ec.ES256.privateKey), id: "cert-1" },
          scopes: ["restlets", "rest_webservices"],
          ...options,
        })
        if (options.as === "grant") server.next.push({ status: 200, body: { access_token: "access-1" } })
        yield* auth.headers
        yield* Effect.sleep("2 hours")
        if (options.as === "grant") server.next.push({ status: 200, body: { access_token: "access-2" } })
        yield* auth.headers
      }),
      clock,
    )
    return server
  }

  it("is asked for with a new assertion each time, good for the token url and for a short time", async () => {
    const server = await run({ validity: Duration.minutes(3), claims: { scope: ["restlets"] } })
    assert.strictEqual(server.asked.length, 2)
    const [first, second] = server.asked.map((form) => form.get("client_assertion") ?? "")
    assert.isTrue(isSigned(first ?? "", "ES256"))
    assert.notStrictEqual(first, second)
    assert.strictEqual(server.asked[0]?.get("grant_type"), "client_credentials")
    assert.strictEqual(
      server.asked[0]?.get("client_assertion_type"),
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    )
    const claims = part(first ?? "", 1) as Record<string, unknown>
    assert.strictEqual(claims["iss"], "client-1")
    assert.strictEqual(claims["aud"], "https://login.acme.test/token")
    assert.strictEqual(claims["iat"], START / 1000)
    assert.strictEqual(claims["exp"], START / 1000 + 180)
    assert.deepStrictEqual(claims["scope"], ["restlets"])
  })

  it("may be asked for with the assertion alone, which names the client", async () => {
    const server = await run({ clientAuth: "assertion" })
    assert.isFalse(server.asked[0]?.has("client_id"))
    assert.strictEqual((part(server.asked[0]?.get("client_assertion") ?? "", 1) as { iss: string }).iss, "client-1")
  })

  it("may be asked for with the assertion as the grant", async () => {
    const server = await run({ as: "grant", subject: "someone" })
    assert.strictEqual(server.asked[0]?.get("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer")
    assert.strictEqual((part(server.asked[0]?.get("assertion") ?? "", 1) as Record<string, unknown>)["sub"], "someone")
  })

  it("with a validity of nothing is Invalid", async () => {
    const server = tokenServer(VirtualClock.make({ start: START }))
    const key = { algorithm: "ES256", pem: pemOf(ec.ES256.privateKey) } as const
    const error = await Effect.runPromise(
      Effect.flip(OAuth.jwtAssertion({ ...clientOf(server), key, validity: Duration.zero })),
    )
    assert.strictEqual(error.reason._tag, "Invalid")
  })
})
