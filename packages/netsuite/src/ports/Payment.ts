/**
 * Payment: payments of customers and refunds to them, read alone: NetSuite has no draft of a payment, and what is in the
 * ledger is not written here. What a payment pays stands in the links between documents.
 *
 * Requests for N payments: a query for every page of 1000 and one for every 200 payments for what they pay.
 */
import { Payment } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import { coded } from "@mortise/core/Words"
import * as BigDecimal from "effect/BigDecimal"
import * as Filter from "../Filter.ts"
import * as document from "../internal/document.ts"
import * as links from "../internal/links.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import { known, link, type Reader } from "../internal/Reader.ts"
import type { Writer } from "../internal/Writer.ts"
import { rawOf, statusWord } from "../internal/words.ts"
import * as Query from "../Query.ts"
import * as Tables from "../Tables.ts"

type E = typeof Payment
type Rec = Entity.Record<E>

const { payment, refund } = Tables.TYPES
const APPLIED = "applied"

/** NetSuite: letters by usual convention, labels in English. `posted` leaves the rest to what is applied. */
const STATUS = {
  "unapproved payment": "pending",
  "pending approval": "pending",
  "not deposited": "posted",
  deposited: "posted",
  voided: "voided",
  rejected: "failed",
  A: "pending",
  B: "posted",
  C: "posted",
  R: "failed",
  V: "voided",
}

const methods = ["card", "bankTransfer", "cash", "check"] as const
/** Payment methods are an account's own list; these are the usual ones. */
const METHODS = {
  check: "check",
  cash: "cash",
  ach: "bankTransfer",
  eft: "bankTransfer",
  "wire transfer": "bankTransfer",
  "bank transfer": "bankTransfer",
  visa: "card",
  "master card": "card",
  mastercard: "card",
  "american express": "card",
  discover: "card",
}

type Applied = NonNullable<Rec["applied"]>

/** What the payment pays, summed by invoice. */
const appliedOf = (reader: Reader): Applied | undefined => {
  const rows = reader.part(APPLIED)
  if (rows === undefined) return undefined
  const sums = new Map<string, BigDecimal.BigDecimal>()
  for (const row of rows) {
    const [id, amount] = [links.before(row), document.magnitude(row.decimal("foreignamount"))]
    if (id === undefined || amount === undefined || amount === null) continue
    sums.set(id, BigDecimal.sum(sums.get(id) ?? BigDecimal.make(0n, 0), amount))
  }
  return [...sums]
    .filter(([, amount]) => !BigDecimal.isZero(amount))
    .sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
    .map(([id, amount]) => ({ invoice: { id }, amount }))
}

const stateOf = (reader: Reader, applied: Applied | undefined, { settings }: Facts): Rec["state"] | undefined => {
  const status = document.statusOf(reader)
  const raw = rawOf(status)
  if (raw === undefined) return undefined
  const word = reader.boolean("voided") === true ? "voided" : statusWord(status, settings.words?.paymentStatus, STATUS)
  if (word === "pending" || word === "failed" || word === "voided") return { code: word, raw }
  const amount = document.magnitude(reader.decimal("foreigntotal"))
  if (word !== "posted" || amount === undefined || amount === null) return { code: "other", raw }
  const spent = (applied ?? []).reduce((sum, each) => BigDecimal.sum(sum, each.amount), BigDecimal.make(0n, 0))
  return { code: BigDecimal.isLessThan(spent, amount) ? "open" : "applied", raw }
}

const amountOf = (reader: Reader, facts: Facts): Rec["amount"] | undefined => {
  const [amount, currency] = [document.magnitude(reader.decimal("foreigntotal")), document.currencyOf(reader, facts)]
  if (amount === undefined || currency === undefined) return undefined
  return amount === null || currency === null ? null : { amount, currency }
}

const decode = (reader: Reader, facts: Facts): Partial<Rec> => {
  const type = reader.text("type")
  const applied = appliedOf(reader)
  return known({
    kind: type === payment ? ("payment" as const) : type === refund ? ("refund" as const) : undefined,
    number: reader.text("tranid"),
    account: link(reader.text("entity")),
    date: reader.day("trandate"),
    method: coded(reader.text("methodname"), methods, {
      own: facts.settings.words?.paymentMethod,
      builtIn: METHODS,
    }),
    reference: reader.text("otherrefnum"),
    amount: amountOf(reader, facts),
    applied,
    state: stateOf(reader, applied, facts),
  }) as Partial<Rec>
}

export const mapping: Mapping<E> = {
  entity: Payment,
  table: "transaction",
  where: Filter.oneOf("type", [payment, refund]),
  always: [Query.plain("type")],
  members: {
    kind: document.plain("type"),
    number: document.plain("tranid"),
    account: document.plain("entity"),
    date: { columns: [Query.day("trandate")] },
    method: { columns: [Query.label("paymentmethod", "methodname")] },
    reference: document.plain("otherrefnum"),
    amount: document.plain("foreigntotal", "currency"),
    applied: { part: APPLIED },
    state: { columns: [...document.STATUS, Query.plain("voided"), Query.plain("foreigntotal")], part: APPLIED },
  },
  parts: { [APPLIED]: links.part(Tables.LINKS.paid) },
  typeOf: () => undefined,
  decode,
}

/** A payment is not written: whoever tries is told before any request. */
export const writer: Writer<E> = {
  writable: [],
  notClearable: [],
  fixed: [],
  pointers: () => [],
  typeFor: () => "invoice",
  initial: () => ({ issues: [{ path: [], message: "a payment is only read" }] }),
  encode: () => ({ issues: [{ path: [], message: "a payment is only read" }] }),
  natural: {},
}

export const absent: NonNullable<Features.Features<E>["absent"]> = {
  company: "the CRM's",
  creates: "NetSuite has no draft of a payment: it is in the ledger at once",
}
