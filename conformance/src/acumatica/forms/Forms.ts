/** The form of each table. */
import type { StoreName } from "../Entities.ts"
import * as Accounts from "./Accounts.ts"
import * as Contacts from "./Contacts.ts"
import type { Form } from "./Form.ts"
import * as Items from "./Items.ts"
import * as Orders from "./Orders.ts"
import * as Payments from "./Payments.ts"
import * as Receivables from "./Receivables.ts"

const FORMS: Readonly<Record<StoreName, Form>> = {
  accounts: Accounts.form,
  contacts: Contacts.form,
  stockItems: Items.stock,
  nonStockItems: Items.nonStock,
  orders: Orders.form,
  receivables: Receivables.form,
  payments: Payments.form,
}

export const of = (store: StoreName): Form => FORMS[store]
