/**
 * The state of a receivable document. Numbers come first: a document in the ledger without a balance is paid, one with part
 * of it is partly paid. Only whether it is in the ledger at all is read from the status. A word that nobody mapped is
 * `other`, never a guess.
 */

import type { Decimal } from "@mortise/core/Decimal"
import type { LocalDate } from "@mortise/core/Values"
import type { Coded } from "@mortise/core/Words"
import * as BigDecimal from "effect/BigDecimal"
import type { Facts } from "./Mapping.ts"
import { rawOf, type Status, statusWord } from "./words.ts"

export type Kind = "invoice" | "creditNote"

/** `posted` leaves the rest to the numbers. NetSuite: letters by usual convention, labels in English. */
const STATUS = {
  "pending approval": "draft",
  rejected: "draft",
  open: "posted",
  "paid in full": "posted",
  "fully applied": "posted",
  voided: "voided",
  D: "draft",
  E: "draft",
  A: "posted",
  B: "posted",
  V: "voided",
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
  readonly status: Status
  readonly voided: boolean | null | undefined
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

/** Of a document in the ledger, by its numbers. */
const byNumbers = (document: Document, raw: string, today: LocalDate): Derived => {
  const { amount, balance, dueDate, kind } = document
  if (balance === undefined || balance === null) return { state: { code: "other", raw } }
  if (!BigDecimal.isPositive(balance)) return { state: { code: "paid", raw } }
  if (kind !== "creditNote" && dueDate !== undefined && dueDate !== null && dueDate < today)
    return { state: { code: "overdue", raw }, stateAsOf: dayAfter(dueDate) }
  const partly = amount !== undefined && amount !== null && BigDecimal.isLessThan(balance, amount)
  return { state: { code: partly ? "partlyPaid" : "awaiting", raw } }
}

export const stateOf = (document: Document, { settings, today }: Facts): Derived => {
  const raw = rawOf(document.status)
  if (raw === undefined) return {}
  const word = statusWord(document.status, settings.words?.invoiceStatus, STATUS)
  if (document.voided === true || word === "voided") return { state: { code: "voided", raw } }
  if (word === "posted") return byNumbers(document, raw, today)
  const code = STATES.find((state) => state === word)
  return { state: { code: code ?? "other", raw } }
}
