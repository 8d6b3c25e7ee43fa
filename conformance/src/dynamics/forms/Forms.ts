/** Which code belongs to which table. */
import * as Addresses from "./Addresses.ts"
import * as Customers from "./Customers.ts"
import type { Form } from "./Form.ts"
import * as Invoices from "./Invoices.ts"
import * as Journals from "./Journals.ts"
import * as Orders from "./Orders.ts"
import * as Products from "./Products.ts"

const FORMS: { readonly [table: string]: Form } = {
  customers: Customers.customers,
  contacts: Customers.contacts,
  CustomerElectronicAddresses: Addresses.electronic,
  CustomerPostalAddressesV2: Addresses.postal,
  products: Products.items,
  sharedProducts: Products.shared,
  orders: Orders.orders,
  orderLines: Orders.lines,
  freeTextInvoices: Invoices.invoices,
  freeTextLines: Invoices.lines,
  paymentJournals: Journals.journals,
  paymentLines: Journals.lines,
}

/** Tables of reference take what they are given. */
const PLAIN: Form = { create: () => {} }

export const of = (table: string): Form => FORMS[table] ?? PLAIN
