import { describe, expect, it } from "vitest"
import type { ApiDocument, EntityDescription, Schema } from "../src/Description.ts"
import { propertiesOf } from "../src/internal/properties.ts"
import { read, refusal, text, texts } from "./support/read.ts"
import * as samples from "./support/samples.ts"

const entity = (document: ApiDocument, name: string): EntityDescription => {
  const found = document.entities.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no ${name} among ${document.entities.map((each) => each.name).join(", ")}`)
  return found
}

const property = (document: ApiDocument, schema: string, name: string): Schema | undefined =>
  propertiesOf(document.openapi31.components.schemas, schema).get(name)

describe("OpenAPI", () => {
  it("finds the records that an endpoint is about, with keys and rights that it does not tell", async () => {
    const document = await read(text(samples.endpoint), { system: "acumatica" })
    expect(document.entities.map(({ name }) => name)).toEqual(["Customer", "Vendor"])
    const customer = entity(document, "Customer")
    expect(customer).toMatchObject({
      schema: "Customer",
      paths: ["/Customer"],
      keys: ["CustomerID"],
      numberSequenceKeys: ["CustomerID"],
      requiredOnCreate: ["CustomerName"],
    })
    expect(customer.readOnly).toEqual(expect.arrayContaining(["rowNumber", "LastModifiedDateTime"]))
    expect(customer.readOnly).not.toContain("CustomerName")
  })

  it("knows endpoint, contract and build", async () => {
    const { source } = await read(text(samples.endpoint), { system: "acumatica", build: "24.208.0011" })
    expect(source).toMatchObject({
      format: "openapi",
      version: "24.200.001",
      endpointVersion: "Default/24.200.001",
      contractVersion: "4",
      build: "24.208.0011",
    })
    expect(source.digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it("takes every number of an ERP for an exact one", async () => {
    const document = await read(text(samples.endpoint), { system: "acumatica" })
    expect(property(document, "DecimalValue", "value")).toEqual({ type: "number", format: "decimal" })
  })

  it("says what 3.0 says in the words of 3.1", async () => {
    const given = {
      openapi: "3.0.3",
      info: { title: "t", version: "1" },
      paths: {},
      components: {
        schemas: {
          Thing: {
            type: "object",
            properties: {
              code: { type: "string", nullable: true, enum: ["A", "B"] },
              other: { nullable: true, allOf: [{ $ref: "#/components/schemas/Thing" }] },
              above: { type: "number", minimum: 0, exclusiveMinimum: true },
              example: { type: "string", example: "a field may have this name" },
            },
          },
        },
      },
    }
    const { properties } = (await read(text(given), { system: "hubspot" })).openapi31.components.schemas["Thing"] ?? {}
    expect(properties).toEqual({
      code: { type: ["string", "null"], enum: ["A", "B", null] },
      other: { anyOf: [{ allOf: [{ $ref: "#/components/schemas/Thing" }] }, { type: "null" }] },
      above: { type: "number", exclusiveMinimum: 0 },
      example: { type: "string" },
    })
  })

  it("reads YAML as it reads JSON", async () => {
    const yaml =
      "openapi: 3.1.0\ninfo: { title: t, version: '7' }\npaths: {}\ncomponents:\n  schemas:\n    A: { type: object, properties: { b: { type: string } } }\n"
    const document = await read(text(yaml, "t.yaml"), { system: "hubspot" })
    expect(document.source.version).toBe("7")
    expect(document.openapi31.components.schemas["A"]).toEqual({
      type: "object",
      properties: { b: { type: "string" } },
    })
  })

  it("puts files that refer to each other together", async () => {
    const { Address, ...schemas } = samples.endpoint.components.schemas
    const whole = JSON.parse(
      JSON.stringify({ ...samples.endpoint, components: { ...samples.endpoint.components, schemas } }).replaceAll(
        "#/components/schemas/Address",
        "parts/address.json#/Address",
      ),
    ) as object
    const parts = JSON.parse(JSON.stringify({ Address }).replaceAll('"#/', '"../endpoint.json#/')) as object
    const one = await read(text(samples.endpoint), { system: "acumatica" })
    const two = await read(texts({ "endpoint.json": whole, "parts/address.json": parts }), { system: "acumatica" })
    expect(two.openapi31.components.schemas).toEqual(one.openapi31.components.schemas)
  })

  it("takes several files that describe parts of one API for one, with what they share", async () => {
    const file = (name: string, error: object) => ({
      openapi: "3.0.0",
      info: { title: name, version: "v3" },
      paths: {
        [`/crm/v3/objects/${name}/{id}`]: {
          get: {
            operationId: "get-/crm/v3/objects/{id}_getById",
            responses: {
              "200": {
                description: "d",
                content: { "application/json": { schema: { $ref: "#/components/schemas/Simple" } } },
              },
            },
          },
        },
      },
      components: { schemas: { Simple: { type: "object", properties: { id: { type: "string" } } }, Error: error } },
    })
    const document = await read(
      texts({
        "companies.json": file("companies", { type: "object", properties: { message: { type: "string" } } }),
        "contacts.json": file("contacts", { type: "object", properties: { status: { type: "string" } } }),
      }),
      { system: "hubspot" },
    )
    expect(document.entities.map(({ name }) => name)).toEqual(["companies", "contacts"])
    expect(Object.keys(document.openapi31.components.schemas).sort()).toEqual(["Error", "Simple", "contacts.Error"])
  })
})

describe("Swagger 2.0", () => {
  it("becomes the same kind of document as OpenAPI 3", async () => {
    const document = await read(text(samples.oldEndpoint), { system: "acumatica" })
    expect(document.source).toMatchObject({ format: "swagger2", endpointVersion: "Default/20.200.001" })
    expect(document.openapi31.openapi).toBe("3.1.0")
    expect(document.openapi31["servers"]).toEqual([{ url: "https://erp.example.com/entity/Default/20.200.001" }])
    const put = (document.openapi31.paths["/Customer"] as { readonly put: object }).put
    expect(put).toMatchObject({
      requestBody: {
        required: true,
        content: { "application/json": { schema: { $ref: "#/components/schemas/Customer" } } },
      },
      responses: { "200": { content: { "application/json": { schema: { $ref: "#/components/schemas/Customer" } } } } },
    })
    const get = (document.openapi31.paths["/Customer"] as { readonly get: object }).get
    expect(get).toMatchObject({
      parameters: [
        { in: "query", name: "$top", schema: { type: "integer", format: "int32" } },
        { in: "query", name: "$tags", style: "form", explode: false, schema: { type: "array" } },
      ],
    })
    expect(property(document, "Customer", "CustomerID")).toEqual({
      type: "object",
      properties: { value: { type: ["string", "null"] } },
    })
    expect(entity(document, "Customer").keys).toEqual(["CustomerID"])
  })
})

describe("CSDL", () => {
  it("takes what a create needs from IsRequired and not from Nullable, and leaves numbered keys to the vendor", async () => {
    const document = await read(text(samples.metadata, "m.xml"), { system: "dynamics" })
    expect(entity(document, "CustomersV3")).toMatchObject({
      schema: "CustomerV3",
      keys: ["dataAreaId", "CustomerAccount"],
      numberSequenceKeys: ["CustomerAccount"],
      requiredOnCreate: ["CustomerGroupId", "SalesCurrencyCode"],
      createOnly: ["PartyNumber", "dataAreaId", "CustomerAccount"],
      writable: true,
      navigation: [{ name: "Orders", target: "SalesOrderHeadersV2", many: true }],
    })
    expect(entity(document, "CustomersV3").readOnly).toEqual(["@odata.etag", "AddressRecordId"])
    expect(entity(document, "Ledgers").writable).toBe(false)
  })

  it("tells a day from an instant, and a decimal from a float", async () => {
    const document = await read(text(samples.metadata, "m.xml"), { system: "dynamics" })
    expect(property(document, "CustomerV3", "CreditLimitDate")).toEqual({ type: "string", format: "ax-date" })
    expect(property(document, "CustomerV3", "AddressValidFrom")).toEqual({ type: "string", format: "date-time" })
    expect(property(document, "CustomerV3", "CreditLimit")).toEqual({ type: "number", format: "decimal" })
    expect(property(document, "CustomerV3", "AddressRecordId")).toEqual({
      type: "integer",
      format: "int64",
      readOnly: true,
    })
  })

  it("keeps an enumeration and an entity of one name apart", async () => {
    const document = await read(text(samples.metadata, "m.xml"), { system: "dynamics" })
    expect(document.openapi31.components.schemas["Ledger_Enum"]).toEqual({
      type: "string",
      enum: ["Current", "Operations"],
    })
    expect(property(document, "Ledger", "AccountingCurrency")).toEqual({ type: ["string", "null"] })
    expect(property(document, "CustomerV3", "LedgerKind")).toEqual({
      anyOf: [{ $ref: "#/components/schemas/Ledger_Enum" }, { type: "null" }],
    })
  })

  it("writes each key as the service wants it, and the company beside it", async () => {
    const document = await read(text(samples.metadata, "m.xml"), { system: "dynamics" })
    const path = "/CustomersV3(dataAreaId='{dataAreaId}',CustomerAccount='{CustomerAccount}')"
    expect(Object.keys(document.openapi31.paths)).toEqual(
      expect.arrayContaining([
        "/CustomersV3",
        path,
        "/Ledgers('{LegalEntityId}')",
        `${path}/Microsoft.Dynamics.DataEntities.block`,
      ]),
    )
    const item = document.openapi31.paths[path] as {
      readonly patch: { readonly parameters: ReadonlyArray<{ readonly name: string }> }
    }
    expect(item.patch.parameters.map(({ name }) => name)).toEqual(["If-Match", "cross-company"])
    expect(Object.keys(document.openapi31.paths["/Ledgers('{LegalEntityId}')"] as object)).toEqual([
      "parameters",
      "get",
    ])
  })

  it("takes what nobody else's instance has for the tenant's own", async () => {
    const own =
      '<Property Name="UsrRegion" Type="Edm.String"/><Property Name="UsrScore" Type="Edm.Decimal" Nullable="false"/>'
    const standard = samples.metadata.replace(
      '<Property Name="LedgerKind" Type="Microsoft.Dynamics.DataEntities.Ledger"/>',
      own,
    )
    const document = await read(
      text(standard.replaceAll(/<Property Name="CreditLimitDate".*?<\/Property>/g, ""), "m.xml"),
      { system: "dynamics" },
    )
    expect(entity(document, "CustomersV3").custom).toEqual([
      { name: "UsrRegion", schema: { type: ["string", "null"] }, readOnly: false },
      { name: "UsrScore", schema: { type: ["string", "null"], format: "decimal" }, readOnly: false },
    ])
  })

  it("reads plain OData by its own rules: what cannot be null is needed, unless the service computes it", async () => {
    const plain = samples.metadata
      .replaceAll("Microsoft.Dynamics.DataEntities", "Shop")
      .replace(
        '<Property Name="OrganizationName" Type="Edm.String"/>',
        '<Property Name="OrganizationName" Type="Edm.String" Nullable="false"/>',
      )
      .replace(
        '<Property Name="CurrencyCode" Type="Edm.String"/>',
        '<Property Name="CurrencyCode" Type="Edm.String" Nullable="false"><Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/></Property>',
      )
    const document = await read(text(plain, "m.xml"), { system: "dynamics" })
    expect(entity(document, "CustomersV3").requiredOnCreate).toContain("OrganizationName")
    expect(entity(document, "SalesOrderHeadersV2").requiredOnCreate).not.toContain("CurrencyCode")
    expect(entity(document, "SalesOrderHeadersV2").readOnly).toContain("CurrencyCode")
  })
})

describe("REST metadata of Finance & Operations", () => {
  it("gives what $metadata gives", async () => {
    const document = await read(
      texts({ "entities.json": samples.publicEntities, "enums.json": samples.publicEnumerations }),
      { system: "dynamics" },
    )
    expect(entity(document, "CustomersV3")).toMatchObject({
      schema: "CustomerV3",
      keys: ["dataAreaId", "CustomerAccount"],
      numberSequenceKeys: ["CustomerAccount"],
      requiredOnCreate: ["dataAreaId", "CustomerGroupId"],
      readOnly: ["@odata.etag", "AddressRecordId"],
    })
    expect(property(document, "CustomerV3", "CreditLimitDate")).toEqual({ type: "string", format: "ax-date" })
    expect(document.openapi31.components.schemas["CustVendorBlocked"]).toEqual({ type: "string", enum: ["No", "All"] })
    expect(property(document, "CustomerV3", "OnHoldStatus")).toEqual({
      anyOf: [{ $ref: "#/components/schemas/CustVendorBlocked" }, { type: "null" }],
    })
  })

  describe("in pages", () => {
    const row = (index: number) => ({
      Name: `Thing${index}`,
      EntitySetName: `Things${index}`,
      Properties: [{ Name: "Id", TypeName: "Edm.String", IsKey: true }],
    })
    const page = (from: number, count: number, next?: string) => ({
      "@odata.context": "https://fo.example.com/metadata/$metadata#PublicEntities",
      ...(next === undefined ? {} : { "@odata.nextLink": `https://fo.example.com/metadata/PublicEntities?${next}` }),
      value: Array.from({ length: count }, (_, index) => row(from + index)),
    })
    const pages = { "1.json": page(0, 2, "$skip=2"), "2.json": page(2, 2, "$skip=4"), "3.json": page(4, 1) }

    it("is read when all of them are there", async () => {
      const { entities } = await read(texts(pages), { system: "dynamics" })
      expect(entities).toHaveLength(5)
      const empty = { "1.json": page(0, 2, "$skip=2"), "2.json": page(2, 0) }
      expect((await read(texts(empty), { system: "dynamics" })).entities).toHaveLength(2)
      const opaque = { "1.json": page(0, 2, "$skiptoken=a"), "2.json": page(2, 1) }
      expect((await read(texts(opaque), { system: "dynamics" })).entities).toHaveLength(3)
    })

    it("is refused when one of them is not, wherever it stood", async () => {
      const { "1.json": first, "2.json": second, "3.json": last } = pages
      for (const [files, missing] of [
        [{ "1.json": first }, "PublicEntities?$skip=2"],
        [{ "1.json": first, "3.json": last, "4.json": page(6, 2, "$skip=8") }, "PublicEntities?$skip=2"],
        [{ "1.json": first, "2.json": second }, "PublicEntities?$skip=4"],
        [{ "1.json": page(0, 2, "$skiptoken=a"), "enums.json": samples.publicEnumerations }, "$skiptoken=a"],
      ] as const) {
        const error = await refusal(texts(files), { system: "dynamics" })
        expect(error).toMatchObject({
          problem: "Truncated",
          message: expect.stringContaining(missing) as string,
        })
      }
    })
  })

  it("takes an enumeration that nobody gave for a text", async () => {
    const document = await read(text(samples.publicEntities), { system: "dynamics" })
    expect(property(document, "CustomerV3", "OnHoldStatus")).toEqual({ type: ["string", "null"] })
  })
})

describe("NetSuite's catalog", () => {
  it("reads the schema of a record, with references by id and the account's own fields", async () => {
    const document = await read(texts({ "customer.json": samples.customerSchema }), { system: "netsuite" })
    const customer = entity(document, "customer")
    expect(customer.keys).toEqual(["id"])
    expect(customer.readOnly).toEqual(expect.arrayContaining(["id", "balance", "lastModifiedDate", "links"]))
    expect(customer.custom.map(({ name }) => name)).toEqual(["custentity_region", "custentity_score"])
    expect(customer.custom[1]?.schema).toEqual({ type: ["string", "null"], format: "decimal" })
    expect(property(document, "customer", "parent")).toMatchObject({
      $ref: "#/components/schemas/nsResource",
      "x-mortise-target": "customer",
    })
    expect(property(document, "customer", "terms")).toMatchObject({
      $ref: "#/components/schemas/nsResource",
      "x-mortise-target": "term",
    })
    expect(property(document, "nsResource", "id")?.readOnly).toBeUndefined()
    expect(Object.keys(document.openapi31.paths)).toEqual(["/customer", "/customer/{id}"])
  })

  it("reads the catalog as OpenAPI, where a record is not pulled in by every reference to it", async () => {
    const page = {
      type: "object",
      properties: { items: { type: "array", items: { $ref: "#/components/schemas/customer" } } },
    }
    const answer = (name: string) => ({
      "200": {
        description: "d",
        content: {
          "application/vnd.oracle.resource+json; type=singular": { schema: { $ref: `#/components/schemas/${name}` } },
        },
      },
    })
    const given = {
      openapi: "3.0.1",
      info: { title: "NetSuite REST API", version: "v1" },
      paths: {
        "/customer": { get: { responses: answer("customerCollection") } },
        "/customer/{id}": { get: { responses: answer("customer") } },
        "/invoice/{id}": { get: { responses: answer("invoice") } },
        "/invoice": { get: { responses: answer("nsResourceCollection") } },
      },
      components: {
        schemas: {
          customer: {
            type: "object",
            properties: {
              id: { type: "string" },
              terms: { $ref: "#/components/schemas/term" },
              parent: { $ref: "#/components/schemas/customer" },
              addressBook: { $ref: "#/components/schemas/customer-addressBookCollection" },
            },
          },
          customerCollection: page,
          "customer-addressBookCollection": {
            type: "object",
            properties: {
              items: { type: "array", items: { $ref: "#/components/schemas/customer-addressBookElement" } },
            },
          },
          "customer-addressBookElement": { type: "object", properties: { label: { type: "string" } } },
          invoice: {
            type: "object",
            properties: { entity: { $ref: "#/components/schemas/customer" }, custbody_x: { type: "boolean" } },
          },
          term: { type: "object" },
          nsResourceCollection: {
            type: "object",
            properties: { items: { type: "array", items: { $ref: "#/components/schemas/nsResource" } } },
          },
          nsResource: { type: "object", properties: { id: { type: "string" } } },
        },
      },
    }
    const document = await read(text(given), { system: "netsuite", entities: ["invoice"] })
    expect(Object.keys(document.openapi31.components.schemas).sort()).toContain("nsResource")
    expect(Object.keys(document.openapi31.components.schemas)).not.toContain("customer-addressBookElement")
    expect(entity(document, "invoice").custom).toEqual([
      { name: "custbody_x", schema: { type: ["boolean", "null"] }, readOnly: false },
    ])
  })
})

describe("DocTypes", () => {
  const files = {
    "customer.json": { data: samples.customerDocType },
    "sales_team.json": samples.salesTeamDocType,
    "custom.json": samples.customFields,
    "setters.json": samples.propertySetters,
  }

  it("reads a DocType with what the site added and changed", async () => {
    const document = await read(texts(files), { system: "erpnext" })
    expect(document.entities.map(({ name }) => name)).toEqual(["Customer"])
    const customer = entity(document, "Customer")
    expect(customer.requiredOnCreate).toEqual(["customer_name", "since"])
    expect(customer.readOnly).toEqual(
      expect.arrayContaining(["name", "owner", "creation", "docstatus", "mobile_no", "credit"]),
    )
    expect(customer.updateOnly).toEqual(["modified"])
    expect(customer.createOnly).toEqual(expect.arrayContaining(["naming_series"]))
    expect(customer.custom.map(({ name }) => name)).toEqual(["hubspot_company_id", "custom_loyalty_tier"])
    expect(property(document, "Customer", "customer_type")).toMatchObject({
      type: ["string", "null"],
      enum: ["Company", "Individual", "Partnership", null],
    })
    expect(property(document, "Customer", "layout")).toBeUndefined()
  })

  it("finds the doctypes in the folder of an app, whatever else lies there", async () => {
    const app = {
      "customer/customer.json": samples.customerDocType,
      "sales_team/sales_team.json": samples.salesTeamDocType,
      "layout.json": { doctype: "DocType Layout", name: "Customer", fields: [{ fieldname: "other" }] },
      "package.json": { name: "app", version: "1" },
      "fixtures/custom_field.json": [{ doctype: "Custom Field", dt: "Customer", fieldname: "tier", fieldtype: "Data" }],
      "custom/customer.json": {
        doctype: "Customer",
        custom_fields: [{ dt: "Customer", fieldname: "region", fieldtype: "Data" }],
        property_setters: [],
      },
    }
    const document = await read(texts(app), { system: "erpnext" })
    expect(document.entities.map(({ name }) => name)).toEqual(["Customer"])
    expect(
      entity(document, "Customer")
        .custom.map(({ name }) => name)
        .sort(),
    ).toEqual(["region", "tier"])
  })

  it("types the rows of a child table, and of one that nobody gave not at all", async () => {
    const document = await read(texts(files), { system: "erpnext" })
    expect(property(document, "Customer", "sales_team")).toMatchObject({
      type: "array",
      items: { $ref: "#/components/schemas/SalesTeam" },
    })
    expect(property(document, "Customer", "accounts")).toMatchObject({
      type: "array",
      items: { type: "object", additionalProperties: true },
    })
    expect(property(document, "SalesTeam", "name")?.readOnly).toBeUndefined()
  })

  it("reads the answer of getdoctype, which has them all in one", async () => {
    const docs = [
      {
        ...samples.customerDocType,
        fields: [...samples.customerDocType.fields, { fieldname: "vip", fieldtype: "Check", is_custom_field: 1 }],
      },
      samples.salesTeamDocType,
    ]
    const document = await read(text({ docs, user_settings: "{}" }), { system: "erpnext" })
    expect(entity(document, "Customer").custom).toEqual([
      { name: "vip", schema: { type: ["integer", "null"], enum: [0, 1, null] }, readOnly: false },
    ])
  })
})

describe("HubSpot's property definitions", () => {
  it("give a portal's records names for their properties", async () => {
    const document = await read(
      texts({ "objects.json": samples.objects, "properties/companies.json": samples.companyProperties }),
      { system: "hubspot" },
    )
    const companies = entity(document, "companies")
    expect(companies).toMatchObject({
      schema: "CompaniesProperties",
      paths: ["/crm/objects/2026-09/companies"],
      keys: ["hs_object_id"],
    })
    expect(companies.readOnly).toEqual(["hs_object_id", "score"])
    expect(companies.custom.map(({ name, readOnly }) => [name, readOnly])).toEqual([
      ["branch_code", false],
      ["tags", false],
      ["renewal", false],
      ["score", true],
    ])
    expect(property(document, "CompaniesRecord", "properties")).toEqual({
      $ref: "#/components/schemas/CompaniesProperties",
    })
    expect(property(document, "CompaniesInput", "properties")).toEqual({
      $ref: "#/components/schemas/CompaniesProperties",
    })
    expect(property(document, "CompaniesProperties", "branch_code")).toMatchObject({
      type: ["string", "null"],
      enum: ["N", "S", null],
    })
    expect(property(document, "Record", "properties")).toMatchObject({ type: "object" })
  })

  it("are refused when they are one page of several", async () => {
    const given = { ...samples.companyProperties, paging: { next: { after: "100" } } }
    const error = await refusal(text(given, "companies.json"), { system: "hubspot" })
    expect(error).toMatchObject({ problem: "Truncated", at: "companies.json" })
  })

  it("can be read alone", async () => {
    const document = await read(text(samples.companyProperties, "companies.json"), {
      system: "hubspot",
      entities: ["companies"],
    })
    expect(entity(document, "companies").paths).toEqual([])
  })
})

describe("Acumatica's ad hoc schema", () => {
  it("tells the tenant's own fields by view and name", async () => {
    const document = await read(texts({ "swagger.json": samples.endpoint, "Customer.json": samples.adHocCustomer }), {
      system: "acumatica",
    })
    expect(entity(document, "Customer").custom.map(({ name, wireType }) => [name, wireType])).toEqual([
      ["Document.UsrRegion", "String"],
      ["CurrentCustomer.AttributeSCORE", "Decimal"],
      ["CurrentCustomer.UsrVip", "Boolean"],
      ["CurrentCustomer.UsrSince", "DateTime"],
    ])
  })
})
