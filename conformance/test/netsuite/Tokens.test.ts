import * as crypto from "node:crypto"
import { describe, expect, it } from "vitest"
import * as NetSuiteTwin from "../../src/netsuite/NetSuiteTwin.ts"
import { open } from "./Client.ts"

const TOKEN = "/services/rest/auth/oauth2/v1/token"
const TIME = "/services/rest/system/v1/serverTime"
const { confidential, redirectUri } = NetSuiteTwin.CREDENTIALS

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

interface Statement {
  readonly header?: object
  readonly claims?: object
  readonly key?: crypto.KeyObject
}

const assertion = (
  now: number,
  { claims, header, key = crypto.createPrivateKey(NetSuiteTwin.privateKey()) }: Statement = {},
) => {
  const head = { typ: "JWT", alg: "ES256", kid: NetSuiteTwin.CREDENTIALS.certificateId, ...header }
  const iat = Math.floor(now / 1000)
  const body = {
    iss: NetSuiteTwin.CREDENTIALS.clientId,
    aud: `${NetSuiteTwin.ORIGIN}${TOKEN}`,
    scope: ["rest_webservices"],
    iat,
    exp: iat + 3000,
    ...claims,
  }
  const signed = `${base64(head)}.${base64(body)}`
  const hash = `sha${head.alg.slice(2)}`
  const how = head.alg.startsWith("PS")
    ? { key, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(head.alg.slice(2)) / 8 }
    : head.alg.startsWith("RS")
      ? { key }
      : { key, dsaEncoding: "ieee-p1363" as const }
  return `${signed}.${crypto.sign(hash, Buffer.from(signed), how).toString("base64url")}`
}

const setUp = (options: Parameters<typeof open>[0] = {}) => {
  const t = open(options)
  const form = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    t.bare(TOKEN, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(fields).toString(),
    })
  const assert = (statement?: Statement) =>
    form({
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion(t.clock.now(), statement),
    })
  const time = (token: unknown) => t.bare(TIME, { headers: { authorization: `Bearer ${token}` } })
  return { ...t, form, assert, time }
}

const basic = {
  authorization: `Basic ${Buffer.from(`${confidential.clientId}:${confidential.clientSecret}`).toString("base64")}`,
}

describe("client credentials", () => {
  it("give a token for an hour and nothing to refresh it with", async () => {
    const { assert, clock, time } = setUp()
    const answer = await assert()
    expect([answer.status, answer.at("expires_in"), answer.at("token_type"), answer.at("refresh_token")]).toEqual([
      200,
      "3600",
      "Bearer",
      undefined,
    ])
    const token = answer.at("access_token")
    expect((await time(token)).status).toBe(200)
    await clock.advance("59 minutes")
    expect((await time(token)).status).toBe(200)
    await clock.advance("1 minute")
    const expired = await time(token)
    expect(expired.refusal).toContain("401 INVALID_LOGIN")
    expect(expired.headers.get("www-authenticate")).toBe(
      'Bearer realm="1234567_SB1", error="invalid_token", error_description="Invalid login attempt."',
    )
  })

  it("may tell the lifetime as a text", async () => {
    const { assert } = setUp({ knobs: { expiresIn: "text" } })
    expect((await assert()).text).toContain('"expires_in":"3600"')
  })

  it("take PS256 of an RSA certificate, and refuse RS256 of the same one", async () => {
    const { privateKey, publicKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 3072 })
    const certificate = {
      id: "rsa-1",
      clientId: NetSuiteTwin.CREDENTIALS.clientId,
      publicKey: publicKey.export({ type: "spki", format: "pem" }) as string,
      validUntil: Number.MAX_SAFE_INTEGER,
    }
    const t = setUp({ certificates: [certificate] })
    const signed = (alg: string) => t.assert({ header: { alg, kid: "rsa-1" }, key: privateKey })
    expect((await signed("PS256")).status).toBe(200)
    const refused = await signed("RS256")
    expect([refused.status, refused.at("error")]).toEqual([400, "invalid_grant"])
    t.world.knobs.legacyAlgorithms = ["RS256"]
    expect((await signed("RS256")).status).toBe(200)
  })

  it("refuse a statement for somebody else, out of time, of another key, or of a certificate that has run out", async () => {
    const { assert, clock, world } = setUp()
    const error = async (statement: Statement) => {
      const answer = await assert(statement)
      return `${answer.status} ${answer.at("error")}`
    }
    const now = Math.floor(clock.now() / 1000)
    const { privateKey: key } = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" })
    expect(await error({ claims: { aud: "https://1234567-sb1.restlets.api.netsuite.com" } })).toBe("400 invalid_grant")
    expect(await error({ claims: { exp: now + 3601 } })).toBe("400 invalid_grant")
    expect(await error({ claims: { iat: now - 3600, exp: now - 1 } })).toBe("400 invalid_grant")
    expect(await error({ header: { alg: "HS256" } })).toBe("400 invalid_grant")
    expect(await error({ claims: { scope: ["everything"] } })).toBe("400 invalid_scope")
    expect(await error({ key })).toBe("401 invalid_client")
    expect(await error({ header: { kid: "another" } })).toBe("401 invalid_client")
    world.state.certificates = world.state.certificates.map((one) => ({ ...one, validUntil: clock.now() }))
    const late = await assert()
    expect([late.status, late.headers.get("www-authenticate")]).toEqual([401, 'Basic realm="1234567_SB1"'])
  })

  it("take scopes as an array or as a text with commas, or one of the two", async () => {
    const { assert, world } = setUp()
    const claims = { scope: "restlets,rest_webservices" }
    expect((await assert({ claims })).status).toBe(200)
    world.knobs.scopeForm = "array"
    expect((await assert({ claims })).at("error")).toBe("invalid_scope")
    expect((await assert()).status).toBe(200)
  })
})

describe("an authorization code", () => {
  const verifier = "v".repeat(43)
  const challenge = crypto.createHash("sha256").update(verifier).digest("base64url")

  const consent = async (t: ReturnType<typeof setUp>, clientId: string, more: Record<string, string> = {}) => {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: "rest_webservices",
      state: "s".repeat(22),
      code_challenge: challenge,
      code_challenge_method: "S256",
      ...more,
    })
    const answer = await t.bare(`/app/login/oauth2/authorize.nl?${query}`, { redirect: "manual" })
    return new URL(answer.location).searchParams
  }

  const exchange = (
    t: ReturnType<typeof setUp>,
    code: string | null,
    more: Record<string, string> = {},
    headers = basic,
  ) =>
    t.form(
      {
        grant_type: "authorization_code",
        code: code ?? "",
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...more,
      },
      headers,
    )

  it("is given to the account that consents, works once, and only with its verifier", async () => {
    const t = setUp()
    const back = await consent(t, confidential.clientId)
    expect([back.get("company"), back.get("state")]).toEqual(["1234567_SB1", "s".repeat(22)])
    const answer = await exchange(t, back.get("code"))
    expect([answer.status, answer.at("token_type")]).toEqual([200, "bearer"])
    expect(answer.text).toContain('"expires_in":"3600"')
    expect((await t.time(answer.at("access_token"))).status).toBe(200)
    expect((await exchange(t, back.get("code"))).at("error")).toBe("invalid_grant")
    const second = await consent(t, confidential.clientId)
    expect((await exchange(t, second.get("code"), { code_verifier: "w".repeat(43) })).at("error")).toBe("invalid_grant")
    expect((await consent(t, confidential.clientId, { state: "short" })).get("error")).toBe("invalid_request")
    expect((await consent(t, confidential.clientId, { code_challenge_method: "plain" })).get("error")).toBe(
      "invalid_request",
    )
  })

  it("gives a confidential client seven days, whatever it refreshes", async () => {
    const t = setUp()
    const { refreshToken } = NetSuiteTwin.consent(t.world, confidential.clientId)
    const refresh = () => t.form({ grant_type: "refresh_token", refresh_token: refreshToken }, basic)
    await t.clock.advance("6 days")
    const answer = await refresh()
    expect([answer.status, answer.at("refresh_token")]).toEqual([200, undefined])
    await t.clock.advance("1 day")
    expect((await refresh()).at("error")).toBe("invalid_grant")
    const wrong = await t.form({
      grant_type: "refresh_token",
      refresh_token: refreshToken,
      client_id: confidential.clientId,
    })
    expect([wrong.status, wrong.at("error")]).toEqual([401, "invalid_client"])
  })

  it("gives a public client tokens that work once, in a chain that ends", async () => {
    const t = setUp()
    const { clientId } = NetSuiteTwin.CREDENTIALS.public
    let token: unknown = NetSuiteTwin.consent(t.world, clientId).refreshToken
    const refresh = (refresh_token: unknown) =>
      t.form({ grant_type: "refresh_token", refresh_token: String(refresh_token), client_id: clientId })
    for (let day = 0; day < 6; day++) {
      await t.clock.advance("1 day")
      const answer = await refresh(token)
      expect(answer.status).toBe(200)
      expect((await refresh(token)).at("error")).toBe("invalid_grant")
      token = answer.at("refresh_token")
    }
    await t.clock.advance("1 day")
    expect((await refresh(token)).at("error")).toBe("invalid_grant")
  })
})

describe("the token endpoint", () => {
  it("words what it does not serve as OAuth does", async () => {
    const { form } = setUp()
    const error = async (fields: Record<string, string>) => {
      const answer = await form(fields)
      return `${answer.status} ${answer.at("error")}`
    }
    expect(await error({})).toBe("400 invalid_request")
    expect(await error({ grant_type: "password" })).toBe("400 unsupported_grant_type")
    expect(await error({ grant_type: "client_credentials" })).toBe("400 invalid_request")
  })
})

describe("a request", () => {
  it("without a token or with a malformed header is told apart", async () => {
    const { bare } = setUp()
    expect((await bare(TIME)).status).toBe(401)
    const malformed = await bare(TIME, { headers: { authorization: "Token x" } })
    expect([malformed.status, malformed.headers.get("www-authenticate")]).toEqual([
      400,
      'Bearer realm="1234567_SB1", error="invalid_request"',
    ])
  })
})
