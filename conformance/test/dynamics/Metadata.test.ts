import { describe, expect, it } from "vitest"
import { CUSTOMER, open } from "./Client.ts"

type Row = { readonly [name: string]: unknown }

const entity = (rows: ReadonlyArray<Row>, set: string): Row | undefined =>
  rows.find((row) => row["EntitySetName"] === set)

const OWN = [
  { set: "CustomersV3", name: "AcmeSegment", kind: "enum", members: ["Unknown", "Gold", "Silver"] },
  { set: "CustomersV3", name: "AcmeScore", kind: "decimal" },
  { set: "CustomersV3", name: "AcmeSince", kind: "date" },
] as const

describe("the metadata", () => {
  it("lists entities as JSON, with their fields and what may be done with them", async () => {
    const { ask } = open()
    const { rows } = await ask("/metadata/PublicEntities")
    const customers = entity(rows, "CustomersV3")
    expect(customers).toMatchObject({ Name: "CustomerV3", IsReadOnly: false })
    const fields = customers?.["Properties"] as ReadonlyArray<Row>
    const field = (name: string) => fields.find((one) => one["Name"] === name)
    expect(field("CustomerGroupId")).toMatchObject({
      DataType: "String",
      IsMandatory: true,
      IsKey: false,
      AllowEdit: true,
    })
    expect(field("dataAreaId")).toMatchObject({ IsKey: true, AllowEdit: false })
    expect(field("PartyNumber")).toMatchObject({ AllowEdit: false, AllowEditOnCreate: true })
    expect(field("OnHoldStatus")).toMatchObject({
      DataType: "Enum",
      TypeName: "Microsoft.Dynamics.DataEntities.CustVendorBlocked",
    })
    expect(entity(rows, "CustTransactions")).toMatchObject({ IsReadOnly: true })
    expect((await ask("/metadata/PublicEntities('CustomerV3')")).at("EntitySetName")).toBe("CustomersV3")
    expect((await ask("/metadata/PublicEntities('Dragon')")).status).toBe(404)
    expect((await ask("/metadata/DataEntities")).each("PublicCollectionName")).toContain("SalesOrderHeadersV2")
    const enums = (await ask("/metadata/PublicEnumerations")).rows
    expect(enums.find((one) => one["Name"] === "NoYes")).toMatchObject({ Members: [{ Name: "No" }, { Name: "Yes" }] })
  })

  it("leaves out sets that the version does not have, which are then 404", async () => {
    const { ask, get, world } = open({ absent: ["CustomerElectronicAddresses"] })
    expect(entity((await ask("/metadata/PublicEntities")).rows, "CustomerElectronicAddresses")).toBeUndefined()
    expect((await get("CustomerElectronicAddresses")).status).toBe(404)
    expect((await get("CustomerPostalAddressesV2")).status).toBe(200)
    world.hide("CustomerPostalAddressesV2")
    expect((await get("CustomerPostalAddressesV2")).status).toBe(404)
    expect((await get("SalesInvoiceLinesV2")).status).toBe(404)
  })

  it("shows a tenant's own fields, which are read, written and filtered like any other", async () => {
    const { ask, get, patch, world } = open({ fields: OWN })
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
    const key = "CustomersV3(dataAreaId='usmf',CustomerAccount='C1')"
    const read = async () => {
      const customer = await get(key)
      return ["AcmeSegment", "AcmeScore", "AcmeSince"].map((name) => customer.at(name))
    }
    expect(await read()).toEqual(["Unknown", "0", "1900-01-01T12:00:00Z"])
    await patch(key, { AcmeSegment: "Gold", AcmeScore: 7.5, AcmeSince: "2020-01-01" })
    expect(await read()).toEqual(["Gold", "7.5", "2020-01-01T12:00:00Z"])
    expect((await patch(key, { AcmeSegment: "Lead" })).status).toBe(400)
    const gold = encodeURIComponent(
      "AcmeSegment eq Microsoft.Dynamics.DataEntities.AcmeSegmentEnum'Gold' and AcmeScore gt 7",
    )
    expect((await get(`CustomersV3?$filter=${gold}`)).rows).toHaveLength(1)
    const fields = entity((await ask("/metadata/PublicEntities")).rows, "CustomersV3")?.[
      "Properties"
    ] as ReadonlyArray<Row>
    expect(fields.map((one) => one["Name"])).toEqual(expect.arrayContaining(OWN.map((one) => one.name)))
  })

  it("is served as CSDL, with the annotations that tell the two kinds of dates apart", async () => {
    const { get } = open({ fields: OWN, absent: ["CustomersV2"] })
    const document = await get("$metadata")
    expect(document.headers.get("content-type")).toBe("application/xml")
    expect(document.text).toContain('<EntityType Name="CustomerV3"><Key><PropertyRef Name="dataAreaId"/>')
    expect(document.text).toContain(
      '<Property Name="AcmeSince" Type="Edm.DateTimeOffset" Nullable="false"><Annotation Term="Microsoft.Dynamics.OData.Core.V1.AXType" EnumMember="Microsoft.Dynamics.OData.Core.V1.AXType/Date"/></Property>',
    )
    expect(document.text).toContain('<NavigationProperty Name="SalesOrderLines" Type="Collection(')
    expect(document.text).not.toContain('"CustomersV2"')
  })

  it("tells the versions of application and platform by actions", async () => {
    const { post } = open({ versions: { application: "10.0.1985.137", platform: "7.0.7198.49" } })
    const version = async (name: string) =>
      (await post(`DataManagementEntities/Microsoft.Dynamics.DataEntities.${name}`, {})).at("value")
    expect([await version("GetApplicationVersion"), await version("GetPlatformBuildVersion")]).toEqual([
      "10.0.1985.137",
      "7.0.7198.49",
    ])
    expect((await post("SalesOrderHeadersV2/Microsoft.Dynamics.DataEntities.Post", {})).status).toBe(404)
  })
})
