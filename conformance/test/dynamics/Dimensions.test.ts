import { describe, expect, it } from "vitest"
import { amount, CUSTOMER, open } from "./Client.ts"

const C1 = "CustomersV3(dataAreaId='usmf',CustomerAccount='C1')"
const FIELD = "DefaultDimensionDisplayValue"
const FORMAT = ["Default dimensions", "DataEntityDefaultDimensionFormat"]

const seeded = () => {
  const made = open()
  made.world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
  const read = async () => (await made.get(C1)).at(FIELD)
  const write = (value: string) => made.patch(C1, { [FIELD]: value })
  return { ...made, read, write }
}

describe("financial dimensions", () => {
  it("are one text, in the order of the active format, with empty segments for those that are unset", async () => {
    const { read, write } = seeded()
    expect(await read()).toBe("")
    await write("001--007")
    expect(await read()).toBe("001--007")
    await write("002")
    expect(await read()).toBe("002--")
    await write("")
    expect(await read()).toBe("")
  })

  it("show in another order, and some not at all, when another format is active", async () => {
    const { read, world, write } = seeded()
    await write("001-022-007")
    world.edit("DimensionIntegrationFormats", FORMAT, { FinancialDimensionFormat: "CostCenter-BusinessUnit" })
    expect(await read()).toBe("007-001")
    world.edit("DimensionIntegrationFormats", FORMAT, { IsActive: "No" })
    expect(await read()).toBe("")
    expect((await write("001")).status).toBe(400)
  })

  it("escape the delimiter inside of a value", async () => {
    const { read, write } = seeded()
    await write("EU\\-01-021-")
    expect(await read()).toBe("EU\\-01-021-")
    expect((await write("EU-01-021-")).status).toBe(400)
  })

  it("take another delimiter where the environment has one", async () => {
    const { read, world, write } = seeded()
    world.knobs.delimiter = "|"
    world.edit("DimensionIntegrationFormats", FORMAT, { FinancialDimensionFormat: "BusinessUnit|Department" })
    await write("EU-01|022")
    expect(await read()).toBe("EU-01|022")
  })

  it("refuse values that their dimension does not have, and more segments than the format", async () => {
    const { write } = seeded()
    const unknown = await write("999--")
    expect([unknown.status, unknown.reason]).toEqual([
      400,
      expect.stringContaining("The value '999' is not valid in dimension 'BusinessUnit'"),
    ])
    expect((await write("001-021-007-x")).reason).toContain("more segments")
  })

  it("are composed by the service, which knows order and delimiter", async () => {
    const { post } = seeded()
    const compose = (names: ReadonlyArray<string>, values: ReadonlyArray<string>) =>
      post("DimensionSets/Microsoft.Dynamics.DataEntities.getSetDisplayValue", {
        _attributeNames: names,
        _attributeValues: values,
      })
    expect((await compose(["CostCenter", "BusinessUnit"], ["007", "EU-01"])).at("value")).toBe("EU\\-01--007")
    expect((await compose(["CostCenter"], ["1", "2"])).status).toBe(400)
    expect((await compose(["CostCenter"], ["999"])).status).toBe(400)
  })

  it("escape an account that holds the delimiter, and find it by that", async () => {
    const { post, world } = seeded()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "DAT-000011" }])
    world.seed("CustomerPaymentJournalHeaders", [{ JournalBatchNumber: "J1", JournalName: "ARPAY" }])
    const line = (AccountDisplayValue: string) =>
      post("CustomerPaymentJournalLines", { JournalBatchNumber: "J1", AccountDisplayValue, CreditAmount: amount("1") })
    expect((await line("DAT\\-000011")).at("AccountDisplayValue")).toBe("DAT\\-000011")
    expect((await line("DAT\\-999999")).status).toBe(400)
  })
})
