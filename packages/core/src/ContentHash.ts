/** A hash of what a record says, the same wherever and whenever it is computed. */
import { createHash } from "node:crypto"
import * as Schema from "effect/Schema"
import type * as Entity from "./Entity.ts"

const METADATA = new Set(["modified", "revision", "observedAt"])

const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== "object") return value
  const sorted: { [key: string]: unknown } = {}
  for (const key of Object.keys(value).sort()) {
    const member = (value as { readonly [key: string]: unknown })[key]
    if (member !== undefined) sorted[key] = canonical(member)
  }
  return sorted
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32)

/** Of any plain JSON value, whatever the order of its members. */
export const ofJson = (value: unknown): string => digest(JSON.stringify(canonical(value)))

/** Of a record: its fields in encoded form, without `modified`, `revision` and `observedAt`. */
export const ofRecord = <E extends Entity.Any>(entity: E, record: Entity.Record<E>): string => {
  const encoded = Schema.encodeUnknownSync(entity.schema)(record) as { readonly [key: string]: unknown }
  const content: { [key: string]: unknown } = {}
  for (const [key, value] of Object.entries(encoded)) if (!METADATA.has(key)) content[key] = value
  return ofJson(content)
}
