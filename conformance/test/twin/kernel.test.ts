import { setupServer } from "msw/node"
import { describe, expect, it } from "vitest"
import * as Twin from "../../src/twin/Twin.ts"

/** A vendor with one counter: POST /count adds one, GET /count tells. */
const counter = (): Twin.Vendor<Twin.World & { count: number }> => {
  const world = {
    count: 0,
    dump: () => ({ count: world.count }),
    load: (dump: unknown) => {
      world.count = (dump as { count: number }).count
    },
  }
  return {
    name: "counter",
    origin: "https://counter.example",
    world,
    quirks: [],
    handle: (request) => {
      if (request.method === "POST") world.count += 1
      return { status: 200, body: { count: world.count }, changed: request.method === "POST" }
    },
  }
}

const clock = (): Twin.TwinClock => {
  let now = Date.UTC(2026, 0, 1)
  return {
    now: () => now,
    sleep: async (millis) => {
      now += millis
    },
  }
}

const make = (options?: Partial<Twin.Options>) => Twin.make(counter(), { clock: clock(), ...options })
const url = "https://counter.example/count"
const post = { method: "POST", body: "{}" }

describe("a twin's doors", () => {
  it("answers alike in process, by interception and on a loopback port", async () => {
    const twin = make()
    const inProcess = await twin.fetch(url, post)

    const server = setupServer(...twin.handlers)
    server.listen()
    const intercepted = await fetch(url, post)
    server.close()

    const served = await twin.serve()
    const loopback = await fetch(`${served.url}/count`, post)

    const seen = await Promise.all([inProcess, intercepted, loopback].map((response) => response.json()))
    expect(seen).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }])
    for (const response of [inProcess, intercepted, loopback]) {
      expect(response.headers.get("date")).toBe("Thu, 01 Jan 2026 00:00:00 GMT")
      expect(response.headers.get("content-type")).toContain("application/json")
    }
    expect(twin.journal.writes().map((line) => line.index)).toEqual([1, 2, 3])
    await served.close()
  })

  it("write down the headers of each answer, but for the cookies", async () => {
    const vendor = counter()
    const headers = { "x-request": "r-1", "set-cookie": "session=s3cret" }
    const twin = Twin.make({ ...vendor, handle: () => ({ status: 200, headers }) }, { clock: clock() })
    await twin.fetch(url, post)
    expect(twin.journal.lines[0]?.responseHeaders).toMatchObject({ "x-request": "r-1", "set-cookie": "<redacted>" })
  })

  it("cannot be left for another host in process", async () => {
    await expect(make().fetch("https://elsewhere.example/")).rejects.toMatchObject({ cause: { code: "ENOTFOUND" } })
  })
})

describe("the fault deck", () => {
  it("applies the write and drops the connection when the reply is lost", async () => {
    const twin = make()
    twin.faults.deal({ at: 1, fault: { kind: "lostReply" } })
    await expect(twin.fetch(url, post)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } })
    expect(twin.world.count).toBe(1)
    expect(twin.journal.lines[0]).toMatchObject({ changed: true, faults: ["lostReply"] })
    expect(twin.journal.lines[0]?.status).toBeUndefined()
  })

  it("does not apply a refused or an early reset request", async () => {
    const twin = make()
    twin.faults.deal({ at: 1, fault: { kind: "refused" } })
    twin.faults.deal({ at: 2, fault: { kind: "resetBefore" } })
    await expect(twin.fetch(url, post)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } })
    await expect(twin.fetch(url, post)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } })
    expect(twin.world.count).toBe(0)
  })

  it("drops a loopback connection for real", async () => {
    const twin = make()
    const served = await twin.serve()
    twin.faults.deal({ at: 1, fault: { kind: "lostReply" } })
    twin.faults.deal({ at: 2, fault: { kind: "truncatedBody" } })
    await expect(fetch(`${served.url}/count`, post)).rejects.toThrow("fetch failed")
    const cut = await fetch(`${served.url}/count`, post)
    await expect(cut.text()).rejects.toThrow()
    expect(twin.world.count).toBe(2)
    await served.close()
  })

  it("applies at once or late when it is slow, and answers with the twin's time", async () => {
    const twin = make()
    twin.faults.deal({ at: () => true, times: 2, fault: { kind: "slow", millis: 5000, commit: "late" } })
    const response = await twin.fetch(url, post)
    expect(response.headers.get("date")).toBe("Thu, 01 Jan 2026 00:00:05 GMT")
    expect(twin.world.count).toBe(1)
  })

  it("breaks bodies in the ways that real ones break", async () => {
    const twin = make()
    twin.faults.deal({ at: 1, fault: { kind: "malformedJson" } })
    twin.faults.deal({ at: 2, fault: { kind: "htmlPage", status: 200 } })
    twin.faults.deal({ at: 3, fault: { kind: "truncatedBody" } })
    await expect((await twin.fetch(url)).json()).rejects.toThrow(SyntaxError)
    expect(await (await twin.fetch(url)).text()).toContain("<!DOCTYPE html>")
    const cut = await twin.fetch(url)
    await expect(cut.text()).rejects.toThrow()
  })

  it("answers a hung request only when the caller gives up", async () => {
    const twin = make()
    twin.faults.deal({ at: 1, fault: { kind: "hang", applied: true } })
    const controller = new AbortController()
    const hung = twin.fetch(url, { ...post, signal: controller.signal })
    while (twin.world.count === 0) await new Promise((resolve) => setImmediate(resolve))
    controller.abort(new Error("given up"))
    await expect(hung).rejects.toThrow("given up")
  })

  it("keeps what is not drawn, and draws by what a request is", async () => {
    const twin = make()
    twin.faults.deal({ at: (request) => request.method === "POST", fault: { kind: "throttle", retryAfter: "3" } })
    expect((await twin.fetch(url)).status).toBe(200)
    expect(twin.faults.pending()).toHaveLength(1)
    const throttled = await twin.fetch(url, post)
    expect([throttled.status, throttled.headers.get("retry-after")]).toEqual([429, "3"])
    expect(twin.faults.pending()).toHaveLength(0)
  })
})

describe("the journal", () => {
  it("keeps no credentials", async () => {
    const twin = make()
    await twin.fetch("https://counter.example/oauth/token", {
      method: "POST",
      headers: { authorization: "Bearer s3cret-a", "content-type": "application/x-www-form-urlencoded" },
      body: "grant_type=refresh_token&refresh_token=s3cret-b&client_secret=s3cret-c",
    })
    expect(JSON.stringify(twin.journal.lines)).not.toContain("s3cret")
    expect(twin.journal.lines[0]?.requestBody).toContain("grant_type=refresh_token")
  })

  it("lets somebody act between the write and its reply", async () => {
    const seen: Array<number> = []
    const twin = make({ beforeReply: (line) => void seen.push(line.index) })
    await twin.fetch(url, post)
    expect(seen).toEqual([1])
  })
})
