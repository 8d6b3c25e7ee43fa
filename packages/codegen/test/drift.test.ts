import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { parse, stringify } from "yaml"
import type { ApiDocument, System } from "../src/Description.ts"
import * as Drift from "../src/Drift.ts"
import type * as Reader from "../src/Reader.ts"
import { fileOf, read, text, texts, write } from "./support/read.ts"
import * as samples from "./support/samples.ts"

const specs = join(import.meta.dirname, "../../../specs")

type Files = { readonly [name: string]: string }

/** With an enumeration of which a value may have several members. */
const withFlags = (given: string): string =>
  given
    .replace(
      '<EnumType Name="NoYes">',
      '<EnumType Name="Channels" IsFlags="true"><Member Name="Mail" Value="1"/><Member Name="Phone" Value="2"/></EnumType><EnumType Name="NoYes">',
    )
    .replace(
      '<Property Name="OrganizationName" Type="Edm.String"/>',
      '<Property Name="OrganizationName" Type="Edm.String"/><Property Name="Reached" Type="Microsoft.Dynamics.DataEntities.Channels"/>',
    )

/** A description of each kind, as texts that can be edited. */
const bases: { readonly [name: string]: { readonly system: System; readonly files: Files } } = {
  endpoint: {
    system: "acumatica",
    files: { "swagger.json": JSON.stringify(samples.endpoint), "Customer.json": JSON.stringify(samples.adHocCustomer) },
  },
  metadata: { system: "dynamics", files: { "metadata.xml": samples.metadata } },
  flags: { system: "dynamics", files: { "metadata.xml": withFlags(samples.metadata) } },
  doctype: {
    system: "erpnext",
    files: {
      "customer.json": JSON.stringify(samples.customerDocType),
      "team.json": JSON.stringify(samples.salesTeamDocType),
      "custom.json": JSON.stringify(samples.customFields),
    },
  },
  catalog: { system: "netsuite", files: { "customer.json": JSON.stringify(samples.customerSchema) } },
  portal: {
    system: "hubspot",
    files: {
      "objects.json": JSON.stringify(samples.objects),
      "companies.json": JSON.stringify(samples.companyProperties),
    },
  },
}

const readBase = (
  name: string,
  change: (text: string) => string = (same) => same,
  options: Partial<Reader.Options> = {},
) => {
  const base = bases[name]
  if (base === undefined) throw new Error(`no base ${name}`)
  const files = Object.fromEntries(Object.entries(base.files).map(([file, each]) => [file, change(each)]))
  return read(texts(files), { system: base.system, ...options })
}

/** Replaces exactly one place; an edit that hits none or several is a fault of the test. */
const edit = (from: string, to: string, everywhere = false) => {
  let hits = 0
  const change = (given: string): string => {
    hits += given.split(from).length - 1
    return everywhere ? given.replaceAll(from, to) : given.replace(from, to)
  }
  return { change, hits: () => hits }
}

type Short = readonly [Drift.Grade, Drift.Kind, string, string?]

const short = ({ field, grade, kind, subject }: Drift.Change): Short =>
  field === undefined ? [grade, kind, subject] : [grade, kind, subject, field]

interface Seeded {
  readonly what: string
  readonly base: string
  readonly from: string
  readonly to: string
  readonly found: ReadonlyArray<Short>
  readonly everywhere?: true
}

/** Says that rows of a set are not created, or not changed. */
const restriction = (what: "Insert" | "Update"): string =>
  `<Annotation Term="Org.OData.Capabilities.V1.${what}Restrictions"><Record><PropertyValue Property="${what === "Insert" ? "Insertable" : "Updatable"}" Bool="false"/></Record></Annotation>`

const KEY = "/CustomersV3(dataAreaId='{dataAreaId}',CustomerAccount='{CustomerAccount}')"

const seeded: ReadonlyArray<Seeded> = [
  // Acumatica
  {
    what: "a field that came",
    base: "endpoint",
    from: '"CreditLimit":',
    to: '"Nickname":{"$ref":"#/components/schemas/StringValue"},"CreditLimit":',
    found: [["info", "added", "Customer", "Nickname"]],
  },
  {
    what: "a field that went",
    base: "endpoint",
    from: '"CreditLimit":{"$ref":"#/components/schemas/DecimalValue"},',
    to: "",
    found: [["breaking", "removed", "Customer", "CreditLimit"]],
  },
  {
    what: "a field of another type",
    base: "endpoint",
    from: '"CreditLimit":{"$ref":"#/components/schemas/DecimalValue"}',
    to: '"CreditLimit":{"$ref":"#/components/schemas/StringValue"}',
    found: [["breaking", "retyped", "Customer", "CreditLimit"]],
  },
  {
    what: "a field within a detail that went",
    base: "endpoint",
    from: '"City":{"$ref":"#/components/schemas/StringValue"}',
    to: "",
    found: [["breaking", "removed", "Address", "City"]],
  },
  {
    what: "a list that is one record now",
    base: "endpoint",
    from: '"Addresses":{"type":"array","items":{"$ref":"#/components/schemas/Address"}}',
    to: '"Addresses":{"$ref":"#/components/schemas/Address"}',
    found: [["breaking", "retyped", "Customer", "Addresses"]],
  },
  {
    what: "a wrapper of another form",
    base: "endpoint",
    from: '"value":{"type":"number","format":"double"}',
    to: '"value":{"type":"string"}',
    found: [["breaking", "retyped", "DecimalValue", "value"]],
  },
  {
    what: "an entity that went",
    base: "endpoint",
    from: '"/Vendor":',
    to: '"x-Vendor":',
    found: [
      ["breaking", "path", "GET /Vendor"],
      ["breaking", "removed", "Vendor"],
    ],
  },
  {
    what: "an entity that came",
    base: "endpoint",
    from: '"/Vendor":',
    to: '"/Supplier":{"get":{"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Address"}}}}}}}},"/Vendor":',
    found: [
      ["info", "path", "GET /Supplier"],
      ["info", "added", "Supplier"],
    ],
  },
  {
    what: "a method that went",
    base: "endpoint",
    from: '"put":{"operationId":"Customer_PutEntity"',
    to: '"x-put":{"operationId":"Customer_PutEntity"',
    found: [["breaking", "path", "PUT /Customer"]],
  },
  {
    what: "a parameter that went",
    base: "endpoint",
    from: '"parameters":[{"$ref":"#/components/parameters/select"}],',
    to: "",
    found: [["breaking", "parameter", "GET /Customer", "query $select"]],
  },
  {
    what: "a parameter that is needed now",
    base: "endpoint",
    from: '{"name":"$select","in":"query"',
    to: '{"required":true,"name":"$select","in":"query"',
    found: [["breaking", "required", "GET /Customer", "query $select"]],
  },
  {
    what: "a body of another kind",
    base: "endpoint",
    from: '"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Customer"}}}}',
    to: '"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Vendor"}}}}',
    found: [["breaking", "retyped", "PUT /Customer", "body"]],
  },
  {
    what: "a field of the tenant that went",
    base: "endpoint",
    from: '"Document":{"UsrRegion":{"type":"CustomStringField","value":null}},',
    to: "",
    found: [["breaking", "removed", "Customer", "Document.UsrRegion"]],
  },
  {
    what: "a field of the tenant of another type",
    base: "endpoint",
    from: '"UsrVip":{"type":"CustomBooleanField"',
    to: '"UsrVip":{"type":"CustomIntField"',
    found: [["breaking", "retyped", "Customer", "CurrentCustomer.UsrVip"]],
  },
  {
    what: "another endpoint",
    base: "endpoint",
    from: "Default/24.200.001",
    to: "Default/25.200.001",
    found: [["breaking", "version", "source", "endpointVersion"]],
  },
  {
    what: "another contract",
    base: "endpoint",
    from: '"version":"4"',
    to: '"version":"5"',
    found: [["breaking", "version", "source", "contractVersion"]],
  },
  // Dynamics
  {
    what: "what a create newly needs",
    base: "metadata",
    from: '<Property Name="OrganizationName" Type="Edm.String"/>',
    to: '<Property Name="OrganizationName" Type="Edm.String"><Annotation Term="Microsoft.Dynamics.OData.Core.V1.IsRequired" Bool="true"/></Property>',
    found: [["breaking", "required", "CustomersV3", "OrganizationName"]],
  },
  {
    what: "a field that nobody may write any more",
    base: "metadata",
    from: '<Property Name="OrganizationName" Type="Edm.String"/>',
    to: '<Property Name="OrganizationName" Type="Edm.String"><Annotation Term="Microsoft.Dynamics.OData.Core.V1.AllowEdit" Bool="false"/><Annotation Term="Microsoft.Dynamics.OData.Core.V1.AllowEditOnCreate" Bool="false"/></Property>',
    found: [["breaking", "readOnly", "CustomersV3", "OrganizationName"]],
  },
  {
    what: "a field that may be written now",
    base: "metadata",
    from: '<Annotation Term="Microsoft.Dynamics.OData.Core.V1.AllowEdit" Bool="false"/><Annotation Term="Microsoft.Dynamics.OData.Core.V1.AllowEditOnCreate" Bool="false"/>',
    to: "",
    found: [["info", "readOnly", "CustomersV3", "AddressRecordId"]],
  },
  {
    what: "a field that is written on create only now",
    base: "metadata",
    from: '<Property Name="OrganizationName" Type="Edm.String"/>',
    to: '<Property Name="OrganizationName" Type="Edm.String"><Annotation Term="Microsoft.Dynamics.OData.Core.V1.AllowEdit" Bool="false"/></Property>',
    found: [["breaking", "readOnly", "CustomersV3", "OrganizationName"]],
  },
  {
    what: "a member of an enumeration that came",
    base: "metadata",
    from: '<Member Name="All" Value="2"/>',
    to: '<Member Name="All" Value="2"/><Member Name="Never" Value="5"/>',
    found: [["warning", "enum", "CustVendorBlocked"]],
  },
  {
    what: "a member of an enumeration that went",
    base: "metadata",
    from: '<Member Name="All" Value="2"/>',
    to: "",
    found: [["breaking", "enum", "CustVendorBlocked"]],
  },
  {
    what: "a member of an enumeration that is called otherwise",
    base: "metadata",
    from: '<Member Name="All" Value="2"/>',
    to: '<Member Name="Everything" Value="2"/>',
    found: [
      ["breaking", "enum", "CustVendorBlocked"],
      ["warning", "enum", "CustVendorBlocked"],
    ],
  },
  {
    what: "keys that changed places",
    base: "metadata",
    from: '<PropertyRef Name="dataAreaId"/><PropertyRef Name="CustomerAccount"/>',
    to: '<PropertyRef Name="CustomerAccount"/><PropertyRef Name="dataAreaId"/>',
    found: [
      ["breaking", "keys", "CustomersV3"],
      ["breaking", "path", `DELETE ${KEY}`],
      ["breaking", "path", `GET ${KEY}`],
      ["breaking", "path", `PATCH ${KEY}`],
      ["breaking", "path", `POST ${KEY}/Microsoft.Dynamics.DataEntities.block`],
      ...["DELETE", "GET", "PATCH"].map(
        (method): Short => [
          "info",
          "path",
          `${method} /CustomersV3(CustomerAccount='{CustomerAccount}',dataAreaId='{dataAreaId}')`,
        ],
      ),
      [
        "info",
        "path",
        "POST /CustomersV3(CustomerAccount='{CustomerAccount}',dataAreaId='{dataAreaId}')/Microsoft.Dynamics.DataEntities.block",
      ],
    ],
  },
  {
    what: "a day that is an instant now",
    base: "metadata",
    from: "AXType/Date",
    to: "AXType/UtcDateTime",
    found: [["breaking", "retyped", "CustomersV3", "CreditLimitDate"]],
  },
  {
    what: "a decimal that is an integer now",
    base: "metadata",
    from: 'Name="CreditLimit" Type="Edm.Decimal"',
    to: 'Name="CreditLimit" Type="Edm.Int64"',
    found: [["breaking", "retyped", "CustomersV3", "CreditLimit"]],
  },
  {
    what: "a text that may be null now",
    base: "metadata",
    from: '<Property Name="LegalEntityId" Type="Edm.String" Nullable="false"/>',
    to: '<Property Name="LegalEntityId" Type="Edm.String"/>',
    found: [["warning", "nullability", "Ledgers", "LegalEntityId"]],
  },
  {
    what: "a text that is cut now",
    base: "metadata",
    from: '<Property Name="OrganizationName" Type="Edm.String"/>',
    to: '<Property Name="OrganizationName" Type="Edm.String" MaxLength="20"/>',
    found: [["warning", "length", "CustomersV3", "OrganizationName"]],
  },
  {
    what: "an entity that is read-only now",
    base: "metadata",
    from: '<NavigationProperty Name="Customer" Type="Microsoft.Dynamics.DataEntities.CustomerV3"/>',
    to: '<NavigationProperty Name="Customer" Type="Microsoft.Dynamics.DataEntities.CustomerV3"/><Annotation Term="Microsoft.Dynamics.OData.Core.V1.IsReadOnly" Bool="true"/>',
    found: [
      [
        "breaking",
        "path",
        "DELETE /SalesOrderHeadersV2(dataAreaId='{dataAreaId}',SalesOrderNumber='{SalesOrderNumber}')",
      ],
      [
        "breaking",
        "path",
        "PATCH /SalesOrderHeadersV2(dataAreaId='{dataAreaId}',SalesOrderNumber='{SalesOrderNumber}')",
      ],
      ["breaking", "path", "POST /SalesOrderHeadersV2"],
      ["breaking", "readOnly", "SalesOrderHeadersV2"],
    ],
  },
  {
    what: "an entity that is not created any more",
    base: "metadata",
    from: 'Name="SalesOrderHeadersV2" EntityType="Microsoft.Dynamics.DataEntities.SalesOrderHeaderV2"/>',
    to: `Name="SalesOrderHeadersV2" EntityType="Microsoft.Dynamics.DataEntities.SalesOrderHeaderV2">${restriction("Insert")}</EntitySet>`,
    found: [
      ["breaking", "path", "POST /SalesOrderHeadersV2"],
      ["breaking", "readOnly", "SalesOrderHeadersV2"],
    ],
  },
  {
    what: "an entity that is not changed any more",
    base: "metadata",
    from: 'Name="SalesOrderHeadersV2" EntityType="Microsoft.Dynamics.DataEntities.SalesOrderHeaderV2"/>',
    to: `Name="SalesOrderHeadersV2" EntityType="Microsoft.Dynamics.DataEntities.SalesOrderHeaderV2">${restriction("Update")}</EntitySet>`,
    found: [
      [
        "breaking",
        "path",
        "PATCH /SalesOrderHeadersV2(dataAreaId='{dataAreaId}',SalesOrderNumber='{SalesOrderNumber}')",
      ],
      ["breaking", "readOnly", "SalesOrderHeadersV2"],
    ],
  },
  {
    what: "a link that leads to one now",
    base: "metadata",
    from: 'Name="Orders" Type="Collection(Microsoft.Dynamics.DataEntities.SalesOrderHeaderV2)"',
    to: 'Name="Orders" Type="Microsoft.Dynamics.DataEntities.SalesOrderHeaderV2" Nullable="false"',
    found: [["breaking", "retyped", "CustomersV3", "Orders"]],
  },
  // ERPNext
  {
    what: "a choice that went",
    base: "doctype",
    from: "Company\\nIndividual",
    to: "Company",
    found: [["breaking", "enum", "Customer", "customer_type"]],
  },
  {
    what: "a text that is a choice now",
    base: "doctype",
    from: '"fieldname":"hubspot_company_id","fieldtype":"Data"',
    to: '"fieldname":"hubspot_company_id","fieldtype":"Select","options":"A\\nB"',
    found: [["breaking", "enum", "Customer", "hubspot_company_id"]],
  },
  {
    what: "a field of a child table that went",
    base: "doctype",
    from: ',{"fieldname":"share","fieldtype":"Percent"}',
    to: "",
    found: [["breaking", "removed", "SalesTeam", "share"]],
  },
  {
    what: "a table of other rows",
    base: "doctype",
    from: '"options":"Sales Team"',
    to: '"options":"Sales Person"',
    found: [["breaking", "retyped", "Customer", "sales_team"]],
  },
  {
    what: "a field of the site's own that went",
    base: "doctype",
    from: '{"dt":"Customer","label":"Loyalty Tier","fieldtype":"Select","options":"Gold\\nSilver"},',
    to: "",
    found: [["breaking", "removed", "Customer", "custom_loyalty_tier"]],
  },
  // NetSuite
  {
    what: "a field inside of a sublist that went",
    base: "catalog",
    from: '"label":{"type":"string"},',
    to: "",
    found: [["breaking", "removed", "customer", "addressBook.items[].label"]],
  },
  {
    what: "a field inside of a sublist that is read-only now",
    base: "catalog",
    from: '"label":{"type":"string"}',
    to: '"label":{"type":"string","readOnly":true}',
    found: [["breaking", "readOnly", "customer", "addressBook.items[].label"]],
  },
  {
    what: "an id of an enumeration that came",
    base: "catalog",
    from: '"enum":["PDF","HTML"]',
    to: '"enum":["PDF","HTML","DEFAULT"]',
    found: [["warning", "enum", "customer", "emailPreference.id"]],
  },
  {
    what: "a reference that is a text now",
    base: "catalog",
    from: '"terms":{"$ref":"/services/rest/record/v1/metadata-catalog/term"}',
    to: '"terms":{"type":"string"}',
    found: [["breaking", "retyped", "customer", "terms"]],
  },
  {
    what: "a reference to another record",
    base: "catalog",
    from: '"terms":{"$ref":"/services/rest/record/v1/metadata-catalog/term"}',
    to: '"terms":{"$ref":"/services/rest/record/v1/metadata-catalog/account"}',
    found: [["breaking", "retyped", "customer", "terms"]],
  },
  {
    what: "a link to another doctype",
    base: "doctype",
    from: '"fieldtype":"Link","options":"Sales Person"',
    to: '"fieldtype":"Link","options":"Employee"',
    found: [["breaking", "retyped", "SalesTeam", "sales_person"]],
  },
  {
    what: "a link that is a text now",
    base: "doctype",
    from: '"fieldtype":"Link","options":"Sales Person"',
    to: '"fieldtype":"Data"',
    found: [["breaking", "retyped", "SalesTeam", "sales_person"]],
  },
  {
    what: "an amount that is a share now",
    base: "doctype",
    from: '"fieldname":"credit","fieldtype":"Currency"',
    to: '"fieldname":"credit","fieldtype":"Percent"',
    found: [["breaking", "retyped", "Customer", "credit"]],
  },
  {
    what: "a text of another kind",
    base: "doctype",
    from: '"fieldname":"customer_name","fieldtype":"Data"',
    to: '"fieldname":"customer_name","fieldtype":"Small Text"',
    found: [["warning", "retyped", "Customer", "customer_name"]],
  },
  {
    what: "rows of another table that nobody gave",
    base: "doctype",
    from: '"options":"Party Account"',
    to: '"options":"Bank Account"',
    found: [["breaking", "retyped", "Customer", "accounts"]],
  },
  {
    what: "a parameter of an action that went, and one that came",
    base: "metadata",
    from: '<Parameter Name="_reason" Type="Edm.String"/>',
    to: '<Parameter Name="_code" Type="Edm.String"/>',
    found: [
      ["breaking", "removed", `POST ${KEY}/Microsoft.Dynamics.DataEntities.block`, "body._reason"],
      ["info", "added", `POST ${KEY}/Microsoft.Dynamics.DataEntities.block`, "body._code"],
    ],
  },
  {
    what: "a parameter of an action of another type",
    base: "metadata",
    from: '<Parameter Name="_reason" Type="Edm.String"/>',
    to: '<Parameter Name="_reason" Type="Edm.Int64"/>',
    found: [["breaking", "retyped", `POST ${KEY}/Microsoft.Dynamics.DataEntities.block`, "body._reason"]],
  },
  {
    what: "an action that gives something else",
    base: "metadata",
    from: '<ReturnType Type="Edm.Boolean"/>',
    to: '<ReturnType Type="Edm.String"/>',
    found: [["breaking", "retyped", `POST ${KEY}/Microsoft.Dynamics.DataEntities.block`, "answer.value"]],
  },
  {
    what: "a flag that went",
    base: "flags",
    from: '<Member Name="Phone" Value="2"/>',
    to: "",
    found: [["breaking", "enum", "Channels"]],
  },
  {
    what: "a flag that came",
    base: "flags",
    from: '<Member Name="Phone" Value="2"/>',
    to: '<Member Name="Phone" Value="2"/><Member Name="Fax" Value="4"/>',
    found: [["warning", "enum", "Channels"]],
  },
  {
    what: "flags of which one is chosen now",
    base: "flags",
    from: ' IsFlags="true"',
    to: "",
    found: [["breaking", "retyped", "Channels"]],
  },
  // HubSpot
  {
    what: "an option of a checkbox that came",
    base: "portal",
    from: '{"label":"A","value":"a","hidden":false}',
    to: '{"label":"A","value":"a","hidden":false},{"label":"B","value":"b","hidden":false}',
    found: [["warning", "enum", "companies", "tags"]],
  },
  {
    what: "an option of a checkbox that is another now",
    base: "portal",
    from: '{"label":"A","value":"a","hidden":false}',
    to: '{"label":"B","value":"b","hidden":false}',
    found: [
      ["breaking", "enum", "companies", "tags"],
      ["warning", "enum", "companies", "tags"],
    ],
  },
  {
    what: "a checkbox that is a text now",
    base: "portal",
    from: '"type":"enumeration","fieldType":"checkbox"',
    to: '"type":"string","fieldType":"text"',
    found: [["breaking", "retyped", "companies", "tags"]],
  },
  {
    what: "a checkbox of which one is chosen now",
    base: "portal",
    from: '"type":"enumeration","fieldType":"checkbox"',
    to: '"type":"enumeration","fieldType":"radio"',
    found: [["breaking", "retyped", "companies", "tags"]],
  },
  {
    what: "an option that went",
    base: "portal",
    from: ',{"label":"South","value":"S","hidden":false}',
    to: "",
    found: [["breaking", "enum", "companies", "branch_code"]],
  },
  {
    what: "a field that a row of a table needs now",
    base: "doctype",
    from: '"fieldname":"share",',
    to: '"reqd":1,"fieldname":"share",',
    found: [["breaking", "required", "SalesTeam", "share"]],
  },
  {
    what: "a property that is calculated now",
    base: "portal",
    from: '"name":"renewal"',
    to: '"calculated":true,"name":"renewal"',
    found: [["breaking", "readOnly", "companies", "renewal"]],
  },
  {
    what: "a number that is a text now",
    base: "portal",
    from: '"name":"annualrevenue","label":"annualrevenue","type":"number"',
    to: '"name":"annualrevenue","label":"annualrevenue","type":"string"',
    found: [["breaking", "retyped", "companies", "annualrevenue"]],
  },
]

describe("seeded changes", () => {
  it("are at least 25", () => {
    expect(seeded.length).toBeGreaterThanOrEqual(25)
  })

  for (const { base, everywhere, found, from, to, what } of seeded) {
    it(`finds ${what}, and nothing else`, async () => {
      const { change, hits } = edit(from, to, everywhere)
      const [pinned, live] = [await readBase(base), await readBase(base, change)]
      expect(hits()).toBe(1)
      expect(Drift.compare(pinned, live).changes.map(short)).toEqual(found)
    })
  }

  it("finds several at once, the gravest first, always in the same order", async () => {
    const changes = [
      edit('"CreditLimit":{"$ref":"#/components/schemas/DecimalValue"},', ""),
      edit('"CustomerName":', '"Nickname":{"$ref":"#/components/schemas/StringValue"},"CustomerName":'),
      edit(
        '"City":{"$ref":"#/components/schemas/StringValue"}',
        '"City":{"anyOf":[{"$ref":"#/components/schemas/StringValue"},{"type":"null"}]}',
      ),
    ]
    const live = await readBase("endpoint", (given) => changes.reduce((result, { change }) => change(result), given))
    const report = Drift.compare(await readBase("endpoint"), live)
    expect(report.changes.map(short)).toEqual([
      ["breaking", "removed", "Customer", "CreditLimit"],
      ["warning", "nullability", "Address", "City"],
      ["info", "added", "Customer", "Nickname"],
    ])
    expect(report.counts).toEqual({ breaking: 1, warning: 1, info: 1 })
    expect(Drift.exitCode(report)).toBe(2)
  })

  it("finds the change turned round too", async () => {
    const { change } = edit('"CreditLimit":', '"Nickname":{"$ref":"#/components/schemas/StringValue"},"CreditLimit":')
    const [pinned, live] = [await readBase("endpoint", change), await readBase("endpoint")]
    expect(Drift.compare(pinned, live).changes.map(short)).toEqual([["breaking", "removed", "Customer", "Nickname"]])
  })
})

const reversed = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(reversed)
  if (typeof node !== "object" || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .reverse()
      .map(([key, value]) => [key, reversed(value)]),
  )
}

const reworded = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(reworded)
  if (typeof node !== "object" || node === null) return node
  const entries = Object.entries(node).map(
    ([key, value]) => [key, typeof value === "object" ? reworded(value) : value] as const,
  )
  const isSchema = entries.some(([key, value]) => key === "type" && typeof value === "string")
  return Object.fromEntries(
    isSchema && !entries.some(([key]) => key === "description")
      ? [...entries, ["description", "other words"]]
      : entries,
  )
}

const unchanged = async (pinned: ApiDocument, live: ApiDocument) => {
  const report = Drift.compare(pinned, live)
  expect(report.changes).toEqual([])
  expect(Drift.exitCode(report)).toBe(0)
  expect(Drift.text(report)).toContain("nothing has changed")
  return report
}

describe("an unchanged description", () => {
  for (const base of Object.keys(bases)) {
    it(`of ${base} has no change`, async () => {
      expect((await unchanged(await readBase(base), await readBase(base))).identical).toBe(true)
    })
  }

  it("has none when only order, words or formatting are otherwise, though its digest is", async () => {
    const pinned = await readBase("endpoint")
    const asJson = (change: (node: unknown) => unknown) => (given: string) =>
      JSON.stringify(change(JSON.parse(given)), null, 4)
    for (const change of [reversed, reworded]) {
      const report = await unchanged(pinned, await readBase("endpoint", asJson(change)))
      expect(report.identical).toBe(false)
    }
    await unchanged(pinned, await readBase("endpoint", (given) => stringify(JSON.parse(given))))
    const xml = (given: string) => given.replaceAll("><", ">\n    <").replaceAll("/>", " />")
    await unchanged(await readBase("metadata"), await readBase("metadata", xml))
    const members = '<Member Name="No" Value="0"/><Member Name="All" Value="2"/>'
    const turned = (given: string) =>
      given.replace(members, '<Member Name="All" Value="2"/><Member Name="No" Value="0"/>')
    await unchanged(await readBase("metadata"), await readBase("metadata", turned))
  })

  it("has none against its own pin, trimmed or whole", async () => {
    for (const entities of [undefined, ["CustomersV3"]]) {
      const document = await readBase("metadata", undefined, entities === undefined ? {} : { entities })
      const pin = await read(text(fileOf(await write(document), "description.json"), "description.json"), {
        system: "dynamics",
      })
      await unchanged(pin, document)
    }
  })

  it("has none for each of our own descriptions, in whatever order", async () => {
    const file = join(specs, "acumatica/Default-24.200.001.yaml")
    const given = await readFile(file, "utf8")
    const pinned = await read({ kind: "path", path: file }, { system: "acumatica" })
    await unchanged(pinned, await read(text(JSON.stringify(reversed(parse(given)))), { system: "acumatica" }))
  })
})

describe("a pin of Acumatica", () => {
  it("covers endpoint version, contract version, build and digest", async () => {
    const pinned = await readBase("endpoint", undefined, { build: "24.208.0011" })
    const live = await readBase("endpoint", (given) => `${given} `, { build: "24.213.0002" })
    const report = Drift.compare(pinned, live)
    expect(report.changes).toEqual([
      {
        grade: "info",
        kind: "version",
        subject: "source",
        field: "build",
        before: "24.208.0011",
        after: "24.213.0002",
      },
    ])
    expect(report.identical).toBe(false)
    expect(Drift.exitCode(report)).toBe(0)
    const shown = Drift.text(report)
    expect(shown).toContain("Default/24.200.001, contract 4, build 24.208.0011, sha256 ")
    expect(shown).toContain("source.build: version: 24.208.0011 -> 24.213.0002")
  })
})

describe("a live description without an entity of the pin", () => {
  it("is compared all the same: the entity went", async () => {
    const pinned = await readBase("metadata", undefined, { entities: ["CustomersV3", "Ledgers"] })
    const gone = edit('<EntitySet Name="Ledgers"', '<EntitySet Name="Books"')
    const live = await readBase("metadata", gone.change, { entities: ["CustomersV3", "Ledgers"], missing: "skip" })
    expect(Drift.compare(pinned, live).changes.map(short)).toEqual(
      expect.arrayContaining([["breaking", "removed", "Ledgers"]]),
    )
  })
})

describe("a report", () => {
  it("is JSON that says the same, and text of one line a change", async () => {
    const { change } = edit('"value":{"type":"number","format":"double"}', '"value":{"type":"string"}')
    const report = Drift.compare(await readBase("endpoint"), await readBase("endpoint", change))
    expect(JSON.parse(Drift.json(report))).toEqual(JSON.parse(JSON.stringify(report)))
    expect(Drift.text(report).split("\n").slice(2)).toEqual([
      "breaking: 1",
      "  DecimalValue.value: retyped: number (decimal) -> string",
      "",
    ])
  })

  it("ends with 1 when there is something to look at and nothing breaks", async () => {
    const { change } = edit(
      '<Member Name="All" Value="2"/>',
      '<Member Name="All" Value="2"/><Member Name="Never" Value="5"/>',
    )
    expect(Drift.exitCode(Drift.compare(await readBase("metadata"), await readBase("metadata", change)))).toBe(1)
  })

  it("hands no control character of a name on to the terminal", async () => {
    const { change } = edit(
      '"CreditLimit":',
      '"Nick\\u001b[2Jname":{"$ref":"#/components/schemas/StringValue"},"CreditLimit":',
    )
    const report = Drift.compare(await readBase("endpoint"), await readBase("endpoint", change))
    expect(report.changes).toHaveLength(1)
    expect(Drift.text(report)).not.toContain("\u001b")
  })
})

it("finds another form of a body, of one record or of many", async () => {
  const media = (type: string, schema: string) => ({
    [`application/vnd.oracle.resource+json; type=${type}`]: { schema: { $ref: `#/components/schemas/${schema}` } },
  })
  const given = (one: string) => ({
    openapi: "3.0.1",
    info: { title: "records", version: "v1" },
    paths: {
      "/invoice": { post: { requestBody: { content: { ...media("singular", one), ...media("collection", "List") } } } },
    },
    components: { schemas: Object.fromEntries(["One", "Other", "List"].map((name) => [name, { type: "object" }])) },
  })
  const [pinned, live] = await Promise.all(
    ["One", "Other"].map((one) => read(text(given(one)), { system: "netsuite" })),
  )
  if (pinned === undefined || live === undefined) throw new Error("not read")
  expect(Drift.compare(pinned, live).changes).toMatchObject([{ grade: "breaking", kind: "retyped", field: "body" }])
})

describe("what is sent and answered without a name of its own", () => {
  const json = (schema: object) => ({ content: { "application/json": { schema } } })
  const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more })
  const given = (body: object, answer: object, parameter: object = { type: "string", enum: ["a", "b"] }) => ({
    openapi: "3.0.1",
    info: { title: "t", version: "1" },
    paths: {
      "/orders/search": {
        post: {
          parameters: [{ name: "kind", in: "query", schema: parameter }],
          requestBody: json(body),
          responses: { "200": { description: "d", ...json(answer) } },
        },
      },
    },
  })
  const BODY = object({ text: { type: "string" }, page: object({ size: { type: "integer" } }) })
  const ANSWER = object({ rows: { type: "array", items: object({ id: { type: "string" } }) } })
  const changes = async (before: object, after: object) => {
    const [pinned, live] = await Promise.all([before, after].map((each) => read(text(each), { system: "hubspot" })))
    return Drift.compare(pinned as ApiDocument, live as ApiDocument).changes.map(({ field, grade, kind }) => [
      grade,
      kind,
      field,
    ])
  }

  it("is compared field by field", async () => {
    const body = object(
      { text: { type: "integer" }, page: object({ count: { type: "integer" } }), by: { type: "string" } },
      { required: ["by"] },
    )
    const answer = object({ rows: { type: "array", items: object({ key: { type: "string" } }) } })
    expect(await changes(given(BODY, ANSWER), given(body, answer))).toEqual([
      ["breaking", "removed", "answer.rows[].id"],
      ["breaking", "required", "body.by"],
      ["breaking", "removed", "body.page.size"],
      ["breaking", "retyped", "body.text"],
      ["info", "added", "answer.rows[].key"],
      ["info", "added", "body.by"],
      ["info", "added", "body.page.count"],
    ])
  })

  it("is compared by the fields of its choices, whatever the order of these", async () => {
    const body = (...choices: ReadonlyArray<object>) => given(object({ by: { oneOf: choices } }), ANSWER)
    const [one, other] = [object({ key: { type: "string" } }), object({ id: { type: "string" } })]
    expect(await changes(body(one, other), body(other, one))).toEqual([])
    expect(await changes(body(one, other), body(other, object({ key: { type: "integer" } })))).toEqual([
      ["breaking", "retyped", "body.by.key"],
    ])
  })

  it("is told once when it is something else as a whole", async () => {
    expect(await changes(given(BODY, ANSWER), given({ type: "string" }, ANSWER))).toEqual([
      ["breaking", "retyped", "body"],
    ])
  })

  it("is compared by the choices of a parameter too", async () => {
    const parameter = { type: "string", enum: ["a"] }
    expect(await changes(given(BODY, ANSWER), given(BODY, ANSWER, parameter))).toEqual([
      ["breaking", "enum", "query kind"],
    ])
  })
})

it("says of a pin from before the vendor's words were told no more than it knows", async () => {
  for (const base of ["doctype", "portal"]) {
    const files = await write(await readBase(base))
    const before = fileOf(files, "description.json").replaceAll(
      /"x-(?:mortise-(?:type|target)|enum-flags)": (?:"[^"]*"|\[[^\]]*\]),?/g,
      "",
    )
    const json = JSON.stringify(JSON.parse(before.replaceAll(/,(\s*\})/g, "$1")))
    expect(json).not.toContain("x-mortise-type")
    const pin = await read(text(json, "description.json"), { system: bases[base]?.system ?? "hubspot" })
    await unchanged(pin, await readBase(base))
  }
})
