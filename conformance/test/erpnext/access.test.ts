import { describe, expect, it } from "vitest"
import * as ErpNextTwin from "../../src/erpnext/ErpNextTwin.ts"
import { bearer, limited, open, token } from "./bench.ts"

const WHOAMI = "/api/method/frappe.auth.get_logged_user"

type Bench = ReturnType<typeof open>

const whoami = ({ send }: Bench, headers: Record<string, string>) => send("GET", WHOAMI, { headers })

describe("a caller", () => {
  it("is known by key and secret in either form, the scheme in any case", async () => {
    const bench = open()
    const { apiKey, apiSecret } = ErpNextTwin.KEY
    const ways = [
      `token ${apiKey}:${apiSecret}`,
      `TOKEN ${apiKey}:${apiSecret}`,
      `Basic ${btoa(`${apiKey}:${apiSecret}`)}`,
    ]
    for (const authorization of ways)
      expect((await whoami(bench, { authorization })).at("message")).toBe("Administrator")
  })

  it.each([
    "token unknown:secret",
    `token ${ErpNextTwin.KEY.apiKey}:wrong`,
    "token nocolon",
    "Bearer unknown",
    "Digest x",
  ])("with wrong credentials is 401: %s", async (authorization) => {
    const answer = await whoami(open(), { authorization })
    expect([answer.status, answer.type]).toEqual([401, "AuthenticationError"])
    expect(answer.headers.getSetCookie()).toHaveLength(10)
  })

  it("with a header that is no base64 is 400", async () => {
    const answer = await whoami(open(), { authorization: "Basic %%%" })
    expect([answer.status, answer.type]).toEqual([400, "InvalidAuthorizationToken"])
  })

  it("who is nobody is 403, for what is there and for what is not", async () => {
    const { send, world } = open()
    world.seed("Customer", [{ customer_name: "A" }])
    const nobody = async (path: string) => send("GET", path, { headers: { cookie: "" } })
    for (const path of ["/api/resource/Customer", "/api/resource/Customer/A", "/api/resource/Customer/Nobody"]) {
      const answer = await nobody(path)
      expect([path, answer.status, answer.type]).toEqual([path, 403, "PermissionError"])
    }
    expect((await nobody("/api/resource/Customer/Nobody")).at("exception")).toBeUndefined()
    expect((await nobody("/api/method/frappe.client.get_time_zone")).at("message.time_zone")).toBe("America/New_York")
  })

  it("who is disabled is nobody's", async () => {
    const bench = open()
    bench.world.enable(ErpNextTwin.LIMITED.user, false)
    expect((await whoami(bench, limited)).status).toBe(401)
  })

  it("loses the old secret when a new one is made; the key stays", async () => {
    const bench = open()
    const { user } = ErpNextTwin.LIMITED
    const made = await bench.call("frappe.core.doctype.user.user.generate_keys", { user })
    expect(made.at("message.api_key")).toBe(ErpNextTwin.LIMITED.apiKey)
    expect((await whoami(bench, limited)).status).toBe(401)
    const apiSecret = String(made.at("message.api_secret"))
    expect(
      (await whoami(bench, { authorization: token({ apiKey: ErpNextTwin.LIMITED.apiKey, apiSecret }) })).at("message"),
    ).toBe(user)
  })
})

describe("a user with few roles", () => {
  it.each(["Customer", "Item", "Sales Invoice", "Payment Entry", "Sales Order", "Contact", "Address"])(
    "lists %s",
    async (doctype) => {
      expect(
        (await open().send("GET", `/api/resource/${encodeURIComponent(doctype)}`, { headers: limited })).status,
      ).toBe(200)
    },
  )

  it.each([
    "Item Price",
    "Custom Field",
    "Property Setter",
    "DocType",
    "Deleted Document",
    "Webhook",
    "Version",
    "System Settings",
  ])("is refused %s", async (doctype) => {
    const answer = await open().send("GET", `/api/resource/${encodeURIComponent(doctype)}`, { headers: limited })
    expect([answer.status, answer.type]).toEqual([403, "PermissionError"])
  })

  it("sees nothing of the trade where it manages the system alone", async () => {
    const manager = {
      name: "root@example.com",
      roles: ["System Manager"],
      apiKey: "manager-key",
      apiSecret: "manager-sec",
    }
    const { send } = open({ users: [manager] })
    const headers = { authorization: token(manager) }
    for (const doctype of ["Customer", "Item", "Item Price", "Sales Order", "Sales Invoice", "Payment Entry"])
      expect((await send("GET", `/api/resource/${encodeURIComponent(doctype)}`, { headers })).status, doctype).toBe(403)
    for (const doctype of ["Custom Field", "Deleted Document", "Contact"])
      expect((await send("GET", `/api/resource/${encodeURIComponent(doctype)}`, { headers })).status, doctype).toBe(200)
  })

  it("creates customers and neither deletes them nor creates items", async () => {
    const { send } = open()
    const made = await send("POST", "/api/resource/Customer", { headers: limited, body: { customer_name: "L" } })
    expect([made.status, made.at("data.owner")]).toEqual([200, "sync@example.com"])
    expect((await send("DELETE", "/api/resource/Customer/L", { headers: limited })).status).toBe(403)
    expect((await send("POST", "/api/resource/Item", { headers: limited, body: { item_code: "L" } })).status).toBe(403)
  })

  it("reads what doctypes are made of, by the form and by v2, and not as documents", async () => {
    const { send } = open()
    const form = await send("GET", "/api/method/frappe.desk.form.load.getdoctype", {
      headers: limited,
      query: { doctype: "Customer" },
    })
    const meta = await send("GET", "/api/v2/doctype/Customer/meta", { headers: limited })
    expect([form.at("docs.0.name"), meta.at("data.name")]).toEqual(["Customer", "Customer"])
    expect((await send("GET", "/api/resource/DocType/Customer", { headers: limited })).status).toBe(403)
  })
})

describe("tokens", () => {
  const REDIRECT = "https://app.example.test/callback"

  const provider = async () => {
    const bench = open()
    const client = await bench.post("OAuth Client", {
      app_name: "sync",
      scopes: "all openid",
      redirect_uris: REDIRECT,
      default_redirect_uri: REDIRECT,
    })
    const id = String(client.at("data.client_id"))
    const form = (path: string, fields: Record<string, string>) =>
      bench.send("POST", `/api/method/frappe.integrations.oauth2.${path}`, {
        headers: { cookie: "", "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(fields).toString(),
      })
    const granted = (fields: Record<string, string>) => form("get_token", { client_id: id, ...fields })
    return {
      ...bench,
      id,
      form,
      granted,
      refresh: (refresh_token: string) => granted({ grant_type: "refresh_token", refresh_token }),
    }
  }

  it("stand in no transcript, neither as they are asked for nor as they are given", async () => {
    const bench = await provider()
    const { refreshToken } = bench.world.consent(bench.id)
    const made = await bench.refresh(refreshToken)
    const [line] = bench.twin.journal.where(({ url }) => url.endsWith("get_token"))
    for (const secret of [refreshToken, made.at("access_token"), made.at("refresh_token")]) {
      expect(`${line?.requestBody} ${line?.responseBody}`).not.toContain(String(secret))
    }
    expect(line?.responseBody).toContain('"access_token":"<redacted>"')
  })

  it("come by a code once, with the proof of who asked for it", async () => {
    const bench = await provider()
    const query = new URLSearchParams({
      redirect_uri: REDIRECT,
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    })
    const grant = (code: string, code_verifier: string) =>
      bench.granted({ grant_type: "authorization_code", code, redirect_uri: REDIRECT, code_verifier })
    const wrong = await grant(bench.world.authorize(bench.id, query), "guess")
    expect([wrong.status, wrong.body]).toEqual([400, { error: "invalid_grant" }])
    const code = bench.world.authorize(bench.id, query)
    const made = await grant(code, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    expect([made.status, made.at("token_type"), made.at("expires_in")]).toEqual([200, "Bearer", "3600"])
    expect((await whoami(bench, bearer(String(made.at("access_token"))))).at("message")).toBe("Administrator")
    expect((await grant(code, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).body).toEqual({ error: "invalid_grant" })
  })

  it("are refreshed with an old refresh token again and again, and the old access token lives to its expiry", async () => {
    const bench = await provider()
    const { accessToken, refreshToken } = bench.world.consent(bench.id)
    const [one, two] = [await bench.refresh(refreshToken), await bench.refresh(refreshToken)]
    expect([one.status, two.status, one.at("access_token") !== two.at("access_token")]).toEqual([200, 200, true])
    expect((await whoami(bench, bearer(accessToken))).status).toBe(200)
    await bench.clock.advance("61 minutes")
    expect((await whoami(bench, bearer(accessToken))).status).toBe(401)
    expect((await bench.refresh(refreshToken)).status).toBe(200)
  })

  it("end together when either is revoked", async () => {
    const bench = await provider()
    const { accessToken, refreshToken } = bench.world.consent(bench.id)
    await bench.form("revoke_token", { token: refreshToken })
    expect((await whoami(bench, bearer(accessToken))).status).toBe(401)
    expect((await bench.refresh(refreshToken)).status).toBe(403)
  })

  it("are refused in Frappe's words or in those of OAuth", async () => {
    const { form, granted, refresh } = await provider()
    const unknown = await refresh("nothing")
    expect([unknown.status, unknown.type, unknown.at("error")]).toEqual([403, "PermissionError", undefined])
    expect((await granted({ grant_type: "client_credentials" })).body).toEqual({ error: "unauthorized_client" })
    expect((await form("get_token", {})).body).toEqual({ error: "unsupported_grant_type" })
    expect(
      (await form("get_token", { grant_type: "refresh_token", refresh_token: "x", client_id: "nobody" })).status,
    ).toBe(403)
  })

  it("are found by the well-known address, which leads elsewhere", async () => {
    const { send } = await provider()
    const moved = await send("GET", "/.well-known/openid-configuration")
    expect([moved.status, moved.headers.get("location")]).toEqual([
      301,
      "/api/method/frappe.integrations.oauth2.openid_configuration",
    ])
    expect((await send("GET", String(moved.headers.get("location")))).at("token_endpoint")).toContain(
      "oauth2.get_token",
    )
  })
})

describe("a session", () => {
  const login = async (bench: Bench, pwd = ErpNextTwin.KEY.password as string) =>
    bench.send("POST", "/api/method/login", { headers: { cookie: "" }, body: { usr: "Administrator", pwd } })

  const cookieOf = (answer: Awaited<ReturnType<typeof login>>) =>
    answer.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ")

  it("beats a token, needs its mark after a page of the desk, and says when it has ended", async () => {
    const bench = open()
    const answer = await login(bench)
    expect([answer.status, answer.at("message")]).toEqual([200, "Logged In"])
    const cookie = cookieOf(answer)
    expect((await whoami(bench, { cookie, ...limited })).at("message")).toBe("Administrator")
    const post = (headers: Record<string, string> = {}) =>
      bench.send("POST", "/api/resource/ToDo", { headers: { cookie, ...headers }, body: { description: "x" } })
    expect((await post()).status).toBe(200)
    const page = await bench.send("GET", "/app", { headers: { cookie } })
    const mark = /csrf_token = "(\w+)"/.exec(page.text)?.[1] ?? ""
    expect([(await post()).type, (await post({ "x-frappe-csrf-token": mark })).status]).toEqual(["CSRFTokenError", 200])
    await bench.send("GET", "/api/method/logout", { headers: { cookie } })
    const ended = await bench.send("GET", "/api/resource/Customer", { headers: { cookie } })
    expect([ended.status, ended.at("session_expired")]).toEqual([403, "1"])
  })

  it("ends after 170 hours", async () => {
    const bench = open()
    const cookie = cookieOf(await login(bench))
    await bench.clock.advance("171 hours")
    expect((await bench.send("GET", "/api/resource/Customer", { headers: { cookie } })).at("session_expired")).toBe("1")
  })

  it("is not opened by a wrong password, and after ten of them not by the right one for a minute", async () => {
    const bench = open()
    for (let at = 0; at < 10; at += 1) expect((await login(bench, "wrong")).status).toBe(401)
    expect((await login(bench)).type).toBe("SecurityException")
    await bench.clock.advance("61 seconds")
    expect((await login(bench)).status).toBe(200)
  })
})
