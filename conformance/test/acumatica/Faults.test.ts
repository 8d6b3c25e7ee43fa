import { describe, expect, it } from "vitest"
import { filter, open, values } from "./Client.ts"

const customer = values({ CustomerName: "One", AccountRef: "x" })
const puts = (request: { readonly method: string }) => request.method === "PUT"

describe("faults", () => {
  it("lose the reply after the record was saved", async () => {
    const { put, twin, world } = await open()
    twin.faults.deal({ at: puts, fault: { kind: "lostReply" } })
    await expect(put("Customer", customer)).rejects.toThrow("fetch failed")
    expect(world.all("Customer")).toHaveLength(1)
  })

  it("commit after the client has given up", async () => {
    const { clock, put, twin, world } = await open()
    twin.faults.deal({ at: puts, fault: { kind: "slow", millis: 300_000, commit: "late" } })
    const pending = put("Customer", customer)
    await clock.advance("1 minute")
    expect(world.all("Customer")).toHaveLength(0)
    await clock.advance("5 minutes")
    expect((await pending).status).toBe(200)
    expect(world.all("Customer")).toHaveLength(1)
  })

  it("word 429, 401 and 500 as the instance does", async () => {
    const { get, twin } = await open()
    twin.faults.deal({ at: () => true, fault: { kind: "throttle" } })
    expect((await get("Customer")).text).toBe("The custom error module does not recognize this error.")
    twin.faults.deal({ at: () => true, fault: { kind: "unauthorized" } })
    expect((await get("Customer")).at("message")).toBe("You are not logged in.")
    twin.faults.deal({ at: () => true, fault: { kind: "errorBefore", status: 500 } })
    expect((await get("Customer")).at("stackTrace")).toBeTypeOf("string")
  })

  it("show a page, or redirect to an error page, while the tenant is not well", async () => {
    const { get, world } = await open()
    world.knobs.unhealthy = "html"
    const page = await get("Customer")
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"])
    world.knobs.unhealthy = "redirect"
    const away = await get("Customer")
    expect([away.status, away.headers.get("location")]).toEqual([302, "/AcmeERP/ui/error"])
  })

  it("let readers see a commit later than its stamp says", async () => {
    const { clock, get, put, world } = await open({ knobs: { commitDelay: 10_000 } })
    await put("Customer", customer)
    await clock.advance("2 seconds")
    const count = async () =>
      (await get(`Customer?${filter("LastModifiedDateTime ge datetimeoffset'2026-01-15T12:00:00Z'")}`)).length
    expect(await count()).toBe(0)
    await clock.advance("9 seconds")
    expect(await count()).toBe(1)
    expect(world.customer("C000001")?.modified).toBe("2026-01-15T12:00:00.000Z")
  })

  it("let the next writer build on a commit that readers do not see yet", async () => {
    const { clock, put, world } = await open({ knobs: { commitDelay: 10_000 } })
    world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One" }])
    await put("Customer", values({ CustomerID: "C1", AccountRef: "a" }))
    await put("Customer", values({ CustomerID: "C1", TaxZone: "z" }))
    expect(world.customer("C1")?.fields["AccountRef"]).toBeUndefined()
    await clock.advance("11 seconds")
    world.settle()
    expect(world.customer("C1")?.fields).toMatchObject({ AccountRef: "a", TaxZone: "z" })
  })
})
