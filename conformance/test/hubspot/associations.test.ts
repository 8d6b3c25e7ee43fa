import { describe, expect, it } from "vitest"
import { open, V2026 } from "./portal.ts"

const V4 = "/crm/v4"
const OBJECTS = "/crm/objects/2026-03"
const BATCH = "/crm/associations/2026-03"

const people = () => {
  const portal = open()
  const [a = "", b = "", contact = "", deal = ""] = portal.world.seed([
    { type: "companies", properties: { name: "A" } },
    { type: "companies", properties: { name: "B" } },
    { type: "contacts", properties: { email: "x@example.com" } },
    { type: "deals", properties: { dealname: "D" } },
  ])
  const types = (company: string) =>
    portal.world.associations("contacts", contact, "companies").find((one) => one.id === company)?.types
  return { ...portal, a, b, contact, deal, types }
}

describe("associations of a HubSpot portal", () => {
  it("sets the default one as often as it is asked, with two directed rows", async () => {
    const { a, ask, deal, twin } = people()
    const path = `${OBJECTS}/deals/${deal}/associations/default/companies/${a}`
    const rows = async () =>
      (await ask("PUT", path)).body.results.map((one) => [
        one.from.id,
        one.to.id,
        one.associationSpec.associationTypeId,
      ])
    const first = await rows()
    expect(first).toEqual([
      [deal, a, 341],
      [a, deal, 342],
    ])
    expect(await rows()).toEqual(first)
    expect(twin.journal.writes()).toHaveLength(1)
  })

  it("makes the first company the primary one, and no other", async () => {
    const { a, ask, b, contact, types } = people()
    for (const company of [a, b])
      await ask("PUT", `${OBJECTS}/contacts/${contact}/associations/default/companies/${company}`)
    expect([types(a), types(b)]).toEqual([[279, 1], [279]])
    const { body } = await ask("GET", `${OBJECTS}/contacts/${contact}/associations/companies`)
    const shown = body.results.map((row) => [row.toObjectId, row.associationTypes.map((one) => one.typeId).sort()])
    expect(shown).toEqual([
      [a, [1, 279]],
      [b, [279]],
    ])
    const labels = body.results.flatMap((row) => row.associationTypes.map((one) => one.label))
    expect(labels.filter((label) => label === null)).toHaveLength(2)
  })

  it("moves the primary mark when another company is set as primary", async () => {
    const { a, ask, b, contact, types, world } = people()
    await ask("PUT", `${OBJECTS}/contacts/${contact}/associations/default/companies/${a}`)
    const primary = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 1 }]
    const { status } = await ask("PUT", `${OBJECTS}/contacts/${contact}/associations/companies/${b}`, primary)
    expect([status, types(a), types(b)]).toEqual([201, [279], [279, 1]])
    expect(world.associations("companies", a, "contacts")).toEqual([{ id: contact, types: [280] }])
  })

  it("replaces the labels of a pair, and removes all of them with the unlabelled type", async () => {
    const { a, ask, contact, types } = people()
    const made = await ask("POST", `${BATCH}/contacts/companies/labels`, {
      name: "payer",
      label: "Payer",
      inverseLabel: "Paid by",
    })
    expect([made.status, made.body.results.map((one) => one.label)]).toEqual([200, ["Payer", "Paid by"]])
    const payer = made.body.results[0]?.typeId ?? 0
    const put = (...specs: ReadonlyArray<object>) =>
      ask("PUT", `${V4}/objects/contacts/${contact}/associations/companies/${a}`, specs)
    const billing = { associationCategory: "HUBSPOT_DEFINED", associationTypeId: 931 }
    const own = { associationCategory: "USER_DEFINED", associationTypeId: payer }
    expect((await put(billing)).body.labels).toEqual(["Billing Contact"])
    expect(types(a)).toEqual([279, 931, 1])
    await put(own)
    expect(types(a)).toEqual([279, 1, payer])
    const pair = { from: { id: contact }, to: { id: a } }
    const unlabelled = {
      inputs: [{ ...pair, types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 279 }] }],
    }
    expect((await ask("POST", `${V4}/associations/contacts/companies/batch/labels/archive`, unlabelled)).status).toBe(
      204,
    )
    expect(types(a)).toBe(undefined)
  })

  it("changes and removes labels of the portal's own, and none of HubSpot's", async () => {
    const { ask } = people()
    const path = `${BATCH}/contacts/companies/labels`
    const made = await ask("POST", path, { name: "payer", label: "Payer" })
    const associationTypeId = made.body.results[0]?.typeId
    expect((await ask("POST", path, { name: "payer", label: "Payer" })).status).toBe(400)
    expect((await ask("PUT", path, { associationTypeId, label: "Pays" })).status).toBe(204)
    expect((await ask("GET", path)).body.results.map((one) => one.label)).toContain("Pays")
    expect((await ask("DELETE", `${path}/${associationTypeId}`)).status).toBe(204)
    expect((await ask("GET", path)).body.results.map((one) => one.typeId)).not.toContain(associationTypeId)
    expect((await ask("DELETE", `${path}/279`)).status).toBe(400)
  })

  it("refuses the reverse id of a type", async () => {
    const { a, ask, world } = people()
    const invoice = { hs_currency: "EUR" }
    const create = (associationTypeId: number) =>
      ask("POST", `${V2026}/invoices`, {
        properties: invoice,
        associations: [{ to: { id: a }, types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId }] }],
      })
    const refused = await create(180)
    expect([refused.status, refused.body.category]).toEqual([400, "VALIDATION_ERROR"])
    expect(world.records("invoices")).toEqual([])
    expect((await create(179)).status).toBe(201)
    expect(world.associations("companies", a, "invoices")[0]?.types).toEqual([180])
  })

  it("answers a batch archive with 204 at v4 and with a body at the dated versions", async () => {
    const { a, ask, contact, types } = people()
    const inputs = [{ from: { id: contact }, to: [{ id: a }] }]
    const connect = { inputs: [{ from: { id: contact }, to: { id: a } }] }
    for (const [root, status] of [
      [`${V4}/associations`, 204],
      [BATCH, 200],
      ["/crm/associations/2026-09", 200],
    ] as const) {
      const made = await ask("POST", `${root}/contacts/companies/batch/associate/default`, connect)
      expect([made.status, made.body.results.length, types(a)]).toEqual([200, 2, [279, 1]])
      const gone = await ask("POST", `${root}/contacts/companies/batch/archive`, { inputs })
      expect([gone.status, types(a)]).toEqual([status, undefined])
      if (status === 200) expect(gone.body.results).toEqual([])
    }
  })

  it("creates in batches of up to 2,000, each pair on its own", async () => {
    const { a, ask, contact, types } = people()
    const spec = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 279 }]
    const pair = (id: string) => ({ from: { id: contact }, to: { id }, types: spec })
    const { body, status } = await ask("POST", `${BATCH}/contacts/companies/batch/create`, {
      inputs: [pair(a), pair("404")],
    })
    expect([status, body.results.length, body.numErrors]).toEqual([207, 1, 1])
    expect(body.errors?.[0]?.context["toObjectId"]).toEqual(["404"])
    expect(types(a)).toEqual([279, 1])
    const many = { inputs: Array.from({ length: 2_001 }, () => pair(a)) }
    expect((await ask("POST", `${BATCH}/contacts/companies/batch/create`, many)).status).toBe(400)
  })

  it("answers 201 to a batch create, or 200 where 2026-09 is turned so", async () => {
    const { a, ask, contact, world } = people()
    const inputs = [
      {
        from: { id: contact },
        to: { id: a },
        types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 279 }],
      },
    ]
    const path = "/crm/associations/2026-09/contacts/companies/batch/create"
    expect((await ask("POST", path, { inputs })).status).toBe(201)
    world.knobs.mergedBatchShape = true
    expect((await ask("POST", path, { inputs })).status).toBe(200)
  })

  it("reads batches, and answers records without associations as item errors", async () => {
    const { a, ask, b, contact, world } = people()
    world.associate("contacts", contact, "companies", a)
    const { body, status } = await ask("POST", `${BATCH}/companies/contacts/batch/read`, {
      inputs: [{ id: a }, { id: b }],
    })
    expect(status).toBe(207)
    expect(body.results.map((row) => [row.from.id, row.to.map((one) => one.toObjectId)])).toEqual([[a, [contact]]])
    expect(body.errors?.map((one) => one.subCategory)).toEqual(["crm.associations.NO_ASSOCIATIONS_FOUND"])
    expect(body.errors?.[0]?.context["fromObjectId"]).toEqual([b])
  })

  it("pages what a record has more than 500 of", async () => {
    const { a, ask, world } = people()
    world.seed(
      Array.from({ length: 700 }, (_, at) => ({
        type: "contacts" as const,
        properties: { email: `p${at}@example.com` },
        associations: [{ type: "companies" as const, id: a }],
      })),
    )
    const seen: Array<string> = []
    let after: string | undefined
    for (let page = 0; page < 3; page += 1) {
      const input = { id: a, ...(after === undefined ? {} : { after }) }
      const { body } = await ask("POST", `${BATCH}/companies/contacts/batch/read`, { inputs: [input] })
      const row = body.results[0]
      for (const one of row?.to ?? []) seen.push(one.toObjectId)
      after = row?.paging?.next.after
      if (after === undefined) break
    }
    expect([seen.length, new Set(seen).size]).toEqual([700, 700])
  })

  it("shows inline rows once for each type, by the plural of the other side", async () => {
    const { a, ask, b, contact, deal, world } = people()
    world.associate("contacts", contact, "companies", a)
    world.associate("contacts", contact, "companies", b)
    const [line = ""] = world.seed([{ type: "line_items", properties: { name: "L" } }])
    world.associate("deals", deal, "line_items", line)
    const inline = await ask("GET", `${V2026}/contacts/${contact}?associations=companies,deals`)
    expect(inline.body.associations?.["companies"]?.results).toEqual([
      { id: a, type: "contact_to_company_unlabeled" },
      { id: a, type: "contact_to_company" },
      { id: b, type: "contact_to_company_unlabeled" },
    ])
    expect(inline.body.associations?.["deals"]).toBe(undefined)
    const deals = await ask("GET", `${V2026}/deals/${deal}?associations=line_items`)
    expect(deals.body.associations?.["line items"]?.results).toEqual([{ id: line, type: "deal_to_line_item" }])
  })

  it("refuses associations of products, and a second parent of a line item", async () => {
    const { a, ask, deal, world } = people()
    const [product = "", line = "", other = ""] = world.seed([
      { type: "products", properties: { name: "P" } },
      { type: "line_items", properties: { name: "L" } },
      { type: "deals", properties: { dealname: "E" } },
    ])
    const put = (type: string, id: string, to: string, toId: string) =>
      ask("PUT", `${OBJECTS}/${type}/${id}/associations/default/${to}/${toId}`)
    expect((await put("products", product, "companies", a)).status).toBe(400)
    expect((await put("line_items", line, "deals", deal)).status).toBe(200)
    expect((await put("line_items", line, "deals", deal)).status).toBe(200)
    expect((await put("line_items", line, "deals", other)).status).toBe(400)
  })

  it("says 404 of a record that is not there, and removes a pair as often as asked", async () => {
    const { a, ask, contact, types, world } = people()
    expect((await ask("PUT", `${OBJECTS}/contacts/${contact}/associations/default/companies/404`)).status).toBe(404)
    world.associate("contacts", contact, "companies", a)
    for (let time = 0; time < 2; time += 1) {
      expect((await ask("DELETE", `${OBJECTS}/contacts/${contact}/associations/companies/${a}`)).status).toBe(204)
    }
    expect(types(a)).toBe(undefined)
  })
})
