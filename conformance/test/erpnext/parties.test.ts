import { describe, expect, it } from "vitest"
import { open } from "./bench.ts"

const site = () => {
  const bench = open()
  bench.world.seed("Customer", [{ customer_name: "Acme" }, { customer_name: "Beta" }])
  return bench
}

const links = [{ link_doctype: "Customer", link_name: "Acme" }]

describe("a contact", () => {
  it("is named by person and first link, and derives mail and phones from their rows", async () => {
    const { post } = site()
    const ann = {
      first_name: "Ann",
      last_name: "Lee",
      email_ids: [{ email_id: "a@acme.test" }],
      phone_nos: [
        { phone: "+1 1", is_primary_phone: 1 },
        { phone: "+1 2", is_primary_mobile_no: 1 },
      ],
      links,
    }
    const made = await post("Contact", ann)
    const derived = ["name", "full_name", "email_id", "phone", "mobile_no"].map((name) => made.at(`data.${name}`))
    expect(derived).toEqual(["Ann Lee-Acme", "Ann Lee", "a@acme.test", "+1 1", "+1 2"])
    expect([made.at("data.email_ids.0.is_primary"), made.at("data.links.0.link_title")]).toEqual(["1", "Acme"])
    expect((await post("Contact", ann)).at("data.name")).toBe("Ann Lee-Acme-1")
  })

  it("has one primary mail, and none among several that are not marked", async () => {
    const { post } = site()
    const mails = (...marks: ReadonlyArray<number>) =>
      post("Contact", {
        first_name: "A",
        email_ids: marks.map((is_primary, at) => ({ email_id: `${at}@b.test`, is_primary })),
      })
    expect((await mails(1, 1)).type).toBe("ValidationError")
    expect((await mails(0, 0)).at("data.email_id")).toBe("")
    expect((await mails(0, 1)).at("data.email_id")).toBe("1@b.test")
  })

  it("is found by the customer that it belongs to, and by its mail", async () => {
    const { list, world } = site()
    world.seed("Contact", [
      { first_name: "Ann", links, email_ids: [{ email_id: "a@b.test" }] },
      { first_name: "Bob", links: [{ link_doctype: "Customer", link_name: "Beta" }] },
    ])
    const byLink = [
      ["Dynamic Link", "link_doctype", "=", "Customer"],
      ["Dynamic Link", "link_name", "=", "Acme"],
    ]
    expect((await list("Contact", { filters: byLink })).each("name")).toEqual(["Ann-Acme"])
    expect((await list("Contact", { filters: [["Contact Email", "email_id", "=", "a@b.test"]] })).each("name")).toEqual(
      ["Ann-Acme"],
    )
  })
})

describe("an address", () => {
  const address = {
    address_title: "Acme",
    address_type: "Billing",
    address_line1: "1 Main St",
    city: "Boston",
    country: "United States",
    links,
  }

  it("is named by title and type, with a tail when it is taken", async () => {
    const { post } = site()
    expect((await post("Address", address)).at("data.name")).toBe("Acme-Billing")
    expect((await post("Address", address)).at("data.name")).toBe("Acme-Billing-1")
    const { address_title: _, ...untitled } = address
    expect((await post("Address", { ...untitled, address_type: "Shipping" })).at("data.name")).toBe("Acme-Shipping")
  })

  it("names its country as the site does, not by a code, and holds 240 characters a line", async () => {
    const { post } = site()
    expect((await post("Address", { ...address, country: "US" })).type).toBe("LinkValidationError")
    expect((await post("Address", { ...address, address_line1: "x".repeat(240) })).status).toBe(200)
    expect((await post("Address", { ...address, address_line1: "x".repeat(241) })).type).toBe(
      "CharacterLengthExceededError",
    )
  })

  it("that is preferred takes the mark from the one that had it, for each of its owners, and keeps its own", async () => {
    const { post, put, world } = site()
    const made = { address_title: "Acme", address_type: "Office", address_line1: "1", city: "X", country: "Germany" }
    await post("Address", { ...made, links, is_primary_address: 1, is_shipping_address: 1 })
    await post("Address", { ...made, links: [{ ...links[0], link_name: "Beta" }], is_primary_address: 1 })
    await post("Address", { ...made, links: [...links, { ...links[0], link_name: "Beta" }], is_primary_address: 1 })
    const marks = () =>
      world
        .all("Address")
        .map(({ columns }) => [columns["is_primary_address"] ?? 0, columns["is_shipping_address"] ?? 0])
    expect(marks()).toEqual([
      [0, 1],
      [0, 0],
      [1, 0],
    ])
    await put("Address", "Acme-Office-2", { city: "Y" })
    expect(marks()[2]).toEqual([1, 0])
  })
})

describe("an item", () => {
  it("has its unit and its name where they are not sent, and a price where a rate is", async () => {
    const { post, world } = site()
    const made = await post("Item", { item_code: "S", item_group: "Services", is_stock_item: 0, standard_rate: 12.5 })
    expect([made.at("data.item_name"), made.at("data.stock_uom"), made.at("data.uoms.0.conversion_factor")]).toEqual([
      "S",
      "Nos",
      "1.0",
    ])
    expect(world.all("Item Price").map(({ columns }) => [columns["price_list"], columns["price_list_rate"]])).toEqual([
      ["Standard Selling", "12.5"],
    ])
  })

  it("keeps its first series, and its price follows the list", async () => {
    const { post, put } = site()
    await post("Item", { item_code: "S", item_group: "Services", is_stock_item: 0 })
    expect((await put("Item", "S", { naming_series: "OTHER-" })).type).toBe("CannotChangeConstantError")
    const price = await post("Item Price", { item_code: "S", price_list: "Standard Buying", price_list_rate: 1 })
    expect([price.at("data.buying"), price.at("data.selling"), price.at("data.currency")]).toEqual(["1", "0", "USD"])
  })
})
