/** Payments of customers, and their settlement against invoices. */
import * as BusinessEvents from "./BusinessEvents.ts"
import type { Context } from "./forms/Form.ts"
import * as Form from "./forms/Form.ts"
import { linesOf } from "./forms/Journals.ts"
import * as Money from "./Money.ts"
import { type Doc, noon, recId, text } from "./Record.ts"
import { inBase, transact } from "./Transactions.ts"

export interface PaymentOptions {
  readonly customer: string
  /** Negative for money that goes back. */
  readonly amount: string
  /** The next of its sequence unless told. */
  readonly voucher?: string
  /** Method of payment. */
  readonly method?: string
  readonly currency?: string
  /** `2026-07-01`; today unless told. */
  readonly date?: string
  /** What it pays; the rest stays on account. */
  readonly invoices?: ReadonlyArray<{ readonly invoice: string; readonly amount: string }>
}

const openOf = (context: Context, transaction: Doc): Doc | undefined =>
  context.world
    .table("openTransactions")
    .latestWhere("RefRecId", recId(transaction))
    .find((doc) => doc.company === transaction.company)

interface Settlement {
  readonly transaction: Doc
  /** With the sign of the transaction. */
  readonly amount: string
  readonly offset: Doc
  readonly date: string
  readonly voucher: string
}

/** Settles a part of a transaction: what is open shrinks, and is gone with the last of it. */
const settle = (context: Context, { amount, date, offset, transaction, voucher }: Settlement): Doc => {
  const { world } = context
  const open = openOf(context, transaction)
  const left = Money.subtract(open === undefined ? "0" : text(open, "AmountCur"), amount)
  const passed = Money.isLess(Money.absolute(open?.fields["AmountCur"] ?? "0"), Money.absolute(amount))
  if (open === undefined || passed) throw new RangeError(`${text(transaction, "Invoice")} has less than ${amount} open`)
  const currency = text(transaction, "CurrencyCode")
  if (Money.isZero(left)) world.drop("openTransactions", open)
  else
    world.write(
      "openTransactions",
      open,
      context.company,
      { AmountCur: left, AmountMST: inBase(context, left, currency).amount },
      context.now,
    )
  const settled = Money.sum([text(transaction, "SettleAmountCur"), amount])
  const fields = {
    SettleAmountCur: settled,
    SettleAmountMST: inBase(context, settled, currency).amount,
    LastSettleDate: date,
    LastSettleVoucher: voucher,
    LastSettleAccountNum: text(transaction, "AccountNum"),
    LastSettleCompany: context.company,
    ...(Money.isZero(left) ? { Closed: date } : {}),
  }
  const saved = world.write("transactions", transaction, context.company, fields, context.now)
  record(context, { transaction: saved, amount, offset, date, voucher })
  return saved
}

const record = (context: Context, { amount, date, offset, transaction, voucher }: Settlement): void => {
  context.world.write(
    "settlements",
    undefined,
    context.company,
    {
      TransRecId: recId(transaction),
      OffsetRecid: recId(offset),
      AccountNum: text(transaction, "AccountNum"),
      OffsetAccountNum: text(offset, "AccountNum"),
      OffsetTransVoucher: text(offset, "Voucher"),
      SettlementVoucher: voucher,
      TransCompany: context.company,
      OffsetCompany: context.company,
      TransType: text(transaction, "TransType"),
      TransDate: date,
      DueDate: text(transaction, "DueDate"),
      SettleAmountCur: amount,
      SettleAmountMST: inBase(context, amount, text(transaction, "CurrencyCode")).amount,
    },
    context.now,
  )
}

const invoiceOf = (context: Context, customer: string, invoice: string): Doc => {
  const found = context.world
    .table("transactions")
    .latestWhere("Invoice", invoice)
    .find((doc) => doc.company === context.company && text(doc, "AccountNum").toLowerCase() === customer.toLowerCase())
  if (found === undefined) throw new RangeError(`no invoice ${invoice} of ${customer} in ${context.company}`)
  return found
}

export const pay = (context: Context, payment: PaymentOptions): string => {
  const { world } = context
  const customer = Form.find(context, "customers", "CustomerAccount", payment.customer)
  if (customer === undefined) throw new RangeError(`no customer ${payment.customer} in ${context.company}`)
  const account = text(customer, "CustomerAccount")
  const currency = payment.currency ?? text(customer, "SalesCurrencyCode")
  const date = payment.date === undefined ? context.today : noon(payment.date)
  const voucher = payment.voucher ?? `ARP-${String(world.next(context.company, "PaymentVoucher")).padStart(8, "0")}`
  const amount = Money.negate(payment.amount)
  let made = transact(context, {
    account,
    invoice: "",
    voucher,
    type: "Payment",
    date,
    due: date,
    currency,
    amount,
    method: payment.method ?? "",
  })
  for (const one of payment.invoices ?? []) {
    const transaction = invoiceOf(context, account, one.invoice)
    const settled = settle(context, { transaction, amount: one.amount, offset: made, date, voucher })
    made = settle(context, { transaction: made, amount: Money.negate(one.amount), offset: settled, date, voucher })
  }
  world.events.record(world, {
    eventId: "CustomerPaymentPostedBusinessEvent",
    company: context.company,
    contract: {
      CustomerAccount: account,
      Amount: Number(payment.amount),
      LegalEntity: context.company.toUpperCase(),
      TransactionDate: BusinessEvents.date(Date.parse(date)),
      Voucher: voucher,
    },
  })
  return voucher
}

/** Which invoice a line paid; this entity names companies in fields of its own. */
const mark = (context: Context, line: Doc, invoice: string, amount: string): void => {
  const account = text(line, "AccountDisplayValue")
  const fields = {
    JournalLineCompany: context.company,
    JournalBatchNumber: text(line, "JournalBatchNumber"),
    JournalLineNumber: text(line, "LineNumber"),
    InvoiceNumber: invoice,
    InvoiceCompany: context.company,
    InvoiceDueDate: text(invoiceOf(context, account, invoice), "DueDate"),
    SettlementAmountInInvoiceCurrency: amount,
    invoiceAccount: account,
    AccountDisplayValue: account,
  }
  context.world.write("PaymentJournalLineSettledInvoices", undefined, "", fields, context.now)
}

const payLine = (context: Context, line: Doc): void => {
  const invoice = text(line, "MarkedInvoice")
  const amount = Money.subtract(text(line, "CreditAmount") || "0", text(line, "DebitAmount") || "0")
  const voucher = pay(context, {
    customer: text(line, "AccountDisplayValue"),
    amount,
    currency: text(line, "CurrencyCode"),
    date: text(line, "TransactionDate"),
    ...(invoice === "" ? {} : { invoices: [{ invoice, amount }] }),
  })
  if (invoice !== "") mark(context, line, invoice, amount)
  context.world.write(
    "paymentLines",
    line,
    context.company,
    { SettleVoucher: "SelectedTransact", Voucher: voucher },
    context.now,
  )
}

export const postJournal = (context: Context, number: string): void => {
  const journal = Form.find(context, "paymentJournals", "JournalBatchNumber", number)
  if (journal === undefined) throw new RangeError(`no payment journal ${number} in ${context.company}`)
  if (text(journal, "IsPosted") === "Yes") throw new RangeError(`payment journal ${number} is posted`)
  for (const line of linesOf(context, journal)) payLine(context, line)
  context.world.write("paymentJournals", journal, context.company, { IsPosted: "Yes" }, context.now)
}
