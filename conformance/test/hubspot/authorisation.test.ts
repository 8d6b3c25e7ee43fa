import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { open, V2026 } from "./portal.ts"

const GET = `${V2026}/companies`
const APP = { appId: 77, clientId: "client-1", clientSecret: "secret-1" }

const installed = () => {
  const portal = open()
  portal.world.oauth.register(APP)
  const refresh = portal.world.oauth.install({
    clientId: APP.clientId,
    scopes: ["oauth", "crm.objects.companies.read"],
  })
  const token = (form: Readonly<Record<string, string>>, path = "/oauth/2026-03/token") =>
    portal.ask("POST", path, undefined, {
      token: null,
      form: { client_id: APP.clientId, client_secret: APP.clientSecret, ...form },
    })
  return { ...portal, refresh, token }
}

const refreshing = (refresh_token: string) => ({ grant_type: "refresh_token", refresh_token })

describe("who may call a HubSpot portal", () => {
  it("tells a missing token from one that expired, and reads garbage as expired in 1970", async () => {
    const { ask } = open()
    const none = await ask("GET", GET, undefined, { token: null })
    expect([none.status, none.body.category]).toEqual([401, "INVALID_AUTHENTICATION"])
    const garbage = await ask("GET", GET, undefined, { token: "nonsense" })
    expect([garbage.status, garbage.body.category]).toEqual([401, "EXPIRED_AUTHENTICATION"])
    expect(garbage.body.context["expire time"]).toEqual(["1970-01-01T00:00:00.000Z"])
  })

  it("gives access tokens 1800 seconds and answers with the same refresh token", async () => {
    const { ask, clock, refresh, token } = installed()
    const first = await token(refreshing(refresh))
    expect([first.status, first.body.expires_in, first.body.token_use]).toEqual([200, 1_800, "access_token"])
    expect([first.body.refresh_token, first.body.scopes]).toEqual([refresh, ["oauth", "crm.objects.companies.read"]])
    const access = { token: first.body.access_token }
    clock.advance(1_799_000)
    expect((await ask("GET", GET, undefined, access)).status).toBe(200)
    clock.advance(1_000)
    const dead = await ask("GET", GET, undefined, access)
    expect([dead.status, dead.body.category]).toEqual([401, "EXPIRED_AUTHENTICATION"])
    expect(dead.body.context["expire time"]).toEqual([new Date(clock.now()).toISOString()])
    expect((await token(refreshing(refresh))).status).toBe(200)
  })

  it("rotates refresh tokens where the portal is turned so, and ends the old one", async () => {
    const { refresh, token, world } = installed()
    world.knobs.rotateRefreshTokens = true
    const first = await token(refreshing(refresh))
    expect(first.body.refresh_token).not.toBe(refresh)
    expect((await token(refreshing(refresh))).status).toBe(400)
    expect((await token(refreshing(first.body.refresh_token))).status).toBe(200)
  })

  it("words a dead refresh token by `status` at v1 and by `error` at the others", async () => {
    const { token } = installed()
    const v1 = await token(refreshing("gone"), "/oauth/v1/token")
    expect([v1.status, v1.body.status]).toEqual([400, "BAD_REFRESH_TOKEN"])
    for (const version of ["v3", "2026-03", "2026-09"]) {
      const { body, status } = await token(refreshing("gone"), `/oauth/${version}/token`)
      expect([status, body.error, typeof body.error_description]).toEqual([400, "invalid_grant", "string"])
    }
    const secret = await token({ ...refreshing("gone"), client_secret: "wrong" })
    expect(secret.body.error).toBe("invalid_client")
  })

  it("exchanges a code once, with the redirect uri and the PKCE verifier that fit", async () => {
    const { token, world } = installed()
    const verifier = "v".repeat(64)
    const challenge = createHash("sha256").update(verifier).digest("base64url")
    const redirectUri = "https://app.example/callback"
    const code = world.oauth.authorise({ clientId: APP.clientId, redirectUri, challenge })
    const form = { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier }
    expect((await token({ ...form, code_verifier: "wrong" })).body.error).toBe("invalid_grant")
    expect((await token({ ...form, redirect_uri: "https://evil.example" })).body.error).toBe("invalid_grant")
    const granted = await token(form)
    expect([granted.status, granted.body.hub_id]).toEqual([200, world.portal.portalId])
    expect((await token(form)).body.error).toBe("invalid_grant")
  })

  it("introspects OAuth tokens and refuses those of private apps", async () => {
    const { refresh, token, world } = installed()
    const { access_token } = (await token(refreshing(refresh))).body
    const look = (value: string) => token({ token: value }, "/oauth/2026-03/token/introspect")
    const access = await look(access_token)
    expect([access.body.active, access.body.token_use, access.body.expires_in]).toEqual([true, "access_token", 1_800])
    expect((await look(refresh)).body.token_use).toBe("refresh_token")
    expect((await look("unknown")).body.active).toBe(false)
    expect((await look(world.token)).status).toBe(400)
  })

  it("revokes a refresh token and lets live access tokens be", async () => {
    const { ask, refresh, token } = installed()
    const { access_token } = (await token(refreshing(refresh))).body
    expect((await token({ token: refresh }, "/oauth/2026-03/token/revoke")).status).toBe(204)
    expect((await token(refreshing(refresh))).body.error).toBe("invalid_grant")
    expect((await ask("GET", GET, undefined, { token: access_token })).status).toBe(200)
  })

  it("names the scopes that are lacking, and asks the schema scope for properties", async () => {
    const { ask, world } = open()
    const token = world.issueToken({ scopes: ["crm.objects.companies.read", "crm.objects.companies.write"] })
    const contacts = await ask("GET", `${V2026}/contacts`, undefined, { token })
    expect([contacts.status, contacts.body.category]).toEqual([403, "MISSING_SCOPES"])
    expect(contacts.body.errors?.[0]?.context["requiredGranularScopes"]).toEqual(["crm.objects.contacts.read"])
    expect(contacts.body.links["scopes"]).toContain("developers.hubspot.com")
    const property = { name: "a", label: "a", type: "string", fieldType: "text", groupName: "companyinformation" }
    const made = await ask("POST", "/crm/properties/2026-09/companies", property, { token })
    expect(made.body.errors?.[0]?.context["requiredGranularScopes"]).toEqual(["crm.schemas.companies.write"])
    expect((await ask("GET", "/crm/properties/2026-09/companies", undefined, { token })).status).toBe(200)
    expect((await ask("GET", "/account-info/2026-09/details", undefined, { token })).status).toBe(403)
  })

  it("takes e-commerce for the scopes of products and line items", async () => {
    const { ask, world } = open()
    const token = world.issueToken({ scopes: ["e-commerce"] })
    expect((await ask("POST", `${V2026}/products`, { properties: { name: "P" } }, { token })).status).toBe(201)
    expect((await ask("GET", `${V2026}/line_items`, undefined, { token })).status).toBe(200)
    expect((await ask("GET", `${V2026}/deals`, undefined, { token })).status).toBe(403)
  })

  it("loses scopes, or a token ahead of its time, on demand", async () => {
    const { ask, refresh, token, world } = installed()
    const { access_token } = (await token(refreshing(refresh))).body
    world.knobs.tokenExpiredEarly = 1
    const early = await ask("GET", GET, undefined, { token: access_token })
    expect([early.status, early.body.category]).toEqual([401, "EXPIRED_AUTHENTICATION"])
    expect((await ask("GET", GET, undefined, { token: access_token })).status).toBe(401)
    world.knobs.scopesRevoked = ["crm.objects.companies.read"]
    const fresh = (await token(refreshing(refresh))).body.access_token
    expect((await ask("GET", GET, undefined, { token: fresh })).status).toBe(403)
  })

  it("keeps secrets out of the journal", async () => {
    const { refresh, token, twin, world } = installed()
    const { access_token } = (await token(refreshing(refresh))).body
    const written = JSON.stringify(twin.journal.lines)
    for (const secret of [refresh, access_token, APP.clientSecret, world.token]) expect(written).not.toContain(secret)
  })
})
