/** Small descriptions of each format, made up. */

export const endpoint = {
  openapi: "3.0.1",
  info: { title: "Default/24.200.001", version: "4" },
  paths: {
    "/Customer": {
      get: {
        operationId: "Customer_GetList",
        parameters: [{ $ref: "#/components/parameters/select" }],
        responses: {
          "200": {
            description: "rows",
            content: {
              "application/json": { schema: { type: "array", items: { $ref: "#/components/schemas/Customer" } } },
            },
          },
        },
      },
      put: {
        operationId: "Customer_PutEntity",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Customer" } } },
        },
        responses: {
          "200": {
            description: "row",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Customer" } } },
          },
        },
      },
    },
    "/Customer/{ids}": {
      get: {
        operationId: "Customer_GetByKeys",
        parameters: [{ name: "ids", in: "path", required: true, schema: { type: "string" } }],
        responses: {
          "200": {
            description: "row",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Customer" } } },
          },
        },
      },
    },
    "/Vendor": {
      get: {
        operationId: "Vendor_GetList",
        responses: {
          "200": {
            description: "rows",
            content: {
              "application/json": { schema: { type: "array", items: { $ref: "#/components/schemas/Vendor" } } },
            },
          },
        },
      },
    },
  },
  components: {
    parameters: { select: { name: "$select", in: "query", schema: { type: "string" } } },
    schemas: {
      Entity: {
        type: "object",
        properties: {
          id: { type: "string", format: "uuid" },
          rowNumber: { type: "integer", format: "int64" },
          note: { $ref: "#/components/schemas/StringValue" },
        },
      },
      StringValue: {
        type: "object",
        properties: { value: { type: "string" }, error: { type: "string", readOnly: true } },
      },
      DecimalValue: { type: "object", properties: { value: { type: "number", format: "double" } } },
      DateTimeValue: { type: "object", properties: { value: { type: "string", format: "date-time" } } },
      Address: {
        allOf: [
          { $ref: "#/components/schemas/Entity" },
          { type: "object", properties: { City: { $ref: "#/components/schemas/StringValue" } } },
        ],
      },
      Customer: {
        allOf: [
          { $ref: "#/components/schemas/Entity" },
          {
            type: "object",
            properties: {
              CustomerID: { $ref: "#/components/schemas/StringValue" },
              CustomerName: { $ref: "#/components/schemas/StringValue" },
              CreditLimit: { $ref: "#/components/schemas/DecimalValue" },
              LastModifiedDateTime: { $ref: "#/components/schemas/DateTimeValue" },
              Addresses: { type: "array", items: { $ref: "#/components/schemas/Address" } },
              Parent: { $ref: "#/components/schemas/Customer" },
            },
          },
        ],
      },
      Vendor: {
        allOf: [
          { $ref: "#/components/schemas/Entity" },
          { type: "object", properties: { VendorName: { $ref: "#/components/schemas/StringValue" } } },
        ],
      },
    },
  },
}

/** The same, as builds before 2024 R2 serve it. */
export const oldEndpoint = {
  swagger: "2.0",
  info: { title: "Default/20.200.001", version: "4" },
  host: "erp.example.com",
  basePath: "/entity/Default/20.200.001",
  schemes: ["https"],
  consumes: ["application/json"],
  produces: ["application/json"],
  paths: {
    "/Customer": {
      get: {
        operationId: "Customer_GetList",
        parameters: [
          { in: "query", name: "$top", type: "integer", format: "int32" },
          { in: "query", name: "$tags", type: "array", items: { type: "string" }, collectionFormat: "csv" },
        ],
        responses: {
          "200": { description: "rows", schema: { type: "array", items: { $ref: "#/definitions/Customer" } } },
        },
      },
      put: {
        operationId: "Customer_PutEntity",
        parameters: [{ in: "body", name: "entity", required: true, schema: { $ref: "#/definitions/Customer" } }],
        responses: { "200": { description: "row", schema: { $ref: "#/definitions/Customer" } } },
      },
    },
  },
  definitions: {
    Customer: {
      type: "object",
      properties: {
        CustomerID: { type: "object", properties: { value: { type: "string", "x-nullable": true } } },
        CustomerName: { type: "object", properties: { value: { type: "string" } } },
      },
    },
  },
}

const annotation = (term: string, value: string): string =>
  `<Annotation Term="Microsoft.Dynamics.OData.Core.V1.${term}" ${value}/>`

/** Two companies' worth of a Finance & Operations instance. */
export const metadata = `\uFEFF<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Microsoft.Dynamics.DataEntities" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EnumType Name="NoYes"><Member Name="No" Value="0"/><Member Name="Yes" Value="1"/></EnumType>
<EnumType Name="CustVendorBlocked"><Member Name="No" Value="0"/><Member Name="All" Value="2"/></EnumType>
<EnumType Name="Ledger"><Member Name="Current" Value="0"/><Member Name="Operations" Value="1"/></EnumType>
<EntityType Name="CustomerV3"><Key><PropertyRef Name="dataAreaId"/><PropertyRef Name="CustomerAccount"/></Key>
<Property Name="dataAreaId" Type="Edm.String" Nullable="false"/>
<Property Name="CustomerAccount" Type="Edm.String" Nullable="false">${annotation("IsRequired", 'Bool="true"')}</Property>
<Property Name="OrganizationName" Type="Edm.String"/>
<Property Name="CustomerGroupId" Type="Edm.String">${annotation("IsRequired", 'Bool="true"')}</Property>
<Property Name="SalesCurrencyCode" Type="Edm.String">${annotation("IsRequired", 'Bool="true"')}</Property>
<Property Name="OnHoldStatus" Type="Microsoft.Dynamics.DataEntities.CustVendorBlocked"/>
<Property Name="CreditLimit" Type="Edm.Decimal" Nullable="false">${annotation("AXType", 'EnumMember="Microsoft.Dynamics.OData.Core.V1.AXType/Real"')}</Property>
<Property Name="CreditLimitDate" Type="Edm.DateTimeOffset" Nullable="false">${annotation("AXType", 'EnumMember="Microsoft.Dynamics.OData.Core.V1.AXType/Date"')}</Property>
<Property Name="AddressValidFrom" Type="Edm.DateTimeOffset" Nullable="false">${annotation("AXType", 'EnumMember="Microsoft.Dynamics.OData.Core.V1.AXType/UtcDateTime"')}</Property>
<Property Name="AddressRecordId" Type="Edm.Int64" Nullable="false">${annotation("AllowEdit", 'Bool="false"')}${annotation("AllowEditOnCreate", 'Bool="false"')}</Property>
<Property Name="PartyNumber" Type="Edm.String">${annotation("AllowEdit", 'Bool="false"')}</Property>
<Property Name="LedgerKind" Type="Microsoft.Dynamics.DataEntities.Ledger"/>
<NavigationProperty Name="Orders" Type="Collection(Microsoft.Dynamics.DataEntities.SalesOrderHeaderV2)"/>
</EntityType>
<EntityType Name="SalesOrderHeaderV2"><Key><PropertyRef Name="dataAreaId"/><PropertyRef Name="SalesOrderNumber"/></Key>
<Property Name="dataAreaId" Type="Edm.String" Nullable="false"/>
<Property Name="SalesOrderNumber" Type="Edm.String" Nullable="false"/>
<Property Name="OrderingCustomerAccountNumber" Type="Edm.String"/>
<Property Name="CurrencyCode" Type="Edm.String"/>
<NavigationProperty Name="Customer" Type="Microsoft.Dynamics.DataEntities.CustomerV3"/>
</EntityType>
<EntityType Name="Ledger"><Key><PropertyRef Name="LegalEntityId"/></Key>
<Property Name="LegalEntityId" Type="Edm.String" Nullable="false"/>
<Property Name="AccountingCurrency" Type="Edm.String"/>
${annotation("IsReadOnly", 'Bool="true"')}
</EntityType>
<Action Name="block" IsBound="true"><Parameter Name="customer" Type="Microsoft.Dynamics.DataEntities.CustomerV3"/><Parameter Name="_reason" Type="Edm.String"/><ReturnType Type="Edm.Boolean"/></Action>
<EntityContainer Name="Resources">
<EntitySet Name="CustomersV3" EntityType="Microsoft.Dynamics.DataEntities.CustomerV3"><NavigationPropertyBinding Path="Orders" Target="SalesOrderHeadersV2"/></EntitySet>
<EntitySet Name="SalesOrderHeadersV2" EntityType="Microsoft.Dynamics.DataEntities.SalesOrderHeaderV2"/>
<EntitySet Name="Ledgers" EntityType="Microsoft.Dynamics.DataEntities.Ledger"/>
</EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

export const publicEntities = {
  "@odata.context": "https://fo.example.com/metadata/$metadata#PublicEntities",
  value: [
    {
      Name: "CustomerV3",
      EntitySetName: "CustomersV3",
      IsReadOnly: false,
      Properties: [
        {
          Name: "dataAreaId",
          TypeName: "Edm.String",
          DataType: "String",
          IsKey: true,
          IsMandatory: true,
          AllowEdit: true,
          AllowEditOnCreate: true,
        },
        {
          Name: "CustomerAccount",
          TypeName: "Edm.String",
          DataType: "String",
          IsKey: true,
          IsMandatory: false,
          AllowEdit: true,
          AllowEditOnCreate: true,
        },
        {
          Name: "CustomerGroupId",
          TypeName: "Edm.String",
          DataType: "String",
          IsKey: false,
          IsMandatory: true,
          AllowEdit: true,
          AllowEditOnCreate: true,
        },
        {
          Name: "CreditLimit",
          TypeName: "Edm.Decimal",
          DataType: "Real",
          IsKey: false,
          IsMandatory: false,
          AllowEdit: true,
          AllowEditOnCreate: true,
        },
        {
          Name: "CreditLimitDate",
          TypeName: "Edm.DateTimeOffset",
          DataType: "Date",
          IsKey: false,
          IsMandatory: false,
          AllowEdit: true,
          AllowEditOnCreate: true,
        },
        {
          Name: "OnHoldStatus",
          TypeName: "Microsoft.Dynamics.DataEntities.CustVendorBlocked",
          DataType: "Enum",
          IsKey: false,
          IsMandatory: false,
          AllowEdit: true,
          AllowEditOnCreate: true,
        },
        {
          Name: "AddressRecordId",
          TypeName: "Edm.Int64",
          DataType: "Int64",
          IsKey: false,
          IsMandatory: false,
          AllowEdit: false,
          AllowEditOnCreate: false,
        },
      ],
      NavigationProperties: [
        { Name: "Orders", RelatedEntity: "SalesOrderHeaderV2", Cardinality: "Multiple", Constraints: [] },
      ],
    },
  ],
}

export const publicEnumerations = {
  value: [
    {
      Name: "CustVendorBlocked",
      Members: [
        { Name: "No", Value: 0 },
        { Name: "All", Value: 2 },
      ],
    },
  ],
}

/** One record of a catalog, as `application/schema+json` gives it. */
export const customerSchema = {
  $schema: "http://json-schema.org/draft-06/hyper-schema#",
  type: "object",
  properties: {
    id: { title: "Internal ID", type: "string", nullable: true },
    companyName: { title: "Company Name", type: "string", nullable: true },
    balance: { title: "Balance", type: "number", format: "double", nullable: true },
    daysOverdue: { title: "Days Overdue", type: "integer", format: "int64", nullable: true },
    lastModifiedDate: { title: "Last Modified", type: "string", format: "date-time", nullable: true },
    emailPreference: {
      type: "object",
      properties: { id: { type: "string", enum: ["PDF", "HTML"] }, refName: { type: "string" } },
    },
    parent: { $ref: "/services/rest/record/v1/metadata-catalog/customer" },
    terms: { $ref: "/services/rest/record/v1/metadata-catalog/term" },
    links: { type: "array", readOnly: true, items: { $ref: "/services/rest/record/v1/metadata-catalog/nsLink" } },
    addressBook: {
      type: "object",
      properties: {
        items: {
          type: "array",
          items: { type: "object", properties: { label: { type: "string" }, defaultBilling: { type: "boolean" } } },
        },
      },
    },
    custentity_region: { title: "Region", type: "string", nullable: true, "x-ns-custom-field": true },
    custentity_score: { title: "Score", type: "number", format: "double", nullable: true, "x-ns-custom-field": true },
  },
  "x-ns-filterable": ["companyName"],
}

export const customerDocType = {
  doctype: "DocType",
  name: "Customer",
  fields: [
    { fieldname: "customer_name", fieldtype: "Data", reqd: 1 },
    { fieldname: "customer_type", fieldtype: "Select", options: "Company\nIndividual", reqd: 1, default: "Company" },
    { fieldname: "layout", fieldtype: "Section Break" },
    { fieldname: "credit", fieldtype: "Currency" },
    { fieldname: "since", fieldtype: "Date" },
    { fieldname: "disabled", fieldtype: "Check" },
    { fieldname: "mobile_no", fieldtype: "Read Only" },
    { fieldname: "naming_series", fieldtype: "Select", options: "CUST-.YYYY.-", reqd: 1, set_only_once: 1 },
    { fieldname: "sales_team", fieldtype: "Table", options: "Sales Team" },
    { fieldname: "accounts", fieldtype: "Table", options: "Party Account" },
  ],
}

export const salesTeamDocType = {
  doctype: "DocType",
  name: "Sales Team",
  istable: 1,
  fields: [
    { fieldname: "sales_person", fieldtype: "Link", options: "Sales Person", reqd: 1 },
    { fieldname: "share", fieldtype: "Percent" },
  ],
}

export const customFields = {
  data: [
    { dt: "Customer", fieldname: "hubspot_company_id", fieldtype: "Data", unique: 1 },
    { dt: "Customer", label: "Loyalty Tier", fieldtype: "Select", options: "Gold\nSilver" },
    { dt: "Item", fieldname: "other", fieldtype: "Data" },
  ],
}

export const propertySetters = {
  data: [
    { doc_type: "Customer", field_name: "since", property: "reqd", value: "1" },
    {
      doc_type: "Customer",
      field_name: "customer_type",
      property: "options",
      value: "Company\nIndividual\nPartnership",
    },
    { doc_type: "Customer", field_name: "credit", property: "read_only", value: "1" },
  ],
}

const property = (name: string, type: string, fieldType: string, more: object = {}) => ({
  name,
  label: name,
  type,
  fieldType,
  groupName: "info",
  hubspotDefined: true,
  modificationMetadata: { archivable: true, readOnlyDefinition: true, readOnlyValue: false },
  ...more,
})

export const companyProperties = {
  results: [
    property("name", "string", "text"),
    property("hs_object_id", "number", "number", {
      modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyValue: true },
    }),
    property("annualrevenue", "number", "number"),
    property("branch_code", "enumeration", "select", {
      hubspotDefined: false,
      options: [
        { label: "North", value: "N", hidden: false },
        { label: "South", value: "S", hidden: false },
      ],
    }),
    property("tags", "enumeration", "checkbox", {
      hubspotDefined: false,
      options: [{ label: "A", value: "a", hidden: false }],
    }),
    property("renewal", "date", "date", { hubspotDefined: false }),
    property("score", "number", "calculation_equation", { hubspotDefined: false, calculated: true }),
  ],
}

/** Records of whatever type, as HubSpot describes them. */
export const objects = {
  openapi: "3.1.0",
  info: { title: "CRM", version: "2026-09" },
  paths: {
    "/crm/objects/2026-09/{objectType}": {
      parameters: [{ $ref: "#/components/parameters/objectType" }],
      get: { operationId: "list", responses: { "200": { $ref: "#/components/responses/Page" } } },
      post: {
        operationId: "create",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Input" } } },
        },
        responses: {
          "201": {
            description: "made",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Record" } } },
          },
        },
      },
    },
    "/crm/properties/2026-09/{objectType}": {
      parameters: [{ $ref: "#/components/parameters/objectType" }],
      get: { operationId: "properties", responses: { "200": { description: "definitions" } } },
    },
  },
  components: {
    parameters: { objectType: { name: "objectType", in: "path", required: true, schema: { type: "string" } } },
    responses: {
      Page: {
        description: "page",
        content: {
          "application/json": {
            schema: {
              type: "object",
              properties: { results: { type: "array", items: { $ref: "#/components/schemas/Record" } } },
            },
          },
        },
      },
    },
    schemas: {
      Properties: { type: "object", additionalProperties: { type: ["string", "null"] } },
      Input: {
        type: "object",
        required: ["properties"],
        properties: { properties: { type: "object", additionalProperties: { type: "string" } } },
      },
      Record: {
        type: "object",
        required: ["id", "properties"],
        properties: {
          id: { type: "string" },
          properties: { type: "object", additionalProperties: { type: ["string", "null"] } },
          createdAt: { type: "string", format: "date-time" },
        },
      },
    },
  },
}

/** A record without values that shows the fields outside of the contract. */
export const adHocCustomer = {
  id: "00000000-0000-0000-0000-000000000000",
  rowNumber: 1,
  CustomerID: {},
  custom: {
    Document: { UsrRegion: { type: "CustomStringField", value: null } },
    CurrentCustomer: {
      AttributeSCORE: { type: "CustomDecimalField", value: null },
      UsrVip: { type: "CustomBooleanField", value: null },
      UsrSince: { type: "CustomDateTimeField" },
    },
  },
}

/** The habits of HubSpot's own files: whole paths in operation ids, examples that are null, answers with words beside. */
export const ownHubSpot = {
  openapi: "3.0.1",
  info: { title: "CRM Companies", version: "2026-09" },
  paths: {
    "/crm/objects/2026-09/companies/{companyId}": {
      get: {
        operationId: "get-/crm/objects/2026-09/companies/{companyId}_/crm/objects/2026-09/{objectType}/{objectId}",
        parameters: [
          {
            name: "companyId",
            in: "path",
            required: true,
            style: "simple",
            explode: false,
            schema: { type: "string" },
            example: null,
          },
          {
            name: "properties",
            in: "query",
            style: "form",
            explode: true,
            schema: { type: "array", items: { type: "string" } },
          },
        ],
        responses: {
          "200": {
            description: "successful operation",
            content: {
              "application/json": {
                schema: { $ref: "#/components/schemas/SimplePublicObjectWithAssociations" },
                example: null,
              },
            },
          },
          default: { description: "", $ref: "#/components/responses/Error" },
        },
        security: [{ oauth2: ["crm.objects.companies.read"] }, { private_apps: ["crm.objects.companies.read"] }],
      },
    },
    "/crm/objects/2026-09/companies": {
      post: {
        operationId: "post-/crm/objects/2026-09/companies_/crm/objects/2026-09/{objectType}",
        requestBody: {
          content: {
            "application/json": {
              schema: { $ref: "#/components/schemas/SimplePublicObjectInputForCreate" },
              example: null,
            },
          },
          required: true,
        },
        responses: {
          "201": {
            description: "successful operation",
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/SimplePublicObjectWithAssociations" } },
            },
          },
          default: { description: "", $ref: "#/components/responses/Error" },
        },
      },
    },
  },
  components: {
    schemas: {
      SimplePublicObjectInputForCreate: {
        required: ["associations", "properties"],
        type: "object",
        properties: {
          associations: { type: "array", example: null, items: { type: "object", additionalProperties: {} } },
          properties: { type: "object", additionalProperties: { type: "string", example: null }, example: null },
        },
        example: null,
      },
      SimplePublicObjectWithAssociations: {
        required: ["archived", "createdAt", "id", "properties", "updatedAt"],
        type: "object",
        properties: {
          archived: { type: "boolean", example: null },
          createdAt: { type: "string", format: "date-time", example: null },
          id: { type: "string", example: null },
          properties: {
            type: "object",
            additionalProperties: { type: "string", nullable: true, example: null },
            example: null,
          },
          updatedAt: { type: "string", format: "date-time", example: null },
        },
        example: { id: "512" },
      },
      Error: {
        required: ["message"],
        type: "object",
        properties: { message: { type: "string", example: "An error occurred" } },
      },
    },
    responses: {
      Error: {
        description: "An error occurred.",
        content: { "*/*": { schema: { $ref: "#/components/schemas/Error" }, example: null } },
      },
    },
    securitySchemes: {
      oauth2: {
        type: "oauth2",
        flows: {
          authorizationCode: { authorizationUrl: "https://a.example", tokenUrl: "https://t.example", scopes: {} },
        },
      },
    },
  },
}
