import { describe, expect, it } from "vitest"
import { open, V2026 } from "./portal.ts"

describe("contacts and their emails", () => {
  it("refuses a second contact with a known email by 409, with the id in the message", async () => {
    const { ask, world } = open()
    const [id] = world.seed([{ type: "contacts", properties: { email: "ida@example.com" } }])
    const { body, status } = await ask("POST", `${V2026}/contacts`, { properties: { email: "IDA@example.com" } })
    expect([status, body.category, body.message]).toEqual([
      409,
      "CONFLICT",
      `Contact already exists. Existing ID: ${id}`,
    ])
    expect(world.records("contacts")).toHaveLength(1)
  })

  it("counts secondary emails, which no record shows as its email", async () => {
    const { ask, world } = open()
    const [a = "", b = ""] = world.seed([
      { type: "contacts", properties: { email: "first@example.com" } },
      { type: "contacts", properties: { email: "second@example.com" } },
    ])
    const survivor = world.mergeRecords("contacts", a, b)
    const { body, status } = await ask("POST", `${V2026}/contacts`, { properties: { email: "second@example.com" } })
    expect([status, body.message]).toEqual([409, `Contact already exists. Existing ID: ${survivor}`])
    const bySecondary = await ask(
      "GET",
      `${V2026}/contacts/second@example.com?idProperty=email&properties=hs_additional_emails`,
    )
    expect([bySecondary.body.id, bySecondary.body.properties["hs_additional_emails"]]).toEqual([
      survivor,
      "second@example.com",
    ])
  })

  it("words a lost race as the 400 that names both ids", async () => {
    const { ask, world } = open({ knobs: { emailUniquenessRace: true } })
    const [id] = world.seed([{ type: "contacts", properties: { email: "ida@example.com" } }])
    const { body, status } = await ask("POST", `${V2026}/contacts`, { properties: { email: "ida@example.com" } })
    expect([status, body.category]).toEqual([400, "VALIDATION_ERROR"])
    expect(body.message).toMatch(
      /^Cannot set PropertyValueCoordinates\{.*propertyName=email, value=ida@example.com\} on \d+\./,
    )
    expect(body.message).toContain(`${id} already has that value.`)
  })

  it("words a taken email of an update in the same way", async () => {
    const { ask, world } = open()
    const [first, second] = world.seed([
      { type: "contacts", properties: { email: "a@example.com" } },
      { type: "contacts", properties: { email: "b@example.com" } },
    ])
    const { body, status } = await ask("PATCH", `${V2026}/contacts/${second}`, {
      properties: { email: "a@example.com" },
    })
    expect([status, body.message.endsWith(`on ${second}. ${first} already has that value.`)]).toEqual([400, true])
  })

  it("refuses what is no email, and a contact without email and name", async () => {
    const { ask } = open()
    const bad = await ask("POST", `${V2026}/contacts`, { properties: { email: "not an email" } })
    expect([bad.status, bad.body.errors?.[0]?.code]).toEqual([400, "INVALID_EMAIL"])
    expect((await ask("POST", `${V2026}/contacts`, { properties: { phone: "1" } })).status).toBe(400)
    expect((await ask("POST", `${V2026}/companies`, { properties: { phone: "1" } })).status).toBe(400)
  })

  it("moves the lifecycle stage forward only, unless it was cleared", async () => {
    const { ask, world } = open()
    const [id = ""] = world.seed([
      { type: "contacts", properties: { email: "a@example.com", lifecyclestage: "customer" } },
    ])
    const set = (lifecyclestage: string) => ask("PATCH", `${V2026}/contacts/${id}`, { properties: { lifecyclestage } })
    const stage = () => world.record("contacts", id)?.properties["lifecyclestage"]
    expect((await set("lead")).status).toBe(200)
    expect(stage()).toBe("customer")
    await set("")
    await set("lead")
    expect(stage()).toBe("lead")
  })

  it("forgets a contact for good on privacy deletion", async () => {
    const { ask, world } = open()
    const [id] = world.seed([{ type: "contacts", properties: { email: "a@example.com" } }])
    const reply = await ask("POST", `${V2026}/contacts/gdpr-delete`, { objectId: "a@example.com", idProperty: "email" })
    expect(reply.status).toBe(204)
    expect((await ask("GET", `${V2026}/contacts/${id}?archived=true`)).status).toBe(404)
    expect(world.archived("contacts")).toEqual([])
  })
})
