import * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import { describe, expect, it, onTestFinished } from "vitest"
import { fetched } from "./support/fetched.ts"
import { json, redirect, serve } from "./support/server.ts"

const serveTwin = async (options: Partial<AcumaticaTwin.Options> = {}) => {
  const clock = { now: () => Date.UTC(2026, 10, 2, 9), sleep: async () => {} }
  const twin = AcumaticaTwin.make({ clock, ...options })
  const served = await twin.serve()
  onTestFinished(served.close)
  const asked = () => twin.journal.lines.map(({ method, url }) => `${method} ${new URL(url).pathname}`)
  return { twin, asked, instance: served.url + AcumaticaTwin.INSTANCE_PATH }
}

const { clientId, name, password } = AcumaticaTwin.CREDENTIALS
const environment = { ACUMATICA_USER: name, ACUMATICA_PASSWORD: password, ACUMATICA_TENANT: AcumaticaTwin.TENANT }
const V24 = "/entity/Default/24.200.001"
const system = "acumatica"
const LOGOUT = `POST ${AcumaticaTwin.INSTANCE_PATH}/entity/auth/logout`

describe("an Acumatica instance", () => {
  it("gives the description of the endpoint, and has its seat back after it", async () => {
    const { asked, instance, twin } = await serveTwin()
    const brought = await fetched({ system, from: instance + V24, environment })
    expect(Object.keys(JSON.parse(brought.files.get("swagger.json") ?? "").paths)).toContain("/SalesOrder")
    expect(brought.build).toBe("25.201.0213")
    expect(asked().at(-1)).toBe(LOGOUT)
    expect(twin.world.state.sessions.size).toBe(0)
  })

  it("is asked for the tenant that the address names", async () => {
    const { instance, twin } = await serveTwin()
    const { ACUMATICA_TENANT: _, ...signIn } = environment
    await fetched({ system, from: `${instance}${V24}/swagger.json?company=Acme`, environment: signIn })
    const [line] = twin.journal.where(({ url }) => url.includes("swagger.json"))
    expect(new URL(line?.url ?? "").searchParams.get("company")).toBe("Acme")
    const [login] = twin.journal.where(({ url }) => url.endsWith("/login"))
    expect(login?.requestBody).toContain('"tenant":"Acme"')
  })

  it("takes the access token of a connected application, and gives back its seat too", async () => {
    const { asked, instance, twin } = await serveTwin()
    const { accessToken } = AcumaticaTwin.consent(twin.world, clientId)
    const brought = await fetched({ system, from: instance + V24, environment: { ACUMATICA_TOKEN: accessToken } })
    expect([...brought.files.keys()]).toEqual(["swagger.json"])
    expect(asked()).not.toContain(LOGOUT.replace("logout", "login"))
    expect(asked().at(-1)).toBe(LOGOUT)
  })

  it("has its seat back when it does not serve the version", async () => {
    const { instance, twin } = await serveTwin({ versions: ["22.200.001", "23.200.001"] })
    await expect(fetched({ system, from: instance + V24, environment })).rejects.toMatchObject({
      problem: "VersionMismatch",
      message: "the instance does not serve Default/24.200.001.",
      hint: "It serves Default/22.200.001, Default/23.200.001.",
    })
    expect(twin.world.state.sessions.size).toBe(0)
  })

  it("says which endpoints there are when the address names none", async () => {
    const { instance } = await serveTwin()
    const asking = fetched({ system, from: instance, environment })
    await expect(asking).rejects.toMatchObject({ problem: "VersionMismatch" })
    await expect(asking).rejects.toHaveProperty("hint", expect.stringContaining("Default/25.200.001"))
  })

  it("serves an endpoint of the tenant's own", async () => {
    const { instance, twin } = await serveTwin()
    twin.world.tenant("Acme").endpoints.push({ name: "AcmeSales", version: "1.0.0", extends: "24.200.001" })
    const brought = await fetched({ system, from: `${instance}/entity/AcmeSales/1.0.0`, environment })
    expect([...brought.files.keys()]).toEqual(["swagger.json"])
  })

  it("answers the bare list of older builds", async () => {
    const { instance } = await serveTwin({ knobs: { endpointList: "array" } })
    const brought = await fetched({ system, from: instance + V24, environment })
    expect(brought.build).toBeUndefined()
  })

  it("is asked once with a wrong password, and the password is not repeated", async () => {
    const { asked, instance } = await serveTwin()
    const wrong = { ...environment, ACUMATICA_PASSWORD: "hunter2-hunter2" }
    const error = await fetched({ system, from: instance + V24, environment: wrong }).catch((caught) => caught)
    expect(error).toMatchObject({ problem: "Credentials" })
    expect(`${error.message} ${error.hint}`).not.toContain("hunter2")
    expect(asked()).toEqual([LOGOUT.replace("logout", "login")])
  })

  it("says so when all seats are taken", async () => {
    const { instance } = await serveTwin({ license: { seats: 0 } })
    const asking = fetched({ system, from: instance + V24, environment })
    await expect(asking).rejects.toHaveProperty("message", expect.stringContaining("API Login Limit"))
  })

  it("gets no password when its sign-in leads to another host", async () => {
    const elsewhere = await serve({ "/entity/auth/login": json({}) })
    onTestFinished(elsewhere.close)
    const server = await serve({ "/entity/auth/login": redirect(`${elsewhere.url}/entity/auth/login`, 307) })
    onTestFinished(server.close)
    await expect(fetched({ system, from: server.url + V24, environment })).rejects.toMatchObject({ problem: "Address" })
    expect(elsewhere.asked).toEqual([])
  })

  it("gets nothing when the credentials are for another one", async () => {
    const { asked, instance } = await serveTwin()
    const other = { ...environment, ACUMATICA_URL: "https://erp.example.com/acme" }
    await expect(fetched({ system, from: instance + V24, environment: other })).rejects.toMatchObject({
      problem: "Address",
      message: expect.stringContaining("https://erp.example.com"),
    })
    expect(asked()).toEqual([])
  })
})
