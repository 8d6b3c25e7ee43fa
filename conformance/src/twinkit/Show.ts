/** A record as the vendor shows it: with its key, its stamp and its version. */
import * as Json from "@mortise/core/Json"
import type { Collection, Modified } from "./Declaration.ts"
import * as Values from "./Values.ts"
import type { Kept } from "./World.ts"

const number = (text: string): unknown => Json.number(text) ?? text

const stamp = ({ format = "iso" }: Modified, millis: number): unknown => {
  if (format === "iso") return new Date(millis).toISOString()
  return number(String(format === "epochSeconds" ? Math.floor(millis / 1000) : millis))
}

export const record = (collection: Collection, { id, modified, revision, row }: Kept): unknown => ({
  [collection.key.field]: collection.key.assigned === "number" ? number(id) : id,
  ...Values.shownAll(row, collection.fields),
  ...(collection.modified === undefined ? {} : { [collection.modified.field]: stamp(collection.modified, modified) }),
  ...(collection.revision?.field === undefined ? {} : { [collection.revision.field]: number(String(revision)) }),
})

export const etag = ({ revision }: Kept): string => `"${revision}"`

export const headers = (collection: Collection, kept: Kept): Readonly<Record<string, string>> =>
  collection.revision?.etag === true ? { etag: etag(kept) } : {}
