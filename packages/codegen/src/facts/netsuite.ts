/**
 * NetSuite: the catalogue marks nothing as required, and as read-only only links and paging; what a create needs is decided
 * by forms and features of the account, so that little is certain.
 *
 * Creates of the help: article 161581923822 (customer), section 161488248489 (invoice). Derived amounts: SuiteScript records
 * browser 2025.2, fields that cannot be set.
 */
import type { Facts } from "./Facts.ts"

const STAMPS = ["createdDate", "dateCreated", "lastModifiedDate"]
const TOTALS = ["subtotal", "taxTotal", "total", "totalAfterTaxes", "discountTotal", "status"]

const item = { keys: ["id"], required: ["itemId"], readOnly: STAMPS, servedAs: "Product" }

export const netsuite: Facts = {
  numbers: "decimal",
  keysInBody: false,
  readOnly: ["links", "totalResults", "count", "hasMore", "offset"],
  entities: {
    assemblyItem: item,
    contact: { keys: ["id"], readOnly: STAMPS, servedAs: "Contact" },
    currency: { keys: ["id"], readOnly: STAMPS },
    customer: {
      keys: ["id"],
      readOnly: [...STAMPS, "balance", "daysOverdue", "overdueBalance", "unbilledOrders"],
      servedAs: "Account",
    },
    customerPayment: {
      keys: ["id"],
      required: ["customer"],
      readOnly: [...STAMPS, "applied", "pending", "status", "total", "unapplied"],
      servedAs: "Payment",
    },
    inventoryItem: { ...item, readOnly: [...STAMPS, "quantityAvailable", "quantityOnHand"] },
    invoice: {
      keys: ["id"],
      required: ["entity"],
      readOnly: [...STAMPS, ...TOTALS, "amountPaid", "amountRemaining"],
      servedAs: "Invoice",
    },
    kitItem: item,
    nonInventorySaleItem: item,
    salesOrder: { keys: ["id"], required: ["entity"], readOnly: [...STAMPS, ...TOTALS], servedAs: "Order" },
    serviceSaleItem: item,
  },
}
