/**
 * Payment: a Payment Entry of a customer. What it pays stands in its table of references, in the currency of the customer's
 * account. Payments are read only: a draft needs the accounts and rates of the company's ledger, which are nobody's here.
 * Journal entries and reconciliations settle invoices too and are none: the invoice's balance tells.
 *
 * Requests for N payments: a list for every page and one for the references.
 */

import { Payment } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import { coded } from "@mortise/core/Words"
import * as BigDecimal from "effect/BigDecimal"
import { isSome } from "../internal/amounts.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import { known, link, type Reader } from "../internal/Reader.ts"
import type { Writer } from "../internal/Writer.ts"
import type { Settings } from "../Settings.ts"

type E = typeof Payment
type Rec = Entity.Record<E>

const methods = ["card", "bankTransfer", "cash", "check"] as const

// ERPNext: the modes of payment that a new site has; others are its own.
const METHODS = {
  Cash: "cash",
  Cheque: "check",
  Check: "check",
  "Credit Card": "card",
  "Wire Transfer": "bankTransfer",
  "Bank Draft": "bankTransfer",
}

const isRefund = (reader: Reader): boolean => reader.text("payment_type") === "Pay"

/** The customer's side of it: where the money came from, or for a refund where it went. */
const moneyOf = (reader: Reader): Rec["amount"] => {
  const [amount, currency] = isRefund(reader)
    ? [reader.decimal("received_amount"), reader.text("paid_to_account_currency")]
    : [reader.decimal("paid_amount"), reader.text("paid_from_account_currency")]
  return amount === null || currency === null ? null : { amount, currency }
}

/** What it pays, invoice by invoice; an invoice may stand there once for each of its terms. */
const appliedOf = (rows: ReadonlyArray<Reader>): Rec["applied"] => {
  const sums = new Map<string, BigDecimal.BigDecimal>()
  for (const row of rows) {
    const [name, amount] = [row.text("reference_name"), row.decimal("allocated_amount")]
    if (row.text("reference_doctype") !== "Sales Invoice" || name === null || amount === null) continue
    const before = sums.get(name)
    sums.set(name, before === undefined ? amount : BigDecimal.sum(before, amount))
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, amount]) => ({ invoice: { id: name, number: name }, amount }))
}

const stateOf = (reader: Reader): Rec["state"] => {
  const raw = reader.text("status") ?? ""
  const docstatus = String(reader.raw("docstatus") ?? "0")
  if (docstatus === "0") return { code: "draft", raw }
  if (docstatus === "2") return { code: "voided", raw }
  return { code: isSome(reader.decimal("unallocated_amount")) ? "open" : "applied", raw }
}

const decode = (reader: Reader, { settings }: Facts): Partial<Rec> =>
  known({
    kind: isRefund(reader) ? ("refund" as const) : ("payment" as const),
    number: reader.text("name"),
    account: link(reader.text("party")),
    date: reader.text("posting_date"),
    method: coded(reader.text("mode_of_payment"), methods, { own: settings.words?.paymentMethod, builtIn: METHODS }),
    reference: reader.text("reference_no"),
    amount: moneyOf(reader),
    applied: appliedOf(reader.rows("references")),
    state: stateOf(reader),
  }) as Partial<Rec>

export const mapping = (settings: Settings): Mapping<E> => ({
  entity: Payment,
  doctype: "Payment Entry",
  members: {
    kind: ["payment_type"],
    number: ["name"],
    account: ["party"],
    date: ["posting_date"],
    method: ["mode_of_payment"],
    reference: ["reference_no"],
    amount: [
      "payment_type",
      "paid_amount",
      "received_amount",
      "paid_from_account_currency",
      "paid_to_account_currency",
    ],
    applied: ["references/reference_doctype", "references/reference_name", "references/allocated_amount"],
    state: ["status", "unallocated_amount"],
  },
  tables: { references: "Payment Entry Reference" },
  sides: {},
  inCompanyCurrency: [],
  where: [
    ["company", "=", settings.company],
    ["party_type", "=", "Customer"],
  ],
  decode,
})

/** Nothing is written: the port refuses before it comes here. */
export const writer: Writer<E> = {
  writable: [],
  notClearable: [],
  fixed: [],
  inCurrency: false,
  pointers: () => [],
  initial: () => ({ body: {} }),
  encode: () => ({ body: {} }),
  natural: {},
}

export const WHY_READ_ONLY = "a payment needs the accounts and rates of the company's ledger; enter it in the ERP"

export const absent: Features.Features<E>["absent"] = {
  company: "the CRM's",
  write: WHY_READ_ONLY,
}
