/** Invoices and memos, whether entered in sales (SO303000) or in receivables (AR301000): one document store. */
import { STATUS } from "../Labels.ts"
import * as Money from "../Money.ts"
import { type Doc, flag, text } from "../Record.ts"
import { type Edit, type Form, fill } from "./Form.ts"
import * as Lines from "./Lines.ts"

const COLUMNS: Lines.LineColumns = {
  quantity: "Qty",
  description: "TransactionDescr",
  branch: "BranchID",
  itemRequired: false,
}

/** Days of `30D`. */
const termDays = (terms: string): number => Number(/^(\d+)D$/.exec(terms)?.[1] ?? 30)

const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

export const status = (doc: Doc): string => {
  if (text(doc, "Status") === STATUS.voided) return STATUS.voided
  if (!flag(doc, "Released")) return flag(doc, "Hold") ? STATUS.onHold : STATUS.balanced
  return Money.isZero(text(doc, "Balance")) ? STATUS.closed : STATUS.open
}

const dates = (edit: Edit): void => {
  const { before, doc } = edit
  const date = text(doc, "Date")
  const moved = before !== undefined && text(before, "Date") !== date && edit.sent.get(doc)?.has("DueDate") !== true
  if (moved) doc.fields["DueDate"] = null
  fill(doc, "DueDate", addDays(date, termDays(text(doc, "Terms"))))
  fill(doc, "PostPeriod", `${date.slice(5, 7)}${date.slice(0, 4)}`)
}

/** A released document keeps its money; only texts and references of it may be edited. */
const FREE: ReadonlySet<string> = new Set(["Description", "CustomerOrder", "ExternalRef", "DueDate", "Project"])

const restoreReleased = (doc: Doc, before: Doc): void => {
  for (const column of Object.keys({ ...before.fields, ...doc.fields })) {
    if (!FREE.has(column)) doc.fields[column] = before.fields[column] ?? null
  }
  doc.rows["Details"] = structuredClone(before.rows["Details"] ?? [])
}

const amounts = (doc: Doc, net: string): void => {
  fill(doc, "TaxTotal", Money.ZERO)
  fill(doc, "FreightPrice", Money.ZERO)
  fill(doc, "DiscountTotal", Money.ZERO)
  const gross = Money.subtract(
    Money.sum([net, text(doc, "TaxTotal"), text(doc, "FreightPrice")]),
    text(doc, "DiscountTotal"),
  )
  Object.assign(doc.fields, { DetailTotal: net, Amount: gross, Balance: gross, PaymentTotal: Money.ZERO })
}

export const form: Form = {
  derived: new Set([
    "Status",
    "Amount",
    "Balance",
    "DetailTotal",
    "PaymentTotal",
    "NoteID",
    "LastModifiedDateTime",
    "CreatedDateTime",
    "CreditHold",
    "Released",
    "Module",
  ]),
  derivedInLines: new Set(["Amount", "ExtendedPrice", "LineNbr"]),
  lengths: { ExternalRef: 40, CustomerOrder: 40 },
  open: (doc, context) => {
    Object.assign(doc.fields, {
      Type: "Invoice",
      Hold: context.knobs.holdOnEntry,
      Released: false,
      Date: context.today,
      LocationID: "MAIN",
      LinkBranch: context.branch,
      LinkARAccount: "11000",
    })
  },
  close: (edit) => {
    const { before, doc } = edit
    if (before !== undefined && flag(before, "Released")) {
      restoreReleased(doc, before)
      return
    }
    const customer = Lines.customerOf(edit)
    Lines.currency(edit, customer)
    fill(doc, "Terms", customer === undefined ? "30D" : text(customer, "Terms"))
    dates(edit)
    amounts(doc, Lines.close(edit, COLUMNS))
    doc.fields["Status"] = status(doc)
  },
  keeps: (doc) => (flag(doc, "Released") ? "A released document cannot be deleted." : undefined),
}
