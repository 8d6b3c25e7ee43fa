import { setupServer } from "msw/node"
import { describe, expect, it } from "vitest"
import * as ErpNextTwin from "../../src/erpnext/ErpNextTwin.ts"
import { open } from "./bench.ts"

describe("the limiter", () => {
  const limitedSite = async (limit: number, requestSeconds = 0.02) => {
    const bench = open({ knobs: { rateLimit: { limit, window: 10 }, requestSeconds } })
    await bench.clock.advance(10_000 - (bench.clock.now() % 10_000))
    return bench
  }

  it("meters server time in windows, tells so on every reply, and lets the request pass that goes over", async () => {
    const { clock, list } = await limitedSite(0.05)
    const statuses = []
    for (let at = 0; at < 5; at += 1) statuses.push((await list("UOM")).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    await clock.advance("4 seconds")
    const over = await list("UOM")
    expect([over.type, over.headers.get("retry-after"), over.headers.get("x-ratelimit-reset")]).toEqual([
      "TooManyRequestsError",
      "6",
      "6",
    ])
    expect([over.headers.get("x-ratelimit-limit"), over.headers.get("x-ratelimit-remaining")]).toEqual(["50000", "0"])
    await clock.advance("6 seconds")
    expect((await list("UOM")).status).toBe(200)
  })

  it("shows what is left in whole millions", async () => {
    const { list } = await limitedSite(3, 0.5)
    expect((await list("UOM")).headers.get("x-ratelimit-remaining")).toBe("2000000")
  })

  it("answers before it looks at credentials, in v2 in its form, and in text to who asks for that", async () => {
    const { send } = await limitedSite(0.01)
    await send("GET", "/api/resource/UOM")
    expect((await send("GET", "/api/resource/UOM", { headers: { authorization: "token no:body" } })).status).toBe(429)
    expect((await send("GET", "/api/v2/document/UOM")).at("errors.0.type")).toBe("TooManyRequestsError")
    const text = await send("GET", "/api/resource/UOM", { headers: { accept: "text/html" } })
    expect([text.status, text.text, text.headers.get("content-type")]).toEqual([
      429,
      "Too Many Requests",
      "text/plain; charset=utf-8",
    ])
  })

  it("is off unless it is set", async () => {
    expect((await open().list("UOM")).headers.get("x-ratelimit-limit")).toBeNull()
  })
})

describe("a site", () => {
  it("in maintenance refuses all, or writes alone", async () => {
    const { list, post, world } = open()
    world.knobs.maintenance = "on"
    const closed = await list("Customer")
    expect([closed.status, closed.type, closed.headers.getSetCookie()]).toEqual([503, "SessionStopped", []])
    world.knobs.maintenance = "readable"
    expect((await list("Customer")).status).toBe(200)
    const write = await post("Customer", { customer_name: "A" })
    expect([write.status, write.type, world.all("Customer")]).toEqual([503, "InReadOnlyMode", []])
  })

  it("without tracebacks tells the class alone", async () => {
    const { post, put } = open()
    await put("System Settings", "System Settings", { allow_error_traceback: 0 })
    expect((await post("Customer", {})).body).toEqual({ exc_type: "AttributeError" })
  })

  it("answers a body that is too large with a page", async () => {
    const { send, world } = open()
    world.knobs.maxBody = 1_000
    const answer = await send("POST", "/api/resource/Customer", { body: { customer_name: "x".repeat(2_000) } })
    expect([answer.status, answer.headers.get("content-type")]).toEqual([413, "text/html; charset=utf-8"])
  })

  it("answers for no other host", async () => {
    const answer = await open().send("GET", "/api/resource/Customer", {
      headers: { "x-frappe-site-name": "other.example.test" },
    })
    expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"])
  })

  it("answers errors with a page to who asks for text, and with JSON to who asks for both", async () => {
    const { send } = open()
    const of = async (accept: string) =>
      (await send("GET", "/api/resource/Customer/Nobody", { headers: { accept } })).headers.get("content-type")
    expect([await of("text/html"), await of("text/html,application/json"), await of("*/*")]).toEqual([
      "text/html; charset=utf-8",
      "application/json",
      "application/json",
    ])
  })

  it("knows no route but its own, and no method that is not open", async () => {
    const { send } = open()
    expect((await send("GET", "/api/nosuch")).body).toEqual({ exc_type: "DoesNotExistError" })
    expect((await send("PATCH", "/api/resource/Customer/A", { body: { tax_id: "1" } })).status).toBe(404)
    expect((await send("GET", "/api/resource/Dragon")).status).toBe(404)
    const status = async (method: string) => (await send("GET", `/api/method/${method}`)).status
    expect([
      await status("no.such.method"),
      await status("frappe.utils.now"),
      await status("frappe.client.insert"),
    ]).toEqual([417, 403, 403])
  })

  it("takes names with slashes, encoded or not", async () => {
    const { send } = open()
    await send("POST", "/api/v2/document/Customer", { body: { name: "A/B & C", customer_name: "S" } })
    for (const path of ["A%2FB%20%26%20C", "A/B%20%26%20C"]) {
      expect((await send("GET", `/api/resource/Customer/${path}`)).at("data.name")).toBe("A/B & C")
    }
  })
})

describe("faults of the deck", () => {
  it("are worded as the site words them, in the API that was asked", async () => {
    const { list, send, twin, world } = open()
    const deal = (fault: Parameters<typeof twin.faults.deal>[0]["fault"]) => twin.faults.deal({ at: () => true, fault })
    deal({ kind: "throttle", retryAfter: "7" })
    const throttled = await list("Customer")
    expect([throttled.status, throttled.type, throttled.headers.get("retry-after")]).toEqual([
      429,
      "TooManyRequestsError",
      "7",
    ])
    deal({ kind: "unauthorized" })
    expect((await send("GET", "/api/v2/document/Customer")).at("errors.0.type")).toBe("AuthenticationError")
    deal({ kind: "errorBefore", status: 403 })
    expect((await send("GET", "/api/resource/Customer")).type).toBe("PermissionError")
    deal({ kind: "errorAfter", status: 502 })
    const lost = await send("POST", "/api/resource/Customer", { body: { customer_name: "A" } })
    expect([lost.status, lost.headers.get("content-type"), world.all("Customer").length]).toEqual([502, "text/html", 1])
  })

  it("lose the reply of a write that was made, and show it in the journal", async () => {
    const { post, twin, world } = open()
    twin.faults.deal({ at: ({ method }) => method === "POST", fault: { kind: "lostReply" } })
    await expect(post("Customer", { customer_name: "A" })).rejects.toThrow("fetch failed")
    expect(world.all("Customer")).toHaveLength(1)
    expect(twin.journal.writes().map(({ faults }) => faults)).toEqual([["lostReply"]])
    expect(twin.journal.lines[0]?.requestHeaders["authorization"]).toBe("<redacted>")
  })
})

describe("the twin", () => {
  it("is intercepted, called in process and served, all the same", async () => {
    const { twin } = open()
    const served = await twin.serve()
    const headers = { authorization: `token ${ErpNextTwin.KEY.apiKey}:${ErpNextTwin.KEY.apiSecret}` }
    const outside = await (await fetch(`${served.url}/api/resource/UOM/Nos`, { headers })).text()
    await served.close()
    const inside = await (await twin.fetch(`${twin.origin}/api/resource/UOM/Nos`, { headers })).text()
    const server = setupServer(...twin.handlers)
    server.listen()
    const intercepted = await (await fetch(`${twin.origin}/api/resource/UOM/Nos`, { headers })).text()
    server.close()
    expect([outside, intercepted]).toEqual([inside, inside])
  })
})
