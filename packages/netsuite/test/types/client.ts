/** What the types of the client promise: fields that exist, values of their kind, operations that may be repeated. */
import type * as Decimal from "@mortise/core/Decimal"
import type * as Client from "../../src/Client.ts"
import * as Operations from "../../src/Operations.ts"
import * as Values from "../../src/Values.ts"

declare const client: Client.Client
declare const exactly: Decimal.Decimal
const path = { id: "eid:1" }

export const read = client.call(Operations.records("invoice").get, ({ records }, door) =>
  records.GET("/invoice/{id}", { ...door, params: { path } }),
)
type Invoice = Client.Entities["invoice"]["read"]
type Order = Client.Entities["salesOrder"]
export const exact = (invoice: Invoice): string | undefined => invoice.amountRemaining?.text
export const status = (invoice: Invoice): "A" | "B" | "D" | "E" | "V" | undefined => invoice.status?.id

// @ts-expect-error Type 'Decimal' is not assignable to type 'number | null | undefined'
export const inexact = (invoice: Invoice): number | null | undefined => invoice.amountRemaining

// @ts-expect-error Property 'dueAmount' does not exist
export const unknown = (invoice: Invoice) => invoice.dueAmount

export const write = client.once(Operations.records("salesOrder").upsert, ({ records }, door) =>
  records.PUT("/salesOrder/{id}", {
    ...door,
    params: { path },
    body: { memo: null, item: { items: [{ amount: Values.decimal(exactly) }] } },
  }),
)

// @ts-expect-error Property 'entity' is missing
export const nobody: Order["create"] = { memo: "for whom?" }

// @ts-expect-error 'total' does not exist
export const derived: Order["update"] = { total: null }

// @ts-expect-error Type 'string' is not assignable to type 'LocalDate'
export const undated: Order["update"] = { tranDate: "20.11.2026" }

export const misspelt = client.once(Operations.records("salesOrder").upsert, ({ records }, door) =>
  // @ts-expect-error 'tranDate2' does not exist
  records.PUT("/salesOrder/{id}", { ...door, params: { path }, body: { tranDate2: "2026-11-20" } }),
)

export const float = client.once(Operations.records("salesOrder").upsert, ({ records }, door) =>
  // @ts-expect-error Type 'number' is not assignable to type
  records.PUT("/salesOrder/{id}", { ...door, params: { path }, body: { item: { items: [{ amount: 1.5 }] } } }),
)

export const elsewhere = client.call(Operations.records("vendor").get, ({ records }, door) =>
  // @ts-expect-error is not assignable to parameter of type
  records.GET("/vendor/{id}", { ...door, params: { path } }),
)

export const blind = client.call(
  // @ts-expect-error '"keyed"' is not assignable to type '"safe"'
  Operations.records("salesOrder").upsert,
  ({ records }, door) => records.PUT("/salesOrder/{id}", { ...door, params: { path }, body: {} }),
)

// @ts-expect-error missing the following properties
export const around = client.api.services.GET("/system/v1/serverTime", {})

// A tenant's own catalogue, where it was generated.
interface Own {
  "/customer/{id}": {
    patch: {
      parameters: { path: { id: string } }
      requestBody: { content: { "application/json": { custentity_region?: string | null } } }
      responses: { 204: { content?: never } }
    }
  }
}
declare const own: Client.Client<Own>
export const typed = own.call(Operations.records("customer").updateFields, ({ records }, door) =>
  records.PATCH("/customer/{id}", { ...door, params: { path }, body: { custentity_region: "north" } }),
)
export const absent = own.call(Operations.records("customer").updateFields, ({ records }, door) =>
  // @ts-expect-error 'custentity_branch' does not exist
  records.PATCH("/customer/{id}", { ...door, params: { path }, body: { custentity_branch: "1" } }),
)
