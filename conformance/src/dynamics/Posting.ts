/**
 * Posting, which nothing does through OData: people, batch jobs and services do. It makes the posted invoice, the transaction
 * of the customer and what is open of it, and moves the order on.
 */
import type { Context } from "./forms/Form.ts"
import * as Form from "./forms/Form.ts"
import { dueDate } from "./forms/Invoices.ts"
import { linesOf } from "./forms/Orders.ts"
import * as Rounding from "./forms/Rounding.ts"
import * as Money from "./Money.ts"
import { type Doc, noon, text } from "./Record.ts"
import { announce, type Header, inBase, number, transact } from "./Transactions.ts"

export interface OrderOptions {
  /** `2026-07-01`; today unless told. */
  readonly date?: string
  /** By lot; what is not named is left on the order. All that is left unless told. */
  readonly quantities?: Readonly<Record<string, string>>
  readonly tax?: string
}

/** Of a line, what was invoiced so far; no entity shows it. */
const INVOICED = "$invoiced"

const leftOf = (line: Doc): string => Money.subtract(text(line, "OrderedSalesQuantity"), line.fields[INVOICED] ?? "0")

interface Part {
  readonly line: Doc
  readonly quantity: string
  readonly amount: string
}

const partOf = (context: Context, line: Doc, quantity: string): Part => {
  const ordered = text(line, "OrderedSalesQuantity")
  const share = Money.divide(Money.multiply(text(line, "LineAmount") || "0", quantity), ordered)
  return { line, quantity, amount: Rounding.round(context, share, text(line, "CurrencyCode")) }
}

const partsOf = (context: Context, order: Doc, { quantities }: OrderOptions): ReadonlyArray<Part> => {
  const parts = linesOf(context, order).map((line) =>
    partOf(context, line, quantities === undefined ? leftOf(line) : (quantities[text(line, "InventoryLotId")] ?? "0")),
  )
  for (const { line, quantity } of parts) {
    if (Money.isLess(Money.absolute(leftOf(line)), Money.absolute(quantity))) {
      throw new RangeError(`line ${text(line, "InventoryLotId")} has less than ${quantity} left`)
    }
  }
  return parts.filter(({ quantity }) => !Money.isZero(quantity))
}

const writeHeader = (context: Context, order: Doc, at: Header, amount: string, tax: string): Doc => {
  const currency = text(order, "CurrencyCode")
  const base = inBase(context, amount, currency)
  const due = dueDate(context, text(order, "PaymentTermsName"), at.date)
  const address = ["Street", "City", "ZipCode", "CountryRegionId", "CountryRegionISOCode"].map((part) => [
    `InvoiceAddress${part}`,
    text(order, `InvoiceAddress${part}`),
  ])
  return context.world.write(
    "invoices",
    undefined,
    context.company,
    {
      ...Object.fromEntries(address),
      InvoiceAddressState: text(order, "InvoiceAddressStateId"),
      InvoiceId: at.id,
      InvoiceDate: at.date,
      LedgerVoucher: at.voucher,
      InvoiceAccount: text(order, "InvoiceCustomerAccountNumber"),
      OrderAccount: text(order, "OrderingCustomerAccountNumber"),
      SalesId: text(order, "SalesOrderNumber"),
      RefNum: "SalesOrder",
      CurrencyCode: currency,
      InvoiceAmount: amount,
      InvoiceAmountMST: base.amount,
      ExchRate: base.rate,
      SumTax: tax,
      DueDate: due,
      Payment: text(order, "PaymentTermsName"),
      CustomerRef: text(order, "CustomersOrderReference"),
      PurchaseOrder: text(order, "CustomerRequisitionNumber"),
    },
    context.now,
  )
}

const writeLine = (context: Context, at: Header, { amount, line, quantity }: Part): void => {
  context.world.write(
    "invoiceLines",
    undefined,
    context.company,
    {
      InvoiceId: at.id,
      InvoiceDate: at.date,
      LedgerVoucher: at.voucher,
      LineCreationSequenceNumber: text(line, "LineCreationSequenceNumber"),
      LineNum: text(line, "LineNumber"),
      SalesId: text(line, "SalesOrderNumber"),
      InventTransId: text(line, "InventoryLotId"),
      ItemId: text(line, "ItemNumber"),
      Name: text(line, "LineDescription"),
      ProductDescription: text(line, "LineDescription"),
      Qty: quantity,
      SalesUnit: text(line, "SalesUnitSymbol"),
      SalesPrice: text(line, "SalesPrice"),
      LineAmount: amount,
      CurrencyCode: text(line, "CurrencyCode"),
    },
    context.now,
  )
}

const advance = (context: Context, order: Doc, parts: ReadonlyArray<Part>): void => {
  for (const { line, quantity } of parts) {
    const invoiced = Money.sum([line.fields[INVOICED] ?? "0", quantity])
    const whole = Money.isZero(Money.subtract(text(line, "OrderedSalesQuantity"), invoiced))
    const status = whole ? "Invoiced" : text(line, "SalesOrderLineStatus")
    context.world.write(
      "orderLines",
      line,
      context.company,
      { [INVOICED]: invoiced, SalesOrderLineStatus: status },
      context.now,
    )
  }
  const all = linesOf(context, order).every((line) => text(line, "SalesOrderLineStatus") === "Invoiced")
  const states = all
    ? { SalesOrderStatus: "Invoiced", SalesOrderProcessingStatus: "Invoiced" }
    : { SalesOrderProcessingStatus: "PartiallyInvoiced" }
  context.world.write("orders", order, context.company, states, context.now)
}

/** Gives the number of the invoice. */
export const order = (context: Context, orderNumber: string, options: OrderOptions): string => {
  const found = Form.find(context, "orders", "SalesOrderNumber", orderNumber)
  if (found === undefined) throw new RangeError(`no order ${orderNumber} in ${context.company}`)
  const parts = partsOf(context, found, options)
  if (parts.length === 0) throw new RangeError(`order ${orderNumber} has nothing to invoice`)
  const tax = options.tax ?? "0"
  const amount = Money.sum([...parts.map((part) => part.amount), tax])
  const at: Header = {
    id: number(context, "InvoiceId", "CIV-"),
    date: options.date === undefined ? context.today : noon(options.date),
    voucher: number(context, "InvoiceVoucher", "CIVV-"),
  }
  const header = writeHeader(context, found, at, amount, tax)
  for (const part of parts) writeLine(context, at, part)
  const [account, due] = [text(header, "InvoiceAccount"), text(header, "DueDate")]
  const currency = text(header, "CurrencyCode")
  transact(context, {
    account,
    invoice: at.id,
    voucher: at.voucher,
    type: "Sales",
    date: at.date,
    due,
    currency,
    amount,
  })
  advance(context, found, parts)
  announce(context, "SalesInvoicePostedBusinessEvent", { account, order: orderNumber, at, due, amount, tax })
  return at.id
}
