/**
 * Invoices that the ERP bills, shown in HubSpot as non-billable invoices: no document, no validation, no mail
 * (HubSpot: guide "Invoices"). The ERP's number, kind, totals, balance and state stand in properties of our own, since
 * HubSpot's own status cannot be relied on to follow an ERP. With `nativeInvoiceStatus` HubSpot's status is set too,
 * last of all.
 *
 * Requests for N invoices: a batch read and a batch upsert (of new ones) or update (of those that are there) for each
 * 100; where references are named a batch read of each kind, a read and a write of associations; line items in 100s.
 */
import * as Entities from "@mortise/core/Entities"
import * as Fields from "../internal/Fields.ts"
import * as Mapping from "../internal/Mapping.ts"

const { coded, date, decimal, ownChoice, ownDate, ownNumber, ownText, property, struct, text } = Fields

const STATE = coded(
  ownText("mortise_state", "ERP state"),
  ownText("mortise_state_raw", "ERP state, as the ERP says it"),
)

const fields = {
  kind: text(ownChoice("mortise_kind", "Kind", ["invoice", "creditNote"])),
  number: text(ownText("mortise_number", "ERP invoice number")),
  date: date(property("hs_invoice_date", "date")),
  dueDate: date(property("hs_due_date", "date")),
  description: text(property("hs_comments")),
  customerReference: text(property("hs_purchase_order_number")),
  currency: text(property("hs_currency")),
  totals: struct({
    net: decimal(ownNumber("mortise_net", "Net")),
    tax: decimal(ownNumber("mortise_tax", "Tax")),
    freight: decimal(ownNumber("mortise_freight", "Freight")),
    gross: decimal(ownNumber("mortise_gross", "Gross")),
  }),
  balance: decimal(ownNumber("mortise_balance", "Open balance")),
  state: STATE,
  stateAsOf: date(ownDate("mortise_state_as_of", "ERP state as of")),
} satisfies { readonly [field: string]: Fields.Field }

/** HubSpot's word for a state of ours; undefined leaves the status alone. */
const NATIVE: Readonly<Record<string, string>> = {
  awaiting: "open",
  partlyPaid: "open",
  overdue: "open",
  disputed: "open",
  paid: "paid",
  voided: "voided",
}

export const NATIVE_STATUS = property("hs_invoice_status")

/** Whether HubSpot would take this status after the one that it has, is HubSpot's to say; we ask once a change. */
const nativeStatus: Fields.Field = {
  properties: [NATIVE_STATUS],
  decode: () => undefined,
  encode: (json) => {
    const word = NATIVE[(json as { readonly code?: string } | null)?.code ?? ""]
    return word === undefined ? {} : { [NATIVE_STATUS.name]: word }
  },
}

export const mapping = Mapping.make({
  entity: Entities.Invoice,
  type: "invoices",
  fields,
  links: {
    company: { to: "companies", entity: "Company", typeId: 179, how: "one", writable: true },
    contact: { to: "contacts", entity: "Contact", typeId: 177, how: "one", writable: true },
    deal: { to: "deals", entity: "Deal", typeId: 175, how: "one", writable: true },
    order: { to: "orders", entity: "Order", typeId: 517, how: "one", writable: true },
  },
  lines: 409,
  naturalKeys: [{ field: "number", property: "mortise_number", by: "search", exact: true }],
  number: "mortise_number",
  onCreate: { hs_invoice_billable: "false" },
  derives: ["hs_invoice_status", "hs_number", "hs_amount_billed", "hs_amount_paid", "hs_balance_due"],
  absent: {
    account: "HubSpot has companies and no billed accounts; name the company",
    discount: "a discount of the whole document is a record of its own in HubSpot; lines carry theirs",
    base: "HubSpot keeps no second currency",
    sent: "non-billable invoices are not sent",
    viewed: "non-billable invoices are not shown to customers",
  },
})

/** The mapping for portals that opted in to HubSpot's own status. */
export const withNativeStatus: typeof mapping = { ...mapping, late: { state: nativeStatus } }
