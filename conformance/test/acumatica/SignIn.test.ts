import { describe, expect, it } from "vitest"
import * as AcumaticaTwin from "../../src/acumatica/AcumaticaTwin.ts"
import type { TwinRequest } from "../../src/twin/Twin.ts"
import * as VirtualClock from "../../src/VirtualClock.ts"
import { ask, cookieOf, login, make, open, START } from "./Client.ts"

const seats = (count: number) => ({ license: { seats: count } })

describe("signing in by cookie", () => {
  it("gives cookies and takes a seat until sign-out", async () => {
    const { twin, world } = make(seats(1))
    const first = await login(twin)
    expect(first.status).toBe(204)
    expect(cookieOf(first)).toMatch(/ASP\.NET_SessionId=.+\.ASPXAUTH=/)
    expect((await login(twin)).status).toBe(429)
    const out = await ask(twin, "/entity/auth/logout", { method: "POST", headers: { cookie: cookieOf(first) } })
    expect(out.status).toBe(204)
    expect(world.state.sessions.size).toBe(0)
    expect((await login(twin)).status).toBe(204)
  })

  it("declines without a seat in plain text and names no time, or with 500 API Login Limit", async () => {
    const { twin, world } = make(seats(0))
    const declined = await login(twin)
    expect(declined.headers.get("content-type")).toBe("text/plain")
    expect(declined.headers.has("retry-after")).toBe(false)
    world.knobs.seatsRefusal = 500
    const limit = await login(twin)
    expect(limit.status).toBe(500)
    expect(limit.at("exceptionMessage")).toBe("API Login Limit")
  })

  it("ends a session that nobody used for twenty minutes, and frees its seat", async () => {
    const { clock, get, twin } = await open(seats(1))
    await clock.advance("19 minutes")
    expect((await get("Customer")).status).toBe(200)
    await clock.advance("20 minutes")
    expect((await get("Customer")).status).toBe(401)
    expect((await login(twin)).status).toBe(204)
  })

  it("refuses what is not signed in", async () => {
    const { twin } = make()
    const answer = await ask(twin, "/entity/Default/24.200.001/Customer")
    expect(answer.status).toBe(401)
    expect(answer.at("message")).toBe("You are not logged in.")
  })

  it("wants a length at sign-out where a socket shows that there is none", async () => {
    const vendor = AcumaticaTwin.vendor({ clock: VirtualClock.make({ start: START }) })
    const url = new URL(`${AcumaticaTwin.ORIGIN}${AcumaticaTwin.INSTANCE_PATH}/entity/auth/logout`)
    const request = (headers: Record<string, string>): TwinRequest => ({
      index: 1,
      method: "POST",
      url,
      path: url.pathname,
      headers: new Headers(headers),
      body: "",
      at: START,
    })
    const context = { clock: VirtualClock.make({ start: START }), random: () => 0 }
    expect((await vendor.handle(request({ host: "acme" }), context)).status).toBe(411)
    expect((await vendor.handle(request({ host: "acme", "content-length": "0" }), context)).status).toBe(204)
  })

  it("signs out over a socket with what fetch sends", async () => {
    const { twin, world } = make()
    const cookie = cookieOf(await login(twin))
    const served = await twin.serve()
    try {
      const response = await fetch(`${served.url}/AcmeERP/entity/auth/logout`, { method: "POST", headers: { cookie } })
      expect(response.status).toBe(204)
    } finally {
      await served.close()
    }
    expect(world.state.sessions.size).toBe(0)
  })

  it("fails for a tenant that a site with several does not have", async () => {
    const { twin, world } = make({ tenants: ["Acme", "Other"] })
    const answer = await login(twin, { tenant: "Acme2" })
    expect(answer.status).toBe(500)
    expect(answer.at("exceptionType")).toBe("PX.Data.PXUndefinedCompanyException")
    world.knobs.wrongTenant = "default"
    expect((await login(twin, { tenant: "Acme2" })).status).toBe(204)
    expect([...world.state.sessions.values()][0]?.tenant).toBe("Acme")
  })

  it("keeps tenants apart, and takes any name where there is one", async () => {
    const { twin, world } = make({ tenants: ["Acme", "Other"] })
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }], "Other")
    const read = async (tenant: string) =>
      (
        await ask(twin, "/entity/Default/24.200.001/Customer", {
          headers: { cookie: cookieOf(await login(twin, { company: tenant })) },
        })
      ).length
    expect([await read("Acme"), await read("Other")]).toEqual([0, 1])
    expect((await login(make().twin, { tenant: "whatever" })).status).toBe(204)
  })

  it("locks an account after five wrong passwords", async () => {
    const { twin } = make()
    for (let i = 0; i < 5; i++) expect((await login(twin, { password: "wrong" })).status).toBe(500)
    expect((await login(twin)).status).toBe(500)
  })

  it("answers wrong credentials with 401 where the build does", async () => {
    const { twin } = make({ knobs: { badCredentials: 401 } })
    const answer = await login(twin, { password: "wrong" })
    expect(answer.status).toBe(401)
    expect(answer.text).not.toContain("wrong")
  })

  it("refuses entities that the user has no rights for", async () => {
    const { get, world } = await open()
    world.tenant().forbidden.push("Payment")
    expect((await get("Payment")).status).toBe(403)
    expect((await get("Customer")).status).toBe(200)
  })
})
