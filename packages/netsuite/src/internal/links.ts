/** How documents hang together: an order and what it was billed by, an invoice and what it was paid by. */

import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import * as Limits from "../Limits.ts"
import * as Query from "../Query.ts"
import * as Tables from "../Tables.ts"
import * as Asking from "./asking.ts"
import type { Ask, Part } from "./Mapping.ts"
import type { Reader } from "./Reader.ts"

const { next: NEXT, previous: PREVIOUS, table } = Tables.SIDE.link

/** One document may lead to another by several of its lines. */
const KEYS = [NEXT, PREVIOUS, "nextline", "previousline"]
const COLUMNS = [...KEYS, "foreignamount"].map((name) => Query.plain(name))

/** The links of a kind that lead to these documents from those before them. */
export const leadingTo = (ask: Ask, kind: string, ids: ReadonlyArray<string>) =>
  Effect.map(
    Effect.forEach(Asking.chunks(ids.filter(Filter.isId), Limits.DOCUMENTS_PER_QUESTION), (some) =>
      ask({
        columns: COLUMNS,
        from: table,
        where: Filter.all(Filter.ids(NEXT, some), Filter.equals("linktype", kind)) as Filter.Filter,
        orderBy: KEYS,
      }),
    ),
    (found) => found.flat(),
  )

export const part = (kind: string): Part => ({
  load: (ask, records) =>
    Effect.map(leadingTo(ask, kind, [...records.keys()]), (found) => {
      const byId = new Map<string, Array<Reader>>()
      for (const reader of found) {
        const id = reader.text(NEXT) ?? ""
        byId.set(id, [...(byId.get(id) ?? []), reader])
      }
      return byId
    }),
})

/** The document before. */
export const before = (reader: Reader): string | undefined => reader.text(PREVIOUS) ?? undefined
