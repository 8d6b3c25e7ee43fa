/** Payments and refunds (AR302000): what they are applied to, and what is left of them. */
import { docTypeLabel, STATUS } from "../Labels.ts"
import * as Money from "../Money.ts"
import { type Doc, flag, lines, type Row, text } from "../Record.ts"
import { cannotBeFound, type Edit, type Form, fill } from "./Form.ts"
import * as Lines from "./Lines.ts"

export const status = (doc: Doc): string => {
  if (text(doc, "Status") === STATUS.voided) return STATUS.voided
  if (!flag(doc, "Released")) return flag(doc, "Hold") ? STATUS.onHold : STATUS.balanced
  return Money.isZero(text(doc, "AvailableBalance")) ? STATUS.closed : STATUS.open
}

/** The invoice or memo of a line, by label or by code. */
export const documentOf = (edit: Pick<Edit, "context">, line: Row): Doc | undefined =>
  edit.context.tenant.store("receivables").findLatest([docTypeLabel(text(line, "DocType")), text(line, "ReferenceNbr")])

const smaller = (a: string, b: string): string => (Money.compare(a, b) <= 0 ? a : b)

/** An application needs a released document with that much balance; without an amount it takes what there is. */
const checkDocument = (edit: Edit, line: Row, left: string): void => {
  const { issues } = edit
  line.fields["DocType"] = docTypeLabel(text(line, "DocType") === "" ? "Invoice" : text(line, "DocType"))
  const document = documentOf(edit, line)
  if (document === undefined || !flag(document, "Released")) {
    issues.add(line, "ReferenceNbr", cannotBeFound("Reference Nbr."))
    return
  }
  if (text(document, "CustomerID") !== text(edit.doc, "CustomerID")) {
    issues.add(line, "ReferenceNbr", cannotBeFound("Reference Nbr."))
  }
  fill(line, "AmountPaid", smaller(text(document, "Balance"), left))
  if (Money.compare(text(line, "AmountPaid"), text(document, "Balance")) > 0) {
    issues.add(line, "AmountPaid", "The amount must be less than or equal to the balance of the document.")
  }
}

const checkOrder = (edit: Edit, line: Row): void => {
  fill(line, "OrderType", "SO")
  const order = edit.context.tenant.store("orders").findLatest([text(line, "OrderType"), text(line, "OrderNbr")])
  if (order === undefined) edit.issues.add(line, "OrderNbr", cannotBeFound("Order Nbr."))
  else fill(line, "AppliedToOrder", text(order, "OrderTotal"))
}

const paid = (rows: ReadonlyArray<Row>, column: string): string => Money.sum(rows.map((line) => text(line, column)))

/** Sums what is applied, now and before, and leaves the rest. */
export const settle = (doc: Doc): void => {
  const documents = Money.sum([
    paid(lines(doc, "DocumentsToApply"), "AmountPaid"),
    paid(lines(doc, "ApplicationHistory"), "AmountPaid"),
  ])
  const orders = paid(lines(doc, "OrdersToApply"), "AppliedToOrder")
  doc.fields["AppliedToDocuments"] = documents
  doc.fields["AppliedToOrders"] = orders
  doc.fields["AvailableBalance"] = Money.subtract(text(doc, "PaymentAmount"), documents, orders)
}

const FREE: ReadonlySet<string> = new Set(["Description", "ExternalRef"])

const restoreReleased = (doc: Doc, before: Doc): void => {
  for (const column of Object.keys({ ...before.fields, ...doc.fields })) {
    if (!FREE.has(column)) doc.fields[column] = before.fields[column] ?? null
  }
}

const applications = (edit: Edit): void => {
  const { doc } = edit
  let left = text(doc, "PaymentAmount")
  for (const line of lines(doc, "DocumentsToApply")) {
    checkDocument(edit, line, left)
    left = Money.subtract(left, text(line, "AmountPaid"))
  }
  for (const line of lines(doc, "OrdersToApply")) checkOrder(edit, line)
}

export const form: Form = {
  derived: new Set([
    "Status",
    "AppliedToDocuments",
    "AppliedToOrders",
    "AvailableBalance",
    "NoteID",
    "LastModifiedDateTime",
    "Released",
    "IsCCPayment",
  ]),
  derivedInLines: new Set(["Balance"]),
  lengths: { PaymentRef: 40, ExternalRef: 40 },
  open: (doc, context) => {
    Object.assign(doc.fields, {
      Type: "Payment",
      Hold: context.knobs.holdOnEntry,
      Released: false,
      ApplicationDate: context.today,
      PaymentMethod: "CHECK",
      CashAccount: "10200",
      PaymentAmount: Money.ZERO,
      Branch: context.branch,
      CustomerLocationID: "MAIN",
      IsCCPayment: false,
    })
  },
  close: (edit) => {
    const { before, doc, issues } = edit
    if (before !== undefined && flag(before, "Released")) restoreReleased(doc, before)
    Lines.currency(edit, Lines.customerOf(edit))
    applications(edit)
    settle(doc)
    if (Money.compare(text(doc, "AvailableBalance"), Money.ZERO) < 0) {
      issues.add(doc, "AppliedToDocuments", "The applied amount is greater than the payment amount.")
    }
    doc.fields["Status"] = status(doc)
  },
  keeps: (doc) => (flag(doc, "Released") ? "A released document cannot be deleted." : undefined),
}
