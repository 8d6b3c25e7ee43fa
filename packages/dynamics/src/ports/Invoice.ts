/**
 * Invoice: free text invoices with their drafts, and behind them the posted invoices of orders (SalesInvoiceHeadersV2).
 * Neither tells what is owed: due date and balance are joined from CustTransactions, and the state follows from them.
 * Invoices of projects and interest notes are in neither set.
 *
 * Requests for N invoices: reading takes a list for every page, with the lines in it, and the transactions of the page: a
 * list for a range of numbers, or one for every 20. Writing a draft takes what an order takes. Nothing here posts, sends
 * or deletes an invoice.
 */
import { Invoice, type Line } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import * as BigDecimal from "effect/BigDecimal"
import * as Filter from "../Filter.ts"
import * as Identity from "../Identity.ts"
import type { Beside, Facts, Mapping } from "../internal/Mapping.ts"
import * as Reading from "../internal/Reader.ts"
import * as transactions from "../internal/transactions.ts"
import * as Keys from "../Keys.ts"
import type { Wire } from "../Sets.ts"
import type { Settings } from "../Settings.ts"
import { JOINED, since } from "./invoiceDraft.ts"

type E = typeof Invoice
type Rec = Entity.Record<E>
type Header = Wire<"SalesInvoiceHeadersV2">
type Detail = Wire<"SalesInvoiceV2Lines">
type Reader<T> = Reading.Reader<T>
const { known } = Reading

/** Stands before the ids of posted invoices of orders. */
export const PREFIX = "S/"
const LINES = "SalesInvoiceLinesV2"

const turned = (value: BigDecimal.BigDecimal | null | undefined, isCredit: boolean) =>
  isCredit && value ? BigDecimal.negate(value) : value

const lineOf = (reader: Reader<Detail>, isCredit: boolean): Line => {
  const item = reader.text("ProductNumber")
  return known({
    key: `#${reader.integer("LineCreationSequenceNumber") ?? 0}`,
    product: item === undefined || item === null ? item : { id: Keys.join("ReleasedProductsV2", [item]), number: item },
    description: reader.text("ProductName") ?? reader.text("ProductDescription"),
    quantity: turned(reader.decimal("InvoicedQuantity"), isCredit),
    unit: reader.text("SalesUnitSymbol"),
    unitPrice: reader.decimal("SalesPrice"),
    net: turned(reader.decimal("LineAmount"), isCredit),
  }) as Line
}

const linesOf = (reader: Reader<Header>, isCredit: boolean): ReadonlyArray<Line> | undefined => {
  const details = reader.lines<Detail>(LINES)
  if (details === undefined) return undefined
  const place = (each: Reader<Detail>) => each.integer("LineCreationSequenceNumber") ?? 0
  return [...details].sort((a, b) => place(a) - place(b)).map((each) => lineOf(each, isCredit))
}

const totalsOf = (reader: Reader<Header>, isCredit: boolean): Rec["totals"] | undefined => {
  const [gross, tax, freight] = [
    reader.decimal("TotalInvoiceAmount"),
    reader.decimal("TotalTaxAmount"),
    reader.decimal("TotalChargeAmount"),
  ].map((amount) => turned(amount, isCredit) ?? undefined)
  const totals = known({ tax, freight, gross })
  return Object.keys(totals).length === 0 ? undefined : totals
}

const standingOf = (reader: Reader<Header>, facts: Facts, beside: Beside): Partial<Rec> => {
  if (beside["transactions"] === undefined) return {}
  const [number, account, voucher] = [
    reader.text("InvoiceNumber") ?? "",
    reader.text("InvoiceCustomerAccountNumber") ?? "",
    reader.text("LedgerVoucher") ?? "",
  ]
  const row = transactions.find(beside, { number, account, voucher })
  return row === undefined ? { state: { code: "other", raw: "Posted" } } : transactions.standing(row, facts)
}

/** What stands in a reference field that may also carry our key: our own key is nobody's reference. */
const reference = (text: string | null | undefined): string | null | undefined =>
  text !== undefined && text !== null && Identity.isOurs(text) ? null : text

const decode = (reader: Reader<Header>, facts: Facts, beside: Beside): Partial<Rec> => {
  const [account, order] = [reader.text("InvoiceCustomerAccountNumber"), reader.text("SalesOrderNumber")]
  const gross = reader.decimal("TotalInvoiceAmount")
  const isCredit = gross !== undefined && gross !== null && BigDecimal.isNegative(gross)
  return known({
    kind: gross === undefined ? undefined : isCredit ? ("creditNote" as const) : ("invoice" as const),
    number: reader.text("InvoiceNumber"),
    account:
      account === undefined || account === null
        ? account
        : { id: Keys.join("CustomersV3", [account]), number: account },
    order:
      order === undefined || order === null ? order : { id: Keys.join("SalesOrderHeadersV2", [order]), number: order },
    date: reader.day("InvoiceDate"),
    customerReference: reference(reader.text("CustomersOrderReference")),
    currency: reader.text("CurrencyCode"),
    lines: linesOf(reader, isCredit),
    totals: totalsOf(reader, isCredit),
    ...standingOf(reader, facts, beside),
  }) as Partial<Rec>
}

const DETAILS = [
  "LineCreationSequenceNumber",
  "ProductNumber",
  "ProductName",
  "ProductDescription",
  "InvoicedQuantity",
  "SalesUnitSymbol",
  "SalesPrice",
  "LineAmount",
].map((name) => `${LINES}/${name}`)

/** What the lines and totals need to be told with the right sign, and what the transaction is found by. */
const ALWAYS = ["TotalInvoiceAmount", "InvoiceCustomerAccountNumber", "SalesOrderNumber"]

export const mapping = (settings: Settings): Mapping<E, "SalesInvoiceHeadersV2"> => ({
  entity: Invoice,
  resource: "SalesInvoiceHeadersV2",
  prefix: PREFIX,
  members: {
    kind: [],
    number: ["InvoiceNumber"],
    account: ["InvoiceCustomerAccountNumber"],
    order: ["SalesOrderNumber"],
    date: ["InvoiceDate"],
    dueDate: [],
    customerReference: ["CustomersOrderReference"],
    currency: ["CurrencyCode"],
    base: [],
    lines: DETAILS,
    totals: ["TotalInvoiceAmount", "TotalTaxAmount", "TotalChargeAmount"],
    balance: [],
    state: [],
    stateAsOf: [],
  },
  always: ALWAYS,
  // The journal behind the set holds free text invoices as well, which have no order and come from their own set.
  condition: Filter.all(
    Filter.compare<Header>("SalesOrderNumber", "ne", Filter.text("")),
    since(settings.invoices?.from),
  ) as Filter.Filter,
  belongs: ({ SalesOrderNumber }) => SalesOrderNumber !== "",
  beside: {
    fields: JOINED,
    read: (records, wires, facts) =>
      transactions.read(
        records,
        facts,
        wires.flatMap(({ InvoiceNumber }) => InvoiceNumber ?? []),
      ),
  },
  decode,
})

/** A posted invoice of an order is the ERP's alone. */
export const refuses = (id: string): string | undefined =>
  id.startsWith(PREFIX) ? "the invoice is posted; only drafts are written" : undefined

export const absent: Features.Features<E>["absent"] = {
  company: "the CRM's",
  contact: "a document has contact data, not a reference to a contact",
  deal: "the CRM's",
  description: "the sets have no text of the whole document",
  discount: "the sum of several kinds of discounts",
  sent: "not in these sets",
  viewed: "not in these sets",
  kind: "a draft credit note is made in the ERP",
}
