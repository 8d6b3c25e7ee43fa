/** Posting a free text invoice, which a person does. A negative total makes it a credit note. */
import type { Context } from "./forms/Form.ts"
import * as Form from "./forms/Form.ts"
import * as Money from "./Money.ts"
import { text } from "./Record.ts"
import { announce, type Header, inBase, number, transact } from "./Transactions.ts"

/** Gives the number of the invoice: the next of its sequence, unless people chose one. */
export const post = (context: Context, identifier: string, chosen?: string): string => {
  const { world } = context
  const draft = Form.find(context, "freeTextInvoices", "InvoiceIdentifier", identifier)
  if (draft === undefined) throw new RangeError(`no free text invoice ${identifier} in ${context.company}`)
  if (text(draft, "IsPosted") === "Yes") throw new RangeError(`free text invoice ${identifier} is posted`)
  const lines = world.table("freeTextLines").latestWhere("ParentRecId", identifier)
  const amount = Money.sum(lines.map((line) => text(line, "TransactionCurrencyAmount") || "0"))
  const at: Header = {
    id: chosen ?? number(context, "FreeTextNumber", "FTI-"),
    date: text(draft, "InvoiceDate"),
    voucher: number(context, "InvoiceVoucher", "CIVV-"),
  }
  const [account, due, currency] = [text(draft, "InvoiceAccount"), text(draft, "DueDate"), text(draft, "CurrencyCode")]
  const base = inBase(context, amount, currency)
  world.write("freeTextInvoices", draft, context.company, { FreeTextNumber: at.id, IsPosted: "Yes" }, context.now)
  const journal = {
    InvoiceId: at.id,
    InvoiceDate: at.date,
    LedgerVoucher: at.voucher,
    InvoiceAccount: account,
    OrderAccount: text(draft, "CustomerAccount"),
    RefNum: "Cust",
    CurrencyCode: currency,
    InvoiceAmount: amount,
    InvoiceAmountMST: base.amount,
    ExchRate: base.rate,
    DueDate: due,
    Payment: text(draft, "TermsOfPayment"),
    CustomerRef: text(draft, "CustomerReference"),
  }
  world.write("invoices", undefined, context.company, journal, context.now)
  transact(context, {
    account,
    invoice: at.id,
    voucher: at.voucher,
    type: "Cust",
    date: at.date,
    due,
    currency,
    amount,
  })
  announce(context, "CustFreeTextInvoicePostedBusinessEvent", { account, order: "", at, due, amount, tax: "0" })
  return at.id
}
