/** The form of an invoice, and of the credit memo that is shaped like one. */
import * as Amount from "../Amount.ts"
import type { Doc } from "../Record.ts"
import * as Record from "../Record.ts"
import * as Zone from "../Zone.ts"
import * as Document from "./Document.ts"
import { type Form, fallback } from "./Form.ts"
import * as Lines from "./Lines.ts"

const RECEIVABLES = "122"

const dueOn = ({ doc, world }: Form): string => {
  const term = world.table("term").latest(Record.text(doc, "terms"))
  return Zone.addDays(
    Record.text(doc, "tranDate"),
    Number(term === undefined ? "0" : Record.text(term, "daysUntilNetDue")),
  )
}

/** Open or paid by what remains; waiting and rejected ones stay so. */
export const statusOf = (doc: Doc): string => {
  const approval = Record.text(doc, "approvalStatus")
  if (Record.text(doc, "status") === "V") return "V"
  if (approval === "1") return "D"
  if (approval === "3") return "E"
  return Amount.isZero(Record.text(doc, "amountRemaining")) && !Amount.isZero(Record.text(doc, "total")) ? "B" : "A"
}

/** What remains once so much has been paid. */
export const settled = (doc: Doc, paid: string): void => {
  doc.fields["amountPaid"] = paid
  doc.fields["amountRemaining"] = Amount.subtract(Record.text(doc, "total"), paid)
  doc.fields["amountRemainingTotalBox"] = Record.text(doc, "amountRemaining")
  doc.fields["status"] = statusOf(doc)
}

const approval = ({ before, doc, world }: Form): void => {
  if (!world.knobs.invoiceApproval) {
    doc.fields["approvalStatus"] = null
    return
  }
  fallback(doc, "approvalStatus", before?.fields["approvalStatus"] ?? "1")
}

export const invoice = (form: Form): void => {
  const { before, doc, patch } = form
  const customer = Document.complete(form, "entity")
  doc.fields["type"] = doc.type === "invoice" ? "CustInvc" : "CustCred"
  fallback(doc, "account", RECEIVABLES)
  fallback(doc, "terms", customer.fields["terms"] ?? undefined)
  const moved = before !== undefined && ("terms" in patch.fields || "tranDate" in patch.fields)
  if (moved && !("dueDate" in patch.fields)) doc.fields["dueDate"] = null
  fallback(doc, "dueDate", dueOn(form))
  fallback(doc, "source", "webServices")
  approval(form)
  Lines.total(form)
  settled(doc, Record.text(doc, "amountPaid") || Amount.ZERO)
}
