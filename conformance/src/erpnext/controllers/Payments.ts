/** What payments and credit notes take of an invoice. */
import * as Amount from "../Amount.ts"
import { copy, type Doc, decimal, docstatus, isSet, nameOf, rows } from "../Doc.ts"
import * as Documents from "../Documents.ts"
import type { Site } from "../Site.ts"
import * as InvoiceStatus from "./InvoiceStatus.ts"

const pays = (doc: Doc, invoice: string): string =>
  Amount.sum(
    ...rows(doc, "references")
      .filter((row) => row["reference_doctype"] === "Sales Invoice" && row["reference_name"] === invoice)
      .map((row) => decimal(row, "allocated_amount")),
  )

/** Of all submitted payments. */
const allocated = (site: Site, invoice: string): string => {
  let total = Amount.ZERO
  for (const payment of site.store.find("Payment Entry", "references.reference_name", invoice)) {
    if (docstatus(payment) === 1) total = Amount.sum(total, pays(payment, invoice))
  }
  return total
}

/** Of submitted credit notes that lower the original; their totals are negative. */
const credited = (site: Site, invoice: string): string => {
  let total = Amount.ZERO
  for (const { columns } of site.store.find("Sales Invoice", "return_against", invoice)) {
    const counts = columns["docstatus"] === 1 && !isSet(columns, "update_outstanding_for_self")
    if (counts) total = Amount.sum(total, InvoiceStatus.total(columns))
  }
  return total
}

/** What is still owed, written on the invoice past its form; its stamp moves. */
export const recount = (site: Site, invoice: string): void => {
  const doc = site.get("Sales Invoice", invoice)
  if (doc === undefined || docstatus(doc) !== 1) return
  const left = Amount.sum(
    Amount.subtract(InvoiceStatus.total(doc.columns), allocated(site, invoice)),
    credited(site, invoice),
  )
  const changed = copy(doc)
  changed.columns["outstanding_amount"] = left
  Documents.setColumns(site, "Sales Invoice", invoice, {
    outstanding_amount: left,
    status: InvoiceStatus.derive(site, changed),
  })
}

/** Of an invoice that is cancelled: its payments stay, with nothing said of it. */
export const unlink = (site: Site, invoice: string): void => {
  for (const payment of site.store.find("Payment Entry", "references.reference_name", invoice)) {
    if (docstatus(payment) !== 1 || Amount.isZero(pays(payment, invoice))) continue
    const freed = pays(payment, invoice)
    const references = rows(payment, "references").filter((row) => row["reference_name"] !== invoice)
    site.store.put({ ...payment, tables: { ...payment.tables, references } })
    Documents.setColumns(site, "Payment Entry", nameOf(payment), {
      unallocated_amount: Amount.sum(decimal(payment.columns, "unallocated_amount"), freed),
      total_allocated_amount: Amount.subtract(decimal(payment.columns, "total_allocated_amount"), freed),
    })
  }
}
