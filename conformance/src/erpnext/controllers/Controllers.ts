/** The doctypes that do more than be kept. */
import type { Controller } from "./Controller.ts"
import * as Customer from "./Customer.ts"
import * as Items from "./Items.ts"
import * as Parties from "./Parties.ts"
import * as PaymentEntry from "./PaymentEntry.ts"
import * as SalesInvoice from "./SalesInvoice.ts"
import * as SalesOrder from "./SalesOrder.ts"
import * as Setups from "./Setups.ts"

export const controllers: { readonly [doctype: string]: Controller } = {
  Address: Parties.address,
  Contact: Parties.contact,
  "Currency Exchange": Setups.currencyExchange,
  "Custom Field": Setups.customField,
  Customer: Customer.controller,
  Item: Items.item,
  "Item Price": Items.itemPrice,
  "OAuth Client": Setups.oauthClient,
  "Payment Entry": PaymentEntry.controller,
  "Property Setter": Setups.propertySetter,
  "Sales Invoice": SalesInvoice.controller,
  "Sales Order": SalesOrder.controller,
  Webhook: Setups.webhook,
}
