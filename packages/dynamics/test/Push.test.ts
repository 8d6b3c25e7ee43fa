import * as Webhook from "@mortise/core/Webhook"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as Push from "../src/Push.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const receiver = async (more: Partial<Push.Options> = {}) => {
  const woken: Array<ReadonlyArray<string | undefined>> = []
  const repeats = await Effect.runPromise(Webhook.memory())
  const receive = await Effect.runPromise(
    Push.make({
      company: Bench.COMPANY,
      repeats,
      wake: (hints) => Effect.sync(() => void woken.push(hints.map(({ entity }) => entity))),
      ...more,
    }),
  )
  const post = (body: string, headers: Record<string, string> = {}) =>
    Effect.runPromise(
      receive({
        method: "POST",
        url: "https://here.example/events",
        headers: new Headers(headers),
        body: new TextEncoder().encode(body),
      } as Webhook.Push),
    )
  return { woken, post }
}

const stub = (more: object = {}) =>
  JSON.stringify({
    BusinessEventId: "SalesInvoicePostedBusinessEvent",
    BusinessEventLegalEntity: "USMF",
    ControlNumber: 5637145326,
    EventId: "0D2CF1B2-6F1D-4E2C-9F60-0B3C6F5B9A11",
    EventTime: "/Date(1768478400000)/",
    InvoiceAccount: "US-001",
    ...more,
  })

describe("a business event", () => {
  it("wakes the readers of what it moves, once, though it comes again", async () => {
    const { post, woken } = await receiver()
    expect(await post(stub())).toMatchObject({ _tag: "Accepted", status: 200, repeated: 0 })
    expect(await post(stub({ EventId: "ANOTHER" }))).toMatchObject({ status: 200, repeated: 3 })
    expect(woken).toEqual([["Invoice", "Order", "Account"]])
  })

  it("is told from another one whose number differs in a digit that JavaScript does not keep", async () => {
    const { post, woken } = await receiver()
    const large = (digits: string, EventId: string) =>
      stub({ ControlNumber: 1, EventId }).replace('"ControlNumber":1', `"ControlNumber":${digits}`)
    expect(await post(large("9007199254740992", "A"))).toMatchObject({ repeated: 0 })
    expect(await post(large("9007199254740993", "B"))).toMatchObject({ repeated: 0 })
    expect(await post(large("9007199254740993", "B"))).toMatchObject({ repeated: 3 })
    expect(woken.length).toBe(2)
  })

  it("hands on nothing of its content", async () => {
    const { post } = await receiver()
    expect(JSON.stringify(await post(stub()))).not.toContain("US-001")
  })

  it("of another company, or that nobody reads, is acknowledged and wakes nobody", async () => {
    const { post, woken } = await receiver()
    expect((await post(stub({ BusinessEventLegalEntity: "DEMF" }))).status).toBe(200)
    expect((await post(stub({ BusinessEventId: "toString" }))).status).toBe(200)
    expect(woken).toEqual([])
  })

  it("that is malformed, too large or without the agreed header is refused", async () => {
    const { post, woken } = await receiver({ password: { header: "x-gate", value: Redacted.make("open") } })
    const gate = { "x-gate": "open" }
    expect((await post(stub())).status).toBe(401)
    expect((await post(stub(), { "x-gate": "wrong" })).status).toBe(401)
    expect((await post("{", gate)).status).toBe(400)
    expect((await post(stub({ ControlNumber: "1 or 1" }), gate)).status).toBe(400)
    expect((await post(stub({ pad: "x".repeat(70_000) }), gate)).status).toBe(413)
    expect(woken).toEqual([])
  })

  it("has no receiver whose agreed header is empty", async () => {
    const repeats = await Effect.runPromise(Webhook.memory())
    const password = { header: "x-gate", value: Redacted.make("") }
    const made = Push.make({ company: Bench.COMPANY, repeats, wake: () => Effect.void, password })
    const error = await Effect.runPromise(Effect.flip(made))
    expect(error).toMatchObject({ system: "dynamics", reason: { _tag: "Invalid", issues: [{ path: ["password"] }] } })
  })

  it("of the twin, twice and in another order, wakes once for each posting", async () => {
    const bench = Bench.make({ knobs: { eventTwice: true, eventReorder: true, eventGap: 9 } })
    const { post, woken } = await receiver()
    for (const eventId of Object.keys(Push.EVENTS)) bench.world.events.activate({ eventId } as never)
    bench.world.seed("CustomersV3", [Seeds.customer(0)], Bench.COMPANY)
    for (const amount of ["10", "20"]) bench.world.pay(Bench.COMPANY, { customer: "C-00000", amount })
    await bench.world.events.deliver(bench.world, async ({ body }) => (await post(body)).status)
    expect(woken).toEqual([
      ["Payment", "Invoice", "Account"],
      ["Payment", "Invoice", "Account"],
    ])
  })
})
