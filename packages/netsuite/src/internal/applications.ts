/**
 * Invoices whose balance a payment or a credit changed. Whether their own stamp moves is not documented, so they are found
 * by the payments that changed: those that a payment is linked to are read again. One that was voided or taken back is
 * linked to them no longer; but what is owed again is open, so of a customer whose payment is not wholly spent every open
 * invoice is read again.
 */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Invoice } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import * as Tables from "../Tables.ts"
import * as Asking from "./asking.ts"
import type { Context } from "./Context.ts"
import * as links from "./links.ts"
import * as receivables from "./receivables.ts"
import type { Source } from "./source.ts"

type Bill = Entity.Record<typeof Invoice>

/** Where the sweep stands: behind a payment, and with customers whose open invoices are still to be read. */
interface Stage {
  readonly payment?: string
  readonly customers: ReadonlyArray<string>
  readonly invoice?: string
}

const START: Stage = { customers: [] }

const parse = (next: string | undefined): Stage => (next === undefined ? START : (JSON.parse(next) as Stage))

/** What pays or gives back. */
const PAYING = [Tables.TYPES.payment, Tables.TYPES.creditMemo, Tables.TYPES.refund]

/** Customers whose open invoices are asked for together. */
const CUSTOMERS = 50

interface Step {
  readonly rows: ReadonlyArray<Watermark.Row<Bill>>
  readonly stage: Stage
}

export const sweep = (context: Context, invoices: Source<Bill>): Watermark.SideTableSweep<Bill>["changed"] => {
  const ask = Asking.every(context)

  const owed = (stage: Stage, limit: number): Effect.Effect<Step, ConnectorError> => {
    const [some, rest] = [stage.customers.slice(0, CUSTOMERS), stage.customers.slice(CUSTOMERS)]
    const where = Filter.all(Filter.ids("entity", some), Filter.some("foreignamountunpaid")) as Filter.Filter
    const question = { where, limit, ...(stage.invoice === undefined ? {} : { afterId: stage.invoice }) }
    return Effect.map(invoices.scan(question), ({ rows, upToId }) => {
      const { payment } = stage
      const after = upToId === undefined ? { customers: rest } : { customers: stage.customers, invoice: upToId }
      return { rows, stage: { ...after, ...(payment === undefined ? {} : { payment }) } }
    })
  }

  const named = (
    { payment }: Stage,
    { from, limit }: { readonly from: Parameters<typeof receivables.changed>[2]["from"]; readonly limit: number },
  ): Effect.Effect<Step, ConnectorError> =>
    Effect.gen(function* () {
      const question = { from, limit, ...(payment === undefined ? {} : { next: payment }) }
      const { documents, next } = yield* receivables.changed(context, PAYING, question)
      const ids = documents.map(({ id }) => id)
      const paid = yield* links.leadingTo(ask, Tables.LINKS.paid, ids)
      const customers = documents.flatMap(({ customer, isUnspent }) => (isUnspent && customer ? [customer] : []))
      return {
        rows: yield* invoices.byIds([...new Set(paid.flatMap((row) => links.before(row) ?? []))]),
        stage: { customers: [...new Set(customers)], ...(next === undefined ? {} : { payment: next }) },
      }
    })

  return ({ from, limit, next }) => {
    const stage = parse(next)
    const step = stage.customers.length > 0 ? owed(stage, limit) : named(stage, { from, limit })
    return Effect.map(step, ({ rows, stage: left }) =>
      left.customers.length === 0 && left.payment === undefined ? { rows } : { rows, next: JSON.stringify(left) },
    )
  }
}
