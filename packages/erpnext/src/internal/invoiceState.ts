/**
 * The state of a Sales Invoice. The site's status is written when the document is saved and by a daily job, so whether an
 * invoice is late is derived here, as the site would: by the terms that are due and what was paid, in the currency of the
 * customer's account. Only whether it was submitted or cancelled is taken from the document.
 */

import type { Invoice } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import { lookUp } from "@mortise/core/Words"
import * as BigDecimal from "effect/BigDecimal"
import { ZERO } from "./amounts.ts"
import { grossOf } from "./documents.ts"
import type { Facts } from "./Mapping.ts"
import type { Reader } from "./Reader.ts"

type Rec = Entity.Record<typeof Invoice>
type Amount = BigDecimal.BigDecimal

const STATES = ["draft", "awaiting", "partlyPaid", "paid", "overdue", "voided", "credited", "disputed"] as const

export const COLUMNS = [
  "docstatus",
  "status",
  "is_return",
  "outstanding_amount",
  "currency",
  "party_account_currency",
  "due_date",
  "grand_total",
  "rounded_total",
  "base_grand_total",
  "base_rounded_total",
  "disable_rounded_total",
  "payment_schedule/due_date",
  "payment_schedule/payment_amount",
  "payment_schedule/base_payment_amount",
]

export interface Derived {
  readonly state: Rec["state"]
  /** The first day on which it was overdue: it does not move from one reading to the next. */
  readonly stateAsOf?: string
}

/** True when the customer's account is kept in the document's currency. */
export const inOwnCurrency = (reader: Reader): boolean => {
  const account = reader.text("party_account_currency")
  return account === null || account === reader.text("currency")
}

/** What is to be paid, in the currency of the customer's account. */
const totalOf = (reader: Reader): Amount => grossOf(reader, inOwnCurrency(reader) ? "" : "base_") ?? ZERO

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

interface Term {
  readonly due: string
  readonly amount: Amount
}

/** Each day on which something falls due; without terms everything does on the due date. */
const termsOf = (reader: Reader, total: Amount): ReadonlyArray<Term> => {
  const column = inOwnCurrency(reader) ? "payment_amount" : "base_payment_amount"
  const terms = reader.rows("payment_schedule").flatMap((row) => {
    const [due, amount] = [row.text("due_date"), row.decimal(column)]
    return due === null || amount === null ? [] : [{ due, amount }]
  })
  const due = reader.text("due_date")
  if (terms.length === 0) return due === null ? [] : [{ due, amount: total }]
  return terms.sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0))
}

/** The day that was missed first; undefined when all that fell due was paid. */
const missedOf = (reader: Reader, total: Amount, paid: Amount, today: string): string | undefined => {
  let payable = ZERO
  for (const { amount, due } of termsOf(reader, total)) {
    if (due >= today) return undefined
    payable = BigDecimal.sum(payable, amount)
    if (BigDecimal.isLessThan(paid, payable)) return due
  }
  return undefined
}

const byNumbers = (reader: Reader, raw: string, today: string): Derived => {
  const outstanding = reader.decimal("outstanding_amount") ?? ZERO
  if (reader.flag("is_return"))
    return { state: { code: BigDecimal.isNegative(outstanding) ? "awaiting" : "paid", raw } }
  if (!BigDecimal.isPositive(outstanding))
    return { state: { code: raw === "Credit Note Issued" ? "credited" : "paid", raw } }
  const total = totalOf(reader)
  const missed = missedOf(reader, total, BigDecimal.subtract(total, outstanding), today)
  if (missed !== undefined) return { state: { code: "overdue", raw }, stateAsOf: dayAfter(missed) }
  return { state: { code: BigDecimal.isLessThan(outstanding, total) ? "partlyPaid" : "awaiting", raw } }
}

export const stateOf = (reader: Reader, { settings, today }: Facts): Derived => {
  const raw = reader.text("status") ?? ""
  const docstatus = String(reader.raw("docstatus") ?? "0")
  if (docstatus === "0") return { state: { code: "draft", raw } }
  if (docstatus === "2") return { state: { code: "voided", raw } }
  const own = lookUp(raw, settings.words?.invoiceStatus, {})
  if (own !== undefined) return { state: { code: STATES.find((state) => state === own) ?? "other", raw } }
  return raw === "Internal Transfer" ? { state: { code: "other", raw } } : byNumbers(reader, raw, today)
}

/**
 * What is left to pay, in the currency of the document. Where the customer's account is kept in another one, that is known
 * only of what is paid and of what nobody paid anything of; a part of it would have to be converted, and is left unknown.
 */
export const balanceOf = (reader: Reader): Amount | null | undefined => {
  const outstanding = reader.decimal("outstanding_amount")
  if (outstanding === null) return null
  const docstatus = String(reader.raw("docstatus") ?? "0")
  // A cancelled invoice keeps what was outstanding.
  if (docstatus === "2" || BigDecimal.isZero(outstanding)) return ZERO
  if (inOwnCurrency(reader)) return outstanding
  return BigDecimal.equals(outstanding, totalOf(reader)) ? (grossOf(reader) ?? undefined) : undefined
}
