/** What the types of the client promise: doctypes and fields that exist, and nothing written that the server derives. */
import * as Effect from "effect/Effect"
import type * as Client from "../../src/Client.ts"
import type * as Documents from "../../src/Documents.ts"

declare const client: Client.Client
const { documents } = client
const orderBy = [["name", "asc"]] as const
const nobody = Effect.succeedNone

export const rows = documents.list("Sales Invoice", { fields: ["name", "status"], orderBy, limit: 20 })
type Row = Documents.Row<Client.Entities, "Sales Invoice", "name" | "status">
export const overdue = (row: Row) => row.status === "Overdue"

// @ts-expect-error Property 'due_date' does not exist
export const notAsked = (row: Row) => row.due_date

// @ts-expect-error Type '"due_dat"' is not assignable to type
export const misspelt = documents.list("Sales Invoice", { fields: ["due_dat"], orderBy, limit: 20 })

// @ts-expect-error Type '"items"' is not assignable to type
export const table = documents.list("Sales Invoice", { fields: ["items"], orderBy, limit: 20 })

// @ts-expect-error Property 'orderBy' is missing
export const unordered = documents.list("Sales Invoice", { fields: ["name"], limit: 20 })

// @ts-expect-error Argument of type '"Sales Bill"' is not assignable to parameter of type
export const elsewhere = documents.get("Sales Bill", "1")

export const made = documents.create("Customer", { customer_name: "Acme" }, nobody)

// @ts-expect-error Property 'customer_name' is missing
export const nameless = documents.create("Customer", { tax_id: "1" }, nobody)

// @ts-expect-error 'hubspot_company_id' does not exist
export const unknown = documents.create("Customer", { customer_name: "Acme", hubspot_company_id: "1" }, nobody)

// @ts-expect-error 'grand_total' does not exist
export const derived = documents.update("Sales Order", "1", { grand_total: null })

// @ts-expect-error 'docstatus' does not exist
export const submitted = documents.update("Sales Order", "1", { docstatus: 1 })

// @ts-expect-error Type '"Firm"' is not assignable to type
export const kind = documents.update("Customer", "1", { customer_type: "Firm" })

// v16 has fields that v15 has not, and the other way round.
declare const newer: Client.Client<Client.Entities16>
export const tracked = newer.documents.update("Sales Order", "1", { utm_content: "x" })
// @ts-expect-error 'utm_content' does not exist
export const untracked = documents.update("Sales Order", "1", { utm_content: "x" })

// A site's own doctypes and fields, where they were generated.
interface Own {
  readonly Customer: {
    readonly read: { name?: string; hubspot_company_id?: string | null }
    readonly create: { customer_name: string; hubspot_company_id?: string | null }
    readonly update: { hubspot_company_id?: string | null }
    readonly keys: "name"
  }
}
declare const own: Client.Client<Own>
export const typed = own.documents.list("Customer", {
  fields: ["hubspot_company_id"],
  where: [["hubspot_company_id", "is", "set"]],
  orderBy,
  limit: 20,
})
// @ts-expect-error 'hubspot_deal_id' does not exist
export const absent = own.documents.update("Customer", "1", { hubspot_deal_id: "1" })
