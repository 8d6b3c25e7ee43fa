/** The form of each record type, and the members that a form fills in and nobody else may. */
import * as Errors from "../Errors.ts"
import type { Patch } from "../Patch.ts"
import * as Record from "../Record.ts"
import * as Entities from "./Entities.ts"
import type { Form } from "./Form.ts"
import * as Invoice from "./Invoice.ts"
import * as Item from "./Item.ts"
import * as Payment from "./Payment.ts"
import * as SalesOrder from "./SalesOrder.ts"

/** A credit memo is an invoice the other way round, with what it is applied to. */
const creditMemo = (form: Form): void => {
  Invoice.invoice(form)
  const applied = Payment.applyTo(form, Record.text(form.doc, "total"))
  form.doc.fields["applied"] = applied
  Invoice.settled(form.doc, applied)
  form.doc.fields["unapplied"] = form.doc.fields["amountRemaining"] ?? null
}

const named = (form: Form): void => {
  if (Record.text(form.doc, "name") === "") throw Errors.missing(["Name"])
}

const FORMS: Readonly<Record<string, (form: Form) => void>> = {
  customer: Entities.customer,
  contact: Entities.contact,
  inventoryItem: Item.item,
  nonInventorySaleItem: Item.item,
  serviceSaleItem: Item.item,
  salesOrder: SalesOrder.salesOrder,
  invoice: Invoice.invoice,
  creditMemo,
  customerPayment: Payment.customerPayment,
  customerRefund: Payment.customerRefund,
  employee: () => undefined,
}

export const run = (form: Form): void => (FORMS[form.doc.type] ?? named)(form)

const MONEY = ["subtotal", "discountTotal", "taxTotal", "tax2Total", "total", "totalAfterTaxes"]
const STAMPS = ["createdDate", "dateCreated", "lastModifiedDate"]

const COMPUTED: Readonly<Record<string, ReadonlyArray<string>>> = {
  customer: [
    "balance",
    "overdueBalance",
    "depositBalance",
    "daysOverdue",
    "unbilledOrders",
    "topLevelParent",
    "altName",
  ],
  contact: ["owner"],
  inventoryItem: [
    "itemType",
    "internalId",
    "quantityOnHand",
    "quantityAvailable",
    "quantityCommitted",
    "quantityBackOrdered",
  ],
  nonInventorySaleItem: ["itemType", "internalId"],
  serviceSaleItem: ["itemType", "internalId", "subtype"],
  salesOrder: [...MONEY, "status", "transactionNumber", "createdFrom", "source"],
  invoice: [
    ...MONEY,
    "status",
    "type",
    "transactionNumber",
    "createdFrom",
    "source",
    "amountPaid",
    "amountRemaining",
    "amountRemainingTotalBox",
    "paymentlink",
  ],
  customerPayment: ["applied", "unapplied", "total", "pending", "status", "transactionNumber"],
  customerRefund: ["applied", "unapplied", "total", "pending", "status", "transactionNumber"],
}

const COMPUTED_OF_LINES: ReadonlySet<string> = new Set([
  "lineUniqueKey",
  "uniqueKey",
  "itemType",
  "quantityBilled",
  "quantityFulfilled",
  "quantityCommitted",
  "quantityBackOrdered",
  "quantityRemaining",
  "due",
  "total",
  "refNum",
  "applyDate",
])

const without = (fields: Patch["fields"], names: ReadonlySet<string>): Patch["fields"] =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)))

/** What a client may change: what the form computes is taken from it and dropped. */
export const writable = (type: string, patch: Patch): Patch => ({
  fields: without(patch.fields, new Set([...STAMPS, ...(COMPUTED[type] ?? [])])),
  parts: patch.parts,
  subs: Object.fromEntries(
    Object.entries(patch.subs).map(([sub, rows]) => [
      sub,
      rows === null ? null : rows.map((row) => ({ ...row, fields: without(row.fields, COMPUTED_OF_LINES) })),
    ]),
  ),
})

/** What is left of a patch: only what {@link writable} drops. For worlds that are set up as they are told. */
export const computed = (type: string, patch: Patch): Patch["fields"] => {
  const names = new Set(COMPUTED[type === "creditMemo" ? "invoice" : type] ?? [])
  return Object.fromEntries(Object.entries(patch.fields).filter(([name]) => names.has(name)))
}
