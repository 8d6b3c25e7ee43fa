import { describe, expect, it } from "vitest"
import type * as TwinKit from "../../src/TwinKit.ts"
import * as Kit from "./support/kit.ts"

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`

describe("credentials", () => {
  it.each<[TwinKit.Auth, Record<string, string>, Record<string, string>]>([
    [{ scheme: "bearer", token: "t" }, { authorization: "Bearer t" }, { authorization: "Bearer u" }],
    [{ scheme: "basic", user: "u", password: "p" }, { authorization: basic("u:p") }, { authorization: basic("u:q") }],
    [{ scheme: "apiKey", header: "x-key", key: "k" }, { "x-key": "k" }, { "x-key": "l" }],
  ])(
    "of $scheme are taken when they are right, and refused when they are wrong or missing",
    async (auth, good, bad) => {
      const { send, twin, world } = Kit.open({ auth })
      expect((await send("GET", "/things", undefined, good)).status).toBe(200)
      for (const headers of [bad, {}]) {
        const { body, headers: told, status } = await send("POST", "/things", { name: "A" }, headers)
        expect([status, body.error.code, told.has("www-authenticate")]).toEqual([401, "unauthorized", true])
      }
      world.revoke()
      expect((await send("GET", "/things", undefined, good)).status).toBe(401)
      expect(world.all("things")).toEqual([])
      expect(
        JSON.stringify(twin.journal.lines.map(({ requestHeaders }) => requestHeaders["authorization"])),
      ).not.toContain("Bearer t")
    },
  )

  const oauth: TwinKit.Auth = {
    scheme: "oauth",
    tokenPath: "/oauth/token",
    clientId: "client",
    clientSecret: "secret-made-up",
    grants: ["client_credentials", "refresh_token"],
    lifetimeSeconds: 600,
    refreshToken: "first-refresh",
    rotates: true,
  }

  const token = (
    kit: ReturnType<typeof Kit.open>,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ) => kit.ask("/oauth/token", { method: "POST", body: new URLSearchParams(form), headers })

  const client = { client_id: "client", client_secret: "secret-made-up" }

  it("of OAuth are given to the client, by form or by header, and expire", async () => {
    const kit = Kit.open({ auth: oauth })
    const { body } = await token(kit, { grant_type: "client_credentials", ...client })
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 600 })
    const ask = () => kit.send("GET", "/things", undefined, { authorization: `Bearer ${body.access_token}` })
    expect((await ask()).status).toBe(200)
    kit.clock.advance(599_999)
    expect((await ask()).status).toBe(200)
    kit.clock.advance(1)
    expect((await ask()).status).toBe(401)
    const header = { authorization: basic("client:secret-made-up") }
    expect((await token(kit, { grant_type: "client_credentials" }, header)).status).toBe(200)
    kit.world.expireTokens()
    expect((await ask()).status).toBe(401)
  })

  it("of OAuth are refreshed with a token that is spent by it", async () => {
    const kit = Kit.open({ auth: oauth })
    const refresh = (refresh_token: string) => token(kit, { grant_type: "refresh_token", refresh_token, ...client })
    const first = await refresh("first-refresh")
    expect(first.body.refresh_token).toBe(kit.world.refreshToken())
    expect((await refresh("first-refresh")).body).toEqual({ error: "invalid_grant" })
    expect((await refresh(first.body.refresh_token)).status).toBe(200)
    kit.world.revoke()
    expect((await refresh(kit.world.refreshToken() ?? "")).body).toEqual({ error: "invalid_grant" })
  })

  it("of OAuth keep their refresh token where the vendor does not rotate", async () => {
    const kit = Kit.open({ auth: { ...oauth, rotates: false } })
    for (const _ of [1, 2]) {
      const { body } = await token(kit, { grant_type: "refresh_token", refresh_token: "first-refresh", ...client })
      expect(body.refresh_token).toBe("first-refresh")
    }
  })

  it("of OAuth are refused to strangers and for other grants, and no secret enters the journal", async () => {
    const kit = Kit.open({ auth: { ...oauth, grants: ["client_credentials"] } })
    const strange = { grant_type: "client_credentials", client_id: "client", client_secret: "guessed-secret" }
    expect(await token(kit, strange)).toMatchObject({ status: 401, body: { error: "invalid_client" } })
    const refused = await token(kit, { grant_type: "refresh_token", refresh_token: "first-refresh", ...client })
    expect(refused).toMatchObject({ status: 400, body: { error: "unsupported_grant_type" } })
    expect(JSON.stringify(kit.twin.journal.lines)).not.toMatch(/secret-made-up|guessed-secret|first-refresh/)
  })
})

describe("limits", () => {
  const statuses = (answers: ReadonlyArray<Kit.Answer>) => answers.map(({ status }) => status)
  const many = async (kit: ReturnType<typeof Kit.open>, count: number) => {
    const answers: Array<Kit.Answer> = []
    for (let n = 0; n < count; n++) answers.push(await kit.ask("/things"))
    return answers
  }

  it("of a window let so many through in any stretch of it, and tell how long to wait", async () => {
    const kit = Kit.open({ limits: [{ kind: "window", requests: 2, millis: 10_000 }] })
    await many(kit, 1)
    kit.clock.advance(6000)
    const [second, third] = await many(kit, 2)
    expect([second?.status, third?.status]).toEqual([200, 429])
    expect(third?.headers.get("retry-after")).toBe("4")
    kit.clock.advance(3999)
    expect(statuses(await many(kit, 1))).toEqual([429])
    kit.clock.advance(1)
    expect(statuses(await many(kit, 2))).toEqual([200, 429])
  })

  it("of a fixed window begin anew with the clock's", async () => {
    const kit = Kit.open({ limits: [{ kind: "window", requests: 2, millis: 60_000, fixed: true }] })
    kit.clock.advance(59_000)
    const [, , third] = await many(kit, 3)
    expect([third?.status, third?.headers.get("retry-after")]).toEqual([429, "1"])
    kit.clock.advance(1000)
    expect(statuses(await many(kit, 3))).toEqual([200, 200, 429])
  })

  it("of a bucket let a burst through and then fill up slowly", async () => {
    const kit = Kit.open({ limits: [{ kind: "burst", requests: 3, perSecond: 0.5, retryAfter: "date" }] })
    const answers = await many(kit, 4)
    expect(statuses(answers)).toEqual([200, 200, 200, 429])
    expect(answers[3]?.headers.get("retry-after")).toBe("Mon, 02 Nov 2026 09:00:02 GMT")
    kit.clock.advance(2000)
    expect(statuses(await many(kit, 2))).toEqual([200, 429])
    kit.clock.advance(60_000)
    expect(statuses(await many(kit, 4))).toEqual([200, 200, 200, 429])
  })

  it("of requests at once refuse whoever comes while others are served, and say nothing where they are silent", async () => {
    const limit = { kind: "concurrency", requests: 2, latencyMillis: 100, retryAfter: "none" } as const
    const kit = Kit.open({ limits: [limit] })
    const open = [kit.ask("/things"), kit.ask("/things")]
    const third = await kit.ask("/things")
    expect([third.status, third.headers.get("retry-after")]).toEqual([429, null])
    kit.clock.advance(100)
    expect(statuses(await Promise.all(open))).toEqual([200, 200])
    const fourth = kit.ask("/things")
    await new Promise((resolve) => setImmediate(resolve))
    kit.clock.advance(100)
    expect((await fourth).status).toBe(200)
  })
})
