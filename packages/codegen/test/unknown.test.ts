import { describe, expect, it } from "vitest"
import * as Drift from "../src/Drift.ts"
import { fileOf, read, refusal, text, texts, write } from "./support/read.ts"
import * as samples from "./support/samples.ts"

const NEVER = "{ readonly [field: string]: never }"

describe("a tenant's own fields", () => {
  it("may be any where nothing that was read tells them", async () => {
    const files = await write(await read(text(samples.endpoint), { system: "acumatica" }))
    expect(fileOf(files, "custom.ts")).not.toContain("Account")
    expect(fileOf(files, "custom.ts")).toContain("readonly [entity: string]: { readonly [field: string]: unknown }")
  })

  it("are none where what was read tells none", async () => {
    const { custom: _custom, ...bare } = samples.adHocCustomer
    const custom = { Document: { UsrRegion: { type: "CustomStringField" } } }
    const some = texts({ "swagger.json": samples.endpoint, "Customer.json": { ...bare, custom } })
    const known = fileOf(await write(await read(some, { system: "acumatica" })), "custom.ts")
    expect(known).toMatch(/readonly Account: \{\s+readonly "Document.UsrRegion": string \| null/)
    expect(known).toContain(`readonly Vendor: ${NEVER}`)
    const xml = samples.metadata.replaceAll(
      /<Property Name="(?:CreditLimitDate|LedgerKind)".*?(?:<\/Property>|\/>)\n/g,
      "",
    )
    const metadata = await read(text(xml, "m.xml"), { system: "dynamics", entities: ["CustomersV3"] })
    expect(fileOf(await write(metadata), "custom.ts")).toContain(`readonly Account: ${NEVER}`)
  })

  it("have not changed where only one of two descriptions tells them", async () => {
    const told = await read(texts({ "swagger.json": samples.endpoint, "Customer.json": samples.adHocCustomer }), {
      system: "acumatica",
    })
    const silent = await read(text(samples.endpoint), { system: "acumatica" })
    expect(Drift.compare(told, silent).changes).toEqual([])
    expect(Drift.compare(silent, told).changes).toEqual([])
  })
})

describe("the rows of a table of ERPNext", () => {
  const files = texts({ "customer.json": samples.customerDocType, "team.json": samples.salesTeamDocType })

  it("can be asked for by the name of their doctype", async () => {
    for (const name of ["Sales Team", "sales team", "SalesTeam"]) {
      const { entities, openapi31 } = await read(files, { system: "erpnext", entities: [name] })
      expect(entities.map(({ schema }) => schema)).toEqual(["SalesTeam"])
      expect(Object.keys(openapi31.components.schemas)).toEqual(["SalesTeam"])
    }
    const { entities } = await read(files, { system: "erpnext", entities: ["Customer", "Sales Team"] })
    expect(entities.map(({ name }) => name)).toEqual(["Customer", "Sales Team"])
  })

  it("are offered when a name is not there", async () => {
    const error = await refusal(files, { system: "erpnext", entities: ["Sales Taem"] })
    expect(error.nearest?.[0]).toBe("Sales Team")
  })
})
