/** What posting leaves in the ledger of customers, and what it tells the outside. */
import * as BusinessEvents from "./BusinessEvents.ts"
import type { Context } from "./forms/Form.ts"
import * as Rounding from "./forms/Rounding.ts"
import * as Money from "./Money.ts"
import { type Doc, NO_DAY, recId } from "./Record.ts"

/** In the company's own currency. */
export const inBase = (
  context: Context,
  amount: string,
  currency: string,
): { readonly amount: string; readonly rate: string } => {
  const company = context.world.company(context.company)
  const rate = company === undefined || company.currency === currency ? "1" : (company.rates[currency] ?? "1")
  return {
    amount: Rounding.round(context, Money.multiply(amount, rate), company?.currency ?? ""),
    rate: Money.multiply(rate, "100"),
  }
}

interface Transaction {
  readonly account: string
  readonly invoice: string
  readonly voucher: string
  readonly type: "Sales" | "Cust" | "Payment"
  readonly date: string
  readonly due: string
  readonly currency: string
  readonly amount: string
  /** Method of payment. */
  readonly method?: string
}

/** A transaction of a customer and what is open of it, which is all of it at first. */
export const transact = (context: Context, one: Transaction): Doc => {
  const { world } = context
  const base = inBase(context, one.amount, one.currency)
  const shared = {
    AccountNum: one.account,
    TransDate: one.date,
    DueDate: one.due,
    AmountCur: one.amount,
    AmountMST: base.amount,
  }
  const made = world.write(
    "transactions",
    undefined,
    context.company,
    {
      ...shared,
      OrderAccount: one.account,
      Invoice: one.invoice,
      Voucher: one.voucher,
      TransType: one.type,
      CurrencyCode: one.currency,
      ExchRate: base.rate,
      PaymMode: one.method ?? "",
      DocumentDate: NO_DAY,
      SettleAmountCur: "0",
      SettleAmountMST: "0",
      Closed: NO_DAY,
      LastSettleDate: NO_DAY,
      Approved: "Yes",
    },
    context.now,
  )
  world.write("openTransactions", undefined, context.company, { ...shared, RefRecId: recId(made) }, context.now)
  return made
}

/** The next number of a sequence of documents, `CIV-00000001`. */
export const number = (context: Context, sequence: string, prefix: string): string =>
  prefix + String(context.world.next(context.company, sequence)).padStart(8, "0")

export interface Header {
  readonly id: string
  readonly date: string
  readonly voucher: string
}

/** What the event of a posted invoice tells. */
export interface Posted {
  readonly account: string
  readonly order: string
  readonly at: Header
  readonly due: string
  readonly amount: string
  readonly tax: string
}

export const announce = (context: Context, eventId: string, one: Posted): void => {
  context.world.events.record(context.world, {
    eventId,
    company: context.company,
    contract: {
      InvoiceAccount: one.account,
      InvoiceAmount: Number(one.amount),
      InvoiceDate: BusinessEvents.date(Date.parse(one.at.date)),
      InvoiceDueDate: BusinessEvents.date(Date.parse(one.due)),
      InvoiceId: one.at.id,
      InvoiceTaxAmount: Number(one.tax),
      LegalEntity: context.company.toUpperCase(),
      ...(one.order === "" ? {} : { SalesId: one.order }),
    },
  })
}
