/** Documents that are made from others and not saved: an invoice of an order, a credit note, a payment. */
import * as Amount from "../Amount.ts"
import * as Totals from "../controllers/Totals.ts"
import { type Columns, copy, type Doc, decimal, docstatus, nameOf, rows, text } from "../Doc.ts"
import * as Documents from "../Documents.ts"
import { refusedByApp } from "../Errors.ts"
import type { Shape } from "../Meta.ts"
import type { Site } from "../Site.ts"

const KEPT = new Set([
  "name",
  "creation",
  "modified",
  "modified_by",
  "owner",
  "docstatus",
  "idx",
  "parent",
  "parentfield",
  "parenttype",
])

/** What two doctypes share by name, but for what is not to be copied. */
const mapped = (source: Shape, target: Shape, columns: Columns): Columns =>
  Object.fromEntries(
    Object.entries(columns).filter(([name]) => {
      const field = target.field(name)
      return field !== undefined && !KEPT.has(name) && source.field(name)?.no_copy !== 1 && field.no_copy !== 1
    }),
  )

/** Not saved yet: no name, no stamps. */
const local = (site: Site, columns: Columns): Columns => ({
  owner: site.user,
  docstatus: 0,
  idx: 0,
  ...columns,
  __islocal: 1,
  __unsaved: 1,
})

const line = (site: Site, parenttype: string, table: string, index: number, columns: Columns): Columns => ({
  ...local(site, columns),
  idx: index + 1,
  parentfield: table,
  parenttype,
})

const defaults = (site: Site, doctype: string): Columns => {
  const columns: Columns = {}
  for (const field of site.shape(doctype)?.fields ?? []) {
    const first = field.fieldtype === "Select" ? field.options?.split("\n")[0] : undefined
    const value = field.default ?? first
    if (value === undefined || value === "" || /^(Today|Now|:.*|\{.*)$/.test(value)) continue
    columns[field.fieldname] = field.fieldtype === "Check" || field.fieldtype === "Int" ? Number(value) : value
  }
  return columns
}

const submitted = (doc: Doc): void => {
  if (docstatus(doc) !== 1) throw refusedByApp(`${doc.doctype} ${nameOf(doc)} is not submitted`)
}

const shapes = (site: Site, ...doctypes: ReadonlyArray<string>): ReadonlyArray<Shape> =>
  doctypes.map((doctype) => Documents.shapeOf(site, doctype))

const company = (site: Site, columns: Columns): Columns => site.get("Company", text(columns, "company"))?.columns ?? {}

export const salesInvoice = (site: Site, name: string): Doc => {
  const order = Documents.find(site, "Sales Order", name)
  submitted(order)
  const [from, to, fromLine, toLine] = shapes(
    site,
    "Sales Order",
    "Sales Invoice",
    "Sales Order Item",
    "Sales Invoice Item",
  ) as [Shape, Shape, Shape, Shape]
  const home = company(site, order.columns)
  const today = site.today()
  const columns: Columns = {
    ...defaults(site, "Sales Invoice"),
    ...mapped(from, to, order.columns),
    po_no: order.columns["po_no"] ?? "",
    posting_date: today,
    posting_time: site.stamp().slice(11),
    due_date: today,
    debit_to: home["default_receivable_account"] ?? null,
    party_account_currency: site.value("Account", text(home, "default_receivable_account"), "account_currency"),
    status: "Draft",
  }
  delete columns["title"]
  const items = rows(order, "items").map((one, index) =>
    line(site, "Sales Invoice", "items", index, {
      ...defaults(site, "Sales Invoice Item"),
      ...mapped(fromLine, toLine, one),
      income_account: home["default_income_account"] ?? null,
      expense_account: home["default_expense_account"] ?? null,
      sales_order: name,
      so_detail: one["name"] ?? null,
      use_serial_batch_fields: 1,
      margin_type: "",
      qty: Amount.subtract(decimal(one, "qty"), Amount.divide(decimal(one, "billed_amt"), decimal(one, "rate"))),
    }),
  )
  const doc: Doc = {
    doctype: "Sales Invoice",
    columns: { ...local(site, columns), __onload: 1 },
    tables: { items, taxes: taxesOf(site, order) },
  }
  Totals.compute(site, doc)
  for (const one of items) one["stock_uom_rate"] = Amount.ZERO
  doc.columns["outstanding_amount"] = Totals.owed(doc.columns)
  return doc
}

const taxesOf = (site: Site, doc: Doc): Array<Columns> =>
  rows(doc, "taxes").map((one, index) => {
    const shape = site.meta.child("Sales Taxes and Charges")
    return line(site, "Sales Invoice", "taxes", index, mapped(shape, shape, one))
  })

export const creditNote = (site: Site, name: string): Doc => {
  const invoice = Documents.find(site, "Sales Invoice", name)
  submitted(invoice)
  const [shape, lineShape] = shapes(site, "Sales Invoice", "Sales Invoice Item") as [Shape, Shape]
  const columns: Columns = {
    ...defaults(site, "Sales Invoice"),
    ...mapped(shape, shape, invoice.columns),
    is_return: 1,
    return_against: name,
    posting_date: site.today(),
    posting_time: site.stamp().slice(11),
    set_posting_time: 1,
    ignore_pricing_rule: 1,
    set_warehouse: "",
    select_print_heading: "Credit Note",
    party_account_currency: invoice.columns["party_account_currency"] ?? null,
    status: "Draft",
  }
  for (const left of ["title", "tax_category", "po_no", "against_income_account"]) delete columns[left]
  const items = rows(invoice, "items").map((one, index) => {
    const made = line(site, "Sales Invoice", "items", index, {
      ...mapped(lineShape, lineShape, one),
      margin_type: "",
      sales_invoice_item: one["name"] ?? null,
      sales_order: one["sales_order"] ?? null,
      so_detail: one["so_detail"] ?? null,
      qty: Amount.negate(decimal(one, "qty")),
    })
    delete made["image"]
    return made
  })
  const doc: Doc = {
    doctype: "Sales Invoice",
    columns: { ...local(site, columns), __onload: 1 },
    tables: { items, taxes: taxesOf(site, invoice) },
  }
  Totals.compute(site, doc)
  for (const one of items) one["stock_uom_rate"] = Amount.ZERO
  doc.columns["outstanding_amount"] = Totals.owed(doc.columns)
  doc.tables["payment_schedule"] = rows(invoice, "payment_schedule").map((one, index) => returned(site, one, index))
  return doc
}

/** The instalment of the original with a negative amount; what the original owes of it stays as it was. */
const returned = (site: Site, one: Columns, index: number): Columns =>
  line(site, "Sales Invoice", "payment_schedule", index, {
    due_date: one["due_date"] ?? null,
    invoice_portion: decimal(one, "invoice_portion"),
    due_date_based_on: "",
    discount_type: "Percentage",
    discount_validity_based_on: "",
    payment_amount: Amount.negate(decimal(one, "payment_amount")),
    outstanding: decimal(one, "outstanding"),
    base_payment_amount: decimal(one, "base_payment_amount"),
    base_outstanding: decimal(one, "base_outstanding"),
  })

const bankOf = (site: Site, home: Columns): string =>
  text(home, "default_bank_account") || text(home, "default_cash_account") || firstBank(site, text(home, "name"))

const firstBank = (site: Site, name: string): string => {
  for (const account of site.store.all("Account")) {
    if (
      account.columns["company"] === name &&
      account.columns["account_type"] === "Bank" &&
      account.columns["is_group"] !== 1
    )
      return nameOf(account)
  }
  return ""
}

const accountSide = (site: Site, which: string, account: string): Columns => ({
  [which]: account,
  [`${which}_account_type`]: site.value("Account", account, "account_type"),
  [`${which}_account_currency`]: site.value("Account", account, "account_currency"),
})

export const paymentEntry = (site: Site, doctype: string, name: string): Doc => {
  const invoice = Documents.find(site, doctype, name)
  if (docstatus(invoice) === 2) throw refusedByApp(`${name} is cancelled`)
  const home = company(site, invoice.columns)
  const owed =
    doctype === "Sales Invoice" ? decimal(invoice.columns, "outstanding_amount") : Totals.owed(invoice.columns)
  const debtor = text(invoice.columns, "debit_to") || text(home, "default_receivable_account")
  const amount = Amount.absolute(owed)
  const reference: Columns = {
    modified: site.stamp(),
    modified_by: site.user,
    docstatus: 0,
    idx: 1,
    reference_doctype: doctype,
    reference_name: name,
    due_date: invoice.columns["due_date"] ?? null,
    total_amount: Totals.owed(invoice.columns),
    outstanding_amount: owed,
    allocated_amount: owed,
    exchange_rate: decimal(invoice.columns, "conversion_rate"),
    account: debtor,
    parentfield: "references",
    parenttype: "Payment Entry",
    __islocal: 1,
  }
  const columns: Columns = {
    ...defaults(site, "Payment Entry"),
    payment_type: Amount.compare(owed, Amount.ZERO) < 0 ? "Pay" : "Receive",
    posting_date: site.today(),
    reference_date: site.today(),
    company: text(invoice.columns, "company"),
    party_type: "Customer",
    party: text(invoice.columns, "customer"),
    party_name: text(invoice.columns, "customer_name"),
    ...accountSide(site, "paid_from", debtor),
    ...accountSide(site, "paid_to", bankOf(site, home)),
    paid_amount: amount,
    received_amount: amount,
    source_exchange_rate: "1",
    target_exchange_rate: "1",
    base_paid_amount: amount,
    base_received_amount: amount,
    total_allocated_amount: amount,
    base_total_allocated_amount: amount,
  }
  return { doctype: "Payment Entry", columns: local(site, columns), tables: { references: [reference] } }
}

/** A copy without what is not to be copied. */
export const duplicate = (site: Site, doctype: string, name: string): Doc => {
  const source = copy(Documents.find(site, doctype, name))
  const shape = Documents.shapeOf(site, doctype)
  const tables = Object.fromEntries(
    shape.tables
      .filter((table) => table.no_copy !== 1)
      .map((table) => {
        const child = site.meta.child(table.options ?? "")
        return [
          table.fieldname,
          rows(source, table.fieldname).map((one, index) =>
            line(site, doctype, table.fieldname, index, mapped(child, child, one)),
          ),
        ]
      }),
  )
  return { doctype, columns: local(site, mapped(shape, shape, source.columns)), tables }
}
