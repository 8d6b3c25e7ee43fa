import { describe, expect, it } from "vitest"
import * as ErpNextTwin from "../../src/erpnext/ErpNextTwin.ts"
import * as VirtualClock from "../../src/VirtualClock.ts"
import { open, START } from "./bench.ts"

const many = <A>(count: number, of: (at: number) => A) => Array.from({ length: count }, (_, at) => of(at))

describe("the world", () => {
  it("goes to JSON and back: documents, counters, fields, keys, tokens, sessions and webhooks", async () => {
    const first = open({ knobs: { equality: "exact" } })
    await first.put("Selling Settings", "Selling Settings", { cust_master_name: "Naming Series" })
    await first.post("Custom Field", { dt: "Customer", fieldname: "key", label: "Key", fieldtype: "Data", unique: 1 })
    await first.post("Webhook", {
      __newname: "w",
      webhook_doctype: "Customer",
      webhook_docevent: "on_update",
      request_url: "https://hooks.example.test",
    })
    await first.post("Customer", { customer_name: "A", key: "1" })
    const client = await first.post("OAuth Client", {
      app_name: "a",
      default_redirect_uri: "https://a.test",
      redirect_uris: "https://a.test",
    })
    const { accessToken } = first.world.consent(String(client.at("data.client_id")))
    await first.send("POST", "/api/method/login", {
      headers: { cookie: "" },
      body: { usr: "Administrator", pwd: ErpNextTwin.KEY.password },
    })
    const dump = JSON.parse(JSON.stringify(first.world.dump()))
    const second = open()
    second.world.load(dump)
    expect(JSON.parse(JSON.stringify(second.world.dump()))).toEqual(dump)
    const again = await second.post("Customer", { customer_name: "B", key: "1" })
    expect(again.type).toBe("UniqueValidationError")
    expect((await second.post("Customer", { customer_name: "B", key: "2" })).at("data.name")).toBe("CUST-2026-00002")
    const whoami = await second.send("GET", "/api/method/frappe.auth.get_logged_user", {
      headers: { authorization: `Bearer ${accessToken}` },
    })
    expect(whoami.at("message")).toBe("Administrator")
    expect(second.world.pendingWebhooks()).toHaveLength(2)
  })

  it("follows from its seed", async () => {
    const row = async (seed: number) => {
      const { post } = open({ seed })
      return (await post("Contact", { first_name: "A", email_ids: [{ email_id: "a@b.test" }] })).at(
        "data.email_ids.0.name",
      )
    }
    expect(await row(1)).toBe(await row(1))
    expect(await row(1)).not.toBe(await row(2))
  })

  it("refuses a seed with a field that the doctype does not have", () => {
    const { world } = open()
    expect(() => world.seed("Customer", [{ wings: "2" }])).toThrow("Customer has no field wings")
    expect(() => world.seed("Dragon", [{}])).toThrow("There is no DocType Dragon")
  })

  it("lets somebody else edit, with or without a moved stamp", () => {
    const { world } = open()
    world.seed("Customer", [{ customer_name: "A", $modified: "2026-11-01 08:00:00.000001" }])
    const edit = (options?: Parameters<typeof world.edit>[3]) =>
      world.edit("Customer", "A", { tax_id: "T" }, options).columns["modified"]
    expect(edit({ moveStamp: false })).toBe("2026-11-01 08:00:00.000001")
    expect(edit({ at: Date.UTC(2026, 10, 2, 12) })).toBe("2026-11-02 07:00:00")
    expect(edit()).toMatch(/^2026-11-20 04:54:00\.\d{6}$/)
  })

  it("writes down what the description does not know, and answers all the same", async () => {
    const { list, world } = open()
    await list("Customer", { order_by: "name asc" })
    expect(world.misfits).toEqual([])
    expect((await list("Customer", { wings: 2 })).status).toBe(200)
    expect(world.misfits).toMatchObject([{ kind: "unknownParameter", path: ["query", "wings"], request: 2 }])
  })

  it("says of every quirk how surely it is known, and from where", () => {
    const { quirks } = ErpNextTwin.vendor({ clock: VirtualClock.make({ start: START }) })
    expect(new Set(quirks.map((one) => one.id)).size).toBe(quirks.length)
    expect(quirks.every((one) => one.source !== "" && one.says.endsWith("."))).toBe(true)
    expect(quirks.filter((one) => one.grade === "observed").length).toBeGreaterThan(50)
  })

  it("holds a business of two companies with twenty-five thousand rows and lists from it at once", async () => {
    const { list, twin, world } = open()
    const companies = [ErpNextTwin.COMPANY, ErpNextTwin.SECOND]
    world.seed(
      "Customer",
      many(6_000, (at) => ({ customer_name: `Customer ${at}` })),
    )
    world.seed(
      "Contact",
      many(4_500, (at) => ({
        first_name: `Person ${at}`,
        links: [{ link_doctype: "Customer", link_name: `Customer ${at}` }],
      })),
    )
    world.seed(
      "Item",
      many(500, (at) => ({ item_code: `I-${at}`, item_group: "Products", is_stock_item: 0, standard_rate: "12.50" })),
    )
    world.seed(
      "Sales Invoice",
      many(2_500, (at) => ({
        customer: `Customer ${at}`,
        company: companies[at % 2]?.name,
        items: [
          { item_code: `I-${at % 500}`, qty: 2, rate: "10.10" },
          { item_code: `I-${(at + 7) % 500}`, qty: 1, rate: "5" },
        ],
        $submitted: true,
      })),
    )
    for (const doc of world.all("Sales Invoice").slice(0, 500)) world.pay(String(doc.columns["name"]))
    const rows = ["Customer", "Contact", "Item", "Item Price", "Sales Invoice", "Payment Entry"].map(
      (doctype) => world.all(doctype).length,
    )
    const inTables = world.all("Sales Invoice").length * 3 + world.all("Contact").length
    expect(rows.reduce((total, one) => total + one, inTables)).toBeGreaterThan(25_000)
    expect(world.get("Sales Invoice", "ACC-SINV-2026-00002")?.columns).toMatchObject({
      currency: "EUR",
      grand_total: "25.2",
      status: "Paid",
    })
    const page = (start: number) =>
      list("Sales Invoice", {
        order_by: "modified asc, name asc",
        limit_page_length: 100,
        limit_start: start,
        fields: ["name", "modified", "outstanding_amount"],
      })
    await page(0)
    const started = performance.now()
    const seen = new Set<unknown>()
    for (let start = 0; start < 2_500; start += 100) for (const name of (await page(start)).each("name")) seen.add(name)
    expect(seen.size).toBe(2_500)
    // A few hundred milliseconds; the bound only tells one sorting from one for each page on a busy machine.
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(twin.journal.lines).toHaveLength(26)
  }, 60_000)
})
