/** Release and void of documents: what moves balances and statuses. */
import type { FormContext } from "./forms/Form.ts"
import * as Payments from "./forms/Payments.ts"
import * as Receivables from "./forms/Receivables.ts"
import { docTypeLabel, STATUS } from "./Labels.ts"
import * as Money from "./Money.ts"
import { type Doc, flag, lines, type Row, row, stamp, text } from "./Record.ts"

/** A text of failure, or nothing. */
export type Outcome = string | undefined

const NOT_NOW = "Document Status is invalid for processing."

export const invoice = (context: FormContext, doc: Doc): Outcome => {
  if (flag(doc, "Released") || flag(doc, "Hold")) return NOT_NOW
  const made = structuredClone(doc)
  made.fields["Released"] = true
  made.fields["Status"] = Receivables.status(made)
  made.modified = stamp(context.now)
  context.save("receivables", doc, made)
  return undefined
}

const balanceAfter = (document: Doc, paid: string): string => Money.subtract(text(document, "Balance"), paid)

/** What the form of the invoice shows of a payment, under the names of both entities. */
const applicationOf = (context: FormContext, payment: Doc, paid: string): Row => ({
  ...row(context.guid()),
  fields: {
    DocType: "Payment",
    DocumentType: "Payment",
    ReferenceNbr: text(payment, "ReferenceNbr"),
    AdjustingDocReferenceNbr: text(payment, "ReferenceNbr"),
    AmountPaid: paid,
    PaymentDate: text(payment, "ApplicationDate"),
    PaymentRef: payment.fields["PaymentRef"] ?? null,
    Currency: text(payment, "CurrencyID"),
    Customer: text(payment, "CustomerID"),
    Status: STATUS.closed,
  },
})

const settleDocument = (context: FormContext, document: Doc, payment: Doc, paid: string): Doc => {
  const made = structuredClone(document)
  made.fields["Balance"] = balanceAfter(document, paid)
  made.fields["PaymentTotal"] = Money.sum([text(document, "PaymentTotal"), paid])
  made.fields["Status"] = Receivables.status(made)
  const line = applicationOf(context, payment, paid)
  for (const member of ["ApplicationsDefault", "ApplicationsInvoice"]) {
    made.rows[member] = [...lines(made, member), line]
  }
  if (context.knobs.paymentMovesInvoiceStamp) made.modified = stamp(context.now)
  context.save("receivables", document, made)
  return made
}

const history = (context: FormContext, payment: Doc, document: Doc, paid: string): Row => ({
  ...row(context.guid()),
  fields: {
    AdjustedDocType: text(document, "Type"),
    AdjustedRefNbr: text(document, "ReferenceNbr"),
    DisplayDocType: text(document, "Type"),
    DisplayRefNbr: text(document, "ReferenceNbr"),
    AdjustingDocType: text(payment, "Type"),
    AdjustingRefNbr: text(payment, "ReferenceNbr"),
    AmountPaid: paid,
    Balance: text(document, "Balance"),
    CurrencyID: text(document, "CurrencyID"),
    Customer: text(document, "CustomerID"),
    Date: text(payment, "ApplicationDate"),
    DueDate: document.fields["DueDate"] ?? null,
  },
})

const canApply = (context: FormContext, line: Row): boolean => {
  const document = Payments.documentOf({ context }, line)
  return document !== undefined && Money.compare(text(line, "AmountPaid"), text(document, "Balance")) <= 0
}

const applyLine = (context: FormContext, payment: Doc, line: Row): void => {
  const document = Payments.documentOf({ context }, line)
  if (document === undefined) return
  const paid = text(line, "AmountPaid")
  const settled = settleDocument(context, document, payment, paid)
  payment.rows["ApplicationHistory"] = [
    ...lines(payment, "ApplicationHistory"),
    history(context, payment, settled, paid),
  ]
}

export const payment = (context: FormContext, doc: Doc): Outcome => {
  if (flag(doc, "Hold")) return NOT_NOW
  if (flag(doc, "Released") && lines(doc, "DocumentsToApply").length === 0) return NOT_NOW
  const made = structuredClone(doc)
  if (!lines(made, "DocumentsToApply").every((line) => canApply(context, line))) {
    return "The application exceeds the balance of the document."
  }
  for (const line of lines(made, "DocumentsToApply")) applyLine(context, made, line)
  made.rows["DocumentsToApply"] = []
  made.fields["Released"] = true
  Payments.settle(made)
  made.fields["Status"] = Payments.status(made)
  made.modified = stamp(context.now)
  context.save("payments", doc, made)
  return undefined
}

/** Takes the payment back from each document that it paid. */
export const voidPayment = (context: FormContext, doc: Doc): Outcome => {
  if (!flag(doc, "Released") || text(doc, "Status") === STATUS.voided) return NOT_NOW
  const store = context.tenant.store("receivables")
  for (const line of lines(doc, "ApplicationHistory")) {
    const key = [docTypeLabel(text(line, "AdjustedDocType")), text(line, "AdjustedRefNbr")]
    const document = store.findLatest(key)
    if (document !== undefined)
      settleDocument(context, document, doc, Money.subtract(Money.ZERO, text(line, "AmountPaid")))
  }
  const made = structuredClone(doc)
  made.rows["ApplicationHistory"] = []
  Payments.settle(made)
  made.fields["AvailableBalance"] = Money.ZERO
  made.fields["Status"] = STATUS.voided
  made.modified = stamp(context.now)
  context.save("payments", doc, made)
  return undefined
}
