/** What changes without moving the stamp of its record, and how it is found. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Account, Invoice } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import type { EntityName } from "../Config.ts"
import * as Filter from "../Filter.ts"
import * as Query from "../Query.ts"
import * as Tables from "../Tables.ts"
import * as applied from "./applications.ts"
import * as Asking from "./asking.ts"
import type { Context } from "./Context.ts"
import * as Reader from "./Reader.ts"
import * as receivables from "./receivables.ts"
import type { Source } from "./source.ts"

type Rec<E extends Entity.Any> = Entity.Record<E>

/** Whoever may not see the other table, or does not have it, reads without its sweep. */
const withoutRights = (error: ConnectorError) =>
  error.reason._tag === "Forbidden" || error.reason._tag === "Unsupported"
    ? Effect.succeed({ rows: [] })
    : Effect.fail(error)

/** Invoices with something left to pay become overdue at midnight, and nothing about them moves. */
export const overdue = (
  context: Context,
  invoices: Source<Rec<typeof Invoice>>,
): Watermark.CalendarSweep<Rec<typeof Invoice>> => ({
  _tag: "Calendar",
  name: "overdue",
  zone: context.settings.dayZone,
  due: ({ after, limit, next, through }) =>
    Effect.map(
      invoices.scan({
        where: receivables.dueCondition(after, through),
        limit,
        ...(next === undefined ? {} : { afterId: next }),
      }),
      ({ rows, upToId }) => ({ rows, ...(upToId === undefined ? {} : { next: upToId }) }),
    ),
})

/** A payment changes the balance of invoices, whose own stamp may stay. */
export const applications = (
  context: Context,
  invoices: Source<Rec<typeof Invoice>>,
): Watermark.SideTableSweep<Rec<typeof Invoice>> => {
  const changed = applied.sweep(context, invoices)
  return {
    _tag: "SideTable",
    name: "applications",
    changed: (question) => Effect.catch(changed(question), withoutRights),
  }
}

const { creditMemo, invoice, payment, refund } = Tables.TYPES

const ofCustomers =
  (accounts: Source<Rec<typeof Account>>) =>
  ({ documents, next }: receivables.Found) =>
    Effect.map(accounts.byIds([...new Set(documents.flatMap(({ customer }) => customer ?? []))]), (rows) => ({
      rows,
      ...(next === undefined ? {} : { next }),
    }))

/** A document changes what its customer owes, and the customer's stamp stays. */
export const balances = (
  context: Context,
  accounts: Source<Rec<typeof Account>>,
): Watermark.SideTableSweep<Rec<typeof Account>> => ({
  _tag: "SideTable",
  name: "balances",
  changed: (question) =>
    receivables
      .changed(context, [invoice, creditMemo, payment, refund], question)
      .pipe(Effect.flatMap(ofCustomers(accounts)), Effect.catch(withoutRights)),
})

/** What a customer owes becomes overdue at midnight. */
export const overdueBalances = (
  context: Context,
  accounts: Source<Rec<typeof Account>>,
): Watermark.CalendarSweep<Rec<typeof Account>> => ({
  _tag: "Calendar",
  name: "overdueBalances",
  zone: context.settings.dayZone,
  due: (question) =>
    receivables.due(context, question).pipe(Effect.flatMap(ofCustomers(accounts)), Effect.catch(withoutRights)),
})

/** What deleted records are called: by the record API, by its labels, by the codes of transactions. */
const KINDS: { readonly [E in EntityName]: ReadonlyArray<string> } = {
  Account: ["customer"],
  Contact: ["contact"],
  Product: [
    "inventoryitem",
    "noninventoryitem",
    "noninventorysaleitem",
    "noninventoryresaleitem",
    "serviceitem",
    "servicesaleitem",
    "serviceresaleitem",
    "service",
    "invtpart",
    "noninvtpart",
  ],
  Order: ["salesorder", "salesord"],
  Invoice: ["invoice", "custinvc", "creditmemo", "custcred"],
  Payment: ["customerpayment", "payment", "custpymt", "customerrefund", "custrfnd"],
}

const isOf = (entity: EntityName, type: string | null | undefined): boolean =>
  KINDS[entity].includes((type ?? "").toLowerCase().replace(/[^a-z]/g, ""))

const DELETED = [Query.plain("type")]

/** A customer and an item may have one id: of the last id of a full page, others may follow, and it is read again. */
const wholeIds = (readers: ReadonlyArray<Reader.Reader>): ReadonlyArray<Reader.Reader> => {
  const last = readers.at(-1)?.text("recordid")
  const whole = readers.filter((row) => row.text("recordid") !== last)
  return whole.length === 0 ? readers : whole
}

/** Deletions stand in a table of their own, for some types of records, where the role may read it. */
export const deletions = <A>(context: Context, entity: EntityName): Watermark.SideTableSweep<A> => ({
  _tag: "SideTable",
  name: "deletions",
  changed: ({ from, limit, next }) =>
    Effect.gen(function* () {
      const zone = yield* context.zones.current
      const { asked, more, rows } = yield* Asking.page(context, {
        from: Tables.SIDE.deleted.table,
        keys: [Query.plain("recordid")],
        columns: DELETED,
        where: Filter.all(
          Filter.stamped("deleteddate", ">=", zone.toLocal(from)),
          next === undefined ? undefined : Filter.after("recordid", next),
        ),
        orderBy: ["recordid"],
        limit,
      })
      const readers = rows.map((row) => Reader.make(row, asked))
      const whole = more ? wholeIds(readers) : readers
      const gone = whole.flatMap((row) => {
        const id = row.text("recordid")
        return id && isOf(entity, row.text("type")) ? [Watermark.deleted(id)] : []
      })
      const last = whole.at(-1)?.text("recordid")
      return { rows: gone, ...(more && last ? { next: last } : {}) }
    }).pipe(Effect.catch(withoutRights)),
})
