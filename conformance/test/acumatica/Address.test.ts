import { describe, expect, it } from "vitest"
import { ask, make, open } from "./Client.ts"

describe("addresses and versions", () => {
  it("lists build and endpoints to whoever asks, hrefs relative to the server", async () => {
    const { twin } = make()
    const answer = await ask(twin, "/entity")
    expect(answer.status).toBe(200)
    expect(answer.at("version.acumaticaBuildVersion")).toBe("25.201.0213")
    expect(answer.at("endpoints.0")).toMatchObject({ name: "Default", href: "/AcmeERP/entity/Default/18.200.001/" })
  })

  it("answers the bare array with absolute hrefs, as older builds do", async () => {
    const { twin } = make({ knobs: { endpointList: "array", endpointHref: "absolute" } })
    const answer = await ask(twin, "/entity")
    expect(answer.length).toBe(6)
    expect(answer.at("0.href")).toBe("https://acme.acumatica.example/AcmeERP/entity/Default/18.200.001/")
  })

  it("shows custom endpoints only to those who signed in to their tenant", async () => {
    const { send, twin, world } = await open()
    world.tenant().endpoints.push({ name: "Acme", version: "1.0.0", extends: "24.200.001" })
    expect((await ask(twin, "/entity")).text).not.toContain("Acme/1.0.0")
    expect((await send("/entity")).text).toContain("/AcmeERP/entity/Acme/1.0.0/")
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
    expect((await send("/entity/Acme/1.0.0/Customer/C1")).at("CustomerName.value")).toBe("One")
  })

  it("does not know another version, entity or action", async () => {
    const { get, post, world } = await open()
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
    for (const answer of [
      await get("Customer", { version: "19.200.001" }),
      await get("Dragon"),
      await post("Customer/Explode", { entity: { CustomerID: { value: "C1" } } }),
    ]) {
      expect(answer.status).toBe(404)
      expect(answer.at("message")).toBeTypeOf("string")
    }
  })

  it("shows server internals in its errors", async () => {
    const { get } = await open()
    const answer = await get("Dragon")
    expect(answer.at("exceptionType")).toMatch(/Exception$/)
    expect(answer.at("stackTrace")).toContain("C:\\inetpub")
  })

  it("refuses POST on a collection", async () => {
    const { post } = await open()
    expect((await post("Customer", {})).status).toBe(406)
  })

  it("serves the description of an endpoint", async () => {
    const { get } = await open()
    const answer = await get("swagger.json?company=Acme")
    expect(answer.at("paths./Customer.put.operationId")).toBe("Customer_PutEntity")
  })

  it("dates its replies by its own clock, which may be off", async () => {
    const { get } = await open({ knobs: { clockSkew: -90_000 } })
    expect((await get("Customer")).headers.get("date")).toBe("Thu, 15 Jan 2026 11:58:30 GMT")
  })

  it("is not there outside of its instance path", async () => {
    const { twin } = make()
    const response = await twin.fetch(`${twin.origin}/entity`)
    expect(response.status).toBe(404)
  })
})
