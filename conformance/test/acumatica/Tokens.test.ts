import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import * as AcumaticaTwin from "../../src/acumatica/AcumaticaTwin.ts"
import { type Answer, ask, cookieOf, form, make } from "./Client.ts"

type Made = ReturnType<typeof make>

const TOKEN = "/identity/connect/token"

const password = ({ twin }: Made, scope = "api offline_access") =>
  form(twin, TOKEN, {
    grant_type: "password",
    username: AcumaticaTwin.CREDENTIALS.name,
    password: AcumaticaTwin.CREDENTIALS.password,
    scope,
  })

const refresh = ({ twin }: Made, token: unknown) =>
  form(twin, TOKEN, { grant_type: "refresh_token", refresh_token: String(token) })

const read = ({ twin }: Made, bearer: unknown, cookie?: string) =>
  ask(twin, "/entity/Default/24.200.001/Customer", {
    headers: { authorization: `Bearer ${bearer}`, ...(cookie === undefined ? {} : { cookie }) },
  })

const signOut = ({ twin }: Made, bearer: unknown) =>
  ask(twin, "/entity/auth/logout", { method: "POST", headers: { authorization: `Bearer ${bearer}` } })

const access = (answer: Answer): unknown => answer.at("access_token")

describe("tokens", () => {
  it("live an hour", async () => {
    const made = make()
    const answer = await password(made)
    expect(answer.at("expires_in")).toBe("3600")
    expect((await read(made, access(answer))).status).toBe(200)
    await made.clock.advance("3600 seconds")
    expect((await read(made, access(answer))).status).toBe(401)
  })

  it("rotate: the refresh token before the last one fails", async () => {
    const made = make()
    const first = await password(made)
    const second = await refresh(made, first.at("refresh_token"))
    expect(second.status).toBe(200)
    const again = await refresh(made, first.at("refresh_token"))
    expect([again.status, again.at("error")]).toEqual([400, "invalid_grant"])
    expect((await refresh(made, second.at("refresh_token"))).status).toBe(200)
  })

  it("end their chain thirty days after the first sign-in", async () => {
    const made = make()
    let current = await password(made)
    for (let i = 0; i < 3; i++) {
      await made.clock.advance("9 days")
      current = await refresh(made, current.at("refresh_token"))
      expect(current.status).toBe(200)
    }
    await made.clock.advance("3 days")
    expect((await refresh(made, current.at("refresh_token"))).at("error")).toBe("invalid_grant")
  })

  it("come without a refresh token when offline access is not in the scope", async () => {
    const answer = await password(make(), "api")
    expect(answer.at("refresh_token")).toBeUndefined()
    expect(answer.at("expires_in")).toBeUndefined()
  })

  it("are not given for client credentials, to another tenant's client or for a wrong secret", async () => {
    const { twin } = make()
    expect((await form(twin, TOKEN, { grant_type: "client_credentials" })).at("error")).toBe("unauthorized_client")
    const clientId = AcumaticaTwin.CREDENTIALS.clientId.replace("@Acme", "@Other")
    const fields = { grant_type: "refresh_token", refresh_token: "x" }
    expect((await form(twin, TOKEN, { ...fields, client_id: clientId })).at("error")).toBe("invalid_client")
    expect((await form(twin, TOKEN, { ...fields, client_secret: "x" })).at("error")).toBe("invalid_client")
  })

  it("take one seat on first use, and the same one after a refresh", async () => {
    const made = make({ license: { seats: 1 } })
    const first = await password(made)
    expect(made.world.state.sessions.size).toBe(0)
    await read(made, access(first))
    const second = await refresh(made, first.at("refresh_token"))
    expect((await read(made, access(second))).status).toBe(200)
    expect(made.world.state.sessions.size).toBe(1)
  })

  it("keep the seat when revoked; sign-out frees it, and use after sign-out takes another", async () => {
    const made = make()
    const token = access(await password(made))
    await read(made, token)
    await signOut(made, token)
    expect(made.world.state.sessions.size).toBe(0)
    expect((await read(made, token)).status).toBe(200)
    expect(made.world.state.sessions.size).toBe(1)
    await form(made.twin, "/identity/connect/revocation", { token: String(token) })
    expect((await read(made, token)).status).toBe(401)
    expect(made.world.state.sessions.size).toBe(1)
  })

  it("take a seat a call with concurrent access, unless the cookie comes back", async () => {
    const made = make()
    const token = access(await password(made, "api:concurrent_access offline_access"))
    const first = await read(made, token)
    await read(made, token, cookieOf(first))
    expect(made.world.state.sessions.size).toBe(1)
    await read(made, token)
    expect(made.world.state.sessions.size).toBe(2)
  })

  it("take their session with them when they had no offline access", async () => {
    const made = make({ knobs: { idleMinutes: 600 } })
    await read(made, access(await password(made, "api")))
    await made.clock.advance("2 hours")
    await read(made, access(await password(made, "api")))
    expect(made.world.state.sessions.size).toBe(1)
  })

  it("serve one call of a plain token at a time", async () => {
    const made = make({ knobs: { processingMillis: 1000 } })
    const token = access(await password(made))
    const started = made.clock.now()
    const ends: Array<number> = []
    const calls = [1, 2, 3].map(() => read(made, token).then(() => ends.push(made.clock.now() - started)))
    await made.clock.advance("10 seconds")
    await Promise.all(calls)
    expect(ends).toEqual([1000, 2000, 3000])
  })

  it("are given for a code with its verifier, once", async () => {
    const made = make()
    const verifier = "v".repeat(50)
    const query = new URLSearchParams({
      response_type: "code",
      client_id: AcumaticaTwin.CREDENTIALS.clientId,
      redirect_uri: AcumaticaTwin.CREDENTIALS.redirectUri,
      scope: "api offline_access",
      state: "s1",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    })
    const consent = async () => {
      const answer = await ask(made.twin, `/identity/connect/authorize?${query}`)
      return new URL(answer.headers.get("location") ?? "").searchParams
    }
    const exchange = (code: string, proof: string) =>
      form(made.twin, TOKEN, {
        grant_type: "authorization_code",
        code,
        redirect_uri: AcumaticaTwin.CREDENTIALS.redirectUri,
        code_verifier: proof,
      })
    const given = await consent()
    expect(given.get("state")).toBe("s1")
    expect((await exchange(given.get("code") ?? "", verifier)).status).toBe(200)
    expect((await exchange(given.get("code") ?? "", verifier)).at("error")).toBe("invalid_grant")
    expect((await exchange((await consent()).get("code") ?? "", "other")).at("error")).toBe("invalid_grant")
  })

  it("may be there from the start, as for an app that was consented to long ago", async () => {
    const made = make()
    const { refreshToken } = AcumaticaTwin.consent(made.world, AcumaticaTwin.CREDENTIALS.clientId)
    expect((await refresh(made, refreshToken)).status).toBe(200)
  })

  it("are found through discovery", async () => {
    const answer = await ask(make().twin, "/identity/.well-known/openid-configuration")
    expect(answer.at("token_endpoint")).toBe("https://acme.acumatica.example/AcmeERP/identity/connect/token")
  })
})
