/**
 * What payments pay. A settlement joins two transactions, and is kept once from each side: those of a payment lead to the
 * transactions of invoices, by record id.
 */
import type { Payment } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import * as Keys from "../Keys.ts"
import type { Wire } from "../Sets.ts"
import type { Beside, Facts } from "./Mapping.ts"
import * as Reading from "./Reader.ts"
import * as ranges from "./ranges.ts"
import type { Records } from "./records.ts"
import { magnitude } from "./transactions.ts"

type Applied = NonNullable<Entity.Record<typeof Payment>["applied"]>
type Transaction = Wire<"CustTransactions">

const textOf = (value: unknown): string => (value as { readonly text?: string } | undefined)?.text ?? ""

/** The invoice of a transaction: of an order by what names it, a free text one by its header. */
const invoiceOf = (transaction: Transaction, drafts: ReadonlyMap<string, string>) => {
  const [number, date, voucher] = [transaction.Invoice, transaction.TransDate, transaction.Voucher]
  if (!number || !date || !voucher) return undefined
  if (transaction.TransType === "Sales")
    return { id: `S/${Keys.join("SalesInvoiceHeadersV2", [number, date, voucher])}`, number }
  const identifier = drafts.get(number.toLowerCase())
  return identifier === undefined ? { number } : { id: `F/${identifier}`, number }
}

export const read = (records: Records, payments: ReadonlyArray<Transaction>, { settings }: Facts) =>
  Effect.gen(function* () {
    const filter = Filter.equals("dataAreaId", settings.company)
    const settlements = yield* ranges.rowsFor(
      records,
      {
        set: "CustSettlementBiEntities",
        field: "TransRecId",
        id: "SourceKey",
        type: "integer",
        select: ["dataAreaId", "SourceKey", "TransRecId", "OffsetRecid", "SettleAmountCur"],
        filter,
      },
      payments.map(({ SysRecId }) => textOf(SysRecId)),
    )
    const transactions = yield* ranges.rowsFor(
      records,
      {
        set: "CustTransactions",
        field: "SysRecId",
        id: "SysRecId",
        type: "integer",
        select: ["dataAreaId", "SysRecId", "Invoice", "TransDate", "Voucher", "TransType"],
        filter,
      },
      settlements.map(({ OffsetRecid }) => textOf(OffsetRecid)),
    )
    const free = yield* ranges.rowsFor(
      records,
      {
        set: "FreeTextInvoiceHeaders",
        field: "FreeTextNumber",
        id: "InvoiceIdentifier",
        select: ["dataAreaId", "InvoiceIdentifier", "FreeTextNumber"],
        filter,
      },
      transactions.flatMap(({ Invoice, TransType }) => (TransType === "Cust" ? (Invoice ?? []) : [])),
    )
    const drafts = new Map(free.map((row) => [(row.FreeTextNumber ?? "").toLowerCase(), textOf(row.InvoiceIdentifier)]))
    const byId = new Map(transactions.map((row) => [textOf(row.SysRecId), row]))
    return { applied: appliedOf(settlements, byId, drafts) } satisfies Beside
  })

/** By payment; several settlements of one invoice are one amount, and what was taken back is taken off. */
const appliedOf = (
  settlements: ReadonlyArray<Wire<"CustSettlementBiEntities">>,
  transactions: ReadonlyMap<string, Transaction>,
  drafts: ReadonlyMap<string, string>,
): ReadonlyMap<string, Applied> => {
  const sums = new Map<string, Map<string, Applied[number]>>()
  for (const settlement of settlements) {
    const transaction = transactions.get(textOf(settlement.OffsetRecid))
    const invoice = transaction === undefined ? undefined : invoiceOf(transaction, drafts)
    const amount = Reading.make<typeof settlement>(settlement).decimal("SettleAmountCur")
    if (invoice === undefined || amount === undefined || amount === null) continue
    const payment = textOf(settlement.TransRecId)
    const own = sums.get(payment) ?? new Map<string, Applied[number]>()
    const name = invoice.id ?? invoice.number
    const before = own.get(name)?.amount
    own.set(name, { invoice, amount: before === undefined ? amount : BigDecimal.sum(before, amount) })
    sums.set(payment, own)
  }
  const sorted = (own: ReadonlyMap<string, Applied[number]>) =>
    [...own].filter(([, { amount }]) => !BigDecimal.isZero(amount)).sort(([a], [b]) => (a < b ? -1 : 1))
  return new Map(
    [...sums].map(([payment, own]) => [
      payment,
      sorted(own).map(([, { amount, invoice }]) => ({ invoice, amount: magnitude(amount) })),
    ]),
  )
}
