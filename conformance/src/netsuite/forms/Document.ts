/** What orders, invoices and payments have in common: number, day, company, money. */
import * as Amount from "../Amount.ts"
import * as Chart from "../Chart.ts"
import * as Errors from "../Errors.ts"
import type { Doc } from "../Record.ts"
import * as Record from "../Record.ts"
import { badValue, type Form, fallback } from "./Form.ts"

const RATE_DIGITS = 8

/** One unit of a currency in money of the books that the company keeps. */
const rateOf = ({ doc, world }: Form): string => {
  const rate = (id: string) => Record.text(world.table("currency").latest(id) ?? doc, "exchangeRate") || "1"
  const subsidiary = world.table("subsidiary").latest(Record.text(doc, "subsidiary"))
  const books = subsidiary === undefined ? Chart.BASE_CURRENCY : Record.text(subsidiary, "currency")
  return Amount.divide(rate(Record.text(doc, "currency")), rate(books), RATE_DIGITS) ?? "1"
}

const money = (form: Form, customer: Doc): void => {
  const { before, doc } = form
  fallback(doc, "currency", customer.fields["currency"] ?? undefined)
  const currency = Record.text(doc, "currency")
  const known = Record.lines(customer, "currencyList").some((one) => Record.text(one, "currency") === currency)
  if (!known) throw badValue(form, currency, "currency")
  if (before !== undefined && Record.text(before, "currency") !== currency) doc.fields["exchangeRate"] = null
  if (Record.text(doc, "exchangeRate") === "") doc.fields["exchangeRate"] = rateOf(form)
}

const uniqueNumber = ({ doc, world }: Form): void => {
  const holder = world.table("transactions").hasNumber(doc.type, Record.text(doc, "tranId"))
  if (holder !== undefined && holder !== doc.id) throw Errors.duplicate("record")
}

/** `field` is what the document calls its customer. */
export const complete = (form: Form, field: "entity" | "customer"): Doc => {
  const { doc, world } = form
  const customer = world.table("entities").latest(Record.text(doc, field))
  if (customer === undefined) throw Errors.missing(["Customer"])
  if (Record.flag(customer, "isInactive") && form.before === undefined) throw badValue(form, customer.id, field)
  if (world.knobs.oneWorld) fallback(doc, "subsidiary", customer.fields["subsidiary"] ?? undefined)
  fallback(doc, "tranDate", form.today)
  if (Record.text(doc, "tranId") === "")
    doc.fields["tranId"] = world.nextNumber(doc.type, Record.text(doc, "subsidiary"))
  uniqueNumber(form)
  fallback(doc, "transactionNumber", Record.text(doc, "tranId"))
  if (doc.type !== "salesOrder") fallback(doc, "postingPeriod", Chart.periodOf(Record.text(doc, "tranDate")))
  money(form, customer)
  return customer
}
