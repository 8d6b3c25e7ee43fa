import { describe, expect, it } from "vitest"
import { read, refusal, text, texts } from "./support/read.ts"
import * as samples from "./support/samples.ts"

describe("the record of a schema of NetSuite", () => {
  const nameIn = async (file: string, more: object = {}) => {
    const document = await read(text({ ...samples.customerSchema, ...more }, file), { system: "netsuite" })
    return document.entities.map(({ name }) => name).join()
  }

  it("is found among the words of the file's name", async () => {
    for (const [file, record] of [
      ["customer.json", "customer"],
      ["Customer.json", "customer"],
      ["netsuite-customer.json", "customer"],
      ["metadata-catalog_customer.json", "customer"],
      ["customer (1).json", "customer"],
      ["record_v1_sales-order.schema.json", "salesOrder"],
      ["customer/schema.json", "customer"],
      ["customrecord_customer_tier.json", "customrecord_customer_tier"],
      ["fancyThing.json", "fancyThing"],
    ] as const) {
      expect([file, await nameIn(file)]).toEqual([file, record])
    }
  })

  it("is rather what the schema itself says", async () => {
    const links = [{ rel: "self", href: "https://x/services/rest/record/v1/metadata-catalog/vendorBill" }]
    expect(await nameIn("x-1.json", { links })).toBe("vendorBill")
    expect(await nameIn("x-1.json", { title: "Sales Order" })).toBe("salesOrder")
    expect(await nameIn("x-1.json", { "x-ns-record": "salesOrder" })).toBe("salesOrder")
    expect(await nameIn("contact.json", { $id: "/services/rest/record/v1/metadata-catalog/fancyThing" })).toBe(
      "fancyThing",
    )
  })

  it("may be one that only another file names", async () => {
    const customer = JSON.parse(JSON.stringify(samples.customerSchema).replace("/term", "/fancyThing")) as object
    const files = { "customer.json": customer, "netsuite-fancyThing.json": samples.customerSchema }
    const { entities } = await read(texts(files), { system: "netsuite" })
    expect(entities.map(({ name }) => name)).toEqual(["customer", "fancyThing"])
  })

  it("is not invented where nothing tells it", async () => {
    for (const file of ["schema.json", "netsuite-thing.json", "metadata-catalog.json", "customer-vendor.json"]) {
      const error = await refusal(text(samples.customerSchema, file), { system: "netsuite" })
      expect(error).toMatchObject({
        problem: "NotADescription",
        message: `${file} does not say which record it describes; call it after that, customer.json`,
      })
    }
  })

  it("has to be there beside its parts", async () => {
    const error = await refusal(text(samples.customerSchema, "customer-addressBookElement.json"), {
      system: "netsuite",
    })
    expect(error.message).toContain("holds parts of records and no record")
  })
})

describe("the object type of HubSpot's properties", () => {
  const nameIn = async (file: string) => {
    const document = await read(text(samples.companyProperties, file), { system: "hubspot" })
    return document.entities.map(({ name }) => name).join()
  }

  it("is found among the words of the file's name", async () => {
    for (const [file, type] of [
      ["companies.json", "companies"],
      ["companies.properties.json", "companies"],
      ["hubspot_company_properties.json", "companies"],
      ["crm-properties-line-item.json", "line_items"],
      ["Company Properties.json", "companies"],
      ["companies/properties.json", "companies"],
      ["p123_cars.json", "p123_cars"],
      ["2-123456.json", "2-123456"],
      ["cars.json", "cars"],
    ] as const) {
      expect([file, await nameIn(file)]).toEqual([file, type])
    }
  })

  it("is not invented where nothing tells it", async () => {
    for (const [file, message] of [
      ["properties.json", "does not say whose properties it holds"],
      ["export-2026.json", "does not say whose properties it holds"],
      ["companies-and-deals.json", "is called after companies and deals"],
    ] as const) {
      const error = await refusal(text(samples.companyProperties, file), { system: "hubspot" })
      expect(error).toMatchObject({ problem: "NotADescription", message: expect.stringContaining(message) as string })
    }
  })

  it("has one list of properties, however many files", async () => {
    const other = { results: samples.companyProperties.results.slice(1) }
    const twice = { "companies.json": samples.companyProperties, "hubspot_company.json": samples.companyProperties }
    expect((await read(texts(twice), { system: "hubspot" })).entities).toHaveLength(1)
    const differing = { ...twice, "hubspot_company.json": other }
    expect((await refusal(texts(differing), { system: "hubspot" })).problem).toBe("DuplicateSchema")
  })
})
