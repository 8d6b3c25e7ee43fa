/** What changes without moving the stamp of its record, and how it is found. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Account, Contact, Invoice, Payment } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type { Instant } from "@mortise/core/Values"
import type * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import type { Settings } from "../Settings.ts"
import { sweep } from "./applications.ts"
import type { Source } from "./source.ts"

type Rec<E extends Entity.Any> = Entity.Record<E>

const DAY = 86_400_000

/** Midnight so many days from a day. Due dates carry the site's offset, so a day is read on either side. */
const midnight = (day: string, days: number): Instant =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString() as Instant

/** Invoices with a balance become overdue at midnight, and nothing about them moves. */
export const overdue = (
  settings: Settings,
  source: Source<Rec<typeof Invoice>>,
): Watermark.CalendarSweep<Rec<typeof Invoice>> => ({
  _tag: "Calendar",
  name: "overdue",
  zone: settings.timeZone,
  due: ({ after, limit, next, through }) => {
    const due = Filter.within("DueDate", { from: midnight(after, -1), before: midnight(through, 1) })
    const where = Filter.all(due, Filter.compare("Balance", "gt", "0M")) as Filter.Filter
    return Effect.map(
      source.scan({ where: () => where, limit, ...(next === undefined ? {} : { afterId: next }) }),
      ({ rows, upToId }) => ({
        rows,
        ...(upToId === undefined ? {} : { next: upToId }),
      }),
    )
  },
})

/** The records that those of another entity, changed since, point to. */
const pointedTo = <A extends Entity.Any, B extends Entity.Any>(options: {
  readonly name: string
  readonly from: Source<Rec<A>>
  readonly idsOf: (record: Rec<A>) => ReadonlyArray<string>
  readonly to: Source<Rec<B>>
}): Watermark.SideTableSweep<Rec<B>> => ({
  _tag: "SideTable",
  name: options.name,
  changed: ({ from, limit, next }) =>
    Effect.gen(function* () {
      const question = { range: { from }, limit, ...(next === undefined ? {} : { afterId: next }) }
      const { rows, serverTime, upToId } = yield* options.from.scan(question)
      const ids = rows.flatMap((row) => (row.content._tag === "Record" ? options.idsOf(row.content.record) : []))
      return {
        rows: yield* options.to.byIds([...new Set(ids)]),
        ...(upToId === undefined ? {} : { next: upToId }),
        ...(serverTime === undefined ? {} : { serverTime }),
      }
    }).pipe(Effect.catch(withoutRights)),
})

/** Whoever may not see the other form reads without its sweep. */
const withoutRights = (error: ConnectorError) =>
  error.reason._tag === "Forbidden" ? Effect.succeed({ rows: [] }) : Effect.fail(error)

/** A payment changes the balance of invoices, whose own stamp may stay. */
export const applications = (
  payments: Source<Rec<typeof Payment>>,
  invoices: Source<Rec<typeof Invoice>>,
): Watermark.SideTableSweep<Rec<typeof Invoice>> => {
  const changed = sweep(payments, invoices)
  return {
    _tag: "SideTable",
    name: "applications",
    changed: (question) => Effect.catch(changed(question), withoutRights),
  }
}

/** Addresses and contact data of a customer live in other tables; an edit of a contact hints at them. */
export const contacts = (source: Source<Rec<typeof Contact>>, accounts: Source<Rec<typeof Account>>) =>
  pointedTo<typeof Contact, typeof Account>({
    name: "contacts",
    from: source,
    idsOf: (contact) => (contact.account?.id === undefined ? [] : [contact.account.id]),
    to: accounts,
  })
