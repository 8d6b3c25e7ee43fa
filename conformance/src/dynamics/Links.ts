/** Where links between entities lead, by the fields that join them. */
import * as Errors from "./Errors.ts"
import type { Link } from "./Model.ts"
import type { Doc } from "./Record.ts"
import * as Sets from "./Sets.ts"
import * as View from "./View.ts"

type Join = ReadonlyArray<readonly [own: string, target: string]>

const ORDER: Join = [["SalesOrderNumber", "SalesOrderNumber"]]
const PRODUCT: Join = [["ProductNumber", "ProductNumber"]]
const INVOICE: Join = [
  ["InvoiceNumber", "InvoiceNumber"],
  ["InvoiceDate", "InvoiceDate"],
  ["LedgerVoucher", "LedgerVoucher"],
]
const JOURNAL: Join = [["JournalBatchNumber", "JournalBatchNumber"]]

const JOINS: { readonly [link: string]: Join } = {
  SalesOrderLines: ORDER,
  SalesOrderHeaderV2: ORDER,
  SalesOrderHeaderV3: ORDER,
  EveryProduct: PRODUCT,
  ProductV2: PRODUCT,
  ReleasedProductV2: PRODUCT,
  ReleasedProducts: PRODUCT,
  SalesInvoiceLinesV2: INVOICE,
  SalesInvoiceLinesV3: INVOICE,
  SalesInvoiceLinesV4: INVOICE,
  SalesInvoiceHeaderV2: INVOICE,
  SalesInvoiceHeaderV4: INVOICE,
  CustFreeTextInvoiceHeader: [["InvoiceIdentifier", "ParentRecId"]],
  CustFreeTextInvoiceHeaderComposite: [["ParentRecId", "InvoiceIdentifier"]],
  FreeTextInvoiceHeaderEntityCustAccount: [["CustomerAccount", "CustomerAccount"]],
  FreeTextInvoiceHeaderCustAccount: [["CustomerAccount", "CustomerAccount"]],
  FreeTextInvoiceHeaderEntityPaymentTerm: [["TermsOfPayment", "Name"]],
  CustTransOpen: [["SysRecId", "RefRecId"]],
  CustTransaction: [["RefRecId", "SysRecId"]],
  CustomerPaymentJournalLineHeaderEntity: JOURNAL,
  CustomerPaymentJournalLineHeaderEntityRole: JOURNAL,
  LedgerAccountingCurrency: [["AccountingCurrency", "CurrencyCode"]],
}

/** The records behind a link, in the same company where both sides have one. */
export const follow = (view: View.View, doc: Doc, link: Link): ReadonlyArray<Doc> => {
  const join = JOINS[link.name]
  if (join === undefined) throw Errors.badQuery(`The property '${link.name}' cannot be followed.`)
  const target = view.world.view(link.target)
  const wanted = join.map(([own, other]) => [other, View.cell(view, doc, View.field(view, own)) ?? ""] as const)
  const [first] = wanted
  if (first === undefined) return []
  const candidates = view.world.table(target.set.table).where(Sets.column(target.set, first[0]), first[1])
  return candidates.filter(
    (one) =>
      (one.company === "" || doc.company === "" || one.company === doc.company) &&
      wanted.every(([name, value]) => View.cell(target, one, View.field(target, name)) === value),
  )
}
