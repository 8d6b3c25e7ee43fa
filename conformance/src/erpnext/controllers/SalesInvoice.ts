/** Sales invoices and credit notes. */
import * as Amount from "../Amount.ts"
import { type Columns, type Doc, docstatus, given, isSet, nameOf, rows, text } from "../Doc.ts"
import * as Documents from "../Documents.ts"
import { crash, refusedByApp } from "../Errors.ts"
import * as Links from "../Links.ts"
import type { Site } from "../Site.ts"
import * as Stamp from "../Stamp.ts"
import type { Controller, Job } from "./Controller.ts"
import * as InvoiceStatus from "./InvoiceStatus.ts"
import * as Payments from "./Payments.ts"
import * as SalesOrder from "./SalesOrder.ts"
import * as Selling from "./Selling.ts"
import * as Totals from "./Totals.ts"

const receivable = (site: Site, doc: Doc): string => {
  const customer = site.get("Customer", text(doc.columns, "customer"))
  const own =
    customer === undefined
      ? undefined
      : rows(customer, "accounts").find((row) => row["company"] === doc.columns["company"])
  return text(own ?? {}, "account") || text(Selling.companyOf(site, doc.columns), "default_receivable_account")
}

/** A foreign invoice needs a receivable in its currency, or the setting that lets it go without. */
const account = (site: Site, doc: Doc): void => {
  const { columns } = doc
  if (!given(columns, "debit_to")) columns["debit_to"] = receivable(site, doc)
  const currency = text(site.get("Account", text(columns, "debit_to"))?.columns ?? {}, "account_currency")
  columns["party_account_currency"] = currency
  const base = text(Selling.companyOf(site, columns), "default_currency")
  const foreign = text(columns, "currency")
  const allowed = site.on("Accounts Settings", "allow_multi_currency_invoices_against_single_party_account")
  if (foreign !== base && foreign !== currency && !allowed) {
    throw refusedByApp(
      `The currency ${foreign} is neither the company's nor that of the receivable ${text(columns, "debit_to")}`,
    )
  }
}

/** Stamped anew at each save of a draft and at submission, unless the document says that its date is its own. */
const posting = (site: Site, columns: Columns): void => {
  if (given(columns, "amended_from")) columns["set_posting_time"] = 1
  if (isSet(columns, "set_posting_time")) return
  columns["posting_date"] = site.today()
  columns["posting_time"] = site.stamp().slice(11)
}

const due = (site: Site, doc: Doc): void => {
  const { columns } = doc
  const from = text(columns, "posting_date")
  if (isSet(columns, "is_return")) {
    columns["due_date"] = from
    doc.tables["payment_schedule"] = []
    return
  }
  const last = Selling.terms(site, columns, from, from).at(-1)?.due ?? from
  if (!given(columns, "due_date")) columns["due_date"] = last
  else if (Stamp.validDate(text(columns, "due_date")) !== undefined && text(columns, "due_date") < from) {
    throw refusedByApp("The due date lies before the posting date")
  }
  const template = given(columns, "payment_terms_template")
  Totals.schedule(doc, Selling.terms(site, columns, from, template ? last : text(columns, "due_date")))
}

/** Text fields that the form leaves empty rather than null. */
const blanks = (columns: Columns): void => {
  if (!given(columns, "po_no")) columns["po_no"] = ""
}

const outstanding = (columns: Columns): string =>
  isSet(columns, "is_return") && !isSet(columns, "update_outstanding_for_self") && docstatusOf(columns) === 1
    ? Amount.ZERO
    : InvoiceStatus.total(columns)

const docstatusOf = (columns: Columns): number => Number(columns["docstatus"] ?? 0)

const validate = ({ action, doc, site }: Job): void => {
  if (action === "change") return
  const { columns } = doc
  if (rows(doc, "items").length === 0)
    throw crash("TypeError", "unsupported operand type(s) for *: 'NoneType' and 'float'", { app: true })
  posting(site, columns)
  Selling.prepare(site, doc, { date: "posting_date", books: true })
  if (!given(columns, "title")) columns["title"] = columns["customer_name"] ?? null
  if (text(columns, "title") === "{customer_name}") columns["title"] = columns["customer_name"] ?? null
  account(site, doc)
  Totals.compute(site, doc)
  due(site, doc)
  blanks(columns)
  columns["against_income_account"] = [...new Set(rows(doc, "items").map((line) => text(line, "income_account")))].join(
    ", ",
  )
  columns["outstanding_amount"] = outstanding(columns)
  if (docstatus(doc) === 1 && !given(columns, "remarks")) columns["remarks"] = "No Remarks"
  columns["status"] = action === "submit" ? InvoiceStatus.derive(site, doc) : "Draft"
}

const orders = (doc: Doc): ReadonlyArray<string> => [
  ...new Set(
    rows(doc, "items")
      .map((line) => text(line, "sales_order"))
      .filter((name) => name !== ""),
  ),
]

/** A credit note that does not keep its credit lowers what the original owes. */
const onOriginal = (site: Site, { columns }: Doc): void => {
  if (!isSet(columns, "is_return") || isSet(columns, "update_outstanding_for_self")) return
  const original = text(columns, "return_against")
  if (original !== "") Payments.recount(site, original)
}

export const controller: Controller = {
  beforeDefaults: (site, { columns }) => {
    if (!given(columns, "company")) columns["company"] = Selling.defaultCompany(site)
    delete columns["status"]
    delete columns["outstanding_amount"]
  },
  validate,
  afterSubmit: ({ action, doc, site }) => {
    for (const order of orders(doc)) SalesOrder.countBilled(site, order)
    onOriginal(site, doc)
    if (action !== "insert" || isSet(doc.columns, "is_return")) return
    // The ledger writes the status past the document: the answer to a create does not know of it.
    const status = InvoiceStatus.derive(site, doc)
    Documents.setColumns(site, "Sales Invoice", nameOf(doc), { status })
  },
  beforeCancel: (site, doc) => {
    const unlinks = site.on("Accounts Settings", "unlink_payment_on_cancellation_of_invoice")
    Links.refuseCancel(site, "Sales Invoice", nameOf(doc), unlinks ? ["Payment Entry"] : [])
    if (unlinks) Payments.unlink(site, nameOf(doc))
  },
  afterCancel: ({ doc, site }) => {
    doc.columns["status"] = "Cancelled"
    for (const order of orders(doc)) SalesOrder.countBilled(site, order)
    onOriginal(site, doc)
  },
}

/** The daily job: bare SQL, so that no stamp moves and no webhook fires. */
export const markOverdue = (site: Site): number => {
  let marked = 0
  for (const doc of [...site.store.all("Sales Invoice")]) {
    if (docstatus(doc) !== 1 || text(doc.columns, "status") === "Overdue") continue
    if (!InvoiceStatus.isOverdue(doc, site.today())) continue
    if (!/^(Unpaid|Partly Paid)/.test(text(doc.columns, "status"))) continue
    Documents.setColumns(site, "Sales Invoice", nameOf(doc), { status: "Overdue" }, false)
    marked += 1
  }
  return marked
}
