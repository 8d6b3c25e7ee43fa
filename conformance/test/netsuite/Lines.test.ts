import { describe, expect, it } from "vitest"
import { furnish, open } from "./Client.ts"

const setUp = () => {
  const t = open()
  const { customer, item, stock } = furnish(t)
  const lines = (...items: ReadonlyArray<object>) => ({ item: { items } })
  const rows = async (path: string) => {
    const found = await t.get(`${path}?expandSubResources=true`)
    return (found.at("item.items") as ReadonlyArray<unknown>).map((_, index) =>
      ["line", "quantity", "rate", "amount"].map((name) => found.at(`item.items.${index}.${name}`)).join(" "),
    )
  }
  const order = { entity: { id: customer }, orderStatus: { id: "B" } }
  return { ...t, customer, item, stock, lines, order, rows }
}

describe("lines of an order", () => {
  it("are added by a PATCH that names none, so that a repeat doubles them", async () => {
    const { item, lines, order, patch, put, rows } = setUp()
    const { id } = await put("salesOrder/eid:so-1", { ...order, ...lines({ item: { id: item }, quantity: 2 }) })
    const more = lines({ item: { id: item }, quantity: 1, rate: 10.5 })
    await patch(`salesOrder/${id}`, more)
    await patch(`salesOrder/${id}`, more)
    expect(await rows(`salesOrder/${id}`)).toEqual(["1 2.0 800.0 1600.0", "2 1.0 10.5 10.5", "3 1.0 10.5 10.5"])
  })

  it("are updated by the line that is named, again without effect", async () => {
    const { item, lines, order, patch, put, rows } = setUp()
    const { id } = await put("salesOrder/eid:so-1", { ...order, ...lines({ item: { id: item }, quantity: 2 }) })
    for (let i = 0; i < 2; i++) await patch(`salesOrder/${id}`, lines({ line: 1, quantity: 3 }))
    expect(await rows(`salesOrder/${id}`)).toEqual(["1 3.0 800.0 2400.0"])
    expect((await patch(`salesOrder/${id}`, lines({ line: 9, quantity: 3 }))).status).toBe(400)
  })

  it("are replaced as a whole where the request says so, and a repeat adds nothing", async () => {
    const { item, lines, order, put, rows, stock } = setUp()
    const body = { ...order, ...lines({ item: { id: item }, quantity: 2 }, { item: { id: stock }, amount: 7 }) }
    const { id } = await put("salesOrder/eid:so-1", body)
    await put("salesOrder/eid:so-1?replace=item", body)
    expect((await rows(`salesOrder/${id}`)).map((row) => row.split(" ").slice(1).join(" "))).toEqual([
      "2.0 800.0 1600.0",
      "1.0 7.0 7.0",
    ])
    await put("salesOrder/eid:so-1", body)
    expect(await rows(`salesOrder/${id}`)).toHaveLength(4)
  })

  it("cannot all be taken away, and those that were billed not at all", async () => {
    const { item, lines, order, patch, post, put } = setUp()
    const { id } = await put("salesOrder/eid:so-1", { ...order, ...lines({ item: { id: item }, quantity: 2 }) })
    expect((await patch(`salesOrder/${id}`, { item: { items: null } })).refusal).toContain("at least one line item")
    await post(`salesOrder/${id}/!transform/invoice`, {})
    const replaced = await put("salesOrder/eid:so-1?replace=item", lines({ item: { id: item }, quantity: 1 }))
    expect(replaced.refusal).toContain("billed or fulfilled")
    expect((await patch(`salesOrder/${id}`, lines({ line: 1, description: "A new text" }))).status).toBe(204)
  })

  it("add up exactly, rounded to the currency", async () => {
    const { item, lines, order, post, get } = setUp()
    const body = {
      ...order,
      ...lines({ item: { id: item }, quantity: 3, rate: 0.1 }, { item: { id: item }, quantity: 0.333, rate: 10 }),
    }
    const { id } = await post("salesOrder", body)
    expect((await get(`salesOrder/${id}`)).at("total")).toBe("3.63")
  })
})

describe("rows of an address book", () => {
  const address = (city: string) => ({ addressBook: { items: [{ addressBookAddress: { city } }] } })

  it("are added unless they replace the book, or the account merges them by their id", async () => {
    const { customer, get, patch, world } = setUp()
    const cities = async () => {
      const found = await get(`customer/${customer}?expandSubResources=true`)
      return (found.at("addressBook.items") as ReadonlyArray<unknown>).map((_, index) =>
        found.at(`addressBook.items.${index}.addressBookAddress.city`),
      )
    }
    await patch(`customer/${customer}`, address("Kiel"))
    await patch(`customer/${customer}`, address("Bonn"))
    expect(await cities()).toEqual(["Kiel", "Bonn"])
    await patch(`customer/${customer}?replace=addressBook`, address("Trier"))
    expect(await cities()).toEqual(["Trier"])
    world.knobs.addressBookKeyed = true
    await patch(`customer/${customer}`, {
      addressBook: { items: [{ internalId: 3, addressBookAddress: { city: "Ulm" } }] },
    })
    expect(world.get("customer", customer)?.subs["addressBook"]).toHaveLength(2)
  })

  it("bill and ship by default to the last that says so", async () => {
    const { customer, patch, query } = setUp()
    const row = (city: string) => ({ defaultBilling: true, addressBookAddress: { city, country: { id: "DE" } } })
    await patch(`customer/${customer}`, { addressBook: { items: [row("Kiel"), row("Bonn")] } })
    const [key] = (await query("SELECT defaultbillingaddress FROM customer")).each("defaultbillingaddress")
    const found = await query("SELECT city, country FROM entityaddress WHERE nkey = ? ORDER BY nkey", [Number(key)])
    expect(found.items.map((one) => [one["city"], one["country"]])).toEqual([["Bonn", "DE"]])
  })
})

describe("fields that a request replaces", () => {
  it("are cleared when they are named and not sent", async () => {
    const { customer, get, patch } = setUp()
    await patch(`customer/${customer}`, { phone: "1", fax: "2" })
    await patch(`customer/${customer}?replaceSelectedFields=true&replace=phone`, { fax: "3" })
    const found = await get(`customer/${customer}`)
    expect([found.at("phone"), found.at("fax")]).toEqual([undefined, "3"])
  })
})
