import { createHmac } from "node:crypto"
import { describe, expect, it } from "vitest"
import * as ErpNextTwin from "../../src/erpnext/ErpNextTwin.ts"
import { open } from "./bench.ts"

const SECRET = "s3cret"

const listening = async (doctype: string, ...events: ReadonlyArray<string>) => {
  const bench = open()
  for (const event of events) {
    await bench.post("Webhook", {
      __newname: event,
      webhook_doctype: doctype,
      webhook_docevent: event,
      request_url: "https://hooks.example.test/in",
      enable_security: 1,
      webhook_secret: SECRET,
      webhook_json: `{"event":"${event}","name":"{{ doc.name }}","status":"{{ doc.status }}"}`,
      webhook_headers: [{ key: "Content-Type", value: "application/json" }],
    })
  }
  const received: Array<{ readonly body: string; readonly headers: Headers }> = []
  const answers: Array<number> = []
  bench.world.aimWebhooks(async (request) => {
    received.push({ body: await request.text(), headers: request.headers })
    return new Response("ok", { status: answers.shift() ?? 200 })
  })
  const events_ = () => received.map(({ body }) => (JSON.parse(body) as { readonly event: string }).event)
  return { ...bench, received, answers, events: events_ }
}

describe("a webhook", () => {
  it("is signed over its raw body, which is JSON as Python writes it", async () => {
    const { post, received, world } = await listening("Customer", "on_update")
    await post("Customer", { customer_name: "Åkerlund" })
    await world.deliverWebhooks()
    const [one] = received
    expect(one?.body).toBe(`{"event": "on_update", "name": "\\u00c5kerlund", "status": "None"}`)
    const signature = createHmac("sha256", SECRET)
      .update(one?.body ?? "")
      .digest("base64")
    expect(one?.headers.get("x-frappe-webhook-signature")).toBe(signature)
    expect(ErpNextTwin.signature(SECRET, one?.body ?? "")).toBe(signature)
    expect(one?.headers.get("content-type")).toBe("application/json")
  })

  it("shows its secret to nobody", async () => {
    const { get } = await listening("Customer", "on_update")
    expect((await get("Webhook", "on_update")).at("data.webhook_secret")).toBe("******")
  })

  it("comes a second and a third time when it is not taken, and then never again", async () => {
    const { answers, clock, post, received, world } = await listening("Customer", "after_insert")
    answers.push(500, 404, 503, 200)
    await post("Customer", { customer_name: "A" })
    await world.deliverWebhooks()
    expect([received.length, world.pendingWebhooks()[0]?.due]).toEqual([1, clock.now() + 1_300])
    await clock.advance(1_300)
    await world.deliverWebhooks()
    await clock.advance(3_700)
    await world.deliverWebhooks()
    expect([received.length, world.pendingWebhooks(), world.lostWebhooks().length]).toEqual([3, [], 1])
    await clock.advance("1 day")
    expect(await world.deliverWebhooks()).toEqual([])
    expect(world.all("Webhook Request Log")).toHaveLength(3)
  })

  it("that nobody answers within five seconds was not taken", async () => {
    const { clock, post, world } = await listening("Customer", "after_insert")
    world.aimWebhooks(() => new Promise(() => {}))
    await post("Customer", { customer_name: "A" })
    const delivery = world.deliverWebhooks()
    await clock.advance("6 seconds")
    expect((await delivery)[0]?.status).toBeUndefined()
  })

  it("comes once for a document of a request, and not at all for what was rolled back", async () => {
    const { call, events, world } = await listening("Customer", "on_update")
    await call("frappe.client.insert_many", {
      docs: [
        { doctype: "Customer", customer_name: "A" },
        { doctype: "Customer", customer_name: "B", customer_group: "Nope" },
      ],
    })
    expect(world.pendingWebhooks()).toEqual([])
    await call("frappe.client.insert_many", { docs: [{ doctype: "Customer", customer_name: "A" }] })
    await world.deliverWebhooks()
    expect(events()).toEqual(["on_update"])
  })

  it("tells of submission and payment by on_change, never by on_update_after_submit, and never of what is late", async () => {
    const { clock, events, put, world } = await listening(
      "Sales Invoice",
      "on_change",
      "on_update_after_submit",
      "on_submit",
      "after_insert",
    )
    world.seed("Customer", [{ customer_name: "A" }])
    world.seed("Item", [{ item_code: "S", item_group: "Services", is_stock_item: 0 }])
    world.seed("Sales Invoice", [{ customer: "A", items: [{ item_code: "S", qty: 1, rate: "10" }] }])
    const told = async () => {
      await world.deliverWebhooks()
      return events().splice(0)
    }
    expect(await told()).toEqual([])
    const name = "ACC-SINV-2026-00001"
    await put("Sales Invoice", name, { docstatus: 1 })
    expect((await told()).sort()).toEqual(["on_change", "on_submit"])
    await put("Sales Invoice", name, { po_no: "P" })
    expect((await told()).slice(2)).toEqual(["on_change"])
    await clock.advance("2 days")
    expect(world.runDailyJob()).toBe(1)
    expect(world.pendingWebhooks()).toEqual([])
  })

  it("tells of a delete", async () => {
    const { events, remove, world } = await listening("Customer", "on_trash", "on_change")
    world.seed("Customer", [{ customer_name: "A" }])
    await remove("Customer", "A")
    await world.deliverWebhooks()
    expect(events().sort()).toEqual(["on_change", "on_trash"])
  })
})
