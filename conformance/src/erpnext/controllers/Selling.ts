/** What orders and invoices have in common: the customer's particulars, currency and rate, prices of lines, accounts. */
import * as Amount from "../Amount.ts"
import { type Columns, type Doc, decimal, given, isSet, nameOf, rows, text } from "../Doc.ts"
import { refusedByApp, thrown } from "../Errors.ts"
import type { Site } from "../Site.ts"
import * as Stamp from "../Stamp.ts"
import { priceOf } from "./Items.ts"
import { display } from "./Parties.ts"
import type { Term } from "./Totals.ts"

export interface Kind {
  /** `transaction_date` or `posting_date`. */
  readonly date: string
  /** Accounts of income, debt and cost stand on its lines. */
  readonly books: boolean
}

export const companyOf = (site: Site, columns: Columns): Columns =>
  site.get("Company", text(columns, "company"))?.columns ?? {}

/** The company that documents get when none is named: the first one. */
export const defaultCompany = (site: Site): string => {
  for (const company of site.store.all("Company")) return nameOf(company)
  return ""
}

const linkedTo = (site: Site, doctype: "Address" | "Contact", customer: string): Doc | undefined => {
  const isLinked = (doc: Doc) =>
    rows(doc, "links").some((row) => row["link_doctype"] === "Customer" && row["link_name"] === customer)
  const found = site.store.find(doctype, "links.link_name", customer)
  return found.find((doc) => isLinked(doc) && !isSet(doc.columns, "disabled"))
}

/** The first address that is linked to the customer is put on the document. */
const particulars = (site: Site, columns: Columns, customer: Columns): void => {
  const name = text(customer, "name")
  columns["customer_name"] = customer["customer_name"] ?? null
  columns["tax_id"] = customer["tax_id"] ?? null
  columns["language"] = customer["language"] ?? "en"
  columns["customer_group"] ??= customer["customer_group"] ?? null
  columns["territory"] ??= customer["territory"] ?? null
  if (!given(columns, "customer_address")) {
    const address = site.get("Address", text(customer, "customer_primary_address")) ?? linkedTo(site, "Address", name)
    columns["customer_address"] = address === undefined ? null : nameOf(address)
  }
  const address = site.get("Address", text(columns, "customer_address"))
  const country = text(companyOf(site, columns), "country")
  columns["address_display"] = address === undefined ? null : display(address.columns, country)
  if (!given(columns, "tax_category")) columns["tax_category"] = customer["tax_category"] ?? ""
}

const rateRecord = (site: Site, from: string, to: string, on: string): string | undefined => {
  let found: Columns | undefined
  for (const { columns } of site.store.all("Currency Exchange")) {
    const fits = columns["from_currency"] === from && columns["to_currency"] === to && isSet(columns, "for_selling")
    if (!fits || text(columns, "date") > on) continue
    if (found === undefined || text(columns, "date") > text(found, "date")) found = columns
  }
  return found === undefined ? site.knobs.rateService[`${from}/${to}`] : decimal(found, "exchange_rate")
}

const rate = (site: Site, from: string, to: string, on: string): string => {
  if (from === to) return "1"
  const found = rateRecord(site, from, to, on)
  if (found !== undefined) return found
  site.note({ message: `No rate of ${from} to ${to} on ${on}; make a Currency Exchange`, title: "Message" })
  throw refusedByApp(`An exchange rate of ${from} to ${to} is needed; there is no Currency Exchange`)
}

/** Without a currency of its own a document takes the company's, whatever the customer's may be. */
const currencies = (site: Site, columns: Columns, on: string): void => {
  const base = text(companyOf(site, columns), "default_currency")
  if (!given(columns, "currency")) columns["currency"] = base
  const currency = text(columns, "currency")
  if (currency === base) columns["conversion_rate"] = "1"
  else if (Amount.isZero(decimal(columns, "conversion_rate")))
    columns["conversion_rate"] = rate(site, currency, base, on)
  if (!given(columns, "selling_price_list")) {
    columns["selling_price_list"] = text(site.settings("Selling Settings"), "selling_price_list") || "Standard Selling"
  }
  const list = site.get("Price List", text(columns, "selling_price_list"))?.columns ?? {}
  columns["price_list_currency"] = list["currency"] ?? base
  const listed = text(columns, "price_list_currency")
  if (Amount.isZero(decimal(columns, "plc_conversion_rate")))
    columns["plc_conversion_rate"] = rate(site, listed, base, on)
}

/** The price of the list, in the currency of the document. */
const listed = (site: Site, columns: Columns, line: Columns, on: string): string => {
  const [list, uom] = [text(columns, "selling_price_list"), text(line, "uom")]
  const price = priceOf(site, { item: text(line, "item_code"), list, uom, customer: text(columns, "customer"), on })
  const inBase = Amount.multiply(price, decimal(columns, "plc_conversion_rate"))
  return Amount.round(Amount.divide(inBase, decimal(columns, "conversion_rate")), 2)
}

/** What the item tells of a line that names one. */
const fromItem = (site: Site, doc: Doc, line: Columns, on: string): void => {
  const item = site.get("Item", text(line, "item_code"))?.columns
  if (item === undefined) return
  const columns = doc.columns
  if (isSet(item, "disabled")) throw refusedByApp(`Item ${text(item, "item_code")} is disabled`)
  if (!given(line, "item_name")) line["item_name"] = item["item_name"] ?? null
  if (!given(line, "description")) line["description"] = item["description"] ?? null
  if (!given(line, "uom")) line["uom"] = item["sales_uom"] ?? item["stock_uom"] ?? null
  line["item_group"] = item["item_group"] ?? null
  line["brand"] = item["brand"] ?? null
  line["stock_uom"] = item["stock_uom"] ?? null
  line["image"] = item["image"] ?? ""
  line["grant_commission"] = item["grant_commission"] ?? 0
  if (Amount.isZero(decimal(line, "conversion_factor"))) line["conversion_factor"] = "1"
  const home = (site.get("Item", text(line, "item_code"))?.tables["item_defaults"] ?? []).find(
    (row) => row["company"] === columns["company"],
  )
  if (!given(line, "warehouse")) line["warehouse"] = home?.["default_warehouse"] ?? columns["set_warehouse"] ?? null
  // A price that is sent is kept, nought too: a line that goes back has the one that it went out with.
  const sent = line["price_list_rate"]
  if (sent === undefined || sent === null) line["price_list_rate"] = listed(site, columns, line, on)
}

const books = (site: Site, doc: Doc, line: Columns): void => {
  const company = companyOf(site, doc.columns)
  if (given(line, "item_code")) {
    if (!given(line, "income_account")) line["income_account"] = company["default_income_account"] ?? null
    if (!given(line, "expense_account")) line["expense_account"] = company["default_expense_account"] ?? null
  }
}

const center = (site: Site, doc: Doc, line: Columns, index: number): void => {
  const company = companyOf(site, doc.columns)
  if (given(line, "item_code") && !given(line, "cost_center")) line["cost_center"] = company["cost_center"] ?? null
  const owner = site.get("Cost Center", text(line, "cost_center"))
  if (owner === undefined || text(owner.columns, "company") !== text(doc.columns, "company")) {
    throw refusedByApp(
      `Row #<strong>${index + 1}</strong>: Cost Center <strong>${text(line, "cost_center") || "None"}</strong> is none of <strong>${text(doc.columns, "company")}</strong>`,
    )
  }
}

const refuseParty = (customer: Columns): void => {
  const name = text(customer, "name")
  if (isSet(customer, "disabled")) {
    throw thrown(417, "PartyDisabled", `Customer ${name} is disabled`, { module: "erpnext.exceptions", app: true })
  }
  if (isSet(customer, "is_frozen")) {
    throw thrown(417, "PartyFrozen", `Customer ${name} is frozen`, { module: "erpnext.exceptions", app: true })
  }
}

export const prepare = (site: Site, doc: Doc, kind: Kind): void => {
  const { columns } = doc
  if (!given(columns, "company")) columns["company"] = defaultCompany(site)
  const customer = site.get("Customer", text(columns, "customer"))?.columns ?? {}
  refuseParty(customer)
  particulars(site, columns, customer)
  const on = text(columns, kind.date) || site.today()
  currencies(site, columns, on)
  rows(doc, "items").forEach((line, index) => {
    fromItem(site, doc, line, on)
    if (kind.books) books(site, doc, line)
    center(site, doc, line, index)
    if (!given(line, "margin_type")) line["margin_type"] = ""
    line["item_tax_rate"] = "{}"
  })
  for (const tax of rows(doc, "taxes")) {
    tax["account_currency"] = site.value("Account", text(tax, "account_head"), "account_currency")
    if (!given(tax, "cost_center")) tax["cost_center"] = companyOf(site, columns)["cost_center"] ?? null
  }
}

/** Instalments by the terms of the document, or all of it on its due date. */
export const terms = (site: Site, columns: Columns, from: string, due: string): ReadonlyArray<Term> => {
  const template = site.get("Payment Terms Template", text(columns, "payment_terms_template"))
  const parts = template === undefined ? [] : rows(template, "terms")
  if (parts.length === 0) return [{ portion: "100", due, days: 0 }]
  return parts.map((part) => ({
    portion: decimal(part, "invoice_portion"),
    due: Stamp.addDays(from, Number(part["credit_days"] ?? 0)),
    days: Number(part["credit_days"] ?? 0),
  }))
}
