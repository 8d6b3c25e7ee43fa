import { describe, expect, it } from "vitest"
import type { ReleaseName } from "../../src/erpnext/ErpNextTwin.ts"
import { limited, open } from "./bench.ts"

const site = (release: ReleaseName, count = 3) => {
  const bench = open({ release, knobs: { rateLimit: { limit: 1000, window: 3600 } } })
  bench.world.seed(
    "Customer",
    Array.from({ length: count }, (_, at) => ({ customer_name: `C${at}` })),
  )
  return bench
}

const V2 = "/api/v2/document/Customer"

describe("the release of a site", () => {
  it.each([
    ["v14", "14.93.2"],
    ["v15.55", "15.55.1"],
    ["v15", "15.105.0"],
    ["v16", "16.0.0"],
  ] as const)("%s tells its version", async (release, version) => {
    const answer = await site(release).send("GET", "/api/method/frappe.utils.change_log.get_versions")
    expect(answer.at("message.frappe.version")).toBe(version)
  })

  it("v14 has no v2, and no v1 by that name", async () => {
    const { send } = site("v14")
    expect([(await send("GET", V2)).status, (await send("GET", "/api/v1/resource/Customer")).status]).toEqual([
      404, 404,
    ])
    expect((await site("v15").send("GET", "/api/v1/resource/Customer")).status).toBe(200)
  })

  it("v14 answers a delete in another form, and a create with its nulls", async () => {
    const { post, remove } = site("v14")
    expect((await post("Customer", { customer_name: "N" })).at("data.tax_id")).toBeNull()
    const removed = await remove("Customer", "N")
    expect([removed.status, removed.body]).toEqual([202, { message: "ok" }])
  })

  it("v14 names the class only of what was thrown on purpose", async () => {
    const { list, post } = site("v14")
    expect((await list("Customer", { fields: ["nope"] })).at("exc_type")).toBe("DataError")
    const crash = await post("Customer", {})
    expect([crash.status, crash.at("exc_type")]).toEqual([500, undefined])
    expect(crash.at("exception")).toMatch(/^AttributeError/)
  })

  it("15.55 ignores start and names of v2, and tells guests what is missing", async () => {
    const { send } = site("v15.55")
    const order = { order_by: "name asc", limit: 1 }
    expect((await send("GET", V2, { query: { ...order, start: 2 } })).each("name")).toEqual(["C0"])
    expect((await send("GET", V2, { query: { ...order, limit_start: 2 } })).each("name")).toEqual(["C2"])
    expect((await send("POST", V2, { body: { name: "X", customer_name: "Y" } })).at("data.name")).toBe("Y")
    expect((await send("GET", "/api/resource/Customer/Nobody", { headers: { cookie: "" } })).status).toBe(404)
  })

  it.each([
    ["v14", true],
    ["v15.55", true],
    ["v15", false],
    ["v16", false],
  ] as const)("%s shows what was spent of the limit: %s", async (release, shown) => {
    expect((await site(release).list("Customer")).headers.has("x-ratelimit-used")).toBe(shown)
  })

  it("v16 tells in v2 whether there is more, and gives nothing for a page of nought", async () => {
    const { list, send } = site("v16", 25)
    const page = await send("GET", V2, { query: { order_by: "name asc" } })
    expect([page.each("name").length, page.at("has_next_page")]).toEqual([20, true])
    const last = await send("GET", V2, { query: { order_by: "name asc", start: 20 } })
    expect([last.each("name").length, last.at("has_next_page")]).toEqual([5, false])
    expect((await send("GET", V2, { query: { limit: 0 } })).body).toEqual({ data: [], has_next_page: true })
    expect((await list("Customer", { limit_page_length: 0 })).each("name")).toHaveLength(25)
  })

  it("v16 sorts downwards in v2 without a direction, and upwards in v1", async () => {
    const { list, send } = site("v16")
    expect((await send("GET", V2, { query: { order_by: "name" } })).each("name")).toEqual(["C2", "C1", "C0"])
    expect((await list("Customer", { order_by: "name" })).each("name")).toEqual(["C0", "C1", "C2"])
  })

  it("v16 reads nested filters and functions as objects, refuses functions in text, and has lost some operators", async () => {
    const { list, send } = site("v16")
    const filters = [["name", "=", "C0"], "or", [["name", "=", "C1"], "and", ["disabled", "=", 0]]]
    expect((await send("GET", V2, { query: { filters, order_by: "name asc" } })).each("name")).toEqual(["C0", "C1"])
    const counted = await send("GET", V2, { query: { fields: [{ COUNT: "name", as: "n" }] } })
    expect(counted.each("n")).toEqual(["3"])
    expect((await list("Customer", { fields: ["count(name) as n"] })).status).toBe(417)
    expect((await list("Customer", { filters: [["modified", "previous", "1 week"]] })).status).toBe(417)
    expect((await site("v15").list("Customer", { filters: [["modified", "previous", "1 week"]] })).status).toBe(200)
  })

  it("v16 answers single documents of v2 with their nulls, v15 without", async () => {
    const of = async (release: ReleaseName) => (await site(release).send("GET", `${V2}/C0`)).at("data.tax_id")
    expect([await of("v15"), await of("v16")]).toEqual([undefined, null])
  })

  it("v16 has bulk routes, each item on its own, and a job above the threshold", async () => {
    const { send, world } = site("v16")
    const docs = [
      { name: "C0", tax_id: "1" },
      { name: "Nobody", tax_id: "2" },
    ]
    const some = await send("POST", `${V2}/bulk_update`, { body: { docs } })
    expect([some.status, some.at("data.success_count"), some.at("data.failed.0.name")]).toEqual([200, "1", "Nobody"])
    expect(world.get("Customer", "C0")?.columns["tax_id"]).toBe("1")
    expect((await send("POST", `${V2}/bulk_delete`, { body: { names: ["C1"] } })).at("data.deleted.0")).toBe("C1")
    const many = await send("POST", `${V2}/bulk_delete`, { body: { names: Array.from({ length: 21 }, () => "C2") } })
    expect([many.status, typeof many.at("data.job_id")]).toEqual([202, "string"])
    expect((await site("v15").send("POST", `${V2}/bulk_update`, { body: { docs } })).body).toEqual({
      errors: [{ type: "DoesNotExistError" }],
    })
  })

  it("v16 shows a guest no traceback, and who is of the desk one", async () => {
    const { send } = site("v16")
    expect((await send("GET", "/api/resource/Customer", { headers: { cookie: "" } })).at("exc")).toBeUndefined()
    expect((await send("GET", "/api/resource/Item Price", { headers: limited })).at("exc")).toBeDefined()
  })

  it("v16 serves its own doctypes", async () => {
    const fields = async (release: ReleaseName) => {
      const meta = await site(release).send("GET", "/api/v2/doctype/Sales Order/meta")
      return (meta.at("data.fields") as ReadonlyArray<{ readonly fieldname: string }>).map((one) => one.fieldname)
    }
    const [old, recent] = [await fields("v15"), await fields("v16")]
    expect([old.includes("campaign"), recent.includes("campaign")]).toEqual([true, false])
    expect([old.includes("utm_campaign"), recent.includes("utm_campaign")]).toEqual([false, true])
  })

  it.each(["v14", "v15.55", "v15", "v16"] as const)("%s bills an order", async (release) => {
    const { post, world } = site(release)
    world.seed("Item", [{ item_code: "S", item_group: "Services", is_stock_item: 0 }])
    const made = await post("Sales Order", {
      customer: "C0",
      delivery_date: "2026-12-01",
      items: [{ item_code: "S", qty: 2, rate: "4.5" }],
    })
    expect([made.status, made.at("data.grand_total"), made.at("data.docstatus")]).toEqual([200, "9.0", "0"])
  })
})
