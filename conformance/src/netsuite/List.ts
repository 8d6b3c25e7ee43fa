/** The collection of a record type: ids and links of what `q` finds, in no order that could be asked for. */
import type { TwinReply } from "../twin/Twin.ts"
import { type Call, page, permit, resource } from "./Call.ts"
import * as Filter from "./Filter.ts"
import type { Doc } from "./Record.ts"
import { RECORDS } from "./Spec.ts"

const PAGE = 1000

/** FNV-1a over the id: an order that is nobody's, and stays. */
const rank = (id: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0
  return hash
}

export const handle = (call: Call, type: string): TwinReply => {
  permit(call, type, "view")
  const q = call.request.url.searchParams.get("q")
  const keeps: (doc: Doc) => boolean = q === null ? () => true : Filter.compile(call.world, type, q)
  const found = call.world
    .all(type)
    .filter(keeps)
    .toSorted((a, b) => rank(a.id) - rank(b.id))
  const { envelope, items } = page(call, found, PAGE)
  const shown = items.map((doc) => ({
    links: [{ rel: "self", href: `${call.origin}${RECORDS}/${type}/${doc.id}` }],
    id: doc.id,
  }))
  return resource("collection", { ...envelope, items: shown })
}
