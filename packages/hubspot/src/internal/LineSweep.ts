/**
 * Documents whose line items changed: a line item has a stamp of its own, and its document need not be stamped anew. The
 * line items are searched by their stamp, and the documents that they belong to are read as they are now.
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Associations from "../Associations.ts"
import * as Limits from "../Limits.ts"
import * as Fields from "./Fields.ts"
import * as Lines from "./Lines.ts"
import type * as Mapping from "./Mapping.ts"
import * as Records from "./Records.ts"
import type * as Session from "./Session.ts"

const STAMP = "hs_lastmodifieddate"

/** A place among the line items: from a stamp on, or after an id among those of one stamp. */
type Place =
  | { readonly _tag: "From"; readonly stamp: number }
  | { readonly _tag: "After"; readonly stamp: number; readonly id: string }

const placeOf = (text: string): Place => {
  const [stamp = "", id] = text.split("|")
  return id === undefined ? { _tag: "From", stamp: Number(stamp) } : { _tag: "After", stamp: Number(stamp), id }
}

const textOf = (place: Place): string => (place._tag === "From" ? `${place.stamp}` : `${place.stamp}|${place.id}`)

const ask = (session: Session.Session, place: Place) => {
  const value = String(place.stamp)
  const filters: ReadonlyArray<Records.Filter> =
    place._tag === "From"
      ? [{ propertyName: STAMP, operator: "GTE", value }]
      : [
          { propertyName: STAMP, operator: "EQ", value },
          { propertyName: "hs_object_id", operator: "GT", value: place.id },
        ]
  return Records.searchPage(session.client, Lines.TYPE, {
    groups: [filters],
    properties: [STAMP],
    sort: place._tag === "From" ? STAMP : "hs_object_id",
    limit: Limits.SEARCH_PAGE,
  })
}

const stampOf = (raw: Records.Raw): number => Date.parse(Fields.normal("dateTime", raw.properties[STAMP]))

/** Where to go on after a page; a page of one stamp is followed by the rest of that stamp, by id. */
const nextPlace = (place: Place, rows: ReadonlyArray<Records.Raw>, more: boolean): Place | undefined => {
  if (place._tag === "After") {
    const last = rows.at(-1)
    return more && last !== undefined ? { ...place, id: last.id } : { _tag: "From", stamp: place.stamp + 1 }
  }
  const last = rows.at(-1)
  if (!more || last === undefined) return undefined
  const stamp = stampOf(last)
  return stamp > place.stamp ? { _tag: "From", stamp } : { _tag: "After", stamp, id: "0" }
}

/** `read` gives the rows of documents as they are now. */
export const make = <A>(
  session: Session.Session,
  mapping: Mapping.Any,
  read: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Watermark.Row<A>>, ConnectorError>,
): Watermark.SideTableSweep<A> => ({
  _tag: "SideTable",
  name: "lines",
  changed: Effect.fnUntraced(function* ({ from, next }) {
    const place: Place = next === undefined ? { _tag: "From", stamp: Date.parse(from) } : placeOf(next)
    const { data, exchange } = yield* ask(session, place)
    const rows = data.results.flatMap((result) => Records.raw(result) ?? [])
    const edges = yield* Associations.read(
      session.client,
      { from: Lines.TYPE, to: mapping.type },
      rows.map(({ id }) => id),
    )
    const documents = new Set([...edges.values()].flatMap((list) => list.map(({ id }) => id)))
    const further = nextPlace(place, rows, data.paging?.next !== undefined)
    return {
      rows: documents.size === 0 ? [] : yield* read([...documents]),
      ...(further === undefined ? {} : { next: textOf(further) }),
      ...(exchange.serverTime === undefined ? {} : { serverTime: exchange.serverTime }),
    }
  }),
})
