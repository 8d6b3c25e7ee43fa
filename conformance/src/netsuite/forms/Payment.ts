/** The form of a customer's payment: what it is applied to, and what is left of it. */
import * as Amount from "../Amount.ts"
import * as Errors from "../Errors.ts"
import type { Doc, Line } from "../Record.ts"
import * as Record from "../Record.ts"
import * as Document from "./Document.ts"
import { badValue, type Form, fallback, need } from "./Form.ts"

const amountOf = (line: Line): string => Record.text(line, "amount") || Amount.ZERO

const isOff = (line: Line): boolean =>
  line.fields["apply"] === false || (Record.text(line, "amount") !== "" && Amount.isZero(amountOf(line)))

/** What an invoice owes, with what this payment already pays of it. */
const dueOf = ({ before }: Form, invoice: Doc): string => {
  const paid =
    before === undefined
      ? undefined
      : Record.lines(before, "apply").find((one) => Record.text(one, "doc") === invoice.id)
  return Amount.sum([Record.text(invoice, "amountRemaining"), paid === undefined ? Amount.ZERO : amountOf(paid)])
}

const least = (a: string, b: string): string => (Amount.compare(a, b) <= 0 ? a : b)

const invoiceOf = (form: Form, line: Line, index: number): Doc => {
  const { doc, world } = form
  const found = world.table("transactions").latest(Record.text(line, "doc"))
  const owner = Record.text(doc, "customer") || Record.text(doc, "entity")
  const fits =
    found?.type === "invoice" &&
    Record.text(found, "entity") === owner &&
    Record.text(found, "currency") === Record.text(doc, "currency") &&
    ["A", "B"].includes(Record.text(found, "status"))
  if (found === undefined || !fits) throw badValue(form, Record.text(line, "doc"), "doc", `apply.items[${index}].doc`)
  return found
}

/** Drops what was taken off, gives the rest their amounts out of `funds`, and returns what was applied. */
export const applyTo = (form: Form, funds: string | undefined): string => {
  const { doc } = form
  const rows = Record.lines(doc, "apply").filter((line) => !isOff(line))
  let applied = Amount.ZERO
  for (const [index, line] of rows.entries()) {
    const invoice = invoiceOf(form, line, index)
    const due = dueOf(form, invoice)
    const left = funds === undefined ? due : Amount.subtract(funds, applied)
    fallback(line, "amount", least(due, left))
    line.fields["apply"] = true
    line.fields["line"] = "0"
    if (Amount.compare(amountOf(line), due) > 0 || Amount.compare(amountOf(line), Amount.ZERO) < 0) {
      throw badValue(form, amountOf(line), "amount", `apply.items[${index}].amount`)
    }
    applied = Amount.sum([applied, amountOf(line)])
  }
  doc.subs["apply"] = rows
  return applied
}

/** The oldest open invoices first. */
const automatically = (form: Form): void => {
  const { doc, world } = form
  if (form.before !== undefined || doc.fields["autoApply"] !== true || Record.lines(doc, "apply").length > 0) return
  let left = Record.text(doc, "payment")
  const open = world
    .table("transactions")
    .where("entity", Record.text(doc, "customer"))
    .filter((one) => one.type === "invoice" && Record.text(one, "status") === "A")
    .filter((one) => Record.text(one, "currency") === Record.text(doc, "currency"))
    .toSorted(
      (a, b) => Record.text(a, "tranDate").localeCompare(Record.text(b, "tranDate")) || Number(a.id) - Number(b.id),
    )
  const rows: Array<Line> = []
  for (const invoice of open) {
    if (Amount.compare(left, Amount.ZERO) <= 0) break
    doc.lastLine += 1
    const row = Record.line(String(doc.lastLine))
    const amount = least(left, Record.text(invoice, "amountRemaining"))
    Object.assign(row.fields, { doc: invoice.id, apply: true, amount })
    left = Amount.subtract(left, amount)
    rows.push(row)
  }
  doc.subs["apply"] = rows
}

export const customerPayment = (form: Form): void => {
  const { doc } = form
  Document.complete(form, "customer")
  automatically(form)
  const sent = Record.text(doc, "payment")
  const applied = applyTo(form, sent === "" ? undefined : sent)
  fallback(doc, "payment", Amount.isZero(applied) ? undefined : applied)
  need(doc, { payment: "Payment Amount" })
  const payment = Record.text(doc, "payment")
  if (Amount.compare(applied, payment) > 0)
    throw Errors.userError("The total of applied amounts exceeds the payment.", "apply")
  fallback(doc, "undepFunds", Record.text(doc, "account") === "" ? "true" : "false")
  Object.assign(doc.fields, {
    applied,
    unapplied: Amount.subtract(payment, applied),
    total: payment,
    pending: Amount.ZERO,
  })
  fallback(doc, "status", Record.text(doc, "undepFunds") === "true" ? "B" : "C")
}

/** Money given back to a customer, paid out at once. What it is given back for is not kept. */
export const customerRefund = (form: Form): void => {
  const { doc } = form
  Document.complete(form, "customer")
  need(doc, { payment: "Refund Amount" })
  doc.fields["total"] = Record.text(doc, "payment")
  fallback(doc, "status", "C")
}
