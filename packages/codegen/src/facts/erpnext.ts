/**
 * ERPNext: `reqd` is what the form asks for, and the server fills most of it. A create needs what no default, no series and
 * no other document can give; found by creating with as little as possible on ERPNext 15.104.3.
 */
import type { Facts } from "./Facts.ts"

/** Filled by the server when a create leaves them out, although the form requires them. */
export const FILLED: ReadonlySet<string> = new Set([
  "base_grand_total",
  "base_net_total",
  "base_total",
  "company",
  "conversion_factor",
  "conversion_rate",
  "cost_center",
  "currency",
  "debit_to",
  "grand_total",
  "income_account",
  "item_name",
  "naming_series",
  "net_total",
  "order_type",
  "plc_conversion_rate",
  "posting_date",
  "price_list_currency",
  "selling_price_list",
  "status",
  "stock_uom",
  "total",
  "transaction_date",
  "uom",
])

const ORDER_READ_ONLY = ["billing_status", "delivery_status", "per_billed", "per_delivered", "status"]

export const erpnext: Facts = {
  numbers: "decimal",
  keysInBody: false,
  readOnly: ["owner", "creation", "modified_by", "__unsaved"],
  entities: {
    Address: { required: ["address_type", "address_line1", "city", "country"] },
    Contact: { servedAs: "Contact" },
    Customer: { required: ["customer_name"], createOnly: ["naming_series"], servedAs: "Account" },
    "Deleted Document": { readModel: true },
    Item: {
      required: ["item_code", "item_group"],
      createOnly: ["item_code", "naming_series", "variant_of"],
      servedAs: "Product",
    },
    "Item Price": { required: ["item_code", "price_list", "price_list_rate"] },
    "Payment Entry": {
      required: ["payment_type", "paid_amount", "received_amount"],
      readOnly: ["status"],
      servedAs: "Payment",
    },
    "Sales Invoice": {
      required: ["customer", "items"],
      createOnly: ["naming_series"],
      readOnly: ["outstanding_amount", "status"],
      servedAs: "Invoice",
    },
    "Sales Order": {
      required: ["customer", "items"],
      createOnly: ["naming_series"],
      readOnly: ORDER_READ_ONLY,
      servedAs: "Order",
    },
    Version: { readModel: true },
  },
}
