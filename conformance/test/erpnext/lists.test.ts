import { describe, expect, it } from "vitest"
import { open } from "./bench.ts"

const many = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ customer_name: `C${String(at).padStart(3, "0")}` }))

const names = (list: ReadonlyArray<unknown>): ReadonlyArray<string> => list.map(String)

describe("a list", () => {
  it("holds twenty rows unless told, and all of them for 0", async () => {
    const { list, world } = open()
    world.seed("Customer", many(45))
    expect((await list("Customer")).each("name")).toHaveLength(20)
    expect((await list("Customer", { limit_page_length: 0 })).each("name")).toHaveLength(45)
    expect((await list("Customer", { limit: 7, limit_start: 40, order_by: "name asc" })).each("name")).toHaveLength(5)
  })

  it("has no order without order_by, the same at each seed and another at the next", async () => {
    const of = async (seed: number) => {
      const { list, world } = open({ seed })
      world.seed("Customer", many(30))
      return names((await list("Customer", { limit: 0 })).each("name"))
    }
    const one = await of(1)
    expect(one).not.toEqual([...one].sort())
    expect(await of(1)).toEqual(one)
    expect(await of(2)).not.toEqual(one)
    expect([...one].sort()).toEqual(many(30).map((each) => each.customer_name))
  })

  it("shows nulls, and a row as an array where it is asked for", async () => {
    const { list, world } = open()
    world.seed("Customer", many(1))
    const fields = ["name", "tax_id", "default_commission_rate"]
    expect((await list("Customer", { fields })).text).toBe(
      `{"data":[{"name":"C000","tax_id":null,"default_commission_rate":0.0}]}`,
    )
    expect((await list("Customer", { fields, as_dict: "false" })).text).toBe(`{"data":[["C000",null,0.0]]}`)
  })

  it("pages by modified and name without a loss, however many share a stamp", async () => {
    const { list, world } = open()
    world.seed(
      "Customer",
      many(50).map((one) => ({ ...one, $modified: "2026-11-01 10:00:00.000000" })),
    )
    const seen: Array<string> = []
    for (let start = 0; start < 50; start += 20) {
      const page = await list("Customer", {
        order_by: "modified asc, name asc",
        limit_page_length: 20,
        limit_start: start,
      })
      seen.push(...names(page.each("name")))
    }
    expect(seen).toEqual(many(50).map((one) => one.customer_name))
  })

  it("doubles a parent for each row that fits", async () => {
    const { list, world } = open()
    world.seed("Customer", [{ customer_name: "A" }])
    world.seed("Item", [{ item_code: "S", item_group: "Services", is_stock_item: 0 }])
    const line = { item_code: "S", qty: 1, rate: 1 }
    world.seed("Sales Invoice", [{ customer: "A", items: [line, line] }])
    const filters = [["Sales Invoice Item", "item_code", "=", "S"]]
    expect((await list("Sales Invoice", { filters })).each("name")).toHaveLength(2)
    const fields = ["name", "`tabSales Invoice Item`.qty as qty", "items.idx as at"]
    expect(
      (await list("Sales Invoice", { filters, fields, order_by: "`tabSales Invoice`.modified asc" })).each("at"),
    ).toEqual(["1", "2"])
  })

  it("of a child doctype needs the parent's", async () => {
    const { list, world } = open()
    world.seed("Contact", [{ first_name: "Ann", email_ids: [{ email_id: "a@b.test" }] }])
    expect(
      (await list("Contact Email", { parent: "Contact", fields: ["parent", "email_id"] })).each("email_id"),
    ).toEqual(["a@b.test"])
    expect((await list("Contact Email")).status).toBe(403)
  })

  it("follows links, and counts, sums and groups", async () => {
    const { list, world } = open()
    world.seed("Customer", [{ customer_name: "A", default_price_list: "Standard Selling" }, { customer_name: "B" }])
    const rows = await list("Customer", {
      fields: ["name", "default_price_list.currency as money"],
      order_by: "name asc",
    })
    expect(rows.each("money")).toEqual(["USD", null])
    const counted = await list("Customer", { fields: ["count(name) as n", "customer_type"], group_by: "customer_type" })
    expect(counted.text).toBe(`{"data":[{"n":2,"customer_type":"Company"}]}`)
  })
})

describe("a filter", () => {
  const found = async (filters: unknown, more: Record<string, unknown> = {}) => {
    const { list, world } = open()
    world.seed("Customer", [
      { customer_name: "Acme", tax_id: "1", customer_group: "Commercial" },
      { customer_name: "Beta", disabled: 1, territory: "United States" },
      { customer_name: "Gamma", tax_id: "3", default_commission_rate: "2.5" },
    ])
    return (await list("Customer", { filters, order_by: "name asc", ...more })).each("name")
  }

  it.each([
    [{ customer_name: "Acme" }, ["Acme"]],
    [{ customer_name: ["like", "%a%"] }, ["Acme", "Beta", "Gamma"]],
    [[["customer_name", "like", "_eta"]], ["Beta"]],
    [[["Customer", "customer_name", "in", ["Acme", "Gamma"]]], ["Acme", "Gamma"]],
    [[["customer_name", "in", "Acme,Beta"]], ["Acme", "Beta"]],
    [[["tax_id", "=", ""]], ["Beta"]],
    [[["tax_id", "!=", "1"]], ["Beta", "Gamma"]],
    [[["tax_id", "not in", ["1"]]], ["Beta", "Gamma"]],
    [[["tax_id", "is", "set"]], ["Acme", "Gamma"]],
    [[["tax_id", "is", "not set"]], ["Beta"]],
    [[["default_commission_rate", ">=", "2.50"]], ["Gamma"]],
    [
      [
        ["disabled", "=", 0],
        ["tax_id", "=", "3"],
      ],
      ["Gamma"],
    ],
    [[["customer_group", "descendants of", "All Customer Groups"]], ["Acme"]],
    [[["creation", "timespan", "today"]], ["Acme", "Beta", "Gamma"]],
    [[["creation", "between", ["2026-11-20", "2026-11-20"]]], ["Acme", "Beta", "Gamma"]],
    [[["creation", "<", "2026-11-20"]], []],
  ])("%j", async (filters, expected) => {
    expect(await found(filters)).toEqual(expected)
  })

  it("does not tell capitals, unless a knob makes it", async () => {
    const { list, world } = open()
    world.seed("Customer", [{ customer_name: "Acme" }])
    expect((await list("Customer", { filters: { customer_name: "ACME" } })).each("name")).toEqual(["Acme"])
    world.knobs.equality = "exact"
    expect((await list("Customer", { filters: { customer_name: "ACME" } })).each("name")).toEqual([])
  })

  it("of or_filters needs one of them, beside the others", async () => {
    const or_filters = [
      ["customer_name", "=", "Acme"],
      ["customer_name", "=", "Beta"],
    ]
    expect(await found([["disabled", "=", 0]], { or_filters })).toEqual(["Acme"])
  })

  it("by a stamp compares its microseconds", async () => {
    const { list, world } = open()
    world.seed("Customer", [
      { customer_name: "A", $modified: "2026-11-01 10:00:00.000001" },
      { customer_name: "B", $modified: "2026-11-01 10:00:00.000002" },
    ])
    const after = async (operator: string) =>
      (
        await list("Customer", {
          filters: [["modified", operator, "2026-11-01 10:00:00.000001"]],
          order_by: "name asc",
        })
      ).each("name")
    expect([await after(">"), await after(">="), await after("=")]).toEqual([["B"], ["A", "B"], ["A"]])
  })

  it.each([
    [{ filters: [["nope", "=", 1]] }, 417, "DataError"],
    [{ filters: [["name", "~", 1]] }, 417, "ValidationError"],
    [{ filters: "{not" }, 500, "JSONDecodeError"],
    [{ fields: ["nope"] }, 417, "DataError"],
    [{ order_by: "nope asc" }, 500, "OperationalError"],
  ])("%j is %i %s", async (query, status, type) => {
    const answer = await open().list("Customer", query)
    expect([answer.status, answer.type]).toEqual([status, type])
  })
})

describe("a list that was read before", () => {
  it("is read anew after a change, after one that failed, and in another world", async () => {
    const { list, post, world } = open()
    const names = async () => (await list("Customer", { order_by: "name asc" })).each("name")
    world.seed("Customer", [{ customer_name: "A" }])
    const dump = world.dump()
    expect(await names()).toEqual(["A"])
    await post("Customer", { customer_name: "B", territory: "Nowhere" })
    expect(await names()).toEqual(["A"])
    await post("Customer", { customer_name: "B" })
    expect(await names()).toEqual(["A", "B"])
    world.load(dump)
    expect(await names()).toEqual(["A"])
  })
})
