/**
 * HubSpot: definitions of properties say what is read-only, and nothing says what a create needs; a portal may demand more.
 *
 * Guides "Deals", "Products", "Invoices", "Payments" of 2026, required properties.
 */
import type { Facts } from "./Facts.ts"

export const hubspot: Facts = {
  numbers: "described",
  keysInBody: false,
  readOnly: [],
  entities: {
    commerce_payments: { required: ["hs_initial_amount", "hs_initiated_date"], servedAs: "Payment" },
    companies: { servedAs: "Company" },
    contacts: { servedAs: "Contact" },
    deals: { required: ["dealname"], servedAs: "Deal" },
    invoices: { required: ["hs_currency"], servedAs: "Invoice" },
    products: { required: ["name"], servedAs: "Product" },
  },
}
