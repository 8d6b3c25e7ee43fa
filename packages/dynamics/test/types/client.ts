/** What the types of the client promise: fields, keys and options that the set has, and no others. */
import type * as Client from "../../src/Client.ts"
import * as Filter from "../../src/Filter.ts"
import * as Operations from "../../src/Operations.ts"
import * as Query from "../../src/Query.ts"

declare const client: Client.Client
type Customer = Client.Entities["CustomersV3"]["read"]
type Create = Client.Entities["CustomersV3"]["create"]
type Update = Client.Entities["CustomersV3"]["update"]

const customers = Operations.set("CustomersV3")
const path = { dataAreaId: "usmf", CustomerAccount: "C1" }
const BY_KEY = "/CustomersV3(dataAreaId='{dataAreaId}',CustomerAccount='{CustomerAccount}')"

export const read = client.call(customers.get, (api, door) => api.GET(BY_KEY, { ...door, params: { path } }))
export const hold = (customer: Customer) => customer.OnHoldStatus === "Invoice"

// @ts-expect-error This comparison appears to be unintentional
export const noHold = (customer: Customer) => customer.OnHoldStatus === "Invoiced"

// @ts-expect-error Property 'Emial' does not exist
export const misspelt = (customer: Customer) => customer.Emial

export const half = client.call(customers.get, (api, door) =>
  // @ts-expect-error Property 'CustomerAccount' is missing
  api.GET(BY_KEY, { ...door, params: { path: { dataAreaId: "usmf" } } }),
)

export const elsewhere = client.call(customers.list, (api, door) =>
  // @ts-expect-error is not assignable to parameter of type
  api.GET("/CustomersV9", door),
)

// The number comes from a number sequence; the group and the currency have to be told.
export const least: Create = { CustomerGroupId: "80", SalesCurrencyCode: "USD" }
export const numbered: Create = { ...least, CustomerAccount: "C1", dataAreaId: "usmf" }

// @ts-expect-error Property 'SalesCurrencyCode' is missing
export const less: Create = { CustomerGroupId: "80" }

// @ts-expect-error 'AddressRecordId' does not exist
export const derived: Create = { ...least, AddressRecordId: 1 }

// @ts-expect-error 'CustomerAccount' does not exist
export const moved: Update = { CustomerAccount: "C2" }

export const wrong = client.call(customers.update, (api, door) =>
  // @ts-expect-error 'LifecycleStage' does not exist
  api.PATCH(BY_KEY, { ...door, params: { path }, body: { LifecycleStage: "customer" } }),
)

export const shared = client.call(Operations.set("Currencies").list, (api, door) =>
  // @ts-expect-error '"cross-company"' does not exist
  api.GET("/Currencies", { ...door, params: { query: { "cross-company": true } } }),
)

export const some = Query.select<Customer>(["CustomerAccount", "OrganizationName"])
// @ts-expect-error Type '"Emial"' is not assignable to type
export const none = Query.select<Customer>(["Emial"])
// @ts-expect-error Argument of type '"Emial"' is not assignable to parameter of type
export const filtered = Filter.equals<Customer>("Emial", "a@b.test")

// @ts-expect-error '"keyed"' is not assignable to type '"safe"'
export const blind = client.call(customers.create, (api, door) => api.POST("/CustomersV3", { ...door, body: least }))

export const posted = client.once(Operations.set("SalesInvoiceHeadersV2").create, (api, door) =>
  // @ts-expect-error Argument of type '"/SalesInvoiceHeadersV2"' is not assignable to parameter of type
  api.POST("/SalesInvoiceHeadersV2", { ...door, body: {} }),
)

// A tenant's own metadata, where it was generated.
interface Own {
  "/CustomersV3": {
    post: {
      parameters: { query?: { "cross-company"?: boolean } }
      requestBody: { content: { "application/json": { ContosoRegion?: string | null } } }
      responses: { 201: { content: { "application/json": { ContosoRegion?: string | null } } } }
    }
  }
}
declare const own: Client.Client<Own>
export const typed = own.once(customers.create, (api, door) =>
  api.POST("/CustomersV3", { ...door, body: { ContosoRegion: "north" } }),
)
export const absent = own.once(customers.create, (api, door) =>
  // @ts-expect-error 'ContosoBranch' does not exist
  api.POST("/CustomersV3", { ...door, body: { ContosoBranch: "1" } }),
)
