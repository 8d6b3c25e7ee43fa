/** What changes without moving the stamp of its document, and how it is found. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Invoice } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as SiteTime from "../SiteTime.ts"
import * as addresses from "./addresses.ts"
import type { Context } from "./Context.ts"
import { type Doc, textOf } from "./Doc.ts"
import * as listing from "./listing.ts"
import type { Mapping } from "./Mapping.ts"
import type { Source } from "./Source.ts"

type Rec<E extends Entity.Any> = Entity.Record<E>

const namesIn = (docs: ReadonlyArray<Doc>, field: string): ReadonlyArray<string> => [
  ...new Set(docs.flatMap((doc) => textOf(doc, field) ?? [])),
]

/** Whoever may not see the other doctype reads without its sweep. */
const withoutRights = (error: ConnectorError) =>
  error.reason._tag === "Forbidden" ? Effect.succeed({ rows: [] }) : Effect.fail(error)

const nextOf = ({ next }: listing.OrderedPage) => (next === undefined ? {} : { next })

/** Of another company, as far as what is left of the document tells. */
const isForeign = (mapping: Pick<Mapping<never>, "where">, deleted: Doc): boolean => {
  if (mapping.where.length === 0) return false
  try {
    const data = JSON.parse(textOf(deleted, "data") ?? "{}") as Doc
    return mapping.where.some((condition) => condition.length === 3 && data[condition[0]] !== condition[2])
  } catch {
    return false
  }
}

/** What was deleted stands in a doctype of its own. A name that was given again since is a record that is there. */
export const deletions = <E extends Entity.Any>(
  { documents }: Context,
  mapping: Mapping<E>,
  source: Source<E>,
): Watermark.SideTableSweep<Rec<E>> => ({
  _tag: "SideTable",
  name: "deletions",
  changed: ({ from, limit, next }) =>
    Effect.gen(function* () {
      const page = yield* listing.ordered(documents, "Deleted Document", {
        by: "creation",
        fields: ["deleted_name", ...(mapping.where.length === 0 ? [] : ["data"])],
        where: [
          ["deleted_doctype", "=", mapping.doctype],
          ["creation", ">=", SiteTime.textOf(from)],
        ],
        limit,
        ...(next === undefined ? {} : { next }),
      })
      const own = page.rows.filter((row) => !isForeign(mapping as unknown as Mapping<never>, row))
      const names = namesIn(own, "deleted_name")
      const there = yield* source.byIds(names)
      const present = new Set(there.map(({ id }) => id))
      const gone = names.filter((name) => !present.has(name)).map((name) => Watermark.deleted(name))
      return { rows: [...there, ...gone], ...nextOf(page) }
    }).pipe(Effect.catch(withoutRights)),
})

/** Addresses are documents that link to their customers; a customer's own stamp stays. */
export const addressesOf = <E extends Entity.Any>(
  context: Context,
  source: Source<E>,
): Watermark.SideTableSweep<Rec<E>> => ({
  _tag: "SideTable",
  name: "addresses",
  changed: ({ from, limit, next }) =>
    Effect.gen(function* () {
      const page = yield* listing.ordered(context.documents, "Address", {
        by: "modified",
        fields: [],
        where: [["modified", ">=", SiteTime.textOf(from)]],
        limit,
        ...(next === undefined ? {} : { next }),
      })
      const links = yield* addresses.linksOf(context, ["parent", "in", namesIn(page.rows, "name")])
      return { rows: yield* source.byIds(namesIn(links, "link_name")), ...nextOf(page) }
    }).pipe(Effect.catch(withoutRights)),
})

/** Prices are documents that name their item. */
export const prices = <E extends Entity.Any>(
  { documents }: Context,
  source: Source<E>,
): Watermark.SideTableSweep<Rec<E>> => ({
  _tag: "SideTable",
  name: "prices",
  changed: ({ from, limit, next }) =>
    Effect.gen(function* () {
      const page = yield* listing.ordered(documents, "Item Price", {
        by: "modified",
        fields: ["item_code"],
        where: [["modified", ">=", SiteTime.textOf(from)]],
        limit,
        ...(next === undefined ? {} : { next }),
      })
      return { rows: yield* source.byIds(namesIn(page.rows, "item_code")), ...nextOf(page) }
    }).pipe(Effect.catch(withoutRights)),
})

type Bill = Rec<typeof Invoice>

/** Where the sweep of what is due stands: among invoices, then among the terms of invoices that are paid in parts. */
interface Stage {
  readonly terms: boolean
  readonly next?: string
}

const START: Stage = { terms: false }

/**
 * An invoice becomes overdue at midnight; the site notes it by a job that moves no stamp and tells nobody. Found by due
 * dates: of the invoice, and of each of its terms. The days are those of the site, whose wall clock all of this goes by.
 */
export const overdue = (
  { documents, settings }: Context,
  source: Source<typeof Invoice>,
): Watermark.CalendarSweep<Bill> => ({
  _tag: "Calendar",
  name: "overdue",
  zone: "UTC",
  due: ({ after, limit, next, through }) =>
    Effect.gen(function* () {
      const stage = next === undefined ? START : (JSON.parse(next) as Stage)
      const page = yield* listing.ordered(documents, stage.terms ? "Payment Schedule" : "Sales Invoice", {
        by: "due_date",
        fields: stage.terms ? ["parent"] : [],
        where: [
          ["due_date", ">=", after],
          ["due_date", "<", through],
          ["docstatus", "=", 1],
          ...(stage.terms
            ? ([["parenttype", "=", "Sales Invoice"]] as const)
            : ([
                ["company", "=", settings.company],
                ["outstanding_amount", ">", 0],
              ] as const)),
        ],
        limit,
        ...(stage.terms ? { parent: "Sales Invoice" } : {}),
        ...(stage.next === undefined ? {} : { next: stage.next }),
      })
      const names = namesIn(page.rows, stage.terms ? "parent" : "name")
      const left: Stage | undefined =
        page.next !== undefined ? { terms: stage.terms, next: page.next } : stage.terms ? undefined : { terms: true }
      return {
        rows: yield* source.byIds(names),
        ...(left === undefined ? {} : { next: JSON.stringify(left) }),
      }
    }),
})
