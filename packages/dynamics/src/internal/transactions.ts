/**
 * What is owed on an invoice. Invoices tell neither their due date nor what is open; the transaction that was posted with
 * them does. They are joined by number, account and, where the invoice tells it, voucher.
 */
import type { Decimal } from "@mortise/core/Decimal"
import * as ExactDecimal from "@mortise/core/Decimal"
import type { Invoice } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type { LocalDate } from "@mortise/core/Values"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import type { Wire } from "../Sets.ts"
import type { Beside, Facts } from "./Mapping.ts"
import * as Reading from "./Reader.ts"
import * as ranges from "./ranges.ts"
import type { Records } from "./records.ts"

type Bill = Entity.Record<typeof Invoice>
type Row = Wire<"CustTransactions">

const SELECT = [
  "dataAreaId",
  "SysRecId",
  "Invoice",
  "AccountNum",
  "Voucher",
  "TransDate",
  "TransType",
  "DueDate",
  "AmountCur",
  "SettleAmountCur",
  "AmountMST",
  "ExchRate",
] as const

const nameOf = (invoice: string, account: string): string => `${invoice}\u0001${account}`.toLowerCase()

/** The transactions of invoices, by number and account. */
export const read = (records: Records, { settings }: Facts, numbers: ReadonlyArray<string>) =>
  Effect.map(
    ranges.rowsFor(
      records,
      {
        set: "CustTransactions",
        field: "Invoice",
        id: "SysRecId",
        select: SELECT,
        filter: Filter.equals("dataAreaId", settings.company),
      },
      numbers,
    ),
    (rows): Beside => {
      const transactions = new Map<string, ReadonlyArray<Row>>()
      for (const row of rows) {
        const name = nameOf(row.Invoice ?? "", row.AccountNum ?? "")
        transactions.set(name, [...(transactions.get(name) ?? []), row])
      }
      return { transactions }
    },
  )

/** The types of a transaction that an invoice makes. A settlement or a rounding may name an invoice as well. */
const INVOICES = new Set(["Sales", "Cust", "Project"])

export const find = (
  beside: Beside,
  { account, number, voucher }: { readonly number: string; readonly account: string; readonly voucher?: string },
): Row | undefined => {
  const all = (beside["transactions"] as ReadonlyMap<string, ReadonlyArray<Row>> | undefined) ?? new Map()
  const rows: ReadonlyArray<Row> = all.get(nameOf(number, account)) ?? []
  return rows.find(
    (row) =>
      INVOICES.has(row.TransType ?? "") &&
      (voucher === undefined || row.Voucher?.toLowerCase() === voucher.toLowerCase()),
  )
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

const HUNDREDTH = ExactDecimal.make("0.01")

/** Without its sign: what a credit note gives is told as a positive amount. */
export const magnitude = (value: Decimal): Decimal => BigDecimal.abs(value)

const stateOf = (
  { amount, balance, due, isCredit }: { amount: Decimal; balance: Decimal; due: string | null; isCredit: boolean },
  today: string,
): Pick<Bill, "state" | "stateAsOf"> => {
  const raw = "Posted"
  if (BigDecimal.isZero(balance)) return { state: { code: "paid", raw } }
  if (!isCredit && due !== null && due < today)
    return { state: { code: "overdue", raw }, stateAsOf: dayAfter(due) as LocalDate }
  const partly = BigDecimal.isLessThan(magnitude(balance), magnitude(amount))
  return { state: { code: partly ? "partlyPaid" : "awaiting", raw } }
}

/** What the transaction tells of the invoice. */
export const standing = (row: Row, { currency, today }: Facts): Partial<Bill> => {
  const reader = Reading.make<Row>(row)
  const [amount, settled] = [reader.decimal("AmountCur"), reader.decimal("SettleAmountCur")]
  const due = reader.day("DueDate") ?? null
  if (!amount || !settled) return {}
  const balance = BigDecimal.subtract(amount, settled)
  const isCredit = BigDecimal.isNegative(amount)
  const [base, rate] = [reader.decimal("AmountMST"), reader.decimal("ExchRate")]
  return Reading.known({
    dueDate: due,
    balance: magnitude(balance),
    ...stateOf({ amount, balance, due, isCredit }, today),
    base:
      currency === undefined || !base
        ? undefined
        : {
            currency,
            amount: magnitude(base),
            // The service keeps rates for a hundred units.
            ...(rate ? { rate: BigDecimal.multiply(rate, HUNDREDTH) } : {}),
          },
  }) as Partial<Bill>
}
