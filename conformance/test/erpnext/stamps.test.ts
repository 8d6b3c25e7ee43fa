import { describe, expect, it } from "vitest"
import { open, START } from "./bench.ts"

describe("the stamp of a document", () => {
  it("is wall clock of the site's zone, whatever the zone of the reader", async () => {
    const { get, post, put } = open()
    await post("Customer", { customer_name: "A" })
    expect((await get("Customer", "A")).at("data.modified")).toMatch(
      /^2026-11-20 04:54:00\.\d{6}$|^2026-11-20 04:54:00$/,
    )
    await put("System Settings", "System Settings", { time_zone: "Asia/Kolkata" })
    await post("Customer", { customer_name: "B" })
    expect((await get("Customer", "B")).at("data.modified")).toMatch(/^2026-11-20 15:24:00/)
    expect((await get("Customer", "A")).at("data.modified")).toMatch(/^2026-11-20 04:54:00/)
  })

  it("comes twice in the hour when the clocks go back", async () => {
    const { clock, get, post } = open()
    await clock.advance(Date.UTC(2027, 10, 7, 5, 30) - START)
    await post("Customer", { customer_name: "A" })
    await clock.advance("1 hour")
    await post("Customer", { customer_name: "B" })
    const [a, b] = [await get("Customer", "A"), await get("Customer", "B")].map((one) =>
      String(one.at("data.creation")).slice(0, 16),
    )
    expect([a, b]).toEqual(["2027-11-07 01:30", "2027-11-07 01:30"])
  })

  it("moves with a save that changes nothing, and never stands still", async () => {
    const { put, world } = open()
    world.seed("Customer", [{ customer_name: "A" }])
    const stamps = new Set([world.get("Customer", "A")?.columns["modified"]])
    for (let at = 0; at < 5; at += 1)
      stamps.add(String((await put("Customer", "A", { disabled: 0 })).at("data.modified")))
    expect(stamps.size).toBe(6)
  })

  it("has no fraction when its microseconds are nought", async () => {
    const { get, world } = open()
    world.seed("Customer", [{ customer_name: "A", $modified: "2026-11-01 08:00:00" }])
    expect((await get("Customer", "A")).at("data.modified")).toBe("2026-11-01 08:00:00")
  })

  it("is that of its rows too, when a seed or an import sets it", async () => {
    const { get, world } = open()
    world.seed("Customer", [{ customer_name: "A" }])
    const links = [{ link_doctype: "Customer", link_name: "A" }]
    world.seed("Contact", [{ $name: "ann", first_name: "Ann", links, $modified: "2026-11-01 08:00:00.000000" }])
    const stamps = async () => {
      const ann = await get("Contact", "ann")
      return [ann.at("data.modified"), ann.at("data.links.0.modified")]
    }
    expect(await stamps()).toEqual(["2026-11-01 08:00:00", "2026-11-01 08:00:00"])
    world.stamp("Contact", "ann", START)
    expect(await stamps()).toEqual(["2026-11-20 04:54:00", "2026-11-20 04:54:00"])
  })

  it("may be seen late, when its transaction takes its time, and is the one of its beginning all the same", async () => {
    const { clock, get, twin, world } = open()
    world.seed("Customer", [{ customer_name: "A", tax_id: "DE1" }])
    const before = await get("Customer", "A")
    const { columns } = world.edit("Customer", "A", { tax_id: "DE2" }, { seenAfter: 8_000 })
    await clock.advance("7 seconds")
    expect((await get("Customer", "A")).at("data.modified")).toBe(before.at("data.modified"))
    const dump = structuredClone(world.dump())
    world.load(dump)
    await clock.advance("1 second")
    const after = await get("Customer", "A")
    expect([after.at("data.tax_id"), after.at("data.modified")]).toEqual(["DE2", columns["modified"]])
    expect(twin.world.get("Customer", "A")?.columns["tax_id"]).toBe("DE2")
  })

  it("does not move with a contact that is linked to the customer", async () => {
    const { post, world } = open()
    world.seed("Customer", [{ customer_name: "A" }])
    const before = world.get("Customer", "A")?.columns["modified"]
    await post("Contact", { first_name: "Ann", links: [{ link_doctype: "Customer", link_name: "A" }] })
    expect(world.get("Customer", "A")?.columns["modified"]).toBe(before)
  })
})

describe("a time of day", () => {
  it("loses its outer noughts when it is read back", async () => {
    const { get, post, world } = open()
    world.seed("Customer", [{ customer_name: "A" }])
    world.seed("Item", [{ item_code: "S", item_group: "Services", is_stock_item: 0 }])
    const made = await post("Sales Invoice", {
      customer: "A",
      set_posting_time: 1,
      posting_date: "2026-11-20",
      posting_time: "04:05:06.700000",
      items: [{ item_code: "S", qty: 1, rate: 1 }],
    })
    expect(made.at("data.posting_time")).toBe("04:05:06.700000")
    expect((await get("Sales Invoice", String(made.at("data.name")))).at("data.posting_time")).toBe("4:05:06.7")
  })
})
