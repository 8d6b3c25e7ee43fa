/** Documents of customers as the sweeps look at them: which, whose, and whether something of them is left. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Instant } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import * as Query from "../Query.ts"
import * as Tables from "../Tables.ts"
import * as Asking from "./asking.ts"
import type { Context } from "./Context.ts"
import * as Reader from "./Reader.ts"
import * as Subsidiary from "./subsidiary.ts"

export interface Document {
  readonly id: string
  readonly customer: string | undefined
  readonly isUnspent: boolean
}

export interface Found {
  readonly documents: ReadonlyArray<Document>
  /** The id to go on behind; absent, nothing is left. */
  readonly next?: string
}

const COLUMNS = [Query.plain("entity"), Query.plain("foreignpaymentamountunused"), Query.plain("voided")]

const documentOf = (reader: Reader.Reader): ReadonlyArray<Document> => {
  const id = reader.text("id")
  if (!id) return []
  const unused = reader.decimal("foreignpaymentamountunused")
  // Where nothing is told of what is left, something may be.
  const isUnspent = reader.boolean("voided") === true || unused === undefined || unused === null || unused.value !== 0n
  return [{ id, customer: reader.text("entity") ?? undefined, isUnspent }]
}

const list = (
  context: Context,
  where: Filter.Filter | undefined,
  { limit, next }: { readonly limit: number; readonly next?: string },
): Effect.Effect<Found, ConnectorError> =>
  Effect.map(
    Asking.page(context, {
      from: "transaction",
      keys: [Query.plain("id")],
      columns: COLUMNS,
      where: Filter.all(
        Subsidiary.condition(context.settings, "transaction"),
        where,
        next === undefined ? undefined : Filter.after("id", next),
      ),
      orderBy: ["id"],
      limit,
    }),
    ({ asked, more, rows }) => {
      const documents = rows.flatMap((row) => documentOf(Reader.make(row, asked)))
      const last = documents.at(-1)?.id
      return { documents, ...(more && last !== undefined ? { next: last } : {}) }
    },
  )

export interface Question {
  readonly limit: number
  readonly next?: string
}

/** Documents of these types that changed since. */
export const changed = (
  context: Context,
  types: ReadonlyArray<string>,
  { from, ...question }: Question & { readonly from: Instant },
): Effect.Effect<Found, ConnectorError> =>
  Effect.flatMap(context.zones.current, (zone) =>
    list(
      context,
      Filter.all(Filter.oneOf("type", types), Filter.stamped(Tables.MODIFIED, ">=", zone.toLocal(from))),
      question,
    ),
  )

/** Invoices with something left to pay that became due on one of the days after `after` up to `through`. */
export const due = (
  context: Context,
  { after, through, ...question }: Question & { readonly after: string; readonly through: string },
): Effect.Effect<Found, ConnectorError> =>
  list(context, Filter.all(Filter.equals("type", Tables.TYPES.invoice), dueBetween(after, through)), question)

/** An invoice is overdue from the day after its due date on. */
const dueBetween = (after: string, through: string): Filter.Filter =>
  Filter.all(
    Filter.dated("duedate", ">=", after),
    Filter.dated("duedate", "<", through),
    Filter.some("foreignamountunpaid"),
  ) as Filter.Filter

/** The same, as a condition on the table of invoices. */
export const dueCondition = dueBetween
