/**
 * The state of a receivable document. Numbers come first: a released document without a balance is paid, one with part of
 * it is partly paid. Only whether it is released at all is read from the status, an open list of labels. A word that
 * nobody mapped is `other`, never a guess.
 */

import type { Decimal } from "@mortise/core/Decimal"
import type { LocalDate } from "@mortise/core/Values"
import { type Coded, lookUp } from "@mortise/core/Words"
import * as BigDecimal from "effect/BigDecimal"
import type { Settings } from "../Settings.ts"
import type { Facts } from "./Mapping.ts"

export type Kind = "invoice" | "creditNote"

// Acumatica: seen are Invoice and Credit Memo; the others are the form's labels in English.
const KINDS = {
  invoice: "invoice",
  "debit memo": "invoice",
  "overdue charge": "invoice",
  "credit memo": "creditNote",
}

export const kindOf = (type: string | null | undefined, settings: Settings): Kind | undefined => {
  if (type === undefined || type === null) return undefined
  const word = lookUp(type, settings.words?.documentType, KINDS)
  return word === "invoice" || word === "creditNote" ? word : undefined
}

/** `released` leaves the rest to the numbers. Acumatica: labels of AR documents; "Open" is the documented one. */
const STATUS = {
  "on hold": "draft",
  hold: "draft",
  balanced: "draft",
  "credit hold": "draft",
  "pending approval": "draft",
  "pending print": "draft",
  "pending email": "draft",
  "pending processing": "draft",
  scheduled: "draft",
  rejected: "draft",
  open: "released",
  closed: "released",
  unapplied: "released",
  reserved: "released",
  voided: "voided",
  canceled: "voided",
  cancelled: "voided",
}

type State = "draft" | "awaiting" | "partlyPaid" | "paid" | "overdue" | "voided" | "credited" | "disputed"
const STATES: ReadonlyArray<State> = [
  "draft",
  "awaiting",
  "partlyPaid",
  "paid",
  "overdue",
  "voided",
  "credited",
  "disputed",
]

export interface Document {
  readonly status: string | null | undefined
  readonly hold: boolean | null | undefined
  readonly amount: Decimal | null | undefined
  readonly balance: Decimal | null | undefined
  readonly dueDate: string | null | undefined
  readonly kind: Kind | undefined
}

export interface Derived {
  readonly state?: Coded<State>
  /** The first day on which it was overdue: it does not move from one reading to the next. */
  readonly stateAsOf?: string
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

/** Of a released document, by its numbers. */
const byNumbers = (document: Document, raw: string, today: LocalDate): Derived => {
  const { amount, balance, dueDate, kind } = document
  if (balance === undefined || balance === null) return { state: { code: "other", raw } }
  if (!BigDecimal.isPositive(balance)) return { state: { code: "paid", raw } }
  if (kind !== "creditNote" && dueDate !== undefined && dueDate !== null && dueDate < today) {
    return { state: { code: "overdue", raw }, stateAsOf: dayAfter(dueDate) }
  }
  const partly = amount !== undefined && amount !== null && BigDecimal.isLessThan(balance, amount)
  return { state: { code: partly ? "partlyPaid" : "awaiting", raw } }
}

export const stateOf = (document: Document, { settings, today }: Facts): Derived => {
  const { hold, status } = document
  if (status === undefined || status === null) return {}
  const word = lookUp(status, settings.words?.invoiceStatus, STATUS)
  if (word === "voided") return { state: { code: "voided", raw: status } }
  if (hold === true) return { state: { code: "draft", raw: status } }
  if (word === "released") return byNumbers(document, status, today)
  const code = STATES.find((state) => state === word)
  return { state: { code: code ?? "other", raw: status } }
}
