import { describe, expect, it } from "vitest"
import { open } from "./bench.ts"

describe("customers", () => {
  it("are made twice when they are sent twice, with a note and no error", async () => {
    const { post, world } = open()
    const first = await post("Customer", { customer_name: "Acme Corp" })
    const second = await post("Customer", { customer_name: "Acme Corp" })
    expect([first.status, first.at("data.name"), first.notes]).toEqual([200, "Acme Corp", []])
    expect([second.status, second.at("data.name")]).toEqual([200, "Acme Corp - 1"])
    expect(second.notes).toMatchObject([{ title: "Note", indicator: "yellow" }])
    expect(world.having("Customer", "customer_name", "Acme Corp")).toHaveLength(2)
  })

  it("are listed, read, changed and deleted", async () => {
    const { get, list, post, put, remove, world } = open()
    await post("Customer", { customer_name: "Acme Corp" })
    expect((await list("Customer", { fields: ["name", "tax_id"] })).body).toEqual({
      data: [{ name: "Acme Corp", tax_id: null }],
    })
    const before = (await get("Customer", "Acme Corp")).at("data.modified")
    const changed = await put("Customer", "Acme Corp", { tax_id: "T-1" })
    expect([changed.status, changed.at("data.tax_id")]).toEqual([200, "T-1"])
    expect(String(changed.at("data.modified")) > String(before)).toBe(true)
    const removed = await remove("Customer", "Acme Corp")
    expect([removed.status, removed.body]).toEqual([202, { data: "ok" }])
    expect((await remove("Customer", "Acme Corp")).body).toEqual({ exc_type: "DoesNotExistError" })
    expect(world.all("Deleted Document").map((doc) => doc.columns["deleted_name"])).toEqual(["Acme Corp"])
  })
})
