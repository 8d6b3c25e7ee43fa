/** Payment journals while they are not posted. */
import { type Doc, text } from "../Record.ts"
import * as Form from "./Form.ts"

const isPosted = (journal: Doc): boolean => text(journal, "IsPosted") === "Yes"

const journalOf = (context: Form.Context, line: Doc): Doc | undefined =>
  Form.related(context, line, {
    field: "JournalBatchNumber",
    label: "Journal batch number",
    table: "paymentJournals",
    column: "JournalBatchNumber",
    tableLabel: "Journals",
  })

const refusePosted = (context: Form.Context, journal: Doc | undefined): void => {
  if (journal !== undefined && isPosted(journal)) Form.warn(context, "The journal is posted and cannot be changed")
}

export const linesOf = (context: Form.Context, journal: Doc): ReadonlyArray<Doc> =>
  context.world
    .table("paymentLines")
    .latestWhere("JournalBatchNumber", text(journal, "JournalBatchNumber"))
    .filter((line) => line.company === journal.company)

export const journals: Form.Form = {
  locked: ["IsPosted"],
  create: (entry, context) => {
    Form.mustBeFilled(context, entry.doc, "JournalName", "Name")
    const label = "Journal batch number"
    Form.number(context, entry, { field: "JournalBatchNumber", label, table: "paymentJournals", prefix: "", digits: 8 })
    entry.doc.fields["IsPosted"] = "No"
  },
  update: ({ before }, context) => refusePosted(context, before),
  remove: (journal, context) => {
    refusePosted(context, journal)
    if (!isPosted(journal)) for (const line of linesOf(context, journal)) context.world.drop("paymentLines", line)
  },
}

const ACCOUNT: Form.Related = {
  field: "AccountDisplayValue",
  label: "Account",
  table: "customers",
  column: "CustomerAccount",
  tableLabel: "Customers",
}

export const lines: Form.Form = {
  create: ({ doc }, context) => {
    const journal = journalOf(context, doc)
    refusePosted(context, journal)
    const customer = Form.related(context, doc, ACCOUNT)
    const numbers =
      journal === undefined ? [] : linesOf(context, journal).map((line) => Number(text(line, "LineNumber")))
    Form.otherwise(doc, "LineNumber", String(Math.max(0, ...numbers) + 1))
    Form.otherwise(doc, "AccountType", "Cust")
    Form.otherwise(doc, "Company", context.company.toUpperCase())
    Form.otherwise(doc, "OffsetCompany", context.company.toUpperCase())
    Form.otherwise(doc, "TransactionDate", context.today)
    Form.otherwise(doc, "CurrencyCode", customer === undefined ? "" : text(customer, "SalesCurrencyCode"))
    const voucher = { field: "Voucher", label: "Voucher", table: "paymentLines", prefix: "ARPM" }
    Form.otherwise(doc, "Voucher", Form.next(context, voucher))
    if (text(doc, "MarkedInvoice") !== "") Form.otherwise(doc, "MarkedInvoiceCompany", context.company)
  },
  update: ({ doc }, context) => {
    refusePosted(context, journalOf(context, doc))
    Form.related(context, doc, ACCOUNT)
  },
  remove: (line, context) => refusePosted(context, journalOf(context, line)),
}
