import { describe, expect, it } from "vitest"
import * as DynamicsTwin from "../../src/dynamics/DynamicsTwin.ts"
import { CUSTOMER, open } from "./Client.ts"

const app = (priority: "low" | "high") => ({
  clientId: DynamicsTwin.CREDENTIALS.clientId,
  secret: DynamicsTwin.CREDENTIALS.clientSecret,
  principal: true,
  priority,
})

describe("an environment short of resources", () => {
  it("refuses low priority first, with a wait, and processes nothing of it", async () => {
    const low = open({ apps: [app("low")], knobs: { busy: "low" } })
    const refused = await low.post("CustomersV3", CUSTOMER)
    expect([refused.status, refused.headers.get("retry-after"), refused.at("error.message")]).toEqual([
      429,
      "30",
      expect.stringContaining("high resource utilization"),
    ])
    expect(low.world.all("CustomersV3")).toHaveLength(0)
    const high = open({ apps: [app("high")], knobs: { busy: "low" } })
    expect((await high.get("Currencies")).status).toBe(200)
    high.world.knobs.busy = "all"
    expect((await high.get("Currencies")).status).toBe(429)
    high.world.knobs.retryAfter = undefined
    expect((await high.get("Currencies")).headers.get("retry-after")).toBeNull()
    high.world.knobs.busy = "no"
    expect((await high.get("Currencies")).status).toBe(200)
  })

  it("takes its time where it is told to", async () => {
    const { clock, get } = open({ knobs: { processingMillis: 2_000 } })
    const asked = get("Currencies")
    await clock.advance("2 seconds")
    expect([(await asked).status, new Date(clock.now()).toISOString()]).toEqual([200, "2026-07-15T09:30:02.000Z"])
  })

  it("of old counts the requests of a user in five minutes, and says when the next is free", async () => {
    const { clock, get } = open({ knobs: { perUserRequests: 3 } })
    await get("Currencies")
    await clock.advance("1 minute")
    await get("Currencies")
    await get("Currencies")
    const refused = await get("Currencies")
    expect([refused.status, refused.headers.get("retry-after"), refused.at("error.message")]).toEqual([
      429,
      "240",
      "Number of requests exeeded the limit of 3 over the time window of 300 seconds.",
    ])
    await clock.advance("4 minutes")
    expect((await get("Currencies")).status).toBe(200)
    expect((await get("Currencies")).status).toBe(429)
  })
})
