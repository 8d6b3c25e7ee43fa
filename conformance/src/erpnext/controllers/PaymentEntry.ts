/** Payments. Submitted or cancelled, they move the stamp of the invoices that they pay; a draft does not. */
import * as Amount from "../Amount.ts"
import { type Columns, type Doc, decimal, docstatus, given, rows, text } from "../Doc.ts"
import { invalid, refusedByApp } from "../Errors.ts"
import type { Site } from "../Site.ts"
import type { Controller, Job } from "./Controller.ts"
import * as Payments from "./Payments.ts"
import * as Selling from "./Selling.ts"
import * as Words from "./Words.ts"

const side = (site: Site, columns: Columns, which: "paid_from" | "paid_to"): void => {
  const account = site.get("Account", text(columns, which))?.columns ?? {}
  columns[`${which}_account_type`] = account["account_type"] ?? null
  columns[`${which}_account_currency`] = account["account_currency"] ?? null
}

const rates = (columns: Columns): void => {
  for (const [amount, base, factor] of [
    ["paid_amount", "base_paid_amount", "source_exchange_rate"],
    ["received_amount", "base_received_amount", "target_exchange_rate"],
  ] as const) {
    if (Amount.isZero(decimal(columns, factor))) columns[factor] = "1"
    const inBase = Amount.round(Amount.multiply(decimal(columns, amount), decimal(columns, factor)), 2)
    Object.assign(columns, {
      [base]: inBase,
      [`${amount}_after_tax`]: decimal(columns, amount),
      [`${base}_after_tax`]: inBase,
    })
  }
}

const outstandingOf = (site: Site, row: Columns): string =>
  decimal(site.get(text(row, "reference_doctype"), text(row, "reference_name"))?.columns ?? {}, "outstanding_amount")

const references = (site: Site, doc: Doc): void => {
  const list = rows(doc, "references")
  for (const row of list) {
    const invoice = site.get(text(row, "reference_doctype"), text(row, "reference_name"))?.columns
    if (invoice === undefined) continue
    if (Number(invoice["docstatus"] ?? 0) !== 1) throw refusedByApp(`${text(row, "reference_name")} is not submitted`)
    row["total_amount"] = decimal(invoice, "grand_total")
    row["outstanding_amount"] = outstandingOf(site, row)
    row["due_date"] ??= invoice["due_date"] ?? null
    row["account"] ??= invoice["debit_to"] ?? null
    if (Amount.isZero(decimal(row, "exchange_rate"))) row["exchange_rate"] = "1"
    if (
      Amount.compare(Amount.absolute(decimal(row, "allocated_amount")), Amount.absolute(outstandingOf(site, row))) > 0
    ) {
      throw refusedByApp(`More is allocated to ${text(row, "reference_name")} than it owes`)
    }
  }
  const total = Amount.sum(...list.map((row) => decimal(row, "allocated_amount")))
  Object.assign(doc.columns, {
    total_allocated_amount: Amount.absolute(total),
    base_total_allocated_amount: Amount.round(
      Amount.multiply(Amount.absolute(total), decimal(doc.columns, "source_exchange_rate")),
      2,
    ),
    unallocated_amount: Amount.subtract(decimal(doc.columns, "paid_amount"), Amount.absolute(total)),
  })
}

const remarks = (doc: Doc, amount: (value: string) => string): string => {
  const { columns } = doc
  const currency = text(columns, "paid_from_account_currency")
  const verb = text(columns, "payment_type") === "Receive" ? "received from" : "paid to"
  return [
    `Amount ${currency} ${amount(decimal(columns, "paid_amount"))} ${verb} ${text(columns, "party")}`,
    ...(given(columns, "reference_no")
      ? [`Transaction reference no ${text(columns, "reference_no")} dated ${text(columns, "reference_date")}`]
      : []),
    ...rows(doc, "references").map(
      (row) =>
        `Amount ${currency} ${amount(decimal(row, "allocated_amount"))} against ${text(row, "reference_doctype")} ${text(row, "reference_name")}`,
    ),
  ].join("\n")
}

const validate = ({ action, doc, site }: Job): void => {
  if (action === "change") return
  const { columns } = doc
  if (!given(columns, "company")) columns["company"] = Selling.defaultCompany(site)
  if (given(columns, "party")) {
    const party = site.get(text(columns, "party_type"), text(columns, "party"))?.columns ?? {}
    columns["party_name"] = party["customer_name"] ?? columns["party"] ?? null
    columns["title"] = columns["party_name"] ?? null
  }
  side(site, columns, "paid_from")
  side(site, columns, "paid_to")
  rates(columns)
  if (Amount.isZero(decimal(columns, "paid_amount"))) throw invalid("A paid amount is needed")
  references(site, doc)
  const bank = [text(columns, "paid_from_account_type"), text(columns, "paid_to_account_type")].includes("Bank")
  if (bank && !(given(columns, "reference_no") && given(columns, "reference_date"))) {
    throw refusedByApp("A payment through a bank needs a reference and its date")
  }
  columns["remarks"] = remarks(doc, action === "insert" ? (value) => value : Amount.written)
  const currency = text(columns, "paid_from_account_currency")
  const base = text(Selling.companyOf(site, columns), "default_currency")
  const fraction = text(site.get("Currency", currency)?.columns ?? {}, "fraction") || "Cent"
  columns["in_words"] = Words.ofMoney(decimal(columns, "paid_amount"), currency, fraction)
  columns["base_in_words"] = Words.ofMoney(decimal(columns, "base_paid_amount"), base, fraction)
  columns["status"] = docstatus(doc) === 1 ? "Submitted" : "Draft"
}

const invoices = (doc: Doc): ReadonlyArray<string> => [
  ...new Set(
    rows(doc, "references")
      .filter((row) => row["reference_doctype"] === "Sales Invoice")
      .map((row) => text(row, "reference_name")),
  ),
]

/** The references tell what is owed after the payment. */
const settle = (site: Site, doc: Doc): void => {
  for (const invoice of invoices(doc)) Payments.recount(site, invoice)
  for (const row of rows(doc, "references")) row["outstanding_amount"] = outstandingOf(site, row)
  const stored = site.get("Payment Entry", text(doc.columns, "name"))
  if (stored === undefined) return
  const list = rows(stored, "references").map((row, index) => ({
    ...row,
    outstanding_amount: rows(doc, "references")[index]?.["outstanding_amount"] ?? null,
  }))
  site.store.put({ ...stored, tables: { ...stored.tables, references: list } })
}

export const controller: Controller = {
  beforeDefaults: (site, { columns }) => {
    if (!given(columns, "company")) columns["company"] = Selling.defaultCompany(site)
    delete columns["status"]
  },
  validate,
  afterSubmit: ({ doc, site }) => settle(site, doc),
  afterCancel: ({ doc, site }) => {
    doc.columns["status"] = "Cancelled"
    settle(site, doc)
  },
}
