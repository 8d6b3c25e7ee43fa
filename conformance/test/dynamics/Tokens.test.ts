import { describe, expect, it } from "vitest"
import * as DynamicsTwin from "../../src/dynamics/DynamicsTwin.ts"
import { Answer, make } from "./Client.ts"

const { clientId, clientSecret } = DynamicsTwin.CREDENTIALS
const FORM = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret }
const SCOPE = { scope: `${DynamicsTwin.ORIGIN}/.default` }

const asking = (options: Partial<DynamicsTwin.Options> = {}) => {
  const made = make(options)
  const token = async (form: Record<string, string>, version = "v2.0/", tenant = DynamicsTwin.TENANT) => {
    const url = `${DynamicsTwin.LOGIN_ORIGIN}/${tenant}/oauth2/${version}token`
    const response = await made.twin.fetch(url, { method: "POST", body: new URLSearchParams({ ...FORM, ...form }) })
    return new Answer(response, await response.text())
  }
  const status = async (bearer: unknown) => {
    const headers = { authorization: `Bearer ${bearer}` }
    return (await made.twin.fetch(`${made.twin.origin}/data/Currencies`, { headers })).status
  }
  return { ...made, token, status }
}

describe("tokens", () => {
  it("come from v2 by scope and from v1 by resource, for an hour, and open the environment", async () => {
    const { status, token } = asking()
    const v2 = await token(SCOPE)
    expect([v2.status, v2.at("token_type"), v2.at("expires_in"), v2.at("refresh_token")]).toEqual([
      200,
      "Bearer",
      "3599",
      undefined,
    ])
    expect(String(v2.at("access_token")).length).toBeGreaterThan(1500)
    expect(await status(v2.at("access_token"))).toBe(200)
    const v1 = await token({ resource: DynamicsTwin.ORIGIN }, "")
    expect([v1.at("expires_in"), v1.at("resource")]).toEqual(["3599", DynamicsTwin.ORIGIN])
    expect(await status(v1.at("access_token"))).toBe(200)
  })

  it("end, and are then 401", async () => {
    const { clock, status, token } = asking()
    const bearer = (await token(SCOPE)).at("access_token")
    await clock.advance("59 minutes")
    expect(await status(bearer)).toBe(200)
    await clock.advance("1 minute")
    expect(await status(bearer)).toBe(401)
  })

  it("for another address, with a slash or capitals, are had and open nothing", async () => {
    const { status, token } = asking()
    for (const scope of [
      "https://other.operations.dynamics.com",
      `${DynamicsTwin.ORIGIN}/`,
      DynamicsTwin.ORIGIN.toUpperCase(),
    ]) {
      const bearer = (await token({ scope: `${scope.replace("HTTPS", "https")}/.default` })).at("access_token")
      expect(await status(bearer)).toBe(401)
    }
  })

  it("of an application that the environment does not know, or that has no principal, open nothing", async () => {
    const { status, token, world } = asking()
    const bearer = (await token(SCOPE)).at("access_token")
    world.remove("SysAADClients", clientId)
    expect(await status(bearer)).toBe(401)
    const app = { clientId, secret: clientSecret, principal: false, priority: "high" } as const
    const without = asking({ apps: [app] })
    expect(await without.status((await without.token(SCOPE)).at("access_token"))).toBe(401)
  })

  it("that were tampered with, or are none, open nothing", async () => {
    const { status, token } = asking()
    const bearer = String((await token(SCOPE)).at("access_token"))
    expect(await status(`${bearer.slice(0, -4)}AAAA`)).toBe(401)
    expect(await status("nonsense")).toBe(401)
  })

  it.each([
    ["a wrong secret", { client_secret: "wrong" }, 7000215, "invalid_client"],
    ["an application that the tenant does not have", { client_id: "other" }, 700016, "unauthorized_client"],
    ["no resource", { scope: "openid" }, 50001, "invalid_resource"],
    ["another grant", { grant_type: "password" }, 70003, "unsupported_grant_type"],
  ])("are refused for %s, with the code of Entra", async (_, form, code, error) => {
    const { token } = asking()
    const answer = await token({ ...SCOPE, ...form })
    expect([answer.status >= 400, answer.at("error"), answer.at("error_codes.0")]).toEqual([true, error, String(code)])
    expect(answer.at("error_description")).toContain(`AADSTS${code}: `)
    for (const name of ["timestamp", "trace_id", "correlation_id"]) expect(answer.at(name)).toBeTypeOf("string")
  })

  it("are refused when the secret has expired, and for another tenant", async () => {
    const app = { clientId, secret: clientSecret, principal: true, priority: "high", secretEnds: 0 } as const
    expect((await asking({ apps: [app] }).token(SCOPE)).at("error_codes.0")).toBe("7000222")
    expect((await asking().token(SCOPE, "v2.0/", "elsewhere")).at("error_codes.0")).toBe("90002")
  })

  it("and secrets do not enter the journal", async () => {
    const { status, token, twin } = asking()
    const bearer = String((await token(SCOPE)).at("access_token"))
    await status(bearer)
    const told = JSON.stringify(twin.journal.lines)
    expect(told).not.toContain(bearer)
    expect(told).not.toContain(clientSecret)
  })
})

describe("the integration user", () => {
  it("does not reach the sets that its roles leave out", async () => {
    const users = [{ id: "integration", company: "demf", forbidden: ["CustomersV3"] }]
    const { twin, world } = make({ users })
    const headers = { authorization: `Bearer ${DynamicsTwin.token(world)}` }
    const ask = async (set: string) => (await twin.fetch(`${twin.origin}/data/${set}`, { headers })).status
    expect([await ask("CustomersV3"), await ask("CustomerGroups")]).toEqual([403, 200])
  })

  it("looks into its own company unless told", async () => {
    const users = [{ id: "integration", company: "demf", forbidden: [] }]
    const { twin, world } = make({ users })
    const headers = { authorization: `Bearer ${DynamicsTwin.token(world)}` }
    const response = await twin.fetch(`${twin.origin}/data/PaymentTerms?$select=dataAreaId`, { headers })
    const { value } = (await response.json()) as { value: ReadonlyArray<{ dataAreaId: string }> }
    expect(new Set(value.map((row) => row.dataAreaId))).toEqual(new Set(["demf"]))
  })
})
