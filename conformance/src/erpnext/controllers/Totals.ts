/**
 * Lines, taxes and totals of a sale. Whatever totals the client sends are overwritten. Amounts are rounded to two places;
 * what a line's discount comes to is a difference of doubles and is not.
 */
import * as Amount from "../Amount.ts"
import { type Columns, type Doc, decimal, integer, isSet, rows, text } from "../Doc.ts"
import type { Site } from "../Site.ts"
import * as Words from "./Words.ts"

const PLACES = 2

const money = (amount: string): string => Amount.round(amount, PLACES)

const percent = (amount: string, rate: string): string => Amount.divide(Amount.multiply(amount, rate), "100")

/** Price and rate tell the discount, or the margin, of a line. */
const rateOf = (line: Columns, conversion: string): void => {
  const list = decimal(line, "price_list_rate")
  if (Amount.isZero(decimal(line, "rate")) && !Amount.isZero(list)) {
    const off = decimal(line, "discount_percentage")
    line["rate"] = money(Amount.subtract(list, percent(list, off)))
    line["discount_amount"] = Amount.isZero(off) ? decimal(line, "discount_amount") : money(percent(list, off))
    if (Amount.isZero(off) && !Amount.isZero(decimal(line, "discount_amount"))) {
      line["rate"] = Amount.subtract(list, decimal(line, "discount_amount"))
    }
  } else if (!Amount.isZero(list)) {
    const off = decimal(line, "discount_percentage")
    if (!Amount.isZero(off)) line["rate"] = money(Amount.subtract(list, percent(list, off)))
    line["discount_amount"] = Amount.floatDifference(list, decimal(line, "rate"))
    if (Amount.compare(decimal(line, "rate"), list) > 0) {
      line["margin_type"] = "Amount"
      line["margin_rate_or_amount"] = Amount.subtract(decimal(line, "rate"), list)
    }
  } else line["discount_amount"] = Amount.ZERO
  line["base_price_list_rate"] = money(Amount.multiply(list, conversion))
}

const computeLine = (line: Columns, conversion: string): void => {
  rateOf(line, conversion)
  const rate = decimal(line, "rate")
  const qty = decimal(line, "qty")
  const amount = money(Amount.multiply(rate, qty))
  const factor = decimal(line, "conversion_factor")
  Object.assign(line, {
    amount,
    net_rate: rate,
    net_amount: amount,
    base_rate: money(Amount.multiply(rate, conversion)),
    base_amount: money(Amount.multiply(amount, conversion)),
    stock_qty: Amount.multiply(qty, factor),
    stock_uom_rate: Amount.isZero(factor) ? rate : Amount.divide(rate, factor),
  })
}

const spread = (lines: ReadonlyArray<Columns>, discount: string): void => {
  const total = Amount.sum(...lines.map((line) => decimal(line, "amount")))
  let left = discount
  lines.forEach((line, index) => {
    const amount = decimal(line, "amount")
    const part = index === lines.length - 1 ? left : money(Amount.divide(Amount.multiply(discount, amount), total))
    left = Amount.subtract(left, part)
    line["distributed_discount_amount"] = part
    line["net_amount"] = Amount.subtract(amount, part)
    line["net_rate"] = money(Amount.divide(decimal(line, "net_amount"), decimal(line, "qty")))
  })
}

const baseNet = (lines: ReadonlyArray<Columns>, conversion: string): void => {
  for (const line of lines) {
    line["base_net_rate"] = money(Amount.multiply(decimal(line, "net_rate"), conversion))
    line["base_net_amount"] = money(Amount.multiply(decimal(line, "net_amount"), conversion))
  }
}

const taxOf = (tax: Columns, taxes: ReadonlyArray<Columns>, net: string): string => {
  const previous = taxes[Number(text(tax, "row_id") || "0") - 1] ?? {}
  switch (text(tax, "charge_type")) {
    case "Actual":
      return decimal(tax, "tax_amount")
    case "On Previous Row Amount":
      return percent(decimal(previous, "tax_amount"), decimal(tax, "rate"))
    case "On Previous Row Total":
      return percent(decimal(previous, "total"), decimal(tax, "rate"))
    default:
      return percent(net, decimal(tax, "rate"))
  }
}

const computeTaxes = (taxes: ReadonlyArray<Columns>, net: string, conversion: string): string => {
  let running = net
  for (const tax of taxes) {
    const amount = money(taxOf(tax, taxes, net))
    running = Amount.sum(running, amount)
    const base = money(Amount.multiply(amount, conversion))
    Object.assign(tax, {
      tax_amount: amount,
      tax_amount_after_discount_amount: amount,
      total: running,
      base_tax_amount: base,
      base_tax_amount_after_discount_amount: base,
      base_total: money(Amount.multiply(running, conversion)),
    })
  }
  return Amount.subtract(running, net)
}

/** Each item's part of a tax, in doubles, by the code or the name of the item. */
const detail = (lines: ReadonlyArray<Columns>, tax: Columns): string => {
  const rate = Number(decimal(tax, "rate"))
  const parts: Record<string, [number, number]> = {}
  for (const line of lines) {
    const key = text(line, "item_code") || text(line, "item_name")
    parts[key] = [rate, (parts[key]?.[1] ?? 0) + (rate / 100) * Number(decimal(line, "net_amount"))]
  }
  return JSON.stringify(parts)
}

/** A table for print, with the tax of each item. */
const breakup = (lines: ReadonlyArray<Columns>, taxes: ReadonlyArray<Columns>): string => {
  const cells = (line: Columns) =>
    taxes.map((tax) => `<td>${percent(decimal(line, "net_amount"), decimal(tax, "rate"))}</td>`).join("")
  return `<table>${lines.map((line) => `<tr><td>${text(line, "item_name")}</td>${cells(line)}</tr>`).join("")}</table>`
}

/** To the smallest coin of the currency; without one, to the unit. */
const coin = (site: Site, amount: string, currency: string): string => {
  const smallest = decimal(site.get("Currency", currency)?.columns ?? {}, "smallest_currency_fraction_value")
  if (Amount.isZero(smallest)) return Amount.round(amount, 0)
  return Amount.multiply(Amount.round(Amount.divide(amount, smallest), 0), smallest)
}

const netOf = (lines: ReadonlyArray<Columns>): string => Amount.sum(...lines.map((line) => decimal(line, "net_amount")))

const discountOf = (doc: Columns, before: string): string => {
  const rate = decimal(doc, "additional_discount_percentage")
  return Amount.isZero(rate) ? decimal(doc, "discount_amount") : money(percent(before, rate))
}

/** A discount on the whole document, spread over its lines. */
const discount = (doc: Doc, lines: ReadonlyArray<Columns>, taxes: ReadonlyArray<Columns>, conversion: string): void => {
  const net = netOf(lines)
  const grand = Amount.sum(net, computeTaxes(taxes, net, conversion))
  const onNet = text(doc.columns, "apply_discount_on") === "Net Total"
  const off = discountOf(doc.columns, onNet ? net : grand)
  doc.columns["discount_amount"] = off
  doc.columns["base_discount_amount"] = money(Amount.multiply(off, conversion))
  if (Amount.isZero(off)) return
  const actual = Amount.sum(
    ...taxes.filter((tax) => text(tax, "charge_type") === "Actual").map((tax) => decimal(tax, "tax_amount")),
  )
  const share = onNet ? off : money(Amount.divide(Amount.multiply(off, net), Amount.subtract(grand, actual)))
  spread(lines, share)
}

const home = (site: Site, doc: Columns): string =>
  text(site.get("Company", text(doc, "company"))?.columns ?? {}, "default_currency")

const words = (site: Site, amount: string, currency: string): string =>
  Words.ofMoney(amount, currency, text(site.get("Currency", currency)?.columns ?? {}, "fraction") || "Cent")

const header = (site: Site, doc: Doc, lines: ReadonlyArray<Columns>, tax: string, conversion: string): void => {
  const { columns } = doc
  const currency = text(columns, "currency")
  const base = (amount: string) => money(Amount.multiply(amount, conversion))
  const net = netOf(lines)
  const total = Amount.sum(...lines.map((line) => decimal(line, "amount")))
  const grand = Amount.sum(net, tax)
  const rounds = !isSet(columns, "disable_rounded_total")
  const rounded = rounds ? coin(site, grand, currency) : Amount.ZERO
  Object.assign(columns, {
    total_qty: Amount.sum(...lines.map((line) => decimal(line, "qty"))),
    total,
    base_total: base(total),
    net_total: net,
    base_net_total: base(net),
    total_taxes_and_charges: tax,
    base_total_taxes_and_charges: base(tax),
    grand_total: grand,
    base_grand_total: base(grand),
    rounded_total: rounded,
    base_rounded_total: rounds ? coin(site, base(grand), home(site, columns)) : Amount.ZERO,
    rounding_adjustment: rounds ? Amount.subtract(rounded, grand) : Amount.ZERO,
    base_rounding_adjustment: rounds ? base(Amount.subtract(rounded, grand)) : Amount.ZERO,
    amount_eligible_for_commission: base(net),
    in_words: words(site, rounds ? rounded : grand, currency),
    base_in_words: words(site, base(rounds ? rounded : grand), home(site, columns)),
  })
}

/** What is owed: the rounded total where the document has one. */
export const owed = (columns: Columns, base = false): string => {
  const prefix = base ? "base_" : ""
  const rounded = decimal(columns, `${prefix}rounded_total`)
  return isSet(columns, "disable_rounded_total") || Amount.isZero(rounded)
    ? decimal(columns, `${prefix}grand_total`)
    : rounded
}

export const compute = (site: Site, doc: Doc): void => {
  const conversion = decimal(doc.columns, "conversion_rate")
  const lines = rows(doc, "items")
  const taxes = rows(doc, "taxes")
  for (const line of lines) computeLine(line, conversion)
  discount(doc, lines, taxes, conversion)
  baseNet(lines, conversion)
  const tax = computeTaxes(taxes, netOf(lines), conversion)
  for (const one of taxes) one["item_wise_tax_detail"] = detail(lines, one)
  if (taxes.length > 0) doc.columns["other_charges_calculation"] = breakup(lines, taxes)
  header(site, doc, lines, tax, conversion)
}

export interface Term {
  readonly portion: string
  readonly due: string
  readonly days: number
}

/** One instalment a term, in the currency of the document. */
export const schedule = (doc: Doc, terms: ReadonlyArray<Term>): void => {
  const conversion = decimal(doc.columns, "conversion_rate")
  const total = owed(doc.columns)
  doc.tables["payment_schedule"] = terms.map(({ days, due, portion }) => {
    const amount = money(percent(total, portion))
    const base = money(Amount.multiply(amount, conversion))
    return {
      due_date: due,
      invoice_portion: portion,
      credit_days: integer({ days }, "days"),
      payment_amount: amount,
      outstanding: amount,
      base_payment_amount: base,
      base_outstanding: base,
    }
  })
}
