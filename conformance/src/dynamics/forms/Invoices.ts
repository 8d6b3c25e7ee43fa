/** Free text invoices while they are drafts: they can be entered, changed and taken away, and not posted from outside. */
import * as Dimensions from "../Dimensions.ts"
import * as Money from "../Money.ts"
import { type Doc, daysAfter, recId, text } from "../Record.ts"
import { nameOf } from "../View.ts"
import * as Form from "./Form.ts"
import * as Rounding from "./Rounding.ts"

const CUSTOMER: Form.Related = {
  field: "CustomerAccount",
  label: "Customer account",
  table: "customers",
  column: "CustomerAccount",
  tableLabel: "Customers",
}

const TERMS: Form.Related = {
  field: "TermsOfPayment",
  label: "Terms of payment",
  table: "PaymentTerms",
  column: "Name",
  tableLabel: "Terms of payment",
}

/** The day that is so many days after another by the terms, and the day itself without terms. */
export const dueDate = (context: Form.Context, terms: string, date: string): string => {
  const found = terms === "" ? undefined : Form.find(context, "PaymentTerms", "Name", terms)
  return daysAfter(date, Number(found?.fields["NumberOfDays"] ?? "0"))
}

const fromCustomer = (doc: Doc, customer: Doc): void => {
  Form.otherwise(doc, "InvoiceAccount", text(customer, "InvoiceAccount") || text(customer, "CustomerAccount"))
  Form.otherwise(doc, "CurrencyCode", text(customer, "SalesCurrencyCode"))
  Form.otherwise(doc, "CustomerGroup", text(customer, "CustomerGroupId"))
  Form.otherwise(doc, "TermsOfPayment", text(customer, "PaymentTerms"))
  Form.otherwise(doc, "InvoiceName", nameOf(customer))
  Form.otherwise(doc, "LanguageId", text(customer, "LanguageId"))
  Form.otherwise(doc, "DefaultDimensionDisplayValue", text(customer, "DefaultDimensionDisplayValue"))
}

const isPosted = (invoice: Doc): boolean => text(invoice, "IsPosted") === "Yes"

const refusePosted = (context: Form.Context, invoice: Doc | undefined, what: string): void => {
  if (invoice !== undefined && isPosted(invoice))
    Form.warn(context, `The free text invoice is posted and cannot be ${what}`)
}

const linesOf = (context: Form.Context, invoice: Doc): ReadonlyArray<Doc> =>
  context.world
    .table("freeTextLines")
    .latestWhere("ParentRecId", text(invoice, "InvoiceIdentifier"))
    .filter((line) => line.company === invoice.company)

export const invoices: Form.Form = {
  locked: ["IsPosted", "FreeTextNumber"],
  create: ({ doc }, context) => {
    Form.mustBeFilled(context, doc, "CustomerAccount", "Customer account")
    const customer = Form.related(context, doc, CUSTOMER)
    if (customer !== undefined) fromCustomer(doc, customer)
    Form.related(context, doc, TERMS)
    Form.otherwise(doc, "InvoiceDate", context.today)
    Form.otherwise(doc, "DueDate", dueDate(context, text(doc, "TermsOfPayment"), text(doc, "InvoiceDate")))
    Form.otherwise(doc, "PostingProfile", "GEN")
    doc.fields["FreeTextNumber"] = "Not posted"
    doc.fields["IsPosted"] = "No"
    doc.fields["InvoiceIdentifier"] = recId(doc)
  },
  update: ({ before, doc }, context) => {
    refusePosted(context, before, "changed")
    Form.related(context, doc, CUSTOMER)
    Form.related(context, doc, TERMS)
  },
  remove: (invoice, context) => {
    refusePosted(context, invoice, "deleted")
    if (!isPosted(invoice)) for (const line of linesOf(context, invoice)) context.world.drop("freeTextLines", line)
  },
}

const parentOf = (context: Form.Context, line: Doc): Doc | undefined => {
  const id = text(line, "ParentRecId")
  const found = Form.find(context, "freeTextInvoices", "InvoiceIdentifier", id)
  if (found === undefined) Form.warn(context, `The free text invoice ${id} is not found`)
  return found
}

const account = (context: Form.Context, line: Doc): void => {
  const main = Dimensions.valuesOf(line.fields["MainAccountDisplayValue"] ?? "")["MainAccount"]
  if (main === undefined) return
  if (Form.find(context, "MainAccounts", "MainAccountId", main) === undefined) {
    Form.warn(context, `The value '${main}' in field 'Main account' is not found in the related table 'Main accounts'`)
  }
}

const amount = (context: Form.Context, line: Doc): string => {
  const exact = Money.multiply(text(line, "Quantity") || "0", text(line, "UnitPrice") || "0")
  return Rounding.round(context, exact, text(line, "CurrencyCode"))
}

export const lines: Form.Form = {
  create: ({ doc, sent }, context) => {
    const parent = parentOf(context, doc)
    refusePosted(context, parent, "changed")
    account(context, doc)
    if (parent !== undefined) {
      const numbers = linesOf(context, parent).map((line) => Number(text(line, "LineNumber")))
      if (Money.isZero(text(doc, "LineNumber"))) doc.fields["LineNumber"] = String(Math.max(0, ...numbers) + 1)
      Form.otherwise(doc, "CurrencyCode", text(parent, "CurrencyCode"))
    }
    if (!sent.has("TransactionCurrencyAmount")) doc.fields["TransactionCurrencyAmount"] = amount(context, doc)
  },
  update: ({ doc, sent }, context) => {
    refusePosted(context, parentOf(context, doc), "changed")
    account(context, doc)
    const repriced = sent.has("Quantity") || sent.has("UnitPrice")
    if (repriced && !sent.has("TransactionCurrencyAmount"))
      doc.fields["TransactionCurrencyAmount"] = amount(context, doc)
  },
  remove: (line, context) => refusePosted(context, parentOf(context, line), "changed"),
}
