import { describe, expect, it } from "vitest"
import { open, RECORDS } from "./Client.ts"

const SWAGGER = { accept: "application/swagger+json" }
const OWN = [
  { name: "custentity_region", kind: "text", label: "Region" },
  { name: "custbody_deal", kind: "text", on: ["salesOrder"] },
  { name: "custcol_key", kind: "text" },
] as const

const properties = (text: string, schema: string): Readonly<Record<string, object>> =>
  JSON.parse(text).components.schemas[schema].properties ?? {}

describe("the catalogue", () => {
  it("lists what the role may see, and narrows to what is selected", async () => {
    const { send } = open({ role: { levels: { invoice: "none" } } })
    const all = await send(`${RECORDS}/metadata-catalog`)
    expect(all.each("name")).toContain("salesOrder")
    expect(all.each("name")).not.toContain("invoice")
    const some = await send(`${RECORDS}/metadata-catalog?select=customer,salesorder`)
    expect(some.each("name")).toEqual(["customer", "salesOrder"])
    expect(some.at("items.0.links.0.rel")).toBe("canonical")
    for (const select of ["customer,%20contact", "invoice", "dragon"]) {
      const refused = await send(`${RECORDS}/metadata-catalog?select=${select}`)
      expect(refused.refusal).toContain("400 INVALID_REQUEST")
    }
  })

  it("shows the account's own fields where they are, and others nowhere", async () => {
    const { send } = open({ customFields: OWN })
    const { text } = await send(`${RECORDS}/metadata-catalog?select=customer,salesOrder,invoice`, { headers: SWAGGER })
    expect(properties(text, "customer")["custentity_region"]).toEqual({
      title: "Region",
      type: "string",
      nullable: true,
      "x-ns-custom-field": true,
    })
    expect(Object.keys(properties(text, "salesOrder"))).toContain("custbody_deal")
    expect(Object.keys(properties(text, "invoice"))).not.toContain("custbody_deal")
    expect(Object.keys(properties(text, "salesOrder-itemElement"))).toContain("custcol_key")
    expect(JSON.parse(text).components.schemas.contact).toEqual({ type: "object" })
  })

  it("requires nothing, and has subsidiaries only where there are some", async () => {
    const one = open()
    const { text } = await one.send(`${RECORDS}/metadata-catalog/customer`, { headers: SWAGGER })
    expect(JSON.stringify(JSON.parse(text).components.schemas)).not.toContain('"required"')
    expect(Object.keys(properties(text, "customer"))).toContain("subsidiary")
    const plain = open({ knobs: { oneWorld: false } })
    const without = await plain.send(`${RECORDS}/metadata-catalog/customer`, { headers: SWAGGER })
    expect(Object.keys(properties(without.text, "customer"))).not.toContain("subsidiary")
    const schema = await one.send(`${RECORDS}/metadata-catalog/customer`, {
      headers: { accept: "application/schema+json" },
    })
    expect(Object.keys(JSON.parse(schema.text).properties)).toContain("companyName")
  })
})

describe("own fields", () => {
  it("are written, read and queried where the account has them, and unknown elsewhere", async () => {
    const t = open({ customFields: OWN })
    const [item] = t.world.seed("serviceSaleItem", [{ itemId: "A" }])
    const { id } = await t.post("customer", { companyName: "One", subsidiary: { id: "1" }, custentity_region: "North" })
    expect((await t.get(`customer/${id}`)).at("custentity_region")).toBe("North")
    expect((await t.query("SELECT custentity_region FROM customer")).each("custentity_region")).toEqual(["North"])
    const line = { item: { id: item?.id }, amount: 5, custcol_key: "k1" }
    const order = await t.post("salesOrder", { entity: { id }, custbody_deal: "d1", item: { items: [line] } })
    expect(order.status).toBe(204)
    const lines = await t.query("SELECT custcol_key FROM transactionline WHERE transaction = ? AND mainline = 'F'", [
      Number(order.id),
    ])
    expect(lines.each("custcol_key")).toEqual(["k1"])
    const plain = open()
    const warned = await plain.post("customer", {
      companyName: "One",
      subsidiary: { id: "1" },
      custentity_region: "North",
    })
    expect(warned.headers.get("x-netsuite-warning")).toContain("'custentity_region'")
    expect((await plain.query("SELECT custentity_region FROM customer")).refusal).toContain(
      "Field 'custentity_region' was not found",
    )
  })

  it("have names that NetSuite gives", () => {
    expect(() => open({ customFields: [{ name: "wings", kind: "text" }] })).toThrow(
      "wings is no name of a custom field",
    )
  })
})

describe("contacts", () => {
  it("are attached to customers, twice where the account lets them", async () => {
    const t = open()
    const [customer] = t.world.seed("customer", [{ companyName: "One", subsidiary: "1" }])
    const [contact] = t.world.seed("contact", [{ firstName: "Ada", lastName: "Klein", subsidiary: "1" }])
    const attach = () => t.post(`customer/${customer?.id}/!attach/contact/${contact?.id}`, { role: { id: -10 } })
    const related = async () =>
      (await t.query("SELECT company, role FROM companycontactrelationship")).items.map((one) => [
        one["company"],
        one["role"],
      ])
    expect([(await attach()).status, (await attach()).status]).toEqual([204, 204])
    expect(await related()).toEqual([[customer?.id, "-10"]])
    t.world.knobs.attachedAgain = "refused"
    expect((await attach()).status).toBe(400)
    expect(
      (await t.send(`${RECORDS}/customer/${customer?.id}/!detach/contact/${contact?.id}`, { method: "POST" })).status,
    ).toBe(204)
    expect(await related()).toEqual([])
    expect((await t.post(`customer/${customer?.id}/!attach/contact/77`)).status).toBe(404)
  })
})
