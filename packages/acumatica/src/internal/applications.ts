/**
 * Invoices whose balance a payment changed. Their own stamp may stay, so they are found by the payments that changed:
 * those that a payment names are read again. A payment that was voided or taken back names them no longer; but what is
 * owed again is open, so of a customer whose payment is not wholly spent every open document is read again.
 */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Invoice, Payment } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Watermark from "@mortise/core/Watermark"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import { KEYS_PER_QUESTION } from "../Limits.ts"
import type { Resource } from "../Versions.ts"
import type { Source } from "./source.ts"

type Paid = Entity.Record<typeof Payment>
type Bill = Entity.Record<typeof Invoice>

/** The fields of a payment that the sweep needs. */
export const fields = ["account", "amount", "applied", "state"] as const

/** Where the sweep stands: behind a payment, and with customers whose open documents are still to be read. */
interface Stage {
  readonly payment?: string
  readonly customers: ReadonlyArray<string>
  readonly invoice?: string
}

const START: Stage = { customers: [] }

const parse = (next: string | undefined): Stage => (next === undefined ? START : (JSON.parse(next) as Stage))

/** Something of the payment is not spent, or was given back. */
const isUnspent = ({ amount, applied, state }: Paid): boolean => {
  if (state?.code === "voided" || amount === undefined || amount === null) return true
  const spent = (applied ?? []).map((each) => each.amount).reduce(BigDecimal.sum, BigDecimal.make(0n, 0))
  return BigDecimal.isLessThan(spent, amount.amount)
}

const openOf =
  (customers: ReadonlyArray<string>) =>
  (resource: Resource): Filter.Filter => {
    const field = resource === "SalesInvoice" ? "CustomerID" : "Customer"
    const owed = Filter.compare("Balance", "gt", "0M")
    return Filter.all(Filter.any(customers.map((id) => Filter.equals(field, id))), owed) as Filter.Filter
  }

export const sweep = (payments: Source<Paid>, invoices: Source<Bill>): Watermark.SideTableSweep<Bill>["changed"] => {
  const owed = (stage: Stage, limit: number) =>
    Effect.gen(function* () {
      const [some, rest] = [stage.customers.slice(0, KEYS_PER_QUESTION), stage.customers.slice(KEYS_PER_QUESTION)]
      const question = {
        where: openOf(some),
        limit,
        ...(stage.invoice === undefined ? {} : { afterId: stage.invoice }),
      }
      const { rows, upToId } = yield* invoices.scan(question)
      const { payment } = stage
      const after = upToId === undefined ? { customers: rest } : { customers: stage.customers, invoice: upToId }
      return { rows, stage: { ...after, ...(payment === undefined ? {} : { payment }) } }
    })

  const named = (stage: Stage, from: NonNullable<Watermark.Range["from"]>, limit: number) =>
    Effect.gen(function* () {
      const question = { range: { from }, limit, ...(stage.payment === undefined ? {} : { afterId: stage.payment }) }
      const { rows, serverTime, upToId } = yield* payments.scan(question)
      const records = rows.flatMap((row) => (row.content._tag === "Record" ? [row.content.record] : []))
      const ids = records.flatMap(({ applied }) => (applied ?? []).flatMap(({ invoice }) => invoice.id ?? []))
      const customers = records.filter(isUnspent).flatMap(({ account }) => account?.id ?? [])
      return {
        rows: yield* invoices.byIds([...new Set(ids)]),
        stage: { customers: [...new Set(customers)], ...(upToId === undefined ? {} : { payment: upToId }) },
        ...(serverTime === undefined ? {} : { serverTime }),
      }
    })

  return ({ from, limit, next }) => {
    const stage = parse(next)
    const step: Effect.Effect<
      {
        readonly rows: ReadonlyArray<Watermark.Row<Bill>>
        readonly stage: Stage
        readonly serverTime?: number
      },
      ConnectorError
    > = stage.customers.length > 0 ? owed(stage, limit) : named(stage, from, limit)
    return Effect.map(step, ({ stage: left, ...answer }) =>
      left.customers.length === 0 && left.payment === undefined ? answer : { ...answer, next: JSON.stringify(left) },
    )
  }
}
