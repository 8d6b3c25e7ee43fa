/** Descriptions: those of this repository, and small ones that a test can bend. */
import { HOME } from "./home.ts"

export const specs = `${HOME}../../specs`

type Schemas = Readonly<Record<string, object>>

const answer = (schema: string) => ({
  200: {
    description: "ok",
    content: { "application/json": { schema: { type: "array", items: { $ref: `#/components/schemas/${schema}` } } } },
  },
})

/** OpenAPI with a collection for each of its schemas. */
export const openApi = (schemas: Schemas, collections: ReadonlyArray<string> = Object.keys(schemas)) => ({
  openapi: "3.0.1",
  info: { title: "Default/24.200.001", version: "4" },
  paths: Object.fromEntries(collections.map((name) => [`/${name}`, { get: { responses: answer(name) } }])),
  components: { schemas },
})

const text = { type: "string" }

export const CUSTOMER = {
  type: "object",
  properties: { CustomerID: text, CustomerName: text, Terms: { type: "string", enum: ["30D", "60D"] } },
}

export const ORDER = { type: "object", properties: { OrderType: text, OrderNbr: text, OrderTotal: { type: "number" } } }

export const small = () => openApi({ Customer: CUSTOMER, SalesOrder: ORDER })

/** As `small`, with the customer changed. */
export const withCustomer = (properties: object) =>
  openApi({ Customer: { ...CUSTOMER, properties: { ...CUSTOMER.properties, ...properties } }, SalesOrder: ORDER })

export const csdl = (body: string, before = ""): string => `<?xml version="1.0" encoding="utf-8"?>${before}
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Microsoft.Dynamics.DataEntities" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="CustomerV3"><Key><PropertyRef Name="CustomerAccount"/></Key>
<Property Name="CustomerAccount" Type="Edm.String" Nullable="false"/>${body}</EntityType>
<EntityContainer Name="Resources"><EntitySet Name="CustomersV3" EntityType="Microsoft.Dynamics.DataEntities.CustomerV3"/>
</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>
`
