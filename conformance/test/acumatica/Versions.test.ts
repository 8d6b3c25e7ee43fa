import { describe, expect, it } from "vitest"
import * as AcumaticaTwin from "../../src/acumatica/AcumaticaTwin.ts"
import * as Shapes from "../../src/acumatica/Shapes.ts"
import { documents } from "../../src/generated/acumatica.ts"
import { filter, open, values } from "./Client.ts"

const ALL = [...AcumaticaTwin.VERSIONS, "26.200.001"]

const withAll = async () => {
  const made = await open({ versions: ALL })
  made.world.seed("Customer", [{ CustomerID: "C1", CustomerName: "One", BillingContactOverride: true, $note: "hello" }])
  made.world.seed("SalesInvoice", [{ ReferenceNbr: "I1", CustomerID: "C1" }])
  return made
}

describe("versions of the endpoint", () => {
  it("wrap values by their contract: a bare note in 3, select values as objects in 5", async () => {
    const { get, world } = await withAll()
    const read = async (version: string) => await get("Customer/C1", { version })
    expect((await read("18.200.001")).at("note")).toBe("hello")
    expect((await read("24.200.001")).at("note")).toEqual({ value: "hello" })
    expect((await read("25.200.001")).at("Status")).toEqual({ value: "Active" })
    expect((await read("26.200.001")).at("Status")).toEqual({ value: { id: "Active", description: "Active" } })
    world.knobs.selectCasing = "pascal"
    expect((await read("26.200.001")).at("Status.value.ID")).toBe("Active")
  })

  it("expand with brackets in contract 5 and with slashes before", async () => {
    const { get } = await withAll()
    const brackets = "Customer/C1?$expand=MainContact($expand=Address)"
    expect((await get(brackets, { version: "26.200.001" })).at("MainContact.Address.Country.value")).toBe("US")
    expect((await get(brackets)).status).toBe(500)
    expect((await get("Customer/C1?$expand=MainContact/Address", { version: "26.200.001" })).status).toBe(500)
  })

  it("turn the meaning of SameAsMain around into Override from 20 on", async () => {
    const { get, put, world } = await withAll()
    const old = await get("Customer/C1", { version: "18.200.001" })
    expect([old.at("BillingContactSameAsMain.value"), old.at("BillingContactOverride")]).toEqual([false, undefined])
    expect((await get("Customer/C1")).at("BillingContactOverride.value")).toBe(true)
    await put("Customer", values({ CustomerID: "C1", BillingContactSameAsMain: true }), { version: "18.200.001" })
    expect(world.customer("C1")?.fields["BillingContactOverride"]).toBe(false)
  })

  it("name the modified field as their version does, and have none where it has none", async () => {
    const { get } = await withAll()
    const stamp = "gt datetimeoffset'2020-01-01T00:00:00Z'"
    const status = async (entity: string, field: string, release: number) =>
      (await get(`${entity}?${filter(`${field} ${stamp}`)}`, { version: `${release}.200.001` })).status
    const table: ReadonlyArray<readonly [string, string, number, number]> = [
      ["SalesInvoice", "LastModifiedDateTime", 22, 500],
      ["SalesInvoice", "LastModifiedDateTime", 23, 200],
      ["SalesInvoice", "LastModifiedDate", 24, 200],
      ["SalesInvoice", "LastModifiedDate", 26, 500],
      ["Invoice", "LastModifiedDateTime", 18, 200],
      ["Payment", "LastModifiedDateTime", 18, 500],
      ["Payment", "LastModifiedDateTime", 20, 200],
      ["SalesOrder", "LastModified", 25, 200],
      ["SalesOrder", "LastModifiedDateTime", 25, 500],
      ["StockItem", "LastModifiedDateTime", 23, 500],
      ["StockItem", "LastModifiedDateTime", 24, 200],
      ["StockItem", "LastModified", 18, 200],
    ]
    for (const [entity, field, release, wanted] of table) {
      expect([entity, field, release, await status(entity, field, release)]).toEqual([entity, field, release, wanted])
    }
  })

  it("know every member that our descriptions have, at every depth", () => {
    const shapes = Shapes.make()
    const missing: Array<string> = []
    let members = 0
    const own = (schema: unknown): ReadonlyArray<string> => {
      const { allOf = [] } = schema as { readonly allOf?: ReadonlyArray<{ readonly properties?: object }> }
      return allOf.flatMap((one) => Object.keys(one.properties ?? {}))
    }
    for (const version of AcumaticaTwin.VERSIONS) {
      const components = (documents[version]?.components ?? {}) as {
        readonly schemas?: Readonly<Record<string, unknown>>
      }
      for (const [name, schema] of Object.entries(components.schemas ?? {})) {
        for (const member of own(schema)) {
          members += 1
          if (!shapes.of(name, version).has(member)) missing.push(`${version} ${name}.${member}`)
        }
      }
    }
    expect(missing).toEqual([])
    expect(members).toBeGreaterThan(3000)
  })

  it("say of every quirk how surely it is known, and from where", () => {
    const { quirks } = AcumaticaTwin.vendor({ clock: { now: () => 0, sleep: async () => {} } })
    expect(new Set(quirks.map((one) => one.id)).size).toBe(quirks.length)
    expect(quirks.every((one) => one.source !== "" && one.says.endsWith("."))).toBe(true)
    expect(quirks.filter((one) => one.grade === "documented").length).toBeGreaterThan(15)
    expect(quirks.filter((one) => one.grade === "assumed").length).toBeGreaterThan(20)
  })
})
