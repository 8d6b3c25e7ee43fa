import { describe, expect, it } from "vitest"
import type { Delivery } from "../../src/dynamics/DynamicsTwin.ts"
import { open } from "./Client.ts"
import * as Scene from "./Scene.ts"

const POSTED = "SalesInvoicePostedBusinessEvent"

const posted = (count = 1, knobs = {}) => {
  const made = open({ knobs })
  made.world.events.activate({ eventId: POSTED })
  Scene.stock(made.world)
  const numbers = Array.from({ length: count }, (_, i) => {
    Scene.order(made.world, `S${i}`)
    return made.world.postOrder("usmf", `S${i}`)
  })
  return { ...made, numbers }
}

const body = (delivery: Delivery | undefined) => JSON.parse(delivery?.body ?? "{}") as Record<string, unknown>

describe("a business event", () => {
  it("is flat, with dates as the serializer writes them, and an id in capitals", () => {
    const { numbers, world } = posted()
    const event = body(world.events.waiting()[0])
    expect(event).toMatchObject({
      BusinessEventId: POSTED,
      BusinessEventLegalEntity: "USMF",
      EventTime: `/Date(${Date.UTC(2026, 6, 15, 9, 30)})/`,
      InvoiceAccount: "C1",
      InvoiceAmount: 62.5,
      InvoiceDate: `/Date(${Date.UTC(2026, 6, 15, 12)})/`,
      InvoiceDueDate: `/Date(${Date.UTC(2026, 6, 25, 12)})/`,
      InvoiceId: numbers[0],
      SalesId: "S0",
      ParentContextRecordSubjects: null,
    })
    expect(event["EventId"]).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
    expect(event["EventTimeIso8601"]).toBe("2026-07-15T09:30:00.0000000Z")
    expect(event["ControlNumber"]).toBeTypeOf("number")
  })

  it("is sent only where it is active", () => {
    const { world } = open()
    world.events.activate({ eventId: POSTED, company: "demf" })
    Scene.invoice(world)
    expect(world.events.waiting()).toHaveLength(0)
    Scene.invoice(world, "demf")
    expect(world.events.waiting()).toHaveLength(1)
  })

  it("has a control number that grows, with gaps", () => {
    const numbers = posted(4, { eventGap: 50 })
      .world.events.waiting()
      .map((one) => Number(body(one)["ControlNumber"]))
    const steps = numbers.slice(1).map((one, place) => one - (numbers[place] ?? 0))
    expect(steps.every((step) => step > 0)).toBe(true)
    expect(steps.some((step) => step > 1)).toBe(true)
  })

  it("may come twice, and in another order", async () => {
    const { world } = posted(2, { eventTwice: true, eventReorder: true })
    const seen: Array<unknown> = []
    await world.events.deliver(world, async (one) => {
      seen.push(body(one)["SalesId"])
      return 200
    })
    expect(seen).toEqual(["S1", "S1", "S0", "S0"])
    expect(world.events.waiting()).toHaveLength(0)
  })

  it("is tried three times more, a second apart, and then waits for a person", async () => {
    const { clock, world } = posted()
    const at: Array<number> = []
    const delivering = world.events.deliver(world, async () => {
      at.push(clock.now())
      return 503
    })
    await clock.advance("10 seconds")
    await delivering
    expect(at.map((one) => one - (at[0] ?? 0))).toEqual([0, 1000, 2000, 3000])
    expect([world.events.waiting().length, world.events.errors().length]).toEqual([0, 1])
    world.events.resend()
    await world.events.deliver(world, async () => 202)
    expect([world.events.waiting().length, world.events.errors().length]).toEqual([0, 0])
  })

  it("is told of payments as well", () => {
    const { world } = open()
    world.events.activate({ eventId: "CustomerPaymentPostedBusinessEvent" })
    const invoice = Scene.invoice(world)
    const Voucher = world.pay("usmf", { customer: "C1", amount: "10", invoices: [{ invoice, amount: "10" }] })
    expect(body(world.events.waiting()[0])).toMatchObject({ CustomerAccount: "C1", Amount: 10, Voucher })
  })
})
