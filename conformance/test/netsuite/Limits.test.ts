import { describe, expect, it } from "vitest"
import * as NetSuiteTwin from "../../src/netsuite/NetSuiteTwin.ts"
import { open, RECORDS } from "./Client.ts"

const TIME = "/services/rest/system/v1/serverTime"

describe("requests in flight", () => {
  it("are so many; one more is refused at once, in the shape of a 400, and not told when to come back", async () => {
    const { clock, send } = open({ knobs: { processingMillis: 1000 } })
    const sent = Array.from({ length: 7 }, () => send(TIME))
    await clock.advance("1 second")
    const answers = await Promise.all(sent)
    expect(answers.map((one) => one.status).toSorted()).toEqual([200, 200, 200, 200, 200, 429, 429])
    const refused = answers.find((one) => one.status === 429)
    expect(JSON.parse(refused?.text ?? "")).toEqual({
      type: "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html",
      title: "Bad Request",
      status: 429,
      "o:errorCode": "USER_ERROR",
      "o:errorDetails": [
        { detail: "Concurrent request limit exceeded. Request blocked.", "o:errorCode": "CONCURRENCY_LIMIT_EXCEEDED" },
      ],
    })
    expect(refused?.headers.has("retry-after")).toBe(false)
    const later = send(TIME)
    await clock.advance("1 second")
    expect((await later).status).toBe(200)
  })

  it("are fewer where the integration has a share of its own, and administrators are told", async () => {
    const { clock, send } = open({
      knobs: { processingMillis: 1000, integrationConcurrency: 2 },
      role: { administrator: true },
    })
    const sent = Array.from({ length: 3 }, () => send("/services/rest/system/v1/governanceLimits"))
    await clock.advance("1 second")
    const answers = await Promise.all(sent)
    expect(answers.map((one) => one.status)).toEqual([200, 200, 429])
    expect(JSON.parse(answers[0]?.text ?? "")).toEqual({
      accountConcurrencyLimit: 5,
      accountUnallocatedConcurrencyLimit: 3,
      integrationConcurrencyLimit: 2,
      integrationLimitType: "integrationSpecific",
    })
  })

  it("are nobody else's business", async () => {
    const { send } = open()
    expect((await send("/services/rest/system/v1/governanceLimits")).refusal).toContain("400 USER_ERROR")
  })
})

describe("faults of the deck", () => {
  const path = `${RECORDS}/customer/eid:a`
  const put = { method: "PUT", body: { companyName: "One", subsidiary: { id: "1" } } }

  it("are worded as NetSuite words them", async () => {
    const { send, twin } = open()
    twin.faults.deal({ at: 1, fault: { kind: "throttle" } })
    twin.faults.deal({ at: 2, fault: { kind: "unauthorized" } })
    twin.faults.deal({ at: 3, fault: { kind: "errorBefore", status: 500 } })
    twin.faults.deal({ at: 4, fault: { kind: "errorBefore", status: 403 } })
    const answers = [await send(TIME), await send(TIME), await send(TIME), await send(TIME)]
    expect(answers.map((one) => one.at("o:errorDetails.0.o:errorCode"))).toEqual([
      "CONCURRENCY_LIMIT_EXCEEDED",
      "INVALID_LOGIN",
      "UNEXPECTED_ERROR",
      "INSUFFICIENT_PERMISSION",
    ])
  })

  it("carry the id of the exchange, as every answer does, each its own", async () => {
    const { twin } = open()
    twin.faults.deal({ at: 2, fault: { kind: "errorBefore", status: 403 } })
    const ask = async () => (await twin.fetch(`${twin.origin}/services/rest/system/v1/serverTime`)).headers
    const ids = [(await ask()).get("x-n-operationid"), (await ask()).get("x-n-operationid")]
    expect(ids).toEqual([NetSuiteTwin.operationId(1), NetSuiteTwin.operationId(2)])
  })

  it("lose the reply of a write that was made; the repeat by external id makes no second one", async () => {
    const { send, twin, world } = open()
    twin.faults.deal({ at: 1, fault: { kind: "lostReply" } })
    await expect(send(path, put)).rejects.toThrow("fetch failed")
    expect(world.all("customer")).toHaveLength(1)
    expect((await send(path, put)).status).toBe(204)
    expect(world.all("customer")).toHaveLength(1)
    expect(twin.journal.lines.map((line) => line.changed)).toEqual([true, true])
  })
})
