/** The status of an invoice, in the order in which the server derives it. */
import * as Amount from "../Amount.ts"
import { type Columns, type Doc, decimal, docstatus, isSet, nameOf, rows, text } from "../Doc.ts"
import type { Site } from "../Site.ts"
import { owed } from "./Totals.ts"

/** What the invoice is over, in the currency in which it is owed. */
export const total = (columns: Columns): string =>
  owed(columns, text(columns, "party_account_currency") !== text(columns, "currency"))

/** By the terms that are past, where there are terms; by the due date else. */
export const isOverdue = (doc: Doc, today: string): boolean => {
  const outstanding = decimal(doc.columns, "outstanding_amount")
  if (Amount.compare(outstanding, Amount.ZERO) <= 0) return false
  const terms = rows(doc, "payment_schedule")
  if (terms.length === 0) return text(doc.columns, "due_date") !== "" && text(doc.columns, "due_date") < today
  const inBase = text(doc.columns, "party_account_currency") !== text(doc.columns, "currency")
  const past = terms.filter((term) => text(term, "due_date") < today)
  const due = Amount.sum(...past.map((term) => decimal(term, inBase ? "base_payment_amount" : "payment_amount")))
  return Amount.compare(Amount.subtract(total(doc.columns), outstanding), due) < 0
}

const hasReturn = (site: Site, name: string): boolean =>
  site.store
    .find("Sales Invoice", "return_against", name)
    .some((other) => docstatus(other) === 1 && isSet(other.columns, "is_return"))

/** Of a submitted invoice. */
export const derive = (site: Site, doc: Doc): string => {
  const { columns } = doc
  const outstanding = decimal(columns, "outstanding_amount")
  const owes = Amount.compare(outstanding, Amount.ZERO) > 0
  if (isOverdue(doc, site.today())) return "Overdue"
  if (owes && Amount.compare(outstanding, total(columns)) < 0) return "Partly Paid"
  if (owes) return "Unpaid"
  if (!isSet(columns, "is_return") && hasReturn(site, nameOf(doc))) return "Credit Note Issued"
  if (isSet(columns, "is_return")) return "Return"
  return "Paid"
}
